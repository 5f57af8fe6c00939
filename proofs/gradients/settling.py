"""How a question about code is settled: for all sizes at once, or else at a few sizes, and the scope says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from proofs.capture import NotCaptured
from proofs.claim import Scope, Status, Verdict
from proofs.deadline import OutOfTime, limited
from proofs.gradients.equations import Found, Question, Unfinished, looked_at
from proofs.gradients.kinks import Kink
from proofs.gradients.proof import Proof
from proofs.gradients.purity import constants_read, impurity
from proofs.gradients.recording import dimensions, record, record_at
from proofs.gradients.statements import raised

UNDEFINED = ("not defined", "not shown to be")
"""What is said of code that divides by N - 1."""
STANDS_FOR = {
    "lower": "a triangular mask",
    "largest": "where the largest element is, ties left out",
    "smallest": "where the smallest element is, ties left out",
}


def settled(question: Question, seconds: float) -> Proof:
    """The answer within `seconds` (see `proofs.deadline` for what may take longer). Raises ValueError for no time."""
    answer = Proof(question.text, _scope(question), {})
    reached: Mapping[str, Verdict] = {}
    try:
        with limited(seconds) as until:
            found = _settled(question, answer, until)
            return _without_ones(question, answer, found, until) or found
    except Unfinished as stopped:
        reached = stopped.verdicts
    except OutOfTime:
        pass
    return replace(
        answer, parts=reached, obstacle=f"the time allowed has passed, {seconds:g} s: allow more with seconds="
    )


def _without_ones(question: Question, answer: Proof, found: Proof, until: float) -> Proof | None:
    """The proof for all sizes but 1 of one dimension, where code is not defined at 1 (a variance with N - 1)."""
    if found.status is not Status.UNDECIDED or not any(sign in found.reason for sign in UNDEFINED):
        return None
    for dim in dimensions(question.parameters):
        if dim not in question.domains:
            larger = replace(question, domains={**question.domains, dim: "integer >= 2"})
            proof = _settled(larger, replace(answer, scope=_scope(larger)), until)
            if proof:
                return replace(proof, note=f"for {dim} = 1 nothing is shown: {found.reason}")
    return None


def _settled(question: Question, answer: Proof, until: float) -> Proof:
    for function in question.functions:
        impure = impurity(function)
        if impure:
            return replace(answer, obstacle=impure)
    constants = dict.fromkeys(c for function in question.functions for c in constants_read(function))
    answer = replace(answer, constants=tuple(constants))
    try:
        recording = record(question.parameters, question.program, until)
        found = looked_at(question, recording, until)
    except NotCaptured as error:
        return _at_sizes(question, answer, str(error), until)
    if recording.opaque and found.status is Status.UNDECIDED:
        try:
            recording = record(question.parameters, question.program, until, exact=True)
            found = looked_at(question, recording, until)
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
    for small in _small_sizes(dimensions(question.parameters)):
        sizes = raised(small, question.domains)
        shown = ", ".join(f"{d} = {n}" for d, n in sizes.items())
        try:
            recording = record_at(question.parameters, question.program, sizes, until)
            found = looked_at(question, recording, until, suspects=True)
            if found.status is not Status.REFUTED:
                found = looked_at(question, recording, until)
            if recording.opaque and found.status is Status.UNDECIDED:
                recording = record_at(question.parameters, question.program, sizes, until, exact=True)
                found = looked_at(question, recording, until)
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


def _scope(question: Question) -> Scope:
    """``all N, D >= 1``, or ``all D >= 1, N >= 2``."""
    dims = raised(dict.fromkeys(dimensions(question.parameters), 1), question.domains)
    same = {least: ", ".join(dim for dim in dims if dims[dim] == least) for least in sorted(set(dims.values()))}
    sizes = ", ".join(f"{names} >= {least}" for least, names in same.items())
    return Scope(f"all {sizes}" if dims else "all real values")
