"""An audit document read from TOML within limits, every entry with its line in the file.

TOML's own reader gives no line numbers, so they are found again in the text: headers, keys and texts are searched for
outside of comments, entry by entry. A wrong guess there would misplace a line number, never change a verdict.
"""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from proofs.calculus.text import InputError, nearest
from proofs.derivations.shown import shown

MAX_BYTES = 1_000_000
MAX_CLAIMS = 2_000
MAX_KEY_DOTS = 8
MAX_NESTING = 50
# Possessive, and a text that is not closed ends with its line or file: no input makes these backtrack.
_PIECES = re.compile(
    r'"""(?:\\.|(?!""").)*+(?:"""|\Z)'
    r"|'''(?:(?!''').)*+(?:'''|\Z)"
    r'|"(?:\\.|[^"\n])*+(?:"|(?=\n)|\Z)'
    r"|'[^'\n]*+(?:'|(?=\n)|\Z)"
    r"|(?P<comment>#[^\n]*+)",
    re.DOTALL,
)
_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*([A-Za-z0-9_-]+)[ \t]*\]\][ \t]*$", re.MULTILINE)
_LONG_KEY = re.compile(rf"(?:\.[ \t]*+[\w-]*+[ \t]*+){{{MAX_KEY_DOTS},}}", re.ASCII)
_LONG_NUMBER = re.compile(r"[0-9A-Fa-f_]{1000}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One ``[[kind]]`` of a document: its data, and where its text begins and ends."""

    kind: str
    data: Mapping[str, Any]
    text: str
    start: int
    end: int

    def line(self, *keys: str) -> int:
        """The line, from 1, on which the entry, or the key reached through `keys`, stands."""
        return self.text.count("\n", 0, self.place(*keys)) + 1

    def place(self, *keys: str) -> int:
        place = self.start
        for key in keys:
            name = re.escape(key)
            pattern = rf"(?:^|(?<=[{{,\s.\[]))(?:{name}|\"{name}\"|'{name}')\s*(?:=(?!=)|\]|\.)"
            match = re.compile(pattern, re.MULTILINE).search(self.text, place, self.end)
            place = match.start() if match else place
        return place

    def text_lines(self, key: str, texts: Sequence[str]) -> tuple[int, ...]:
        """The line of each of the `texts` listed under `key`."""
        place, found = self.place(key), []
        for text in texts:
            first = next((row for row in text.splitlines() if row.strip()), "")
            at = self.text.find(first, place, self.end) if first else -1
            if at >= 0:
                place = at + len(first)
            found.append(self.text.count("\n", 0, at if at >= 0 else place) + 1)
        return tuple(found)

    def fail(self, message: str, *keys: str) -> InputError:
        """An error that names the line of `keys`."""
        return InputError(f"line {self.line(*keys)}: {message}", keys or (self.kind,))

    def check_keys(self, known: Sequence[str], required: Sequence[str] = ()) -> None:
        """Refuse keys that mean nothing here, and entries without those that are needed."""
        for key in self.data:
            if key not in known:
                raise self.fail(f"[[{self.kind}]] has no key {key!r:.60}{nearest(key, list(known))}", key)
        for key in required:
            if key not in self.data:
                raise self.fail(f"[[{self.kind}]] needs the key {key!r}")

    def get_text(self, key: str, default: str = "") -> str:
        """The text under a key."""
        value = self.data.get(key, default)
        if not isinstance(value, str):
            raise self.fail(f"{key}: expected text in quotes, got {shown(value)}", key)
        return value

    def get_bool(self, key: str, default: bool) -> bool:
        """true or false under a key."""
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self.fail(f"{key}: expected true or false, got {shown(value)}", key)
        return value


@dataclass(frozen=True, slots=True)
class Document:
    """A document's title and its entries in the order of the file."""

    title: str
    entries: tuple[Entry, ...]


def read_file(path: Path) -> str:
    """The text of a document. Raises InputError unless it is a regular UTF-8 file of at most 1 MB."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(f"{path}: expected a file, this is a folder or device; name a .toml file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        said = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"{path}: cannot be read: {said}; check the name") from None
    if len(data) > MAX_BYTES:
        raise InputError(f"{path}: more than {MAX_BYTES} bytes; split the document up")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path}: line {line}: not UTF-8 text (byte {data[error.start]:#04x}); save it as UTF-8"
        ) from None


def parse_document(text: str, kinds: Sequence[str]) -> Document:
    """The document written in `text`, whose entries are of the given `kinds`. Raises InputError."""
    if len(text) > MAX_BYTES:
        raise InputError(f"more than {MAX_BYTES} characters; split the document up")
    plain = text.replace("\r\n", "\n")
    data = _toml(plain)
    code, masked = _masks(plain)
    whole = Entry("document", data, code, 0, len(code))
    whole_keys = ["title", *kinds]
    for key, value in data.items():
        if key not in whole_keys:
            raise InputError(f"line {whole.line(key)}: unknown key {key!r:.60}{nearest(key, whole_keys)}", (key,))
        if key != "title" and not (isinstance(value, list) and all(isinstance(each, dict) for each in value)):
            raise InputError(f"line {whole.line(key)}: {key}: expected a list of tables; write [[{key}]]", (key,))
    headers = [(match.group(1), match.start()) for match in _HEADER.finditer(masked) if match.group(1) in kinds]
    ends = [*(start for _, start in headers[1:]), len(code)]
    claims = sum(
        len(lines) if isinstance(lines := table.get("lines"), list) else 1 for k in kinds for table in data.get(k, [])
    )
    if claims > MAX_CLAIMS:
        raise InputError(f"{claims} claims; at most {MAX_CLAIMS} are settled in one document: split it up")
    entries: list[Entry] = []
    for kind in kinds:
        places = [(start, end) for (name, start), end in zip(headers, ends, strict=False) if name == kind]
        tables = data.get(kind, [])
        if len(places) != len(tables):
            places = [(whole.place(kind), len(code))] * len(tables)
        entries += [Entry(kind, table, code, *place) for table, place in zip(tables, places, strict=True)]
    if not entries:
        known = ", ".join(f"[[{kind}]]" for kind in kinds)
        raise InputError(f"line 1: the document claims nothing; add one of {known}")
    return Document(whole.get_text("title"), tuple(sorted(entries, key=lambda entry: entry.start)))


def _toml(text: str) -> dict[str, Any]:
    """TOML's own reader, kept away from what would take it long or deep."""
    _refuse_hostile(text)
    try:
        return tomllib.loads(text, parse_float=_exact)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r" \(at (?:line ([0-9]+), column [0-9]+|end of document)\)", str(error))
        line = (found and found.group(1)) or text.rstrip().count("\n") + 1
        said = str(error)[: found.start()] if found else str(error)
        message = f"line {line}: not valid TOML: {said}; texts stand in quotes, lists in [ ], tables in {{ }}"
        raise InputError(message) from None


def _refuse_hostile(text: str) -> None:
    masked = _masks(text)[1]
    depth = 0
    for bracket in re.finditer(r"[\[\]{}]", masked):
        depth = max(0, depth + (1 if bracket.group() in "[{" else -1))
        if depth > MAX_NESTING:
            raise InputError(f"{_line(text, bracket)}: brackets nested more than {MAX_NESTING} deep; three are needed")
    if match := _LONG_KEY.search(masked):
        raise InputError(f"{_line(text, match)}: a key of more than {MAX_KEY_DOTS} parts; keys here have at most two")
    if match := _LONG_NUMBER.search(masked):
        raise InputError(f"{_line(text, match)}: a number or name of 1000 digits or more; write a shorter one")


def _line(text: str, match: re.Match[str]) -> str:
    return f"line {text.count(chr(10), 0, match.start()) + 1}"


def _exact(literal: str) -> Decimal | str:
    """A decimal as written, so that 0.1 is one tenth; what Decimal cannot hold stays text and is refused where used."""
    try:
        return Decimal(literal)
    except InvalidOperation:
        return literal


def _masks(text: str) -> tuple[str, str]:
    """`text` without its comments, and without comments and quoted texts; all offsets stay."""

    def blank(match: re.Match[str]) -> str:
        found = match.group()
        return re.sub(r"[^\n]", " ", found) if "\n" in found else " " * len(found)

    return _PIECES.sub(lambda m: blank(m) if m.group("comment") else m.group(), text), _PIECES.sub(blank, text)
