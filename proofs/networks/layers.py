"""Why so many hidden threshold units are too few: a refutation in clauses, for the certificate kind resolution.

Variable j * rows + i says that hidden unit j is 1 at row i. Whatever values these take, each unit's outputs must have a
separator over the rows, and the labels one over what the output unit reads; where one of them has none, its Farkas
multipliers give a clause (checker/FORMAT.md, section 7). Two assumptions lose no network: every unit is 0 at the first
row (else exchange it for its complement), and the units are in the lexicographic order of their outputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, islice, product

import numpy as np

from proofs.claim import Certificate
from proofs.networks.clauses import Solver, Step
from proofs.networks.threshold import ThresholdNetwork
from proofs.separation import EffortExceeded, Number, Separator, data_set, show_vector
from proofs.separation.certificates import table_fields
from proofs.separation.data import DataSet, Row
from proofs.separation.found import Deadline, Multipliers
from proofs.separation.packing import integer_weights
from proofs.separation.simplex import decide
from proofs.separation.solver import EFFORT
from proofs.separation.tables import Table, read_table

UNITS_A_CONFLICT = 2_000
"""How much of `effort`, counted in Z3's units, a conflict is taken for."""

SECONDS = 60
"""Wall-clock guard beside `effort`: a conflict takes longer where there are more rows."""

MOST_VARIABLES = 2_000
MOST_PAIRS, MOST_SUMS = 20_000, 5_000
"""Most pairs of rows that are added up, and most equal sums that are told from the start."""
MOST_CLASHES = 200
"""Most clauses told at once of rows that the output unit cannot tell apart."""
MOST_SHOWN = 12
"""Most clauses that are put into words."""
ORDERED_ROWS = 6
"""How many rows the order of the units is written down for: each more row doubles the clauses."""


class LayerSearch:
    """The search for the outputs of `units` hidden units, row by row, that fit the labels."""

    def __init__(self, data: DataSet, units: int, skip: bool, effort: int) -> None:
        self.data, self.units, self.skip = data, units, skip
        self.rows = len(data.points)
        if units * self.rows > MOST_VARIABLES:
            cases = f"{units} units at {self.rows} rows have {units * self.rows} outputs"
            raise EffortExceeded(f"{cases}, and at most {MOST_VARIABLES} are gone through")
        self.solver = Solver(units * self.rows, effort // UNITS_A_CONFLICT, Deadline.after(SECONDS))
        self.table = read_table(data.points)
        self.known: dict[tuple[int, ...], Separator | Multipliers] = {}
        self.network: ThresholdNetwork | None = None
        for step in (*self._first(), *self._order(), *self._pairs()):
            self.solver.add(*step)

    def run(self) -> ThresholdNetwork | None:
        """A network with these labels, or None once the clauses refute it. Raises EffortExceeded."""
        self.solver.search(self._against)
        return self.network

    def _not(self, unit: int, row: int, value: int) -> int:
        """The literal that denies the value of a unit at a row."""
        return (unit * self.rows + row + 1) * (-1 if value else 1)

    def _first(self) -> Iterator[Step]:
        for unit in range(self.units):
            yield Step((self._not(unit, 0, 1),), "first", ())

    def _order(self) -> Iterator[Step]:
        """A unit is not above the next one: equal at rows 1 to k - 1, then 1 at row k where the next one is 0."""
        for unit, k in product(range(self.units - 1), range(1, min(ORDERED_ROWS, self.rows - 1) + 1)):
            for same in product((0, 1), repeat=k - 1):
                columns = [(unit, (*same, 1)), (unit + 1, (*same, 0))]
                clause = (self._not(j, row, value) for j, column in columns for row, value in enumerate(column, 1))
                yield Step(tuple(clause), "order", ())

    def _pairs(self) -> Iterator[Step]:
        """Where x + y = u + v no unit is 1 at x, y and 0 at u, v: for two-valued inputs this refutes nearly all."""
        sums: dict[Row, list[tuple[int, int]]] = {}
        for x, y in islice(combinations_with_replacement(range(self.rows), 2), MOST_PAIRS):
            total = tuple(a + b for a, b in zip(self.data.points[x], self.data.points[y], strict=True))
            sums.setdefault(total, []).append((x, y))
        disjoint = ((p, q) for pairs in sums.values() for p, q in combinations(pairs, 2) if not {*p} & {*q})
        for ones, zeros in islice(disjoint, MOST_SUMS):
            yield from self._everywhere([*ones, *zeros], (1, 1, 0, 0), (1, 1, 1, 1))

    def _everywhere(self, rows: Sequence[int], values: Sequence[int], multipliers: Sequence[int]) -> Iterator[Step]:
        """Outputs that no unit can have, nor their complements; a row that occurs twice has its multipliers added."""
        weight: dict[int, int] = {}
        for row, multiplier in zip(rows, multipliers, strict=True):
            weight[row] = weight.get(row, 0) + multiplier
        value = dict(zip(rows, values, strict=True))
        for unit, flip in product(range(self.units), (0, 1)):
            clause = tuple(self._not(unit, row, value[row] ^ flip) for row in weight)
            yield Step(clause, "unit", tuple(weight.values()))

    def _against(self, values: Sequence[int]) -> list[Step]:
        """Clauses that these outputs break: of a unit that has no separator, else of the output unit."""
        columns = [tuple(values[start : start + self.rows]) for start in range(0, len(values), self.rows)]
        hidden: list[Separator] = []
        for column in columns:
            if column not in self.known:
                self.known[column] = decided(self.table, column)
            unit = self.known[column]
            if isinstance(unit, Multipliers):
                rows, multipliers = zip(*unit.by_row.items(), strict=True)
                return list(self._everywhere(rows, [column[row] for row in rows], multipliers))
            hidden.append(unit)
        inputs = list(zip(*columns, strict=True))
        labels = self.data.labels
        if not self.skip:
            twins = (pair for pair in combinations(range(self.rows), 2) if labels[pair[0]] != labels[pair[1]])
            clashes = (pair for pair in twins if inputs[pair[0]] == inputs[pair[1]])
            if alike := [self._output(pair, inputs, (1, 1)) for pair in islice(clashes, MOST_CLASHES)]:
                return alike
        seen = [(*h, *(x if self.skip else ())) for h, x in zip(inputs, self.data.points, strict=True)]
        output = decided(read_table(seen), labels)
        if isinstance(output, Multipliers):
            rows, multipliers = zip(*output.by_row.items(), strict=True)
            return [self._output(rows, inputs, multipliers)]
        self.network = ThresholdNetwork(tuple(hidden), output, self.skip)
        return []

    def _output(self, rows: Sequence[int], inputs: Sequence[Sequence[int]], multipliers: Sequence[int]) -> Step:
        """What the output unit cannot do: these rows with these hidden outputs."""
        clause = tuple(self._not(unit, row, inputs[row][unit]) for row in rows for unit in range(self.units))
        return Step(clause, "output", tuple(multipliers))


def decided(table: Table, labels: Sequence[int]) -> Separator | Multipliers:
    """A threshold unit with these outputs on the rows, or multipliers that refute it, by the exact simplex."""
    if len({*labels}) == 1:
        return Separator((Fraction(0),) * len(table.columns), Fraction(labels[0] - 1))
    found = decide(table, np.array(labels, dtype=np.bool_))
    if isinstance(found, Multipliers):
        return found
    weights, bias = integer_weights(table, found)
    return Separator(tuple(map(Fraction, weights)), Fraction(bias))


def refute_units(
    points: Sequence[Sequence[Number]], labels: Sequence[int], *, units: int, skip: bool = False, effort: int = EFFORT
) -> list[Step] | ThresholdNetwork:
    """Clauses, down to the empty one, that no network of `units` hidden units has these labels; or else a network.

    Raises SeparationError as `data_set` does; EffortExceeded after `effort` / 2,000 conflicts, after 60 seconds, and
    beyond 2,000 outputs.
    """
    search = LayerSearch(data_set(points, labels), units, skip, effort)
    return search.run() or search.solver.refutation()


def resolution_certificate(
    points: Sequence[Sequence[Number]], labels: Sequence[int], units: int, skip: bool, steps: Sequence[Step]
) -> Certificate:
    """The certificate of kind resolution that `units` hidden threshold units are too few."""
    lines = [[list(step.clause), step.rule, list(step.data)] for step in steps]
    fields = {**table_fields(points, labels), "units": units, "skip": skip, "steps": lines}
    return Certificate({"gradproof": 1, "kind": "resolution", **fields})


def resolution_sentence(points: Sequence[Sequence[Number]], labels: Sequence[int], steps: Sequence[Step]) -> str:
    """The clauses in words where they are few, otherwise how many there are."""
    if len(steps) > MOST_SHOWN:
        return f"{len(steps)} clauses on the units' outputs end in a contradiction"
    data = data_set(points, labels)
    return "; ".join(f"({number}) {_said(data, step)}" for number, step in enumerate(steps, 1))


def _said(data: DataSet, step: Step) -> str:
    held = [_literal(data, literal) for literal in step.clause]
    denied = " and ".join(_literal(data, -literal) for literal in step.clause)
    match step.rule:
        case "first":
            return f"{held[0]}, else take the complement"
        case "order":
            return f"not ({denied}), by the order of the units"
        case "unit":
            return f"not ({denied}): no threshold unit is that"
        case "output":
            return f"not ({denied}): the labels there could not be told apart"
    from_ = ", ".join(f"({number + 1})" for number in step.data)
    return f"{' or '.join(held) or 'a contradiction'}, by {from_}"


def _literal(data: DataSet, literal: int) -> str:
    """``h1(0, 1) = 1``"""
    unit, row = divmod(abs(literal) - 1, len(data.points))
    return f"h{unit + 1}{show_vector(data.points[row])} = {int(literal > 0)}"
