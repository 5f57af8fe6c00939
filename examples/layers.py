"""Layers as people write them, each backward pass registered for ``gradproof check examples/layers.py``.

Three are right; the one of log-softmax is not.
"""

import numpy as np

from proofs import vjp_of


def affine(x, w, b):
    return x @ w + b, (x, w)


@vjp_of(affine, shapes={"x": "N D", "w": "D M", "b": "M"})
def affine_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@vjp_of(softmax, shapes={"x": "N C"})
def softmax_backward(dout, x):
    p = softmax(x)
    return p * (dout - (dout * p).sum(axis=-1, keepdims=True))


def layer_norm(x, gamma, beta, eps=1e-5):
    centred = x - x.mean(axis=1, keepdims=True)
    scale = 1 / np.sqrt(x.var(axis=1, keepdims=True) + eps)
    return gamma * centred * scale + beta, (centred * scale, scale, gamma)


@vjp_of(layer_norm, shapes={"x": "N D", "gamma": "D", "beta": "D"})
def layer_norm_backward(dout, cache):
    normed, scale, gamma = cache
    dnormed = dout * gamma
    dx = dnormed - dnormed.mean(axis=1, keepdims=True) - normed * (dnormed * normed).mean(axis=1, keepdims=True)
    return dx * scale, (dout * normed).sum(axis=0), dout.sum(axis=0)


def log_softmax(x):
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


@vjp_of(log_softmax, shapes={"x": "N C"})
def log_softmax_backward(dout, x):
    return dout - softmax(x) * dout


def squared_error(w, x, t):
    error = x @ w - t
    return (error**2).mean(), 2 / len(x) * (x.T @ error)
