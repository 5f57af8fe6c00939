"""Shapes with symbolic sizes: what a user writes ("N D", "4*H", "N -> C"), and sizes that remember their names.

An axis is a row of blocks, a block a product of dimensions: an axis of concrete size 3 is three empty blocks, "D" is
one block (D,), "4*H" four blocks (H,), and what `concatenate` makes of D and H are the blocks (D,), (H,).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

Block = tuple[str, ...]
Axis = tuple[Block, ...]
Shape = tuple[Axis, ...]

ONE: Axis = ((),)
"""An axis of size 1."""

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
LARGEST_AXIS = 64


class ShapeError(ValueError):
    """A shape that cannot be read; the message names the parameter and the fix."""


class NotCaptured(Exception):
    """Code did something that symbolic arrays do not follow; the claim is UNDECIDED for this reason."""


@dataclass(frozen=True)
class Parameter:
    """One parameter: its axes, and the number of classes if it holds integer labels."""

    name: str
    shape: Shape
    classes: Axis | None = None


def read_parameter(name: str, text: str) -> Parameter:
    """``"N D"``, ``""`` (a scalar), ``"N 4*H"``, ``"N -> C"`` (labels in range(C)). Raises ShapeError."""
    left, arrow, right = text.partition("->")
    shape = tuple(_axis(name, part) for part in left.split())
    if not arrow:
        return Parameter(name, shape)
    classes = right.split()
    if len(classes) != 1:
        raise ShapeError(f"shapes[{name!r}]: one number of classes is expected after '->', got {right.strip()!r}")
    return Parameter(name, shape, _axis(name, classes[0]))


def _axis(name: str, text: str) -> Axis:
    count, dims = 1, []
    for factor in text.split("*"):
        if factor.isdecimal():
            count *= int(factor)
        elif NAME.match(factor):
            dims.append(factor)
        else:
            raise ShapeError(
                f"shapes[{name!r}]: {text!r} is not a dimension; write names and whole numbers such as 'N D', 'N 4*H'"
            )
    if not 1 <= count <= LARGEST_AXIS:
        raise ShapeError(f"shapes[{name!r}]: {count} is outside 1..{LARGEST_AXIS}, the concrete sizes followed")
    return (tuple(dims),) * count


def dims_of(shape: Shape) -> set[str]:
    """The names of all dimensions in a shape."""
    return {dim for axis in shape for block in axis for dim in block}


def made_concrete(axis: Axis, sizes: Mapping[str, int]) -> Axis:
    """The axis with every dimension given a number."""
    return ((),) * sum(prod(sizes[dim] for dim in block) for block in axis)


Polynomial = tuple[tuple[Block, Fraction], ...]


def polynomial(axis: Axis) -> Polynomial:
    """The size of an axis as a polynomial in the dimensions."""
    counts: dict[Block, Fraction] = {}
    for block in axis:
        key = tuple(sorted(block))
        counts[key] = counts.get(key, Fraction(0)) + 1
    return tuple(sorted(counts.items()))


class Dim(int):
    """A concrete size that remembers which polynomial in the dimensions it is the value of."""

    terms: Polynomial

    def __new__(cls, value: int, terms: Polynomial) -> Dim:
        made = super().__new__(cls, value)
        made.terms = terms
        return made

    def __add__(self, other: Any) -> Any:
        return _combined(self, other, 1) if isinstance(other, int) else NotImplemented

    def __sub__(self, other: Any) -> Any:
        return _combined(self, other, -1) if isinstance(other, int) else NotImplemented

    def __rsub__(self, other: Any) -> Any:
        return _combined(_times(self, -1), other, 1) if isinstance(other, int) else NotImplemented

    def __mul__(self, other: Any) -> Any:
        return _times(self, other) if isinstance(other, int) else NotImplemented

    def __floordiv__(self, other: Any) -> Any:
        quotient = _quotient(self, other) if isinstance(other, int) else None
        return int(self) // other if quotient is None else quotient

    def __neg__(self) -> Any:
        return _times(self, -1)

    __radd__ = __add__
    __rmul__ = __mul__

    # Comparisons: those whose answer is the same for all sizes >= 1 are answered, the others are no longer one proof.

    def __lt__(self, other: Any) -> bool:
        return _for_all_sizes(self, other, "<", lambda gap: gap < 0)

    def __le__(self, other: Any) -> bool:
        return _for_all_sizes(self, other, "<=", lambda gap: gap <= 0)

    def __gt__(self, other: Any) -> bool:
        return _for_all_sizes(self, other, ">", lambda gap: gap > 0)

    def __ge__(self, other: Any) -> bool:
        return _for_all_sizes(self, other, ">=", lambda gap: gap >= 0)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (int, float)) and _for_all_sizes(self, other, "==", lambda gap: gap == 0)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __bool__(self) -> bool:
        return self > 0

    def __hash__(self) -> int:
        return int.__hash__(self)

    def __repr__(self) -> str:
        return "+".join("*".join([*([str(n)] if n != 1 or not b else []), *b]) for b, n in self.terms)


def _for_all_sizes(left: Dim, right: Any, symbol: str, holds: Callable[[Fraction], bool]) -> bool:
    """The answer to a comparison if it is the same for all sizes >= 1. Raises NotCaptured otherwise."""
    gap = terms_of(_combined(left, right, -1)) if isinstance(right, int) else None
    if gap is not None:
        constant = sum((n for b, n in gap if not b), Fraction(0))
        growing = [n for b, n in gap if b]
        least = constant + sum(growing, Fraction(0))
        if not growing or (holds(least) == holds(least + 1) == holds(least + 10**9) and all(n > 0 for n in growing)):
            return holds(least)
        if all(n < 0 for n in growing) and holds(least) == holds(least - 1) == holds(least - 10**9):
            return holds(least)
    raise NotCaptured(f"a Python branch on a size: {left!r} {symbol} {right!r} is not the same for all sizes")


def dim(value: int, terms: Mapping[Block, Fraction]) -> int:
    """A `Dim`, or a plain int if no dimension is left in it."""
    kept = tuple(sorted((block, count) for block, count in terms.items() if count))
    return Dim(value, kept) if any(block for block, _ in kept) else value


def terms_of(value: int) -> Polynomial:
    """The polynomial a size is the value of."""
    if isinstance(value, Dim):
        return value.terms
    return (((), Fraction(int(value))),) if value else ()


def _combined(left: int, right: int, sign: int) -> int:
    total = dict(terms_of(left))
    for block, count in terms_of(right):
        total[block] = total.get(block, Fraction(0)) + sign * count
    return dim(int(left) + sign * int(right), total)


def _times(left: int, right: int) -> int:
    total: dict[Block, Fraction] = {}
    for a, m in terms_of(left):
        for b, n in terms_of(right):
            key = tuple(sorted(a + b))
            total[key] = total.get(key, Fraction(0)) + m * n
    return dim(int(left) * int(right), total)


def _quotient(left: int, right: int) -> int | None:
    """The exact quotient by a single product, or None."""
    divisor = terms_of(right)
    if len(divisor) != 1:
        return None
    (block, count) = divisor[0]
    total: dict[Block, Fraction] = {}
    for a, m in terms_of(left):
        rest = list(a)
        for name in block:
            if name not in rest:
                return None
            rest.remove(name)
        total[tuple(rest)] = m / count
        if total[tuple(rest)].denominator > 1:
            return None
    return dim(int(left) // int(right), total)


def plain(axis: Axis, sizes: Mapping[str, int]) -> int:
    """The concrete size of an axis."""
    return sum(prod(sizes[name] for name in block) for block in axis)
