"""Whether a Boolean function of up to 16 inputs is a threshold function: integer weights, or a refutation.

The function is sorted by its Chow parameters. If it is not regular then, four points refute it at once. If it is, the
exact simplex of the census runs on its least true points alone, and its ray is turned into a plain refutation, unless
four points do it. What is found counts only once the checker accepted its certificate (`settle_threshold`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from proofs.claim import Certificate, Claim, Scope, Status, Verdict
from proofs.conclude import conclude
from proofs.separation.boolean.oriented import Oriented, chow_parameters, irregular, lift, oriented
from proofs.separation.boolean.reading import Source, truth_table
from proofs.separation.boolean.summability import FourPoints, four_points
from proofs.separation.census.simplex import one
from proofs.separation.data import TruthTable
from proofs.separation.found import Multipliers
from proofs.separation.packing import farkas, separator
from proofs.separation.tables import read_table


@dataclass(frozen=True, slots=True)
class ThresholdDecision:
    """What was found for a table: `weights` and `bias` with f(x) = [w.x + b >= 0], or else `multipliers`, one a row.

    `witness`: the four points that the multipliers stand for, where there are four; None means there are none.
    """

    table: TruthTable
    weights: tuple[int, ...] = ()
    bias: int = 0
    multipliers: tuple[int, ...] = ()
    witness: FourPoints | None = None

    @property
    def threshold(self) -> bool:
        return not self.multipliers

    @property
    def certificate(self) -> Certificate:
        """Of kind separator, about all rows of the table, or farkas, about those that have a multiplier."""
        rows = read_table(np.array(self.table.points, np.int64))
        labels = np.array(self.table.values, np.bool_)
        if self.threshold:
            return separator(rows, labels, self.weights, self.bias)
        return farkas(rows, labels, Multipliers({row: m for row, m in enumerate(self.multipliers) if m}))

    def explain(self) -> str:
        """One line: the weights, the four points, or how long the refutation is."""
        if self.threshold:
            return f"1 exactly where w.x + b >= 0, w = {self.weights}, b = {self.bias}"
        if self.witness is not None:
            (a, b), (c, d) = (
                ["".join(map(str, point)) for point in side] for side in (self.witness.true, self.witness.false)
            )
            return f"f is 1 at {a} and {b} and 0 at {c} and {d}, but {a} + {b} = {c} + {d}: no threshold function"
        used = sum(map(bool, self.multipliers))
        return f"no four points refute it; {used} rows do, with multipliers up to {max(self.multipliers)}"


def decide_threshold(source: Source, inputs: int | None = None) -> ThresholdDecision:
    """Integer weights for a Boolean function, or a refutation, by four points where there are four.

    Raises SeparationError as `truth_table` does.
    """
    table = truth_table(source, inputs)
    function = oriented(table)
    places = irregular(function)
    if places is not None:
        found = [function.point(place) for place in places]
        sides = [[point for label, point in found if label == side] for side in (1, 0)]
        witness = FourPoints((sides[0][0], sides[0][1]), (sides[1][0], sides[1][1]))
        return ThresholdDecision(table, multipliers=witness.multipliers(table), witness=witness)
    least = _least(function)
    answer, optimal = one(np.cumsum(least, axis=1).tolist())
    if optimal:
        return _unit(table, function, answer)
    short = four_points(table)
    if short is not None:
        return ThresholdDecision(table, multipliers=short.multipliers(table), witness=short)
    used = [k for k, multiplier in enumerate(answer) if multiplier]
    multipliers = [0] * len(table.values)
    for place, multiplier in lift(function, least[used], [answer[k] for k in used]).items():
        _, point = function.point(place)
        multipliers[int("".join(map(str, point)), 2)] += multiplier
    divisor = gcd(*multipliers)
    return ThresholdDecision(table, multipliers=tuple(value // divisor for value in multipliers))


def _least(function: Oriented) -> NDArray[np.int64]:
    """The true points from which every elementary step down leads to a false one."""
    keep = function.cube > 0
    size = function.variables
    for axis in range(size):
        after, high = _above(keep, axis), _above(function.cube > 0, axis, lower=True)
        after &= ~high
    return 2 * np.argwhere(keep).astype(np.int64) - 1


def _above(cube: NDArray[np.bool_], axis: int, lower: bool = False) -> NDArray[np.bool_]:
    """A view of the upper (or lower) ends of the elementary steps at `axis`."""
    if axis == cube.ndim - 1:
        return np.asarray(np.moveaxis(cube, axis, 0)[0 if lower else 1])
    return np.asarray(np.moveaxis(cube, (axis, axis + 1), (0, 1))[(0, 1) if lower else (1, 0)])


def _unit(table: TruthTable, function: Oriented, answer: list[int]) -> ThresholdDecision:
    """w.x + b >= 0 on inputs 0 and 1 from a.P(z) > 0 in the sorted variables: w_0 + sum of w_i (2 x_i - 1) > 0."""
    sorted_weights = np.array(answer, object)[::-1].cumsum()[::-1]
    back = [0] * function.variables
    for weight, variable, sign in zip(sorted_weights, function.order, function.turned, strict=True):
        back[variable] = int(weight) * sign
    constant, *weights = back
    bias, divisor = constant - sum(weights) - 1, 2 * (gcd(*weights) or 1)
    return ThresholdDecision(table, tuple(2 * weight // divisor for weight in weights), bias // divisor)


def settle_threshold(
    source: Source, inputs: int | None = None, *, name: str = "threshold_function", text: str = "", repeat: str = ""
) -> Verdict:
    """Is this Boolean function a threshold function, 1 exactly where w.x + b >= 0? PROVED or REFUTED by the checker.

    Raises SeparationError as `truth_table` does.
    """
    found = decide_threshold(source, inputs)
    shown = str(found.table) if found.table.inputs <= 5 else f"of {found.table.inputs} inputs"
    return conclude(
        Claim(name, text or f"the Boolean function {shown} is a threshold function"),
        Status.PROVED if found.threshold else Status.REFUTED,
        found.certificate,
        scope=Scope(f"the {len(found.table.values)} inputs, all real weights and biases"),
        reason=found.explain(),
        repeat=repeat,
        details={"chow": list(chow_parameters(found.table))},
    )
