"""4. Farkas: one point is a combination of the rows of label 1 and the same of those of label 0: nothing separates."""

from typing import Any

from proofs.checker.reading import TABLE, Reader, Refuted, need

PROOF = {"multipliers": ["number"]}
FORMS = (TABLE | PROOF,)


def check(fields: dict[str, Any], reader: Reader) -> str:
    rows, labels = reader.table(fields)
    multipliers = fields["multipliers"]
    need(len(multipliers) == len(rows), f"multipliers: expected {len(rows)}, one a row, got {len(multipliers)}")
    need(min(multipliers) >= 0 < max(multipliers), "the multipliers are not all >= 0 with a sum > 0", Refuted)
    signed = [m if label else -m for m, label in zip(multipliers, labels, strict=True)]
    for number, column in enumerate(zip(*rows, strict=True), 1):
        what = f"combinations in column {number}" if number < len(rows[0]) else "sums of the multipliers"
        need(reader.dot(signed, column) == 0, f"the {what} of the two labels differ", Refuted)
    return f"no weights and bias separate the {len(rows)} rows: with these multipliers the inequalities add up to 0 < 0"
