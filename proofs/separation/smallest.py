"""The claim that given integer weights are the smallest that separate, settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from proofs.claim import Claim, Status, Verdict
from proofs.conclude import conclude
from proofs.separation.data import Number, SeparationError, data_set, show, show_vector
from proofs.separation.integers import Measure, Size, smallest_integer_weights
from proofs.separation.settle import scope_of, settle_separator
from proofs.separation.solver import EFFORT, EffortExceeded, Separator


def settle_smallest(
    points: Sequence[Sequence[Number]],
    labels: Sequence[int],
    weights: Sequence[Number],
    bias: Number,
    *,
    name: str,
    measure: Measure = "sum",
    count_bias: bool = False,
    text: str = "",
    repeat: str = "",
    effort: int = EFFORT,
) -> Verdict:
    """Do these integers separate the labels, and does no smaller size, as in `smallest_integer_weights`?

    REFUTED names a row on the wrong side, or smaller weights. UNDECIDED when the cases exceed `effort`. Raises
    SeparationError as `settle_separator` does and for weights or a bias that are no integers.
    """
    size, data = Size(measure, count_bias), data_set(points, labels)
    separates = settle_separator(points, labels, weights, bias, name=name, repeat=repeat)
    given = data_set([[*weights, bias]], [0]).points[0]
    if any(value.denominator != 1 for value in given):
        raise SeparationError(f"weights, bias: expected integers, got {show_vector(given)}")
    said = f"w = {show_vector(given[:-1])}, b = {show(given[-1])}"
    claim = Claim(name, text or f"{said} is the integer separator with the smallest {size}")
    if not separates:
        return replace(separates, claim=claim)
    try:
        least = smallest_integer_weights(points, labels, measure=measure, count_bias=count_bias, effort=effort)
    except EffortExceeded as error:
        return Verdict(claim, Status.UNDECIDED, scope_of(data), reason=str(error), repeat=repeat)
    if least is None:
        raise SeparationError("Z3 finds no separator for rows that have one; please report the data")
    mine = size.of([int(value) for value in given])
    if mine == least.size:
        shown = replace(least, separator=Separator(given[:-1], given[-1]))
        status, why = Status.PROVED, shown.reason(points, labels)
    else:
        shown, status = least, Status.REFUTED
        found = least.separator
        why = f"w = {show_vector(found.weights)}, b = {show(found.bias)} has {least.size}, this has {mine}"
    certificate = shown.certificate(points, labels)
    return conclude(claim, status, certificate, scope=scope_of(data), reason=why, repeat=repeat)
