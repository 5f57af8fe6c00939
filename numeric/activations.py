"""Elementwise activations and their backward passes; shapes are free, `dout` has the shape of `x`.

Backward passes take the input `x` rather than the output, so that they stay accurate where the activation saturates.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def sigmoid(x: Array) -> Array:
    """``1 / (1 + exp(-x))``, computed from ``exp(-|x|)`` so that nothing overflows."""
    z = np.exp(-np.abs(x))
    return np.where(np.greater_equal(x, 0), 1, z) / (1 + z)


def sigmoid_backward(dout: Array, x: Array) -> Array:
    """``dout * sigmoid(x) * sigmoid(-x)``."""
    z = np.exp(-np.abs(x))
    return dout * (z / (1 + z) ** 2)


def softplus(x: Array) -> Array:
    """``log(1 + exp(x))``, computed as ``max(x, 0) + log1p(exp(-|x|))``."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def softplus_backward(dout: Array, x: Array) -> Array:
    """``dout * sigmoid(x)``."""
    return dout * sigmoid(x)


def tanh(x: Array) -> Array:
    """``tanh(x)``."""
    return np.tanh(x)


def tanh_backward(dout: Array, x: Array) -> Array:
    """``dout * (1 - tanh(x)^2)``, computed as ``dout / cosh(x)^2`` from ``exp(-|x|)``."""
    z = np.exp(-np.abs(x)) ** 2
    return dout * (4 * z / (1 + z) ** 2)


def relu(x: Array) -> Array:
    """``max(x, 0)``."""
    return np.maximum(x, 0)


def relu_backward(dout: Array, x: Array) -> Array:
    """``dout`` where ``x > 0``, else 0; the kink at 0 gets 0."""
    return np.where(np.greater(x, 0), dout, np.zeros_like(dout))
