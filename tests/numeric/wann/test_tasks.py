import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric.losses import cross_entropy
from numeric.wann import cartpole, parity, tasks
from numeric.wann.images import resized


class Answers:
    """Stands for networks: answers with the array it was made of."""

    def __init__(self, outputs):
        self.outputs = outputs

    @property
    def shape(self):
        return self.outputs.shape[0], self.outputs.shape[2]

    def __call__(self, _, /):
        return self.outputs.copy()


@given(st.integers(0, 2**32))
def test_cross_entropy_is_that_of_the_losses(seed):
    draw = np.random.default_rng(seed)
    logits, labels = 30 * draw.normal(size=(2, 4, 3, 5)), draw.integers(4, size=5)
    found = tasks.cross_entropy_reward(Answers(logits), (np.zeros((1, 5)), labels))
    right = tasks.accuracy(Answers(logits), (np.zeros((1, 5)), labels))
    for g in range(2):
        for w in range(3):
            assert found[g, w] == pytest.approx(-cross_entropy(logits[g, :, w].T, labels)[0])
            assert right[g, w] == (logits[g, :, w].argmax(axis=0) == labels).mean()


def test_slopes_are_those_of_their_losses():
    draw = np.random.default_rng(0)
    outputs, labels = draw.normal(size=(3, 6)), draw.integers(3, size=6)
    assert np.allclose(tasks.cross_entropy_slope(outputs, labels), cross_entropy(outputs.T, labels)[1].T)
    one, two = outputs[:1], labels % 2
    expected = cross_entropy(np.concatenate([0 * one, one]).T, two)[1].T[1:]
    assert np.allclose(tasks.logistic_slope(one, two), expected)


@pytest.mark.parametrize("bits", [1, 2, 3, 5])
def test_parity(bits):
    x, labels = parity(bits).train
    assert sorted(map(tuple, x.T.astype(int).tolist())) == sorted(set(map(tuple, x.T.astype(int).tolist())))
    assert x.shape == (bits, 2**bits)
    assert (labels == x.sum(axis=0) % 2).all()
    right = (2.0 * labels - 1)[None, None, None]
    assert tasks.truth_reward(Answers(right), (x, labels)) == pytest.approx(1.25)
    assert tasks.truth(Answers(right), (x, labels)) == 1
    assert tasks.truth_reward(Answers(0 * right), (x, labels)) == pytest.approx(0.125)


def test_zero_says_no():
    assert tasks.truth(Answers(np.zeros((1, 1, 1, 2))), (np.zeros((1, 2)), np.array([0, 1]))) == 0.5


def test_a_classification_keeps_its_rows_and_shares():
    x, labels = np.arange(40.0).reshape(20, 2), np.repeat([0, 1], [15, 5])
    task = tasks.classification("rows", x, labels, batch=4)
    assert sorted(np.concatenate([task.train[0], task.test[0]], axis=1)[0]) == list(x[:, 0])
    assert np.bincount(task.test[1]).tolist() == [3, 1]
    drawn, drawn_labels = task.draw(np.random.default_rng(0))
    assert drawn.shape == (2, 4)
    assert all(labels[int(a // 2)] == label for a, label in zip(drawn[0], drawn_labels, strict=True))


@pytest.mark.parametrize(
    ("x", "labels", "batch", "said"),
    [
        (np.zeros((3, 2)), np.zeros(2, int), None, "N integer labels"),
        (np.zeros((3, 2)), np.zeros(3), None, "N integer labels"),
        (np.zeros((0, 2)), np.zeros(0, int), None, "N integer labels"),
        (np.full((3, 2), np.nan), np.zeros(3, int), None, "finite"),
        (np.zeros((10, 2)), np.zeros(10, int), 9, "8 training rows"),
    ],
)
def test_bad_classifications_are_refused(x, labels, batch, said):
    with pytest.raises(ValueError, match=said):
        tasks.classification("bad", x, labels, batch=batch)


def test_the_data_sets():
    assert tasks.iris().train[0].shape == (4, 120)
    assert tasks.digits().train[0].shape == (64, 1438)
    task = tasks.mnist()
    assert (task.inputs, task.outputs, task.draw(np.random.default_rng(0))[0].shape[1]) == (256, 10, 1000)
    assert np.array_equal(task.train[0] * 256, np.round(task.train[0] * 256))


@given(st.integers(1, 9), st.integers(0, 2**32))
def test_scaling_keeps_the_mean(size, seed):
    images = np.random.default_rng(seed).random((2, 9, 9))
    found = resized(images, size)
    assert found.shape == (2, size, size)
    assert np.allclose(found.mean(axis=(1, 2)), images.mean(axis=(1, 2)), atol=1 / 512)
    assert (resized(np.ones((1, 9, 9)), size) == 1).all()


def test_only_square_images_are_scaled_down():
    for shape, size in (((1, 4, 5), 2), ((4, 4), 2), ((1, 4, 4), 5), ((1, 4, 4), 0)):
        with pytest.raises(ValueError, match="square images"):
            resized(np.zeros(shape), size)


@given(st.lists(st.floats(-3, 3), min_size=4, max_size=4), st.floats(-10, 10))
def test_the_energy_of_the_cart_and_the_pole_changes_by_the_work_done(state, force):
    """d/dt [(M + m) v^2/2 - m l v r cos(a)/2 + m l^2 r^2/6 + m g l cos(a)/2] = (u - b v) v for a uniform pole."""
    _, v, a, r = state
    push, twist = cartpole.accelerations(np.array(state), np.array(force))
    m, total, length, g = cartpole.POLE, cartpole.POLE + cartpole.CART, cartpole.LENGTH, cartpole.GRAVITY
    power = (
        total * v * push
        - m * length / 2 * (push * r * np.cos(a) + v * twist * np.cos(a) - v * r * r * np.sin(a))
        + m * length**2 / 3 * r * twist
        - m * g * length / 2 * r * np.sin(a)
    )
    assert power == pytest.approx((force - cartpole.FRICTION * v) * v, abs=1e-9)


def test_an_upright_pole_earns_one_a_step_and_a_hanging_one_nothing():
    upright, hanging = np.zeros((4, 1)), np.array([[0.0], [0.0], [np.pi], [0.0]])
    answers = Answers(np.zeros((1, 1, 1, 1)))
    assert cartpole.total_reward(answers, (upright, np.array(30))) == pytest.approx(30)
    assert cartpole.total_reward(answers, (hanging, np.array(30))) == pytest.approx(0, abs=1e-6)


def test_an_episode_ends_at_the_edge():
    away = np.array([[2.39], [10.0], [0.0], [0.0]])
    answers = Answers(np.zeros((1, 1, 1, 1)))
    short, long = (cartpole.total_reward(answers, (away, np.array(steps))) for steps in (1, 200))
    assert short == long


def test_networks_see_cosine_and_sine():
    seen = []

    class Sees(Answers):
        def __call__(self, x, /):
            seen.append(x.copy())
            return super().__call__(x)

    state = np.array([[0.1], [0.2], [0.3], [0.4]])
    cartpole.total_reward(Sees(np.zeros((2, 1, 3, 1))), (state, np.array(1)))
    assert seen[0].shape == (2, 5, 3, 1)
    assert np.allclose(seen[0][1, :, 2, 0], [0.1, 0.2, np.cos(0.3), np.sin(0.3), 0.4])
