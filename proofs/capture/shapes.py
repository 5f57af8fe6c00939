"""Shapes with symbolic sizes: what a user writes ("N D", "4*H", "N -> C").

An axis is a row of blocks, a block a product of dimensions: an axis of concrete size 3 is three empty blocks, "D" is
one block (D,), "4*H" four blocks (H,), and what `concatenate` makes of D and H are the blocks (D,), (H,).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from proofs.capture.refusal import NotCaptured, ShapeError
from proofs.capture.sizes import Block, Dim, Polynomial, dim, number, terms_of

Axis = tuple[Block, ...]
Shape = tuple[Axis, ...]

ONE: Axis = ((),)
"""An axis of size 1."""

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
LARGEST_AXIS = 64


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


def polynomial(axis: Axis) -> Polynomial:
    """The size of an axis as a polynomial in the dimensions."""
    counts: dict[Block, Fraction] = {}
    for block in axis:
        key = tuple(sorted(block))
        counts[key] = counts.get(key, Fraction(0)) + 1
    return tuple(sorted(counts.items()))


def plain(axis: Axis, sizes: Mapping[str, int]) -> int:
    """The concrete size of an axis."""
    return sum(prod(sizes[name] for name in block) for block in axis)


__all__ = [
    "LARGEST_AXIS",
    "ONE",
    "Axis",
    "Block",
    "Dim",
    "NotCaptured",
    "Parameter",
    "Shape",
    "ShapeError",
    "dim",
    "dims_of",
    "made_concrete",
    "number",
    "plain",
    "polynomial",
    "read_parameter",
    "terms_of",
]
