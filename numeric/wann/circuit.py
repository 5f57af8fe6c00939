"""Many networks as one circuit, run at all shared weights and on all samples in one vectorised pass.

Nodes with the same activation and the same sources are computed once, whichever networks they belong to, so a
child costs little more than what its mutation changed. Arrays put values before samples: (values, weights, samples).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from numeric.wann.activations import IN_PLACE
from numeric.wann.topology import Topology

Array = NDArray[Any]
Places = NDArray[np.intp]


class Ask(Protocol):
    """What a task is given: G networks at W weights, which answer inputs (n, N) or (G, n, W, N) by outputs."""

    @property
    def shape(self) -> tuple[int, int]:
        """G and W."""

    def __call__(self, x: Array, /) -> Array:
        """The outputs (G, O, W, N)."""


class Sums(NamedTuple):
    """Sums of values for some nodes of a level: the nodes' rows in it, and where their first sources stand, their
    second ones, and so on; the nodes with the most sources come first, so each list is a beginning of the one before.

    The order of a sum depends on its node alone, so its last bit does not depend on what else is computed.
    """

    rows: Places
    sources: tuple[Places, ...]

    def of(self, values: Array) -> Array:
        """The sums, in the order of `rows`."""
        total: Array = values.take(self.sources[0], axis=0)
        for places in self.sources[1:]:
            total[: len(places)] += values.take(places, axis=0)
        return total


class Level(NamedTuple):
    """Nodes start..stop of the circuit, none of which feeds another, those of an activation side by side.

    `outer` adds up shared inputs, which are the same at all weights, `inner` other values.
    """

    start: int
    stop: int
    kinds: tuple[tuple[str, int, int], ...]
    outer: Sums | None
    inner: Sums | None


@dataclass(frozen=True, eq=False)
class Circuit:
    """The networks' nodes by level, their outputs (G, O), and all nodes of each network; places in the value array.

    With `own` inputs the value array begins with the constant 1 and the inputs of every network in turn.
    """

    inputs: int
    own: bool
    size: int
    levels: tuple[Level, ...]
    outputs: Places
    members: tuple[Places, ...]


def circuit(topologies: Sequence[Topology], own: bool = False) -> Circuit:
    """One circuit of networks with the same numbers of inputs and outputs, which share their inputs or have own ones.

    Raises ValueError without networks or where the numbers differ.
    """
    if not topologies:
        raise ValueError("no networks to run; give at least one")
    inputs, outputs = topologies[0].inputs, len(topologies[0].outputs)
    if any((t.inputs, len(t.outputs)) != (inputs, outputs) for t in topologies):
        raise ValueError("the networks differ in their numbers of inputs or outputs; run them apart")
    first = 1 + inputs * (len(topologies) if own else 1)
    number: dict[tuple[str, tuple[int, ...]], int] = {}
    values: list[list[int]] = []
    level = [0] * first
    for place, topology in enumerate(topologies):
        shift = place * inputs if own else 0
        value = [0, *range(1 + shift, 1 + shift + inputs)]
        for activation, sources in topology.nodes:
            key = activation, tuple([value[source] for source in sources])
            found = number.get(key, -1)
            if found < 0:
                found = number[key] = len(level)
                level.append(1 + max([level[source] for source in key[1]], default=0))
            value.append(found)
        values.append(value)
    keys = list(number)
    kept = first if own else 0
    order = sorted(range(len(keys)), key=lambda k: (level[first + k], keys[k][0], k))
    place_of = np.full(first + len(keys), -1, np.intp)
    place_of[:kept] = np.arange(kept)
    place_of[np.add(order, first, dtype=np.intp)] = np.arange(kept, kept + len(order))
    levels = []
    begin = 0
    while begin < len(order):
        end = begin + 1
        while end < len(order) and level[first + order[end]] == level[first + order[begin]]:
            end += 1
        levels.append(_level([keys[k] for k in order[begin:end]], kept + begin, 0 if own else first, place_of))
        begin = end
    return Circuit(
        inputs,
        own,
        kept + len(keys),
        tuple(levels),
        place_of[[[value[o] for o in t.outputs] for t, value in zip(topologies, values, strict=True)]],
        tuple(place_of[value[1 + inputs :]] for value in values),
    )


def _level(nodes: list[tuple[str, tuple[int, ...]]], start: int, shared: int, place_of: Places) -> Level:
    """The nodes of one level; sources below `shared` are the bias and the shared inputs."""
    kinds: list[tuple[str, int, int]] = []
    outer: list[tuple[int, list[int]]] = []
    inner: list[tuple[int, list[int]]] = []
    for row, (activation, sources) in enumerate(nodes):
        if kinds and kinds[-1][0] == activation:
            kinds[-1] = activation, kinds[-1][1], row + 1
        else:
            kinds.append((activation, row, row + 1))
        outer.append((row, [source for source in sources if source < shared]))
        inner.append((row, [source for source in sources if source >= shared]))
    return Level(start, start + len(nodes), tuple(kinds), _sums(outer, np.arange(shared)), _sums(inner, place_of))


def _sums(terms: list[tuple[int, list[int]]], place_of: Places) -> Sums | None:
    """The sums with at least one term, of (row, sources)."""
    found = sorted((entry for entry in terms if entry[1]), key=lambda entry: -len(entry[1]))
    if not found:
        return None
    turns = [[sources[turn] for _, sources in found if len(sources) > turn] for turn in range(len(found[0][1]))]
    return Sums(np.array([row for row, _ in found], np.intp), tuple(place_of[turn] for turn in turns))


class Networks:
    """Networks of one circuit at shared weights (W,): called with inputs, it gives the outputs (G, O, W, N).

    Inputs are (n, N), the same for all networks and weights, or with own inputs (G, n, W, N). A value beyond the
    largest number of the dtype (or what follows from it) is an overflow: `overflowed` (G, W) keeps where one occurred
    in a network since its making, and the outputs there are 0.
    """

    def __init__(self, made: Circuit, weights: Array, dtype: Any = np.float32) -> None:
        self.circuit = made
        self.weights = np.asarray(weights, dtype)
        self.overflowed = np.zeros((len(made.outputs), len(self.weights)), dtype=bool)
        self._values = np.empty((0, 0, 0), dtype)

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of networks and weights."""
        return len(self.circuit.outputs), len(self.weights)

    def __call__(self, x: Array, /) -> Array:
        made, dtype = self.circuit, self.weights.dtype
        rows = x.shape[-1]
        if self._values.shape[2:] != (rows,):
            self._values = np.empty((made.size, len(self.weights), rows), dtype)
        values = self._values
        shared = None
        if made.own:
            values[0] = 1
            values[1 : 1 + x.shape[0] * x.shape[1]] = x.reshape(-1, *x.shape[2:])
        else:
            shared = np.concatenate([np.ones((1, rows), dtype), x.astype(dtype, copy=False)])
        flagged: list[str] = []
        with np.errstate(over="call", invalid="call", under="ignore", call=lambda kind, _: flagged.append(kind)):
            for level in made.levels:
                self._run(level, values, shared)
        outputs = values[made.outputs]
        if flagged:
            finite: Array = np.all(np.isfinite(values), axis=2)
            self.overflowed |= np.array([~finite[member].all(axis=0) for member in made.members])
        if self.overflowed.any():
            outputs = np.where(self.overflowed[:, None, :, None], 0, outputs)
        return outputs

    def _run(self, level: Level, values: Array, shared: Array | None) -> None:
        block = values[level.start : level.stop]
        if level.outer is not None and shared is not None:
            sums = np.zeros((len(block), shared.shape[1]), values.dtype)
            sums[level.outer.rows] = level.outer.of(shared)
            block[...] = sums[:, None]
        else:
            block[...] = 0
        if level.inner is not None:
            block[level.inner.rows] += level.inner.of(values)
        block *= self.weights[:, None]
        for activation, start, stop in level.kinds:
            IN_PLACE[activation](block[start:stop])
