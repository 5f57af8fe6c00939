"""Small building blocks of networks with their backward passes; labels have no gradient."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Cache = tuple[Any, ...]


def embedding(table: Array, tokens: Array) -> Array:
    """``table[tokens]``: table (V, D), tokens (N,) integers in range(V) -> (N, D)."""
    return table[tokens]


def embedding_backward(dout: Array, table: Array, tokens: Array) -> Array:
    """The rows of dout (N, D) added up by token: (V, D)."""
    dtable = np.zeros_like(table)
    np.add.at(dtable, tokens, dout)
    return dtable


def dropout(x: Array, mask: Array, keep: float) -> Array:
    """Inverted dropout ``x mask / keep`` for a given mask of zeros and ones in the shape of x."""
    return np.where(mask, x / keep, 0)


def dropout_backward(dout: Array, x: Array, mask: Array, keep: float) -> tuple[Array, Array]:
    """dx, and the derivative by keep."""
    return np.where(mask, dout / keep, 0), -np.sum(np.where(mask, dout * x, 0)) / keep**2


def low_rank_adapter(x: Array, w: Array, a: Array, b: Array, scale: float) -> Array:
    """``x w + scale (x a) b``: x (N, D), w (D, M), a (D, R), b (R, M) -> (N, M) (Hu et al. 2021, arXiv 2106.09685)."""
    return x @ w + scale * ((x @ a) @ b)


def low_rank_adapter_backward(
    dout: Array, x: Array, w: Array, a: Array, b: Array, scale: float
) -> tuple[Array, Array, Array, Array, Any]:
    """dx (N, D), dw (D, M), da (D, R), db (R, M) and the derivative by scale."""
    dxa = scale * dout @ b.T
    dscale = np.sum(dout * (x @ a @ b))
    return dout @ w.T + dxa @ a.T, x.T @ dout, x.T @ dxa, scale * (x @ a).T @ dout, dscale


def residual_block(x: Array, w1: Array, b1: Array, w2: Array, b2: Array) -> tuple[Array, Cache]:
    """``x + tanh(x w1 + b1) w2 + b2``: x (N, D), w1 (D, H), b1 (H,), w2 (H, D), b2 (D,) -> (N, D), cache."""
    hidden = np.tanh(x @ w1 + b1)
    return x + hidden @ w2 + b2, (x, w1, w2, hidden)


def residual_block_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array, Array, Array]:
    """dx, dw1, db1, dw2, db2 for dout (N, D)."""
    x, w1, w2, hidden = cache
    da = dout @ w2.T * (1 - hidden**2)
    return dout + da @ w1.T, x.T @ da, da.sum(axis=0), hidden.T @ dout, dout.sum(axis=0)
