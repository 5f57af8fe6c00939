"""Softmax and its relatives: the forgotten sum, the wrong axis, the temperature in the chain."""

# ruff: noqa: ARG005  (backward functions take everything, and need not use it)
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.bugs.zoo import proved, refuted

SHAPES = {"x": "N D"}


def softmax(x: Any) -> Any:
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def columns(x: Any) -> Any:
    e = np.exp(x)
    return e / e.sum(axis=0)


def log_softmax(x: Any) -> Any:
    shifted = x - np.max(x, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


def logsumexp(x: Any) -> Any:
    m = x.max(axis=1)
    return m + np.log(np.exp(x - m[:, None]).sum(axis=1))


def softmax_jacobian(d: Any, x: Any) -> Any:
    p = softmax(x)
    jacobian = p[:, :, None] * (np.eye(p.shape[1])[None] - p[:, None, :])
    return np.einsum("nij,nj->ni", jacobian, d)


SOFTMAX_RIGHT = {
    "with the sum": lambda d, x: softmax(x) * (d - (d * softmax(x)).sum(axis=1, keepdims=True)),
    "whole Jacobian": softmax_jacobian,
    "two terms": lambda d, x: softmax(x) * d - softmax(x) * np.einsum("nd,nd->n", softmax(x), d)[:, None],
}
SOFTMAX_WRONG = {
    "without the sum": lambda d, x: softmax(x) * d,
    "diagonal only": lambda d, x: softmax(x) * (1 - softmax(x)) * d,
    "sum over the batch": lambda d, x: softmax(x) * (d - (d * softmax(x)).sum(axis=0, keepdims=True)),
    "sum over everything": lambda d, x: softmax(x) * (d - (d * softmax(x)).sum()),
    "sum of dout alone": lambda d, x: softmax(x) * (d - d.sum(axis=1, keepdims=True)),
    "mean for sum": lambda d, x: softmax(x) * (d - (d * softmax(x)).mean(axis=1, keepdims=True)),
    "p forgotten outside": lambda d, x: d - (d * softmax(x)).sum(axis=1, keepdims=True),
    "plus": lambda d, x: softmax(x) * (d + (d * softmax(x)).sum(axis=1, keepdims=True)),
    "squared": lambda d, x: softmax(x) ** 2 * (d - (d * softmax(x)).sum(axis=1, keepdims=True)),
}


@pytest.mark.parametrize("backward", SOFTMAX_RIGHT.values(), ids=SOFTMAX_RIGHT)
def test_softmax_right(backward: Callable[..., Any]) -> None:
    assert proved(softmax, backward, SHAPES).opaque


@pytest.mark.parametrize("backward", SOFTMAX_WRONG.values(), ids=SOFTMAX_WRONG)
def test_softmax_wrong(backward: Callable[..., Any]) -> None:
    refuted(softmax, backward, SHAPES)


def test_softmax_over_columns() -> None:
    proved(columns, lambda d, x: columns(x) * (d - (d * columns(x)).sum(axis=0)), SHAPES)
    refuted(columns, lambda d, x: columns(x) * (d - (d * columns(x)).sum(axis=1, keepdims=True)), SHAPES)


def test_temperature() -> None:
    shapes = {"x": "N D", "t": ""}
    domains = {"t": "positive"}

    def cooled(x: Any, t: Any) -> Any:
        return softmax(x / t)

    def backward(d: Any, x: Any, t: Any, power: int = 1, sign: int = -1) -> Any:
        p = cooled(x, t)
        dz = p * (d - (d * p).sum(axis=1, keepdims=True))
        return dz / t**power, sign * np.sum(dz * x) / t**2

    proved(cooled, backward, shapes, domains=domains)
    refuted(cooled, lambda d, x, t: backward(d, x, t, power=0), shapes, domains=domains)
    refuted(cooled, lambda d, x, t: backward(d, x, t, power=2), shapes, domains=domains)
    refuted(cooled, lambda d, x, t: backward(d, x, t, sign=1), shapes, domains=domains)


LOG_WRONG = {
    "dout not summed": lambda d, x: d - np.exp(log_softmax(x)),
    "sum of p dout": lambda d, x: d - np.exp(log_softmax(x)) * (np.exp(log_softmax(x)) * d).sum(axis=1, keepdims=True),
    "mean": lambda d, x: d - np.exp(log_softmax(x)) * d.mean(axis=1, keepdims=True),
    "of the logarithm": lambda d, x: d - log_softmax(x) * d.sum(axis=1, keepdims=True),
    "keepdims and the wrong axis": lambda d, x: d - np.exp(log_softmax(x)) * d.sum(axis=0, keepdims=True),
}


@pytest.mark.parametrize("backward", LOG_WRONG.values(), ids=LOG_WRONG)
def test_log_softmax_wrong(backward: Callable[..., Any]) -> None:
    refuted(log_softmax, backward, SHAPES)


def test_log_softmax_right() -> None:
    proved(log_softmax, lambda d, x: d - softmax(x) * d.sum(axis=1, keepdims=True), SHAPES)


def test_logsumexp() -> None:
    proved(logsumexp, lambda d, x: d[:, None] * softmax(x), SHAPES)
    refuted(logsumexp, lambda d, x: d[:, None] * np.exp(x), SHAPES)
    refuted(logsumexp, lambda d, x: softmax(x), SHAPES)


def test_second_derivative_of_the_loss() -> None:
    """TensorFlow #7403: the Hessian of softmax cross-entropy came back as 0."""

    def gradient(x: Any) -> Any:
        return softmax(x) - 1 / x.shape[1]

    proved(gradient, lambda d, x: softmax(x) * (d - (d * softmax(x)).sum(axis=1, keepdims=True)), SHAPES)
    refuted(gradient, lambda d, x: np.zeros_like(d), SHAPES)
    refuted(gradient, lambda d, x: softmax(x) * d, SHAPES)
