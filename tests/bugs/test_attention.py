"""Attention: scales, transposes and masks lost on the way back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.bugs.zoo import proved, refuted

SHAPES = {"q": "T D", "k": "S D", "v": "S E"}
BUGS = [
    "scale forgotten",
    "scale twice",
    "scale of the keys' number",
    "dk not transposed",
    "dv not transposed",
    "dv of the scores",
    "softmax sum",
    "softmax axis",
    "q and k swapped",
]


def softmax(x: Any) -> Any:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def attention(q: Any, k: Any, v: Any) -> Any:
    return softmax(q @ k.T / np.sqrt(q.shape[1])) @ v


def attention_backward(d: Any, q: Any, k: Any, v: Any, bug: str = "") -> Any:
    scale = 1 / np.sqrt(q.shape[1])
    scores = q @ k.T * scale
    p = softmax(scores)
    dv = (p if bug == "dv not transposed" else scores.T if bug == "dv of the scores" else p.T) @ d
    dp = d @ v.T
    inner = (dp * p).sum(axis=0 if bug == "softmax axis" else 1, keepdims=True)
    ds = p * (dp - (0 if bug == "softmax sum" else inner))
    if bug == "scale of the keys' number":
        scale = 1 / np.sqrt(k.shape[0])
    if bug != "scale forgotten":
        ds = ds * scale
    if bug == "scale twice":
        ds = ds * scale
    if bug == "q and k swapped":
        return ds @ q, ds.T @ k, dv
    return ds @ k, (ds if bug == "dk not transposed" else ds.T) @ q, dv


def test_right() -> None:
    proved(attention, attention_backward, SHAPES)


@pytest.mark.parametrize("bug", BUGS)
def test_wrong(bug: str) -> None:
    refuted(attention, lambda d, q, k, v: attention_backward(d, q, k, v, bug), SHAPES)


def masked(s: Any, m: Any) -> Any:
    """Softmax of scores with an additive mask that is an input."""
    return softmax(s + m)


def test_the_mask_gets_the_gradient_of_the_scores() -> None:
    shapes = {"s": "T S", "m": "T S"}

    def dz(d: Any, s: Any, m: Any) -> Any:
        p = masked(s, m)
        return p * (d - (d * p).sum(axis=-1, keepdims=True))

    proved(masked, lambda d, s, m: (dz(d, s, m), dz(d, s, m)), shapes)
    refuted(masked, lambda d, s, m: (dz(d, s, m), np.zeros_like(m)), shapes)
    refuted(masked, lambda d, s, m: (dz(d, s, 0 * m), dz(d, s, m)), shapes)


def gated(x: Any, w: Any, u: Any) -> Any:
    """A gated linear unit."""
    return (x @ w) * np.tanh(x @ u)


def gated_backward(d: Any, x: Any, w: Any, u: Any, both: int = 1) -> Any:
    a, t = x @ w, np.tanh(x @ u)
    da, dt = d * t, d * a * (1 - t * t)
    return da @ w.T + both * (dt @ u.T), x.T @ da, x.T @ dt


def test_gated_unit() -> None:
    shapes = {"x": "N D", "w": "D H", "u": "D H"}
    proved(gated, gated_backward, shapes)
    refuted(gated, lambda d, x, w, u: gated_backward(d, x, w, u, both=0), shapes)

    def other_factor(d: Any, x: Any, w: Any, u: Any) -> Any:
        dx, _, du = gated_backward(d, x, w, u)
        return dx, x.T @ (d * (x @ w)), du

    refuted(gated, other_factor, shapes)
