"""How a question about code is settled: for all sizes at once, or else at a few sizes, and the scope says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

import numpy as np

from proofs.calculus import DomainError, settle_statement
from proofs.calculus.dual import EvaluationError, Floats
from proofs.calculus.evaluate import Evaluator
from proofs.capture import NotCaptured, Parameter
from proofs.claim import Claim, Scope, Status, Verdict
from proofs.gradients.kinks import Kink, conventions
from proofs.gradients.plain import concrete, drawn, numbers_of
from proofs.gradients.proof import Proof
from proofs.gradients.purity import constants_read, impurity
from proofs.gradients.recording import Recording, dimensions, is_output, record, record_at
from proofs.gradients.refutation import Counterexample, confirmed
from proofs.gradients.rehearsal import disagreement
from proofs.gradients.stage import Program
from proofs.gradients.statements import Domains, Part

CLEAR = 1e-6
STANDS_FOR = {
    "lower": "a triangular mask",
    "largest": "where the largest element is, ties left out",
    "smallest": "where the smallest element is, ties left out",
}


@dataclass(frozen=True)
class Question:
    """A claim about functions: how to run them, and which equations about the recording it comes to."""

    text: str
    functions: Sequence[Callable[..., Any]]
    parameters: Sequence[Parameter]
    program: Program
    parts: Callable[[Recording], Iterator[Part]]
    domains: Domains
    call: Callable[[], str]


@dataclass(frozen=True)
class Found:
    """What one recording came to."""

    verdicts: Mapping[str, Verdict]
    counterexamples: Mapping[str, Counterexample]
    kinks: tuple[Kink, ...]
    obstacle: str

    @property
    def status(self) -> Status:
        return Proof("", Scope(""), self.verdicts, self.obstacle).status

    @property
    def is_open(self) -> bool:
        """Whether another recording may tell more: neither proved, nor refuted by the code itself."""
        return self.status is not Status.PROVED and not self.counterexamples


def settled(question: Question, seconds: float) -> Proof:
    """The answer within about `seconds`."""
    until = monotonic() + seconds
    answer = Proof(question.text, _scope(question.parameters), {})
    for function in question.functions:
        impure = impurity(function)
        if impure:
            return replace(answer, obstacle=impure)
    constants = dict.fromkeys(c for function in question.functions for c in constants_read(function))
    answer = replace(answer, constants=tuple(constants))
    try:
        recording = record(question.parameters, question.program, until)
        found = _of(question, recording, until)
    except NotCaptured as error:
        return _at_sizes(question, answer, str(error), until)
    if recording.opaque and found.status is Status.UNDECIDED:
        try:
            recording = record(question.parameters, question.program, until, exact=True)
            found = _of(question, recording, until)
        except NotCaptured as error:
            return _at_sizes(question, answer, str(error), until)
    if recording.stand_ins and found.status is Status.UNDECIDED:
        reason = found.obstacle or "what stands for a mask or a largest element is not enough known"
        return _at_sizes(question, answer, reason, until)
    shifts = (
        *(f"{a.name}[{', '.join(a.dims)}]: a largest or smallest element" for a in recording.opaque),
        *(f"{made.arrays[0].name}: {STANDS_FOR[made.kind]}" for made in recording.stand_ins if made.arrays),
    )
    return _filled(replace(answer, opaque=shifts), question, found)


def _filled(answer: Proof, question: Question, found: Found) -> Proof:
    call = question.call() if found.counterexamples else ""
    return replace(
        answer,
        parts=found.verdicts,
        counterexamples=found.counterexamples,
        kinks=found.kinks,
        obstacle=found.obstacle,
        call=call,
    )


def _at_sizes(question: Question, answer: Proof, reason: str, until: float) -> Proof:
    """The same at a few sizes, the smallest first, until one refutes it."""
    if not dimensions(question.parameters):
        return replace(answer, obstacle=reason)
    tried: list[str] = []
    verdicts: dict[str, Verdict] = {}
    kinks: dict[str, Kink] = {}
    obstacle = ""
    for sizes in _small_sizes(dimensions(question.parameters)):
        shown = ", ".join(f"{d} = {n}" for d, n in sizes.items())
        try:
            recording = record_at(question.parameters, question.program, sizes, until)
            suspects = _suspects(question, recording)
            found = _of(question, recording, until, suspects) if suspects else Found({}, {}, (), "")
            if found.status is not Status.REFUTED:
                found = _of(question, recording, until)
            if recording.opaque and found.status is Status.UNDECIDED:
                recording = record_at(question.parameters, question.program, sizes, until, exact=True)
                found = _of(question, recording, until)
        except NotCaptured as error:
            obstacle = obstacle or f"{reason}; at {shown}: {error}"
            continue
        if found.status is Status.REFUTED:
            return _filled(replace(answer, scope=Scope(f"the sizes {shown}"), note=reason), question, found)
        if found.status is not Status.PROVED:
            undecided = replace(answer, parts=found.verdicts, obstacle=found.obstacle).reason
            obstacle = obstacle or f"{reason}; at {shown}: {undecided}"
            continue
        tried.append(shown)
        verdicts |= {f"{name} at {shown}": verdict for name, verdict in found.verdicts.items()}
        kinks |= {kink.text: kink for kink in found.kinks}
    scope = Scope(f"only the sizes tried: {'; '.join(tried)}") if tried else answer.scope
    return replace(
        answer,
        scope=scope,
        parts=verdicts,
        kinks=tuple(kinks.values()),
        obstacle=obstacle,
        note="" if obstacle else reason,
    )


def _small_sizes(dims: Sequence[str]) -> Iterator[dict[str, int]]:
    """Ones, twos, and two choices in which the sizes differ from one another."""
    yield dict.fromkeys(dims, 1)
    yield dict.fromkeys(dims, 2)
    if len(dims) > 1:
        yield {d: 1 + (n % 3 == 0) for n, d in enumerate(dims)}
        yield {d: 2 + n % 2 for n, d in enumerate(dims)}
    else:
        yield dict.fromkeys(dims, 3)


def _suspects(question: Question, recording: Recording) -> list[Part]:
    """The equations whose sides differ at a random point, one of each gradient: what to refute first."""
    random = np.random.default_rng(5)
    inputs = drawn(random, recording.parameters, {}, question.domains)
    upstream = {
        f"d{n}": random.normal(size=concrete(v.shape, {})) for n, v in recording.results.items() if is_output(n)
    }
    numbers = numbers_of(recording, {}, {**inputs, **upstream})
    found: dict[str, Part] = {}
    for part in question.parts(recording):
        at = Evaluator(part.statement, {}, numbers, Floats())
        try:
            left, right = (float(at.value(side, {})) for side in (part.statement.lhs, part.statement.rhs))
        except (EvaluationError, ArithmeticError):
            continue
        if part.result and abs(left - right) > CLEAR * (1 + abs(left)):
            found.setdefault(part.result, part)
    return list(found.values())


def _of(question: Question, recording: Recording, until: float, parts: Iterable[Part] | None = None) -> Found:
    """The verdicts on a recording, refutations met by the code itself, and whether the code agrees with it.

    Where one block of a gradient is refuted, its other blocks are left out.
    """
    verdicts: dict[str, Verdict] = {}
    counterexamples: dict[str, Counterexample] = {}
    refuted: set[str] = set()
    for part in question.parts(recording) if parts is None else parts:
        if part.result in refuted:
            continue
        verdict = _verdict(question, part, until)
        if verdict.status is Status.REFUTED and not part.result:
            verdict = Verdict(verdict.claim, Status.UNDECIDED, verdict.scope, reason="the result depends on it")
        if verdict.status is Status.REFUTED:
            try:
                counterexamples[part.label] = confirmed(recording, question.program, part, verdict)
            except NotCaptured as error:
                verdict = Verdict(verdict.claim, Status.UNDECIDED, verdict.scope, reason=str(error))
            else:
                refuted.add(part.result)
        verdicts[part.label] = verdict
    obstacle = disagreement(recording, question.program, question.domains)
    kinks: tuple[Kink, ...] = ()
    if not obstacle and Proof("", Scope(""), verdicts):
        kinks = tuple(conventions(recording, question.program, question.domains))
        outside = [kink.text for kink in kinks if not kink.inside]
        obstacle = f"right off the kinks, but {'; '.join(outside)}" if outside else ""
    return Found(verdicts, counterexamples, kinks, obstacle)


def _verdict(question: Question, part: Part, until: float) -> Verdict:
    claim = Claim(f"{question.text}: {part.label}", question.text)
    if monotonic() > until:
        return Verdict(claim, Status.UNDECIDED, Scope("none"), reason="not reached in the time allowed")
    try:
        return settle_statement(part.statement, name=claim.name, assume_nonzero=True, until=until)
    except DomainError as error:
        return Verdict(claim, Status.UNDECIDED, Scope("none"), reason=str(error))


def _scope(parameters: Sequence[Parameter]) -> Scope:
    dims = dimensions(parameters)
    return Scope(f"all {', '.join(dims)} >= 1" if dims else "all real values")
