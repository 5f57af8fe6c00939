"""Networks whose connections share one weight w: for exactly which w they compute the labels, certified.

- `Topology.of(inputs, nodes, outputs)` and `read_topology(source)`: the network, from data, JSON text or a Path.
- `settle_shared_weight(topology, points, labels, *, interval)`: are the labels computed for every w of an interval?
- `shared_weight_set(topology, points, labels)`: for which w are they, as intervals and points with algebraic ends.
- `certified_accuracy(topology, points, labels, interval)`: a lower bound of the accuracy for every w of it.
- `draw_set(found)`, `draw_accuracy(found)` in `proofs.networks.shared.plotting`: the line of weights.

`proofs` offers `Topology`, `read_topology`, `settle_shared_weight` and `shared_weight_set` too.
All raise `TopologyError` or another `proofs.separation.SeparationError`, ValueErrors, on bad input.
"""

from proofs.networks.shared.accuracy import Accuracy, certified_accuracy
from proofs.networks.shared.pieces import Bound, Piece
from proofs.networks.shared.settling import SharedWeightSet, settle_shared_weight, shared_weight_set
from proofs.networks.shared.topology import Topology, TopologyError, read_topology

__all__ = [
    "Accuracy",
    "Bound",
    "Piece",
    "SharedWeightSet",
    "Topology",
    "TopologyError",
    "certified_accuracy",
    "read_topology",
    "settle_shared_weight",
    "shared_weight_set",
]
