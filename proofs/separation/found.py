"""What a search for a separation ends with: weights, or multipliers, or the user's patience."""

from __future__ import annotations

import time
from dataclasses import dataclass

from proofs.separation.solver import EffortExceeded


@dataclass(frozen=True, slots=True)
class Weights:
    """Integers with bias + sum weight * digit > 0 on label 1, < 0 on label 0; so does a bias off by at most `room`."""

    weights: tuple[int, ...]
    bias: int
    room: int = 0


@dataclass(frozen=True, slots=True)
class Multipliers:
    """Positive integers by row, under which the rows of label 1 and those of label 0 have the same combination."""

    by_row: dict[int, int]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment by which the user wants an answer; None: no such moment."""

    end: float | None = None

    @staticmethod
    def after(seconds: float | None) -> Deadline:
        return Deadline(None if seconds is None else time.monotonic() + seconds)

    def check(self) -> None:
        """Raises EffortExceeded when it has passed."""
        if self.end is not None and time.monotonic() > self.end:
            raise EffortExceeded("the time allowed is over; allow more seconds, or ask about fewer rows")


NO_DEADLINE = Deadline()
