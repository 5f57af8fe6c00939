"""4. Farkas: one point is a combination of the rows of label 1 and the same of those of label 0: nothing separates."""

from typing import Any

from proofs.checker.reading import TABLE, Reader, Refuted, need


def check(data: Any, reader: Reader) -> str:
    fields = reader.read(data, TABLE | {"multipliers": ["number"]}, "farkas")
    rows, labels = reader.table(fields)
    multipliers = [*fields["multipliers"]]
    need(len(multipliers) == len(rows), f"multipliers: expected {len(rows)}, one a row, got {len(multipliers)}")
    need(min(multipliers) >= 0 < max(multipliers), "the multipliers are not all >= 0 with a sum > 0", Refuted)
    signed = [m if label else -m for m, label in zip(multipliers, labels, strict=True)]
    for number, column in enumerate(zip(*rows, strict=True)):
        what = "sums of the multipliers" if number == len(rows[0]) - 1 else f"combinations in column {number}"
        need(reader.dot(signed, column) == 0, f"the {what} of the two labels differ", Refuted)
    return f"no weights and bias separate the {len(rows)} rows: with these multipliers the inequalities add up to 0 < 0"
