"""How an audited document is worded: its lines, and for a wrong line what it should equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from proofs.claim import Status

if TYPE_CHECKING:
    from proofs.derivations import Audit, Item, Line


@dataclass(frozen=True, slots=True)
class Right:
    """A side that is proved to be right, as text and in LaTeX; both empty if there is none to show."""

    text: str = ""
    latex: str = ""


def lines_of(document: Audit) -> list[Line]:
    """Every line of the document."""
    return [line for item in document.items for line in item.lines]


def repeat(document: Audit) -> str:
    """The command that audits the document again."""
    commands = (line.verdict.repeat for line in lines_of(document) if line.verdict.repeat)
    return next(commands, "gradproof audit FILE.toml")


def anchor(document: Audit, item: Item) -> str:
    """The entry's name as a place on a page, one of its own for every entry."""
    return f"entry-{document.items.index(item) + 1}-line-{item.number}"


def correction(item: Item, line: Line) -> Right:
    """What a wrong line of a derivation should equal: the next side, or else the last, proved under its condition.

    Other entries have none; the verdict's reason says there what is the case.
    """
    if not item.start:
        return Right()
    place = item.lines.index(line)
    for other in (*item.lines[place + 1 :], *reversed(item.lines[:place])):
        if other.status is Status.PROVED and other.where == line.where:
            return Right(other.text, other.latex)
    return Right(item.start, item.start_latex)


def findings(line: Line) -> list[str]:
    """What a reader needs to believe that a line, or the step to it, is not right."""
    said = []
    if line.status is not Status.PROVED:
        if line.verdict.counterexample:
            said.append(f"fails at {line.verdict.counterexample}")
        if line.verdict.reason:
            said.append(line.verdict.reason)
    elif line.step is not None and line.step.status is Status.REFUTED:
        said.append(f"the line is right and does not follow from the one before: {line.step.counterexample}")
    return said
