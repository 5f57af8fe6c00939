"""A picture of two features: the rows, and the line that separates them or the point where their hulls meet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from proofs.separation.data import SeparationError
from proofs.separation.tables import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from proofs.separation.separation import Separation

COLOURS = ("#d55e00", "#0072b2")
"""Vermillion and blue, told apart by everyone (Okabe and Ito 2008): the other class, the positive one."""


def draw(asked: Separation, features: Sequence[str | int] | None, ax: Axes | None) -> Axes:
    """`Separation.plot`."""
    from proofs.separation.certify import settle_table
    from proofs.separation.separation import Separation

    two = _two(asked.table, features)
    shown = asked
    if two.names != asked.table.names:
        settled = settle_table(two, asked.labels.tolist(), positive=True, seconds=asked.seconds)
        assert isinstance(settled, Separation)
        shown = settled
    if ax is None:
        from matplotlib.figure import Figure

        ax = Figure(figsize=(5, 4), layout="constrained").subplots()
    x, y = (column.floats() for column in two.columns)
    for side, name, marker in ((False, asked.negative, "o"), (True, asked.positive, "^")):
        rows = asked.labels == side
        ax.scatter(x[rows], y[rows], c=COLOURS[side], marker=marker, s=22, alpha=0.75, label=name, linewidths=0)
    ax.set(xlabel=two.names[0], ylabel=two.names[1])
    if shown.weights is not None and shown.bias is not None:
        _line(ax, shown.weights, shown.bias)
    elif shown.support:
        places = [int(np.flatnonzero(shown.row_numbers == row)[0]) for row in shown.support]
        weights = np.array([float(m) for m in shown.multipliers])
        inside = asked.labels[places]
        meeting = [float((weights * part[places])[inside].sum()) for part in (x, y)]
        for side in (False, True):
            _hull(ax, x[asked.labels == side], y[asked.labels == side], COLOURS[side])
        ax.plot(*meeting, "kX", markersize=9, label="the hulls meet")
    word = {True: "separable (proved)", False: "not separable (proved)", None: "undecided"}[shown.separable]
    alone = "" if shown is asked else " by these two features alone"
    ax.set_title(f"{asked.positive} and {asked.negative}: {word}{alone}", fontsize="medium")
    ax.legend()
    return ax


def _two(table: Table, features: Sequence[str | int] | None) -> Table:
    wanted = tuple(features) if features is not None else table.names
    if len(wanted) != 2:
        raise SeparationError(
            f"features: expected two of {', '.join(table.names[:20])}, got {len(wanted)}; write plot(features=(0, 1))"
        )
    found = []
    for feature in wanted:
        if isinstance(feature, int) and 0 <= feature < len(table.columns):
            found.append(table.columns[feature])
        elif feature in table.names:
            found.append(table.columns[table.names.index(str(feature))])
        else:
            raise SeparationError(f"features: expected a name or number of a feature, got {feature!r}")
    return Table(tuple(found))


def _line(ax: Axes, weights: Sequence[int], bias: int) -> None:
    """The line in the axes' window; integers of any length are brought down to floats first."""
    size = max(map(abs, (*weights, bias))) or 1
    w0, w1, b = (value / size for value in (*weights, bias))
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    if w1 and abs(w1) * (high - low) >= abs(w0) * (right - left):
        ax.plot([left, right], [-(w0 * x + b) / w1 for x in (left, right)], "k-", linewidth=1.2)
    elif w0:
        ax.plot([-(w1 * y + b) / w0 for y in (low, high)], [low, high], "k-", linewidth=1.2)
    ax.set(xlim=(left, right), ylim=(low, high))


def _hull(ax: Axes, x: np.ndarray, y: np.ndarray, colour: str) -> None:
    """The convex hull of some points, shaded (Andrew's monotone chain)."""
    points = sorted(set(zip(x.tolist(), y.tolist(), strict=True)))
    chains = []
    for ordered in (points, points[::-1]):
        chain: list[tuple[float, float]] = []
        for point in ordered:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        chains += chain[:-1]
    if len(chains) > 1:
        ax.fill(*zip(*chains, strict=True), color=colour, alpha=0.12)


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
