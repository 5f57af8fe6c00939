"""6. Novikoff: how often the perceptron can be updated at most, whatever the order and the rate > 0."""

from typing import Any

from proofs.checker import separator
from proofs.checker.reading import TABLE, Reader, Rejected, need

FORMS = (TABLE | separator.UNIT | {"updates": "number"},)


def check(fields: dict[str, Any], reader: Reader) -> str:
    rows, labels = reader.table(fields)
    unit = [*fields["weights"], fields["bias"]]
    scores = [reader.dot(unit, row) for row in rows]
    margin = min(score if label else -score for score, label in zip(scores, labels, strict=True))
    need(margin > 0, "a row is on the hyperplane or on its wrong side", Rejected)
    radius = max(reader.dot(row, row) for row in rows)
    need(fields["updates"].denominator == 1, "updates: expected an integer")
    enough = (fields["updates"] + 1) * margin**2 > radius * reader.dot(unit, unit)
    need(enough, "updates: R^2 / gamma^2 for this hyperplane allows more", Rejected)
    return f"from zero the perceptron is updated at most {fields['updates']} times, whatever the order and the rate > 0"
