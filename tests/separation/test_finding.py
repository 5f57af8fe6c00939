"""The float guesses, their rounding and their exact repair, each by itself."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.separation import EffortExceeded, packing
from proofs.separation.finding import rounded
from proofs.separation.found import NO_DEADLINE, Deadline, Weights
from proofs.separation.guess import few_multipliers, least_squared_hinge, scaled
from proofs.separation.repair import exact_multipliers
from proofs.separation.tables import read_table, scores


def random_data(seed: int, separable: bool, rows: int = 60, columns: int = 5) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    points = rng.integers(-20, 20, (rows, columns))
    labels = points @ rng.integers(-5, 5, columns) + 0.5 > 0 if separable else rng.integers(0, 2, rows) == 1
    labels[:2] = [True, False] if not separable else labels[:2]
    return points, labels


@given(st.integers(0, 10**6), st.booleans())
def test_the_hinge_loss_vanishes_exactly_on_separable_rows(seed: int, separable: bool) -> None:
    points, labels = random_data(seed, separable)
    signed = scaled(read_table(points)).matrix * np.where(labels, 1.0, -1.0)[:, None]
    found = least_squared_hinge(signed, NO_DEADLINE)
    assert found.separates == separable or not separable
    assert ((signed @ found.weights).min() > 0) == found.separates
    if not found.separates:
        assert np.abs(found.slacks @ signed).max() < 1e-6 * found.slacks.sum()


@given(st.integers(0, 10**6))
def test_multipliers_end_on_few_rows_and_become_exact(seed: int) -> None:
    points, labels = random_data(seed, separable=False)
    table = read_table(points)
    signed = scaled(table).matrix * np.where(labels, 1.0, -1.0)[:, None]
    found = least_squared_hinge(signed, NO_DEADLINE)
    if found.separates:
        return
    rows, near = few_multipliers(signed, found.slacks, NO_DEADLINE)
    assert len(rows) <= points.shape[1] + 2
    assert near.min() > 0
    assert np.abs(near @ signed[rows]).max() < 1e-8 * near.sum()
    exact = exact_multipliers(table, labels, rows, near)
    assert exact is not None
    assert min(exact.values()) > 0
    for column in [*points.T.tolist(), [1] * len(points)]:
        assert sum(m * column[row] * (1 if labels[row] else -1) for row, m in exact.items()) == 0


def test_rows_that_refute_nothing_become_nothing() -> None:
    table, labels = read_table([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([False, False, False, True])
    assert exact_multipliers(table, labels, np.arange(4), np.ones(4)) is None
    assert exact_multipliers(table, labels, np.array([0, 3]), np.ones(2)) is None


def test_rounding_stops_where_floats_cannot_tell() -> None:
    labels = np.array([False, True])
    assert rounded(scaled(read_table([[0], [1]])), labels, np.array([1.0, 0.0]), 1) is not None
    assert rounded(scaled(read_table([[0], [1]])), labels, np.array([-1.0, 0.0]), 1) is None
    assert rounded(scaled(read_table([[0], [1]])), labels, np.array([0.0, 1.0]), 1) is None
    close = read_table([[1, 0], [1 + 2**-52, 0], [-1, 2**60]])
    assert rounded(scaled(close), np.array([False, True, False]), np.array([1.0, 1.0, 0.0]), 2) is None


@given(st.integers(0, 10**6))
def test_any_bias_in_the_room_separates(seed: int) -> None:
    points, labels = random_data(seed, separable=True)
    if labels.all() or not labels.any():
        return
    table = read_table(points)
    floats = scaled(table)
    guess = least_squared_hinge(floats.matrix * np.where(labels, 1.0, -1.0)[:, None], NO_DEADLINE)
    found = rounded(floats, labels, guess.weights, points.shape[1])
    assert found is not None
    for bias in (found.bias - found.room, found.bias, found.bias + found.room):
        products = scores(table, found.weights, bias)
        assert ((products > 0) == labels).all()
        assert (products != 0).all()
    weights, bias = packing.integer_weights(table, found)
    assert ((points @ weights + bias >= 0) == labels).all()


@given(st.fractions(max_denominator=10**6), st.fractions(max_denominator=10**6))
def test_the_simplest_fraction_lies_between(one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    found = packing.simplest(low, high)
    assert low <= found <= high
    for denominator in range(1, min(found.denominator, 50)):
        assert -(-low.numerator * denominator // low.denominator) > high * denominator


def test_a_column_is_written_in_as_many_bytes_as_it_needs() -> None:
    assert packing.hexadecimal(np.array([0, 255])) == "00ff"
    assert packing.hexadecimal(np.array([1, 256])) == "00010100"
    assert packing.hexadecimal(np.array([0, 0])) == ""
    assert packing.hexadecimal(np.array([2**70, 1], dtype=object)) == "40" + "00" * 8 + "00" * 8 + "01"


def test_integer_weights_are_coprime_and_of_the_entries() -> None:
    table = read_table([["1/2", 10], ["3/2", 20]])
    weights, bias = packing.integer_weights(table, Weights((4, 0), -2))
    assert [weights[0] * x + bias for x in (Fraction(1, 2), Fraction(3, 2))] == [-1, 3]


def test_deadlines_end_every_step() -> None:
    over = Deadline.after(-1)
    signed = np.array([[1.0, 1.0], [-1.0, -1.0], [2.0, 1.0]])
    with pytest.raises(EffortExceeded):
        least_squared_hinge(signed, over)
    with pytest.raises(EffortExceeded):
        few_multipliers(np.vstack([signed] * 5), np.ones(15), over)
