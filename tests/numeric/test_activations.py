import numpy as np
import pytest

import numeric
from tests.conforming import check
from tests.implementations import ACTIVATIONS


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_conforms_to_its_formula(name):
    check(*ACTIVATIONS[name])


def test_relu_gradient_at_the_kink_is_zero():
    assert numeric.relu_backward(np.ones(2), np.array([0.0, -0.0])).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("f", [numeric.sigmoid, numeric.softplus, numeric.tanh, numeric.relu])
def test_scalars_are_welcome(f):
    assert f(np.float32(0.5)).dtype == np.float32
    assert f(0.5) == f(np.array([0.5]))[0]
