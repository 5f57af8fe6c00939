"""The line of shared weights drawn: where the labels are computed, and how many rows are right in between."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from proofs.networks.shared.cover import right_rows
from proofs.networks.shared.pieces import Piece, nearest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from proofs.networks.shared.accuracy import Accuracy
    from proofs.networks.shared.settling import Interval, SharedWeightSet
    from proofs.networks.shared.topology import Task

RIGHT, WRONG, BOUND = "#0072b2", "#d55e00", "#000000"
"""Blue and vermillion, told apart by everyone (Okabe and Ito 2008), and black."""
WEIGHTS = 401
NO_CERTIFICATE = "no certificate"


def draw_set(found: SharedWeightSet, interval: Interval | None = None) -> Axes:
    """The set as bars below the accuracy, which is worked out in floating point; open circles are ends left out."""
    low, high = interval or found.window or _around(found.right)
    ax = _accuracy(found.task, low, high)
    y = -0.08
    word, width = ("proved", 5) if found.verdict else (NO_CERTIFICATE, 1)
    for pieces, colour, name in (
        (found.right, RIGHT, f"all right ({word})"),
        (found.wrong, WRONG, f"a row wrong ({word})"),
    ):
        shown = [piece for piece in pieces if _meets(piece, low, high)]
        for number, piece in enumerate(shown):
            a = nearest(low) if piece.low is None else max(float(piece.low), nearest(low))
            b = nearest(high) if piece.high is None else min(float(piece.high), nearest(high))
            ax.plot(
                [a, b], [y, y], color=colour, linewidth=width, solid_capstyle="butt", label=None if number else name
            )
            for end, closed in ((piece.low, piece.closed_low), (piece.high, piece.closed_high)):
                if end is not None and low <= end.high and end.low <= high:
                    fill = colour if closed else "white"
                    ax.plot(float(end), y, "o", color=colour, markerfacecolor=fill, markersize=6)
    return _with_legend(ax)


def _meets(piece: Piece, low: Fraction, high: Fraction) -> bool:
    return (piece.low is None or piece.low.low <= high) and (piece.high is None or piece.high.high >= low)


def draw_accuracy(found: Accuracy) -> Axes:
    """The certified bound below the accuracy in floating point, and what was found right on each part."""
    ax = _accuracy(found.task, *found.interval)
    for number, (low, high, count) in enumerate(found.parts):
        share = [count / found.rows] * 2
        name = None if number else f"found right ({NO_CERTIFICATE})"
        ax.plot([nearest(low), nearest(high)], share, color=BOUND, linewidth=0.8, linestyle=":", label=name)
    for number, (low, high) in enumerate(found.proved):
        share, name = [float(found.share)] * 2, None if number else "at least (proved)"
        ax.plot([nearest(low), nearest(high)], share, color=BOUND, linewidth=2, solid_capstyle="butt", label=name)
    return _with_legend(ax)


def _with_legend(ax: Axes) -> Axes:
    """The legend above the axes, where it covers no line."""
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, fontsize="small", frameon=False)
    return ax


def _accuracy(task: Task, low: Fraction, high: Fraction) -> Axes:
    from matplotlib.figure import Figure

    ax = Figure(figsize=(7, 3), layout="constrained").subplots()
    weights = [low + (high - low) * Fraction(k, WEIGHTS - 1) for k in range(WEIGHTS)]
    shares = np.concatenate([right_rows(task, [w]).mean(axis=1) for w in weights])
    ax.plot([nearest(w) for w in weights], shares, color="#999999", linewidth=1, label="accuracy (floating point)")
    ax.set(xlabel="shared weight w", ylabel="share of rows right", ylim=(-0.16, 1.08))
    return ax


def _around(pieces: tuple[Piece, ...]) -> Interval:
    ends = [abs(float(end)) for piece in pieces for end in (piece.low, piece.high) if end is not None]
    reach = Fraction(max([1.0, *ends]) * 1.5).limit_denominator(100)
    return -reach, reach
