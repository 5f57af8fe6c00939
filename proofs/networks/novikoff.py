"""How often the perceptron can be updated at most: Novikoff's bound from an exact margin.

With z = (x, 1), s = 1 on label 1 and -1 on label 0, and u = (w, b) with s u.z > 0 on every row, from zero and with any
rate and order there are at most R^2 / gamma^2 updates, R = max |z| and gamma = min s u.z / |u|. R^2 and gamma^2 are
rational for rational u. Source: Novikoff 1962; the derivation is in checker/FORMAT.md, section 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from proofs.claim import Certificate, Claim, Status, Verdict
from proofs.conclude import conclude
from proofs.networks.perceptron import MOST_VISITS, Run, run
from proofs.networks.perceptron_claims import converges_certificate, cycles_certificate, describe, show_state
from proofs.separation import (
    EffortExceeded,
    Number,
    Refutation,
    SeparationError,
    Separator,
    data_set,
    farkas_certificate,
    farkas_sentence,
    separate,
    separator_certificate,
    show,
)
from proofs.separation.data import DataSet
from proofs.separation.labels import chosen, classes, read_labels
from proofs.separation.settle import scope_of
from proofs.separation.solver import EFFORT, coprime
from proofs.separation.tables import read_table

SMALL_DENOMINATORS, MARGIN_BITS = (4, 16, 64), (12, 24, 48)
"""How the direction of the largest margin is rounded, to the first of these that gives the best bound."""

DIGITS = 12
"""Decimal places of the rational lower bound on the margin."""


@dataclass(frozen=True, slots=True)
class PerceptronBound:
    """What is known of every perceptron run from zero on these rows, and of the one through the rows as listed.

    updates: no run has more, None if none of them ever stops (or nothing was decided). `separator` has the margin
    gamma, with `margin_squared` = gamma^2 exactly and `radius_squared` = R^2. `bound` is the verdict on the number of
    updates, `run` the verdict that the run stops, or that it never does.
    """

    updates: int | None
    separator: Separator | None
    margin_squared: Fraction
    radius_squared: Fraction
    bound: Verdict
    run: Verdict

    @property
    def margin(self) -> Fraction:
        """A rational lower bound on the largest margin, 12 decimal places of gamma rounded down."""
        scale = 10**DIGITS
        return Fraction(isqrt(self.margin_squared.numerator * scale**2 // self.margin_squared.denominator), scale)


def _signs(data: DataSet) -> list[int]:
    return [1 if label else -1 for label in data.labels]


def margin_squared(data: DataSet, unit: Separator) -> Fraction:
    """(min s u.z)^2 / |u|^2 with u = (w, b), or 0 where a row is on the hyperplane or on its wrong side."""
    score = min(sign * unit.score(point) for sign, point in zip(_signs(data), data.points, strict=True))
    return score**2 / sum(w * w for w in (*unit.weights, unit.bias)) if score > 0 else Fraction(0)


def radius_squared(data: DataSet) -> Fraction:
    """max |x|^2 + 1"""
    return max(sum((x * x for x in point), start=Fraction(1)) for point in data.points)


def widest_direction(rows: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """u of least norm with s u.z >= 1, in floating point: a guess at the largest margin, None if there seems none.

    Least distance programming by non-negative least squares. Source: Lawson and Hanson 1974, chapter 23.
    """
    system = np.vstack([rows.T, np.ones(len(rows))])
    wanted = np.zeros(len(system))
    wanted[-1] = 1.0
    try:
        solution, _ = nnls(system, wanted)
    except RuntimeError:
        return None
    rest = system @ solution - wanted
    found: NDArray[np.float64] = -rest[:-1] / rest[-1] if rest[-1] else rest[:-1]
    return found if np.all(np.isfinite(found)) and np.any(found) else None


def widest_separator(data: DataSet) -> Separator | None:
    """A separator in integers with, as far as floating point sees, nearly the largest margin, or None."""
    try:
        rows = np.array([(*point, 1) for point in data.points], dtype=np.float64)
    except OverflowError:
        return None
    if not np.all(np.isfinite(rows)) or not (scale := float(np.abs(rows).max())):
        return None
    guess = widest_direction(rows / scale * np.array(_signs(data))[:, None])
    if guess is None:
        return None
    scaled = [Fraction(value) for value in guess / np.abs(guess).max()]
    units = [
        *(_unit([value.limit_denominator(most) for value in scaled]) for most in SMALL_DENOMINATORS),
        *(_unit([Fraction(round(value * 2**bits)) for value in scaled]) for bits in MARGIN_BITS),
    ]
    updates = [_updates(data, unit) for unit in units]
    found = [count for count in updates if count is not None]
    return units[updates.index(min(found))] if found else None


def _unit(vector: Sequence[Fraction]) -> Separator:
    *weights, bias = coprime(vector)
    return Separator(tuple(weights), bias)


def _updates(data: DataSet, unit: Separator) -> int | None:
    """R^2 / gamma^2 rounded down, None if `unit` separates nothing."""
    margin = margin_squared(data, unit)
    return radius_squared(data) // margin if margin else None


def novikoff_certificate(points: Sequence[Sequence[Number]], labels: Sequence[int], unit: Separator) -> Certificate:
    """At most R^2 / gamma^2 updates, rounded down, with the margin of `unit`."""
    updates = _updates(data_set(points, labels), unit)
    fields = separator_certificate(points, labels, unit).data
    return Certificate({**fields, "kind": "novikoff", "updates": updates})


def perceptron_bound(
    X: Any,
    y: Any,
    *,
    positive: Any = None,
    name: str = "perceptron bound",
    most_visits: int = MOST_VISITS,
    repeat: str = "",
    effort: int = EFFORT,
) -> PerceptronBound:
    """The largest number of updates of the perceptron from zero, and its run through the rows in their order.

    X: rows x features, anything `proofs.separation.tables.read_table` reads; y: at most two labels of any kind, the
    larger or the one called `positive` being label 1 (then the others, as many as there are, are label 0). On rows that
    no hyperplane separates no run ever stops: a repeated state shows that for the one run, the Farkas refutation for
    all. Raises SeparationError where X or y cannot be read.
    """
    data = _two_classes(X, y, positive)
    points, labels = data.points, data.labels
    radius = radius_squared(data)
    found = run(points, labels, most_visits=most_visits)
    repeats: dict[str, Any] = {"scope": scope_of(data), "repeat": repeat}
    rests = Claim(name, "the perceptron, from zero, through the rows as listed, stops updating")
    always = "the perceptron, from zero, whatever the rate and the order,"
    try:
        line = widest_separator(data) or separate(points, labels, effort=effort)
    except EffortExceeded as error:
        open_ = Verdict(Claim(name, f"{always} stops updating"), Status.UNDECIDED, reason=str(error), **repeats)
        return PerceptronBound(None, None, Fraction(0), radius, open_, _settle_rests(rests, found, None, **repeats))
    if isinstance(line, Refutation):
        never = Claim(name, "the perceptron never stops updating, whatever the start, the rate and the order")
        certificate = farkas_certificate(points, labels, line.multipliers)
        why = "every state is wrong on some row: " + farkas_sentence(points, labels, line.multipliers)
        verdict = conclude(never, Status.PROVED, certificate, reason=why, **repeats)
        ran = _settle_rests(rests, found, certificate, **repeats)
        return PerceptronBound(None, None, Fraction(0), radius, verdict, ran)
    certificate = novikoff_certificate(points, labels, line)
    updates, gamma = certificate.data["updates"], margin_squared(data, line)
    most = Claim(name, f"{always} has at most {updates} updates")
    at = show_state((*line.weights, line.bias))
    why = f"R^2 = {show(radius)}, gamma^2 = {show(gamma)} for {at}; R^2 / gamma^2 rounded down is {updates}"
    verdict = conclude(most, Status.PROVED, certificate, reason=why, **repeats)
    ran = _settle_rests(rests, found, None, **repeats)
    return PerceptronBound(updates if verdict else None, line, gamma, radius, verdict, ran)


def _two_classes(points: Any, labels: Any, positive: Any) -> DataSet:
    table = read_table(points)
    read = read_labels(labels, table.rows)
    found = classes(read)
    if positive is None and len(found) > 2:
        raise SeparationError(f"labels: expected at most two, got {len(found)}; name one class with `positive`")
    top = found[-1] if positive is None else chosen(found, positive)
    none = positive is None and found in ([0], [False])
    return data_set([table.point(row) for row in range(table.rows)], [int(label == top and not none) for label in read])


def _settle_rests(claim: Claim, found: Run, refuted: Certificate | None, **repeats: Any) -> Verdict:
    """Whether the run stops: by the run itself or its repeated state, else by the refutation of all hyperplanes."""
    if found.outcome == "converges":
        return conclude(claim, Status.PROVED, converges_certificate(found), reason=describe(found), **repeats)
    certificate = cycles_certificate(found) if found.outcome == "cycles" else refuted
    if certificate is None:
        return Verdict(claim, Status.UNDECIDED, reason=describe(found), **repeats)
    return conclude(claim, Status.REFUTED, certificate, reason=describe(found), **repeats)
