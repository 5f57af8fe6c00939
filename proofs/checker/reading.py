"""1. Reading: bounded plain JSON, compared with the form it must have; refusals name the field, the need and the find."""

import json
import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from reprlib import repr as brief
from typing import Any

BYTES, NESTING, DIGITS, ENTRIES = 8_000_000, 200, 1_000, 100_000
NUMBER = re.compile(rf"(-?[0-9]{{1,{DIGITS}}})(?:/(0*[1-9][0-9]*))?")
NAME = re.compile("[A-Za-z_][A-Za-z0-9_]{0,39}")
POINTS = {"points": [["number"]], "labels": [range(2)]}
Rational = int | Fraction


class CertificateError(ValueError):
    """The certificate was not accepted."""


class Malformed(CertificateError):
    """It does not follow FORMAT.md."""


class Rejected(CertificateError):
    """It is well formed, but what it says was not established."""


class Refuted(Rejected):
    """It is well formed, and what it says was shown to be false."""


class Fuel:
    """A budget of steps, so that every check ends."""

    def __init__(self, steps: int) -> None:
        self.steps = self.left = steps

    def burn(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise Rejected(f"not settled within {self.steps:,} steps, the most that are spent on one certificate")


def expect(holds: bool, what: str, wanted: str, came: object) -> None:
    """Raise Malformed unless `holds`."""
    if not holds:
        raise Malformed(f"{what}: expected {wanted}, got {brief(came)[:80]}")


def load(source: str | bytes | Path) -> Any:
    """JSON text, or the file at a Path, as plain data. Raises Malformed."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        expect(len(dict(pairs)) == len(pairs), "object", "every field once", [key for key, _ in pairs])
        return dict(pairs)

    def exact(text: str) -> int:
        expect(len(text) <= DIGITS + 1 and "." not in text, "number", f"at most {DIGITS} digits or '3/7'", text)
        return int(text)  # refuses 1e5, NaN and Infinity

    try:
        if isinstance(source, Path):
            with source.open("rb") as file:
                source = file.read(BYTES + 1)
        text = source if isinstance(source, str) else source.decode()
        expect(len(text.encode()) <= BYTES, "certificate", f"at most {BYTES:,} bytes", len(text))
        return json.loads(text, object_pairs_hook=once, parse_int=exact, parse_float=exact, parse_constant=exact)
    except (OSError, ValueError, RecursionError) as error:
        raise Malformed(f"cannot be read: {error}") from None


def read(value: Any, form: Any, what: str, fuel: Fuel) -> Any:
    """`value`, numbers read, if it has the form: {field: form} (a field with ? may be missing), [form] a list,
    (form, ...) a list of that length, a range of integers, "number", "name", "flag" or "any". Raises Malformed."""
    fuel.burn(1)
    if form == "number":
        if type(value) is int and value.bit_length() < 3 * DIGITS:
            return value
        match = NUMBER.fullmatch(value) if isinstance(value, str) and len(value) <= 2 * DIGITS + 2 else None
        expect(match is not None, what, f"an integer or '-3/7' of at most {DIGITS} digits a part", value)
        return Fraction(int(match[1]), int(match[2] or 1)) if match else 0
    if isinstance(form, dict):
        expect(isinstance(value, dict), what, "an object", value)
        unknown = [key for key in value if key not in form and f"{key}?" not in form]
        missing = [key for key in form if key not in value and not key.endswith("?")]
        expect(not unknown and not missing, what, f"the fields {' '.join(form)}", sorted(value, key=str))
        return {key: read(value[key], form.get(key, form.get(f"{key}?")), key, fuel) for key in value}
    if isinstance(form, (list, tuple)):
        expect(isinstance(value, list) and len(value) <= ENTRIES, what, f"a list of at most {ENTRIES:,} entries", value)
        forms = form if isinstance(form, tuple) else form * len(value)
        expect(len(value) == len(forms), what, f"{len(forms)} entries", value)
        return [read(entry, wanted, what, fuel) for entry, wanted in zip(value, forms, strict=True)]
    if isinstance(form, range):
        expect(type(value) is int and value in form, what, f"an integer from {form[0]} to {form[-1]}", value)
    if form == "name":
        expect(isinstance(value, str) and bool(NAME.fullmatch(value)), what, "a name", value)
    if form == "flag":
        expect(isinstance(value, bool), what, "true or false", value)
    return value



def table(fields: dict[str, Any]) -> tuple[list[list[Rational]], list[int]]:
    """The rows, all of one length that is not 0, and a label for each."""
    rows, labels = fields["points"], fields["labels"]
    expect(len({len(row) for row in rows}) == 1 and rows[0] != [], "points", "rows of one length, at least one", rows)
    expect(len(labels) == len(rows), "labels", f"{len(rows)} labels", labels)
    return rows, labels


def dot(left: Sequence[Rational], right: Sequence[Rational], fuel: Fuel) -> Rational:
    """The exact inner product; costs more where denominators grow."""
    total: Rational = 0
    for a, b in zip(left, right, strict=True):
        total += a * b
        fuel.burn(1 + (total.denominator.bit_length() >> 7) ** 2)
    return total
