"""The margin's bounds hold, and are close, where the margin is known."""

from fractions import Fraction
from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.separation import Separation, certify_separable
from proofs.separation.margins import Margin, root


def margin(points: Any, labels: Any) -> Margin:
    found = certify_separable(points, labels)
    assert isinstance(found, Separation)
    assert found.margin is not None
    return found.margin


@given(st.fractions(min_value=Fraction(1, 10**40), max_value=10**40))
def test_roots_are_enclosed(value: Fraction) -> None:
    low, high = root(value, up=False), root(value, up=True)
    assert low**2 <= value <= high**2
    assert high - low <= high / 2**50


@pytest.mark.parametrize(
    ("points", "labels", "exact"),
    [
        ([[0], [1], [3], [9]], [0, 0, 1, 1], 1.0),
        ([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1], sqrt(2) / 4),
        ([[0.0, 0], [3, 4]], [0, 1], 2.5),
        ([["1e-200"], ["3e-200"]], [0, 1], 1e-200),
        ([[1e150, 0], [-1e150, 0], [1e150, 1]], [1, 0, 1], 1e150),
    ],
)
def test_known_margins(points: Any, labels: Any, exact: float) -> None:
    found = margin(points, labels)
    assert found.lower <= Fraction(exact) * Fraction(1 + 2**-40)
    assert found.upper >= Fraction(exact) * Fraction(1 - 2**-40)
    assert found.lower > 0
    assert found.upper <= found.lower * Fraction(11, 10)


@given(st.integers(0, 10**6))
def test_no_direction_keeps_more_and_ours_keeps_less(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.integers(-50, 50, (20, 2))
    labels = points @ [2, 1] + 5 > 0
    if labels.all() or not labels.any():
        return
    found = margin(points, labels)
    best = 0.0
    for angle in np.linspace(0, 2 * np.pi, 720, endpoint=False):
        scores = points @ [np.cos(angle), np.sin(angle)]
        best = max(best, (scores[labels].min() - scores[~labels].max()) / 2)
    assert float(found.upper) >= best - 1e-9
    assert float(found.lower) <= best / np.cos(np.pi / 720) + abs(points).max() * 2 * np.pi / 720


def test_no_margin_where_there_is_none() -> None:
    for labels in ([0, 0], [0, 1]):
        found = certify_separable([[1], [1]], labels)
        assert isinstance(found, Separation)
        assert found.margin is None
