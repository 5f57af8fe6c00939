"""What an audit found: lines with their verdicts, gathered by entry, and the whole of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from proofs.claim import Json, Status, Verdict, together
from proofs.derivations.chances import Chance, about

if TYPE_CHECKING:
    from rich.console import Group

SCHEMA = "gradproof-audit-1"
LIKELY = Fraction(1, 10)
"""An explanation is called likely when every other one that was thought of gives the same numbers once in ten times or
less: a Bayes factor of ten, strong evidence in the words of Jeffreys (1961, appendix B). It never proves anything."""
Cell = tuple[str, int]
"""A place in a results table: its row, and its column from 0."""


@dataclass(frozen=True, slots=True)
class Given:
    """A definition of a derivation, ``head = body``, as written and in LaTeX."""

    text: str
    latex: str


@dataclass(frozen=True, slots=True)
class Table:
    """A results table as written: what its columns are by, their names, and the rows."""

    by: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]

    def to_dict(self) -> Json:
        return {"by": self.by, "columns": list(self.columns), "rows": {name: list(row) for name, row in self.rows}}


@dataclass(frozen=True, slots=True)
class Against:
    """Another explanation, and the chance with which it gives what was seen: exact if it is a Fraction."""

    text: str
    chance: Chance


@dataclass(frozen=True, slots=True)
class Inference:
    """What may be the case where a claim cannot be settled, and the other explanations it was weighed against."""

    text: str
    against: tuple[Against, ...]

    @property
    def likely(self) -> bool:
        return bool(self.against) and all(other.chance <= LIKELY for other in self.against)

    @property
    def word(self) -> str:
        return "likely" if self.likely else "possible"

    @property
    def reason(self) -> str:
        """How often each other explanation gives what was seen."""
        said = "; ".join(f"{other.text}: {about(other.chance)}" for other in self.against)
        return (
            f"what chance would give the same: {said}" if said else "without the sizes of the sets no chance is known"
        )

    def to_dict(self) -> Json:
        against = [
            {
                "if": o.text,
                "chance": str(o.chance) if isinstance(o.chance, Fraction) else o.chance,
                "about": about(o.chance),
            }
            for o in self.against
        ]
        return {"word": self.word, "text": self.text, "against": against}


@dataclass(frozen=True, slots=True)
class Line:
    """One claim of a document: as written, in LaTeX if it is a formula, its line in the file, what was found out.

    `verdict` compares it with the truth; `step`, in a derivation, with the line before (None if there is none other
    than the first side, which is the truth). Of a results table: what is likely, and which cells the line is about.
    """

    text: str
    latex: str
    number: int
    verdict: Verdict
    step: Verdict | None = None
    where: str = ""
    note: str = ""
    inference: Inference | None = None
    cells: tuple[Cell, ...] = ()

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
            "inference": None if self.inference is None else self.inference.to_dict(),
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
    table: Table | None = None

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
            "table": None if self.table is None else self.table.to_dict(),
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
