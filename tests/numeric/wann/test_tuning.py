from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from numeric.wann import Node, Topology, parity, tasks, tuning
from numeric.wann.circuit import Networks, circuit
from tests.numeric.wann.drawn import reference, topologies

XOR = Topology(2, (Node("inverse", (1,)), Node("linear", (2,)), Node("abs", (3, 4)), Node("linear", (5,))), (6,))


@given(topologies(), st.integers(0, 2**32))
def test_each_edge_has_its_weight(topology, seed):
    draw = np.random.default_rng(seed)
    weights, x = draw.normal(size=(3, topology.connections)), draw.normal(size=(topology.inputs, 2))
    found = tuning.EdgeNetworks(topology, weights, np.float64)(x)
    expected = [[reference(topology, list(row), list(x[:, k])) for k in range(2)] for row in weights]
    assert np.allclose(found[0], np.transpose(expected, (2, 0, 1)), rtol=1e-9, atol=1e-9)
    own = np.repeat(x[None, :, None], 3, axis=2)
    assert np.allclose(tuning.EdgeNetworks(topology, weights, np.float64)(own), found, rtol=1e-12)


@given(topologies())
def test_equal_weights_are_a_shared_weight(topology):
    x = np.random.default_rng(0).normal(size=(topology.inputs, 3))
    shared = tuning.EdgeNetworks(topology, tuning.shared(topology, [0.5, -1.0]), np.float64)(x)
    assert np.allclose(
        shared, Networks(circuit([topology]), np.array([0.5, -1.0]), np.float64)(x), rtol=1e-9, atol=1e-12
    )


@given(topologies(), st.integers(0, 2**32))
def test_the_gradient_is_the_slope(topology, seed):
    assume(topology.connections)
    draw = np.random.default_rng(seed)
    weights, x = draw.normal(size=topology.connections), draw.normal(size=(topology.inputs, 4))
    dout = draw.normal(size=(len(topology.outputs), 4))

    def loss(step):
        moved = weights + step * np.eye(len(weights))
        return (tuning.EdgeNetworks(topology, moved, np.float64)(x)[0] * dout[:, None]).sum(axis=(0, 2))

    found = tuning.gradient(topology, weights, x, dout)
    fine, coarse = ((loss(h) - loss(-h)) / (2 * h) for h in (1e-6, 1e-5))
    smooth = np.isclose(fine, coarse, rtol=1e-3, atol=1e-3)
    assert np.allclose(found[smooth], fine[smooth], rtol=1e-4, atol=1e-4)


def test_the_wrong_number_of_weights_is_refused():
    with pytest.raises(ValueError, match=r"weights \(D, 5\)"):
        tuning.EdgeNetworks(XOR, np.ones((2, 4)))


def test_tuning_scores_and_votes():
    task = parity(2)
    assert tuning.tuned(task, XOR) == 0.05
    assert tuning.at_shared(task, XOR, [-1.0, 1.0], task.train).tolist() == [0.5, 1.0]
    assert tuning.score(task, XOR, tuning.shared(XOR, [1.0]), task.train).tolist() == [1.0]
    assert tuning.vote(task, XOR, (0.5, 1.0, 2.0)) == 1.0
    assert tuning.vote(tasks.swing_up(1, 5), Topology(5, (Node("linear", (1,)),), (6,)), (1.0,)) is None


def test_training_improves_on_the_best_shared_weight():
    draw = np.random.default_rng(1)
    labels = np.arange(90) % 3
    x = np.eye(3)[labels] @ draw.normal(size=(3, 3)) + 0.3 * draw.normal(size=(90, 3))
    task = tasks.classification("blobs", x, labels)
    linear = Topology(3, tuple(Node("linear", (0, 1, 2, 3)) for _ in range(3)), (4, 5, 6))
    begin = tuning.tuned(task, linear)
    trained = tuning.train(task, linear, begin, steps=300)
    assert tuning.score(task, linear, tuning.shared(linear, [begin]), task.train)[0] < 0.5
    assert trained.score > 0.85
    assert trained.score == tuning.score(task, linear, trained.weights[None], task.train)[0]


def nearness(networks, data):
    return -((networks(data[0])[:, 0] - data[1]) ** 2).mean(axis=-1)


def test_training_without_a_slope_goes_by_the_reward():
    task = replace(parity(1), slope=None, reward=nearness, score=nearness)
    linear = Topology(1, (Node("linear", (0, 1)),), (2,))
    trained = tuning.train(task, linear, -1.0, steps=150, rate=0.05)
    assert tuning.score(task, linear, tuning.shared(linear, [-1.0]), task.train)[0] == -5.0
    assert trained.score > -0.01
