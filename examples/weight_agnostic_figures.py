"""The pictures of weight_agnostic.py: the network as a layered graph, its score by the shared weight, the search."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator

from numeric.wann import Task, Topology, tuning
from numeric.wann.search import Record

INK, SOFT = "#1c1d20", "#5a5c64"
COLOURS = {
    "linear": "#e9e6df",
    "inverse": "#c9c5bb",
    "abs": "#f5d9a8",
    "relu": "#f0b26b",
    "square": "#e2935a",
    "step": "#e7b3b0",
    "sigmoid": "#bcd8c1",
    "tanh": "#8fc3a0",
    "gaussian": "#bcd3ee",
    "sin": "#93b5e1",
    "cos": "#b9b1df",
}


GRID = 24
"""With more inputs than this, a square number of them is drawn as the pixels of an image."""
CROWDED = 12
"""More nodes than this in a column are drawn small."""
FEW = 20
"""Up to so many generations are marked one by one."""
COLUMN = 1.55
"""Inches between columns."""


def layout(topology: Topology) -> dict[int, tuple[float, float]]:
    """A place (column, height in [0, 1]) for each value: inputs left, outputs right, few crossings.

    Pixels stand as in their image, of which the right edge is column 0; other inputs only where they are used.
    """
    first = topology.inputs + 1
    used = sorted({source for _, sources in topology.nodes for source in sources if source < first})
    column = dict.fromkeys(used, 0) | {first + k: level for k, level in enumerate(topology.levels())}
    last = max(column.values())
    column |= dict.fromkeys(topology.outputs, last)
    near: dict[int, list[int]] = {value: [] for value in column}
    for k, (_, sources) in enumerate(topology.nodes):
        for source in sources:
            near[source].append(first + k)
            near[first + k].append(source)
    columns = [[value for value in column if column[value] == k] for k in range(last + 1)]
    height = {value: (k + 0.5) / len(part) for part in columns for k, value in enumerate(part)}
    pixels = pixel_places(topology)
    height |= {value: 1 - y for value, (_, y) in pixels.items() if value in column}
    fixed = [columns[0]] if pixels else []
    fixed += [columns[-1]] if len(topology.outputs) > 1 else []
    for sweep in range(24):
        for part in columns if sweep % 2 else columns[::-1]:
            if any(part is other for other in fixed):
                continue
            wish = {v: np.mean([height[other] for other in near[v]]) if near[v] else height[v] for v in part}
            part.sort(key=lambda v: (wish[v], v))
            height |= {value: (k + 0.5) / len(part) for k, value in enumerate(part)}
    return {value: (column[value], 1 - height[value]) for value in column} | pixels


def pixel_places(topology: Topology) -> dict[int, tuple[float, float]]:
    """The places of all inputs as the pixels of a square image, and of the bias under it; none for few inputs."""
    side = math.isqrt(topology.inputs)
    if topology.inputs <= GRID or side * side != topology.inputs:
        return {}
    wide = 2.6
    high = min(wide * COLUMN / figure_height(topology), 0.85)
    places = {
        1 + k: (-wide + wide * (k % side + 0.5) / side, 0.5 + high * (0.5 - (k // side + 0.5) / side))
        for k in range(topology.inputs)
    }
    return {0: (-wide / 2, 0.45 - high / 2)} | places


def figure_height(topology: Topology) -> float:
    """Inches for the column with the most nodes."""
    tallest = max(Counter(topology.levels()).values())
    if topology.inputs <= GRID:
        tallest = max(tallest, len({source for _, sources in topology.nodes for source in sources if source <= GRID}))
    return min(max((0.32 if tallest > CROWDED else 0.5) * tallest, 2.6), 12.0)


def draw_network(topology: Topology, task: Task) -> Figure:
    """Each node in a box with its activation, edges from left to right; pixels are darker the more edges use them."""
    places, pixels = layout(topology), pixel_places(topology)
    first = topology.inputs + 1
    boxes = {value: place for value, place in places.items() if value not in pixels}
    columns = max(int(x) for x, _ in boxes.values()) + 1
    crowded = max(Counter(int(x) for x, _ in boxes.values()).values()) > CROWDED
    left = min(x for x, _ in places.values())
    width = min(max(COLUMN * (columns - left), 5), 22)
    figure = Figure(figsize=(width, figure_height(topology)), dpi=130, layout="constrained")
    axes = figure.subplots()
    drawn: dict[int, Text] = {}
    edges = [(source, first + k) for k, (_, sources) in enumerate(topology.nodes) for source in sources]
    _draw_pixels(axes, pixels, [source for source, _ in edges], topology.inputs)
    for value, (x, y) in boxes.items():
        activation = topology.nodes[value - first].activation if value >= first else None
        label = activation or ("1" if value == 0 else task.names[value - 1] if task.names else f"$x_{{{value}}}$")
        drawn[value] = axes.text(
            x,
            y,
            label,
            ha="center",
            va="center",
            fontsize=7.5 if crowded else 9.5,
            color=INK,
            zorder=3,
            bbox={
                "boxstyle": "round,pad=0.25" if crowded else "round,pad=0.4",
                "facecolor": COLOURS[activation] if activation else "white",
                "edgecolor": SOFT,
                "linewidth": 0.6 if crowded else 0.9,
            },
        )
    for k, output in enumerate(topology.outputs):
        name = task.classes[k] if task.classes else str(k) if len(topology.outputs) > 1 else "output"
        axes.annotate(name, places[output], (32, 0), textcoords="offset points", va="center", fontsize=9.5, color=SOFT)
    axes.set(xlim=(left - 0.4, columns - (0.3 if not task.classes else 0.1)), ylim=(0, 1))
    axes.axis("off")
    axes.set_title(
        f"{task.name}: {len(topology.nodes)} nodes, {topology.connections} connections, one shared weight",
        fontsize=11,
        color=INK,
    )
    figure.draw_without_rendering()  # gives the boxes the sizes at which the edges end
    for source, target in edges:
        (x0, y0), (x1, y1) = places[source], places[target]
        bend = 0.0 if x1 - x0 <= 1 or source in pixels else 0.5 / (x1 - x0) * (1 if y0 < y1 else -1)
        axes.add_patch(
            FancyArrowPatch(
                (x0, y0),
                (x1, y1),
                connectionstyle=f"arc3,rad={bend}",
                arrowstyle="-" if crowded else "-|>",
                mutation_scale=9,
                patchA=drawn[source].get_bbox_patch() if source in drawn else None,
                patchB=drawn[target].get_bbox_patch(),
                shrinkA=0,
                shrinkB=0,
                color="#0072b2" if source in pixels else SOFT,
                linewidth=0.5 if crowded else 1.0,
                alpha=0.3 if source in pixels else 0.55 if crowded else 0.8,
                zorder=1,
                clip_on=False,
            )
        )
    return figure


def _draw_pixels(axes: Axes, pixels: dict[int, tuple[float, float]], sources: list[int], inputs: int) -> None:
    """The image of the inputs, each pixel shaded by how many edges leave it."""
    if not pixels:
        return
    side = math.isqrt(inputs)
    count = Counter(sources)
    most = max(count.values())
    wide, high = pixels[2][0] - pixels[1][0], pixels[1][1] - pixels[1 + side][1]
    for value, (x, y) in pixels.items():
        if value:
            shade = str(0.97 - 0.6 * count[value] / most)
            corner = (x - wide / 2, y - high / 2)
            axes.add_patch(Rectangle(corner, wide, high, facecolor=shade, edgecolor="white", linewidth=0.5, zorder=0))
    if count[0]:
        box = {"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": SOFT, "linewidth": 0.6}
        axes.text(*pixels[0], "1", ha="center", va="center", fontsize=7.5, bbox=box, zorder=3)


def draw_weights(task: Task, topology: Topology, grid: np.ndarray, marked: Sequence[float]) -> Figure:
    """The score on training and test data at every shared weight of the grid; dots where the search looked."""
    figure = Figure(figsize=(6.4, 3.6), dpi=130, layout="constrained")
    axes = figure.subplots()
    parts = {"test data": (task.test, "#0072b2"), "training data": (task.train, "#d55e00")}
    if task.test is task.train:
        parts.pop("test data")
        parts = {"all rows": parts["training data"]}
    for name, (data, colour) in parts.items():
        axes.plot(grid, tuning.at_shared(task, topology, grid, data), color=colour, linewidth=1.6, label=name)
        found = tuning.at_shared(task, topology, marked, data)
        axes.plot(marked, found, "o", color=colour, markersize=4.5, clip_on=False, zorder=3)
    axes.axvline(0, color=SOFT, linewidth=0.6, linestyle=":")
    axes.set(xlabel="shared weight", ylabel=task.measure, xlim=(grid[0], grid[-1]))
    if task.measure != "total reward":
        axes.set_ylim(0, 1.03)
    axes.legend(loc="lower right", frameon=False, title="dots: weights of the search", title_fontsize=8)
    _plain(axes)
    return figure


def draw_progress(task: Task, history: Sequence[Record]) -> Figure:
    """Best and mean reward and the best network's connections, generation by generation."""
    figure = Figure(figsize=(6.4, 4.6), dpi=130, layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    rows = np.array(history, dtype=np.float64)
    generations = np.arange(1, len(rows) + 1)
    marks = {"marker": "o" if len(rows) <= FEW else None, "markersize": 4}
    above.plot(generations, rows[:, 0], color="#0072b2", linewidth=1.5, label="best network", **marks)
    above.plot(generations, rows[:, 1], color="#d55e00", linewidth=1.0, label="mean of the population", **marks)
    high, least = float(rows[:, 0].max()), float(rows[:, :2].min())
    low = min(rows[0, 0], float(np.quantile(rows[:, 1], 0.1)))
    low = least if high - least <= 3 * (high - low) else low
    above.set_ylim(low - 0.05 * (high - low), high + 0.05 * (high - low) + 1e-9)
    above.set(ylabel="reward, mean over\nshared weights", title=task.name)
    above.legend(loc="best", frameon=False)
    below.plot(generations, rows[:, 3], color=INK, linewidth=1.2, **marks)
    below.xaxis.set_major_locator(MaxNLocator(integer=True))
    below.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
    if len(rows) == 1:
        below.set_xlim(0.5, 1.5)
    below.set(xlabel="generation", ylabel="connections of\nthe best network")
    below.set_ylim(bottom=0)
    for axes in (above, below):
        _plain(axes)
    return figure


def save_figure(figure: Figure, path: Path) -> None:
    """Write the figure as a PNG with the same bytes every time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Software": None})


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=SOFT)
