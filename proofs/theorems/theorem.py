"""What a theorem is here: a sentence, and steps that are each settled on their own and re-checked.

A theorem is PROVED when every one of its steps is. A step is an equation between index terms or a certificate; who
settles it does not know to which theorem it belongs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from proofs.calculus import Statement, settle_statement
from proofs.claim import Certificate, Claim, Evidence, Json, Scope, Status, Verdict, together
from proofs.conclude import conclude
from proofs.program import run

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the name of the rule used, what it says in words, and the subject that can be checked.

    `evidence` holds second opinions found on the way (SymPy derived it, Z3 found it); none of them is needed.
    """

    rule: str
    text: str
    subject: Statement | Certificate
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Theorem:
    """A result: its module's name, a title, the sentence in words and in LaTeX, its scope, its steps, its source."""

    name: str
    title: str
    text: str
    latex: str
    scope: Scope
    steps: tuple[Step, ...]
    source: str = ""
    command: str = ""

    @property
    def repeat(self) -> str:
        """The command that settles this theorem alone."""
        return self.command or f"python -m proofs.theorems.{self.name}"


@dataclass(frozen=True, slots=True)
class Result:
    """A settled theorem: one verdict for every step, in order."""

    theorem: Theorem
    verdicts: tuple[Verdict, ...]

    @property
    def status(self) -> Status:
        return together([verdict.status for verdict in self.verdicts])

    def to_dict(self) -> Json:
        theorem = self.theorem
        return {
            "schema": "gradproof-theorem-1",
            "name": theorem.name,
            "title": theorem.title,
            "text": theorem.text,
            "latex": theorem.latex,
            "scope": theorem.scope.text,
            "source": theorem.source,
            "verdict": self.status.value,
            "repeat": theorem.repeat,
            "steps": [
                {"rule": step.rule, "text": step.text, **verdict.to_dict()}
                for step, verdict in zip(theorem.steps, self.verdicts, strict=True)
            ],
        }


def settle_step(step: Step, *, name: str, repeat: str = "") -> Verdict:
    """The verdict on one step. A certificate that is well formed and false makes its step REFUTED."""
    claim = Claim(name, step.text)
    if isinstance(step.subject, Statement):
        verdict = settle_statement(step.subject, name=name, repeat=repeat)
        return replace(verdict, evidence=(*verdict.evidence, *step.evidence))
    scope = Scope("the finite case written in the certificate")
    verdict = conclude(claim, Status.PROVED, step.subject, scope=scope, evidence=step.evidence, repeat=repeat)
    if verdict or step.subject.kind in ("identity", "counterexample"):
        return verdict
    inverse = Certificate({"gradproof": 1, "kind": "counterexample", "of": dict(step.subject.data)})
    against = conclude(claim, Status.REFUTED, inverse, scope=scope, reason=verdict.reason, repeat=repeat)
    return against if against.status is Status.REFUTED else verdict


def _silent(done: int, total: int) -> None:
    pass


def settle(theorem: Theorem, progress: Callable[[int, int], None] = _silent) -> Result:
    """Settle every step; `progress` is called with (steps done, steps in all)."""
    verdicts: list[Verdict] = []
    for number, step in enumerate(theorem.steps, 1):
        verdicts.append(settle_step(step, name=f"{theorem.name}.{number}", repeat=theorem.repeat))
        progress(number, len(theorem.steps))
    return Result(theorem, tuple(verdicts))


def show(result: Result, console: Console) -> None:
    """Print a settled theorem, step by step."""
    console.print(f"[bold]{result.theorem.title}[/]  ({result.theorem.scope.text})", markup=True)
    console.print(result.theorem.text, markup=False)
    for step, verdict in zip(result.theorem.steps, result.verdicts, strict=True):
        console.print(f"\n  rule: {step.rule}", markup=False)
        if step.text != verdict.claim.text:
            console.print(f"  {step.text}", markup=False)
        console.print(verdict)
    console.print(f"\n[bold {result.status.colour}]{result.status.mark} {result.status}[/]  {result.theorem.title}")


def main(build: Callable[[], Theorem]) -> None:
    """Settle one theorem, print it with its steps, and exit 0 (proved), 1 (refuted) or 3 (undecided)."""

    def command() -> None:
        from rich.console import Console

        result = settle(build())
        show(result, Console(highlight=False))
        sys.exit({Status.PROVED: 0, Status.REFUTED: 1, Status.UNDECIDED: 3}[result.status])

    run(command)
