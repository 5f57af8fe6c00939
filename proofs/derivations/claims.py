"""Claims read from a document and not settled yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from proofs.claim import Verdict
from proofs.derivations.document import Entry
from proofs.derivations.findings import Cell, Given, Inference, Table

Settle = Callable[[], Verdict]


@dataclass(frozen=True, slots=True)
class Pending:
    """A line to be settled: how to compare it with the truth and, if there is one, with the line before."""

    text: str
    latex: str
    number: int
    settle: Settle
    step: Settle | None = None
    where: str = ""
    note: str = ""
    inference: Inference | None = None
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Claims:
    """An entry that has been read: its name, its lines, and what a derivation sets out from and defines."""

    entry: Entry
    name: str
    lines: tuple[Pending, ...]
    start: str = ""
    start_latex: str = ""
    given: tuple[Given, ...] = ()
    table: Table | None = None
