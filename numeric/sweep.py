"""A grid of training runs, each kept as soon as it is finished: on any executor, going on after a kill.

Everything that decides a run is in its `Cell`, so that any process on any machine computes the same. Results lie in
one folder, a JSON file for each cell, written whole; a cell that was begun but not finished goes on from its
checkpoint there, where the process that takes it up sees the same folder.
"""

import json
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, as_completed
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, NamedTuple

from numeric import network, regression
from numeric.checkpoint import write_whole
from numeric.data import DataError, Images, digits_8x8, idx_files, idx_folder, mnist_5k, split
from numeric.settings import Point, Settings, TrainingError
from numeric.training import evaluate, train

VERSION = 1
LARGEST = 10_000_000
EMBEDDED = {"mnist-5k": mnist_5k, "digits-8x8": digits_8x8}


class SweepError(ValueError):
    """A result that cannot be used: names its file."""


@dataclass(frozen=True)
class Cell:
    """One run: data (a name in EMBEDDED or an IDX folder), settings, hidden units (0: softmax regression), the standard
    deviation of the first weights, and what `digest` says of the data; all drawn by `settings.seed`."""

    data: str
    settings: Settings
    units: int = 128
    scale: float = 1e-3
    content: str = ""

    @property
    def key(self) -> str:
        """A name for its files: a digest of everything in it."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]


class Outcome(NamedTuple):
    """The learning curve and the mean loss and accuracy of the last parameters on the test rows.

    A run that diverged has no curve and says why.
    """

    curve: tuple[Point, ...]
    test_loss: float
    test_accuracy: float
    diverged: str = ""


class Parts(NamedTuple):
    """Rows to learn from, to choose by, and to report."""

    training: Images
    validation: Images
    test: Images


@lru_cache(maxsize=1)
def parts(data: str, seed: int) -> Parts:
    """Stratified parts by the seed: 80, 10 and 10 % of embedded data; of an IDX folder its own test images, and 5/6 and
    1/6 of the others (50,000 and 10,000 of MNIST). Raises DataError for a folder that cannot be read."""
    if data in EMBEDDED:
        training, rest = split(EMBEDDED[data](), 0.2, seed)
        test, validation = split(rest, 0.5, seed)
        return Parts(training, validation, test)
    whole, test = idx_folder(data)
    return Parts(*split(whole, 1 / 6, seed), test)


def digest(data: str) -> str:
    """What is in the files of an IDX folder, empty for embedded data. Raises DataError for a folder without them."""
    if data in EMBEDDED:
        return ""
    if not Path(data).is_dir():
        raise DataError(f"data: expected {', '.join(EMBEDDED)} or a folder of IDX files, got {data}")
    found = sha256()
    for path in idx_files(Path(data)):
        with path.open("rb") as file:
            found.update(file_digest(file, "sha256").digest())
    return found.hexdigest()


def run_cell(cell: Cell, folder: str | None = None, progress: Callable[[Point], None] | None = None) -> Outcome:
    """Train as the cell says; checkpoints lie in `folder` until the run is over.

    Raises DataError where the data is not what it was when the cell was made.
    """
    if digest(cell.data) != cell.content:
        raise DataError(f"{cell.data}: the files are not those the run was planned with; plan it again")
    settings = cell.settings
    rows = parts(cell.data, settings.seed)
    inputs, classes = rows.training.x.shape[1], rows.training.classes
    options: Any = {"scale": cell.scale, "seed": settings.seed}
    start = (
        network.initialize(inputs, cell.units, classes, **options)
        if cell.units
        else regression.initialize(inputs, classes, **options)
    )
    checkpoint = None if folder is None else Path(folder) / f"{cell.key}.npz"
    try:
        run = train(start, rows.training, settings, rows.validation, checkpoint=checkpoint, progress=progress)
        outcome = Outcome(run.curve, *evaluate(run.parameters, rows.test, settings.hidden))
    except TrainingError as error:
        outcome = Outcome((), 0.0, 0.0, str(error))
    return outcome


def run_grid(
    cells: Iterable[Cell],
    *,
    folder: Path | None = None,
    executor: Executor | None = None,
    finished: Callable[[Cell, Outcome], None] | None = None,
    progress: Callable[[Cell, Point], None] | None = None,
) -> dict[Cell, Outcome]:
    """The outcome of every cell, those in `folder` taken from there. Without an executor one after the other, here.

    `finished` is told of every cell, `progress` of every measure, the latter without an executor only.
    Raises SweepError for a damaged result, and what training and the executor raise; finished cells are kept then.
    """
    cells = list(dict.fromkeys(cells))
    found: dict[Cell, Outcome] = {}

    def take(cell: Cell, outcome: Outcome, new: bool) -> None:
        if folder is not None and new:
            write_whole(folder / f"{cell.key}.json", _text(cell, outcome))
            (folder / f"{cell.key}.npz").unlink(missing_ok=True)
        found[cell] = outcome
        if finished is not None:
            finished(cell, outcome)

    for cell in cells:
        kept = None if folder is None else kept_outcome(folder, cell)
        if kept is not None:
            take(cell, kept, new=False)
    left = [cell for cell in cells if cell not in found]
    where = None if folder is None else str(folder)
    if executor is None:
        for cell in left:
            told = None if progress is None else (lambda point, cell=cell: progress(cell, point))
            take(cell, run_cell(cell, where, told), new=True)
    else:
        futures = {executor.submit(run_cell, cell, where): cell for cell in left}
        try:
            for future in as_completed(futures):
                take(futures[future], future.result(), new=True)
        except BaseException:
            for future in futures:
                future.cancel()
            raise
    return {cell: found[cell] for cell in cells}


def kept_outcome(folder: Path, cell: Cell) -> Outcome | None:
    """The finished result of a cell in the folder, None if there is none. Raises SweepError where it is damaged."""
    path = folder / f"{cell.key}.json"
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else b""
        data = json.loads(content)
        curve, *rest = data["outcome"]
        outcome = Outcome(tuple(Point(*point) for point in curve), *rest)
        sound = content == _text(cell, outcome)
    except FileNotFoundError:
        return None
    except (LookupError, OSError, RecursionError, TypeError, ValueError):
        sound = False
    if not sound:
        raise SweepError(f"{path}: not the whole result of its cell; remove the file to compute it again")
    return outcome


def _text(cell: Cell, outcome: Outcome) -> bytes:
    data = {"version": VERSION, "cell": asdict(cell), "outcome": outcome}
    seal = sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
    return (json.dumps(data | {"sha256": seal}, sort_keys=True) + "\n").encode()
