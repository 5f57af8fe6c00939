"""Activations made of pieces, and their backward passes; shapes are free, `dout` has the shape of `x`.

At a kink the backward pass returns the slope of the piece on the left.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772


def leaky_relu(x: Array, slope: float = 0.01) -> Array:
    """``x`` where ``x > 0``, else ``slope x``."""
    return np.where(x > 0, x, slope * x)


def leaky_relu_backward(dout: Array, x: Array, slope: float = 0.01) -> Array:
    """``dout`` where ``x > 0``, else ``slope dout``."""
    return np.where(x > 0, dout, slope * dout)


def elu(x: Array, alpha: float = 1.0) -> Array:
    """``x`` where ``x > 0``, else ``alpha (exp(x) - 1)`` (Clevert et al. 2016, arXiv 1511.07289, equation 15)."""
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def elu_backward(dout: Array, x: Array, alpha: float = 1.0) -> Array:
    """``dout`` where ``x > 0``, else ``dout alpha exp(x)``."""
    return dout * np.where(x > 0, 1, alpha * np.exp(np.minimum(x, 0)))


def selu(x: Array) -> Array:
    """``scale elu(x, alpha)`` with the constants of Klambauer et al. 2017 (arXiv 1706.02515, equation 2)."""
    return SELU_SCALE * elu(x, SELU_ALPHA)


def selu_backward(dout: Array, x: Array) -> Array:
    """``scale dout`` where ``x > 0``, else ``scale alpha exp(x) dout``."""
    return SELU_SCALE * elu_backward(dout, x, SELU_ALPHA)


def hard_sigmoid(x: Array) -> Array:
    """``min(max(x + 3, 0), 6) / 6``."""
    return np.clip(x + 3, 0, 6) / 6


def hard_sigmoid_backward(dout: Array, x: Array) -> Array:
    """``dout / 6`` where ``-3 < x < 3``, else 0."""
    inside = (x > -3) & (x < 3)
    return dout * inside / 6


def hard_swish(x: Array) -> Array:
    """``x hard_sigmoid(x)`` (Howard et al. 2019, arXiv 1905.02244, section 5.2)."""
    return x * hard_sigmoid(x)


def hard_swish_backward(dout: Array, x: Array) -> Array:
    """0 below -3, ``dout`` above 3, ``dout (2 x + 3) / 6`` between."""
    return np.where(x <= -3, 0 * dout, np.where(x >= 3, dout, dout * (2 * x + 3) / 6))
