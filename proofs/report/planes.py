"""Functions of two inputs drawn in the plane, from the certificates that settle them.

Filled points have label 1, open points label 0. The shaded region is where the certificate's network answers 1; its
lines are those of its threshold units. A refutation shows the two hulls and where they meet.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Any

Point = tuple[float, float]
Line = tuple[float, float, float]

NAMES = {
    "0000": "never",
    "0001": "AND",
    "0010": "x₁ and not x₂",
    "0011": "x₁",
    "0100": "x₂ and not x₁",
    "0101": "x₂",
    "0110": "XOR",
    "0111": "OR",
    "1000": "NOR",
    "1001": "XNOR",
    "1010": "not x₂",
    "1011": "x₂ implies x₁",
    "1100": "not x₁",
    "1101": "x₁ implies x₂",
    "1110": "NAND",
    "1111": "always",
}
MOST = 16
_SIDE, _MARGIN = 100.0, 0.35


@dataclass(frozen=True, slots=True)
class Panel:
    """One drawing: its title, a line of text below it, and the SVG element."""

    title: str
    text: str
    svg: str


def panels(certificate: Mapping[str, Any]) -> list[Panel]:
    """The drawings of a certificate over two inputs; none for other certificates."""
    kind = certificate.get("kind")
    if kind == "census" and certificate["inputs"] == 2 and "functions" in certificate:
        corners = [list(bits) for bits in itertools.product((0, 1), repeat=2)]
        return [
            panel
            for table, found in sorted(certificate["functions"].items())
            for panel in panels(
                {**found, "kind": "separator" if "weights" in found else "farkas", "points": corners}
                | {"labels": [int(digit) for digit in table]}
            )
        ]
    if kind not in ("separator", "farkas") or any(len(row) != 2 for row in certificate.get("points", [[]])):
        return []
    return [_panel(certificate)]


def _panel(certificate: Mapping[str, Any]) -> Panel:
    points = [(_number(x), _number(y)) for x, y in certificate["points"]]
    labels = list(certificate["labels"])
    frame = _Frame(points)
    title = _title(points, labels)
    if certificate["kind"] == "farkas":
        multipliers = [_number(m) for m in certificate["multipliers"]]
        marks, text = _meeting(points, labels, multipliers, frame), "no line"
    else:
        hidden = [(*map(_number, unit["weights"]), _number(unit["bias"])) for unit in certificate.get("hidden", ())]
        weights = [_number(w) for w in certificate["weights"]]
        marks, lines = _network(hidden, weights, _number(certificate["bias"]), frame, bool(certificate.get("skip")))
        text = "; ".join(_inequality(line) for line in lines)
    dots = "".join(_dot(frame.at(point), label) for point, label in zip(points, labels, strict=True))
    svg = (
        f'<svg class="plane" viewBox="0 0 {_SIDE:g} {_SIDE:g}" role="img" aria-label="{escape(title)}: {escape(text)}">'
        f"{marks}{dots}</svg>"
    )
    return Panel(title, text, svg)


def _number(value: Any) -> float:
    return float(Fraction(value))


def _title(points: Sequence[Point], labels: Sequence[int]) -> str:
    by_point = dict(zip(points, labels, strict=True))
    if sorted(by_point) == [(0, 0), (0, 1), (1, 0), (1, 1)] and len(points) == 4:
        return NAMES["".join(str(by_point[point]) for point in sorted(by_point))]
    return f"{len(points)} points"


class _Frame:
    """The square that is drawn, around the points, and the way from it to the picture."""

    def __init__(self, points: Sequence[Point]) -> None:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        span = max(max(xs) - min(xs), max(ys) - min(ys)) or 1.0
        pad = span * _MARGIN
        self.left = (min(xs) + max(xs) - span) / 2 - pad
        self.bottom = (min(ys) + max(ys) - span) / 2 - pad
        self.width = span + 2 * pad

    @property
    def square(self) -> list[Point]:
        right, top = self.left + self.width, self.bottom + self.width
        return [(self.left, self.bottom), (right, self.bottom), (right, top), (self.left, top)]

    def at(self, point: Point) -> Point:
        scale = _SIDE / self.width
        return (point[0] - self.left) * scale, _SIDE - (point[1] - self.bottom) * scale


def clip(polygon: Sequence[Point], line: Line) -> list[Point]:
    """The part of a convex polygon where a x + b y + c >= 0 (Sutherland and Hodgman 1974)."""
    a, b, c = line
    kept: list[Point] = []
    for (x0, y0), (x1, y1) in zip(polygon, [*polygon[1:], *polygon[:1]], strict=True):
        before, after = a * x0 + b * y0 + c, a * x1 + b * y1 + c
        if before >= 0:
            kept.append((x0, y0))
        if (before >= 0) != (after >= 0):
            t = before / (before - after)
            kept.append((x0 + t * (x1 - x0), y0 + t * (y1 - y0)))
    return kept


def _network(
    hidden: Sequence[Sequence[float]], weights: Sequence[float], bias: float, frame: _Frame, skip: bool
) -> tuple[str, list[Line]]:
    """The region where the output unit answers 1, and the lines of the units."""
    units: list[Line] = [(u[0], u[1], u[2]) for u in hidden]
    direct = (weights[-2], weights[-1]) if skip or not hidden else (0.0, 0.0)
    regions: list[list[Point]] = []
    lines = list(units)
    for bits in itertools.product((0, 1), repeat=len(units)):
        cell = frame.square
        for bit, (a, b, c) in zip(bits, units, strict=True):
            cell = clip(cell, (a, b, c) if bit else (-a, -b, -c)) if cell else []
        offset = bias + sum(w * bit for w, bit in zip(weights, bits, strict=False))
        if cell and (inside := clip(cell, (*direct, offset))):
            regions.append(inside)
        if direct != (0.0, 0.0):
            lines.append((*direct, offset))
    shade = "".join(f'<path class="one" d="{_path(region, frame)}z"/>' for region in regions)
    drawn = "".join(f'<path class="line" d="{_path(ends, frame)}"/>' for line in lines if (ends := _ends(line, frame)))
    return shade + drawn, lines or [(*direct, bias)]


def _ends(line: Line, frame: _Frame) -> list[Point]:
    """Where the line enters and leaves the frame; empty if it does not."""
    a, b, c = line
    corners = frame.square
    found: list[Point] = []
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        before, after = a * x0 + b * y0 + c, a * x1 + b * y1 + c
        if (before >= 0) != (after >= 0):
            t = before / (before - after)
            found.append((x0 + t * (x1 - x0), y0 + t * (y1 - y0)))
    return found


def _path(points: Sequence[Point], frame: _Frame) -> str:
    return "M" + "L".join(f"{x:.3g} {y:.3g}" for x, y in map(frame.at, points))


def _meeting(points: Sequence[Point], labels: Sequence[int], multipliers: Sequence[float], frame: _Frame) -> str:
    """The hull of the used points of each label, and a cross at the point both hulls contain."""
    total = sum(m for m, label in zip(multipliers, labels, strict=True) if label) or 1.0
    used = [(p, label, m) for p, label, m in zip(points, labels, multipliers, strict=True) if m]
    hulls = "".join(
        f'<path class="hull" d="{_path([p for p, label, _ in used if label == wanted], frame)}"/>' for wanted in (0, 1)
    )
    x, y = frame.at(
        (
            sum(p[0] * m for p, label, m in used if label) / total,
            sum(p[1] * m for p, label, m in used if label) / total,
        )
    )
    return f'{hulls}<path class="cross" d="M{x - 4:.3g} {y - 4:.3g}l8 8m0-8l-8 8"/>'


def _dot(at: Point, label: int) -> str:
    return f'<circle class="{"on" if label else "off"}" cx="{at[0]:.3g}" cy="{at[1]:.3g}"/>'


def _inequality(line: Line) -> str:
    """The line as a reader writes it: ``x₁ + 2x₂ − 1 ≥ 0``."""
    written = ""
    for value, unit in zip(line, ("x₁", "x₂", ""), strict=True):
        if value:
            size = f"{abs(value):g}"
            sign = (" − " if value < 0 else " + ") if written else ("−" if value < 0 else "")
            written += sign + ("" if unit and size == "1" else size) + unit
    return f"{written or '0'} ≥ 0"
