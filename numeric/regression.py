"""Softmax regression: one affine layer, softmax cross-entropy, L2 penalty on the weights."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from numeric.layers import affine_backward, affine_forward
from numeric.losses import cross_entropy, l2_penalty

Array = NDArray[Any]


class Regression(NamedTuple):
    """W (D, C), b (C,); also the shape of their gradients."""

    W: Array
    b: Array


def initialize(
    inputs: int, classes: int, *, scale: float = 1e-3, seed: int = 0, dtype: DTypeLike = np.float32
) -> Regression:
    """Weights drawn from N(0, scale^2), biases zero; the same seed gives the same numbers."""
    draw = np.random.default_rng(seed)
    return Regression((scale * draw.standard_normal((inputs, classes))).astype(dtype), np.zeros(classes, dtype))


def forward(parameters: Regression, x: Array) -> Array:
    """Logits (N, C) for x (N, D)."""
    return affine_forward(x, *parameters)


def loss_and_gradients(parameters: Regression, x: Array, labels: Array, reg: float) -> tuple[Any, Regression, Array]:
    """``cross_entropy + reg/2 sum W^2``, its gradient by the parameters, and its gradient by x (N, D).

    x (N, D), labels (N,) integers in range(C). With N = 0 only the penalty is left.
    """
    data_loss, dlogits = cross_entropy(forward(parameters, x), labels)
    penalty, decay = l2_penalty(parameters.W, reg)
    dx, dw, db = affine_backward(dlogits, x, parameters.W)
    return data_loss + penalty, Regression(dw + decay, db), dx
