"""``[[derivation]]``: a chain of equations, each side compared with the first one and with the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from proofs.calculus import settle_statement
from proofs.calculus.printing import to_latex
from proofs.calculus.terms import Element, Term, Where
from proofs.calculus.text import InputError, head, read_chain, read_where
from proofs.claim import Verdict
from proofs.derivations.claims import Claims, Pending, Settle
from proofs.derivations.declarations import Declarations, declare, statement
from proofs.derivations.document import MAX_CLAIMS, Entry
from proofs.derivations.findings import Given
from proofs.derivations.shown import shown

KEYS = ("name", "note", "indices", "arrays", "definitions", "domains", "where", "lines")
LINE_KEYS = ("text", "where", "note")


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of the chain: its text and term, its line in the file, the condition under which it is claimed."""

    text: str
    term: Term
    number: int
    condition: str
    where: tuple[Where, ...]
    note: str


def read_derivation(entry: Entry) -> Claims:
    """The claims of a derivation. Raises InputError that names the line."""
    entry.check_keys(KEYS, ["lines"])
    name = entry.get_text("name") or "derivation"
    tables: list[Any] = [entry.data.get(key, {}) for key in ("indices", "arrays", "definitions", "domains")]
    try:
        declared = declare(*tables)
    except InputError as error:
        raise entry.fail(str(error), *error.about) from None
    first, *rest = _sides(entry, declared)
    if not rest:
        raise entry.fail("lines: one side alone claims nothing; write lhs = rhs, or add a line", "lines")
    lines = tuple(_pending(f"{name}.{place}", place, (first, *rest), declared) for place in range(1, len(rest) + 1))
    return Claims(entry, name, lines, first.text, to_latex(first.term), _given(entry, declared))


def _given(entry: Entry, declared: Declarations) -> tuple[Given, ...]:
    """The definitions as written, in the order in which they are made."""
    written = {head(key)[0]: (key, text) for key, text in entry.data.get("definitions", {}).items()}
    return tuple(
        Given(
            " = ".join(" ".join(part.split()) for part in written[d.name]),
            f"{to_latex(Element(d.name, tuple(i.name for i in d.indices)))} = {to_latex(d.body)}",
        )
        for d in declared.definitions
    )


def _sides(entry: Entry, declared: Declarations) -> list[_Side]:
    """Every side of every line, in order."""
    lines = entry.data["lines"]
    if not isinstance(lines, list) or not lines:
        raise entry.fail('lines: expected a list of formulas, such as ["diff(s[i], z[j])", "s[i]*(1 - s[j])"]', "lines")
    tables = [{"text": line} if isinstance(line, str) else line for line in lines]
    for table in tables:
        _check_line(entry, table)
    overall = entry.get_text("where")
    try:
        read_where(overall, declared.names.indices)
    except InputError as error:
        raise entry.fail(str(error), "where") from None
    sides: list[_Side] = []
    for table, number in zip(tables, entry.text_lines("lines", [t["text"] for t in tables]), strict=True):
        condition = table.get("where", overall)
        try:
            where = read_where(condition, declared.names.indices)
            terms = read_chain(table["text"], declared.names)
        except InputError as error:
            raise InputError(f"line {number}: {error}", (entry.kind, "lines")) from None
        texts = table["text"].strip().removeprefix("=").split("=")
        sides += [
            _Side(" ".join(text.split()), term, number, condition, where, table.get("note", ""))
            for text, term in zip(texts, terms, strict=True)
        ]
        if len(sides) > MAX_CLAIMS:
            raise entry.fail(f"lines: over {MAX_CLAIMS} claims in one document; split it up", "lines")
    return sides


def _check_line(entry: Entry, table: Any) -> None:
    if not isinstance(table, Mapping) or not isinstance(table.get("text"), str):
        raise entry.fail(f'lines: expected text or {{ text = "...", where = "..." }}, got {shown(table)}', "lines")
    for key, value in table.items():
        if key not in LINE_KEYS or not isinstance(value, str):
            raise entry.fail(
                f"lines: {key!r:.60} = {shown(value)}: expected texts under {', '.join(LINE_KEYS)}", "lines"
            )


def _pending(name: str, place: int, sides: tuple[_Side, ...], declared: Declarations) -> Pending:
    """The side at `place` against the first side and against the nearest side before it that covers its case."""
    side = sides[place]
    before = [k for k in range(place) if k == 0 or set(sides[k].where) <= set(side.where)][-1]
    step = _comparison(f"{name}.step", sides[before], side, declared) if before else None
    return Pending(
        side.text,
        to_latex(side.term),
        side.number,
        _comparison(name, sides[0], side, declared),
        step,
        side.condition,
        side.note,
    )


def _comparison(name: str, left: _Side, right: _Side, declared: Declarations) -> Settle:
    return partial(_settle, name, left, right, declared)


def _settle(name: str, left: _Side, right: _Side, declared: Declarations) -> Verdict:
    return settle_statement(statement(left.term, right.term, right.where, declared), name=name)
