"""Losses with their gradient in the many ways people write them: labels, one-hot arrays, means and regularisers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import numpy as np
import pytest

from tests.gradients.styles import LossStyle, check_loss

SCORES = {"x": "N C", "y": "N -> C"}


def in_place(x: Any, y: Any) -> Any:
    N = x.shape[0]
    p = np.exp(x - x.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(N), y]).sum() / N
    p[range(N), y] -= 1
    p /= N
    return loss, p


def one_hot_rows(x: Any, y: Any) -> Any:
    e = np.exp(x)
    p = e / e.sum(1)[:, None]
    t = np.zeros_like(x)
    t[np.arange(len(y)), y] = 1.0
    return -np.sum(t * np.log(p)) / len(x), (p - t) / len(x)


def one_hot_eye(x: Any, y: Any) -> Any:
    t = np.eye(x.shape[1])[y]
    logp = x - np.log(np.exp(x).sum(axis=-1, keepdims=True))
    return -np.mean(np.sum(t * logp, axis=-1)), (np.exp(logp) - t) / y.shape[0]


def one_hot_comparison(x: Any, y: Any) -> Any:
    t = (y.reshape(-1, 1) == np.arange(x.shape[1])).astype(float)
    p = np.exp(x) / np.exp(x).sum(axis=1).reshape(-1, 1)
    return {"loss": -(t * np.log(p)).sum(), "grad": p - t}


def from_dict(x: Any, y: Any) -> Any:
    found = one_hot_comparison(x, y)
    return found["loss"], found["grad"]


def hinge(x: Any, y: Any) -> Any:
    rows = np.arange(x.shape[0])
    margins = np.maximum(0, x - x[rows, y][:, np.newaxis] + 1.0)
    margins[rows, y] = 0
    loss = margins.sum() / len(x)
    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    dx[rows, y] -= np.sum(margins > 0, axis=1)
    return loss, dx / len(x)


def hinge_wrong(x: Any, y: Any) -> Any:
    loss, _ = hinge(x, y)
    return loss, (x - x[np.arange(len(x)), y][:, None] + 1 > 0) / len(x)


def ridge(w: Any, X: Any, y: Any, reg: Any) -> Any:
    r = X.dot(w) - y
    loss = 0.5 * np.dot(r, r) / len(y) + 0.5 * reg * w.dot(w)
    return loss, X.T.dot(r) / len(y) + reg * w


def ridge_without_bias(w: Any, X: Any, y: Any) -> Any:
    r = np.c_[X, np.ones(X.shape[0])] @ w - y
    grad = np.r_[X.T @ r, r.sum()]
    return (r @ r) / 2, grad


def logistic(w: Any, X: Any, y: Any) -> Any:
    z = (X @ w) * y
    return np.log1p(np.exp(-z)).mean(), -(X.T @ (y / (1 + np.exp(z)))) / X.shape[0]


def logaddexp_logistic(w: Any, X: Any, y: Any) -> Any:
    z = X @ w
    s = 1 / (1 + np.exp(-z))
    return np.sum(np.logaddexp(0, z) - y * z), (s - y) @ X


def perplexity(x: Any, y: Any) -> Any:
    p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    nll = -np.log(np.take_along_axis(p, y[:, None], axis=1)).mean()
    dp = p.copy()
    np.put_along_axis(dp, y[:, None], np.take_along_axis(p, y[:, None], axis=1) - 1, axis=1)
    return np.exp(nll), np.exp(nll) * dp / len(y)


def sparse_sum(x: Any, y: Any) -> Any:
    dx = np.zeros(x.shape)
    np.add.at(dx, (np.arange(len(y)), y), -1.0)
    return -x[np.arange(len(y)), y].sum(), dx


def weighted_mse(p: Any, t: Any, w: Any) -> Any:
    d = p - t
    return np.average(d**2, weights=w), 2 * w * d / np.sum(w)


def absolute(p: Any, t: Any) -> Any:
    return np.abs(p - t).mean(), np.sign(p - t) / p.size


def log_cosh(p: Any, t: Any) -> Any:
    return np.log(np.cosh(p - t)).sum(), np.tanh(p - t)


def cosine_loss(a: Any, b: Any) -> Any:
    na, nb = np.sqrt(a @ a), np.sqrt(b @ b)
    c = (a @ b) / (na * nb)
    return 1 - c, (c * a / na**2 - b / (na * nb), c * b / nb**2 - a / (na * nb))


def gradient_by_name(w: Any, b: Any, x: Any) -> Any:
    z = x @ w + b
    return 0.5 * np.sum(z * z), {"w": x.T @ z, "b": z.sum()}


def penalised(base: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(base)
    def loss(w: Any, *data: Any) -> Any:
        value, grad = base(w, *data)
        return value + 0.05 * np.linalg.norm(w) ** 2, grad + 0.1 * w

    return loss


penalised_logistic = penalised(logaddexp_logistic)


def early_return(w: Any, reg: Any, grad: bool = True) -> Any:
    loss = reg * (w**2).sum()
    if not grad:
        return loss
    return loss, 2 * reg * w


def scaled(loss: Callable[..., Any], factor: float = 2.0, which: int = 0) -> Callable[..., Any]:
    """The loss with one of its gradients too large."""

    def wrong(*inputs: Any) -> Any:
        value, grad = loss(*inputs)
        if isinstance(grad, Mapping):
            first = next_key(grad)
            return value, {**grad, first: factor * grad[first]}
        if isinstance(grad, tuple):
            return value, tuple(factor * g if k == which else g for k, g in enumerate(grad))
        return value, factor * grad

    return wrong


def next_key(given: Mapping[str, Any]) -> str:
    return [*given][0]  # noqa: RUF015  (next() is what the code under test may not use)


REGRESSION = {"w": "D", "X": "N D", "y": "N"}
STYLES = {
    "in place by labels": LossStyle(
        in_place, SCORES, ("x",), lambda x, y: (in_place(x, y)[0], in_place(x, y)[1] * len(x))
    ),
    "rows set to one": LossStyle(one_hot_rows, SCORES, ("x",), lambda x, y: (one_hot_rows(x, y)[0], np.exp(x) - 1)),
    "rows of the unit matrix": LossStyle(one_hot_eye, SCORES, ("x",), scaled(one_hot_eye, -1.0)),
    "labels compared": LossStyle(from_dict, SCORES, ("x",), scaled(from_dict, 0.5)),
    "hinge by masks": LossStyle(hinge, SCORES, ("x",), hinge_wrong),
    "ridge": LossStyle(
        ridge,
        {**REGRESSION, "reg": ""},
        ("w",),
        lambda w, X, y, reg: (ridge(w, X, y, reg)[0], ridge(w, X, y, 2 * reg)[1]),
    ),
    "np.c_ and np.r_": LossStyle(
        ridge_without_bias, {"w": "3", "X": "N 2", "y": "N"}, ("w",), scaled(ridge_without_bias)
    ),
    "labels of plus and minus one": LossStyle(logistic, REGRESSION, ("w",), scaled(logistic, -1.0)),
    "np.logaddexp": LossStyle(logaddexp_logistic, REGRESSION, ("w",), scaled(logaddexp_logistic)),
    "take and put along": LossStyle(perplexity, SCORES, ("x",), lambda x, y: (perplexity(x, y)[0], in_place(x, y)[1])),
    "np.add.at by pairs": LossStyle(sparse_sum, SCORES, ("x",), scaled(sparse_sum)),
    "np.average": LossStyle(
        weighted_mse,
        {"p": "N", "t": "N", "w": "N"},
        ("p",),
        lambda p, t, w: (weighted_mse(p, t, w)[0], 2 * w * (p - t) / p.size),
    ),
    "np.sign": LossStyle(absolute, {"p": "N", "t": "N"}, ("p",), scaled(absolute, -1.0)),
    "np.cosh": LossStyle(log_cosh, {"p": "N", "t": "N"}, ("p",), lambda p, t: (log_cosh(p, t)[0], p - t)),
    "two gradients": LossStyle(cosine_loss, {"a": "D", "b": "D"}, ("a", "b"), scaled(cosine_loss, -1.0, which=1)),
    "gradients by name": LossStyle(
        gradient_by_name, {"w": "D", "b": "", "x": "N D"}, ("w", "b"), scaled(gradient_by_name)
    ),
    "decorated with a penalty": LossStyle(penalised_logistic, REGRESSION, ("w",), scaled(penalised_logistic, 1.5)),
    "early return": LossStyle(early_return, {"w": "D", "reg": ""}, ("w",), scaled(early_return, 0.5)),
}


@pytest.mark.parametrize("name", STYLES)
def test_a_style_is_followed(name: str) -> None:
    check_loss(STYLES[name], name)
