"""Normalising layers: forward returns ``(out, cache)``, backward takes ``(dout, cache)``. At least one row."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Cache = tuple[Any, ...]


def layer_norm(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> tuple[Array, Cache]:
    """``gamma (x - mean) / sqrt(var + eps) + beta`` over the last axis: x (N, D), gamma and beta (D,).

    Ba et al. 2016, arXiv 1607.06450, equation 4.
    """
    centred = x - x.mean(axis=-1, keepdims=True)
    inverse = 1 / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + eps)
    normal = centred * inverse
    return gamma * normal + beta, (normal, inverse, gamma)


def layer_norm_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """dx (N, D), dgamma, dbeta (D,): ``dx = inverse (g - mean(g) - normal mean(g normal))``, ``g = gamma dout``."""
    normal, inverse, gamma = cache
    g = dout * gamma
    shift = g.mean(axis=-1, keepdims=True) + normal * (g * normal).mean(axis=-1, keepdims=True)
    return inverse * (g - shift), (dout * normal).sum(axis=0), dout.sum(axis=0)


def rms_norm(x: Array, gamma: Array, eps: float = 1e-6) -> tuple[Array, Cache]:
    """``gamma x / sqrt(mean(x^2) + eps)`` over the last axis: x (N, D), gamma (D,).

    Zhang and Sennrich 2019, arXiv 1910.07467, equation 4.
    """
    inverse = 1 / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + eps)
    return gamma * x * inverse, (x, inverse, gamma)


def rms_norm_backward(dout: Array, cache: Cache) -> tuple[Array, Array]:
    """dx (N, D), dgamma (D,): ``dx = r g - r^3 x mean(g x)`` for ``g = gamma dout``, r the inverse root."""
    x, inverse, gamma = cache
    g = dout * gamma
    dx = inverse * g - inverse**3 * x * np.mean(g * x, axis=-1, keepdims=True)
    return dx, (dout * x * inverse).sum(axis=0)


def group_norm(x: Array, gamma: Array, beta: Array, groups: int, eps: float = 1e-5) -> tuple[Array, Cache]:
    """Normalisation over the channels of a group: x (N, groups * D), gamma and beta (groups * D,).

    Wu and He 2018, arXiv 1803.08494, equations 1 to 3.
    """
    n, channels = x.shape
    parts = x.reshape(n, groups, channels // groups)
    mean = parts.mean(axis=2, keepdims=True)
    inverse = 1 / np.sqrt(parts.var(axis=2, keepdims=True) + eps)
    normal = ((parts - mean) * inverse).reshape(n, channels)
    return gamma * normal + beta, (normal, inverse, gamma, groups)


def group_norm_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """dx (N, groups * D), dgamma, dbeta (groups * D,): in every group as for `layer_norm_backward`."""
    normal, inverse, gamma, groups = cache
    n, channels = dout.shape
    g = (dout * gamma).reshape(n, groups, channels // groups)
    z = normal.reshape(n, groups, channels // groups)
    dx = inverse * (g - g.mean(axis=2, keepdims=True) - z * (g * z).mean(axis=2, keepdims=True))
    return dx.reshape(n, channels), (dout * normal).sum(axis=0), dout.sum(axis=0)


def batch_norm(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> tuple[Array, Cache]:
    """``gamma (x - mean) / sqrt(var + eps) + beta`` over the rows: x (N, D), gamma and beta (D,).

    Ioffe and Szegedy 2015, arXiv 1502.03167, algorithm 1.
    """
    centred = x - x.mean(axis=0)
    inverse = 1 / np.sqrt(x.var(axis=0) + eps)
    normal = centred * inverse
    return gamma * normal + beta, (normal, inverse, centred, gamma)


def batch_norm_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """dx (N, D), dgamma, dbeta (D,): ``dx = inverse/N (N g - sum g - normal sum(g normal))``, ``g = gamma dout``."""
    normal, inverse, _, gamma = cache
    n = dout.shape[0]
    dgamma = np.sum(dout * normal, axis=0)
    dbeta = np.sum(dout, axis=0)
    dx = gamma * inverse / n * (n * dout - dbeta - normal * dgamma)
    return dx, dgamma, dbeta


def batch_norm_staged_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """The same gradients, one node of the computational graph after the other."""
    normal, inverse, centred, gamma = cache
    n, d = dout.shape
    dbeta = dout.sum(axis=0)
    dgamma = (dout * normal).sum(axis=0)
    dnormal = dout * gamma
    dinverse = (dnormal * centred).sum(axis=0)
    dcentred = dnormal * inverse
    dsqrt = -(inverse**2) * dinverse
    dvar = 0.5 * inverse * dsqrt
    dsquare = np.ones((n, d), dtype=dout.dtype) * dvar / n
    dcentred = dcentred + 2 * centred * dsquare
    dmean = -dcentred.sum(axis=0)
    return dcentred + np.ones((n, d), dtype=dout.dtype) * dmean / n, dgamma, dbeta
