"""Affine layers and products of matrices: transposes, sums over the wrong axis, weights used more than once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.bugs.zoo import proved, refuted

SHAPES = {"x": "N D", "w": "D M", "b": "M"}


def affine(x: Any, w: Any, b: Any) -> Any:
    return x @ w + b, (x, w)


RIGHT = {
    "as in the books": lambda dout, cache: (dout @ cache[1].T, cache[0].T @ dout, dout.sum(axis=0)),
    "einsum": lambda dout, cache: (
        np.einsum("nm,dm->nd", dout, cache[1]),
        np.einsum("nd,nm->dm", cache[0], dout),
        np.einsum("nm->m", dout),
    ),
    "ones times": lambda dout, cache: (
        np.dot(dout, cache[1].T),
        np.dot(dout.T, cache[0]).T,
        np.ones(dout.shape[0]) @ dout,
    ),
    "outer products": lambda dout, cache: (
        (dout[:, None, :] * cache[1]).sum(axis=2),
        (cache[0][:, :, None] * dout[:, None, :]).sum(axis=0),
        dout.sum(0),
    ),
}
WRONG = {
    "w not transposed": lambda dout, cache: (dout @ cache[1], cache[0].T @ dout, dout.sum(axis=0)),
    "dw transposed": lambda dout, cache: (dout @ cache[1].T, dout.T @ cache[0], dout.sum(axis=0)),
    "bias summed over features": lambda dout, cache: (dout @ cache[1].T, cache[0].T @ dout, dout.sum(axis=1)),
    "bias averaged": lambda dout, cache: (dout @ cache[1].T, cache[0].T @ dout, dout.mean(axis=0)),
    "dw averaged": lambda dout, cache: (dout @ cache[1].T, cache[0].T @ dout / dout.shape[0], dout.sum(axis=0)),
    "bias of the first row": lambda dout, cache: (dout @ cache[1].T, cache[0].T @ dout, dout[:1].sum(axis=0)),
    "sign": lambda dout, cache: (-dout @ cache[1].T, cache[0].T @ dout, dout.sum(axis=0)),
    "dout forgotten": lambda dout, cache: (
        np.ones_like(dout) @ cache[1].T,
        cache[0].T @ np.ones_like(dout),
        np.ones_like(dout).sum(axis=0),
    ),
    "bias twice": lambda dout, cache: (dout @ cache[1].T, cache[0].T @ dout, 2 * dout.sum(axis=0)),
}


@pytest.mark.parametrize("backward", RIGHT.values(), ids=RIGHT)
def test_right(backward: Callable[..., Any]) -> None:
    assert proved(affine, backward, SHAPES).scope.text == "all N, D, M >= 1"


@pytest.mark.parametrize("backward", WRONG.values(), ids=WRONG)
def test_wrong(backward: Callable[..., Any]) -> None:
    refuted(affine, backward, SHAPES)


def tied(x: Any, w: Any) -> Any:
    """Encodes and decodes with one matrix."""
    return np.tanh(x @ w) @ w.T


def tied_backward(dout: Any, x: Any, w: Any, encoder: int = 1, decoder: int = 1) -> Any:
    h = np.tanh(x @ w)
    dz = (dout @ w) * (1 - h**2)
    return dz @ w.T, encoder * (x.T @ dz) + decoder * (dout.T @ h)


def test_a_weight_used_twice_is_counted_twice() -> None:
    shapes = {"x": "N D", "w": "D H"}
    proved(tied, tied_backward, shapes)
    refuted(tied, lambda dout, x, w: tied_backward(dout, x, w, encoder=0), shapes)
    refuted(tied, lambda dout, x, w: tied_backward(dout, x, w, decoder=0), shapes)
    refuted(tied, lambda dout, x, w: tied_backward(dout, x, w, encoder=2, decoder=2), shapes)


def quadratic(x: Any, a: Any) -> Any:
    return np.sum((x @ a) * x, axis=1)


def test_quadratic_form() -> None:
    shapes = {"x": "N D", "a": "D D"}
    proved(quadratic, lambda d, x, a: (d[:, None] * (x @ (a + a.T)), x.T @ (d[:, None] * x)), shapes)
    refuted(quadratic, lambda d, x, a: (2 * d[:, None] * (x @ a), x.T @ (d[:, None] * x)), shapes)
    refuted(quadratic, lambda d, x, a: (d[:, None] * (x @ a), x.T @ (d[:, None] * x)), shapes)


def bilinear(x: Any, w: Any, y: Any) -> Any:
    return np.einsum("nd,de,ne->n", x, w, y)


def test_bilinear_form() -> None:
    shapes = {"x": "N D", "w": "D E", "y": "N E"}

    def right(d: Any, x: Any, w: Any, y: Any) -> Any:
        return d[:, None] * (y @ w.T), np.einsum("n,nd,ne->de", d, x, y), d[:, None] * (x @ w)

    def inputs_swapped(d: Any, x: Any, w: Any, y: Any) -> Any:
        return d[:, None] * (x @ w), np.einsum("n,nd,ne->de", d, x, y), d[:, None] * (y @ w.T)

    def batch_forgotten(d: Any, x: Any, w: Any, y: Any) -> Any:
        return d[:, None] * (y @ w.T), np.outer(d @ x, d @ y), d[:, None] * (x @ w)

    proved(bilinear, right, shapes)
    refuted(bilinear, inputs_swapped, shapes)
    refuted(bilinear, batch_forgotten, shapes)


def adapter(x: Any, w: Any, a: Any, b: Any, alpha: Any) -> Any:
    """A frozen matrix plus a low-rank one."""
    return x @ w + alpha / a.shape[1] * (x @ a @ b)


def adapter_backward(d: Any, x: Any, w: Any, a: Any, b: Any, alpha: Any) -> Any:
    s = alpha / a.shape[1]
    inner = np.sum(d * (x @ a @ b)) / a.shape[1]
    return d @ w.T + s * (d @ b.T @ a.T), x.T @ d, s * (x.T @ (d @ b.T)), s * ((x @ a).T @ d), inner


def test_low_rank_adapter() -> None:
    shapes = {"x": "N D", "w": "D M", "a": "D R", "b": "R M", "alpha": ""}
    proved(adapter, adapter_backward, shapes)

    def scale_forgotten(d: Any, x: Any, w: Any, a: Any, b: Any, alpha: Any) -> Any:
        dx, dw, da, _, dalpha = adapter_backward(d, x, w, a, b, alpha)
        return dx, dw, da, (x @ a).T @ d, dalpha

    def only_the_frozen_path(d: Any, x: Any, w: Any, a: Any, b: Any, alpha: Any) -> Any:
        return d @ w.T, *adapter_backward(d, x, w, a, b, alpha)[1:]

    refuted(adapter, scale_forgotten, shapes)
    refuted(adapter, only_the_frozen_path, shapes)
