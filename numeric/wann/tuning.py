"""What a found network can do once its weights are chosen: drawn, shared, tuned or trained, and as an ensemble.

Gaier and Ha 2019 (arXiv 1906.04358, sections 4 and 4.3). Here every edge may have a weight of its own; edges stand in
the order of the nodes and of their sources. Training starts from the best shared weight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numeric.wann.activations import DERIVATIVES, IN_PLACE
from numeric.wann.circuit import Networks, circuit
from numeric.wann.tasks import Data, Task
from numeric.wann.topology import Topology

Array = NDArray[Any]

REACH = 2.0
"""Weights are drawn from and tuned within [-2, 2], as in the paper."""
GRID = np.setdiff1d(np.arange(-40, 41) / 20, [0.0])
TOGETHER = 20
"""Weight vectors run at once."""


class EdgeNetworks:
    """One network at D weight vectors: weights (D, edges); answers inputs (n, N) or (1, n, D, N) by (1, O, D, N).

    As with Networks, an output that follows from an overflow is 0.
    """

    def __init__(self, topology: Topology, weights: Array, dtype: Any = np.float32) -> None:
        self.topology = topology
        self.weights = np.asarray(weights, dtype)
        if self.weights.ndim != 2 or self.weights.shape[1] != topology.connections:
            raise ValueError(
                f"expected weights (D, {topology.connections}), one for each edge, got {self.weights.shape}"
            )

    @property
    def shape(self) -> tuple[int, int]:
        """One network, D weight vectors."""
        return 1, len(self.weights)

    def __call__(self, x: Array, /) -> Array:
        with np.errstate(all="ignore"):
            values = self.values(x)[1]
        outputs = np.stack([values[output - self.topology.inputs - 1] for output in self.topology.outputs])[None]
        return np.where(np.isfinite(outputs), outputs, 0)

    def values(self, x: Array) -> tuple[list[Array], list[Array]]:
        """Before and after its activation, the values (D, N) of each node."""
        first = self.topology.inputs + 1
        seen = x[0] if x.ndim == 4 else x
        inputs = np.concatenate([np.ones_like(seen[:1]), seen]).astype(self.weights.dtype, copy=False)
        before: list[Array] = []
        after: list[Array] = []
        edge = 0
        for activation, sources in self.topology.nodes:
            weights = self.weights[:, edge : edge + len(sources)]
            edge += len(sources)
            outer = [k for k, source in enumerate(sources) if source < first]
            chosen = inputs[[sources[k] for k in outer]]
            sums = weights[:, outer] @ chosen if x.ndim == 2 else np.einsum("dk,kdn->dn", weights[:, outer], chosen)
            for k, source in enumerate(sources):
                if source >= first:
                    sums += weights[:, k, None] * after[source - first]
            before.append(sums)
            value = sums.copy()
            IN_PLACE[activation](value)
            after.append(value)
        return before, after


def gradient(topology: Topology, weights: Array, x: Array, dout: Array) -> Array:
    """The gradient (edges,) of a loss by the weights (edges,), for its gradient dout (O, N) by the outputs at x (n, N).

    Reverse mode over the nodes; step has the derivative 0, abs and relu that of their left piece or 0 at their kink.
    """
    networks = EdgeNetworks(topology, weights[None], weights.dtype)
    before, after = networks.values(x)
    first = topology.inputs + 1
    back: list[Array] = [np.zeros_like(value[0]) for value in after]
    for output, slope in zip(topology.outputs, dout, strict=True):
        back[output - first] = back[output - first] + slope
    found = np.zeros_like(weights)
    edge = topology.connections
    for number in range(len(topology.nodes) - 1, -1, -1):
        activation, sources = topology.nodes[number]
        slope = back[number] * DERIVATIVES[activation](before[number][0])
        edge -= len(sources)
        total = float(slope.sum())
        inner = [k for k, source in enumerate(sources) if 0 < source < first]
        found[edge + np.array(inner, np.intp)] = x[[sources[k] - 1 for k in inner]] @ slope
        for k, source in enumerate(sources):
            if source >= first:
                found[edge + k] = after[source - first][0] @ slope
                back[source - first] = back[source - first] + weights[edge + k] * slope
            elif source == 0:
                found[edge + k] = total
    return found


@dataclass(frozen=True, eq=False)
class Trained:
    """The weights (edges,) that scored best on the training data, and that score."""

    weights: Array
    score: float


def score(task: Task, topology: Topology, weights: Array, data: Data) -> Array:
    """The score (D,) at weight vectors (D, edges)."""
    parts = [weights[k : k + TOGETHER] for k in range(0, len(weights), TOGETHER)]
    return np.concatenate([task.score(EdgeNetworks(topology, part), data)[0] for part in parts])


def shared(topology: Topology, weights: Sequence[float] | Array) -> Array:
    """Each shared weight as a weight vector: (W,) -> (W, edges)."""
    return np.repeat(np.asarray(weights, np.float64)[:, None], topology.connections, axis=1)


def at_shared(task: Task, topology: Topology, weights: Sequence[float] | Array, data: Data) -> Array:
    """The score (W,) at shared weights; outputs are 0 where a value overflows."""
    made = circuit([topology], task.own)
    found = []
    for k in range(0, len(weights), TOGETHER):
        networks = Networks(made, np.asarray(weights[k : k + TOGETHER]))
        with np.errstate(all="ignore"):
            found.append(task.score(networks, data)[0])
    return np.concatenate(found)


def tuned(task: Task, topology: Topology) -> float:
    """The shared weight of GRID with the best score on the training data, the one nearest to 0 among equals."""
    found = at_shared(task, topology, GRID, task.train)
    return float(GRID[min(np.flatnonzero(found == found.max()), key=lambda k: (abs(GRID[k]), -GRID[k]))])


def vote(task: Task, topology: Topology, weights: Sequence[float]) -> float | None:
    """The accuracy on the test data of the class that most of the shared weights vote for, the first at a tie.

    With one output the votes are for 1 and 0. None for a task without classes.
    """
    if task.slope is None:
        return None
    x, labels = task.test
    outputs = Networks(circuit([topology]), np.asarray(weights))(x)[0]
    answers = outputs.argmax(axis=0) if task.outputs > 1 else (outputs[0] > 0).astype(np.int64)
    votes = (answers[None] == np.arange(max(task.outputs, 2))[:, None, None]).sum(axis=1)
    return float((votes.argmax(axis=0) == labels).mean())


def train(task: Task, topology: Topology, begin: float, *, steps: int, rate: float = 0.01, seed: int = 0) -> Trained:
    """All weights trained from the shared weight `begin`: by Adam where the task has a slope, else by evolution.

    Kingma and Ba 2015 (arXiv 1412.6980, algorithm 1) on minibatches of 256; Salimans et al. 2017 (arXiv 1703.03864,
    algorithm 2) with mirrored, ranked directions.
    """
    draw = np.random.default_rng(seed)
    weights = shared(topology, [begin])[0]
    best = Trained(weights.copy(), float(score(task, topology, weights[None], task.train)[0]))
    moments = np.zeros((2, len(weights)))
    for k in range(1, steps + 1):
        slope = _by_slope(task, topology, weights, draw) if task.slope else _by_evolution(task, topology, weights, draw)
        moments = np.array([0.9, 0.999])[:, None] * moments + np.array([0.1 * slope, 0.001 * slope**2])
        scaled = moments / (1 - np.array([0.9, 0.999])[:, None] ** k)
        weights = weights - rate * scaled[0] / (np.sqrt(scaled[1]) + 1e-8)
        if k % max(steps // 40, 1) == 0:
            found = float(score(task, topology, weights[None], task.train)[0])
            if found > best.score:
                best = Trained(weights.copy(), found)
    return best


def _by_slope(task: Task, topology: Topology, weights: Array, draw: np.random.Generator) -> Array:
    """The gradient of the loss on a minibatch, 0 where it is not finite."""
    assert task.slope is not None
    x, labels = task.train
    if len(labels) > 256:
        rows = draw.permutation(len(labels))[:256]
        x, labels = x[:, rows], labels[rows]
    outputs = EdgeNetworks(topology, weights[None], np.float64)(x)[0, :, 0]
    with np.errstate(all="ignore"):
        return np.nan_to_num(
            gradient(topology, weights, x.astype(np.float64), task.slope(outputs, labels)), posinf=0, neginf=0
        )


def _by_evolution(task: Task, topology: Topology, weights: Array, draw: np.random.Generator) -> Array:
    """Minus the estimated slope of the reward: 16 directions and their mirror images, by rank (equal ones tie)."""
    directions = draw.standard_normal((16, len(weights)))
    moved = weights + 0.1 * np.concatenate([directions, -directions])
    found = task.reward(EdgeNetworks(topology, moved), task.draw(draw))[0]
    rank = np.sign(found[:, None] - found[None, :]).mean(axis=1) / 2
    return -(rank[:16] - rank[16:]) @ directions / 16
