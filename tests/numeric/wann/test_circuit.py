import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric.wann import ACTIVATIONS, Node, Topology, parity, rewards
from numeric.wann.activations import DERIVATIVES, IN_PLACE
from numeric.wann.circuit import Networks, circuit
from tests.numeric.wann.drawn import SCALAR, reference, topologies

WEIGHTS = [-2.0, -0.5, 0.0, 1.0, 1.5]


@st.composite
def groups(draw):
    n, m = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    return draw(st.lists(topologies(inputs=n, outputs=m), min_size=1, max_size=4))


def expected(group, x):
    """x (G, n, W, N) -> (G, O, W, N), value by value."""
    count = [topology.connections for topology in group]
    return np.array(
        [
            [
                [reference(topology, [w] * edges, list(x[g, :, k, j])) for j in range(x.shape[-1])]
                for k, w in enumerate(WEIGHTS)
            ]
            for g, (topology, edges) in enumerate(zip(group, count, strict=True))
        ]
    ).transpose(0, 3, 1, 2)


@given(groups(), st.integers(0, 2**32))
def test_many_networks_at_once_are_each_run_value_by_value(group, seed):
    x = np.random.default_rng(seed).uniform(-1, 1, (group[0].inputs, 3))
    found = Networks(circuit(group), np.array(WEIGHTS), np.float64)(x)
    everywhere = np.broadcast_to(x[None, :, None], (len(group), len(x), len(WEIGHTS), 3))
    assert np.allclose(found, expected(group, everywhere), rtol=1e-9, atol=1e-9)


@given(groups(), st.integers(0, 2**32))
def test_networks_with_inputs_of_their_own(group, seed):
    x = np.random.default_rng(seed).uniform(-1, 1, (len(group), group[0].inputs, len(WEIGHTS), 2))
    networks = Networks(circuit(group, own=True), np.array(WEIGHTS), np.float64)
    for inputs in (x, -x):
        assert np.allclose(networks(inputs), expected(group, inputs), rtol=1e-9, atol=1e-9)


@given(topologies())
def test_equal_nodes_are_computed_once(topology):
    assert circuit([topology] * 5).size == circuit([topology]).size


def activate(name, x):
    y = x.copy()
    IN_PLACE[name](y)
    return y


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_its_formula_and_its_derivative_the_slope(name):
    x = np.array([-3.2, -0.7, -1e-3, 2e-3, 0.4, 2.6])
    assert np.allclose(activate(name, x), [SCALAR[name](v) for v in x], rtol=1e-14)
    slope = (activate(name, x + 1e-6) - activate(name, x - 1e-6)) / 2e-6
    assert np.allclose(DERIVATIVES[name](x), slope, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_largest_numbers_do_not_overflow_inside_an_activation(name):
    x = np.float32([-1e38, 1e38])
    with np.errstate(over="raise" if name != "square" else "ignore", invalid="raise"):
        assert not np.isnan(activate(name, x)).any()


def test_different_numbers_of_inputs_are_not_run_together():
    one, two = (Topology(n, (Node("linear", (1,)),), (n + 1,)) for n in (1, 2))
    with pytest.raises(ValueError, match="numbers of inputs"):
        circuit([one, two])
    with pytest.raises(ValueError, match="no networks"):
        circuit([])


def squares(depth, behind="linear"):
    """x to the power 2**depth, behind one more node."""
    nodes = [Node("square", (1 + k,)) for k in range(depth)]
    return Topology(1, (*nodes, Node(behind, (1 + depth,))), (2 + depth,))


@pytest.mark.parametrize("behind", ["linear", "step", "gaussian", "sin"])
def test_an_overflow_is_seen_wherever_it_happens(behind):
    networks = Networks(circuit([squares(2, behind), squares(9, behind)]), np.array([0.5, 2.0]))
    out = networks(np.float32([[1.0, 3.0]]))
    assert networks.overflowed.tolist() == [[False, False], [False, True]]
    assert np.isfinite(out).all()
    assert not out[1, :, 1].any()


def test_a_network_that_overflows_gets_the_floor_there():
    task = parity(1)
    found = rewards(task, [squares(9)], (1.0, 4.0), task.train)
    assert found[0, 0] > task.floor
    assert found[0, 1] == task.floor
