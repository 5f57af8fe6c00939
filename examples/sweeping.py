"""What learning_rates.py, regularization.py and tune.py share: options, a sweep with its bar, tables, bands."""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from numeric.checkpoint import CheckpointError
from numeric.data import DataError
from numeric.settings import Point, Settings
from numeric.sweep import EMBEDDED, Cell, Outcome, SweepError, digest, run_grid
from proofs.separation import SeparationError
from proofs.separation.census import dask_cluster, local_processes

ROWS = 50_000
"""The training rows of the document: its epochs decide how many steps are taken, whatever data is at hand."""
QUICK = 20
"""What the document's steps are divided by in quick runs, which have 16 hidden units and larger first weights, to learn
something in so few steps."""
Results = dict[Cell, Outcome]


def options(description: str, name: str) -> argparse.Namespace:
    """The command line's options, checked."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--data", default="", help=f"{', '.join(EMBEDDED)} (the first), or a folder with the four IDX files"
    )
    parser.add_argument("--seeds", type=int, default=0, help="runs of every setting (5)")
    parser.add_argument("--workers", type=int, default=0, help="processes; 0 is one for each core, 1 is this one alone")
    parser.add_argument("--scheduler", default="", metavar="tcp://HOST:PORT", help="run on this Dask cluster")
    parser.add_argument(
        "--results", type=Path, default=Path("results") / name, help="folder of finished runs and figures"
    )
    parser.add_argument("--quick", action="store_true", help="8x8 digits, two seeds, a few steps: to try it")
    found = parser.parse_args()
    found.name = name
    if found.seeds < 0 or found.workers < 0:
        parser.error("--seeds and --workers must be at least 0, which leaves it to the program")
    found.data = found.data or ("digits-8x8" if found.quick else "mnist-5k")
    found.seeds = found.seeds or (2 if found.quick else 5)
    try:
        found.content = digest(found.data)
    except DataError as error:
        _end(f"error: {error}", 2)
    found.workers = found.workers or (1 if found.quick else os.cpu_count() or 1)
    return found


def steps_of(epochs: int, batch: int = 64, quick: bool = False) -> int:
    """The steps of so many epochs of ROWS rows: 782 and 7,820 for 1 and 10 at batch 64; fewer when quick."""
    return epochs * math.ceil(ROWS / batch) // (QUICK if quick else 1)


def differences(given: argparse.Namespace) -> str:
    """What is not as in the document's runs, empty if nothing is known to differ."""
    data = {"mnist-5k": "5,000 rows of MNIST in place of 70,000", "digits-8x8": "digits-8x8 in place of MNIST"}
    quick = [f"1/{QUICK} of the steps, 16 hidden units in place of 128, larger first weights"] if given.quick else []
    return ", ".join([*filter(None, [data.get(given.data)]), *quick])


def cell(given: argparse.Namespace, seed: int, epochs: int, units: int = 128, **settings: Any) -> Cell:
    """One run of the document's network: sigmoid, 128 hidden units, batch 64 unless said otherwise."""
    steps = steps_of(epochs, settings.get("batch", 64), given.quick)
    every = max(1, round(steps / (8 if given.quick else 40)))
    run = Settings(seed=seed, steps=steps, every=every, **settings)
    return Cell(given.data, run, 16 if given.quick else units, 0.3 if given.quick else 1e-3, content=given.content)


def swept(given: argparse.Namespace, cells: Sequence[Cell]) -> Results:
    """All outcomes, from the results folder or run now; a bar on stderr. Ends the program where input is wrong."""
    try:
        with _executor(given) as executor, _bar(cells) as (finished, progress):
            return run_grid(cells, folder=given.results, executor=executor, finished=finished, progress=progress)
    except (CheckpointError, DataError, SeparationError, SweepError) as error:
        _end(f"error: {error}", 2)
    except KeyboardInterrupt:
        _end(f"stopped; the same command goes on from what is in {given.results}", 130)


def _end(message: str, code: int) -> NoReturn:
    print(message, file=sys.stderr)
    raise SystemExit(code)


def _executor(given: argparse.Namespace) -> Any:
    if given.scheduler:
        return dask_cluster(given.scheduler)
    return nullcontext() if given.workers == 1 else local_processes(given.workers)


@contextmanager
def _bar(cells: Sequence[Cell]) -> Iterator[tuple[Callable[[Cell, Outcome], None], Callable[[Cell, Point], None]]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=sum(cell.settings.steps for cell in cells))
        done = 0

        def say(cell: Cell, point: Point, at: int) -> None:
            s = cell.settings
            text = f"rate {s.rate:g} reg {s.reg:g} batch {s.batch} seed {s.seed}: "
            bar.update(task, completed=at, description=text + f"loss {point.loss:.3f} accuracy {point.accuracy:.3f}")

        def finished(cell: Cell, outcome: Outcome) -> None:
            nonlocal done
            done += cell.settings.steps
            if outcome.curve:
                say(cell, outcome.curve[-1], done)

        yield finished, lambda cell, point: say(cell, point, done + point.step)


def last(results: Results, cells: Iterable[Cell], part: str) -> np.ndarray:
    """The final accuracies of these runs on "training", "validation" or "test" rows; NaN for a run that diverged."""
    found = [results[cell] for cell in cells]
    if part == "test":
        return np.array([math.nan if run.diverged else run.test_accuracy for run in found])
    at = {"training": 2, "validation": 4}[part]
    return np.array([math.nan if run.diverged else run.curve[-1][at] for run in found], dtype=float)


def spread(values: np.ndarray) -> str:
    """``.753 (.740-.771)``: the mean and the range over seeds."""
    mean, low, high = (f"{v:.3f}".removeprefix("0") for v in (values.mean(), values.min(), values.max()))
    return f"{mean} ({low}-{high})"


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table in Markdown, columns aligned."""
    table = [list(header), *map(list, rows)]
    widths = [max(len(row[k]) for row in table) for k in range(len(header))]
    table.insert(1, ["-" * width for width in widths])
    for row in table:
        print("| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |")


def figure(columns: int) -> Any:
    """A row of panels, drawn without a screen."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    drawn, axes = plt.subplots(1, columns, figsize=(5.2 * columns, 4.6))
    drawn.subplots_adjust(left=0.045, right=0.985, top=0.92, bottom=0.27, wspace=0.2)
    return drawn, axes


def draw_curves(axes: Any, results: Results, groups: dict[str, list[Cell]], title: str) -> None:
    """Accuracy by step: validation as a line with the range over seeds as a band, training dashed, a colour a group."""
    for colour, (label, cells) in enumerate(groups.items()):
        runs = [results[cell] for cell in cells if not results[cell].diverged]
        if not runs:
            continue
        steps = [point.step for point in runs[0].curve]
        training = np.array([[point.accuracy for point in run.curve] for run in runs])
        validation = np.array([[point.validation_accuracy for point in run.curve] for run in runs])
        axes.fill_between(steps, validation.min(0), validation.max(0), color=f"C{colour}", alpha=0.2, linewidth=0)
        axes.plot(steps, validation.mean(0), color=f"C{colour}", label=label)
        axes.plot(steps, training.mean(0), color=f"C{colour}", linestyle="--", linewidth=0.9)
    data = Path(next(iter(groups.values()))[0].data).name
    axes.set(
        title=f"{title}: validation, dashed training", xlabel=f"steps on {data}", ylabel="accuracy", ylim=(0, 1.02)
    )
    legend_below(axes)


def show_ends(axes: Any, ends: Iterable[np.ndarray]) -> None:
    """Limits that leave out the beginnings of the curves but none of these final accuracies."""
    found = np.concatenate([np.ravel(values) for values in ends])
    lowest = np.min(found[np.isfinite(found)], initial=1.0)
    axes.set_ylim(max(0.0, np.floor(10 * lowest) / 10 - 0.1), 1.01)


def legend_below(axes: Any, columns: int = 2) -> None:
    """The legend under the panel, where it hides nothing."""
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=columns, frameon=False)


def draw_ends(axes: Any, x: Sequence[float], series: dict[str, Sequence[np.ndarray]], **labels: Any) -> None:
    """The mean of each array by x, on a logarithmic axis, with its range as a band; a line a series."""
    for colour, (label, values) in enumerate(series.items()):
        low, mean, high = ([f(v) for v in values] for f in (np.min, np.mean, np.max))
        axes.fill_between(x, low, high, color=f"C{colour}", alpha=0.2, linewidth=0)
        axes.plot(x, mean, "o-", color=f"C{colour}", markersize=4, label=label)
    axes.set(xscale="log", ylim=(0, 1.02), **labels)


def vary(given: argparse.Namespace, setting: str, document: dict[float, tuple[float, float]], **fixed: Any) -> None:
    """Run a table of the document again, one setting varied: after one of its epochs, and after ten.

    `document` has its training and test accuracy for each value of the setting.
    """
    groups = {
        epochs: {
            value: [cell(given, seed, epochs, **{setting: value}, **fixed) for seed in range(given.seeds)]
            for value in document
        }
        for epochs in (1, 10)
    }
    results = swept(given, [run for group in groups.values() for runs in group.values() for run in runs])
    drawn, axes = figure(3)
    tests = [test for _, test in document.values()]
    series, away = {}, []
    for panel, (epochs, group) in zip(axes, groups.items(), strict=False):
        steps = f"{steps_of(epochs, quick=given.quick):,} steps"
        print(f"\nAccuracy after {steps}, data {given.data}: mean (range) over {given.seeds} seeds\n")
        print_table(
            [setting, "document, training", "training", "validation", "document, test", "test"],
            (
                [f"{value:g}", f"{document[value][0]:.4f}"]
                + [spread(last(results, runs, part)) for part in ("training", "validation")]
                + [f"{document[value][1]:.4f}", spread(last(results, runs, "test"))]
                for value, runs in group.items()
            ),
        )
        draw_curves(panel, results, {f"{setting} {value:g}": runs for value, runs in group.items()}, steps)
        series[f"after {steps}"] = ends = [last(results, runs, "test") for runs in group.values()]
        apart = np.mean([abs(test - values.mean()) for test, values in zip(tests, ends, strict=True)])
        away.append(f"{apart:.3f} after {steps}")
    if said := differences(given):
        print(f"\nNot as in the document: {said}.")
    if not given.quick and given.data != "digits-8x8":
        print(f"\nOn average the document's test accuracies are away from these by {' and '.join(away)}.")
    draw_ends(axes[2], list(document), series, title="At the end", xlabel=setting, ylabel="test accuracy")
    axes[2].plot(list(document), tests, "kx", label="document")
    legend_below(axes[2])
    save_figure(drawn, given.results / f"{given.name}.png")


def save_figure(drawn: Any, path: Path) -> None:
    """Write the figure as a PNG with the same bytes every time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn.savefig(path, dpi=110, metadata={"Software": None})
    print(f"figure: {path}")
