"""The search for a counterexample to an equation: small sizes first, plain values first, then made smaller still.

What it finds is only a candidate: the checker re-evaluates it with rigorous bounds before anything is REFUTED.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations_with_replacement, islice, product
from math import isfinite, prod
from random import Random
from typing import Any

from flint import arb, ctx, fmpq

from proofs.calculus.dual import Balls, EvaluationError, Floats
from proofs.calculus.evaluate import WORK, Evaluator
from proofs.calculus.terms import Array, Size, Statement, Term, subterms

MAX_SHAPES = 80
MAX_ELEMENTS = 60
MAX_ENTRIES = 32
RANDOM_POINTS = 6
SCALAR_POINTS = 48
"""Where there are no sizes to vary."""
VISITS = 250_000
CLEAR = 1e-7
LONGEST_FRACTION = 40


@dataclass(frozen=True, slots=True)
class Point:
    """Sizes, free indices and array values (row-major) at which an equation can be looked at."""

    sizes: dict[str, int]
    indices: dict[str, int]
    values: dict[str, tuple[Fraction, ...]]

    def certificate(self, statement: Statement) -> dict[str, Any]:
        """The counterexample certificate for this point."""
        return {
            "gradproof": 1,
            "kind": "counterexample",
            "statement": statement.to_json(),
            "sizes": self.sizes,
            "indices": self.indices,
            "values": {name: [str(value) for value in values] for name, values in self.values.items()},
        }

    def describe(self, statement: Statement) -> str:
        """The point and both sides there, in one line."""
        parts = [f"{dim} = {size}" for dim, size in self.sizes.items()]
        parts += [f"{index} = {value}" for index, value in self.indices.items()]
        dims = {array.name: array.dims for array in statement.arrays}
        parts += [
            f"{name} = {_written(values, [self.sizes[dim] for dim in dims[name]])}"
            for name, values in self.values.items()
        ]
        sides = [_value(statement, side, self) for side in (statement.lhs, statement.rhs)]
        return f"{', '.join(parts) or 'everywhere'}: left side {sides[0]}, right side {sides[1]}"


def _written(values: Sequence[Fraction], shape: Sequence[int]) -> str:
    """A single value as itself, any others in brackets: row by row, as NumPy writes a matrix."""
    if len(values) == 1:
        return str(values[0])
    if len(shape) < 2:
        return f"({', '.join(map(str, values))})"
    return _rows(values, shape)


def _rows(values: Sequence[Fraction], shape: Sequence[int]) -> str:
    if not shape:
        return str(values[0])
    width = len(values) // shape[0]
    parts = (values[place * width : (place + 1) * width] for place in range(shape[0]))
    return f"[{', '.join(_rows(part, shape[1:]) for part in parts)}]"


def _value(statement: Statement, side: Term, point: Point) -> str:
    """The value of a side at a point: a rational exactly, any other as far as a few tries at more bits tell it."""
    for precision in (200, 1000, 5000):
        try:
            with ctx.workprec(precision):
                value = Evaluator(statement, point.sizes, point.values, Balls()).value(side, point.indices)
        except EvaluationError:
            continue
        ball = arb(value)
        if isinstance(value, arb) and ball.is_exact():
            mantissa, exponent = map(int, ball.man_exp())
            value = fmpq(mantissa) * fmpq(2) ** exponent if abs(exponent) < 4 * LONGEST_FRACTION else ball
        if isinstance(value, fmpq) and len(str(value)) <= LONGEST_FRACTION:
            return str(value)
        return "0" if ball.contains(0) else str(ball.str(8, radius=False))
    return "unknown"


def counterexamples(statement: Statement, seed: int = 0) -> Iterator[Point]:
    """Points at which the two sides of `statement` clearly differ, each shrunk where it still differs.

    First with floats, then, for differences that rounding hides, with balls; each within `VISITS` visited subterms.
    """
    for field, precision in ((Floats(), 53), (Balls(), 400)):
        visits = VISITS
        for sizes in _shapes(statement):
            entries = list(_entries(statement, sizes))
            for values in _fillings(statement, sizes, Random(f"{seed} {sorted(sizes.items())}")):
                with ctx.workprec(precision):
                    evaluator = Evaluator(statement, sizes, values, field)
                    for indices in entries:
                        if _differs(statement, evaluator, indices):
                            found = Point(sizes, indices, values)
                            yield _shrink(statement, found)
                            yield found
                visits -= WORK - evaluator.work_left
                if visits < 0:
                    break
            if visits < 0:
                break


def _shapes(statement: Statement) -> Iterator[dict[str, int]]:
    """Sizes in order of their sum, as far as the arrays stay small; alone, a dimension is tried further.

    A polynomial in a size can vanish at as many sizes as that size is written, so one more is tried.
    """
    dims = statement.dims
    written = sum(isinstance(t, Size) for t in subterms(statement))
    reach = max(12, written + 2) if len(dims) == 1 else 5 if len(dims) == 2 else 3
    for added in islice(_additions(dims, reach), MAX_SHAPES):
        sizes = {dim: statement.least_size(dim) + added[dim] for dim in dims}
        if sum(_length(array, sizes) for array in statement.arrays) <= MAX_ELEMENTS:
            yield sizes


def _additions(dims: tuple[str, ...], reach: int) -> Iterator[Counter[str]]:
    """By how much each size exceeds its least one, less than `reach`, the smallest totals first."""
    for total in range(len(dims) * (reach - 1) + 1):
        for chosen in combinations_with_replacement(reversed(dims), total):
            added = Counter(chosen)
            if max(added.values(), default=0) < reach:
                yield added


def _length(array: Array, sizes: dict[str, int]) -> int:
    return prod(sizes[dim] for dim in array.dims)


def _entries(statement: Statement, sizes: dict[str, int]) -> Iterator[dict[str, int]]:
    names = [index.name for index in statement.indices]
    found = 0
    for values in product(*(range(sizes[index.dim]) for index in statement.indices)):
        entry = dict(zip(names, values, strict=True))
        if all((entry[w.left] == entry[w.right]) == w.equal for w in statement.where):
            yield entry
            found += 1
            if found == MAX_ENTRIES:
                return


def _fillings(statement: Statement, sizes: dict[str, int], random: Random) -> Iterator[dict[str, tuple[Fraction, ...]]]:
    for constant in (0, 1):
        yield _filled(statement, sizes, lambda: Fraction(constant))  # noqa: B023  (used before the next round)
    for round_number in range(RANDOM_POINTS if sizes else SCALAR_POINTS):
        widest, parts = ((2, 1), (3, 2), (9, 4), (40, 1), (9, 10), (3, 7))[round_number % 6]
        yield _filled(statement, sizes, lambda: Fraction(random.randint(-widest, widest), parts))  # noqa: B023


def _filled(statement: Statement, sizes: dict[str, int], draw: Any) -> dict[str, tuple[Fraction, ...]]:
    return {
        array.name: _in_domain(array, sizes, [draw() for _ in range(_length(array, sizes))])
        for array in statement.arrays
    }


def _in_domain(array: Array, sizes: dict[str, int], drawn: list[Fraction]) -> tuple[Fraction, ...]:
    if array.domain == "real":
        return tuple(drawn)
    if array.domain == "nonzero":
        return tuple(value or Fraction(1) for value in drawn)
    if array.domain == "onehot":
        width = sizes[array.dims[-1]]
        rows = [drawn[start : start + width] for start in range(0, len(drawn), width)]
        return tuple(Fraction(place == row.index(max(row))) for row in rows for place in range(width))
    positive = [abs(value) or Fraction(1) for value in drawn]
    if array.domain == "simplex":
        width = sizes[array.dims[-1]]
        rows = [positive[start : start + width] for start in range(0, len(positive), width)]
        return tuple(value / sum(row) for row in rows for value in row)
    return tuple(positive)


def _differs(statement: Statement, evaluator: Evaluator, indices: dict[str, int]) -> bool:
    """Whether floats show a difference far above rounding, or balls are disjoint."""
    try:
        left, right = (evaluator.value(side, indices) for side in (statement.lhs, statement.rhs))
    except (EvaluationError, ArithmeticError):
        return False
    if any(isinstance(value, (arb, fmpq)) for value in (left, right)):
        return not arb(left).overlaps(arb(right))
    return isfinite(left) and isfinite(right) and abs(left - right) > CLEAR * max(1.0, abs(left), abs(right))


def _differs_at(statement: Statement, point: Point) -> bool:
    return _differs(statement, Evaluator(statement, point.sizes, point.values, Floats()), point.indices)


def _shrink(statement: Statement, point: Point) -> Point:
    """The point with as many values as possible replaced by 0, 1 or -1, the difference staying clear."""
    for array in statement.arrays:
        if array.domain in ("simplex", "onehot"):
            continue
        for place, value in enumerate(point.values[array.name]):
            for simple in (Fraction(0), Fraction(1), Fraction(-1)):
                if value == simple:
                    break
                if (array.domain == "positive" and simple <= 0) or (array.domain == "nonzero" and simple == 0):
                    continue
                values = list(point.values[array.name])
                values[place] = simple
                candidate = replace(point, values={**point.values, array.name: tuple(values)})
                if _differs_at(statement, candidate):
                    point = candidate
                    break
    return point
