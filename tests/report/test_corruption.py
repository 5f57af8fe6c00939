"""Every step of every theorem, corrupted one at a time: that step's verdict turns red and no other changes.

An equation, and a certificate of a kind that the checker can show to be false, is then REFUTED. An argument that fails
(a resolution with a wrong step) shows nothing about its claim, which is then UNDECIDED. The page is made for a step in
the middle of each theorem, with GRADPROOF_SLOW=1 for every one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from proofs.calculus.terms import Statement
from proofs.checker import CertificateError, Malformed, Refuted, Rejected, check
from proofs.checker.counterexample import INSIDE
from proofs.claim import Certificate, Status
from proofs.report.gathering import Report
from proofs.report.page import to_html
from proofs.theorems import names
from proofs.theorems.theorem import Result, Step, settle_step
from tests.report.settled import settled, statuses, wrong

SLOW = os.environ.get("GRADPROOF_SLOW") == "1"


def changed(data: Any) -> Iterator[Any]:
    """The same data with one of its numbers made larger by one, for each in turn: short fields and last ones first."""
    if isinstance(data, Mapping):
        for key in sorted(data.keys() - {"gradproof"}, key=lambda key: (len(str(data[key])), key)):
            yield from ({**data, key: value} for value in changed(data[key]))
    elif isinstance(data, (list, tuple)):
        for place in reversed(range(len(data))):
            yield from ([*data[:place], value, *data[place + 1 :]] for value in changed(data[place]))
    elif isinstance(data, int) and not isinstance(data, bool):
        yield data + 1
    elif isinstance(data, str) and re.fullmatch(r"-?[0-9]+(/[0-9]+)?", data):
        numerator, _, denominator = data.partition("/")
        yield f"{int(numerator) + int(denominator or 1)}/{denominator or 1}"


def refusal(data: Mapping[str, Any]) -> type[CertificateError] | None:
    try:
        check(data)
    except CertificateError as error:
        return type(error)
    return None


def corrupted(step: Step) -> tuple[Step, Status]:
    """The step with 1 added to its right-hand side, or with the first number changed that matters, and what it is."""
    if isinstance(step.subject, Statement):
        return replace(step, subject=wrong(step.subject)), Status.REFUTED
    wanted, status = (Refuted, Status.REFUTED) if step.subject.kind in INSIDE else (Rejected, Status.UNDECIDED)
    false = next(data for data in changed(dict(step.subject.data)) if issubclass(refusal(data) or Malformed, wanted))
    return replace(step, subject=Certificate(false)), status


@pytest.mark.parametrize("name", names())
def test_a_corrupted_step_turns_red_and_no_other(name: str) -> None:
    whole = settled(name)
    theorem = whole.theorem
    assert statuses(whole) == [Status.PROVED] * len(theorem.steps)
    for place, step in enumerate(theorem.steps):
        bad, status = corrupted(step)
        verdict = settle_step(bad, name=f"{name}.{place + 1}")
        assert verdict.status is status, f"step {place + 1}: {verdict}"
        steps = (*theorem.steps[:place], bad, *theorem.steps[place + 1 :])
        verdicts = (*whole.verdicts[:place], verdict, *whole.verdicts[place + 1 :])
        result = Result(replace(theorem, steps=steps), verdicts)
        assert result.status is status
        if SLOW or place == len(steps) // 2:
            assert shown(result) == [status.lower() if k == place else "proved" for k in range(len(steps))]


def shown(result: Result) -> list[str]:
    """The statuses of the steps as the page has them."""
    page = to_html(Report((result,), {result.theorem.name: ()}, (), ())).decode()
    return re.findall(r'<p class="rule">.*?<b class="v (\w+)">', page)
