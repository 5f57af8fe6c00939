"""What a result must be, entry by entry: exact values, the error allowed, and where nothing can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb

from proofs.conformance.rounding import Rounded

SLACK = 4
"""Other algorithms for a formula may take a few times the operations of the formula as it is written."""

HEADROOM = 64
"""Results of exp so near to the largest float are not asked for: before a mean, floats on the way are larger."""


@dataclass(frozen=True)
class Expected:
    """What one result must be: the exact values (`low` and `high`: balls' ends as floats) and the error allowed.

    `judged` is False where nothing can be asked: no value exists, or floats cannot have it. `exact` holds the balls.
    `sums` are, at a kink, the sums over an axis that are the same on all sides: (axis, sum, error allowed).
    """

    low: Any
    high: Any
    allowed: Any
    judged: Any
    exact: Any
    sums: tuple[tuple[int, Any, Any], ...] = ()

    @property
    def sharp(self) -> Any:
        """Where the balls are under 1 % of the error allowed."""
        found = np.ones(self.low.shape, dtype=bool)
        for at in np.ndindex(found.shape):
            ball = self.exact[at]
            if self.judged[at] and ball.is_finite() and not ball.is_exact():
                found[at] = float(ball.rad()) <= 0.01 * self.allowed[at]
        return found

    def text(self, at: tuple[int, ...]) -> str:
        """What is right in one entry, with the error allowed."""
        low, high, allowed = (float(x[at]) for x in (self.low, self.high, self.allowed))
        middle = f"{low!r}" if low == high or self.exact[at].is_finite() else f"{low!r} to {high!r}"
        return f"{middle} +/- {allowed:.2g}"

    def sum_off(self, got: Any) -> int | None:
        """The axis over which `got` has a sum that no side of the kink has."""
        for axis, right, allowed in self.sums:
            if not np.all(np.abs(got.sum(axis=axis) - right) <= allowed):
                return axis
        return None


def expected(shape: tuple[int, ...], numbers: Any, info: Any) -> Expected:
    low, high, allowed = (np.zeros(shape) for _ in range(3))
    judged = np.ones(shape, dtype=bool)
    exact = np.empty(shape, dtype=object)
    unit, tiny, largest = arb(float(info.eps)) / 2, arb(float(info.tiny)), arb(float(info.max))
    for at in np.ndindex(shape):
        x = numbers[at]
        value, error, lost = (x.value, x.error, x.lost) if isinstance(x, Rounded) else (arb(x), arb(0), False)
        exact[at] = value
        most = largest / HEADROOM if isinstance(x, Rounded) and x.grown else largest
        rounded = 0 if error == 0 and value == 0 else SLACK * (error + unit * abs(value) + tiny)
        bound = arb(rounded).abs_upper()
        if lost or not bound.is_finite() or bool(abs(value) + bound > most):
            judged[at] = False
            continue
        low[at], high[at], allowed[at] = float(value.lower()), float(value.upper()), float(bound)
    return Expected(low, high, allowed, judged, exact)


def unjudged(shape: tuple[int, ...]) -> Expected:
    """Nothing is asked, but the shape."""
    nothing = np.zeros(shape)
    return Expected(nothing, nothing, nothing, np.zeros(shape, dtype=bool), np.full(shape, arb("nan"), dtype=object))


def between(several: Sequence[Expected]) -> Expected:
    """All that lies between the gradients on several sides of a kink, where sums that are one on all sides stay."""
    low = np.min([x.low for x in several], axis=0)
    high = np.max([x.high for x in several], axis=0)
    allowed = np.max([x.allowed for x in several], axis=0)
    judged = np.all([x.judged for x in several], axis=0)
    exact = np.where(high - low <= allowed / 100, several[0].exact, arb("nan"))
    sums = []
    for axis in range(low.ndim) if judged.all() else ():
        found = np.array([x.low.sum(axis=axis) for x in several])
        bound = allowed.sum(axis=axis)
        if np.all(found.max(axis=0) - found.min(axis=0) <= bound):
            sums.append((axis, found[0], 2 * bound))
    return Expected(low, high, allowed, judged, exact, tuple(sums))
