"""Data sets in files: CSV and TSV (also gzipped) with numbers read exactly as written, and Parquet where pyarrow is.

A file is read as a stream, a block of rows at a time, and refused where it is longer than `MOST_BYTES` or holds more
than `MOST_CELLS` numbers, so that no file takes more memory than that. Raises SeparationError, naming line and column.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

from proofs.separation.data import SeparationError, exact
from proofs.separation.labels import MOST_CLASSES, read_labels
from proofs.separation.tables import Column, Table, joined, read_column, read_table

MOST_BYTES = 1_000_000_000
MOST_CELLS = 50_000_000
MOST_LINE = 10_000_000
BLOCK = 2_000
DELIMITERS = ",;\t|"
MISSING = {"", "na", "n/a", "nan", "nat", "null", "none", "missing", "?", ".", "-"}
_ALIKE = re.compile(r"[+-]?[0-9.]+([eE/][+-]?[0-9]+)?")
_PLACE = re.compile("-?[0-9]{1,9}")


def read_file(path: Path, label: str = "", columns: tuple[str, ...] = ()) -> tuple[Table, list[Any], str]:
    """The features, the labels and the label column's name.

    label: a column by name or by number from 0, negative ones from the end; the last one if empty. columns: the
    features to take, all others if empty. The first line holds names when one of its cells is `label` or one of
    `columns`, or when the features in it are no numbers. Refused are names and labels of several lines, which could
    pass for lines of an answer, and one number written in two ways as two labels.
    """
    table, labels, name = _read(path, label, columns)
    texts = {text for text in (*table.names, name, *labels) if isinstance(text, str)}
    if broken := next((text for text in sorted(texts) if len(text.splitlines()) > 1), ""):
        raise SeparationError(f"{path}: expected names and labels of one line, got {broken!r:.80}")
    _refuse_twins(path, texts.intersection(labels))
    return table, labels, name


def _read(path: Path, label: str, columns: tuple[str, ...]) -> tuple[Table, list[Any], str]:
    if any(suffix == ".parquet" for suffix in path.suffixes):
        return _parquet(path, label, columns)
    with _lines(path) as lines:
        first = next(lines, "")
        delimiter = "\t" if ".tsv" in path.suffixes else max(DELIMITERS, key=first.count)
        rows = _rows(_chained(first, lines), delimiter)
        try:
            return _delimited(path, rows, label, columns)
        except csv.Error as error:
            raise SeparationError(f"{path}: not a table: {error}") from None


@contextmanager
def _lines(path: Path) -> Iterator[Iterator[str]]:
    """The lines of a text file, refused beyond `MOST_BYTES`, whether packed or not."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise _too_long(path, f"{size / 1e9:.1f} GB")
        with path.open("rb") as raw:
            packed = raw.peek(2)[:2] == b"\x1f\x8b"
            source: Any = gzip.GzipFile(fileobj=raw) if packed else raw
            with io.TextIOWrapper(source, encoding="utf-8-sig", newline="") as text:
                yield _bounded(path, text)
    except UnicodeDecodeError as error:
        raise SeparationError(
            f"{path}: expected UTF-8 text, got the byte {error.object[error.start]:#x}; save it as UTF-8"
        ) from None
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SeparationError(f"cannot read {path}: {reason}") from None


def _bounded(path: Path, text: io.TextIOWrapper) -> Iterator[str]:
    left = MOST_BYTES
    while line := text.readline(MOST_LINE + 1):
        left -= len(line)
        if len(line) > MOST_LINE:
            raise SeparationError(f"{path}: expected lines of at most {MOST_LINE:,} characters, got a longer one")
        if left < 0:
            raise _too_long(path, "more")
        if "\0" in line:
            raise SeparationError(f"{path}: expected text, got a zero byte; save the table as CSV in UTF-8")
        yield line


def _too_long(path: Path, size: str) -> SeparationError:
    return SeparationError(f"{path}: expected at most {MOST_BYTES / 1e9:.0f} GB, got {size}; leave rows or columns out")


def _chained(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _rows(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The line number, from 1, and the cells of every line that is not blank."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    for cells in reader:
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            yield reader.line_num, stripped


def _delimited(
    path: Path, rows: Iterator[tuple[int, list[str]]], label: str, columns: tuple[str, ...]
) -> tuple[Table, list[Any], str]:
    line, first = next(rows, (0, []))
    if not first:
        raise SeparationError(f"{path}: expected at least one row, got none; an empty table has no answer")
    if len(first) < 2:
        raise SeparationError(
            f"{path}: expected a label and at least one feature, got one column; cells are parted by , ; tab or |"
        )
    named = _is_header(first, label, columns)
    names = first if named else [f"x{number}" for number in range(len(first))]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise SeparationError(f"{path}: the column {twice!r} occurs twice in the first line; name it apart")
    at, features = _chosen(names, label, columns)
    pieces: list[list[Column]] = []
    labels: list[Any] = []
    if not named:
        rows = _first_again((line, first), rows)
    while block := list(islice(rows, BLOCK)):
        numbers = [number for number, _ in block]

        def where(row: int, numbers: list[int] = numbers) -> str:
            return f"{path}, line {numbers[row]}"

        for number, cells in block:
            if len(cells) != len(names):
                raise SeparationError(f"{path}, line {number}: expected {len(names)} cells, got {len(cells)}")
        labels += read_labels([cells[at] for _, cells in block], len(block), where)
        turned = list(zip(*(cells for _, cells in block), strict=True))
        pieces.append([_column(list(turned[n]), names[n], where) for n in features])
        if len(labels) * len(features) > MOST_CELLS:
            raise SeparationError(f"{path}: expected at most {MOST_CELLS:,} numbers, got more; leave some out")
    if not pieces:
        raise SeparationError(f"{path}: expected at least one row below the names, got none")
    return Table(tuple(joined(parts) for parts in zip(*pieces, strict=True))), labels, names[at]


def _first_again(
    first: tuple[int, list[str]], rows: Iterator[tuple[int, list[str]]]
) -> Iterator[tuple[int, list[str]]]:
    yield first
    yield from rows


def _is_header(first: list[str], label: str, columns: tuple[str, ...]) -> bool:
    if {label, *columns} & set(first) - {""} and not _is_number(label):
        return True
    at = int(label) if _PLACE.fullmatch(label) else len(first) - 1
    others = [cell for place, cell in enumerate(first) if place != at % len(first)]
    return all(not _is_number(cell) for cell in others)


def _is_number(text: str) -> bool:
    return _number(text) is not None or text.lower() in ("nan", "inf", "-inf", "+inf", "infinity", "-infinity")


def _number(text: str) -> Fraction | None:
    try:
        return exact(text)
    except SeparationError:
        return None


def _chosen(names: list[str], label: str, columns: tuple[str, ...]) -> tuple[int, list[int]]:
    """The place of the label and those of the features: of different ones, and without the label."""
    at = _place(names, label, "label")
    places = [_place(names, name, "columns") for name in columns] or [n for n in range(len(names)) if n != at]
    for number, place in enumerate(places):
        if place == at:
            raise SeparationError(f"columns: {names[at]!r} is the label; leave it out, or choose another --label")
        if place in places[:number]:
            raise SeparationError(f"columns: {names[place]!r} is there twice; name each once")
    return at, places


def _refuse_twins(path: Path, labels: set[str]) -> None:
    known: dict[Fraction, str] = {}
    for label in sorted(labels)[: MOST_CLASSES + 1]:
        number = _number(label)
        twin = label if number is None else known.setdefault(number, label)
        if twin != label:
            raise SeparationError(f"{path}: the labels {twin} and {label} are one number; write it in one way")


def _column(cells: list[str], name: str, where: Callable[[int], str]) -> Column:
    """`read_column`, where what is no number is answered with what people put into tables."""
    try:
        return read_column(cells, name, where)
    except SeparationError:
        row = next(row for row, cell in enumerate(cells) if _number(cell) is None)
        cell = cells[row]
        if _ALIKE.fullmatch(cell):
            raise
        if cell.lower() in MISSING:
            found = f"the value is missing ({cell!r}); leave the row out or give its value"
        elif _ALIKE.fullmatch(cell.replace(",", "")):
            found = f"expected a decimal point and no other sign, got {cell!r:.80}; commas in numbers are not read"
        else:
            found = f"expected a number, got {cell!r:.80}; choose features with --columns, or this column with --label"
        raise SeparationError(f"{where(row)}, column {name}: {found}") from None


def _place(names: list[str], wanted: str, what: str) -> int:
    if wanted in names:
        return names.index(wanted)
    if not wanted:
        return len(names) - 1
    if _PLACE.fullmatch(wanted) and -len(names) <= int(wanted) < len(names):
        return int(wanted) % len(names)
    raise SeparationError(f"{what}: expected one of {', '.join(names[:20])}, got {wanted!r}")


def _parquet(path: Path, label: str, columns: tuple[str, ...]) -> tuple[Table, list[Any], str]:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise SeparationError(f"{path}: reading Parquet needs pyarrow; pip install pyarrow, or write CSV") from None
    try:
        file = ParquetFile(path)
        names = file.schema_arrow.names
        at, places = _chosen(names, label, columns)
        features = [names[place] for place in places]
        if file.metadata.num_rows * len(features) > MOST_CELLS:
            raise SeparationError(f"{path}: expected at most {MOST_CELLS:,} numbers, got more; leave some out")
        frame = file.read(columns=[*features, names[at]]).to_pandas()
    except (OSError, ArrowException) as error:
        raise SeparationError(f"cannot read {path}: {error}") from None
    return read_table(frame, features), read_labels(frame[names[at]], len(frame)), names[at]
