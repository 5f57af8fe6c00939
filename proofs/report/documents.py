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


def counts(document: Audit) -> list[tuple[int, Status]]:
    """How many lines have which status, for those that any line has."""
    found = [line.status for line in lines_of(document)]
    return [(found.count(status), status) for status in Status if status in found]


def facts(item: Item) -> list[tuple[str, str]]:
    """For which sizes the lines of an entry are settled and what is taken for granted, each thing said once."""
    scopes = dict.fromkeys(line.verdict.scope.text for line in item.lines)
    assumed = dict.fromkeys(f"{a.text} ({a.origin})" for line in item.lines for a in line.verdict.assumptions)
    said = [("scope", "; ".join(scopes)), ("assuming", "; ".join(assumed))]
    return [(label, text) for label, text in said if text]


def why(line: Line) -> str:
    """What a proved line of an entry without formulas rests on: the multipliers or the weights that were found."""
    return line.verdict.reason if line.status is Status.PROVED and not line.latex else ""


def inferred(line: Line) -> str:
    """``likely: ...``, what may be the case where a claim about a results table cannot be settled."""
    return f"{line.inference.word}: {line.inference.text}" if line.inference else ""


def marks(item: Item) -> dict[tuple[str, int], str]:
    """Which cells of a results table a line speaks about: ``refuted`` where one is impossible, else ``undecided``."""
    found: dict[tuple[str, int], str] = {}
    for status in (Status.UNDECIDED, Status.REFUTED):
        found |= {cell: status.lower() for line in item.lines if line.status is status for cell in line.cells}
    return found


def given_latex(item: Item) -> str:
    """The definitions of an entry as one formula, empty if it has none."""
    rows = [each.latex for each in item.given]
    return r"\begin{matrix} \text{with } " + r" \\ ".join(rows) + r" \end{matrix}" if rows else ""


def findings(line: Line) -> list[str]:
    """What a reader needs to believe that a line, or the step to it, is not right."""
    said = []
    if line.status is not Status.PROVED:
        if line.verdict.counterexample:
            said.append(f"fails at {line.failure}" if line.latex else line.verdict.counterexample)
        if line.verdict.reason and line.verdict.reason not in said:
            said.append(line.verdict.reason)
    elif line.step is not None and line.step.status is Status.REFUTED:
        said.append(f"the line is right and does not follow from the one before: {line.step.counterexample}")
    return said
