"""The eleven activations of a weight-agnostic network, in place, and their derivatives.

Gaier and Ha 2019 (arXiv 1906.04358), appendix A.1; the scales are those of the authors' program.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FAR = 40.0
"""Beyond +-40 the Gaussian and the sigmoid have reached their limits in float32 and float64 alike (to 1e-17)."""


def _linear(x: Array) -> None:
    """``x`` as it is."""


def _step(x: Array) -> None:
    np.greater(x, 0, out=x, casting="unsafe")


def _sin(x: Array) -> None:
    np.multiply(x, np.pi, out=x)
    np.sin(x, out=x)


def _gaussian(x: Array) -> None:
    np.clip(x, -FAR, FAR, out=x)
    np.square(x, out=x)
    np.multiply(x, -0.5, out=x)
    np.exp(x, out=x)


def _tanh(x: Array) -> None:
    np.tanh(x, out=x)


def _sigmoid(x: Array) -> None:
    np.clip(x, -FAR, FAR, out=x)
    np.negative(x, out=x)
    np.exp(x, out=x)
    np.add(x, 1, out=x)
    np.reciprocal(x, out=x)


def _inverse(x: Array) -> None:
    np.negative(x, out=x)


def _abs(x: Array) -> None:
    np.abs(x, out=x)


def _relu(x: Array) -> None:
    np.maximum(x, 0, out=x)


def _cos(x: Array) -> None:
    np.multiply(x, np.pi, out=x)
    np.cos(x, out=x)


def _square(x: Array) -> None:
    np.square(x, out=x)


IN_PLACE: Mapping[str, Callable[[Array], None]] = MappingProxyType(
    {
        "linear": _linear,
        "step": _step,
        "sin": _sin,
        "gaussian": _gaussian,
        "tanh": _tanh,
        "sigmoid": _sigmoid,
        "inverse": _inverse,
        "abs": _abs,
        "relu": _relu,
        "cos": _cos,
        "square": _square,
    }
)
"""linear x; step 1 if x > 0 else 0; sin sin(pi x); gaussian exp(-x^2/2); tanh; sigmoid 1/(1 + exp(-x)); inverse -x;
abs |x|; relu max(x, 0); cos cos(pi x); square x^2. Each overwrites a floating-point array of any shape."""

ACTIVATIONS: tuple[str, ...] = tuple(IN_PLACE)
PIECEWISE_POLYNOMIAL: tuple[str, ...] = ("linear", "step", "inverse", "abs", "relu", "square")

DERIVATIVES: Mapping[str, Callable[[Array], Array]] = MappingProxyType(
    {
        "linear": np.ones_like,
        "step": np.zeros_like,
        "sin": lambda x: np.pi * np.cos(np.pi * x),
        "gaussian": lambda x: -x * np.exp(-0.5 * np.clip(x, -FAR, FAR) ** 2),
        "tanh": lambda x: 1 - np.tanh(x) ** 2,
        "sigmoid": lambda x: 0.25 * (1 - np.tanh(x / 2) ** 2),
        "inverse": lambda x: -np.ones_like(x),
        "abs": np.sign,
        "relu": lambda x: (x > 0).astype(x.dtype),
        "cos": lambda x: -np.pi * np.sin(np.pi * x),
        "square": lambda x: 2 * x,
    }
)
"""The derivatives; 0 at the kinks of abs and relu, and everywhere for step."""
