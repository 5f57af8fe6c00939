"""Normalisations: detached means and variances, the wrong count, an epsilon in another place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.bugs.zoo import proved, refuted

EPS = 0.125
SHAPES = {"x": "N D", "gamma": "D", "beta": "D"}


def layer_norm(x: Any, gamma: Any, beta: Any) -> Any:
    mu = x.mean(axis=1, keepdims=True)
    var = ((x - mu) ** 2).mean(axis=1, keepdims=True)
    xhat = (x - mu) / np.sqrt(var + EPS)
    return gamma * xhat + beta, (xhat, gamma, np.sqrt(var + EPS))


def layer_norm_backward(dout: Any, cache: Any, bug: str = "") -> Any:
    xhat, gamma, std = cache
    dxhat = dout if bug == "gamma forgotten" else dout * gamma
    axis = 0 if bug == "other axis" else 1
    mean = dxhat.mean(axis=axis, keepdims=True)
    shared = xhat * (dxhat * xhat).mean(axis=axis, keepdims=True)
    if bug == "mean detached":
        mean = 0.0
    if bug == "variance detached":
        shared = 0.0
    if bug == "sums for means":
        mean, shared = mean * xhat.shape[1], shared * xhat.shape[1]
    if bug == "xhat forgotten":
        shared = (dxhat * xhat).mean(axis=1, keepdims=True)
    if bug == "sign":
        shared = -shared
    dx = (dxhat - mean - shared) / (std**2 if bug == "variance for deviation" else std)
    dgamma = (dout * (gamma if bug == "gamma for xhat" else xhat)).sum(axis=0)
    return dx, dgamma, dout.mean(axis=0) if bug == "beta averaged" else dout.sum(axis=0)


BUGS = [
    "gamma forgotten",
    "other axis",
    "mean detached",
    "variance detached",
    "sums for means",
    "xhat forgotten",
    "sign",
    "variance for deviation",
    "gamma for xhat",
    "beta averaged",
]


def test_layer_norm_right() -> None:
    proved(layer_norm, layer_norm_backward, SHAPES)


@pytest.mark.parametrize("bug", BUGS)
def test_layer_norm_wrong(bug: str) -> None:
    refuted(layer_norm, lambda dout, cache: layer_norm_backward(dout, cache, bug), SHAPES)


def batch_norm(x: Any) -> Any:
    mu = x.mean(axis=0)
    var = x.var(axis=0)
    return (x - mu) / np.sqrt(var + EPS)


def compact(dout: Any, x: Any) -> Any:
    n = x.shape[0]
    mu, var = x.mean(axis=0), x.var(axis=0)
    return (
        (n * dout - dout.sum(axis=0) - (x - mu) / (var + EPS) * np.sum(dout * (x - mu), axis=0))
        / n
        / np.sqrt(var + EPS)
    )


def staged(dout: Any, x: Any, bug: str = "") -> Any:
    """The computation graph backwards, step by step."""
    n = x.shape[0]
    xmu = x - x.sum(axis=0) / n
    std = np.sqrt((xmu**2).sum(axis=0) / n + EPS)
    dxmu1 = dout / std
    divar = (dout * xmu).sum(axis=0)
    dstd = (1 if bug == "sign" else -1) * divar / (std if bug == "square" else std**2)
    dvar = (1.0 if bug == "half" else 0.5) * dstd / std
    dsq = np.ones_like(x) * dvar / (1 if bug == "count" else n)
    dxmu2 = (1 if bug == "two" else 2) * xmu * dsq
    dx1 = dxmu1 + (0 if bug == "branch" else dxmu2)
    dmu = -dx1.sum(axis=0)
    return dx1 + (0 if bug == "mean" else np.ones_like(x) * dmu / n)


RUNNING: dict[str, Callable[..., Any]] = {
    "statistics held fixed": lambda d, x: d / np.sqrt(x.var(axis=0) + EPS),
    "unbiased variance": lambda d, x: compact(d, x) * np.sqrt(x.shape[0] / (x.shape[0] + 1)),
    "epsilon forgotten": lambda d, x: compact(d, x) * np.sqrt(x.var(axis=0) + EPS) / np.sqrt(x.var(axis=0) + 2 * EPS),
}


def test_batch_norm_right() -> None:
    proved(batch_norm, compact, {"x": "N D"})
    proved(batch_norm, staged, {"x": "N D"})


@pytest.mark.parametrize("bug", ["sign", "square", "half", "count", "two", "branch", "mean"])
def test_batch_norm_wrong(bug: str) -> None:
    refuted(batch_norm, lambda d, x: staged(d, x, bug), {"x": "N D"})


@pytest.mark.parametrize("backward", RUNNING.values(), ids=RUNNING)
def test_batch_norm_wrong_in_one_line(backward: Callable[..., Any]) -> None:
    refuted(batch_norm, backward, {"x": "N D"})


def rms_norm(x: Any, g: Any) -> Any:
    return x / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + EPS) * g


def rms_norm_backward(d: Any, x: Any, g: Any, power: int = 3, mean: bool = True) -> Any:
    r = 1 / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + EPS)
    inner = np.sum(d * g * x, axis=-1, keepdims=True)
    return d * g * r - x * r**power * inner / (x.shape[-1] if mean else 1), np.sum(d * x * r, axis=0)


def test_rms_norm() -> None:
    shapes = {"x": "N D", "g": "D"}
    proved(rms_norm, rms_norm_backward, shapes)
    refuted(rms_norm, lambda d, x, g: rms_norm_backward(d, x, g, power=1), shapes)
    refuted(rms_norm, lambda d, x, g: rms_norm_backward(d, x, g, mean=False), shapes)


def unit(x: Any) -> Any:
    return x / np.sqrt(np.sum(x * x, axis=1, keepdims=True) + EPS)


def test_projection_of_a_normalised_row() -> None:
    def backward(d: Any, x: Any) -> Any:
        n = np.sqrt(np.sum(x * x, axis=1, keepdims=True) + EPS)
        return (d - unit(x) * np.sum(d * unit(x), axis=1, keepdims=True)) / n

    proved(unit, backward, {"x": "N D"})
    refuted(unit, lambda d, x: d / np.sqrt(np.sum(x * x, axis=1, keepdims=True) + EPS), {"x": "N D"})
    refuted(unit, lambda d, x: d - unit(x) * np.sum(d * unit(x), axis=1, keepdims=True), {"x": "N D"})
