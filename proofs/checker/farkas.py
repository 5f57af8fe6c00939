"""4. Farkas: one point is a combination of the rows of label 1 and the same of those of label 0: nothing separates."""

from collections.abc import Iterable
from typing import Any

from proofs.checker.reading import PACKED, TABLE, Reader, Rejected, need

PROOF = {"multipliers": ["number"]}
FORMS = (TABLE | PROOF, PACKED | {"multipliers": ["hex"], "rows": [range(10**9)]})


def check(fields: dict[str, Any], reader: Reader) -> str:
    multipliers, packed = fields["multipliers"], "columns" in fields
    labels = reader.packed(fields)[0] if packed else reader.table(fields)[1]
    need(len(multipliers) == len(labels), f"multipliers: expected {len(labels)}, one a row, got {len(multipliers)}")
    columns: Iterable[Any] = zip(*fields.get("points", ()), strict=True)
    if packed:
        parts = reader.packed(fields)[1]
        need(len(set(fields["rows"])) == len(labels), "rows: expected one number for each row, all different")
        columns = ([int.from_bytes(c[k * row : k * row + k]) for row in range(len(labels))] for c, k in parts)
        multipliers = [*map(int.from_bytes, multipliers)]
    need(min(multipliers) >= 0 < max(multipliers), "the multipliers are not all >= 0 with a sum > 0", Rejected)
    signed = [m if label else -m for m, label in zip(multipliers, labels, strict=True)]
    need(reader.dot(signed, [1] * len(signed)) == 0, "the sums of the multipliers of the two labels differ", Rejected)
    for number, column in enumerate(columns, 1):
        equal = reader.dot(signed, column) == 0
        need(equal, f"the combinations in column {number} of the two labels differ", Rejected)
    return f"no weights and bias separate the {len(labels)} rows: with the multipliers the inequalities add up to 0 < 0"
