"""What training is told and what it answers."""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from numpy.typing import NDArray

from numeric.network import HIDDEN
from numeric.step import Model

Array = NDArray[Any]


class TrainingError(ArithmeticError):
    """The loss is no finite number any more: names the step and the learning rate."""


class Rows(Protocol):
    """Inputs x (N, D) and labels (N,) integers in range(C), such as `numeric.data.Images`."""

    @property
    def x(self) -> Array: ...
    @property
    def labels(self) -> Array: ...


@dataclass(frozen=True)
class Settings:
    """How to train. With g the gradient: ``v <- momentum v + rate (g + reg W)``, ``p <- p - v``; no penalty on biases.

    The rows are shuffled for every epoch, by `seed`; the last batch of an epoch may be smaller. Losses and accuracies
    are measured before the first step, after every `every` steps (0: every epoch) and after the last one. With
    `patience` k > 0, training stops after k measures in a row without a lower validation loss.
    """

    rate: float
    reg: float = 0.0
    momentum: float = 0.0
    batch: int = 64
    steps: int = 782
    every: int = 0
    patience: int = 0
    seed: int = 0
    hidden: str = "sigmoid"
    threads: int = 1

    def __post_init__(self) -> None:
        """Raises ValueError that names the setting, what was expected and what came."""
        for name, low, high in (("rate", 0, math.inf), ("reg", 0, math.inf), ("momentum", 0, 1)):
            value = getattr(self, name)
            if not (low <= value < high):
                raise ValueError(f"{name} must be a number from {low} up, below {high}, got {value}")
        for name, least in (("batch", 1), ("steps", 0), ("every", 0), ("patience", 0), ("seed", 0), ("threads", 1)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise ValueError(f"{name} must be at least {least}, a whole number, got {value!r}")
        if self.hidden not in HIDDEN:
            raise ValueError(f"hidden must be one of {', '.join(HIDDEN)}, got {self.hidden!r}")


class Point(NamedTuple):
    """What was measured after `step` steps: mean cross-entropy, without the penalty, and the share of right answers.

    Without validation rows the last two are None.
    """

    step: int
    loss: float
    accuracy: float
    validation_loss: float | None = None
    validation_accuracy: float | None = None


class Run(NamedTuple):
    """The last parameters, those with the lowest validation loss (the last ones without validation rows), the learning
    curve, and whether training stopped before the last step."""

    parameters: Model
    best: Model
    curve: tuple[Point, ...]
    stopped: bool
