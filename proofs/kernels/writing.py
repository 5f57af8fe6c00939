"""Numbers, tables and units as Coq text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from proofs.kernels.formal import Unsupported

COMPUTE = "vm_compute; reflexivity"


@dataclass(frozen=True, slots=True)
class Stated:
    """A proposition, and the tactic that proves it."""

    proposition: str
    proof: str


def integer(value: Fraction | int) -> str:
    """An integer, a negative one in parentheses. Raises Unsupported for other numbers."""
    if Fraction(value).denominator != 1:
        raise Unsupported(f"the number {value}: this fact is exported for integers")
    return str(int(value)) if value >= 0 else f"(- {-int(value)})"


def listed(parts: Iterable[str]) -> str:
    return f"[{'; '.join(parts)}]"


def vector(values: Iterable[Fraction | int]) -> str:
    return listed(map(integer, values))


def rows_text(points: Sequence[Sequence[Fraction]], labels: Sequence[int], scale: int = 1) -> str:
    rows = [
        f"({vector([x * scale for x in point])}, {'true' if label else 'false'})"
        for point, label in zip(points, labels, strict=True)
    ]
    return listed(rows)


def weights_text(values: Sequence[Fraction]) -> str:
    return f"({vector(values[:-1])}, {integer(values[-1])})"
