"""Which Boolean functions a topology of threshold units can compute: with a weight on every edge, and with one for all.

A topology says which edges exist among the constant 1 (the bias), the inputs, the hidden units in their order, and the
output: layers, skip connections, and edges from a hidden unit to a later one. A unit is 1 where its weighted sum is
>= 0, else 0. Weights of their own are any real numbers, one an edge; a shared weight is one real number w on all.

As no value is negative, w >= 0 makes every unit 1, and at w < 0 a unit is 1 where all that it reads is 0, for each w:
one shared weight gives at most two functions. For own weights: what a unit can compute depends on the tables of the
values that it reads alone; for each set of tables that occurs, small integer weights give some tables, and a
combination of rows that adds up to 0 excludes the others (`checker/FORMAT.md`, section 10). Nothing here is a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import chain, combinations, permutations, product

import numpy as np
from numpy.typing import NDArray

from proofs.claim import Certificate, Json
from proofs.separation import SeparationError

Units = tuple[tuple[int, ...], ...]
Reads = frozenset[str]

MOST_INPUTS, MOST_HIDDEN = 2, 2
LARGEST_WEIGHT, LARGEST_MULTIPLIER = 3, 2


@dataclass(frozen=True, slots=True)
class Topology:
    """The values that each unit reads, the output's last: 0 is the constant 1, 1 to `inputs` are the inputs, and
    `inputs` + k is the k-th hidden unit.

    Raises SeparationError unless there are 1 or 2 inputs, at most 2 hidden units, and every unit reads values that
    stand before it, each once.
    """

    inputs: int
    units: Units

    def __post_init__(self) -> None:
        if type(self.inputs) is not int or self.inputs not in range(1, MOST_INPUTS + 1):
            raise SeparationError(f"inputs: expected 1 to {MOST_INPUTS}, got {self.inputs!r}")
        if not 1 <= len(self.units) <= MOST_HIDDEN + 1:
            units = f"an output and at most {MOST_HIDDEN} hidden units before it"
            raise SeparationError(f"units: expected {units}, got {len(self.units)} in all")
        for number, unit in enumerate(self.units, 1):
            before = range(self.inputs + number)
            if sorted({*unit} & {*before}) != [*unit]:
                raise SeparationError(
                    f"unit {number}: expected some of the numbers 0 to {before[-1]}, in ascending order, got {unit}"
                )

    @staticmethod
    def full(inputs: int, hidden: int, *, bias: bool = True, skip: bool = False, chained: bool = False) -> Topology:
        """One hidden layer that reads all inputs; `skip`: the output reads them too; `chained`: hidden units read the
        ones before them. Without hidden units, the output reads the inputs."""
        constant, values = (0,) * bias, range(1, inputs + 1)
        units = [range(inputs + 1, inputs + 1 + count) for count in range(hidden + 1)]
        layer = [(*constant, *values, *(units[k] if chained else ())) for k in range(hidden)]
        return Topology(inputs, (*layer, (*constant, *(values if skip or not hidden else ()), *units[-1])))

    @property
    def hidden(self) -> int:
        return len(self.units) - 1

    @property
    def edges(self) -> int:
        return sum(map(len, self.units))

    def renamed(self) -> Topology:
        """The one that stands for all that differ by the order of the inputs or of the hidden units."""
        first = self.inputs + 1
        found = []
        for inputs in permutations(range(1, first)):
            for hidden in permutations(range(first, first + self.hidden)):
                name = dict(zip(range(first + self.hidden), (0, *inputs, *hidden), strict=True))
                moved = {name[k]: tuple(sorted(map(name.__getitem__, u))) for k, u in enumerate(self.units[:-1], first)}
                units = (*(moved[k] for k in sorted(moved)), tuple(sorted(map(name.__getitem__, self.units[-1]))))
                if all(max(unit, default=0) < k for k, unit in enumerate(units, first)):
                    found.append(units)
        return Topology(self.inputs, min(found))

    @property
    def names(self) -> tuple[str, ...]:
        """What can be read: ``1``, ``x1``, ..., ``h1``, ..."""
        return ("1", *(f"x{k}" for k in range(1, self.inputs + 1)), *(f"h{k}" for k in range(1, self.hidden + 1)))

    def __str__(self) -> str:
        units = zip([*self.names[self.inputs + 1 :], "output"], self.units, strict=True)
        return "; ".join(f"{name} reads {', '.join(self.names[k] for k in unit) or 'nothing'}" for name, unit in units)


@dataclass(frozen=True, slots=True)
class Representable:
    """The tables that a topology's output can have by weights of their own, and by one shared weight, in order."""

    topology: Topology
    free: tuple[str, ...]
    shared: tuple[str, ...]

    @property
    def separating(self) -> tuple[str, ...]:
        """The tables that take weights of their own."""
        return tuple(table for table in self.free if table not in self.shared)


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit reading values with these tables can compute: small weights for each table, in the order of `tables`,
    and combinations of rows, equal to 0 in all of them, that exclude the rest."""

    tables: tuple[str, ...]
    weights: dict[str, tuple[int, ...]]
    multipliers: tuple[tuple[int, ...], ...]

    def to_dict(self) -> Json:
        weights = [list(numbers) for _, numbers in sorted(self.weights.items())]
        return {"tables": [*self.tables], "weights": weights, "multipliers": [*map(list, self.multipliers)]}


def count_representable(topology: Topology) -> Representable:
    """How many, and which, of the 2^(2^n) functions the topology has: by weights of their own, and by a shared one."""
    return Representable(topology, tuple(sorted(_leading(topology))), tuple(sorted(_shared(topology))))


def own_weights(topology: Topology, table: str) -> tuple[tuple[int, ...], ...]:
    """Integer weights, one for each value that each unit reads, by which the output has this table.

    Raises SeparationError when there are none.
    """
    leading = _leading(topology)
    if table not in leading:
        raise SeparationError(f"the topology {topology} does not have the function {table}")
    outputs, found = [*leading[table], table], []
    values = [*given(topology.inputs), *outputs]
    for unit, output in zip(topology.units, outputs, strict=True):
        read = [values[source] for source in unit]
        known = unit_reading(_reads(values, unit), len(values[0]))
        weights = dict(zip(known.tables, known.weights[output], strict=True))
        found.append(tuple(weights.pop(value, 0) for value in read))
    return tuple(found)


def computed_table(topology: Topology, weights: Sequence[Sequence[Fraction | int]]) -> str:
    """The table of the output by these weights, one for each value that each unit reads."""
    values = [[*map(int, table)] for table in given(topology.inputs)]
    for unit, own in zip(topology.units, weights, strict=True):
        read = [values[source] for source in unit]
        scores = [sum(w * value[row] for w, value in zip(own, read, strict=True)) for row in range(len(values[0]))]
        values.append([int(score >= 0) for score in scores])
    return "".join(map(str, values[-1]))


def representation_certificate(topologies: Sequence[Topology], *, hidden: int | None = None) -> Certificate:
    """The certificate of kind representation for topologies of the same number of inputs; with `hidden`, that they
    are all with at most so many hidden units. Raises SeparationError when `topologies` is empty or mixed."""
    if len({topology.inputs for topology in topologies}) != 1:
        raise SeparationError("topologies: expected at least one, and all of the same number of inputs")
    listed, used = [], dict[Reads, None]()
    for topology in topologies:
        found = count_representable(topology)
        listed.append({"units": [*map(list, topology.units)], "free": [*found.free], "shared": [*found.shared]})
        used |= dict.fromkeys(_used(topology))
    rows = 2 ** topologies[0].inputs
    units = [unit_reading(reads, rows).to_dict() for reads in sorted(used, key=sorted) if reads]
    fields = {"inputs": topologies[0].inputs, "topologies": listed, "reading": units}
    return Certificate(
        {"gradproof": 1, "kind": "representation", **fields, **({} if hidden is None else {"hidden": hidden})}
    )


def topologies(inputs: int = MOST_INPUTS, hidden: int = MOST_HIDDEN) -> Iterator[Topology]:
    """All with at most `hidden` hidden units in which every unit reads something and every hidden unit is read.

    Raises SeparationError for more than two inputs or hidden units.
    """
    if hidden not in range(MOST_HIDDEN + 1):
        raise SeparationError(f"hidden: expected 0 to {MOST_HIDDEN}, got {hidden!r}")
    for count in range(hidden + 1):
        ends = range(inputs + 1, inputs + 2 + count)
        choices = ([c for size in range(1, end + 1) for c in combinations(range(end), size)] for end in ends)
        for units in product(*choices):
            if {*ends[:-1]} <= {*chain(*units)}:
                yield Topology(inputs, units)


def given(inputs: int) -> list[str]:
    """The tables of the constant 1 and of the inputs, over the inputs in ascending order."""
    points = [*product("01", repeat=inputs)]
    return ["1" * len(points), *map("".join, zip(*points, strict=True))]


def _reads(values: Sequence[str], unit: Iterable[int]) -> Reads:
    return frozenset(values[source] for source in unit) - {"0" * len(values[0])}


@cache
def _leading(topology: Topology) -> dict[str, tuple[str, ...]]:
    """Each table that the output can have, with tables of the hidden units that lead to it."""
    values = given(topology.inputs)
    *hidden, output = topology.units
    states: list[tuple[str, ...]] = [()]
    for unit in hidden:
        states = [(*state, table) for state in states for table in _computed((*values, *state), unit).weights]
    found: dict[str, tuple[str, ...]] = {}
    for state in states:
        for table in _computed((*values, *state), output).weights:
            found.setdefault(table, state)
    return found


def _used(topology: Topology) -> Iterator[Reads]:
    """Every set of tables that a unit can come to read."""
    states: list[tuple[str, ...]] = [tuple(given(topology.inputs))]
    for unit in topology.units:
        read = {state: _reads(state, unit) for state in states}
        yield from read.values()
        states = [
            (*state, table) for state, reads in read.items() for table in unit_reading(reads, len(state[0])).weights
        ]


@cache
def _shared(topology: Topology) -> frozenset[str]:
    """The tables at w = 1, 0 and -1, which stand for all w."""
    return frozenset(computed_table(topology, [[w] * len(unit) for unit in topology.units]) for w in (1, 0, -1))


def _computed(values: Sequence[str], unit: Iterable[int]) -> Unit:
    return unit_reading(_reads(values, unit), len(values[0]))


@cache
def unit_reading(reads: Reads, rows: int) -> Unit:
    """What a unit can compute that reads values with these tables of so many rows.

    The weights are the smallest by the sum of their sizes. Raises SeparationError where small integers do not settle
    it, which does not happen with up to two inputs and two hidden units.
    """
    tables = tuple(sorted(reads))
    columns = np.array([[*map(int, table)] for table in tables], dtype=np.int64).reshape(-1, rows)
    every = np.array([*product((False, True), repeat=rows)])
    vectors = _small(LARGEST_WEIGHT, len(tables))
    numbers, first = np.unique((vectors @ columns >= 0) @ (1 << np.arange(rows)[::-1]), return_index=True)
    weights = {f"{number:0{rows}b}": tuple(vectors[at].tolist()) for number, at in zip(numbers, first, strict=True)}
    left = np.ones(len(every), dtype=np.bool_)
    left[numbers] = False
    multipliers: list[tuple[int, ...]] = []
    small = _small(LARGEST_MULTIPLIER, rows)
    for vector in small[(small.min(axis=1) < 0) & ~(small @ columns.T).any(axis=1)]:
        if left.any():
            excluded = ((vector == 0) | ((vector > 0) == every)).all(axis=1)
            multipliers += [tuple(vector.tolist())] if (excluded & left).any() else []
            left &= ~excluded
    if left.any():
        raise SeparationError(f"small integers do not settle what a unit reading {', '.join(tables)} can compute")
    return Unit(tables, weights, tuple(multipliers))


@cache
def _small(largest: int, length: int) -> NDArray[np.int64]:
    """All integer vectors with entries up to `largest` in size, those with the least sum of sizes first."""
    found = np.array([*product(range(-largest, largest + 1), repeat=length)], dtype=np.int64).reshape(
        (2 * largest + 1) ** length, length
    )
    return found[np.argsort(abs(found).sum(axis=1), kind="stable")]
