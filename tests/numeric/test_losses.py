import numpy as np
import pytest

import numeric
from tests.conforming import check
from tests.implementations import LOSSES


@pytest.mark.parametrize("name", LOSSES)
def test_loss_and_gradient_conform_to_the_formula(name):
    check(*LOSSES[name])


@pytest.mark.parametrize("labels", [[0, 3], [-1, 0], [0], [[0, 1]], [0.0, 1.0], [True, False]])
def test_wrong_labels_are_an_error(labels):
    with pytest.raises(ValueError, match="labels must"):
        numeric.cross_entropy(np.zeros((2, 3)), np.array(labels))


@pytest.mark.parametrize("f", [numeric.soft_cross_entropy, numeric.squared_error])
def test_shapes_are_never_broadcast(f):
    with pytest.raises(ValueError, match="must have the shape"):
        f(np.zeros((3, 1)), np.zeros(3))


def test_labels_and_their_one_hot_rows_agree():
    logits = np.array([[1.0, -2.0, 0.5], [0.0, 0.0, 3.0]])
    labels = np.array([2, 0])
    hard, soft = numeric.cross_entropy(logits, labels), numeric.soft_cross_entropy(logits, np.eye(3)[labels])
    assert hard[0] == pytest.approx(soft[0], rel=1e-15)
    assert hard[1] == pytest.approx(soft[1], rel=1e-15)


def test_a_mean_over_nothing_is_zero():
    loss, gradient = numeric.cross_entropy(np.zeros((0, 3), np.float32), np.zeros(0, int))
    assert (loss, gradient.shape, gradient.dtype) == (0, (0, 3), np.float32)


def test_the_hessian_is_the_slope_of_the_gradient():
    logits, v = np.array([[1.0, -2.0, 0.5], [0.0, 0.0, 3.0]]), np.array([[1.0, 0.0, -1.0], [2.0, 0.5, 0.0]])
    up, down = (numeric.cross_entropy(logits + step * v, np.array([2, 0]))[1] for step in (1e-6, -1e-6))
    assert numeric.cross_entropy_hessian_product(v, logits) == pytest.approx((up - down) / 2e-6, abs=1e-9)
    single = numeric.cross_entropy_hessian_product(v[:0].astype(np.float32), logits[:0].astype(np.float32))
    assert (single.shape, single.dtype) == ((0, 3), np.float32)
