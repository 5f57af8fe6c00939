"""``[[results]]``: a table of accuracies, read from its entry and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from proofs.derivations.document import Entry
from proofs.derivations.printed import Printed, PrintedError, read_printed
from proofs.derivations.shown import shown

KEYS = ("name", "note", "by", "columns", "accuracy", "unit", "sizes", "batch", "class_counts", "epochs", "steps")
UNITS = ("fraction", "percent")
TRAINING = ("training", "train")
MAX_ROWS, MAX_COLUMNS, MAX_CLASSES = 20, 200, 10_000
MAX_SIZE, MAX_BATCH = 10**12, 100_000


@dataclass(frozen=True, slots=True)
class Results:
    """A table of accuracies, by row; sizes and class counts of those rows' sets that are given, 0 for what is not.

    `training` is the size of the training set, which may have no row of its own.
    """

    entry: Entry
    name: str
    by: str
    columns: tuple[str, ...]
    rows: Mapping[str, tuple[Printed, ...]]
    sizes: Mapping[str, int]
    class_counts: Mapping[str, tuple[int, ...]]
    training: int
    batch: int
    epochs: int
    steps: int

    def at(self, places: Sequence[int]) -> str:
        """``learning rate 1, 0.1``"""
        return " ".join(filter(None, (self.by, ", ".join(self.columns[place] for place in places))))


def read_table(entry: Entry) -> Results:
    """The table of an entry. Raises InputError, naming line and fix, for what no table of accuracies has."""
    entry.check_keys(KEYS, ["accuracy"])
    rows = _rows(entry)
    width = len(next(iter(rows.values())))
    counts = _class_counts(entry, rows)
    sizes = _sizes(entry, rows, counts)
    return Results(
        entry,
        entry.get_text("name") or "results",
        entry.get_text("by"),
        _columns(entry, width),
        rows,
        {name: sizes[name] for name in rows if name in sizes},
        counts,
        next((sizes[name] for name in TRAINING if name in sizes), 0),
        _whole(entry, MAX_BATCH, "batch"),
        _whole(entry, MAX_SIZE, "epochs"),
        _whole(entry, MAX_SIZE, "steps"),
    )


def _rows(entry: Entry) -> dict[str, tuple[Printed, ...]]:
    written = entry.data["accuracy"]
    if not isinstance(written, Mapping) or not written:
        raise entry.fail(f"accuracy: expected {{ test = [0.8992, ...] }}, got {shown(written)}", "accuracy")
    if len(written) > MAX_ROWS:
        raise entry.fail(f"accuracy: {len(written)} rows; at most {MAX_ROWS} are read", "accuracy")
    unit = entry.get_text("unit", "fraction")
    if unit not in UNITS:
        raise entry.fail(f"unit: expected {' or '.join(map(repr, UNITS))}, got {shown(unit)}", "unit")
    rows = {name: _row(entry, name, values, unit == "percent") for name, values in written.items()}
    first, *others = rows
    for name in others:
        if len(rows[name]) != len(rows[first]):
            said = f"accuracy: {first} and {name} have {len(rows[first])} and {len(rows[name])} values"
            raise entry.fail(f"{said}; give one a column in every row", "accuracy", name)
    values = [value.value for row in rows.values() for value in row]
    if unit == "percent" and 0 < max(values) * 100 <= 1:
        raise entry.fail("unit: no value is above 1 percent; leave out unit = 'percent' if they are shares", "unit")
    return rows


def _row(entry: Entry, name: str, values: Any, percent: bool) -> tuple[Printed, ...]:
    if not isinstance(values, list) or not values:
        raise entry.fail(
            f"accuracy: {name}: expected a list such as [0.8992, 0.7616], got {shown(values)}", "accuracy", name
        )
    if len(values) > MAX_COLUMNS:
        raise entry.fail(f"accuracy: {name}: {len(values)} values; at most {MAX_COLUMNS} are read", "accuracy", name)
    try:
        return tuple(read_printed(value, percent) for value in values)
    except PrintedError as error:
        raise entry.fail(f"accuracy: {name}: {error}", "accuracy", name) from None


def _columns(entry: Entry, width: int) -> tuple[str, ...]:
    names = entry.data.get("columns", [f"column {place}" for place in range(1, width + 1)] if width > 1 else [""])
    if not isinstance(names, list) or len(names) != width:
        raise entry.fail(
            f"columns: expected a list of {width} names, one for each value, got {shown(names)}", "columns"
        )
    return tuple(name if isinstance(name, str) else shown(name) for name in names)


def _class_counts(entry: Entry, rows: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    written = entry.data.get("class_counts", {})
    by_row = {"test": written} if isinstance(written, list) else written
    if not isinstance(by_row, Mapping):
        raise entry.fail(f"class_counts: expected {{ test = [980, ...] }}, got {shown(written)}", "class_counts")
    for name, counts in by_row.items():
        _known(entry, "class_counts", name, rows)
        if not isinstance(counts, list) or not 2 <= len(counts) <= MAX_CLASSES:
            said = f"expected from 2 to {MAX_CLASSES} counts in [ ], got {shown(counts)}"
            raise entry.fail(f"class_counts: {name}: {said}", "class_counts", name)
        for count in counts:
            if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MAX_SIZE:
                said = f"expected whole numbers from 0 to {MAX_SIZE}, got {shown(count)}"
                raise entry.fail(f"class_counts: {name}: {said}", "class_counts", name)
        if not 0 < sum(counts) <= MAX_SIZE:
            raise entry.fail(f"class_counts: {name}: they add up to {sum(counts)} rows", "class_counts", name)
    return {name: tuple(counts) for name, counts in by_row.items()}


def _sizes(entry: Entry, rows: Mapping[str, Any], counts: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    """The size of each set that is given, or that its class counts add up to; the training set needs no row."""
    written = entry.data.get("sizes", {})
    if not isinstance(written, Mapping):
        raise entry.fail(f"sizes: expected {{ test = 10_000 }}, the rows of each set, got {shown(written)}", "sizes")
    given = {name: _whole(entry, MAX_SIZE, "sizes", name) for name in written}
    for name, size in given.items():
        if name not in TRAINING:
            _known(entry, "sizes", name, rows)
        if name in counts and sum(counts[name]) != size:
            said = f"{name} has {size} rows, but its class_counts add up to {sum(counts[name])}"
            raise entry.fail(f"sizes: {said}; correct one of them", "sizes", name)
    return {name: sum(each) for name, each in counts.items()} | given


def _known(entry: Entry, key: str, name: str, rows: Mapping[str, Any]) -> None:
    if name not in rows:
        raise entry.fail(f"{key}: accuracy has no row {name!r:.60}; it has {', '.join(rows)[:200]}", key, name)


def _whole(entry: Entry, most: int, key: str, name: str = "") -> int:
    """A whole number from 1 to `most` under a key, or a key of its table; 0 if it is not there."""
    place = entry.data.get(key, {})
    value = place.get(name) if name else entry.data.get(key)
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        about = f"{key}: {name}" if name else key
        raise entry.fail(
            f"{about}: expected a whole number from 1 to {most}, got {shown(value)}", *filter(None, (key, name))
        )
    return value
