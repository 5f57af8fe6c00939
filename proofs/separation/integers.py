"""The smallest integer separator: least max(|w_1|, ..., |w_n|, |b|), then least |w_1| + ... + |w_n| + |b|.

Z3 finds it and denies anything smaller; where the smaller vectors are few enough, each of them is also tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import z3

from proofs.claim import Evidence
from proofs.separation.data import DataSet, Number, data_set
from proofs.separation.solver import (
    EFFORT,
    Separator,
    coprime,
    linear_solver,
    model_values,
    refuse_large,
    satisfiable,
    separator,
)

MOST_TRIED = 20_000


@dataclass(frozen=True, slots=True)
class Smallest:
    """The separator, its size (max, sum), and how many smaller vectors were tried (None: too many to try)."""

    separator: Separator
    size: tuple[int, int]
    tried: int | None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Why nothing smaller exists: Z3's word, and the trial of every smaller vector where that was done."""
        says = f"Z3 finds no integer weights with a smaller (max, sum) of absolute values than {self.size}"
        solver = Evidence("z3", says, "assumed")
        if self.tried is None:
            return (solver,)
        trial = f"all {self.tried} smaller integer vectors were tried, none of them separates the rows"
        return (solver, Evidence("tests", trial, "tested"))


def smallest_integer_weights(
    points: Sequence[Sequence[Number]], labels: Sequence[int], *, effort: int = EFFORT
) -> Smallest | None:
    """The smallest integer w, b with w.x + b >= 0 on label 1 and < 0 on label 0, or None when not separable.

    points: rows x features; labels: rows, 0 or 1. Raises SeparationError as `data_set` does, EffortExceeded, and
    AssertionError should Z3 and the trial of every smaller vector disagree.
    """
    data = data_set(points, labels)
    found = separator(points, labels, effort=effort)
    if found is None:
        return None
    vector = tuple(int(value) for value in (*found.weights, found.bias))
    for part in (0, 1):
        vector = _least(data, vector, part, effort)
    tried = _try_smaller(data, vector)
    *weights, bias = map(Fraction, vector)
    return Smallest(Separator(tuple(weights), bias), size(vector), tried)


def size(vector: Sequence[int]) -> tuple[int, int]:
    """(largest, sum) of the absolute values: smallest means smallest in this order."""
    absolute = [abs(value) for value in vector]
    return max(absolute), sum(absolute)


def _least(data: DataSet, vector: tuple[int, ...], part: int, effort: int) -> tuple[int, ...]:
    """A separating integer vector whose `size` is least in one part and not larger before it; by bisection."""
    below = -1
    while size(vector)[part] - below > 1:
        middle = (below + size(vector)[part]) // 2
        limits = (middle, len(vector) * middle) if part == 0 else (size(vector)[0], middle)
        found = _within(data, limits, effort)
        if found is None:
            below = middle
        else:
            vector = found
    return vector


def _within(data: DataSet, limits: tuple[int, int], effort: int) -> tuple[int, ...] | None:
    """A separating integer vector of size within `limits` that Z3 finds, or None when it says there is none."""
    largest, total = limits
    refuse_large(data)
    solver, context = linear_solver("QF_LIA", effort)
    unknowns = [z3.Int(f"v{place}", context) for place in range(data.dimension + 1)]
    bounds = [z3.Int(f"a{place}", context) for place in range(data.dimension + 1)]
    for unknown, bound in zip(unknowns, bounds, strict=True):
        solver.add(-bound <= unknown, unknown <= bound, bound <= largest)
    solver.add(z3.Sum(bounds) <= total)
    for point, label in zip(data.points, data.labels, strict=True):
        score = _integer_score(point, unknowns)
        solver.add(score >= 0 if label else score < 0)
    if not satisfiable(solver):
        return None
    return tuple(int(value) for value in model_values(solver, unknowns))


def _integer_score(point: Sequence[Fraction], unknowns: Sequence[Any]) -> Any:
    """A positive integer multiple of w.x + b."""
    scaled = coprime((*point, Fraction(1)))
    return z3.Sum([int(c) * unknown for c, unknown in zip(scaled, unknowns, strict=True)])


def smaller_vectors(vector: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every integer vector of this length and smaller `size`."""
    limit = size(vector)
    for candidate in product(range(-limit[0], limit[0] + 1), repeat=len(vector)):
        if size(candidate) < limit:
            yield candidate


def _try_smaller(data: DataSet, vector: tuple[int, ...]) -> int | None:
    if (2 * size(vector)[0] + 1) ** len(vector) > MOST_TRIED:
        return None
    tried = 0
    for *weights, bias in smaller_vectors(vector):
        unit = Separator(tuple(map(Fraction, weights)), Fraction(bias))
        if all(unit.output(point) == label for point, label in zip(data.points, data.labels, strict=True)):
            raise AssertionError(f"Z3 denied the smaller weights {weights}, bias {bias}, which separate the rows")
        tried += 1
    return tried
