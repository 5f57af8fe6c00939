"""One step of a recurrent network: forward returns ``(out, cache)``, backward takes ``(dout, cache)``."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numeric.activations import sigmoid

Array = NDArray[Any]
Cache = tuple[Any, ...]


def rnn_step(x: Array, h: Array, wx: Array, wh: Array, b: Array) -> tuple[Array, Cache]:
    """``tanh(x wx + h wh + b)``: x (N, D), h (N, H), wx (D, H), wh (H, H), b (H,) -> (N, H)."""
    out = np.tanh(x @ wx + h @ wh + b)
    return out, (x, h, wx, wh, out)


def rnn_step_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array, Array, Array]:
    """dx, dh, dwx, dwh, db for dout (N, H)."""
    x, h, wx, wh, out = cache
    da = dout * (1 - out**2)
    return da @ wx.T, da @ wh.T, x.T @ da, h.T @ da, da.sum(axis=0)


def lstm_step(x: Array, h: Array, c: Array, wx: Array, wh: Array, b: Array) -> tuple[Array, Array, Cache]:
    """New state and cell: x (N, D), h and c (N, H), wx (D, 4H), wh (H, 4H), b (4H,) -> (N, H), (N, H), cache.

    ``c' = f c + i g``, ``h' = o tanh(c')``; the gates i, f, o, g lie in this order (Gers et al. 2000, section 2).
    """
    hidden = h.shape[1]
    a = x @ wx + h @ wh + b
    i = sigmoid(a[:, :hidden])
    f = sigmoid(a[:, hidden : 2 * hidden])
    o = sigmoid(a[:, 2 * hidden : 3 * hidden])
    g = np.tanh(a[:, 3 * hidden :])
    cell = f * c + i * g
    t = np.tanh(cell)
    return o * t, cell, (x, h, c, wx, wh, i, f, o, g, t)


def lstm_step_backward(dstate: Array, dcell: Array, cache: Cache) -> tuple[Array, Array, Array, Array, Array, Array]:
    """dx, dh, dc, dwx, dwh, db for the gradients by the new state and the new cell, both (N, H)."""
    x, h, c, wx, wh, i, f, o, g, t = cache
    dc = dcell + dstate * o * (1 - t**2)
    da = np.hstack([dc * g * i * (1 - i), dc * c * f * (1 - f), dstate * t * o * (1 - o), dc * i * (1 - g**2)])
    return da @ wx.T, da @ wh.T, dc * f, x.T @ da, h.T @ da, da.sum(axis=0)


def gru_step(x: Array, h: Array, wx: Array, wh: Array, b: Array) -> tuple[Array, Cache]:
    """``(1 - z) n + z h``: x (N, D), h (N, H), wx (D, 3H), wh (H, 3H), b (3H,) -> (N, H).

    ``r, z = sigmoid(x wx + h wh + b)`` on the first two thirds, ``n = tanh(x wx + b + r (h wh))`` on the last
    (Cho et al. 2014, arXiv 1406.1078, section 2.3, with the reset gate after the product).
    """
    hidden = h.shape[1]
    ax = x @ wx + b
    ah = h @ wh
    r = sigmoid(ax[:, :hidden] + ah[:, :hidden])
    z = sigmoid(ax[:, hidden : 2 * hidden] + ah[:, hidden : 2 * hidden])
    n = np.tanh(ax[:, 2 * hidden :] + r * ah[:, 2 * hidden :])
    return (1 - z) * n + z * h, (x, h, wx, wh, r, z, n, ah[:, 2 * hidden :])


def gru_step_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array, Array, Array]:
    """dx, dh, dwx, dwh, db for dout (N, H)."""
    x, h, wx, wh, r, z, n, an = cache
    dn = dout * (1 - z) * (1 - n**2)
    dz = dout * (h - n) * z * (1 - z)
    dr = dn * an * r * (1 - r)
    dax = np.concatenate([dr, dz, dn], axis=1)
    dah = np.concatenate([dr, dz, dn * r], axis=1)
    return dax @ wx.T, dah @ wh.T + dout * z, x.T @ dax, h.T @ dah, dax.sum(axis=0)
