"""Activations that multiply x by a gate of x, and their backward passes; shapes are free, `dout` has that of `x`."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numeric.activations import sigmoid, softplus

Array = NDArray[Any]

GELU_SCALE = math.sqrt(2 / math.pi)
GELU_CUBIC = 0.044715


def silu(x: Array) -> Array:
    """``x sigmoid(x)``, also called swish."""
    return x * sigmoid(x)


def silu_backward(dout: Array, x: Array) -> Array:
    """``dout (y + s (1 - y))`` for ``s = sigmoid(x)``, ``y = x s``."""
    s = sigmoid(x)
    y = x * s
    return dout * (y + s * (1 - y))


def gelu(x: Array) -> Array:
    """``x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))`` (Hendrycks and Gimpel 2016, arXiv 1606.08415, section 2)."""
    return 0.5 * x * (1 + np.tanh(GELU_SCALE * (x + GELU_CUBIC * x**3)))


def gelu_backward(dout: Array, x: Array) -> Array:
    """``dout ((1 + t)/2 + x/2 (1 - t^2) u')`` for ``t = tanh(u)``, ``u' = sqrt(2/pi) (1 + 3 * 0.044715 x^2)``."""
    t = np.tanh(GELU_SCALE * (x + GELU_CUBIC * x**3))
    inner = GELU_SCALE * (1 + 3 * GELU_CUBIC * x**2)
    return dout * (0.5 * (1 + t) + 0.5 * x * (1 - t**2) * inner)


def mish(x: Array) -> Array:
    """``x tanh(softplus(x))`` (Misra 2019, arXiv 1908.08681, equation 1)."""
    return x * np.tanh(softplus(x))


def mish_backward(dout: Array, x: Array) -> Array:
    """``dout (t + x (1 - t^2) sigmoid(x))`` for ``t = tanh(softplus(x))``."""
    t = np.tanh(softplus(x))
    return dout * (t + x * (1 - t * t) * sigmoid(x))
