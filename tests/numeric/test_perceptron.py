from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from numeric import perceptron
from tests.strategies import LAYOUTS, laid_out

SQUARE = np.array(list(product((0, 1), repeat=2)))


def exact_run(points, labels, passes):
    """The same rule in rationals: the state, the number of updates, and whether the last pass made none."""
    state, updates = [Fraction(0)] * (len(points[0]) + 1), 0
    for _ in range(passes):
        before = updates
        for point, label in zip(points, labels, strict=True):
            row = [*map(Fraction, point), Fraction(1)]
            error = label - (sum(w * x for w, x in zip(state, row, strict=True)) >= 0)
            state = [w + error * x for w, x in zip(state, row, strict=True)]
            updates += error != 0
        if updates == before:
            return state, updates, True
    return state, updates, False


@pytest.mark.parametrize(
    ("labels", "weights", "bias", "updates"),
    [((0, 0, 0, 1), [2, 1], -3, 11), ((0, 1, 1, 1), [1, 1], -1, 5)],
    ids=["AND", "OR"],
)
def test_and_and_or_are_learned(labels, weights, bias, updates):
    unit = perceptron.train(SQUARE, labels)
    assert (unit.weights.tolist(), unit.bias, unit.updates, unit.converged) == (weights, bias, updates, True)
    assert perceptron.predict(SQUARE, unit.weights, unit.bias).tolist() == list(labels)


def test_xor_is_not_learned():
    assert not perceptron.train(SQUARE, [0, 1, 1, 0], passes=50).converged


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_integer_data_follow_the_exact_run(data):
    n, d = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 3))
    points = data.draw(hnp.arrays(np.int64, (n, d), elements=st.integers(-9, 9)))
    labels = data.draw(hnp.arrays(np.int64, (n,), elements=st.integers(0, 1)))
    state, updates, converged = exact_run(points.tolist(), labels.tolist(), passes=20)
    for layout in set(LAYOUTS) - {"broadcast"}:
        unit = perceptron.train(laid_out(points, layout), laid_out(labels, layout), passes=20)
        assert [*unit.weights.tolist(), unit.bias] == state
        assert (unit.updates, unit.converged) == (updates, converged)


def test_the_boundary_belongs_to_class_one():
    assert perceptron.predict(np.array([[1.0], [2.0]]), np.array([1.0]), -2.0).tolist() == [0, 1]
    assert perceptron.predict(np.zeros((0, 2)), np.ones(2), 0.0).shape == (0,)


@pytest.mark.parametrize(("x", "labels"), [([1, 2], [0, 1]), ([[1], [2]], [0]), ([[1], [2]], [0, 2])])
def test_bad_input_is_an_error(x, labels):
    with pytest.raises(ValueError, match="labels"):
        perceptron.train(x, labels)
