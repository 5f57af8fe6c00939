"""What was found, written as certificates for the checker (checker/FORMAT.md, section 4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from proofs.claim import Certificate, Json
from proofs.separation.data import Number, Row, data_set
from proofs.separation.solver import Separator


def number(value: Fraction) -> int | str:
    """The certificate's form of a number: an integer, or the text ``p/q``."""
    return value.numerator if value.denominator == 1 else str(value)


def numbers(values: Iterable[Fraction]) -> list[int | str]:
    return [number(value) for value in values]


def unit(found: Separator) -> Json:
    """A threshold unit as the fields ``weights`` and ``bias``."""
    return {"weights": numbers(found.weights), "bias": number(found.bias)}


def counterexample(of: Certificate) -> Certificate:
    """The certificate that `of` is well formed and false."""
    return Certificate({"gradproof": 1, "kind": "counterexample", "of": dict(of.data)})


def table_fields(points: Sequence[Sequence[Number]], labels: Sequence[int]) -> Json:
    """The fields ``points`` and ``labels``."""
    data = data_set(points, labels)
    return {"points": [numbers(point) for point in data.points], "labels": list(data.labels)}


def separator_certificate(
    points: Sequence[Sequence[Number]],
    labels: Sequence[int],
    found: Separator,
    hidden: Sequence[Separator] = (),
    *,
    skip: bool = False,
) -> Certificate:
    """w.x + b >= 0 exactly on label 1; with `hidden`, x is the hidden units' outputs, followed by the row if `skip`."""
    layers: Json = {"hidden": [unit(h) for h in hidden], "skip": skip} if hidden else {}
    return Certificate({"gradproof": 1, "kind": "separator", **table_fields(points, labels), **unit(found), **layers})


def farkas_certificate(points: Sequence[Sequence[Number]], labels: Sequence[int], multipliers: Row) -> Certificate:
    """No w, b separates the rows: their hulls meet in the combination given by the multipliers."""
    fields = table_fields(points, labels)
    return Certificate({"gradproof": 1, "kind": "farkas", **fields, "multipliers": numbers(multipliers)})
