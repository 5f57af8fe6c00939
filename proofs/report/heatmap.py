"""A proved formula with two free indices, evaluated at one point and shown as a table of tinted numbers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from proofs.calculus.evaluate import evaluate_array
from proofs.calculus.terms import Statement

LOGITS = (Fraction(2), Fraction(1), Fraction(1, 2), Fraction(0), Fraction(-1), Fraction(-2))
_CELL = 62


def matrix(statement: Statement, array: str, values: Sequence[Fraction]) -> list[list[float]]:
    """The right-hand side of `statement` over its two free indices, with the one array given."""
    size = len(values)
    balls = evaluate_array(
        statement, statement.rhs, statement.indices[:2], {statement.indices[0].dim: size}, {array: list(values)}
    )
    entries = [float(ball) for ball in balls]
    return [entries[row * size : (row + 1) * size] for row in range(size)]


def heatmap(entries: Sequence[Sequence[float]], label: str) -> str:
    """An SVG element: each entry written out to four decimals, its tint telling sign and size."""
    largest = max(abs(entry) for row in entries for entry in row) or 1.0
    cells = "".join(
        _cell(entry, abs(entry) / largest, i, j) for i, row in enumerate(entries) for j, entry in enumerate(row)
    )
    heads = "".join(
        f'<text class="axis" x="{24 + k * _CELL + _CELL / 2:g}" y="14">j={k + 1}</text>'
        f'<text class="axis" x="10" y="{24 + k * _CELL / 2 + _CELL / 4 + 4:g}">{k + 1}</text>'
        for k in range(len(entries))
    )
    width, height = 24 + len(entries[0]) * _CELL, 24 + len(entries) * _CELL // 2
    return f'<svg class="heat" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">{heads}{cells}</svg>'


def _cell(entry: float, strength: float, i: int, j: int) -> str:
    x, y = 24 + j * _CELL, 24 + i * _CELL // 2
    sign = "plus" if entry >= 0 else "minus"
    text = f"{entry:.4f}".replace("-", "−")
    return (
        f'<rect class="{sign}" x="{x}" y="{y}" width="{_CELL - 2}" height="{_CELL // 2 - 2}" rx="3" '
        f'fill-opacity="{0.06 + 0.6 * strength**0.5:.2f}"/>'
        f'<text x="{x + _CELL // 2 - 1}" y="{y + 19}">{text}</text>'
    )
