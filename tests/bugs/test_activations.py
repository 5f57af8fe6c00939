"""Activations: derivatives of the wrong variable, forgotten squares and factors, second derivatives."""

# ruff: noqa: ARG005  (backward functions take everything, and need not use it)
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.bugs.zoo import proved, refuted

SHAPES = {"x": "N D"}
C = np.sqrt(2 / np.pi)


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def swish(x: Any) -> Any:
    return x * sigmoid(x)


def swish_of_output(dy: Any, x: Any) -> Any:
    """Reported wrong and right all the same (PyTorch #110815)."""
    s = sigmoid(x)
    y = x * s
    return dy * (y + s * (1 - y))


def gelu(x: Any) -> Any:
    return 0.5 * x * (1 + np.tanh(C * (x + 0.044715 * x**3)))


def gelu_backward(d: Any, x: Any, three: int = 3, half: float = 0.5) -> Any:
    t = np.tanh(C * (x + 0.044715 * x**3))
    return d * (half * (1 + t) + 0.5 * x * (1 - t**2) * C * (1 + three * 0.044715 * x**2))


def relu(x: Any) -> Any:
    return np.maximum(x, 0)


def leaky(x: Any) -> Any:
    return np.where(x > 0, x, 0.1 * x)


def elu(x: Any) -> Any:
    return np.where(x > 0, x, np.exp(x) - 1)


def selu(x: Any) -> Any:
    return 1.05 * np.where(x > 0, x, 1.67 * (np.exp(x) - 1))


def softplus(x: Any) -> Any:
    return np.log1p(np.exp(x))


def hard_swish(x: Any) -> Any:
    return x * np.clip(x + 3, 0, 6) / 6


def mish(x: Any) -> Any:
    return x * np.tanh(np.log(1 + np.exp(x)))


def mish_backward(d: Any, x: Any, product: int = 1) -> Any:
    t = np.tanh(np.log(1 + np.exp(x)))
    return d * (t + product * x * (1 - t**2) * sigmoid(x))


PAIRS: dict[str, tuple[Callable[..., Any], Callable[..., Any], dict[str, Callable[..., Any]]]] = {
    "tanh": (
        np.tanh,
        lambda d, x: d * (1 - np.tanh(x) ** 2),
        {
            "forgotten square": lambda d, x: d * (1 - np.tanh(x)),
            "of the input": lambda d, x: d * (1 - x**2),
            "sign": lambda d, x: d * (np.tanh(x) ** 2 - 1),
        },
    ),
    "sigmoid": (
        sigmoid,
        lambda d, x: d * sigmoid(x) * (1 - sigmoid(x)),
        {
            "of the input": lambda d, x: d * x * (1 - x),
            "squared": lambda d, x: d * (sigmoid(x) * (1 - sigmoid(x))) ** 2,
            "1 + s": lambda d, x: d * sigmoid(x) * (1 + sigmoid(x)),
        },
    ),
    "swish": (
        swish,
        swish_of_output,
        {
            "product rule forgotten": lambda d, x: d * x * sigmoid(x) * (1 - sigmoid(x)),
            "of the output twice": lambda d, x: d * (swish(x) + swish(x) * (1 - swish(x))),
        },
    ),
    "gelu": (
        gelu,
        gelu_backward,
        {
            "the 3 of the cube": lambda d, x: gelu_backward(d, x, three=1),
            "the half": lambda d, x: gelu_backward(d, x, half=1.0),
        },
    ),
    "relu": (
        relu,
        lambda d, x: d * (x > 0),
        {
            "mask inverted": lambda d, x: d * (x < 0),
            "mask of dout": lambda d, x: d * (d > 0),
            "guided": lambda d, x: d * (d > 0) * (x > 0),
            "values for the mask": lambda d, x: d * np.maximum(x, 0),
        },
    ),
    "leaky relu": (
        leaky,
        lambda d, x: np.where(x > 0, d, 0.1 * d),
        {
            "slope squared": lambda d, x: np.where(x > 0, d, 0.01 * d),
            "no slope": lambda d, x: d * (x > 0),
            "slopes swapped": lambda d, x: np.where(x > 0, 0.1 * d, d),
        },
    ),
    "elu": (
        elu,
        lambda d, x: np.where(x > 0, d, d * np.exp(x)),
        {
            "the 1 kept": lambda d, x: np.where(x > 0, d, d * (np.exp(x) - 1)),
            "of the output, 1 forgotten": lambda d, x: np.where(x > 0, d, d * elu(x)),
        },
    ),
    "selu": (
        selu,
        lambda d, x: 1.05 * d * np.where(x > 0, 1, 1.67 * np.exp(x)),
        {
            "scale forgotten": lambda d, x: d * np.where(x > 0, 1, 1.67 * np.exp(x)),
            "alpha forgotten": lambda d, x: 1.05 * d * np.where(x > 0, 1, np.exp(x)),
        },
    ),
    "softplus": (
        softplus,
        lambda d, x: d / (1 + np.exp(-x)),
        {"minus forgotten": lambda d, x: d / (1 + np.exp(x)), "itself": lambda d, x: d * softplus(x)},
    ),
    "hard swish": (
        hard_swish,
        lambda d, x: d * np.where(x > 3, 1, np.where(x < -3, 0, (2 * x + 3) / 6)),
        {
            "2 forgotten": lambda d, x: d * np.where(x > 3, 1, np.where(x < -3, 0, (x + 3) / 6)),
            "upper edge": lambda d, x: d * np.where(x < -3, 0, (2 * x + 3) / 6),
            "outer half": lambda d, x: d * np.where(x > 3, 0, np.where(x < -3, 0, (2 * x + 3) / 6)),
        },
    ),
    "mish": (mish, mish_backward, {"product rule": lambda d, x: mish_backward(d, x, product=0)}),
    "absolute value": (np.abs, lambda d, x: d * np.sign(x), {"no sign": lambda d, x: d * np.ones_like(x)}),
    "clip": (
        lambda x: np.clip(x, -1, 1),
        lambda d, x: d * ((x > -1) & (x < 1)),
        {"straight through": lambda d, x: d * np.ones_like(x), "one side": lambda d, x: d * (x < 1)},
    ),
    "power 0": (
        lambda x: x**0,
        lambda d, x: 0 * d,
        {"JAX 0a89fc83cb": lambda d, x: d * np.ones_like(x)},
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_right(name: str) -> None:
    proved(*PAIRS[name][:2], SHAPES)


WRONG = [(name, bug) for name, (_, _, bugs) in PAIRS.items() for bug in bugs]


@pytest.mark.parametrize(("name", "bug"), WRONG, ids=[f"{name}: {bug}" for name, bug in WRONG])
def test_wrong(name: str, bug: str) -> None:
    forward, _, bugs = PAIRS[name]
    refuted(forward, bugs[bug], SHAPES)


def elu_backward(g: Any, x: Any) -> Any:
    return np.where(x > 0, g, g * np.exp(x))


def test_second_derivative_of_elu() -> None:
    """TensorFlow #11091: the gradient was fed to the derivative in place of the input."""
    shapes = {"g": "N", "x": "N"}
    proved(elu_backward, lambda d, g, x: (elu_backward(d, x), np.where(x < 0, d * g * np.exp(x), 0)), shapes)
    refuted(elu_backward, lambda d, g, x: (elu_backward(d, elu_backward(g, x)), d * g * np.where(x < 0, 1, 0)), shapes)


def test_second_derivative_of_log() -> None:
    """MXNet 14992: the upstream gradient was squared with the derivative."""
    shapes, domains = {"g": "N", "x": "N"}, {"x": "positive"}

    def log_backward(g: Any, x: Any) -> Any:
        return g / x

    proved(log_backward, lambda d, g, x: (d / x, -d * g / x**2), shapes, domains=domains)
    refuted(log_backward, lambda d, g, x: (d / x, -(d**2) * g / x**2), shapes, domains=domains)


def test_log_with_an_epsilon() -> None:
    domains = {"x": "positive"}
    proved(lambda x: np.log(x + 1e-8), lambda d, x: d / (x + 1e-8), SHAPES, domains=domains)
    refuted(lambda x: np.log(x + 1e-3), lambda d, x: d / x, SHAPES, domains=domains)
