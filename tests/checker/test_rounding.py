"""Printed shares: accepted exactly when rounding some count, or the one given, prints them: against every count."""

from __future__ import annotations

from decimal import ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.checker import Accepted, Malformed, Refuted, check
from tests.checker.certificates import certificate, refuted, verdict

SIXTEENTHS = certificate("rounding", size=50_000, printed=[[9375, 4], [75, 2], [375, 3], [625, 4]])


def ways_to_print(count: int, size: int, places: int) -> set[int]:
    """The digits a share has when rounded to the nearest, a half up, down or to even: by the decimal module."""
    with localcontext() as context:
        context.prec = 60
        share = Decimal(count) / Decimal(size)
        ways = (ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN)
        return {int(share.quantize(Decimal(1).scaleb(-places), way).scaleb(places)) for way in ways}


@given(st.integers(1, 60), st.integers(0, 3), st.data())
def test_possible_is_what_some_count_prints(size: int, places: int, data: st.DataObject) -> None:
    digits = data.draw(st.integers(0, 10**places))
    printed = certificate("rounding", size=size, printed=[[digits, places]])
    fitting = [count for count in range(size + 1) if digits in ways_to_print(count, size, places)]
    assert isinstance(verdict(printed), Accepted if fitting else Refuted)
    assert isinstance(verdict(certificate("counterexample", of=printed)), Accepted) == (not fitting)
    for count in range(size + 2):
        assert isinstance(verdict({**printed, "counts": [count]}), Accepted if count in fitting else Refuted)


def test_it_says_what_was_established() -> None:
    assert check(SIXTEENTHS).says == (
        "each of the 4 printed numbers is k/50000 rounded, a half either way, for some whole number k from 0 to 50000"
    )
    given_one = certificate("rounding", size=10_000, printed=[[1135, 4]], counts=[1135])
    assert check(given_one).says == "the printed number is k/10000 rounded, a half either way, k being the count given"
    assert "1134/10000 does not round to 0.1135" in str(verdict({**given_one, "counts": [1134]}))
    assert "10001 is more than 10000" in str(verdict({**given_one, "counts": [10_001]}))
    assert "k/300 rounds to 0.8993 for no whole number k from 0 to 300" in str(
        verdict({**SIXTEENTHS, "size": 300, "printed": [[8993, 4]]})
    )


@pytest.mark.parametrize(
    "change",
    [
        {"size": 0},
        {"size": -16},
        {"size": 10**15},
        {"size": "16"},
        {"size": True},
        {"printed": []},
        {"printed": [[75]]},
        {"printed": [[75, 2, 1]]},
        {"printed": [["75", 2]]},
        {"printed": [[-1, 2]]},
        {"printed": [[75, -1]]},
        {"printed": [[75, 31]]},
        {"printed": [[75, True]]},
        {"printed": [0.75]},
        {"counts": []},
        {"counts": [1]},
        {"counts": [1, 2, 3, -4]},
    ],
)
def test_other_forms_are_malformed(change: Any) -> None:
    assert isinstance(verdict({**SIXTEENTHS, **change}), Malformed)


def test_a_printed_number_above_one_has_no_count() -> None:
    assert refuted({**SIXTEENTHS, "printed": [[2, 0]]})
    assert refuted({**SIXTEENTHS, "printed": [[75, 2], [101, 2]]})
