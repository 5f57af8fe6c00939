"""Scaled dot-product attention (Vaswani et al. 2017, arXiv 1706.03762, equation 1), with its backward passes."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numeric.softmax import softmax, softmax_vjp

Array = NDArray[Any]
Cache = tuple[Any, ...]


def attention(q: Array, k: Array, v: Array) -> tuple[Array, Cache]:
    """``softmax(q k^T / sqrt(D)) v``: q (T, D), k (S, D), v (S, E) -> (T, E)."""
    p = softmax(q @ k.T / math.sqrt(q.shape[1]))
    return p @ v, (q, k, v, p)


def attention_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """dq (T, D), dk (S, D), dv (S, E) for dout (T, E)."""
    q, k, v, p = cache
    dscores = softmax_vjp(dout @ v.T, p) / math.sqrt(q.shape[1])
    return dscores @ k, dscores.T @ q, p.T @ dout


def causal_attention(q: Array, k: Array, v: Array) -> tuple[Array, Cache]:
    """Attention in which row t sees the rows up to t: q, k (T, D), v (T, E) -> (T, E)."""
    scores = q @ k.T / math.sqrt(q.shape[1])
    scores = np.where(np.tri(len(q), dtype=bool), scores, -np.inf)
    p = softmax(scores)
    return p @ v, (q, k, v, p)


def masked_attention(q: Array, k: Array, v: Array, mask: Array) -> tuple[Array, Cache]:
    """Attention to the positions with mask 1: q (T, D), k (S, D), v (S, E), mask (T, S) of zeros and ones, with a 1 in
    every row -> (T, E)."""
    scores = q @ k.T / math.sqrt(q.shape[1])
    p = softmax(np.where(mask == 1, scores, -np.inf))
    return p @ v, (q, k, v, p)


def multi_head_attention(x: Array, wq: Array, wk: Array, wv: Array, wo: Array, heads: int) -> tuple[Array, Cache]:
    """Self-attention with several heads: x (T, D), wq, wk, wv (D, heads * E), wo (heads * E, D) -> (T, D)."""
    t = x.shape[0]
    e = wq.shape[1] // heads

    def split(a: Array) -> Array:
        return a.reshape(t, heads, e).transpose(1, 0, 2)

    q, k, v = split(x @ wq), split(x @ wk), split(x @ wv)
    p = softmax(np.matmul(q, k.transpose(0, 2, 1)) / math.sqrt(e))
    joined = np.matmul(p, v).transpose(1, 0, 2).reshape(t, heads * e)
    return joined @ wo, (x, wq, wk, wv, wo, heads, q, k, v, p, joined)


def multi_head_attention_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array, Array, Array]:
    """dx (T, D), dwq, dwk, dwv (D, heads * E), dwo (heads * E, D) for dout (T, D)."""
    x, wq, wk, wv, wo, heads, q, k, v, p, joined = cache
    t = x.shape[0]
    e = wq.shape[1] // heads
    djoined = (dout @ wo.T).reshape(t, heads, e).transpose(1, 0, 2)
    dp = np.matmul(djoined, v.transpose(0, 2, 1))
    dscores = softmax_vjp(dp, p) / math.sqrt(e)

    def joint(a: Array) -> Array:
        return a.transpose(1, 0, 2).reshape(t, heads * e)

    dq = joint(np.matmul(dscores, k))
    dk = joint(np.matmul(dscores.transpose(0, 2, 1), q))
    dv = joint(np.matmul(p.transpose(0, 2, 1), djoined))
    dx = dq @ wq.T + dk @ wk.T + dv @ wv.T
    return dx, x.T @ dq, x.T @ dk, x.T @ dv, joined.T @ dout
