"""1. Reading: JSON of bounded size, compared with the form it must have, within a budget of steps."""

import json
import re
from collections.abc import Iterable
from fractions import Fraction
from math import lcm
from operator import mul
from pathlib import Path
from reprlib import repr as brief
from types import ModuleType
from typing import Any

BYTES, DEPTH, DIGITS, LARGEST, ENTRIES, STEPS = 128_000_000, 200, 1_000, 10**1_000, 100_000, 4_000_000
NUMBER = re.compile(rf"(-?[0-9]{{1,{DIGITS}}})(?:/(?=[0-9]{{1,{DIGITS}}}\Z)(0*[1-9][0-9]*))?")
NAME = re.compile("[A-Za-z_][A-Za-z0-9_]{0,39}")
HEX = re.compile("[0-9a-f]*")
TABLE = {"points": [["number"]], "labels": [(0, 1)]}
PACKED = {"columns": [{"digits": "hex", "scale": "number", "offset": "number"}], "labels": "hex"}


class CertificateError(ValueError):
    """The certificate was not accepted."""


class Malformed(CertificateError):
    """It does not follow FORMAT.md."""


class Rejected(CertificateError):
    """It follows FORMAT.md, but what it says was not established."""


class Refuted(Rejected):
    """It follows FORMAT.md, and what it says was shown to be false."""


def need(holds: object, message: str, error: type[CertificateError] = Malformed) -> None:
    if not holds:
        raise error(message)


def load(source: str | bytes | Path) -> Any:
    """JSON text, or the file at a Path, as plain data. Raises Malformed."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len(dict(pairs)) == len(pairs), f"a field occurs twice among {brief([key for key, _ in pairs])}")
        return dict(pairs)

    try:
        if isinstance(source, Path):
            with source.open("rb") as file:
                source = file.read(BYTES + 1)
        source = source.encode() if isinstance(source, str) else source
        values = sum(map(source.count, (b",", b"[", b"{")))
        need(len(source) <= BYTES and values <= STEPS, f"expected at most {BYTES:,} bytes and {STEPS:,} values")
        return json.loads(source, object_pairs_hook=once)
    except (OSError, ValueError, RecursionError) as error:
        raise Malformed(f"cannot be read: {error}") from None


class Reader:
    """Compares data with forms and takes inner products, within a budget of steps."""

    left = STEPS

    def burn(self, steps: int) -> None:
        self.left -= steps
        need(self.left >= 0, f"not settled within {STEPS:,} steps, the most that one certificate may cost", Rejected)

    def settle(self, data: Any, kinds: dict[str, ModuleType]) -> tuple[str, str]:
        """The kind of a certificate, one of `kinds`, and what its check says."""
        kind = self.read(data["kind"], tuple(kinds), "kind")
        forms = [{"gradproof": (1,), "kind": (kind,), **form} for form in kinds[kind].FORMS]
        form = next((form for form in forms if form.keys() == data.keys()), forms[0])
        return kind, kinds[kind].check(self.read(data, form, kind), self)

    def walk(self, data: Any) -> None:
        """Refuse what is not plain JSON without floats and nulls, or is too deep; goes level by level."""
        level = [data]
        for _ in range(DEPTH):
            need(all(type(value) in (dict, list, str, int, bool) for value in level), "a float, null or no JSON value")
            parts = [v.values() if isinstance(v, dict) else v for v in level if isinstance(v, (dict, list))]
            self.burn(sum(map(len, parts)))
            level = [value for part in parts for value in part]
        need(not level, f"nested deeper than {DEPTH}")

    def read(self, value: Any, form: Any, what: str) -> Any:
        """`value` with its numbers read. A form is {field: form}; [form], a list; [form, form], a list of two; a tuple
        or range of the values allowed; "number", "name", "any", or "hex" for bytes."""
        if form == "number" and type(value) is int and abs(value) < LARGEST:
            return value
        if form == "number" and isinstance(value, str) and (match := NUMBER.fullmatch(value)):
            self.burn((len(value) >> 7) ** 2)
            return Fraction(int(match[1]), int(match[2] or 1))
        if form == "hex" and isinstance(value, str) and len(value) % 2 == 0 and HEX.fullmatch(value):
            return bytes.fromhex(value)
        if isinstance(form, dict) and isinstance(value, dict) and value.keys() == form.keys():
            return {key: self.read(value[key], form[key], key) for key in form}
        if isinstance(form, list) and isinstance(value, list) and len(form) in (1, len(value)):
            need(len(value) <= ENTRIES, f"{what}: expected at most {ENTRIES:,} entries")
            return [self.read(entry, form[k % len(form)], what) for k, entry in enumerate(value)]
        allowed = isinstance(form, (tuple, range)) and type(value) is type(form[0]) and value in form
        if allowed or form == "any" or (form == "name" and isinstance(value, str) and NAME.fullmatch(value)):
            return value
        wanted = " ".join(form) if isinstance(form, dict) else form
        raise Malformed(f"{what}: expected {wanted}, got {brief(value)[:99]}")

    def table(self, fields: dict[str, Any]) -> tuple[list[list[Any]], list[int]]:
        """The rows, each with a 1 appended for the bias, and their labels."""
        rows, labels = fields["points"], fields["labels"]
        good = len({len(row) for row in rows}) == 1 and rows[0] and len(labels) == len(rows)
        need(good, "points: expected at least one row, rows of one length that is not 0, and a label for each")
        return [[*row, 1] for row in rows], labels

    def packed(self, fields: dict[str, Any]) -> tuple[bytes, list[tuple[bytes, int]]]:
        """The labels, one byte a row, and the bytes of each column with their number in one row."""
        labels, columns = fields["labels"], [column["digits"] for column in fields["columns"]]
        need(labels and not labels.strip(b"\0\1"), "labels: expected 00 or 01 for each row, and at least one row")
        need(columns and not any(len(c) % len(labels) for c in columns), "digits: expected equally many in every row")
        return labels, [(column, len(column) // len(labels)) for column in columns]

    def common(self, numbers: Iterable[Any]) -> int:
        """The least common denominator."""
        scale = 1
        for number in numbers:
            scale = lcm(scale, number.denominator)
            need(scale.bit_length() < 40 * DIGITS, "the denominators are too long together", Rejected)
        return scale

    def dot(self, left: Any, right: Any) -> Any:
        """The exact inner product; costs more where numbers are long."""
        need(len(left) == len(right), f"expected {len(right)} numbers with the bias or its 1, got {len(left)}")
        if {*map(type, left), *map(type, right)} == {int}:
            longest, other = (max(map(int.bit_length, numbers)) for numbers in (left, right))
            self.burn(len(left) * (1 + (longest * (other + 32) >> 18)))
            return sum(map(mul, left, right))
        total: Any = 0
        for a, b in zip(left, right, strict=True):
            total += a * b
            self.burn(1 + (sum(x.numerator.bit_length() + x.denominator.bit_length() for x in (a, b, total)) >> 9) ** 2)
        return total
