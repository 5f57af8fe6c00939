"""`audit`: a document's claims read, then settled one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from os import PathLike
from pathlib import Path
from shlex import quote

from proofs.calculus import DomainError
from proofs.calculus.text import InputError
from proofs.claim import Verdict
from proofs.derivations.chains import read_derivation
from proofs.derivations.claims import Claims, Pending, Settle
from proofs.derivations.document import Entry, parse_document, read_file
from proofs.derivations.findings import Audit, Item, Line
from proofs.derivations.inferences import read_results
from proofs.derivations.topologies import read_quoted, read_representation, read_shared_weight
from proofs.derivations.units import read_hidden_units, read_perceptron, read_separable, read_separator
from proofs.separation import SeparationError

Progress = Callable[[int, int], None]
MOST_WRONG = 20

KINDS: dict[str, Callable[[Entry], Claims]] = {
    "derivation": read_derivation,
    "separator": read_separator,
    "separable": read_separable,
    "hidden_units": read_hidden_units,
    "perceptron": read_perceptron,
    "results": read_results,
    "shared_weight": read_shared_weight,
    "representation": read_representation,
    "quoted": read_quoted,
}


def audit(path: str | PathLike[str], progress: Progress = lambda _done, _total: None) -> Audit:
    """The audit of the document at `path`; `progress` is called with (claims settled, claims in all).

    Raises InputError, naming file, line and fix, before anything is settled if the document cannot be read, and later,
    naming every such line, if claims turn out to divide by something that can be zero, or the like.
    """
    text = read_file(Path(path))
    try:
        return audit_text(text, progress, repeat=f"gradproof audit {quote(str(path))}")
    except InputError as error:
        raise InputError(f"{path}: {error}", error.about) from None


def audit_text(text: str, progress: Progress = lambda _done, _total: None, *, repeat: str = "") -> Audit:
    """The audit of a document given as TOML text. Raises InputError."""
    document = parse_document(text, list(KINDS))
    claims = [KINDS[entry.kind](entry) for entry in document.entries]
    total = sum(len(each.lines) for each in claims)
    items: list[Item] = []
    wrong: dict[tuple[int, str], str] = {}
    done = 0
    for each in claims:
        lines: list[Line] = []
        for pending in each.lines:
            try:
                lines.append(_settled(pending, repeat))
            except (InputError, DomainError, SeparationError) as error:
                said = _one_line(str(error))
                wrong.setdefault((each.entry.start, said), f"line {pending.number}: {said}")
            done += 1
            progress(done, total)
        note, name = _one_line(each.entry.get_text("note")), _one_line(each.name)
        number = each.entry.line()
        start = each.start, each.start_latex
        items.append(Item(each.entry.kind, name, number, tuple(lines), *start, note, each.given, each.table))
    if wrong:
        raise InputError(_listed([*wrong.values()]))
    return Audit(_one_line(document.title) or "untitled", tuple(items))


def _listed(wrong: list[str]) -> str:
    """What is wrong, on lines of their own, and how many more there are than are shown."""
    more = [f"and {len(wrong) - MOST_WRONG} more"] if len(wrong) > MOST_WRONG else []
    return "\n  ".join(wrong[:MOST_WRONG] + more)


def _one_line(text: str) -> str:
    """A text without line breaks, which could be taken for lines of the answer."""
    return " ".join(text.split())


def _settled(pending: Pending, repeat: str) -> Line:
    verdict = _run(pending.settle, repeat)
    step = _run(pending.step, repeat) if pending.step else None
    said = _one_line(pending.text), pending.latex, pending.number
    return Line(*said, verdict, step, pending.where, pending.note, pending.inference, pending.cells)


def _run(settle: Settle, repeat: str) -> Verdict:
    return replace(settle(), repeat=repeat)
