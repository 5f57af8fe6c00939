"""The smallest integer separator, with a tree of cases which shows that no smaller one exists.

Size is the sum (Muroga's measure of a threshold function's minimal integer realisation) or the largest of |w_1|, ...,
|w_n|; the bias is free, or counted among them with `count_bias`. Source: Muroga 1971, Threshold Logic, chapter 5.
Z3 finds the weights by bisection. Smaller ones are refuted case by case, as the checker repeats it (checker/FORMAT.md,
section 8): where the linear relaxation has a solution that is not integral, the cases v <= k and v >= k + 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any, Literal

import z3

from proofs.claim import Certificate, Json
from proofs.separation.certificates import number, separator_certificate
from proofs.separation.data import DataSet, Number, Row, SeparationError, data_set, show
from proofs.separation.explain import affine_text, unknowns
from proofs.separation.solver import (
    EFFORT,
    EffortExceeded,
    Separator,
    coprime,
    linear_form,
    linear_solver,
    model_values,
    refuse_large,
    satisfiable,
    separator,
)

Measure = Literal["sum", "max"]
MOST_CASES = 500
"""Most cases in one tree."""
DEEPEST = 150
"""Most bounds on the way to a case: a certificate nests no deeper."""

Inequality = tuple[Row, int]
"""Coefficients and a bound: coefficients . (w, b) >= bound."""


@dataclass(frozen=True, slots=True)
class Size:
    """Sum or largest of the absolute values, of the weights or of weights and bias."""

    measure: Measure = "sum"
    count_bias: bool = False

    def counted(self, vector: Sequence[Any]) -> Sequence[Any]:
        """The entries that count."""
        return vector if self.count_bias else vector[:-1]

    def of(self, vector: Sequence[int]) -> int:
        absolute = [abs(value) for value in self.counted(vector)]
        return sum(absolute) if self.measure == "sum" else max(absolute)

    def __str__(self) -> str:
        what = "|w1| + ... + |wn|" if self.measure == "sum" else "max(|w1|, ..., |wn|"
        bias = {"sum": " + |b|", "max": ", |b|"}[self.measure] if self.count_bias else ""
        return f"{what}{bias}{')' if self.measure == 'max' else ''}"


@dataclass(frozen=True, slots=True)
class Smallest:
    """The separator, its size, what size means, and the tree of cases in which a smaller one is refuted."""

    separator: Separator
    size: int
    meaning: Size
    tree: Any

    def certificate(self, points: Sequence[Sequence[Number]], labels: Sequence[int]) -> Certificate:
        """The certificate of kind minimal that nothing smaller separates these rows."""
        fields = separator_certificate(points, labels, self.separator).data
        meaning: Json = {"measure": self.meaning.measure, "count_bias": self.meaning.count_bias}
        return Certificate({**fields, "kind": "minimal", **meaning, "tree": self.tree})

    def reason(self, points: Sequence[Sequence[Number]], labels: Sequence[int]) -> str:
        """The inequalities to add, with their multipliers, and what they give; or that there are several cases."""
        if not isinstance(self.tree, list) or not self.tree:
            return "go through the cases of the certificate" if self.tree else "no size is below 0"
        data = data_set(points, labels)
        names = unknowns(data.dimension)
        system = inequalities(data)
        used = [(system[row], Fraction(multiplier)) for row, multiplier in self.tree]
        zero = Fraction(0)
        said = " + ".join(f"{show(m)}·[{affine_text(c, zero, names)} >= {bound}]" for (c, bound), m in used)
        total = [sum((m * c[place] for (c, _), m in used), zero) for place in range(len(names))]
        least = sum((m * bound for (_, bound), m in used), zero)
        return f"{said} gives {affine_text(total, zero, names)} >= {show(least)}"


def smallest_integer_weights(
    points: Sequence[Sequence[Number]],
    labels: Sequence[int],
    *,
    measure: Measure = "sum",
    count_bias: bool = False,
    effort: int = EFFORT,
) -> Smallest | None:
    """Integers w, b of least size with w.x + b >= 0 on label 1 and < 0 on label 0, or None when not separable.

    points: rows x features; labels: rows, 0 or 1. Raises SeparationError as `data_set` does and when `measure` is
    neither "sum" nor "max"; EffortExceeded.
    """
    if measure not in ("sum", "max"):
        raise SeparationError(f"measure: expected 'sum' or 'max', got {measure!r:.80}")
    data, size = data_set(points, labels), Size(measure, count_bias)
    found = separator(points, labels, effort=effort)
    if found is None:
        return None
    vector = _least(data, tuple(int(value) for value in (*found.weights, found.bias)), size, effort)
    system = inequalities(data)
    while isinstance(smaller := _Cases(size, size.of(vector) - 1, effort).tree(system), tuple):
        vector = smaller
    *weights, bias = map(Fraction, vector)
    return Smallest(Separator(tuple(weights), bias), size.of(vector), size, smaller)


def inequalities(data: DataSet) -> list[Inequality]:
    """What integer weights satisfy, row by row, in integers: score >= 0 on label 1, -score >= 1 on label 0."""
    rows = [coprime((*point, Fraction(1))) for point in data.points]
    scales = [row[-1] * (1 if label else -1) for row, label in zip(rows, data.labels, strict=True)]
    return [
        (tuple(x * scale for x in (*point, Fraction(1))), 1 - label)
        for point, scale, label in zip(data.points, scales, data.labels, strict=True)
    ]


class _Cases:
    """The refutation of integer solutions of size at most `limit`, case by case."""

    def __init__(self, size: Size, limit: int, effort: int) -> None:
        self.size, self.limit, self.effort, self.left = size, limit, effort, MOST_CASES

    def tree(self, system: list[Inequality], depth: int = 0) -> Any:
        """A tree of the certificate's form, or, as a tuple, an integer solution."""
        self.left -= 1
        if self.left < 0 or depth > DEEPEST:
            raise EffortExceeded(f"more than {MOST_CASES} cases, or {DEEPEST} bounds in one; scale the data")
        if self.limit < 0:
            return []
        point = self._relaxed(system)
        if point is None:
            return self._multipliers(system)
        broken = [place for place, value in enumerate(point) if value.denominator != 1]
        if not broken:
            return tuple(map(int, point))
        place = min(broken, key=lambda k: abs(point[k] - floor(point[k]) - Fraction(1, 2)))
        below = floor(point[place]) + 1
        axis = tuple(Fraction(other == place) for other in range(len(point)))
        low = self.tree([*system, (tuple(-x for x in axis), 1 - below)], depth + 1)
        if isinstance(low, tuple):
            return low
        high = self.tree([*system, (axis, below)], depth + 1)
        return high if isinstance(high, tuple) else {"place": place, "below": below, "low": low, "high": high}

    def _relaxed(self, system: list[Inequality]) -> Row | None:
        """A real solution of size at most `limit`, None when there is none."""
        solver, context = linear_solver("QF_LRA", self.effort)
        unknowns = [z3.Real(f"v{place}", context) for place in range(len(system[0][0]))]
        _limit_size(solver, unknowns, self.size, self.limit, z3.Real, context)
        for row, bound in system:
            solver.add(linear_form(row, unknowns, z3.RealVal(0, context)) >= bound)
        return model_values(solver, unknowns) if satisfiable(solver) else None

    def _multipliers(self, system: list[Inequality]) -> list[list[int | str]]:
        """Multipliers under which the inequalities read c.v >= m with m > limit |c|, in the norm dual to size."""
        solver, context = linear_solver("QF_LRA", self.effort)
        zero = z3.RealVal(0, context)
        multipliers = [z3.Real(f"m{k}", context) for k in range(len(system))]
        solver.add(*(m >= 0 for m in multipliers))
        sums = [linear_form(column, multipliers, zero) for column in zip(*(row for row, _ in system), strict=True)]
        counted = self.size.counted(sums)
        norms = [z3.Real(f"c{k}", context) for k in range(1 if self.size.measure == "sum" else len(counted))]
        for k, total in enumerate(counted):
            norm = norms[min(k, len(norms) - 1)]
            solver.add(-norm <= total, total <= norm)
        solver.add(*(total == 0 for total in sums[len(counted) :]))
        least = linear_form([Fraction(bound) for _, bound in system], multipliers, zero)
        solver.add(least - self.limit * z3.Sum([zero, *norms]) >= 1)
        if not satisfiable(solver):
            raise SeparationError("Z3 found neither weights nor multipliers, which cannot be; please report the data")
        values = coprime(model_values(solver, multipliers))
        return [[k, number(value)] for k, value in enumerate(values) if value]


def _limit_size(solver: Any, unknowns: Sequence[Any], size: Size, limit: int, variable: Any, context: Any) -> None:
    """Add: the size of the unknowns is at most `limit`."""
    counted = size.counted(unknowns)
    bounds = [variable(f"a{place}", context) for place in range(len(counted))]
    for unknown, bound in zip(counted, bounds, strict=True):
        solver.add(-bound <= unknown, unknown <= bound, bound <= limit)
    if size.measure == "sum":
        solver.add(z3.Sum(bounds) <= limit)


def _least(data: DataSet, vector: tuple[int, ...], size: Size, effort: int) -> tuple[int, ...]:
    """A separating integer vector of which Z3 says that none is smaller; by bisection."""
    below = -1
    while size.of(vector) - below > 1:
        middle = (below + size.of(vector)) // 2
        found = _within(data, size, middle, effort)
        if found is None:
            below = middle
        else:
            vector = found
    return vector


def _within(data: DataSet, size: Size, limit: int, effort: int) -> tuple[int, ...] | None:
    """A separating integer vector of size at most `limit` that Z3 finds, or None when it says there is none."""
    refuse_large(data)
    solver, context = linear_solver("QF_LIA", effort)
    unknowns = [z3.Int(f"v{place}", context) for place in range(data.dimension + 1)]
    _limit_size(solver, unknowns, size, limit, z3.Int, context)
    for row, bound in inequalities(data):
        solver.add(z3.Sum([int(c) * unknown for c, unknown in zip(row, unknowns, strict=True)]) >= bound)
    if not satisfiable(solver):
        return None
    return tuple(int(value) for value in model_values(solver, unknowns))
