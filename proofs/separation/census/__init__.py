"""The census of threshold functions: every class with verified weights, every other with a verified refutation.

- `census(inputs)`: all functions of 1 to 3 inputs listed one by one, as one certificate.
- `count_all(inputs)`: the number of threshold functions of 0 to 9 inputs by classes, on any executor; `unit_paths` and
  `count_unit` are its units of work, `local_processes` and `dask_cluster` make executors.
- `settle_census(inputs, tally, certificates)`: the count as a verdict.

`regular` says what is counted and why nothing is missed; `walk` and `verifying` are what a count rests on, `simplex`
is not.
"""

from proofs.separation.census.listing import census
from proofs.separation.census.settle import settle_census
from proofs.separation.census.units import count_all, count_unit, dask_cluster, local_processes, unit_paths
from proofs.separation.census.verifying import Tally, Unverified

__all__ = [
    "Tally",
    "Unverified",
    "census",
    "count_all",
    "count_unit",
    "dask_cluster",
    "local_processes",
    "settle_census",
    "unit_paths",
]
