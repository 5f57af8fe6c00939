"""Separability claims settled: every answer is a certificate that the checker accepted, or UNDECIDED."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from proofs.claim import Claim, Scope, Status, Verdict
from proofs.conclude import conclude
from proofs.separation import packing
from proofs.separation.certificates import counterexample, separator_certificate
from proofs.separation.data import DataSet, Number, SeparationError, data_set, exact, exact_row, show, show_vector
from proofs.separation.explain import explain_farkas, farkas_sentence
from proofs.separation.found import Deadline, Weights
from proofs.separation.solver import EffortExceeded, Separator
from proofs.separation.tables import read_table


def scope_of(data: DataSet) -> Scope:
    """``the 4 rows given``"""
    return Scope(f"the {len(data.points)} rows given" if len(data.points) > 1 else "the one row given")


def settle_separable(
    points: Sequence[Sequence[Number]],
    labels: Sequence[int],
    *,
    name: str,
    separable: bool = True,
    text: str = "",
    repeat: str = "",
    seconds: float | None = None,
) -> Verdict:
    """Is there (or, with ``separable=False``, is there no) w, b with w.x + b >= 0 on label 1 and < 0 on label 0?

    points: rows x features; labels: rows, 0 or 1. Decided by a separator or by Farkas multipliers, found as
    `proofs.separation.finding` does. UNDECIDED only after `seconds`. Raises SeparationError as `data_set` does.
    """
    from proofs.separation.finding import answers

    data = data_set(points, labels)
    claim = Claim(name, text or f"{'a' if separable else 'no'} hyperplane w.x + b = 0 separates the labels")
    table, positive = read_table(data.points), np.array(data.labels) == 1
    status = {True: Status.PROVED, False: Status.REFUTED}
    verdict = Verdict(claim, Status.UNDECIDED, scope_of(data), repeat=repeat)
    try:
        for found in answers(table, positive, Deadline.after(seconds)):
            details = {}
            if isinstance(found, Weights):
                weights, bias = packing.integer_weights(table, found)
                certificate = packing.separator(table, positive, weights, bias)
                reason = f"w = {show_vector(map(Fraction, weights))}, b = {bias} separates the labels"
            else:
                multipliers = tuple(Fraction(found.by_row.get(row, 0)) for row in range(table.rows))
                certificate = packing.farkas(table, positive, found)
                reason = farkas_sentence(data.points, data.labels, multipliers)
                details = {"explanation": explain_farkas(data.points, data.labels, multipliers)}
            verdict = conclude(
                claim,
                status[isinstance(found, Weights) == separable],
                certificate,
                scope=scope_of(data),
                reason=reason,
                repeat=repeat,
                details=details,
            )
            if verdict.status is not Status.UNDECIDED:
                break
    except EffortExceeded as error:
        return replace(verdict, reason=str(error))
    return verdict


def settle_separator(
    points: Sequence[Sequence[Number]],
    labels: Sequence[int],
    weights: Sequence[Number],
    bias: Number,
    *,
    name: str,
    text: str = "",
    repeat: str = "",
) -> Verdict:
    """Does this w, b satisfy w.x + b >= 0 on every row of label 1 and < 0 on every row of label 0?

    points: rows x features; labels: rows, 0 or 1; weights: features. REFUTED names the first row that is on the wrong
    side. Raises SeparationError as `data_set` does, and when there is not one weight a feature.
    """
    data = data_set(points, labels)
    unit = Separator(exact_row(weights, "weights"), exact(bias, "bias"))
    if len(unit.weights) != data.dimension:
        raise SeparationError(f"weights: expected {data.dimension}, one for each feature, got {len(unit.weights)}")
    line = f"w = {show_vector(unit.weights)}, b = {show(unit.bias)}"
    claim = Claim(name, text or f"{line} gives w.x + b >= 0 on label 1 and < 0 on label 0")
    certificate = separator_certificate(points, labels, unit)
    for row, (point, label) in enumerate(zip(data.points, data.labels, strict=True)):
        if unit.output(point) != label:
            found = f"at row {row}, x = {show_vector(point)}: w.x + b = {show(unit.score(point))}"
            return conclude(
                claim,
                Status.REFUTED,
                counterexample(certificate),
                scope=scope_of(data),
                reason=f"{found}, so the output is {1 - label}, but the label is {label}",
                counterexample=found,
                repeat=repeat,
            )
    return conclude(claim, Status.PROVED, certificate, scope=scope_of(data), repeat=repeat)
