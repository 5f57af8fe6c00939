"""Separability claims settled: every answer is a certificate that the checker accepted, or UNDECIDED."""

from __future__ import annotations

from collections.abc import Sequence

from proofs.claim import Claim, Evidence, Scope, Status, Verdict
from proofs.conclude import conclude
from proofs.separation.certificates import counterexample, farkas_certificate, separator_certificate
from proofs.separation.data import DataSet, Number, SeparationError, data_set, exact, exact_row, show, show_vector
from proofs.separation.explain import explain_farkas, farkas_sentence
from proofs.separation.solver import EFFORT, EffortExceeded, Separator, separate


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
    effort: int = EFFORT,
) -> Verdict:
    """Is there (or, with ``separable=False``, is there no) w, b with w.x + b >= 0 on label 1 and < 0 on label 0?

    points: rows x features; labels: rows, 0 or 1. Decided by a separator or by Farkas multipliers, found by Z3.
    UNDECIDED when Z3 gives up at `effort`. Raises SeparationError as `data_set` does.
    """
    data = data_set(points, labels)
    claim = Claim(name, text or f"{'a' if separable else 'no'} hyperplane w.x + b = 0 separates the labels")
    scope = scope_of(data)
    try:
        found = separate(points, labels, effort=effort)
    except EffortExceeded as error:
        return Verdict(claim, Status.UNDECIDED, scope, reason=str(error), repeat=repeat)
    if isinstance(found, Separator):
        return conclude(
            claim,
            Status.PROVED if separable else Status.REFUTED,
            separator_certificate(points, labels, found),
            scope=scope,
            evidence=(Evidence("z3", "Z3 found the weights", "assumed"),),
            reason=f"w = {show_vector(found.weights)}, b = {show(found.bias)} separates the labels",
            repeat=repeat,
        )
    return conclude(
        claim,
        Status.REFUTED if separable else Status.PROVED,
        farkas_certificate(points, labels, found.multipliers),
        scope=scope,
        evidence=(Evidence("z3", "Z3 found the multipliers", "assumed"),),
        reason=farkas_sentence(points, labels, found.multipliers),
        repeat=repeat,
        details={"explanation": explain_farkas(points, labels, found.multipliers)},
    )


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
