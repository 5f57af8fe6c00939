"""Convolution and pooling of images (N, C, H, W): through loops over the window, or over windows as a view."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[Any]
Cache = tuple[Any, ...]


def conv1d(x: Array, w: Array) -> Array:
    """``out_i = sum_k x_{i+k} w_k``: x (T,), w (K,) -> (T - K + 1,)."""
    return sliding_window_view(x, w.shape[0]) @ w


def conv1d_backward(dout: Array, x: Array, w: Array) -> tuple[Array, Array]:
    """``dx_j = sum_k dout_{j-k} w_k``, ``dw_k = sum_i dout_i x_{i+k}``."""
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for k in range(w.shape[0]):
        dx[k : k + dout.shape[0]] += dout * w[k]
        dw[k] = np.sum(dout * x[k : k + dout.shape[0]])
    return dx, dw


def conv2d(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> tuple[Array, Cache]:
    """Cross-correlation: x (N, C, H, W), w (F, C, K, L), b (F,) -> (N, F, H', W').

    ``H' = (H + 2 pad - K)/stride + 1``, and W' likewise.
    """
    n, _, height, width = x.shape
    f, _, k, m = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows, columns = (height + 2 * pad - k) // stride + 1, (width + 2 * pad - m) // stride + 1
    out = np.zeros((n, f, rows, columns), dtype=x.dtype)
    for i in range(rows):
        for j in range(columns):
            window = padded[:, :, i * stride : i * stride + k, j * stride : j * stride + m]
            out[:, :, i, j] = np.tensordot(window, w, axes=([1, 2, 3], [1, 2, 3])) + b
    return out, (padded, w, stride, pad)


def conv2d_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """dx (N, C, H, W), dw (F, C, K, L), db (F,) for dout (N, F, H', W')."""
    padded, w, stride, pad = cache
    _, _, k, m = w.shape
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            at = (slice(None), slice(None), slice(i * stride, i * stride + k), slice(j * stride, j * stride + m))
            dw += np.einsum("nf,nckl->fckl", dout[:, :, i, j], padded[at])
            dpadded[at] += np.einsum("nf,fckl->nckl", dout[:, :, i, j], w)
    height, width = padded.shape[2] - 2 * pad, padded.shape[3] - 2 * pad
    return dpadded[:, :, pad : pad + height, pad : pad + width], dw, dout.sum(axis=(0, 2, 3))


def max_pool(x: Array, size: int = 2) -> Array:
    """The largest value of every size x size window: x (N, C, H, W) -> (N, C, H/size, W/size)."""
    n, c, height, width = x.shape
    return x.reshape(n, c, height // size, size, width // size, size).max(axis=(3, 5))


def max_pool_backward(dout: Array, x: Array, size: int = 2) -> Array:
    """dout where the window has its largest value, shared equally at a tie, else 0."""
    n, c, height, width = x.shape
    windows = x.reshape(n, c, height // size, size, width // size, size)
    mask = windows == windows.max(axis=(3, 5), keepdims=True)
    ties = mask.sum(axis=(3, 5), keepdims=True, dtype=x.dtype)
    return (mask * dout[:, :, :, None, :, None] / ties).reshape(n, c, height, width)


def average_pool(x: Array, size: int = 2) -> Array:
    """The mean of every size x size window: x (N, C, H, W) -> (N, C, H/size, W/size)."""
    n, c, height, width = x.shape
    out = np.zeros((n, c, height // size, width // size), dtype=x.dtype)
    for i in range(height // size):
        for j in range(width // size):
            out[:, :, i, j] = x[:, :, i * size : (i + 1) * size, j * size : (j + 1) * size].mean(axis=(2, 3))
    return out


def average_pool_backward(dout: Array, size: int = 2) -> Array:
    """dout / size^2, spread over the window."""
    return np.repeat(np.repeat(dout, size, axis=2), size, axis=3) / size**2
