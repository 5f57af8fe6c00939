"""4. Farkas: a combination of the rows of label 1 that is also one of the rows of label 0, so nothing separates them."""

from typing import Any

from proofs.checker.reading import POINTS, Fuel, Refuted, dot, read, table


def check(data: Any, fuel: Fuel) -> str:
    fields = read(data, POINTS | {"multipliers": ["number"]}, "farkas", fuel)
    rows, labels = table(fields)
    multipliers = read(fields["multipliers"], ("any",) * len(rows), "multipliers", fuel)
    if min(multipliers) < 0 or max(multipliers) == 0:
        raise Refuted("the multipliers are not non-negative with a positive sum")
    signed = [m if label else -m for m, label in zip(multipliers, labels, strict=True)]
    used = [(m, [*row, 1]) for m, row in zip(signed, rows, strict=True) if m]
    for number, column in enumerate(zip(*(row for _, row in used), strict=True)):
        if dot([m for m, _ in used], column, fuel) != 0:
            what = f"in column {number}" if number < len(rows[0]) else "in their sums"
            raise Refuted(f"the combinations of the two labels differ {what}")
    return f"no weights and bias separate the labels: {len(used)} inequalities with these multipliers add up to 0 < 0"
