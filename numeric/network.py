"""A two-layer network: sigmoid hidden layer, softmax cross-entropy, L2 penalty on the weights; minibatch SGD."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numeric.activations import sigmoid
from numeric.layers import affine_backward, affine_forward
from numeric.losses import cross_entropy, l2_penalty

Array = NDArray[Any]


class Parameters(NamedTuple):
    """W1 (D, H), b1 (H,), W2 (H, C), b2 (C,); also the shape of their gradients."""

    W1: Array
    b1: Array
    W2: Array
    b2: Array


class Trained(NamedTuple):
    """The parameters after training and the mean loss of every epoch."""

    parameters: Parameters
    losses: list[float]


def initialize(inputs: int, hidden: int, classes: int, *, scale: float = 1e-3, seed: int = 0) -> Parameters:
    """Weights drawn from N(0, scale^2), biases zero, float64; the same seed gives the same numbers."""
    draw = np.random.default_rng(seed)
    return Parameters(
        scale * draw.standard_normal((inputs, hidden)),
        np.zeros(hidden),
        scale * draw.standard_normal((hidden, classes)),
        np.zeros(classes),
    )


def forward(parameters: Parameters, x: Array) -> tuple[Array, Array]:
    """Logits (N, C) and hidden activations (N, H) for x (N, D)."""
    w1, b1, w2, b2 = parameters
    hidden = sigmoid(affine_forward(x, w1, b1))
    return affine_forward(hidden, w2, b2), hidden


def predict(parameters: Parameters, x: Array) -> NDArray[np.int64]:
    """The most probable class of every row: x (N, D) -> (N,)."""
    return np.argmax(forward(parameters, x)[0], axis=1)


def loss_and_gradients(parameters: Parameters, x: Array, labels: Array, reg: float) -> tuple[Any, Parameters, Array]:
    """``cross_entropy + reg/2 (sum W1^2 + sum W2^2)``, its gradient by the parameters, and its gradient by x (N, D).

    x (N, D), labels (N,) integers in range(C). With N = 0 only the penalty is left.
    """
    logits, hidden = forward(parameters, x)
    data_loss, dlogits = cross_entropy(logits, labels)
    penalty1, decay1 = l2_penalty(parameters.W1, reg)
    penalty2, decay2 = l2_penalty(parameters.W2, reg)
    dhidden, dw2, db2 = affine_backward(dlogits, hidden, parameters.W2)
    dx, dw1, db1 = affine_backward(dhidden * hidden * (1 - hidden), x, parameters.W1)
    return data_loss + penalty1 + penalty2, Parameters(dw1 + decay1, db1, dw2 + decay2, db2), dx


def train(
    parameters: Parameters,
    x: Array,
    labels: Array,
    *,
    rate: float,
    reg: float = 0.0,
    batch: int = 64,
    epochs: int = 10,
    seed: int = 0,
) -> Trained:
    """Minibatch gradient descent; the rows are shuffled every epoch and the last batch may be smaller.

    x (N, D), labels (N,). Returns new parameters; those given are left as they were.
    """
    if batch < 1:
        raise ValueError(f"batch must be at least 1, got {batch}")
    parameters = Parameters(*(np.array(p) for p in parameters))
    draw = np.random.default_rng(seed)
    losses = []
    for _ in range(epochs):
        order = draw.permutation(len(x))
        total = 0.0
        for start in range(0, len(x), batch):
            rows = order[start : start + batch]
            loss, gradients, _ = loss_and_gradients(parameters, x[rows], labels[rows], reg)
            for p, g in zip(parameters, gradients, strict=True):
                p -= rate * g
            total += float(loss) * len(rows)
        losses.append(total / max(len(x), 1))
    return Trained(parameters, losses)
