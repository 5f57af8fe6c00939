"""Search for a network that solves a task whatever weight its connections share, and say how well it does.

    python examples/weight_agnostic.py --task xor
    python examples/weight_agnostic.py --task digits --generations 1000 --processes 2 --output results/digits --resume
    python examples/weight_agnostic.py --task swingup --scheduler tcp://localhost:8786

The folder gets topology.json, table.md, network.png, weights.png and progress.png, the same bytes every time, and the
checkpoints from which --resume goes on after a stop. Where there are labels, test.csv holds the rows of the test,
inputs as the network gets them, scaled and exact, and class, for `gradproof shared`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from weight_agnostic_figures import draw_network, draw_progress, draw_weights, save_figure

from numeric.checkpoint import CheckpointError, write_whole
from numeric.wann import (
    ACTIVATIONS,
    PIECEWISE_POLYNOMIAL,
    TASKS,
    Settings,
    State,
    Task,
    Topology,
    search,
    tasks,
    tuning,
)
from numeric.wann.checkpoint import files, load, save
from proofs.separation import SeparationError
from proofs.separation.census import dask_cluster, local_processes

LASTING = tuple(name for name in ACTIVATIONS if name not in ("sin", "cos"))
POSITIVE = (0.1, 0.25, 0.5, 1.0, 1.5, 2.0)
BOTH = (-2.0, -1.0, -0.5, -0.1, 0.1, 0.5, 1.0, 2.0)

PRESETS: dict[str, tuple[int, Settings]] = {
    "xor": (140, Settings(weights=BOTH, activations=PIECEWISE_POLYNOMIAL, size=0.5, tournament=4, shrink=80)),
    "parity3": (400, Settings(weights=POSITIVE, activations=PIECEWISE_POLYNOMIAL, size=0.2, tournament=4, shrink=250)),
    "iris": (300, Settings(activations=LASTING, tournament=4)),
    "digits": (400, Settings(population=480, activations=LASTING, initial=0.05, tournament=16)),
    "mnist": (4096, Settings(population=960, initial=0.05, tournament=32)),
    "swingup": (1024, Settings(population=192)),
}
"""Generations and settings for each task; those of mnist and swingup are the paper's.

The others avoid sin and cos, with which a network can be right at just the weights of the search and not between them.
"""


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--task", choices=PRESETS, default="xor")
    parser.add_argument("--generations", type=int, help="how many; each task has a number of its own")
    parser.add_argument("--population", type=int, help="networks in a generation")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--size", type=int, default=16, help="width and height of the images of --task mnist (16)")
    parser.add_argument("--activations", help="the allowed ones, by commas")
    parser.add_argument("--output", type=Path, help="folder (results/wann/TASK)")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in the folder, if any")
    parser.add_argument("--every", type=int, default=10, help="generations between checkpoints (10)")
    parser.add_argument("--processes", type=int, default=1, help="0 is one for each core (1)")
    parser.add_argument("--scheduler", default="", metavar="tcp://HOST:PORT", help="run on this Dask cluster")
    parser.add_argument("--draws", type=int, default=100, help="random weights in the table (100)")
    parser.add_argument("--steps", type=int, help="steps of training in the table (1000; 100 without labels)")
    parser.add_argument("--quick", action="store_true", help="a small, short search: to try it")
    given = parser.parse_args()
    for name in ("draws", "steps", "every"):
        if getattr(given, name) is not None and getattr(given, name) < 1:
            parser.error(f"--{name} must be at least 1")
    if given.processes < 0:
        parser.error("--processes must be at least 0")
    return given


def chosen(given: argparse.Namespace) -> tuple[Task, Settings, int]:
    """The task, the settings and the number of generations. Raises ValueError."""
    generations, settings = PRESETS[given.task]
    task = tasks.mnist(given.size) if given.task == "mnist" else TASKS[given.task]()
    settings = replace(settings, seed=given.seed)
    if given.quick:
        generations, settings = 4, replace(settings, population=24, shrink=None)
        given.draws, given.steps = 10, 20
        if given.task == "swingup":
            task = tasks.swing_up(episodes=1, steps=50)
    if given.steps is None:
        given.steps = 1000 if task.slope else 100
    if given.population is not None:
        settings = replace(settings, population=given.population)
    if given.activations is not None:
        settings = replace(settings, activations=tuple(given.activations.split(",")))
    if given.generations is not None:
        generations = given.generations
    if generations < 1:
        raise ValueError(f"generations must be at least 1, got {generations}")
    return task, settings, generations


def searched(given: argparse.Namespace, task: Task, settings: Settings, generations: int, folder: Path) -> State:
    """The last state, with checkpoints on the way. Raises ValueError."""
    if files(folder) and not given.resume:
        raise ValueError(f"{folder} holds the checkpoints of a search; add --resume, or give another --output")
    state = load(folder, task, settings) if files(folder) else None
    with executor(given) as workers, bar(task, generations) as show:

        def each(state: State) -> None:
            show(state)
            if state.generation % given.every == 0 or state.generation >= generations:
                save(folder, task, settings, state)

        return search(task, settings, generations, state=state, executor=workers, each=each)


def executor(given: argparse.Namespace) -> AbstractContextManager[Executor | None]:
    if given.scheduler:
        return dask_cluster(given.scheduler)
    count = given.processes or os.cpu_count() or 1
    return nullcontext() if count == 1 else local_processes(count)


@contextmanager
def bar(task: Task, generations: int) -> Iterator[Callable[[State], None]]:
    """Generation, best and mean reward, connections and time left, on stderr."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(task.name),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        line = shown.add_task("", total=generations)

        def show(state: State) -> None:
            last = state.history[-1]
            text = f"best {last.best:.4g}  mean {last.mean:.4g}  connections {last.connections}"
            shown.update(line, completed=state.generation, description=text)

        yield show


def table(task: Task, topology: Topology, settings: Settings, draws: int, steps: int, seed: int) -> list[list[str]]:
    """Rows (weights, score on the training data, score on the test data), mean +- standard deviation over draws."""
    draw = np.random.default_rng(seed)
    free = draw.uniform(-tuning.REACH, tuning.REACH, (draws, topology.connections))
    one = draw.uniform(-tuning.REACH, tuning.REACH, draws)
    best = tuning.tuned(task, topology)
    runs = [tuning.train(task, topology, best, steps=steps, seed=seed + k).weights for k in range(3)]
    rows = []
    for name, weights in (
        (f"random weights ({draws} draws)", free),
        (f"random shared weight ({draws} draws)", tuning.shared(topology, one)),
        (f"tuned shared weight ({best:g})", tuning.shared(topology, [best])),
        (f"trained weights ({steps} steps, {len(runs)} runs)", np.array(runs)),
    ):
        found = [tuning.score(task, topology, weights, data) for data in (task.train, task.test)]
        rows.append([name, *map(spread, found)])
    votes = tuning.vote(task, topology, settings.weights)
    if votes is not None:
        rows.insert(3, [f"ensemble of {len(settings.weights)} shared weights", "", spread(np.array([votes]))])
    return rows


def spread(values: np.ndarray[Any, Any]) -> str:
    """``82.0 +- 18.7 %``, or plain numbers where a score is no share."""
    share = values.min() >= 0 and values.max() <= 1
    scaled = 100 * values if share else values
    text = f"{scaled.mean():.1f}" + (f" ± {scaled.std():.1f}" if len(values) > 1 else "")
    return text + (" %" if share else "")


def rows_csv(task: Task) -> str:
    """The test data as the network gets them, each input as the decimal that it is exactly, and the class."""
    columns, labels = task.test
    names = task.names or [f"x{k}" for k in range(1, task.inputs + 1)]
    lines = [
        [*(format(Decimal(float(x)), "f") for x in row), str(label)]
        for row, label in zip(columns.T, labels, strict=True)
    ]
    return "".join(f"{','.join(line)}\n" for line in [[*names, "class"], *lines])


def markdown(head: str, header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return head + "\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def write(folder: Path, task: Task, settings: Settings, state: State, draws: int, steps: int) -> None:
    """The network, the table and the figures."""
    assert state.champion is not None
    topology = state.champion.topology
    write_whole(folder / "topology.json", topology.to_text().encode())
    rows = table(task, topology, settings, draws, steps, settings.seed)
    reached = tuning.at_shared(task, topology, settings.weights, task.train)
    low, high = spread(reached.min(keepdims=True)), spread(reached.max(keepdims=True))
    what = "right on" if task.measure != "total reward" else "a total reward of"
    head = (
        f"{task.name}: {len(topology.nodes)} nodes, {topology.connections} connections, the best of {state.generation} "
        f"generations of {settings.population} with the seed {settings.seed}; at the {len(settings.weights)} shared "
        f"weights of the search {what} {low if low == high else f'{low} to {high}'}"
        f"{' of the rows' if task.measure != 'total reward' else ''}. {task.measure.capitalize()}:"
    )
    header = ["weights", "training data", "test data"]
    if task.test is task.train:
        rows, header = [[name, tested] for name, _, tested in rows], ["weights", "all rows"]
    write_whole(folder / "table.md", markdown(head, header, rows).encode())
    show(head, header, rows)
    grid = np.linspace(-tuning.REACH, tuning.REACH, 161)
    save_figure(draw_network(topology, task), folder / "network.png")
    save_figure(draw_weights(task, topology, grid, settings.weights), folder / "weights.png")
    save_figure(draw_progress(task, state.history), folder / "progress.png")
    print(f"written to {folder}: topology.json, table.md, network.png, weights.png, progress.png")
    if task.slope is not None:
        write_whole(folder / "test.csv", rows_csv(task).encode())
        print(
            f"{folder / 'test.csv'}: the rows of the test as the network gets them; which weights are right on them:\n"
            f"    gradproof shared {folder / 'topology.json'} --data {folder / 'test.csv'} --label class"
        )


def show(head: str, header: list[str], rows: list[list[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    shown = Table(title=head, title_justify="left")
    for k, name in enumerate(header):
        shown.add_column(name, justify="right" if k else "left")
    for row in rows:
        shown.add_row(*row)
    Console().print(shown)


def main() -> None:
    given = options()
    try:
        task, settings, generations = chosen(given)
        folder = given.output or Path("results") / "wann" / task.name
        state = searched(given, task, settings, generations, folder)
        write(folder, task, settings, state, given.draws, given.steps)
    except (CheckpointError, SeparationError, ValueError) as error:
        stop(f"error: {error}", 2)
    except OSError as error:
        stop(f"error: cannot write {error.filename}: {error.strerror}; choose another folder with --output", 2)
    except KeyboardInterrupt:
        stop("stopped; the same command with --resume goes on from the last checkpoint", 130)


def stop(message: str, code: int) -> NoReturn:
    print(message, file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
