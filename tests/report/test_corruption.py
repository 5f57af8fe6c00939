"""Every step of every theorem, corrupted one at a time: that step's verdict turns red and no other changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from proofs.calculus.terms import Statement
from proofs.checker import Malformed, Rejected, check
from proofs.claim import Certificate, Status
from proofs.report.gathering import Report
from proofs.report.page import to_html
from proofs.theorems import load, names
from proofs.theorems.theorem import Result, Step, settle, settle_step
from tests.report.settled import statuses, wrong


def changed(data: Any) -> Iterator[Any]:
    """The same data with one of its numbers made larger by one, for each number in turn, the last ones first."""
    if isinstance(data, Mapping):
        for key in sorted(data.keys() - {"gradproof"}, reverse=True):
            yield from ({**data, key: value} for value in changed(data[key]))
    elif isinstance(data, (list, tuple)):
        for place in reversed(range(len(data))):
            yield from ([*data[:place], value, *data[place + 1 :]] for value in changed(data[place]))
    elif isinstance(data, int) and not isinstance(data, bool):
        yield data + 1
    elif isinstance(data, str) and re.fullmatch(r"-?[0-9]+(/[0-9]+)?", data):
        numerator, _, denominator = data.partition("/")
        yield f"{int(numerator) + int(denominator or 1)}/{denominator or 1}"


def is_false(data: Mapping[str, Any]) -> bool:
    try:
        check(data)
    except Malformed:
        return False
    except Rejected:
        return True
    return False


def corrupted(step: Step) -> Step:
    """The step with 1 added to its right-hand side, or with the first number changed that makes it false."""
    if isinstance(step.subject, Statement):
        return replace(step, subject=wrong(step.subject))
    false = next(data for data in changed(dict(step.subject.data)) if is_false(data))
    return replace(step, subject=Certificate(false))


@pytest.mark.parametrize("name", names())
def test_a_corrupted_step_turns_red_and_no_other(name: str) -> None:
    theorem = load(name)
    settled = settle(theorem)
    assert statuses(settled) == [Status.PROVED] * len(theorem.steps)
    for place, step in enumerate(theorem.steps):
        bad = corrupted(step)
        verdict = settle_step(bad, name=f"{name}.{place + 1}")
        assert verdict.status is Status.REFUTED, f"step {place + 1}: {verdict}"
        steps = (*theorem.steps[:place], bad, *theorem.steps[place + 1 :])
        verdicts = (*settled.verdicts[:place], verdict, *settled.verdicts[place + 1 :])
        result = Result(replace(theorem, steps=steps), verdicts)
        assert result.status is Status.REFUTED
        assert shown(result) == ["refuted" if k == place else "proved" for k in range(len(steps))]


def shown(result: Result) -> list[str]:
    """The statuses of the steps as the page has them."""
    page = to_html(Report((result,), {result.theorem.name: ()}, (), ())).decode()
    return re.findall(r'<p class="stephead">.*?<b class="v (\w+)">', page)
