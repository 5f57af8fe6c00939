"""Dropout, residual paths, concatenation, reductions and distances."""

# ruff: noqa: ARG005  (backward functions take everything, and need not use it)
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.bugs.zoo import proved, refuted

KEEP = 0.75

Bugs = dict[str, Callable[..., Any]]


def dropout(x: Any, mask: Any) -> Any:
    return x * mask / KEEP


def block(x: Any, w: Any) -> Any:
    return x + np.tanh(x @ w)


def block_backward(d: Any, x: Any, w: Any, skip: int = 1) -> Any:
    dz = d * (1 - np.tanh(x @ w) ** 2)
    return skip * d + dz @ w.T, x.T @ dz


def joined(a: Any, b: Any) -> Any:
    return np.concatenate([np.exp(a), b], axis=1)


def centred(x: Any) -> Any:
    return x - x.mean(axis=1, keepdims=True)


def distances(x: Any, y: Any) -> Any:
    return (x**2).sum(axis=1)[:, None] - 2 * x @ y.T + (y**2).sum(axis=1)


def distances_backward(d: Any, x: Any, y: Any, bug: str = "") -> Any:
    two = 1 if bug == "factor 2" else 2
    rows = d.sum(axis=0 if bug == "axes swapped" else 1)[:, None] * x
    return two * (rows - d @ y), two * (d.sum(axis=0)[:, None] * y - (0 if bug == "cross term" else d.T @ x))


def kernel(x: Any, y: Any, gamma: Any) -> Any:
    return np.exp(-gamma * ((x - y) ** 2).sum(axis=1))


def kernel_backward(d: Any, x: Any, y: Any, gamma: Any, bug: str = "") -> Any:
    k = kernel(x, y, gamma)
    sign = 1 if bug == "sign" else -1
    dx = sign * 2 * gamma * (d * (1 if bug == "kernel" else k))[:, None] * (x - y)
    return dx, -dx, -np.sum(d * k * ((x - y) ** 2).sum(axis=1))


def cosine(x: Any, y: Any) -> Any:
    nx, ny = np.sqrt((x * x).sum(axis=1) + 1), np.sqrt((y * y).sum(axis=1) + 1)
    return (x * y).sum(axis=1) / (nx * ny)


def cosine_backward(d: Any, x: Any, y: Any, projection: int = 1) -> Any:
    nx, ny = np.sqrt((x * x).sum(axis=1) + 1), np.sqrt((y * y).sum(axis=1) + 1)
    c = (d * cosine(x, y))[:, None]
    both = (d / (nx * ny))[:, None]
    return both * y - projection * c * x / nx[:, None] ** 2, both * x - projection * c * y / ny[:, None] ** 2


XY = {"x": "N D", "y": "N D"}
PAIRS: dict[str, tuple[Callable[..., Any], dict[str, str], Callable[..., Any], Bugs]] = {
    "dropout": (
        dropout,
        {"x": "N D", "mask": "N D"},
        lambda d, x, mask: (d * mask / KEEP, d * x / KEEP),
        {
            "scale": lambda d, x, mask: (d * mask, d * x),
            "scale inverted": lambda d, x, mask: (d * mask * KEEP, d * x * KEEP),
            "mask": lambda d, x, mask: (d / KEEP, d * x / KEEP),
        },
    ),
    "residual block": (
        block,
        {"x": "N D", "w": "D D"},
        block_backward,
        {"skip": lambda d, x, w: block_backward(d, x, w, 0), "skip twice": lambda d, x, w: block_backward(d, x, w, 2)},
    ),
    "concatenation": (
        joined,
        {"a": "N D", "b": "N D"},
        lambda d, a, b: (d[:, : a.shape[1]] * np.exp(a), d[:, a.shape[1] :]),
        {
            "halves swapped": lambda d, a, b: (d[:, a.shape[1] :] * np.exp(a), d[:, : a.shape[1]]),
            "first half twice": lambda d, a, b: (d[:, : a.shape[1]] * np.exp(a), d[:, : a.shape[1]]),
        },
    ),
    "centring": (
        centred,
        {"x": "N D"},
        lambda d, x: d - d.mean(axis=1, keepdims=True),
        {
            "mean detached": lambda d, x: d * 1.0,
            "other axis": lambda d, x: d - d.mean(axis=0, keepdims=True),
            "sum": lambda d, x: d - d.sum(axis=1, keepdims=True),
            "of the input": lambda d, x: d - x.mean(axis=1, keepdims=True),
        },
    ),
    "mean over rows": (
        lambda x: x.mean(axis=0),
        {"x": "N D"},
        lambda d, x: np.ones_like(x) * d / x.shape[0],
        {
            "1 / N": lambda d, x: np.ones_like(x) * d,
            "1 / D": lambda d, x: np.ones_like(x) * d / x.shape[1],
            "1 / size": lambda d, x: np.ones_like(x) * d / x.size,
        },
    ),
    "squared distances": (
        distances,
        {"x": "N D", "y": "M D"},
        distances_backward,
        {
            "factor 2": lambda d, x, y: distances_backward(d, x, y, "factor 2"),
            "cross term": lambda d, x, y: distances_backward(d, x, y, "cross term"),
            "axes swapped": lambda d, x, y: distances_backward(d, x, y, "axes swapped"),
        },
    ),
    "RBF kernel": (
        kernel,
        {**XY, "gamma": ""},
        kernel_backward,
        {
            "sign": lambda d, x, y, gamma: kernel_backward(d, x, y, gamma, "sign"),
            "kernel": lambda d, x, y, gamma: kernel_backward(d, x, y, gamma, "kernel"),
        },
    ),
    "cosine": (cosine, XY, cosine_backward, {"projection": lambda d, x, y: cosine_backward(d, x, y, 0)}),
    "product": (
        lambda x, y: x * y,
        XY,
        lambda d, x, y: (d * y, d * x),
        {"swapped": lambda d, x, y: (d * x, d * y), "dout": lambda d, x, y: (y, x)},
    ),
    "quotient": (
        lambda x, y: x / y,
        XY,
        lambda d, x, y: (d / y, -d * x / y**2),
        {"sign": lambda d, x, y: (d / y, d * x / y**2), "square": lambda d, x, y: (d / y, -d * x / y)},
    ),
    "transpose": (
        lambda x: x.T * 2,
        {"x": "N N"},
        lambda d, x: 2 * d.T,
        {"not transposed back": lambda d, x: 2 * d},
    ),
    "outer product": (
        lambda x, y: np.outer(x, y),
        {"x": "N", "y": "M"},
        lambda d, x, y: (d @ y, x @ d),
        {"contracted with itself": lambda d, x, y: (d.sum(axis=1) * x, x @ d)},
    ),
    "norm": (
        lambda x: np.sqrt(np.sum(x * x, axis=1) + 1),
        {"x": "N D"},
        lambda d, x: (d / np.sqrt(np.sum(x * x, axis=1) + 1))[:, None] * x,
        {
            "half": lambda d, x: (0.5 * d / np.sqrt(np.sum(x * x, axis=1) + 1))[:, None] * x,
            "not divided": lambda d, x: d[:, None] * x,
        },
    ),
    "cumulative sum": (
        lambda x: np.cumsum(x),
        {"x": "4"},
        lambda d, x: np.cumsum(d[::-1])[::-1],
        {"not reversed": lambda d, x: np.cumsum(d), "reversed once": lambda d, x: np.cumsum(d[::-1])},
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_right(name: str) -> None:
    forward, shapes, backward, _ = PAIRS[name]
    domains = {"y": "nonzero"} if name == "quotient" else {}
    proved(forward, backward, shapes, domains=domains)


WRONG = [(name, bug) for name, (_, _, _, bugs) in PAIRS.items() for bug in bugs]


@pytest.mark.parametrize(("name", "bug"), WRONG, ids=[f"{name}: {bug}" for name, bug in WRONG])
def test_wrong(name: str, bug: str) -> None:
    forward, shapes, _, bugs = PAIRS[name]
    domains = {"y": "nonzero"} if name == "quotient" else {}
    refuted(forward, bugs[bug], shapes, domains=domains)
