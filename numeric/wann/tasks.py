"""Tasks for the search: what a network must be good at, as a NumPy function of what it answers.

A task calls the networks with inputs (n, N), or with own inputs (G, n, W, N), and gets their outputs (G, O, W, N):
G networks, W shared weights, N samples or episodes. It returns one number for each network and weight, (G, W).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numeric.activations import sigmoid
from numeric.wann import cartpole
from numeric.wann.circuit import Ask
from numeric.wann.images import resized

Array = NDArray[Any]
Data = tuple[Array, ...]
Draw = np.random.Generator


@dataclass(frozen=True, eq=False)
class Task:
    """`reward(networks, data)` and `score(networks, data)`, both (G, W) and both to be large.

    Data are a tuple of arrays; the last axis of the first one counts the samples or episodes.
    The search maximises the reward on `draw(generator)`, the data of one generation; with `fixed` these are always the
    same. `train` and `test` are for choosing the champion and for reporting the score, which `measure` names. A
    network that overflows at a weight gets the reward `floor` there, and no reward is smaller. Functions must be
    importable by name where the search runs on several processes. `slope(outputs (O, N), labels (N,))`, where there are
    labels, is the gradient of a loss for training all weights. `names` are those of the inputs, for figures, and
    `classes` those of the outputs.
    """

    name: str
    inputs: int
    outputs: int
    reward: Callable[[Ask, Data], Array]
    score: Callable[[Ask, Data], Array]
    draw: Callable[[Draw], Data]
    train: Data
    test: Data
    fixed: bool = True
    own: bool = False
    floor: float = -1e6
    measure: str = "accuracy"
    slope: Callable[[Array, Array], Array] | None = None
    names: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


def cross_entropy_reward(networks: Ask, data: Data) -> Array:
    """Minus the mean softmax cross-entropy: data x (n, N), labels (N,)."""
    x, labels = data
    outputs = networks(x)
    found = np.empty((outputs.shape[0], outputs.shape[2]))
    rows = np.arange(len(labels))
    for logits, means in zip(outputs, found, strict=True):
        logits -= logits.max(axis=0)
        right = logits[labels, :, rows].T
        np.exp(logits, out=logits)
        means[:] = (right - np.log(logits.sum(axis=0))).mean(axis=-1, dtype=np.float64)
    return found


def accuracy(networks: Ask, data: Data) -> Array:
    """The share of samples whose label has the largest output, the first of them at a tie."""
    x, labels = data
    return (networks(x).argmax(axis=1) == labels).mean(axis=-1)


def cross_entropy_slope(outputs: Array, labels: Array) -> Array:
    """The gradient (C, N) of the mean softmax cross-entropy by the logits (C, N): ``(softmax - onehot)/N``."""
    p = np.exp(outputs - outputs.max(axis=0))
    p /= p.sum(axis=0)
    p[labels, np.arange(len(labels))] -= 1
    return p / len(labels)


def logistic_slope(outputs: Array, labels: Array) -> Array:
    """The gradient (1, N) of the mean logistic loss by one output (1, N): ``(sigmoid - label)/N``."""
    return (sigmoid(outputs) - labels) / len(labels)


def truth(networks: Ask, data: Data) -> Array:
    """The share of rows where the first output is > 0 just where the label is 1."""
    x, labels = data
    return ((networks(x)[:, 0] > 0) == (labels == 1)).mean(axis=-1)


def truth_reward(networks: Ask, data: Data) -> Array:
    """The correlation of the first output with the labels (0 if constant), plus a quarter of the share of rows right.

    The correlation says which of two networks is nearer to being right, whatever the scale of their outputs.
    """
    x, labels = data
    output = networks(x)[:, 0].astype(np.float64)
    centred = output - output.mean(axis=-1, keepdims=True)
    wanted = labels - labels.mean()
    norm = np.sqrt((centred * centred).sum(axis=-1) * (wanted * wanted).sum())
    correlation = np.divide((centred * wanted).sum(axis=-1), norm, out=np.zeros_like(norm), where=norm > 1e-12)
    return correlation + ((output > 0) == (labels == 1)).mean(axis=-1) / 4


def parity(bits: int) -> Task:
    """1 where an odd number of the bits is 1, on all rows; `truth_reward`, and the score is the share of rows right."""
    if not 1 <= bits <= 12:
        raise ValueError(f"bits must be 1 to 12, got {bits}")
    rows = (np.arange(2**bits)[None, :] >> np.arange(bits)[::-1, None]) & 1
    data = rows.astype(np.float32), rows.sum(axis=0) % 2
    name = "xor" if bits == 2 else f"parity{bits}"
    return Task(
        name,
        bits,
        1,
        truth_reward,
        truth,
        lambda _: data,
        data,
        data,
        floor=-1.0,
        measure="rows right",
        slope=logistic_slope,
    )


def classification(
    name: str, x: Array, labels: Array, *, held_out: float = 0.2, batch: int | None = None, split: int = 0
) -> Task:
    """Classes of rows: x (N, n), labels (N,) integers in range(C); reward minus the cross-entropy, score the accuracy.

    The share `held_out` of each class is the test set, drawn by the seed `split`; with `batch` a generation sees that
    many of the training rows, drawn anew. Raises ValueError for other shapes, values that are not finite, or a batch
    larger than the training set.
    """
    x, labels = np.asarray(x, np.float32), np.asarray(labels)
    if x.ndim != 2 or labels.shape != x.shape[:1] or not np.issubdtype(labels.dtype, np.integer) or not len(x):
        raise ValueError(f"expected x (N, n) and N integer labels, got {x.shape} and {labels.dtype} {labels.shape}")
    if not np.isfinite(x).all():
        raise ValueError("x has values that are not finite; leave those rows out")
    generator = np.random.default_rng(split)
    held = np.zeros(len(x), dtype=bool)
    for label in np.unique(labels):
        rows = generator.permutation(np.flatnonzero(labels == label))
        held[rows[: round(held_out * len(rows))]] = True
    train: Data = np.ascontiguousarray(x[~held].T), labels[~held]
    test: Data = np.ascontiguousarray(x[held].T), labels[held]
    if batch is not None and batch > len(train[1]):
        raise ValueError(f"a batch of {batch} rows from {len(train[1])} training rows; choose a smaller one")

    def drawn(generator: Draw) -> Data:
        if batch is None:
            return train
        rows = generator.permutation(len(train[1]))[:batch]
        return np.ascontiguousarray(train[0][:, rows]), train[1][rows]

    classes = int(labels.max()) + 1
    return Task(
        name,
        x.shape[1],
        classes,
        cross_entropy_reward,
        accuracy,
        drawn,
        train,
        test,
        fixed=batch is None,
        slope=cross_entropy_slope,
    )


def iris() -> Task:
    """The 150 iris flowers, each measurement scaled to [0, 1] over all flowers."""
    from numeric.data import iris as flowers

    x, labels, species, columns = flowers()
    return replace(
        classification("iris", (x - x.min(axis=0)) / np.ptp(x, axis=0), labels),
        names=tuple(name.replace("_", " ") for name in columns),
        classes=species,
    )


def digits() -> Task:
    """The 1,797 digits of 8 x 8 pixels in [0, 1]; every generation sees all training rows."""
    from numeric.data import digits_8x8

    images = digits_8x8()
    return classification("digits", images.x, images.labels)


def mnist(size: int = 16, batch: int = 1000) -> Task:
    """5,000 digits of MNIST scaled to size x size pixels in [0, 1], 1,000 of them a generation (Gaier and Ha 2019,
    section 4)."""
    from numeric.data import mnist_5k

    images = mnist_5k()
    x = resized(images.x.reshape(-1, *images.shape), size).reshape(len(images.x), -1)
    return classification(f"mnist{size}", x, images.labels, batch=batch)


def swing_up(episodes: int = 4, steps: int = 1000) -> Task:
    """Cart-pole swing-up (see cartpole): the total reward of an episode, meaned over `episodes` random starts."""
    fixed = np.random.default_rng(20190611)
    train, test = (cartpole.starts(fixed, 20), np.array(steps)), (cartpole.starts(fixed, 100), np.array(steps))
    return Task(
        "swingup",
        5,
        1,
        cartpole.total_reward,
        cartpole.total_reward,
        lambda generator: (cartpole.starts(generator, episodes), np.array(steps)),
        train,
        test,
        fixed=False,
        own=True,
        floor=0.0,
        measure="total reward",
        names=("x", "x'", "cos θ", "sin θ", "θ'"),
    )


TASKS: dict[str, Callable[[], Task]] = {
    "xor": lambda: parity(2),
    "parity3": lambda: parity(3),
    "iris": iris,
    "digits": digits,
    "mnist": mnist,
    "swingup": swing_up,
}
