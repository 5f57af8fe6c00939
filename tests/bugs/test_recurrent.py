"""Recurrent cells: gates swapped, paths dropped, a shared weight counted for one step only."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.bugs.zoo import proved, refuted


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def cell(x: Any, h: Any, u: Any, w: Any) -> Any:
    return np.tanh(x @ u + h @ w)


def cell_backward(d: Any, x: Any, h: Any, u: Any, w: Any, bug: str = "") -> Any:
    new = cell(x, h, u, w)
    dz = d * (1 - (new if bug == "square" else new**2))
    if bug == "derivative":
        dz = d
    if bug == "old state":
        dz = d * (1 - h**2)
    return dz @ u.T, dz @ w.T, x.T @ dz, (new if bug == "new state" else h).T @ dz


def test_cell() -> None:
    shapes = {"x": "N D", "h": "N H", "u": "D H", "w": "H H"}
    proved(cell, cell_backward, shapes)
    for bug in ("square", "derivative", "old state", "new state"):
        refuted(cell, lambda d, x, h, u, w, bug=bug: cell_backward(d, x, h, u, w, bug), shapes)


def two_steps(x: Any, y: Any, w: Any) -> Any:
    return np.tanh(y + np.tanh(x) @ w) @ w


def two_steps_backward(d: Any, x: Any, y: Any, w: Any, bug: str = "") -> Any:
    first = np.tanh(x)
    second = np.tanh(y + first @ w)
    dz = (d @ w.T) * (1 - second**2)
    dw = second.T @ d + (0 if bug == "last step only" else first.T @ dz)
    dx = (dz @ w.T) * (1 - first**2)
    return (0 * dx if bug == "truncated" else dx), dz, (2 * dw if bug == "twice" else dw)


def test_a_weight_shared_over_steps() -> None:
    shapes = {"x": "N H", "y": "N H", "w": "H H"}
    proved(two_steps, two_steps_backward, shapes)
    for bug in ("last step only", "truncated", "twice"):
        refuted(two_steps, lambda d, x, y, w, bug=bug: two_steps_backward(d, x, y, w, bug), shapes)


LSTM = {"a": "N 4*H", "c": "N H"}


def lstm(a: Any, c: Any) -> Any:
    """The gates of a long short-term memory, from their pre-activations."""
    H = c.shape[1]
    i, f, o = sigmoid(a[:, :H]), sigmoid(a[:, H : 2 * H]), sigmoid(a[:, 2 * H : 3 * H])
    g = np.tanh(a[:, 3 * H :])
    new = f * c + i * g
    return o * np.tanh(new), (c, i, f, o, g, new)


def lstm_backward(d: Any, cache: Any, bug: str = "") -> Any:
    c, i, f, o, g, new = cache
    t = np.tanh(new)
    dnew = d * o * (1 if bug == "tanh" else 1 - t**2)
    do = d * (new if bug == "output of the cell" else t)
    parts = [dnew * g * i * (1 - i), dnew * c * f * (1 - f), do * o * (1 - o), dnew * i * (1 - g**2)]
    if bug == "gates swapped":
        parts[0], parts[1] = parts[1], parts[0]
    if bug == "candidate by the sigmoid rule":
        parts[3] = dnew * i * g * (1 - g)
    if bug == "forget gate times the new state":
        parts[1] = dnew * new * f * (1 - f)
    return np.concatenate(parts, axis=1), dnew * (i if bug == "input for forget" else f)


def test_lstm_right() -> None:
    proved(lstm, lstm_backward, LSTM)


@pytest.mark.parametrize(
    "bug",
    [
        "tanh",
        "output of the cell",
        "gates swapped",
        "candidate by the sigmoid rule",
        "forget gate times the new state",
        "input for forget",
    ],
)
def test_lstm_wrong(bug: str) -> None:
    refuted(lstm, lambda d, cache: lstm_backward(d, cache, bug), LSTM)


GRU = {"h": "N H", "z": "N H", "r": "N H", "x": "N H", "w": "H H"}


def gru(h: Any, z: Any, r: Any, x: Any, w: Any) -> Any:
    return (1 - z) * np.tanh(x + (r * h) @ w) + z * h


def gru_backward(d: Any, h: Any, z: Any, r: Any, x: Any, w: Any, bug: str = "") -> Any:
    n = np.tanh(x + (r * h) @ w)
    da = d * (z if bug == "gate for its complement" else 1 - z) * (1 - n * n)
    drh = da @ (w if bug == "transpose" else w.T)
    dh = d * z + (0 if bug == "reset path" else drh * r)
    dz = d * (n - h if bug == "sign" else h - n)
    dw = (h if bug == "reset gate" else r * h).T @ da
    return dh, dz, drh * h, da, dw


def test_gru_right() -> None:
    proved(gru, gru_backward, GRU)


@pytest.mark.parametrize("bug", ["gate for its complement", "transpose", "reset path", "sign", "reset gate"])
def test_gru_wrong(bug: str) -> None:
    refuted(gru, lambda d, h, z, r, x, w: gru_backward(d, h, z, r, x, w, bug), GRU)
