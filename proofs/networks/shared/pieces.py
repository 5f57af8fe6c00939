"""Intervals and points of the line of shared weights, with ends that are algebraic numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, inf, isfinite

from proofs.separation import show

LONG = 12
"""Fractions of more characters are not shown to people, where there is another way."""
PLACES = 6
MOST_SHOWN = 8


def plain(x: Fraction) -> int | str:
    """As it stands in a certificate."""
    return int(x) if x.denominator == 1 else str(x)


def nearest(x: Fraction) -> float:
    """The nearest double, infinite beyond them."""
    try:
        return float(x)
    except OverflowError:
        return inf if x > 0 else -inf


def weight_text(x: Fraction) -> str:
    """As people write it; a long fraction as ``the double nearest 0.1``, or with its value, ``.../... (about 0.9)``."""
    text, double = show(x), nearest(x)
    if len(text) <= LONG or not isfinite(double):
        return text
    return f"the double nearest {double!r}" if double == x else f"{text} (about {double:.6g})"


@dataclass(frozen=True, slots=True)
class Bound:
    """The only root between `low` and `high` of the polynomial with integer coefficients `factor`, the constant first;
    a rational number where `low` = `high`."""

    factor: tuple[int, ...]
    low: Fraction
    high: Fraction

    @staticmethod
    def of(x: Fraction) -> Bound:
        return Bound((-x.numerator, x.denominator), x, x)

    @property
    def rational(self) -> bool:
        return self.low == self.high

    def side(self, w: Fraction) -> int:
        """-1, 0 or 1 as w is below, at or above it."""
        if self.rational or not self.low < w < self.high:
            return (w > self.low) - (w < self.low)
        at, above = (sum(a * x**k for k, a in enumerate(self.factor)) for x in (w, self.high))
        return 0 if at == 0 else 1 if (at > 0) == (above > 0) else -1

    def __float__(self) -> float:
        return nearest((self.low + self.high) / 2)

    def __str__(self) -> str:
        """``1/2``, or ``1.41421 (w^2 - 2 = 0)``."""
        return show(self.low) if self.rational else f"{float(self):.6g} ({polynomial_text(self.factor)} = 0)"

    def to_dict(self) -> dict[str, object]:
        return {"text": str(self), "value": float(self), "polynomial": list(self.factor)}


def polynomial_text(coefficients: tuple[int, ...]) -> str:
    """``w^2 - 2``"""
    parts = []
    for power in reversed(range(len(coefficients))):
        if a := coefficients[power]:
            letter = "" if power == 0 else "w" if power == 1 else f"w^{power}"
            number = str(abs(a)) if abs(a) != 1 or not letter else ""
            parts.append(("-" if a < 0 else "+", " ".join(part for part in (number, letter) if part)))
    first, *rest = parts or [("+", "0")]
    return " ".join([f"{'-' if first[0] == '-' else ''}{first[1]}", *(f"{sign} {term}" for sign, term in rest)])


@dataclass(frozen=True, slots=True)
class Piece:
    """The numbers between two ends, None being infinite, with or without the ends; a point where both are the same."""

    low: Bound | None
    high: Bound | None
    closed_low: bool = False
    closed_high: bool = False

    @property
    def point(self) -> bool:
        return self.low is not None and self.low == self.high

    def contains(self, w: Fraction) -> bool:
        """Whether w is in it."""
        low = 1 if self.low is None else self.low.side(w)
        high = -1 if self.high is None else self.high.side(w)
        return (low > 0 or (low == 0 and self.closed_low)) and (high < 0 or (high == 0 and self.closed_high))

    def __str__(self) -> str:
        """``(0, inf)``, ``[1/2, 2)``, ``{1}``."""
        if self.point:
            return f"{{{self.low}}}"
        low, high = "-inf" if self.low is None else self.low, "inf" if self.high is None else self.high
        return f"{'(['[self.closed_low]}{low}, {high}{')]'[self.closed_high]}"

    def to_dict(self) -> dict[str, object]:
        ends = {"low": self.low and self.low.to_dict(), "high": self.high and self.high.to_dict()}
        return {"text": str(self), **ends, "closed": [self.closed_low, self.closed_high]}


def union_text(pieces: tuple[Piece, ...]) -> str:
    """``w in (-inf, 0) or (0, inf)``; ``no w``."""
    return f"w in {' or '.join(map(str, pieces))}" if pieces else "no w"


def settled_text(pieces: tuple[Piece, ...], *, outward: bool = False) -> str:
    """As `union_text`, with rational ends rounded to 6 places, inwards or outwards: what holds on the pieces does so on
    those shown, or what is not on those shown is not on the pieces. The ends of a piece shorter than that are exact."""
    shown = [str(rounded(piece, outward)) for piece in pieces[:MOST_SHOWN]]
    more = len(pieces) - len(shown)
    return f"w in {' or '.join(shown)}{f' or {more} more pieces' if more else ''}" if shown else "no w"


def rounded(piece: Piece, outward: bool) -> Piece:
    """The piece with rational ends at multiples of 10**-6, inside it or around it; itself where it is too short."""
    low, high = piece.low, piece.high
    if low is None or high is None or not (low.rational and high.rational):
        return piece
    scale = 10**PLACES
    up, down = (floor, ceil) if outward else (ceil, floor)
    a, b = Fraction(up(low.low * scale), scale), Fraction(down(high.low * scale), scale)
    return Piece(Bound.of(a), Bound.of(b), piece.closed_low, piece.closed_high) if a < b else piece
