"""The affine layer."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def affine_forward(x: Array, w: Array, b: Array) -> Array:
    """``x w + b``: x (N, D), w (D, M), b (M,) -> (N, M). Raises ValueError when the shapes do not fit."""
    if x.ndim != 2 or w.ndim != 2 or x.shape[1] != w.shape[0] or b.shape != w.shape[1:]:
        raise ValueError(f"expected x (N, D), w (D, M), b (M,), got {x.shape}, {w.shape}, {b.shape}")
    out: Array = x @ w + b
    return out


def affine_backward(dout: Array, x: Array, w: Array) -> tuple[Array, Array, Array]:
    """``dx = dout w^T``, ``dw = x^T dout``, ``db_m = sum_n dout_nm``; dout (N, M), x (N, D), w (D, M)."""
    return dout @ w.T, x.T @ dout, np.sum(dout, axis=0)
