"""Where a training run stands, and its checkpoint."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from numeric.checkpoint import CheckpointError, load, save
from numeric.settings import Point, Rows, Settings
from numeric.step import Memory, Model

Array = NDArray[Any]
KIND = "training"


@dataclass
class State:
    """Parameters, velocity, the place in the shuffled rows, the curve, and the best parameters so far.

    `epoch` is the state of the random numbers before the rows of the epoch were shuffled, so that the order need not
    be kept.
    """

    memory: Memory
    velocity: Array | None
    best: Array
    draw: np.random.Generator
    epoch: Mapping[str, Any]
    order: NDArray[np.int64]
    at: int = 0
    step: int = 0
    curve: list[Point] = field(default_factory=list)
    lowest: float = math.inf
    waited: int = 0
    stopped: bool = False

    @classmethod
    def begin(cls, memory: Memory, seed: int, with_velocity: bool) -> Self:
        """Before the first step."""
        draw = np.random.default_rng(seed)
        velocity = np.zeros_like(memory.flat) if with_velocity else None
        return cls(memory, velocity, memory.flat.copy(), draw, draw.bit_generator.state, np.empty(0, np.int64))

    def next_rows(self, count: int, batch: int) -> NDArray[np.int64]:
        """The rows of the next batch; a new order of all rows where an epoch is over."""
        if self.at >= len(self.order):
            self.epoch, self.order, self.at = self.draw.bit_generator.state, self.draw.permutation(count), 0
        chosen = self.order[self.at : self.at + batch]
        self.at += len(chosen)
        return chosen

    def take(self, point: Point, patience: int) -> None:
        """Note a measure; the best parameters are those with the lowest validation loss."""
        self.curve.append(point)
        if point.validation_loss is None:
            return
        if point.validation_loss < self.lowest:
            self.lowest, self.waited = point.validation_loss, 0
            self.best[:] = self.memory.flat
        else:
            self.waited += 1
            self.stopped = 0 < patience <= self.waited

    def write(self, path: Path, identity: Mapping[str, Any]) -> None:
        """Write the checkpoint, whole or not at all."""
        record = {
            "identity": identity,
            "epoch": self.epoch,
            "begun": len(self.order) > 0,
            "at": self.at,
            "step": self.step,
            "curve": self.curve,
            "lowest": self.lowest,
            "waited": self.waited,
            "stopped": self.stopped,
        }
        velocity = {} if self.velocity is None else {"velocity": self.velocity}
        save(path, KIND, record, {"parameters": self.memory.flat, "best": self.best, **velocity})

    def restore(self, path: Path, identity: Mapping[str, Any], count: int) -> bool:
        """Go on from the checkpoint, if there is one, with `count` rows to learn from.

        Raises CheckpointError where it is damaged or of another run.
        """
        try:
            record, arrays = load(path, KIND)
        except FileNotFoundError:
            return False
        _same_run(path, identity, record.get("identity"))
        try:
            self.draw.bit_generator.state = self.epoch = dict(record["epoch"])
            self.order = self.draw.permutation(count) if record["begun"] else self.order
            self.at, self.step, self.waited = (_whole(record[name]) for name in ("at", "step", "waited"))
            self.curve = [Point(*values) for values in record["curve"]]
            self.lowest, self.stopped = float(record["lowest"]), bool(record["stopped"])
            for name, into in (("parameters", self.memory.flat), ("best", self.best), ("velocity", self.velocity)):
                if into is not None:
                    _fill(into, arrays[name])
        except (LookupError, TypeError, ValueError, OverflowError) as error:
            raise CheckpointError(f"{path}: not the state of a run ({error}); remove it to begin again") from None
        return True


def identity_of(start: Model, rows: Rows, validation: Rows | None, settings: Settings) -> dict[str, Any]:
    """What decides every bit of a run: its settings and a digest of the start and of all rows."""
    digest = sha256()
    parts = [*start, rows.x, rows.labels, *([] if validation is None else [validation.x, validation.labels])]
    for part in parts:
        digest.update(f"{part.dtype} {part.shape}".encode())
        digest.update(np.ascontiguousarray(part).data)
    return {"model": type(start).__name__, "start and rows": digest.hexdigest(), **asdict(settings)}


def _same_run(path: Path, expected: Mapping[str, Any], found: Any) -> None:
    expected = json.loads(json.dumps(expected))
    if found == expected:
        return
    other = [name for name in expected if not isinstance(found, dict) or found.get(name) != expected[name]]
    raise CheckpointError(f"{path}: of another run (other {', '.join(other)}); name another file, or remove it")


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**40:
        raise ValueError(f"expected a count, got {value!r:.40}")
    return value


def _fill(into: Array, found: Array) -> None:
    if found.shape != into.shape or found.dtype != into.dtype:
        raise ValueError(f"expected {into.dtype} of {into.shape}, got {found.dtype} of {found.shape}")
    into[:] = found
