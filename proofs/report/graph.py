"""Which result rests on which, as a small picture: columns from premises to conclusions, one node a theorem."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from proofs.claim import Status

COLUMN, ROW, WIDTH, HEIGHT, GAP = 226, 48, 190, 38, 22
_SWEEPS = 8


def without_shortcuts(premises: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The premises that no other premise already rests on (the transitive reduction)."""

    def below(name: str) -> set[str]:
        return {name}.union(*(below(premise) for premise in premises[name]))

    return {
        name: tuple(p for p in found if not any(p in below(other) for other in found if other != p))
        for name, found in premises.items()
    }


def families(premises: Mapping[str, tuple[str, ...]]) -> list[dict[str, tuple[str, ...]]]:
    """The theorems that hang together, in the order of their first members."""
    family = {name: {name} for name in premises}
    for name, found in premises.items():
        together = family[name].union(*(family[premise] for premise in found))
        for member in together:
            family[member] = together
    heads = dict.fromkeys(next(name for name in premises if name in family[member]) for member in premises)
    return [{name: premises[name] for name in premises if name in family[head]} for head in heads]


def columns(premises: Mapping[str, tuple[str, ...]]) -> list[list[str]]:
    """Theorems by the length of the longest chain of premises below them; few crossings within a column."""
    depth: dict[str, int] = {}

    def measure(name: str) -> int:
        if name not in depth:
            depth[name] = 1 + max((measure(p) for p in premises[name]), default=-1)
        return depth[name]

    placed: list[list[str]] = [[] for _ in range(1 + max(map(measure, premises), default=-1))]
    for name in premises:
        placed[depth[name]].append(name)
    above = {name: [other for other in premises if name in premises[other]] for name in premises}
    for sweep in range(_SWEEPS):
        near = premises if sweep % 2 == 0 else above
        height = {name: k - len(column) / 2 for column in placed for k, name in enumerate(column)}
        for column in placed:
            column.sort(key=lambda name: (_mean([height[p] for p in near[name]], height[name]), name))
    return placed


def _mean(numbers: list[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise


def positions(premises: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, tuple[int, int]], int, int]:
    """The top left corner of every node, and the picture's width and height: family below family, the lonely last."""
    at: dict[str, tuple[int, int]] = {}
    top, across = 0, 4
    linked = [family for family in families(premises) if len(family) > 1]
    for placed in map(columns, linked):
        tallest = max(map(len, placed))
        across = max(across, len(placed))
        for c, column in enumerate(placed):
            start = top + (tallest - len(column)) * ROW // 2
            at.update((name, (c * COLUMN, start + k * ROW)) for k, name in enumerate(column))
        top += tallest * ROW + GAP
    alone = [name for name in premises if name not in at]
    at.update((name, (k % across * COLUMN, top + k // across * ROW)) for k, name in enumerate(alone))
    right = max((x for x, _ in at.values()), default=0) + WIDTH
    bottom = max((y for _, y in at.values()), default=0) + HEIGHT
    return at, right, bottom


def dependency_graph(premises: Mapping[str, tuple[str, ...]], status: Mapping[str, Status]) -> str:
    """An SVG element: arrows lead from premises to what rests on them; border, tint, mark and word tell the status."""
    premises = without_shortcuts(premises)
    at, width, height = positions(premises)
    edges = [_edge(at[premise], at[name]) for name, below in premises.items() for premise in below if premise in at]
    nodes = [_node(name, at[name], status[name]) for name in premises]
    return (
        f'<svg class="graph" viewBox="-3 -3 {width + 6} {height + 6}" role="img" aria-label="{len(premises)} results; '
        f'an arrow leads from a result to each one that rests on it. The same is said in words with every result.">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0.8 7.4 4 0 7.2z"/></marker></defs>'
        f'<g class="edges">{"".join(edges)}</g>{"".join(nodes)}</svg>'
    )


def _edge(start: tuple[int, int], end: tuple[int, int]) -> str:
    x0, y0 = start[0] + WIDTH, start[1] + HEIGHT // 2
    x1, y1 = end[0], end[1] + HEIGHT // 2
    bend = (x1 - x0) // 2
    return f'<path d="M{x0} {y0}C{x0 + bend} {y0} {x1 - bend} {y1} {x1} {y1}"/>'


def _node(name: str, at: tuple[int, int], status: Status) -> str:
    """A box around its place; its size and the shape of its corners are in style.css."""
    middle = f"{at[0] + WIDTH // 2} {at[1] + HEIGHT // 2}"
    return (
        f'<a class="{status.lower()}" href="#{escape(name)}" transform="translate({middle})"><rect/>'
        f'<text y="-3">{escape(name.replace("_", " "))}</text>'
        f'<text class="word" y="11">{status.mark} {status.value}</text></a>'
    )
