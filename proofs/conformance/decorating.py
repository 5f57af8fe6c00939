"""`@conforms_to`: a backward function, or a loss with its gradient, becomes a Hypothesis test of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings, target

from proofs.conformance.cases import Case
from proofs.conformance.checking import DTYPES, failure_of
from proofs.conformance.judging import judge
from proofs.conformance.profiles import current
from proofs.conformance.report import Conformance, Report, noted
from proofs.conformance.subjects import gradient_subject, vjp_subject
from proofs.gradients.statements import Domains


def conforms_to(
    forward: Callable[..., Any] | None = None,
    *,
    shapes: Mapping[str, str],
    wrt: Sequence[str] = (),
    domains: Domains | None = None,
    formula: Callable[..., Any] | None = None,
    dtypes: Sequence[str] = DTYPES,
) -> Callable[[Callable[..., Any]], Callable[[], None]]:
    """Make a test of the decorated function: it must be the vjp of `forward`, or return its gradient by `wrt`.

        @conforms_to(softmax, shapes={"x": "N C"})
        def test_softmax(dout, x):
            return softmax_backward(dout, x)

    The corners are tried first, then as many drawn cases as the profile says (profiles.py); a failing case is made
    small and the AssertionError is the whole report. Arguments as for `check_vjp` and `check_gradient`.
    """

    def decorate(function: Callable[..., Any]) -> Callable[[], None]:
        if forward is None:
            subject = gradient_subject(function, shapes, wrt, domains, formula, dtypes)
        else:
            subject = vjp_subject(forward, function, shapes, domains, formula, dtypes)

        def error(case: Case) -> float:
            outcome = judge(subject, case)
            if outcome.findings:
                failure = failure_of(subject, case, outcome)
                raise AssertionError(str(noted(Report(subject.text, Conformance.FAILS, failure=failure))))
            return min(outcome.ratio, 1e3)

        @settings(
            max_examples=current().examples, deadline=None, suppress_health_check=list(HealthCheck), print_blob=False
        )
        @given(subject.space.drawn())
        def drawn(case: Case) -> None:
            target(error(case), label="error over bound")

        def test() -> None:
            for case in subject.space.corners():
                error(case)
            drawn()

        test.__name__ = getattr(function, "__name__", "test")
        test.__doc__ = function.__doc__
        test.__module__ = function.__module__
        return test

    return decorate
