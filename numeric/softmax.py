"""Softmax, log-softmax and logsumexp over the last axis, with their vector-Jacobian products.

Logits are finite, of shape (..., C) with C >= 1. The largest logit is subtracted first; a difference too large for
the dtype becomes -inf, whose exponential is the right 0.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def _shifted(x: Array) -> tuple[Array, Array]:
    """Logits minus their maximum, and the maximum (..., 1)."""
    x = np.asarray(x)
    if x.ndim == 0 or x.shape[-1] == 0:
        raise ValueError(f"logits must have shape (..., C) with C >= 1, got {x.shape}; give at least one class")
    top = x.max(axis=-1, keepdims=True)
    with np.errstate(over="ignore"):
        return x - top, top


def softmax(x: Array) -> Array:
    """``exp(x_i) / sum_k exp(x_k)``, shape (..., C). Raises ValueError without classes."""
    e = np.exp(_shifted(x)[0])
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(x: Array) -> Array:
    """``x_i - log sum_k exp(x_k)``, shape (..., C). Raises ValueError without classes."""
    shifted, _ = _shifted(x)
    with np.errstate(over="ignore"):
        return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def logsumexp(x: Array) -> Array:
    """``log sum_k exp(x_k)``, shape (...). Raises ValueError without classes."""
    shifted, top = _shifted(x)
    return top[..., 0] + np.log(np.exp(shifted).sum(axis=-1))


def softmax_vjp(dout: Array, p: Array) -> Array:
    """``p_i (dout_i - sum_k dout_k p_k)`` for ``p = softmax(x)``; all shapes (..., C)."""
    return p * (dout - (dout * p).sum(axis=-1, keepdims=True))


def log_softmax_vjp(dout: Array, logp: Array) -> Array:
    """``dout_i - exp(logp_i) sum_k dout_k`` for ``logp = log_softmax(x)``; all shapes (..., C)."""
    return dout - np.exp(logp) * dout.sum(axis=-1, keepdims=True)


def logsumexp_vjp(dout: Array, x: Array) -> Array:
    """``dout softmax(x)``; dout has shape (...), x and the result (..., C)."""
    return np.asarray(dout)[..., None] * softmax(x)
