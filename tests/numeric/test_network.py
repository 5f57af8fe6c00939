import numpy as np
import pytest

from numeric import network, regression
from tests.conforming import check
from tests.implementations import NETWORK

DRAW = np.random.default_rng(7)
X = DRAW.standard_normal((30, 2))
LABELS = (X[:, 0] * X[:, 1] > 0).astype(int)
MODELS = {
    "sigmoid": (network.initialize(2, 8, 2, scale=1.0, seed=3, dtype=np.float64), network.loss_and_gradients),
    "relu": (
        network.initialize(2, 8, 2, scale=1.0, seed=3, dtype=np.float64),
        lambda *given: network.loss_and_gradients(*given, hidden="relu"),
    ),
    "regression": (regression.initialize(2, 2, scale=1.0, seed=3, dtype=np.float64), regression.loss_and_gradients),
}


def test_loss_and_all_gradients_conform_to_the_formula():
    check(*NETWORK["two_layer_network"], examples=12)


@pytest.mark.parametrize("name", MODELS)
def test_gradients_are_the_slopes_of_the_loss(name):
    model, function = MODELS[name]
    gradients = function(model, X, LABELS, 0.3)[1]
    for k, (p, g) in enumerate(zip(model, gradients, strict=True)):
        direction = DRAW.standard_normal(p.shape)
        up, down = (
            function(type(model)(*model[:k], p + step * direction, *model[k + 1 :]), X, LABELS, 0.3)[0]
            for step in (1e-6, -1e-6)
        )
        assert (up - down) / 2e-6 == pytest.approx((g * direction).sum(), rel=1e-6, abs=1e-9)


def test_initial_weights_follow_the_seed():
    assert np.array_equal(network.initialize(3, 4, 5).W1, network.initialize(3, 4, 5).W1)
    assert not np.array_equal(network.initialize(3, 4, 5).W1, network.initialize(3, 4, 5, seed=1).W1)
    assert [p.shape for p in network.initialize(3, 4, 5)] == [(3, 4), (4,), (4, 5), (5,)]
    assert [p.shape for p in regression.initialize(3, 5)] == [(3, 5), (5,)]
    assert {p.dtype for p in (*network.initialize(3, 4, 5), *regression.initialize(3, 5))} == {np.dtype(np.float32)}
