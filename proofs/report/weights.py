"""A network whose connections share one weight, drawn with the line of weights below it, from a certificate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from html import escape
from itertools import groupby, pairwise
from typing import Any

MOST_NODES = 40
BENDS = (0, -40, 40, -70, 70, -100, 100, -140, 140)
"""How far the middle of an edge's curve is pulled down, in the order in which they are tried."""
Place = tuple[float, float]
_WIDTH, _STEP, _LINE = 640, 46, 90
_WIDE, _HIGH = 58, 24


def drawn(certificate: Mapping[str, Any]) -> str:
    """An SVG element of a certificate of kind shared_weight; empty where the network has more than 40 nodes."""
    topology = certificate["topology"]
    if len(topology["nodes"]) > MOST_NODES:
        return ""
    places = _places(topology)
    height = max(y for _, y in places.values()) + _STEP
    edges = "".join(
        _edge(source, number, places)
        for number, (_, sources) in enumerate(topology["nodes"], topology["inputs"] + 1)
        for source in sources
        if number in places
    )
    names = ["1", *(f"x{k}" for k in range(1, topology["inputs"] + 1)), *(name for name, _ in topology["nodes"])]
    shown = "".join(_node(names[k], *place, out=k in topology["outputs"]) for k, place in places.items())
    line = _line(certificate, height)
    label = escape(f"The network, {len(topology['nodes'])} nodes, and for which shared weights its answers are right")
    return (
        f'<svg class="plane weights" viewBox="0 0 {_WIDTH} {height + _LINE}" role="img" aria-label="{label}">'
        f"{edges}{shown}{line}</svg>"
    )


def _places(topology: Mapping[str, Any]) -> dict[int, Place]:
    """Each value that is read or is an output: its column is the longest way to it, its row its place in the column."""
    used = {source for _, sources in topology["nodes"] for source in sources} | set(topology["outputs"])
    level = [0] * (topology["inputs"] + 1)
    for _, sources in topology["nodes"]:
        level.append(1 + max((level[source] for source in sources), default=0))
    wide = (_WIDTH - 80) / max(level)
    columns = {k: [n for n in range(len(level)) if n in used and level[n] == k] for k in range(max(level) + 1)}
    tallest = max(map(len, columns.values()))
    return {
        number: (40 + k * wide, _STEP * (place + 0.7 + (tallest - len(column)) / 2) + 13 * (k % 2))
        for k, column in columns.items()
        for place, number in enumerate(column)
    }


def _edge(source: int, target: int, places: Mapping[int, Place]) -> str:
    """A line, or where it would run behind another node the least bent curve that does so least."""
    start, end = places[source], places[target]
    others = [place for number, place in places.items() if number not in (source, target)]
    bend = min(BENDS, key=lambda bend: _hidden(start, end, bend, others))
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + bend
    way = f"Q{x:g} {y:g} " if bend else "L"
    return f'<path class="line" fill="none" d="M{start[0]:g} {start[1]:g}{way}{end[0]:g} {end[1]:g}"/>'


def _hidden(start: Place, end: Place, bend: int, others: Sequence[Place]) -> int:
    """How many of 65 points of a curve lie in other nodes' boxes, or above or below all of them."""
    count, bottom = 0, max(y for _, y in (start, end, *others)) + _HIGH
    for k in range(65):
        t = k / 64
        x = start[0] + t * (end[0] - start[0])
        y = start[1] + t * (end[1] - start[1]) + 2 * t * (1 - t) * bend
        count += not 2 < y < bottom or any(abs(x - a) < _WIDE / 2 + 2 and abs(y - b) < _HIGH / 2 + 2 for a, b in others)
    return count


def _node(name: str, x: float, y: float, *, out: bool) -> str:
    place = f'x="{x - _WIDE / 2:g}" y="{y - _HIGH / 2:g}" width="{_WIDE}" height="{_HIGH}" rx="12"'
    box = f'<rect {place} class="{"one" if out else "off"}"/>'
    return f'{box}<text x="{x:g}" y="{y + 4:g}">{escape(name)}</text>'


def _line(certificate: Mapping[str, Any], top: float) -> str:
    """The line of weights, not to scale: thick where every answer is right, a ring at an end that is left out."""
    cells, y = certificate["cells"], top + 30
    runs = [(right, [*group]) for right, group in groupby(range(len(cells)), key=lambda cell: cells[cell] < 0)]
    breaks = _breaks(certificate)
    ends = sorted({(group[0] - 1) // 2 for _, group in runs[1:]} | {group[-1] // 2 for _, group in runs[:-1]})
    at = {end: 60 + (_WIDTH - 120) * (k + 1) / (len(ends) + 1) for k, end in enumerate(ends)}
    parts = [f'<path class="line" d="M20 {y:g}H{_WIDTH - 20}"/>']
    for right, group in runs:
        if right:
            left = at[(group[0] - 1) // 2] if group[0] else 20
            last = at[group[-1] // 2] if group[-1] < len(cells) - 1 else _WIDTH - 20
            parts.append(f'<path class="right" d="M{left:g} {y:g}H{last:g}"/>')
    for end, x in at.items():
        kind = "on" if cells[2 * end + 1] < 0 else "off"
        text = f"{breaks[end]:.4g}".replace("-", "−")
        parts.append(
            f'<circle class="{kind}" cx="{x:g}" cy="{y:g}" r="5"/><text x="{x:g}" y="{y + 26:g}">{text}</text>'
        )
    parts.append(f'<text x="{_WIDTH - 30}" y="{y + 26:g}">w</text>')
    return "".join(parts)


def _breaks(certificate: Mapping[str, Any]) -> list[float]:
    """The break points, by halving the interval between two samples where a factor changes its sign."""
    found = []
    factors = [[Fraction(a) for a in factor] for factor in certificate["factors"]]
    for low, high in pairwise(Fraction(x) for x in certificate["samples"]):
        factor = next(f for f in factors if _value(f, low) * _value(f, high) < 0)
        for _ in range(40):
            middle = (low + high) / 2
            if _value(factor, low) * _value(factor, middle) <= 0:
                high = middle
            else:
                low = middle
        found.append(float(high))
    return found


def _value(factor: Sequence[Fraction], x: Fraction) -> Fraction:
    total = Fraction(0)
    for a in reversed(factor):
        total = total * x + a
    return total
