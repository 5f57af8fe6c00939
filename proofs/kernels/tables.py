"""Packed tables written out: `points`, `labels` and `multipliers` as numbers (checker/FORMAT.md, section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

Fields = Mapping[str, Any]
MOST_NUMBERS = 20_000


def written_out(data: Fields) -> Fields:
    """The same certificate in its plain form; as it is, if it has no packed table or one of over 20,000 numbers."""
    if "columns" not in data:
        return data
    labels = [*bytes.fromhex(data["labels"])]
    if len(labels) * len(data["columns"]) > MOST_NUMBERS:
        return data
    columns = [_entries(column, len(labels)) for column in data["columns"]]
    points = [[str(x) for x in row] for row in zip(*columns, strict=True)]
    kept = {name: value for name, value in data.items() if name not in ("columns", "rows", "multipliers")}
    if "multipliers" in data:
        kept["multipliers"] = [int.from_bytes(bytes.fromhex(digits)) for digits in data["multipliers"]]
    return {**kept, "points": points, "labels": labels}


def _entries(column: Fields, rows: int) -> list[Fraction]:
    digits = bytes.fromhex(column["digits"])
    width = len(digits) // rows
    scale, offset = Fraction(column["scale"]), Fraction(column["offset"])
    return [offset + scale * int.from_bytes(digits[row * width : (row + 1) * width]) for row in range(rows)]
