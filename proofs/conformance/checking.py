"""check_vjp, check_gradient, check_forward: floating-point code held to its formula at the inputs people forget.

What *conforms* means: the code is stable in the mixed forward-backward sense (Higham 2002, section 1.5). With u half
a unit in the last place, every number that comes back lies within `SLACK` times what rounding may do to the formula,
evaluated operation by operation (rounding.py), of the exact value; inputs count as known to u. There is no tolerance
to choose. Examples and seconds are those of the profile (profiles.py) unless given. What cannot be held in floats, as
the square of 1e30 in float32, or has no value, is not compared.

This is testing: a report says what was tried, and proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from time import monotonic, process_time
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings, target
from hypothesis.errors import HypothesisException

from proofs.capture import NotCaptured
from proofs.conformance.cases import Case
from proofs.conformance.diagnosis import diagnosis
from proofs.conformance.judging import Outcome, Subject, judge
from proofs.conformance.profiles import current
from proofs.conformance.report import Conformance, Failure, Report, noted
from proofs.conformance.shrinking import shrunk
from proofs.conformance.subjects import forward_subject, gradient_subject, vjp_subject
from proofs.gradients.statements import Domains

DTYPES = ("float32", "float64")
CONFIRMED = 4
SLOW_CASE = 0.4
SHRINK_SECONDS = 4.0
MOST_SKIPPED = 5


def check_vjp(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    shapes: Mapping[str, str],
    domains: Domains | None = None,
    *,
    formula: Callable[..., Any] | None = None,
    dtypes: Sequence[str] = DTYPES,
    examples: int | None = None,
    seconds: float | None = None,
    random_seed: int = 0,
) -> Report:
    """Does `backward` return, in floats, the vector-Jacobian product of `forward`, and `forward` its own formula?

    Arguments as for `prove_vjp`. `formula` is NumPy code for the forward pass, where `forward` itself is none (PyTorch,
    JAX). `dtypes` may have float16, and bfloat16 where ml_dtypes is installed. Raises ShapeError and OracleError.
    """
    return check(vjp_subject(forward, backward, shapes, domains, formula, dtypes), examples, seconds, random_seed)


def check_gradient(
    loss: Callable[..., Any],
    shapes: Mapping[str, str],
    wrt: Sequence[str],
    domains: Domains | None = None,
    *,
    formula: Callable[..., Any] | None = None,
    dtypes: Sequence[str] = DTYPES,
    examples: int | None = None,
    seconds: float | None = None,
    random_seed: int = 0,
) -> Report:
    """Does ``loss(*inputs)`` return (loss, gradient by `wrt`) as floats allow? Arguments as for `prove_gradient`."""
    subject = gradient_subject(loss, shapes, wrt, domains, formula, dtypes)
    return check(subject, examples, seconds, random_seed)


def check_forward(
    f: Callable[..., Any],
    formula: Callable[..., Any],
    shapes: Mapping[str, str],
    domains: Domains | None = None,
    *,
    dtypes: Sequence[str] = DTYPES,
    examples: int | None = None,
    seconds: float | None = None,
    random_seed: int = 0,
) -> Report:
    """Does `f` compute in floats what the NumPy code `formula` is in real numbers?"""
    return check(forward_subject(f, formula, shapes, domains, dtypes), examples, seconds, random_seed)


def check(subject: Subject, examples: int | None, seconds: float | None, random_seed: int) -> Report:
    """Try the corners, then `examples` drawn cases; on the first failure make it small and say what it looks like."""
    start = monotonic()
    profile = current()
    examples = profile.examples if examples is None else examples
    tried = _Tried(subject, process_time() + (profile.seconds if seconds is None else seconds))
    failed = tried.corners() or tried.drawn(examples, random_seed)
    if failed is None:
        if not tried.compared:
            reason = tried.unknown or "no number could be compared with the formula"
            return tried.report(Conformance.UNDECIDED, start, reason=reason)
        return tried.report(Conformance.CONFORMS, start)
    return tried.report(Conformance.FAILS, start, failure_of(subject, *failed))


def failure_of(subject: Subject, case: Case, outcome: Outcome) -> Failure:
    """A failing case made small, and what it looks like; one that does not fail again is left as it is."""
    kind = outcome.findings[0].kind

    def fails(other: Case) -> bool:
        with suppress(NotCaptured):
            found = judge(subject, other).findings
            return bool(found)
        return False

    def alike(other: Case) -> bool:
        with suppress(NotCaptured):
            found = judge(subject, other).findings
            return bool(found) and found[0].kind == kind
        return False

    if kind == "hangs":
        return Failure(case, outcome.findings, diagnosis(case, outcome, subject.space, lambda _: True), subject.call())
    if not alike(case):
        return Failure(case, outcome.findings, "not met again on the same arrays: the code keeps state", subject.call())
    small = shrunk(case, subject.space, alike, monotonic() + SHRINK_SECONDS)
    found = judge(subject, small)
    if not found.findings:
        small, found = case, outcome
    return Failure(small, found.findings, diagnosis(small, found, subject.space, fails), subject.call())


class _Tried:
    """What was tried so far; `until` is processor time, so that a busy machine tries as much as an idle one."""

    def __init__(self, subject: Subject, until: float) -> None:
        self.subject, self.until = subject, until
        self.examples = self.compared = self.confirmed = 0
        self.ratio, self.worst = 0.0, ""
        self.skipped, self.unknown = 0, ""

    @property
    def over(self) -> bool:
        """Whether the time is used up, or no formula is known at all."""
        return process_time() > self.until or (self.skipped > MOST_SKIPPED and not self.compared)

    def at(self, case: Case) -> Outcome:
        """What a case came to; nothing where there is no formula at its sizes."""
        try:
            outcome = judge(self.subject, case)
        except NotCaptured as error:
            self.unknown = self.unknown or f"the formula is not known: {error}"
            self.skipped += 1
            return Outcome()
        self.examples += 1
        self.compared += outcome.compared
        if not outcome.findings and outcome.ratio >= self.ratio:
            self.ratio, self.worst = outcome.ratio, f"{outcome.entry} ({case.dtype}, {case.about})"
        if self.confirmed < CONFIRMED and outcome.expected:
            self._confirm(case, outcome)
        return outcome

    def _confirm(self, case: Case, outcome: Outcome) -> None:
        formula = self.subject.formulas.at(case.sizes)
        if self.subject.wrt and formula.confirm(case.numbers(), case.sizes, outcome.expected):
            self.confirmed += 1

    def corners(self) -> tuple[Case, Outcome] | None:
        """The first corner that fails."""
        slow: set[str] = set()
        for case in self.subject.space.corners():
            if self.over:
                break
            edge = case.about.partition(" = ")[0]
            if edge in slow:
                continue
            begun = process_time()
            outcome = self.at(case)
            if outcome.findings:
                return case, outcome
            if process_time() - begun > SLOW_CASE:
                slow.add(edge)
        return None

    def drawn(self, examples: int, random_seed: int) -> tuple[Case, Outcome] | None:
        """The simplest drawn case that fails; errors as large as possible are looked for."""
        failing: list[tuple[Case, Outcome]] = []

        @seed(random_seed)
        @settings(
            max_examples=max(examples, 1),
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.target),
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        )
        @given(self.subject.space.drawn())
        def search(case: Case) -> None:
            if failing or self.over:
                return
            outcome = self.at(case)
            if outcome.findings:
                failing.append((case, outcome))
            else:
                target(min(outcome.ratio, 1e3), label="error over bound")

        with suppress(HypothesisException):
            if examples:
                search()
        return failing[0] if failing else None

    def report(self, status: Conformance, start: float, failure: Failure | None = None, reason: str = "") -> Report:
        made = Report(
            self.subject.text,
            status,
            self.examples,
            self.compared,
            self.ratio,
            self.worst,
            tuple(self.subject.space.dtypes),
            self.confirmed,
            failure,
            reason,
            monotonic() - start,
        )
        return noted(made)
