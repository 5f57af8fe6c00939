"""Bilinear and quadratic forms, similarities and kernels, with their backward passes ``(dout, *inputs)``."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def bilinear(x: Array, w: Array, y: Array) -> Array:
    """``x_n^T w y_n``: x (N, D), w (D, E), y (N, E) -> (N,)."""
    return np.einsum("nd,de,ne->n", x, w, y)


def bilinear_backward(dout: Array, x: Array, w: Array, y: Array) -> tuple[Array, Array, Array]:
    """dx (N, D), dw (D, E), dy (N, E) for dout (N,)."""
    g = dout[:, None]
    return g * (y @ w.T), x.T @ (g * y), g * (x @ w)


def quadratic(x: Array, a: Array) -> Array:
    """``x_n^T a x_n``: x (N, D), a (D, D), not necessarily symmetric -> (N,)."""
    return np.sum(x @ a * x, axis=1)


def quadratic_backward(dout: Array, x: Array, a: Array) -> tuple[Array, Array]:
    """``dx = dout (a + a^T) x``, ``da = sum_n dout_n x_n x_n^T``."""
    return dout[:, None] * (x @ (a + a.T)), (x * dout[:, None]).T @ x


def cosine_similarity(x: Array, y: Array) -> Array:
    """``x_n . y_n / (|x_n| |y_n|)``: x, y (N, D), no row zero -> (N,)."""
    return np.sum(x * y, axis=1) / (np.linalg.norm(x, axis=1) * np.linalg.norm(y, axis=1))


def cosine_similarity_backward(dout: Array, x: Array, y: Array) -> tuple[Array, Array]:
    """``dx = dout (y / (|x| |y|) - c x / |x|^2)`` for the similarity c, and the same with x and y exchanged."""
    nx = np.sqrt(np.sum(x**2, axis=1, keepdims=True))
    ny = np.sqrt(np.sum(y**2, axis=1, keepdims=True))
    c = np.sum(x * y, axis=1, keepdims=True) / (nx * ny)
    g = dout[:, None]
    return g * (y / (nx * ny) - c * x / nx**2), g * (x / (nx * ny) - c * y / ny**2)


def squared_distances(x: Array, y: Array) -> Array:
    """``|x_n - y_m|^2``: x (N, D), y (M, D) -> (N, M)."""
    return (x**2).sum(axis=1)[:, None] - 2 * x @ y.T + (y**2).sum(axis=1)


def squared_distances_backward(dout: Array, x: Array, y: Array) -> tuple[Array, Array]:
    """``dx_n = 2 sum_m dout_nm (x_n - y_m)``, ``dy_m = 2 sum_n dout_nm (y_m - x_n)``."""
    dx = 2 * (dout.sum(axis=1, keepdims=True) * x - dout @ y)
    dy = 2 * (dout.sum(axis=0)[:, None] * y - dout.T @ x)
    return dx, dy


def rbf_kernel(x: Array, y: Array, gamma: float) -> Array:
    """``exp(-gamma |x_n - y_m|^2)``: x (N, D), y (M, D) -> (N, M)."""
    difference = x[:, None, :] - y[None, :, :]
    return np.exp(-gamma * (difference**2).sum(axis=-1))


def rbf_kernel_backward(dout: Array, x: Array, y: Array, gamma: float) -> tuple[Array, Array, Any]:
    """dx (N, D), dy (M, D) and the derivative by gamma."""
    difference = x[:, None, :] - y[None, :, :]
    square = (difference**2).sum(axis=-1)
    g = dout * np.exp(-gamma * square)
    weighted = 2 * gamma * g[:, :, None] * difference
    return -weighted.sum(axis=1), weighted.sum(axis=0), -(g * square).sum()
