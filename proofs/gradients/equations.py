"""What one recording comes to: its equations settled one by one, counterexamples met by the code, the code compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat
from time import monotonic
from typing import Any

import numpy as np

from proofs.calculus import DomainError, settle_statement
from proofs.calculus.dual import EvaluationError, Floats
from proofs.calculus.evaluate import Evaluator
from proofs.calculus.normalise import Normaliser
from proofs.capture import NotCaptured, Parameter
from proofs.claim import Claim, Scope, Status, Verdict
from proofs.deadline import OutOfTime
from proofs.gradients.clarke import outside
from proofs.gradients.kinks import Kink, conventions
from proofs.gradients.lemmas import simplified
from proofs.gradients.masks import ANY_NUMBERS, freed
from proofs.gradients.plain import concrete, drawn, numbers_of
from proofs.gradients.proof import Proof
from proofs.gradients.recording import Recording, is_output
from proofs.gradients.refutation import Counterexample, confirmed
from proofs.gradients.rehearsal import disagreement
from proofs.gradients.stage import Program
from proofs.gradients.statements import Domains, Part

CLEAR = 1e-6


@dataclass(frozen=True)
class Question:
    """A claim about functions: how to run them, and which equations about the recording it comes to."""

    text: str
    functions: Sequence[Callable[..., Any]]
    parameters: Sequence[Parameter]
    program: Program
    parts: Callable[[Recording, Domains], Iterator[Part]]
    domains: Domains
    call: Callable[[], str]


@dataclass
class Found:
    """What one recording came to."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    counterexamples: dict[str, Counterexample] = field(default_factory=dict)
    kinks: tuple[Kink, ...] = ()
    obstacle: str = ""

    @property
    def status(self) -> Status:
        return Proof("", Scope(""), self.verdicts, self.obstacle).status


class Unfinished(Exception):
    """The time allowed has passed with these verdicts."""

    def __init__(self, verdicts: Mapping[str, Verdict]) -> None:
        super().__init__()
        self.verdicts = verdicts


def looked_at(question: Question, recording: Recording, until: float, *, suspects: bool = False) -> Found:
    """The verdicts on a recording, refutations met by the code itself, and whether the code agrees with it.

    With `suspects` only what is wrong at a random point is looked at. Raises Unfinished when the time is up and nothing
    is refuted.
    """
    found = Found()
    try:
        _settle_parts(question, recording, until, found, suspects)
        if not suspects:
            _compare(question, recording, found)
    except OutOfTime:
        if found.status is not Status.REFUTED:
            raise Unfinished(found.verdicts) from None
    return found


def _settle_parts(question: Question, recording: Recording, until: float, found: Found, suspects: bool) -> None:
    """The verdicts on the equations; where one block of a gradient is refuted, its other blocks are left out."""
    refuted: set[str] = set()
    simpler = simplified(recording)
    normalisers: dict[bool, Normaliser] = {}
    choose = _suspects if suspects else _parts
    for part, general in choose(question, simpler.recording):
        if part.result in refuted:
            continue
        verdict = None if general is None else _verdict(question, general, normalisers, until, refute=False)
        if verdict:
            verdict = replace(verdict, evidence=(*verdict.evidence, ANY_NUMBERS))
        else:
            verdict = _verdict(question, part, normalisers, until)
        for lemma in dict.fromkeys(simpler.used_in(part.statement).values()):
            found.verdicts |= lemma.verdicts
            verdict = replace(verdict, evidence=(*verdict.evidence, lemma.evidence))
        if verdict.status is Status.REFUTED and not part.result:
            verdict = Verdict(verdict.claim, Status.UNDECIDED, verdict.scope, reason="the result depends on it")
        if verdict.status is Status.REFUTED:
            try:
                found.counterexamples[part.label] = confirmed(recording, question.program, part, verdict)
            except NotCaptured as error:
                verdict = Verdict(verdict.claim, Status.UNDECIDED, verdict.scope, reason=str(error))
            else:
                refuted.add(part.result)
        found.verdicts[part.label] = verdict


def _compare(question: Question, recording: Recording, found: Found) -> None:
    """Whether the code computes what was captured, and what it returns at kinks."""
    found.obstacle = disagreement(recording, question.program, question.domains)
    if found.status is Status.PROVED:
        found.kinks = tuple(conventions(recording, question.program, question.domains))
        doubtful = [kink for kink in found.kinks if not kink.inside]
        for kink in doubtful:
            wrong = outside(question.text, recording.parameters, question.program, kink)
            if wrong is not None:
                found.verdicts["at a kink"] = wrong.verdict
                found.counterexamples["at a kink"] = wrong.counterexample
                return
        found.obstacle = f"right off the kinks, but {'; '.join(k.text for k in doubtful)}" if doubtful else ""


def _parts(question: Question, recording: Recording) -> Iterable[tuple[Part, Part | None]]:
    """The equations about a recording, each with the one for any numbers in the place of its masks, if it has some."""
    general = freed(recording)
    others = repeat(None) if general is recording else question.parts(general, question.domains)
    return zip(question.parts(recording, question.domains), others, strict=False)


def _verdict(
    question: Question, part: Part, normalisers: dict[bool, Normaliser], until: float, *, refute: bool = True
) -> Verdict:
    """The verdict on one equation; `normalisers` keeps what is known from others that are or are not refuted too."""
    claim = Claim(f"{question.text}: {part.label}", question.text)
    if monotonic() > until:
        return Verdict(claim, Status.UNDECIDED, Scope("none"), reason="not reached in the time allowed")
    normaliser = normalisers.setdefault(refute, Normaliser(part.statement, assume_nonzero=True, until=until))
    try:
        return settle_statement(part.statement, name=claim.name, normaliser=normaliser, refute=refute, widen=True)
    except DomainError as error:
        return Verdict(claim, Status.UNDECIDED, Scope("none"), reason=str(error))


def _suspects(question: Question, recording: Recording) -> list[tuple[Part, None]]:
    """The equations whose sides differ at a random point, one of each gradient: what to refute first."""
    random = np.random.default_rng(5)
    inputs = drawn(random, recording.parameters, {}, question.domains)
    upstream = {
        f"d{n}": random.normal(size=concrete(v.shape, {})) for n, v in recording.results.items() if is_output(n)
    }
    numbers = numbers_of(recording, {}, {**inputs, **upstream})
    found: dict[str, Part] = {}
    for part in question.parts(recording, question.domains):
        at = Evaluator(part.statement, {}, numbers, Floats())
        try:
            left, right = (float(at.value(side, {})) for side in (part.statement.lhs, part.statement.rhs))
        except (EvaluationError, ArithmeticError):
            continue
        if part.result and abs(left - right) > CLEAR * (1 + abs(left)):
            found.setdefault(part.result, part)
    return [(part, None) for part in found.values()]
