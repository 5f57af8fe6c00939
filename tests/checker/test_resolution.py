"""The kind resolution against all networks of a few units on a few points, and against wrong steps."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.checker import Accepted, Malformed, Refuted, Rejected, check
from proofs.networks.layers import refute_units, resolution_certificate
from proofs.networks.threshold import ThresholdNetwork
from tests.checker.certificates import XOR_NEEDS_TWO, verdict

Points = tuple[tuple[int, ...], ...]


@cache
def dichotomies(points: Points) -> frozenset[tuple[int, ...]]:
    """The outputs of all threshold units on points with coordinates 0, 1, 2: integer weights up to 4 give them all."""
    sides = product(range(-4, 5), repeat=len(points[0]))
    scores = {tuple(sum(w * x for w, x in zip(side, point, strict=True)) for point in points) for side in sides}
    return frozenset(
        tuple(int(2 * score > cut) for score in row)
        for row in scores
        for cut in range(2 * min(row) - 1, 2 * max(row) + 2)
    )


def possible(points: Points, labels: tuple[int, ...], units: int, skip: bool) -> bool:
    """Whether some choice of the hidden units' outputs leaves the output unit a separable problem."""
    for columns in combinations(sorted(dichotomies(points)), units):
        hidden = tuple(zip(*columns, strict=True))
        seen = tuple((*h, *(x if skip else ())) for h, x in zip(hidden, points, strict=True))
        if labels in dichotomies(seen):
            return True
    return False


@st.composite
def problems(draw: st.DrawFn) -> tuple[Points, tuple[int, ...], int, bool]:
    points = tuple(draw(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1)), min_size=2, max_size=5, unique=True)))
    labels = draw(st.lists(st.integers(0, 1), min_size=len(points), max_size=len(points)))
    skip = draw(st.booleans())
    return points, tuple(labels), 1 if skip else draw(st.integers(1, 2)), skip


@given(problems())
def test_units_are_refuted_exactly_where_no_network_exists(problem: Any) -> None:
    points, labels, units, skip = problem
    found = refute_units(points, labels, units=units, skip=skip)
    assert isinstance(found, ThresholdNetwork) == possible(points, labels, units, skip)
    if isinstance(found, ThresholdNetwork):
        assert [found(point) for point in points] == list(labels)  # type: ignore[arg-type]
    else:
        assert check(resolution_certificate(points, labels, units, skip, found).data).kind == "resolution"


@given(problems(), st.data())
def test_a_changed_step_never_refutes_what_exists(problem: Any, data: st.DataObject) -> None:
    points, labels, units, skip = problem
    cert = deepcopy(XOR_NEEDS_TWO)
    step = data.draw(st.integers(0, len(cert["steps"]) - 1))
    part = data.draw(st.sampled_from((0, 2)))
    cert["steps"][step][part] = data.draw(st.lists(st.integers(-4, 6), max_size=4))
    cert |= {"points": [list(point) for point in points], "labels": list(labels), "units": units, "skip": skip}
    if isinstance(verdict(cert), Accepted):
        assert not possible(points, labels, units, skip)


def test_xor_by_hand_is_accepted() -> None:
    assert check(XOR_NEEDS_TWO).says == "no network of 1 hidden threshold unit computes the 4 labels"


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"labels": [0, 1, 1, 1]}, Rejected),
        ({"skip": True}, Rejected),
        ({"units": 0}, Malformed),
        ({"units": 17}, Malformed),
        ({"units": 2}, Malformed),
        ({"steps": []}, Rejected),
        ({"steps": XOR_NEEDS_TWO["steps"][:-1]}, Rejected),
        ({"steps": [[[], "resolve", [0]]]}, Malformed),
        ({"steps": [[[], "resolve", []]]}, Rejected),
        ({"steps": [[[], "unit", []]]}, Malformed),
        ({"steps": [[[], "order", []]]}, Malformed),
        ({"steps": [[[], "first", []]]}, Malformed),
        ({"steps": [[[0], "first", []]]}, Malformed),
        ({"steps": [[[5], "first", []]]}, Malformed),
        ({"steps": [[[1], "first", []]]}, Rejected),
        ({"steps": [[[-2], "first", []]]}, Rejected),
        ({"steps": [[[-1], "trust", []]]}, Malformed),
        ({"steps": [[[-1, 2, 3], "unit", [1, 1, 1]]]}, Rejected),
        ({"steps": [[[-1, -4, 2, 3], "unit", [1, 1, 1, -1]]]}, Rejected),
        ({"steps": [[[-1, -4, 2, 3], "unit", [1, 1, 1]]]}, Malformed),
        ({"steps": [[[1, 4], "output", [1, 1]]]}, Rejected),
        ({"steps": [[[1, -2], "output", [1, 1]]]}, Rejected),
    ],
)
def test_what_does_not_follow_is_not_accepted(change: Any, answer: type) -> None:
    found = verdict({**XOR_NEEDS_TWO, **change})
    assert isinstance(found, answer)
    assert not isinstance(found, Refuted)


def two_units(*clause: int, rule: str) -> Any:
    """Accepted as a step, and rejected only because the last clause is not empty."""
    return verdict({**XOR_NEEDS_TWO, "units": 2, "steps": [[list(clause), rule, []]]})


@pytest.mark.parametrize(
    ("clause", "rule", "follows"),
    [
        ((-1,), "first", True),
        ((-5,), "first", True),
        ((-1, -5), "first", False),
        ((-2, 6), "order", True),
        ((-6, 2), "order", False),
        ((2, 6, -3, 7), "order", True),
        ((-2, -6, -3, 7), "order", True),
        ((2, 6, 3, -7), "order", False),
        ((-2, 6, -3, 7), "order", False),
    ],
)
def test_only_complements_and_the_order_of_units_are_assumed(clause: Any, rule: str, follows: bool) -> None:
    assert ("the last clause is not empty" in str(two_units(*clause, rule=rule))) == follows


def test_an_order_that_leaves_a_row_open_is_malformed() -> None:
    assert isinstance(two_units(-3, 7, rule="order"), Malformed)
    assert isinstance(two_units(-6, rule="order"), Malformed)
