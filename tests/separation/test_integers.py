from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.checker import check
from proofs.claim import Status
from proofs.separation import (
    EffortExceeded,
    SeparationError,
    TruthTable,
    separator,
    settle_smallest,
    smallest_integer_weights,
)
from proofs.separation.integers import Measure, Size
from tests.separation.data_strategies import Data, data_sets

SIZES = [Size(measure, count_bias) for measure in ("sum", "max") for count_bias in (False, True)]
LARGEST = 4


def brute_force(data: Data, size: Size) -> int | None:
    """The least size of all integer vectors with weights up to 4 and biases up to 12 that separate."""
    points, labels = data
    sides = [range(-LARGEST, LARGEST + 1)] * len(points[0])
    vectors = np.array(list(product(*sides, range(-3 * LARGEST, 3 * LARGEST + 1))))
    outputs = vectors @ np.array([[*point, 1] for point in points]).T >= 0
    found = vectors[(outputs == np.array(labels, dtype=bool)).all(axis=1)]
    return min((size.of(vector.tolist()) for vector in found), default=None)


@given(data_sets(most_rows=5, largest=1), st.sampled_from(SIZES))
def test_nothing_smaller_separates(data: Data, size: Size) -> None:
    smallest = smallest_integer_weights(*data, measure=size.measure, count_bias=size.count_bias)
    if smallest is None:
        assert separator(*data) is None
    else:
        assert smallest.size == brute_force(data, size)
        assert f"{smallest.size}, is least in integers" in check(smallest.certificate(*data).data).says


@pytest.mark.parametrize(
    ("table", "measure", "count_bias", "expected"),
    [
        ("0001", "sum", False, 2),
        ("0001", "sum", True, 4),
        ("0001", "max", True, 2),
        ("0111", "sum", True, 3),
        ("00010111", "sum", False, 3),
        ("0000000101111111", "sum", False, 5),
        ("0000", "sum", False, 0),
        ("0000", "max", True, 1),
        ("1111", "sum", True, 0),
    ],
)
def test_smallest_weights_of_known_functions(table: str, measure: Measure, count_bias: bool, expected: int) -> None:
    points, labels = TruthTable.parse(table).points, TruthTable.parse(table).labels
    smallest = smallest_integer_weights(points, labels, measure=measure, count_bias=count_bias)
    assert smallest is not None
    assert smallest.size == expected
    assert check(smallest.certificate(points, labels).data).kind == "minimal"


def test_rows_whose_relaxation_is_not_integral_need_cases() -> None:
    rows, labels = [[3, 7], [2, 5], [11, -2], [5, 5]], [0, 1, 1, 0]
    smallest = smallest_integer_weights(rows, labels)
    assert smallest is not None
    assert (smallest.size, smallest.tree["place"]) == (2, 0)
    assert check(smallest.certificate(rows, labels).data).kind == "minimal"


@pytest.mark.parametrize(
    ("rows", "size"), [([["0.5"], ["1.5"]], 2), ([[1000], [1001]], 1002), ([[10**9], [10**9 + 1]], 10**9 + 2)]
)
def test_fractional_rows_and_large_biases(rows: list[list[int]], size: int) -> None:
    smallest = smallest_integer_weights(rows, [0, 1], count_bias=True)
    assert smallest is not None
    assert smallest.size == size
    assert check(smallest.certificate(rows, [0, 1]).data).kind == "minimal"


def test_bad_measures_and_little_effort_are_named() -> None:
    with pytest.raises(SeparationError, match="measure: expected 'sum' or 'max'"):
        smallest_integer_weights([[0], [1]], [0, 1], measure="total")  # type: ignore[arg-type]
    with pytest.raises(EffortExceeded):
        smallest_integer_weights([[0], [1]], [0, 1], effort=1)


@pytest.mark.parametrize("size", SIZES)
def test_size_says_what_it_is(size: Size) -> None:
    assert ("b" in str(size)) == size.count_bias
    assert str(size).startswith("max(") == (size.measure == "max")


@pytest.mark.parametrize(
    ("weights", "bias", "status", "why"),
    [
        ([1, 1], -2, Status.PROVED, "gives w1 + w2 >= 2"),
        ([2, 2], -3, Status.REFUTED, "w = (1, 1), b = -2 has 2, this has 4"),
        ([1, 1], -1, Status.REFUTED, "row 1"),
    ],
)
def test_weights_claimed_to_be_smallest(weights: list[int], bias: int, status: Status, why: str) -> None:
    table = TruthTable.parse("0001")
    verdict = settle_smallest(table.points, table.labels, weights, bias, name="c")
    assert verdict.status is status
    assert why in verdict.reason


def test_equal_size_is_enough_and_fractions_are_refused() -> None:
    assert settle_smallest([[0], [1000]], [1, 0], [-1], 999, name="c")
    assert not settle_smallest([[0], [1000]], [1, 0], [-1], 999, name="c", count_bias=True)
    assert settle_smallest([[0], [5]], [0, 1], [1], -3, name="c", effort=1).status is Status.UNDECIDED
    with pytest.raises(SeparationError, match="expected integers"):
        settle_smallest([[0], [1]], [0, 1], ["1/2"], "-1/2", name="c")
