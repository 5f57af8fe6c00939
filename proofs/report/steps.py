"""How the parts of a settled theorem are worded, the same in every format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from proofs.calculus.printing import statement_latex, statement_text, to_latex, to_text
from proofs.calculus.terms import Statement
from proofs.claim import SHOWN, Evidence, Verdict
from proofs.theorems.theorem import Result, Step

_LAYERS = {"sympy": "SymPy", "z3": "Z3", "tests": "program runs"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A step as it is printed: a formula (LaTeX, as text in `alt`) if its subject is one, its words, its evidence."""

    rule: str
    text: str
    latex: str
    alt: str
    verdict: Verdict
    said: str = ""


def steps(result: Result) -> list[Shown]:
    """The steps of a result in order, each with its own verdict; one that goes on from the last shows ``= rhs``."""
    before: Statement | None = None
    shown: list[Shown] = []
    for step, verdict in zip(result.theorem.steps, result.verdicts, strict=True):
        if isinstance(step.subject, Statement):
            shown.append(_equation(step, step.subject, before, verdict))
            before = step.subject
        else:
            shown.append(Shown(step.rule, step.text, verdict.claim.latex, step.text, verdict))
            before = None
    above = [(), *(verdict.evidence for verdict in result.verdicts)]
    return [replace(step, said=_said(step.verdict.evidence, known)) for step, known in zip(shown, above, strict=False)]


def _said(evidence: Sequence[Evidence], above: Sequence[Evidence]) -> str:
    """Each reason to believe a step; of those that are word for word what the step above has, only by whom."""
    new = [f"{e.layer} ({e.word}): {shortened(e.detail)}" for e in evidence if e not in above]
    again = ", ".join(f"{e.layer} ({e.word})" for e in evidence if e in above)
    return "; ".join([*new, *([f"{again}: as above"] if again else [])])


def _equation(step: Step, subject: Statement, before: Statement | None, verdict: Verdict) -> Shown:
    alt, latex = statement_text(subject), statement_latex(subject)
    text = "" if step.text == alt else step.text
    if (
        before is not None
        and replace(before, lhs=subject.lhs, rhs=subject.rhs) == subject
        and before.rhs == subject.lhs
    ):
        alt, latex = alt.removeprefix(to_text(subject.lhs)).strip(), latex.removeprefix(to_latex(subject.lhs)).strip()
    return Shown(step.rule, text, latex, alt, verdict)


def shortened(text: str, most: int = 160) -> str:
    """The text, cut where it is longer than a reader of a page wants; the JSON has it whole."""
    return text if len(text) <= most else f"{text[:most].rstrip()} …"


def assumptions(result: Result) -> str:
    """What the verdicts of all steps take for granted, each thing said once."""
    texts = dict.fromkeys(f"{a.text} ({a.origin})" for verdict in result.verdicts for a in verdict.assumptions)
    formulas = any(isinstance(step.subject, Statement) for step in result.theorem.steps)
    return "; ".join(texts) or f"nothing beyond {'exp, log, powers and ' if formulas else 'rational '}arithmetic"


def evidence(result: Result) -> str:
    """Who accepted how many of the steps, by layer and kind of reason."""
    counts: dict[tuple[str, str], int] = {}
    for verdict in result.verdicts:
        for key in dict.fromkeys((e.layer, e.word) for e in verdict.evidence):
            counts[key] = counts.get(key, 0) + 1
    said = SHOWN | {"assumed": f"{SHOWN['assumed']},"}
    total = len(result.verdicts)
    parts = [
        f"{_LAYERS.get(layer, layer)} {said[word]} {count} of {total} step{'s' * (total > 1)}"
        for (layer, word), count in sorted(counts.items())
    ]
    return "; ".join(parts)
