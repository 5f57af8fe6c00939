"""The kinds minimal and novikoff against trees and margins that show nothing."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.checker import Accepted, Malformed, Refuted, Rejected, check
from tests.checker.certificates import AND, certificate, verdict
from tests.checker.certificates import MINIMAL_LEAF as LEAF

MINIMAL = certificate("minimal", **AND, weights=[1, 1], bias=-2, measure="sum", count_bias=False, tree=LEAF)
CASES = {"place": 1, "below": 1, "low": [[2, 1], [3, 1], [4, 1]], "high": [[1, 1], [3, 1], [4, 1]]}
NOVIKOFF = certificate("novikoff", **AND, weights=[4, 4], bias=-6, updates=51)
LARGER = {**MINIMAL, "weights": [2, 2], "bias": -3}
SMALL = st.integers(-2, 5)
LEAVES = st.lists(st.tuples(SMALL, st.one_of(SMALL, st.just("1/2"))).map(list), max_size=4)
TREES = st.recursive(
    LEAVES,
    lambda tree: st.fixed_dictionaries({"place": st.integers(0, 2), "below": SMALL, "low": tree, "high": tree}),
    max_leaves=4,
)


def test_a_smallest_vector_is_accepted() -> None:
    assert check(MINIMAL).says.endswith("the sum of the absolute values of the weights, 2, is least in integers")
    assert "weights and bias, 4" in check({**MINIMAL, "count_bias": True, "tree": [[1, 2], [2, 2], [3, 3]]}).says
    assert "largest absolute value of the weights, 1" in check({**MINIMAL, "measure": "max"}).says


def test_cases_are_accepted_when_each_is_closed() -> None:
    assert isinstance(verdict({**MINIMAL, "tree": CASES}), Accepted)
    for part in ("low", "high"):
        assert isinstance(verdict({**MINIMAL, "tree": {**CASES, part: []}}), Rejected)
    for below in (0, 2):
        assert isinstance(verdict({**MINIMAL, "tree": {**CASES, "below": below}}), Rejected)


@given(TREES, st.sampled_from(("sum", "max")), st.booleans())
def test_no_tree_shows_what_is_false(tree: Any, measure: str, count_bias: bool) -> None:
    assert not isinstance(verdict({**LARGER, "measure": measure, "count_bias": count_bias, "tree": tree}), Accepted)


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"bias": -1}, Refuted),
        ({"weights": [1, "3/2"]}, Malformed),
        ({"weights": [1]}, Malformed),
        ({"measure": "total"}, Malformed),
        ({"count_bias": 0}, Malformed),
        ({"count_bias": True}, Rejected),
        ({"tree": []}, Rejected),
        ({"tree": [[4, 1]]}, Malformed),
        ({"tree": [[-1, 1]]}, Malformed),
        ({"tree": [[1, 1], [2, 1]]}, Rejected),
        ({"tree": [[1, 1], [2, 1], [3, -2]]}, Rejected),
        ({"tree": [[0, -1], *LEAF]}, Rejected),
        ({"tree": {**CASES, "place": 3}}, Malformed),
        ({"tree": {**CASES, "below": "1/2"}}, Malformed),
        ({"tree": {"place": 0, "below": 1, "low": LEAF}}, Malformed),
        ({"tree": {**CASES, "low": 7}}, Malformed),
        ({"points": [[0, 0], [0, f"1/{10**999}"], [f"1/{10**999 - 1}", 0], [1, 1]]}, Rejected),
    ],
)
def test_a_changed_minimum_is_not_accepted(change: Any, answer: type) -> None:
    found = verdict({**MINIMAL, **change})
    assert isinstance(found, answer)
    assert isinstance(found, Refuted) == (answer is Refuted)


def test_nothing_is_smaller_than_zero() -> None:
    constant = {**MINIMAL, "labels": [1, 1, 1, 1], "weights": [0, 0], "bias": 0, "tree": []}
    assert isinstance(verdict(constant), Accepted)
    assert isinstance(verdict({**constant, "bias": 1, "count_bias": True}), Rejected)


def test_rows_that_are_not_integers_are_multiplied_out() -> None:
    rows = {"points": [["1/2"], ["3/2"]], "labels": [0, 1]}
    half = certificate("minimal", **rows, weights=[1], bias=-1, measure="sum", count_bias=True, tree=[[0, 5], [1, 3]])
    assert isinstance(verdict(half), Accepted)


@given(st.lists(st.integers(-6, 6), min_size=3, max_size=3), st.integers(0, 60))
def test_a_bound_on_the_updates_is_accepted_exactly_from_novikoffs_on(unit: list[int], updates: int) -> None:
    scores = [sum(u * x for u, x in zip(unit, (*point, 1), strict=True)) for point in product((0, 1), repeat=2)]
    margin = min(score if label else -score for score, label in zip(scores, AND["labels"], strict=True))
    found = verdict({**NOVIKOFF, "weights": unit[:2], "bias": unit[2], "updates": updates})
    if margin <= 0:
        assert isinstance(found, Rejected)
    else:
        least = Fraction(3 * sum(u * u for u in unit), margin**2)
        assert isinstance(found, Accepted if updates > least - 1 else Rejected)


def test_the_bound_of_and() -> None:
    assert "at most 51 times" in check({**NOVIKOFF, "weights": [2, 2], "bias": -3}).says
    assert isinstance(verdict({**NOVIKOFF, "weights": [2, 2], "bias": -3, "updates": 50}), Rejected)
    assert isinstance(verdict({**NOVIKOFF, "updates": "103/2"}), Malformed)
    assert isinstance(verdict({**NOVIKOFF, "weights": [1, 1], "bias": -2}), Rejected)
