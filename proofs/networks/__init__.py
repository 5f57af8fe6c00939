"""Networks of threshold units in exact arithmetic: perceptron runs, and small networks with a hidden layer.

A unit is 1 where w.x + b >= 0, else 0. The perceptron update at a row x with label t and output a is
w <- w + sign * rate * (t - a) * x, b <- b + sign * rate * (t - a); a state is the weights followed by the bias.

- `settle_run(points, labels, *, outcome, name, order, rate, sign, start, visits, final)`: what a run does, with outcome
  ``"reaches"`` (the state after exactly `visits` visits is `final`), ``"converges"`` (to `final`, if given) or
  ``"cycles"``.
- `settle_reachable(points, labels, target, *, name, reachable=True, rate, sign, start)`: does any order of visits lead
  to the state `target`?
- `perceptron_bound(points, labels)`: the most updates any run from zero can have (Novikoff), or why none ever stops.
- `settle_update_rule(sign, *, name)`: does the update move the score of its example towards the target?
- `settle_hidden_units(points, labels, *, units, skip, name, possible=True)`: is one hidden layer of that many enough?
- `smallest_network(points, labels, *, skip)`: the fewest hidden units, and the verdicts that fewer cannot.
- `settle_network(points, labels, network, *, name)`: does this `ThresholdNetwork` compute the labels?
- `representation.count_representable(topology)`: the functions a topology has by own weights and by a shared one;
  `representation_claims.settle_representation(topology, *, name)`: does a shared weight represent as many?
- `run`, `reachable_states`, `find_network`, `hidden_units`: what is found, not yet checked.
- `proofs.networks.shared`: networks whose connections share one weight, and for which weights they work.

All raise `proofs.separation.SeparationError`, a ValueError, on bad input.
"""

from proofs.networks.novikoff import PerceptronBound, perceptron_bound
from proofs.networks.perceptron import Run, State, reachable_states, run
from proofs.networks.perceptron_claims import (
    converges_certificate,
    cycles_certificate,
    reaches_certificate,
    settle_reachable,
    settle_run,
    settle_update_rule,
    stays_certificate,
    update_statement,
)
from proofs.networks.threshold import ThresholdNetwork, find_network
from proofs.networks.threshold_claims import (
    SmallestNetwork,
    hidden_units,
    settle_hidden_units,
    settle_network,
    smallest_network,
)

__all__ = [
    "PerceptronBound",
    "Run",
    "SmallestNetwork",
    "State",
    "ThresholdNetwork",
    "converges_certificate",
    "cycles_certificate",
    "find_network",
    "hidden_units",
    "perceptron_bound",
    "reachable_states",
    "reaches_certificate",
    "run",
    "settle_hidden_units",
    "settle_network",
    "settle_reachable",
    "settle_run",
    "settle_update_rule",
    "smallest_network",
    "stays_certificate",
    "update_statement",
]
