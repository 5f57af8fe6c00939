"""One point judged: the code's results there against what the formula says and floats allow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from time import monotonic
from typing import Any

import numpy as np

from proofs.calculus.dual import EvaluationError, Undefined
from proofs.capture import NotCaptured, Parameter
from proofs.conformance.cases import Case, Space
from proofs.conformance.expected import Expected
from proofs.conformance.oracle import Formula
from proofs.conformance.running import CALL_SECONDS, Finding, run, wrong_type
from proofs.conformance.strategies import limits
from proofs.gradients.recording import record, record_at
from proofs.gradients.stage import Program

CAPTURE_SECONDS = 10.0


@dataclass
class Formulas:
    """The formula for all sizes, or where code is not followed for all of them, for each size on its own."""

    parameters: Sequence[Parameter]
    program: Program
    is_loss: bool
    _known: dict[tuple[tuple[str, int], ...], Formula | str] = field(default_factory=dict)

    def at(self, sizes: Mapping[str, int]) -> Formula:
        """Raises NotCaptured."""
        if () not in self._known:
            self._known[()] = self._recorded(None)
        general = self._known[()]
        if isinstance(general, Formula):
            return general
        key = tuple(sizes.items())
        if key not in self._known:
            self._known[key] = self._recorded(sizes)
        found = self._known[key]
        if isinstance(found, str):
            raise NotCaptured(found)
        return found

    def _recorded(self, sizes: Mapping[str, int] | None) -> Formula | str:
        until = monotonic() + CAPTURE_SECONDS
        try:
            if sizes is None:
                return Formula(record(self.parameters, self.program, until, exact=True), self.is_loss)
            return Formula(record_at(self.parameters, self.program, sizes, until, exact=True), self.is_loss)
        except NotCaptured as error:
            return str(error)


@dataclass(frozen=True)
class Subject:
    """Code under test: the program that calls it, the formula it is held to, and where to try it."""

    text: str
    program: Program
    formulas: Formulas
    space: Space
    wrt: tuple[str, ...]
    call: Callable[[], str]
    call_seconds: float = CALL_SECONDS


@dataclass(frozen=True)
class Outcome:
    """What one case came to: findings, the worst error over the error allowed, and how many numbers were compared."""

    findings: tuple[Finding, ...] = ()
    ratio: float = 0.0
    entry: str = ""
    compared: int = 0
    expected: Mapping[str, Expected] = field(default_factory=dict)
    results: Mapping[str, Any] = field(default_factory=dict)


def judge(subject: Subject, case: Case) -> Outcome:
    """Run the code on a case and compare. Raises NotCaptured where there is no formula at these sizes."""
    formula = subject.formulas.at(case.sizes)
    inputs = tuple(p.name for p in subject.space.parameters)
    try:
        expected = formula.at(case.numbers(), case.sizes, subject.wrt, limits(case.dtype))
    except (Undefined, ArithmeticError):
        expected = {}
    except EvaluationError as error:
        raise NotCaptured(f"the formula cannot be evaluated: {error}") from None
    ran = run(subject.program, case, inputs, subject.call_seconds)
    defined = bool(expected) and all(x.judged.all() for x in expected.values())
    findings = [*ran.hard, *(f for f in ran.soft if defined and not (f.kind == "warns" and _squares_overflow(case)))]
    if not ran.results or not expected:
        return Outcome(tuple(findings))
    ratio, entry, compared = 0.0, "", 0
    for name, wanted in expected.items():
        if name not in ran.results:
            findings.append(Finding("results", name, "did not come back"))
            continue
        finding, worst, count = compare(name, ran.results[name], wanted, case.dtype)
        compared += count
        if worst > ratio or not entry:
            ratio, entry = worst, name
        if finding is not None:
            findings.append(finding)
    return Outcome(tuple(sorted(findings, key=_order)), ratio, entry, compared, expected, ran.results)


def _squares_overflow(case: Case) -> bool:
    """Whether an input is so large that its square overflows, and every way to compute may warn of it."""
    numbers = [np.abs(a.astype(np.float64)) for a in case.arrays.values() if a.dtype.kind not in "iu" and a.size]
    largest = float(limits(case.dtype).max)
    return max((float(x.max()) for x in numbers), default=0.0) > sqrt(largest)


def compare(name: str, given: Any, wanted: Expected, dtype: str) -> tuple[Finding | None, float, int]:
    """What is wrong with a result, the worst error over the error allowed, and how many numbers were compared."""
    finding = wrong_type(name, given, dtype)
    if finding is not None:
        return finding, float("inf"), 0
    shape = wanted.low.shape
    if np.shape(given) != shape:
        return Finding("shape", name, f"has shape {np.shape(given)}, not {shape}"), float("inf"), 0
    got = np.asarray(given, dtype=np.float64)
    with np.errstate(all="ignore"):
        off = np.maximum(np.maximum(got - wanted.high, wanted.low - got), 0.0)
        ratios = np.where(off == 0, 0.0, off / wanted.allowed)
    ratios = np.where(np.isfinite(got), ratios, np.inf)
    ratios = np.where(wanted.judged, ratios, 0.0)
    if not ratios.size:
        return None, 0.0, 0
    at = tuple(int(k) for k in np.unravel_index(np.argmax(ratios), shape))
    worst = float(ratios[at])
    found = None
    if worst > 1:
        right = wanted.text(at)
        found = Finding("value", name, f"{float(got[at])!r} came back", at, float(got[at]), right, worst)
    elif (axis := wanted.sum_off(got)) is not None:
        what = f"lies between the sides of the kink, but its sum over axis {axis} does not"
        found = Finding("kink", name, what)
    return found, worst, int(wanted.judged.sum())


def _order(finding: Finding) -> int:
    """What explains most comes first."""
    kinds = ("hangs", "raises", "results", "shape", "dtype", "input changed", "value", "kink")
    return kinds.index(finding.kind) if finding.kind in kinds else len(kinds)
