from itertools import product

import pytest
from hypothesis import given, settings

from proofs.separation import Separator, TruthTable, separator, separator_certificate, smallest_integer_weights
from proofs.separation.integers import size, smaller_vectors
from tests.separation.data_strategies import Data, data_sets
from tests.separation.rechecking import holds


def brute_force(data: Data, limit: int) -> tuple[int, int] | None:
    """The least (max, sum) over all integer vectors with entries up to `limit`."""
    points, labels = data
    found = [
        size(vector)
        for vector in product(range(-limit, limit + 1), repeat=len(points[0]) + 1)
        if all(
            (sum(w * x for w, x in zip(vector, [*point, 1], strict=True)) >= 0) == (label == 1)
            for point, label in zip(points, labels, strict=True)
        )
    ]
    return min(found, default=None)


@settings(max_examples=40)
@given(data_sets(most_rows=5, largest=2))
def test_nothing_smaller_separates(data: Data) -> None:
    smallest = smallest_integer_weights(*data)
    least = brute_force(data, 3)
    if smallest is None:
        assert separator(*data) is None
        assert least is None
    else:
        assert holds(dict(separator_certificate(*data, smallest.separator).data))
        assert least == smallest.size if least else smallest.size[0] > 3


@pytest.mark.parametrize(("table", "expected"), [("0001", (2, 4)), ("0111", (1, 3)), ("00010111", (2, 5))])
def test_smallest_weights_of_known_functions(table: str, expected: tuple[int, int]) -> None:
    points, labels = TruthTable.parse(table).points, TruthTable.parse(table).labels
    smallest = smallest_integer_weights(points, labels)
    assert smallest is not None
    assert smallest.size == expected
    assert smallest.tried == len(list(smaller_vectors([*smallest_vector(smallest.separator)])))
    assert [evidence.word for evidence in smallest.evidence] == ["assumed", "tested"]


def smallest_vector(found: Separator) -> list[int]:
    return [int(value) for value in (*found.weights, found.bias)]


def test_fractional_rows() -> None:
    smallest = smallest_integer_weights([["0.5"], ["1.5"]], [0, 1])
    assert smallest is not None
    assert smallest.size == (1, 2)


def test_large_weights_are_not_tried_one_by_one() -> None:
    smallest = smallest_integer_weights([[0], [1000]], [1, 0])
    assert smallest is not None
    assert smallest.tried is not None
    far = smallest_integer_weights([[1000], [1001]], [1, 0])
    assert far is not None
    assert far.tried is None
    assert len(far.evidence) == 1


def test_large_weights_are_found_by_bisection() -> None:
    smallest = smallest_integer_weights([[1, 10**9], [1, 10**9 + 1]], [0, 1])
    assert smallest is not None
    assert smallest.size == (500000001, 1000000002)
