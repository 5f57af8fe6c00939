import numpy as np
import pytest

from numeric import network
from tests.conforming import check
from tests.implementations import NETWORK

DRAW = np.random.default_rng(7)
X = DRAW.standard_normal((60, 2))
LABELS = (X[:, 0] * X[:, 1] > 0).astype(int)
START = network.initialize(2, 8, 2, scale=1.0, seed=3)


def test_loss_and_all_gradients_conform_to_the_formula():
    check(*NETWORK["two_layer_network"], examples=12)


def test_training_learns_what_one_line_cannot_separate():
    trained = network.train(START, X, LABELS, rate=1.0, epochs=300, batch=16)
    assert trained.losses[-1] < trained.losses[0]
    assert (network.predict(trained.parameters, X) == LABELS).mean() > 0.9


def test_training_is_repeatable_and_leaves_its_input_alone():
    before = [p.copy() for p in START]
    first, second = (network.train(START, X, LABELS, rate=0.5, batch=16, epochs=2, seed=5) for _ in range(2))
    other = network.train(START, X, LABELS, rate=0.5, batch=16, epochs=2, seed=6)
    assert first.losses == second.losses != other.losses
    assert all(np.array_equal(a, b) for a, b in zip(first.parameters, second.parameters, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(START, before, strict=True))


def test_one_full_batch_is_one_gradient_step():
    trained = network.train(START, X, LABELS, rate=0.5, reg=0.1, epochs=1, batch=len(X))
    _, gradients, _ = network.loss_and_gradients(START, X, LABELS, 0.1)
    for new, old, gradient in zip(trained.parameters, START, gradients, strict=True):
        assert new == pytest.approx(old - 0.5 * gradient, rel=1e-12, abs=1e-14)


def test_dtype_is_kept_and_no_data_changes_nothing():
    start = network.Parameters(*(p.astype(np.float32) for p in START))
    trained = network.train(start, X.astype(np.float32), LABELS, rate=0.5, epochs=1)
    assert {p.dtype for p in trained.parameters} == {np.dtype(np.float32)}
    nothing = network.train(START, X[:0], LABELS[:0], rate=0.5, epochs=2)
    assert nothing.losses == [0.0, 0.0]
    assert all(np.array_equal(a, b) for a, b in zip(nothing.parameters, START, strict=True))


def test_initial_weights_follow_the_seed():
    assert np.array_equal(network.initialize(3, 4, 5).W1, network.initialize(3, 4, 5).W1)
    assert not np.array_equal(network.initialize(3, 4, 5).W1, network.initialize(3, 4, 5, seed=1).W1)
    assert [p.shape for p in network.initialize(3, 4, 5)] == [(3, 4), (4,), (4, 5), (5,)]


def test_an_empty_batch_size_is_an_error():
    with pytest.raises(ValueError, match="batch must be at least 1"):
        network.train(START, X, LABELS, rate=0.1, batch=0)
