"""A two-layer network: sigmoid or ReLU hidden layer, softmax cross-entropy, L2 penalty on the weights."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from numeric.activations import relu, relu_backward, sigmoid
from numeric.layers import affine_backward, affine_forward
from numeric.losses import cross_entropy, l2_penalty

Array = NDArray[Any]


class Parameters(NamedTuple):
    """W1 (D, H), b1 (H,), W2 (H, C), b2 (C,); also the shape of their gradients."""

    W1: Array
    b1: Array
    W2: Array
    b2: Array


HIDDEN = ("sigmoid", "relu")
"""The activations of the hidden layer."""


def activation(a: Array, hidden: str) -> Array:
    """The activation of this name in HIDDEN, elementwise. Raises ValueError for another name."""
    if hidden == "sigmoid":
        return sigmoid(a)
    if hidden == "relu":
        return relu(a)
    raise ValueError(f"hidden must be 'sigmoid' or 'relu', got {hidden!r}")


def activation_backward(dout: Array, values: Array, hidden: str) -> Array:
    """`dout` times the slope of the activation where it has these values; the kink of ReLU gets 0."""
    return relu_backward(dout, values) if hidden == "relu" else dout * values * (1 - values)


def initialize(
    inputs: int, hidden: int, classes: int, *, scale: float = 1e-3, seed: int = 0, dtype: DTypeLike = np.float32
) -> Parameters:
    """Weights drawn from N(0, scale^2), biases zero; the same seed gives the same numbers."""
    draw = np.random.default_rng(seed)
    return Parameters(
        (scale * draw.standard_normal((inputs, hidden))).astype(dtype),
        np.zeros(hidden, dtype),
        (scale * draw.standard_normal((hidden, classes))).astype(dtype),
        np.zeros(classes, dtype),
    )


def forward(parameters: Parameters, x: Array, hidden: str = "sigmoid") -> tuple[Array, Array]:
    """Logits (N, C) and hidden activations (N, H) for x (N, D); `hidden` is a name in HIDDEN."""
    w1, b1, w2, b2 = parameters
    activations = activation(affine_forward(x, w1, b1), hidden)
    return affine_forward(activations, w2, b2), activations


def predict(parameters: Parameters, x: Array, hidden: str = "sigmoid") -> NDArray[np.int64]:
    """The most probable class of every row: x (N, D) -> (N,)."""
    return np.argmax(forward(parameters, x, hidden)[0], axis=1)


def loss_and_gradients(
    parameters: Parameters, x: Array, labels: Array, reg: float, hidden: str = "sigmoid"
) -> tuple[Any, Parameters, Array]:
    """``cross_entropy + reg/2 (sum W1^2 + sum W2^2)``, its gradient by the parameters, and its gradient by x (N, D).

    x (N, D), labels (N,) integers in range(C). With N = 0 only the penalty is left. At the kink ReLU has slope 0.
    """
    logits, activations = forward(parameters, x, hidden)
    data_loss, dlogits = cross_entropy(logits, labels)
    penalty1, decay1 = l2_penalty(parameters.W1, reg)
    penalty2, decay2 = l2_penalty(parameters.W2, reg)
    dhidden, dw2, db2 = affine_backward(dlogits, activations, parameters.W2)
    dx, dw1, db1 = affine_backward(activation_backward(dhidden, activations, hidden), x, parameters.W1)
    return data_loss + penalty1 + penalty2, Parameters(dw1 + decay1, db1, dw2 + decay2, db2), dx
