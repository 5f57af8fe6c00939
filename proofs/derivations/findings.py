"""What an audit found: lines with their verdicts, gathered by entry, and the whole of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from proofs.claim import Json, Status, Verdict, together

if TYPE_CHECKING:
    from rich.console import Group

SCHEMA = "gradproof-audit-1"


@dataclass(frozen=True, slots=True)
class Given:
    """A definition of a derivation, ``head = body``, as written and in LaTeX."""

    text: str
    latex: str


@dataclass(frozen=True, slots=True)
class Line:
    """One claim of a document: as written, in LaTeX if it is a formula, its line in the file, what was found out.

    `verdict` compares it with the truth; `step`, in a derivation, with the line before (None if there is none other
    than the first side, which is the truth).
    """

    text: str
    latex: str
    number: int
    verdict: Verdict
    step: Verdict | None = None
    where: str = ""
    note: str = ""

    @property
    def status(self) -> Status:
        return self.verdict.status

    @property
    def failure(self) -> str:
        """Where a wrong line of a derivation fails, its two sides called what they are in a chain."""
        return self.verdict.counterexample.replace(": left side ", ": the first side is ").replace(
            ", right side ", ", this line "
        )

    def to_dict(self) -> Json:
        return {
            "text": self.text,
            "latex": self.latex,
            "line": self.number,
            "where": self.where,
            "note": self.note,
            "verdict": self.verdict.status.value,
            "step": None if self.step is None else self.step.status.value,
            "found": self.verdict.to_dict(),
            "step_found": None if self.step is None else self.step.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a document.

    `start` is the side that a derivation sets out from, the truth for its lines; `given` are its definitions.
    """

    kind: str
    name: str
    number: int
    lines: tuple[Line, ...]
    start: str = ""
    start_latex: str = ""
    note: str = ""
    given: tuple[Given, ...] = ()

    @property
    def status(self) -> Status:
        return together([line.status for line in self.lines])

    def to_dict(self) -> Json:
        return {
            "kind": self.kind,
            "name": self.name,
            "line": self.number,
            "note": self.note,
            "start": self.start,
            "start_latex": self.start_latex,
            "definitions": [each.text for each in self.given],
            "verdict": self.status.value,
            "lines": [line.to_dict() for line in self.lines],
        }


@dataclass(frozen=True, slots=True)
class Audit:
    """A settled document: REFUTED if a line is, PROVED if all are, otherwise UNDECIDED."""

    title: str
    items: tuple[Item, ...]

    @property
    def status(self) -> Status:
        return together([item.status for item in self.items])

    def to_dict(self) -> Json:
        return {
            "schema": SCHEMA,
            "title": self.title,
            "verdict": self.status.value,
            "items": [item.to_dict() for item in self.items],
        }

    def __rich__(self) -> Group:
        from proofs.derivations.render import render

        return render(self)
