"""Truth tables and data sets: a separating hyperplane or a refutation, both certified.

A row x with label 1 wants w.x + b >= 0, a row with label 0 wants w.x + b < 0. What is found, by whatever means, counts
only after `proofs.conclude` had its certificate re-checked.

- `TruthTable.parse("0110")` has `.points` and `.labels`; `data_set(points, labels)` reads any rows exactly.
- `settle_separable(points, labels, *, name, separable=True)`: is there a separating hyperplane (or: is there none)?
- `settle_separator(points, labels, weights, bias, *, name)`: is it this one?
- `separate`, `separator`, `farkas_multipliers`, `smallest_integer_weights`: what is found, not yet checked.
- `explain_farkas(points, labels, multipliers)`: the refutation, to be followed by hand.
- `census(inputs)`: all functions of 1, 2 or 3 inputs as one certificate.

Numbers are int, Fraction, Decimal, a text such as ``"0.4"`` or ``"-3/7"`` (exact), or float (exactly the double).
All raise `SeparationError`, a ValueError, on bad input.
"""

from proofs.separation.census import census
from proofs.separation.certificates import farkas_certificate, separator_certificate
from proofs.separation.data import DataSet, Number, SeparationError, TruthTable, data_set, exact, show, show_vector
from proofs.separation.explain import affine_text, explain_farkas, farkas_sentence, score_text
from proofs.separation.integers import Smallest, smallest_integer_weights
from proofs.separation.settle import settle_separable, settle_separator
from proofs.separation.solver import EffortExceeded, Refutation, Separator, farkas_multipliers, separate, separator

__all__ = [
    "DataSet",
    "EffortExceeded",
    "Number",
    "Refutation",
    "SeparationError",
    "Separator",
    "Smallest",
    "TruthTable",
    "affine_text",
    "census",
    "data_set",
    "exact",
    "explain_farkas",
    "farkas_certificate",
    "farkas_multipliers",
    "farkas_sentence",
    "score_text",
    "separate",
    "separator",
    "separator_certificate",
    "settle_separable",
    "settle_separator",
    "show",
    "show_vector",
    "smallest_integer_weights",
]
