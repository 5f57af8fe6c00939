"""Theorem by theorem: who accepted it, with which axioms, and how many lines must be right for the checker's word.

`python -m proofs.report.acceptance README.md` asks everybody again (coqc and the package cvc5 are needed), writes the
record of it, and the table between two marker lines. What is concluded is tried at random examples, too. Nothing in the
table is typed by hand.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from proofs.calculus import Statement, settle_statement
from proofs.claim import Verdict
from proofs.kernels import coq, smt
from proofs.kernels.claims import CLAIMS
from proofs.kernels.conclusions import Subject, conclusions
from proofs.kernels.files import Part, part
from proofs.kernels.summary import Accepted, digest, record, recorded
from proofs.report.examples import tried
from proofs.report.subjects import named, separability_facts
from proofs.report.trust import between, calculus_lines, checker_lines
from proofs.report.writing import write_whole
from proofs.theorems import names
from proofs.theorems.running import settle_all
from proofs.theorems.theorem import Result

BEGIN = "<!-- who accepted what: written by `python -m proofs.report.acceptance README.md` -->\n"
END = "<!-- end of who accepted what -->"
SECONDS = 1800.0
HEADS = ("theorem", "checker", "Z3", "Coq", "cvc5", "tests", "lines")


def rows(accepted: Iterable[Accepted]) -> list[tuple[str, ...]]:
    """The table's cells: steps the checker accepted, Z3's part, Coq's statements and axioms, cvc5's facts, examples
    tried, lines."""
    return [
        (
            one.name,
            ", ".join(f"{count} {kind}" for kind, count in sorted(one.kinds.items())),
            "found it" if one.z3 else "",
            coq_cell(one),
            f"{one.facts} fact{'s' * (one.facts != 1)}" if one.facts else "",
            f"{one.examples} examples" if one.examples else "",
            str(checker_lines(*one.kinds) + (calculus_lines() if "identity" in one.kinds else 0)),
        )
        for one in accepted
    ]


def coq_cell(one: Accepted) -> str:
    """``1 over Z; 2 over R: classic``: how many statements, with the axioms used over R; over Z none are allowed."""
    over_z = [f"{one.over_z} over Z"] if one.over_z else []
    over_r = [f"{one.over_r} over R: {', '.join(one.axioms) or 'no axioms'}"] if one.over_r else []
    left = [f"{one.left_out} conclusion{'s' * (one.left_out != 1)} not exported"] if one.left_out else []
    return "; ".join(over_z + over_r + left)


def as_markdown(accepted: Iterable[Accepted]) -> str:
    """The table as Markdown."""
    lines = [HEADS, ("---",) * (len(HEADS) - 1) + ("---:",), *rows(accepted)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def in_markers(text: str, accepted: Iterable[Accepted]) -> str:
    """A document with the table put between its two marker lines. Raises ValueError when it has none."""
    return between(text, BEGIN, as_markdown(accepted), END)


def still_valid(result: Result) -> Accepted | None:
    """What is recorded about a settled theorem, None where it is not about the theorem as it stands."""
    found = recorded().get(result.theorem.name)
    subjects = conclusions([step.subject for step in result.theorem.steps])
    return found if found and found.digest == digest(result.theorem.name, subjects) else None


def table(results: Iterable[Result]) -> list[tuple[str, ...]]:
    """`rows` for settled theorems, without those that changed since Coq and cvc5 were asked."""
    return rows(found for result in results if (found := still_valid(result)))


def ask_everybody() -> list[Accepted]:
    """Settle all theorems and claims and have Coq and cvc5 look at them again.

    Raises CoqMissing, Cvc5Missing and SolversDisagree, and RuntimeError for what Coq rejects or leaves undecided.
    """
    verdicts = {result.theorem.name: result.verdicts for result in settle_all(names())}
    subjects = dict(named(None))
    for name in CLAIMS:
        verdicts[name] = tuple(settle_statement(s, name=name) for s in subjects[name] if isinstance(s, Statement))
    parts = {name: part(name, found) for name, found in subjects.items()}
    said = coq.ask([one for one in parts.values() if one.statements], seconds=SECONDS)
    answers = {answer.name: answer for answer in said if answer.word == "accepted"}
    if missing := [f"{answer.name}: {answer.reason}" for answer in said if answer.word != "accepted"]:
        raise RuntimeError(f"Coq does not accept everything, and nothing was recorded: {'; '.join(missing)}")
    asked = {name: separability_facts([name]) for name in subjects}
    opinions = iter(smt.ask([fact for several in asked.values() for fact in several], seconds=SECONDS))
    decided = {name: sum(next(opinions).word == "accepted" for _ in several) for name, several in asked.items()}
    return [
        _accepted(name, found, verdicts[name], parts[name], answers.get(name), decided[name])
        for name, found in subjects.items()
    ]


def _accepted(
    name: str, found: Sequence[Subject], verdicts: Sequence[Verdict], part: Part, answer: coq.Answer | None, facts: int
) -> Accepted:
    left_out = len(part.left_out)
    kinds = dict(Counter(v.certificate.kind for v in verdicts if v and v.certificate is not None))
    z3 = any(evidence.layer == "z3" for verdict in verdicts for evidence in verdict.evidence)
    over_z, over_r, twins_rejected = 0, 0, 0
    axioms: tuple[str, ...] = ()
    if answer is not None:
        over_z, over_r, twins_rejected, axioms = answer.over_z, answer.over_r, answer.twins, answer.axioms
    stamp, examples = digest(name, found), tried(found)
    return Accepted(name, stamp, kinds, z3, over_z, over_r, twins_rejected, axioms, left_out, facts, examples)


if __name__ == "__main__":
    write_whole(*record(found := ask_everybody()))
    for document in map(Path, sys.argv[1:]):
        write_whole(document, in_markers(document.read_text(encoding="utf-8"), found).encode())
