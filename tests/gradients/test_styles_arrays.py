"""Layers in the many ways people use arrays: views, joins, masks, einsum, in-place updates, picked elements."""

# ruff: noqa: ARG001, ARG005, B905  (code as people write it)
from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from tests.gradients.styles import TRIED, Style, check

X = {"x": "N D"}
XW = {"x": "N D", "w": "D M"}
V = {"x": "N"}


def cumulative(x: Any) -> Any:
    return np.cumsum(x, axis=1)


def cumulative_backward(dout: Any, x: Any) -> Any:
    return np.flip(np.cumsum(np.flip(dout, axis=1), axis=1), axis=1)


def prefix_sum(x: Any) -> Any:
    return x.cumsum(axis=0)


def prefix_sum_backward(dout: Any, x: Any) -> Any:
    return dout[::-1].cumsum(axis=0)[::-1]


def suffix_sum(x: Any) -> Any:
    return x[:, ::-1].cumsum(axis=-1)[:, ::-1]


def suffix_sum_backward(dout: Any, x: Any) -> Any:
    return np.add.accumulate(dout, axis=-1)


def mirrored_product(x: Any, w: Any) -> Any:
    return x[::-1] * w


def mirrored_product_backward(dout: Any, x: Any, w: Any) -> Any:
    return (dout * w)[::-1], dout * x[::-1]


def bias_trick(x: Any, w: Any, b: Any) -> Any:
    padded = np.hstack([x, np.ones((x.shape[0], 1))])
    return padded @ np.vstack([w, b])


def bias_trick_backward(dout: Any, x: Any, w: Any, b: Any) -> Any:
    padded = np.hstack([x, np.ones((len(x), 1))])
    dtheta = padded.T @ dout
    return dout @ w.T, dtheta[:-1], dtheta[-1]


def stacked_columns(x: Any, w: Any) -> Any:
    return np.c_[x, np.ones(len(x))].dot(w)


def stacked_columns_backward(dout: Any, x: Any, w: Any) -> Any:
    features = np.column_stack((x, np.ones(x.shape[0])))
    return dout.dot(w.T)[:, :-1], features.T.dot(dout)


def gates(a: Any) -> Any:
    i, f, o, g = np.split(a, 4, axis=1)
    return np.tanh(i) * f + o * g


def gates_backward(dout: Any, a: Any) -> Any:
    i, f, o, g = np.hsplit(a, 4)
    t = np.tanh(i)
    return np.hstack((dout * f * (1 - t * t), dout * t, dout * g, dout * o))


def gates_sliced(a: Any) -> Any:
    H = a.shape[1] // 3
    return a[:, :H] * a[:, H : 2 * H] + a[:, 2 * H :]


def gates_sliced_backward(dout: Any, a: Any) -> Any:
    H = a.shape[1] // 3
    da = np.zeros_like(a)
    da[:, :H] = dout * a[:, H : 2 * H]
    da[:, H : 2 * H] = dout * a[:, :H]
    da[:, 2 * H :] = dout
    return da


def flattened(x: Any, w: Any, b: Any) -> Any:
    return x.reshape(x.shape[0], np.prod(x.shape[1:])).dot(w) + b


def flattened_backward(dout: Any, x: Any, w: Any, b: Any) -> Any:
    rows = x.reshape(x.shape[0], -1)
    return dout.dot(w.T).reshape(x.shape), rows.T.dot(dout), dout.sum(axis=0)


def time_distributed(x: Any, w: Any, b: Any) -> Any:
    N, T, D = x.shape
    return (x.reshape(N * T, D) @ w).reshape(N, T, -1) + b


def time_distributed_backward(dout: Any, x: Any, w: Any, b: Any) -> Any:
    N, T, D = x.shape
    flat = dout.reshape(-1, dout.shape[-1])
    return (flat @ w.T).reshape(N, T, D), x.reshape(-1, D).T @ flat, flat.sum(0)


def leading_axes(x: Any, w: Any) -> Any:
    *lead, D = x.shape
    return (x.reshape(-1, D) @ w).reshape(*lead, w.shape[1])


def leading_axes_backward(dout: Any, x: Any, w: Any) -> Any:
    return np.einsum("...m,dm->...d", dout, w), np.tensordot(x, dout, axes=([0, 1], [0, 1]))


def ellipsis_einsum(x: Any, w: Any) -> Any:
    return np.einsum("...d,dm->...m", x, w)


def ellipsis_einsum_backward(dout: Any, x: Any, w: Any) -> Any:
    return np.einsum("...m,dm->...d", dout, w), np.einsum("ntd,ntm->dm", x, dout, optimize=True)


def torch_linear(x: Any, w: Any, b: Any) -> Any:
    return np.matmul(x, w.T) + b[np.newaxis, :]


def torch_linear_backward(dout: Any, x: Any, w: Any, b: Any) -> Any:
    return np.matmul(dout, w), np.matmul(dout.swapaxes(-1, -2), x), np.add.reduce(dout, axis=0)


def vector_linear(x: Any, w: Any) -> Any:
    return np.dot(w, x)


def vector_linear_backward(dout: Any, x: Any, w: Any) -> Any:
    return np.dot(w.T, dout), np.outer(dout, x)


def channels_last(x: Any, gamma: Any) -> Any:
    N, C, H, W = x.shape
    flat = x.transpose(0, 2, 3, 1).reshape(-1, C)
    return (flat * gamma).reshape(N, H, W, C).transpose(0, 3, 1, 2)


def channels_last_backward(dout: Any, x: Any, gamma: Any) -> Any:
    moved = np.moveaxis(dout, 1, -1)
    return np.moveaxis(moved * gamma, -1, 1), (moved * np.moveaxis(x, 1, -1)).sum(axis=(0, 1, 2))


def written_out(x: Any, w: Any) -> Any:
    out = np.empty_like(x)
    np.multiply(x, w, out=out)
    np.add(out, 1, out=out)
    return out


def written_out_backward(dout: Any, x: Any, w: Any) -> Any:
    dx, dw = np.empty(x.shape), np.zeros(w.shape)
    np.multiply(dout, w, out=dx)
    dw += np.sum(dout * x, axis=0)
    return dx, dw


def unit_rows(x: Any) -> Any:
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def unit_rows_backward(dout: Any, x: Any) -> Any:
    r = np.linalg.norm(x, axis=-1, keepdims=True)
    u = x / r
    return (dout - u * np.sum(u * dout, axis=-1, keepdims=True)) / r


def sample_deviation(x: Any) -> Any:
    return np.sqrt(np.var(x, axis=0) + 1e-8)


def sample_deviation_backward(dout: Any, x: Any) -> Any:
    return dout * (x - np.mean(x, 0)) / (x.shape[0] * np.var(x, axis=0) ** 0.5)


def right_deviation_backward(dout: Any, x: Any) -> Any:
    return dout * (x - np.mean(x, 0)) / (x.shape[0] * (np.var(x, axis=0) + 1e-8) ** 0.5)


def unbiased(x: Any) -> Any:
    return x.var(axis=0, ddof=1)


def masked_assignment(x: Any) -> Any:
    out = x.copy()
    out[out < 0] = 0
    return out


def masked_assignment_backward(dout: Any, x: Any) -> Any:
    dx = np.array(dout, copy=True)
    dx[x <= 0] = 0
    return dx


def masked_scale(x: Any) -> Any:
    out = x.copy()
    out[x < 0] *= 0.2
    return out


def masked_scale_backward(dout: Any, x: Any) -> Any:
    slope = np.ones_like(x)
    slope[x < 0] = 0.2
    return dout * slope


def two_sided_sigmoid(x: Any) -> Any:
    out = np.zeros_like(x)
    pos = x >= 0
    neg = ~pos
    out[pos] = 1 / (1 + np.exp(-x[pos]))
    out[neg] = np.exp(x[neg]) / (1 + np.exp(x[neg]))
    return out


def two_sided_sigmoid_backward(dout: Any, x: Any) -> Any:
    s = two_sided_sigmoid(x)
    return dout * s * (1 - s)


def selected(x: Any) -> Any:
    return np.select([x > 1, x < -1], [x - 1, x + 1], default=0.0)


def selected_backward(dout: Any, x: Any) -> Any:
    return dout * np.logical_or(x > 1, x < -1)


def saturating(x: Any) -> Any:
    return np.clip(x, -1.0, 1.0)


def saturating_backward(dout: Any, x: Any) -> Any:
    return dout * (np.abs(x) < 1).astype(dout.dtype)


def heaviside_gate(x: Any) -> Any:
    return x * np.heaviside(x, 0.5)


def heaviside_gate_backward(dout: Any, x: Any) -> Any:
    return dout * np.heaviside(x, 0.5)


def safe_ratio(x: Any, w: Any) -> Any:
    return np.divide(x, w, out=np.zeros_like(x), where=w != 0)


def row_products(x: Any) -> Any:
    return np.prod(x, axis=1)


def row_products_backward(dout: Any, x: Any) -> Any:
    return dout[:, None] * np.prod(x, axis=1, keepdims=True) / x


def lower_triangle(x: Any) -> Any:
    return np.tril(x) @ np.ones(x.shape[1])


def lower_triangle_backward(dout: Any, x: Any) -> Any:
    return np.tril(np.outer(dout, np.ones(x.shape[1])))


def upper_triangle(x: Any) -> Any:
    return np.triu(x, 1) * 2


def upper_triangle_backward(dout: Any, x: Any) -> Any:
    T = x.shape[0]
    return 2 * dout * (np.arange(T)[:, None] < np.arange(T)[None, :])


def tiled(b: Any, x: Any) -> Any:
    return x + np.tile(b, (x.shape[0], 1))


def tiled_backward(dout: Any, b: Any, x: Any) -> Any:
    return dout.sum(axis=0), dout


def upsampled(x: Any) -> Any:
    return x.repeat(2, axis=1)


def upsampled_backward(dout: Any, x: Any) -> Any:
    return dout[:, 0::2] + dout[:, 1::2]


def pooled(x: Any) -> Any:
    N, L = x.shape
    return x.reshape(N, L // 2, 2).mean(axis=2)


def pooled_backward(dout: Any, x: Any) -> Any:
    return np.repeat(dout, 2, axis=1) / 2


def windowed(x: Any, k: Any) -> Any:
    return sliding_window_view(x, 2, axis=1) @ k


def windowed_backward(dout: Any, x: Any, k: Any) -> Any:
    dx = np.zeros_like(x)
    for t in range(dout.shape[1]):
        dx[:, t : t + 2] += dout[:, t, None] * k
    return dx, np.einsum("nt,ntk->k", dout, sliding_window_view(x, 2, axis=1))


def correlated(x: Any, k: Any) -> Any:
    L = len(x) - len(k) + 1
    return np.array([np.sum(x[t : t + len(k)] * k) for t in range(L)])


def correlated_backward(dout: Any, x: Any, k: Any) -> Any:
    padded = np.pad(dout, len(k) - 1)
    flipped = k[::-1]
    dx = np.stack([padded[t : t + len(k)] @ flipped for t in range(len(x))])
    dk = np.stack([x[j : j + len(dout)] @ dout for j in range(len(k))])
    return dx, dk


def heads(x: Any) -> Any:
    return np.stack([np.tanh(x[:, h] * (h + 1)) for h in range(2)], axis=-1)


def heads_backward(dout: Any, x: Any) -> Any:
    return np.concatenate(
        [((h + 1) * dout[:, h] * (1 - np.tanh(x[:, h] * (h + 1)) ** 2))[:, None] for h in range(2)], 1
    )


def split_heads(x: Any, w: Any) -> Any:
    N, D = x.shape
    q = x.reshape(N, 2, D // 2).swapaxes(0, 1)
    return np.matmul(q, w).transpose(1, 0, 2).reshape(N, -1)


def split_heads_backward(dout: Any, x: Any, w: Any) -> Any:
    N, D = x.shape
    d = dout.reshape(N, 2, -1).swapaxes(0, 1)
    q = x.reshape(N, 2, D // 2).swapaxes(0, 1)
    return np.matmul(d, w.swapaxes(1, 2)).transpose(1, 0, 2).reshape(N, D), np.matmul(q.swapaxes(1, 2), d)


def embedding(table: Any, ids: Any) -> Any:
    return table[ids]


def embedding_backward(dout: Any, table: Any, ids: Any) -> Any:
    dtable = np.zeros_like(table)
    np.add.at(dtable, ids, dout)
    return dtable


def embedding_one_hot_backward(dout: Any, table: Any, ids: Any) -> Any:
    return np.eye(table.shape[0])[ids].T @ dout


def picked_along(x: Any, y: Any) -> Any:
    return np.take_along_axis(x, y[:, None], axis=1)


def picked_along_backward(dout: Any, x: Any, y: Any) -> Any:
    dx = np.zeros_like(x)
    np.put_along_axis(dx, y[:, None], dout, axis=1)
    return dx


def single_precision(x: Any, w: Any) -> Any:
    return (x.astype(np.float32) @ w.astype("float32")).astype(np.float64)


def single_precision_backward(dout: Any, x: Any, w: Any) -> Any:
    dout = np.asarray(dout, dtype=np.float32)
    return np.float32(1) * dout @ w.T, x.T @ dout


def squeezed(x: Any, w: Any) -> Any:
    return np.squeeze(x @ w, axis=-1)


def squeezed_backward(dout: Any, x: Any, w: Any) -> Any:
    return np.expand_dims(dout, -1) * w.T, x.T @ dout.reshape(-1, 1)


def inverse_root(x: Any) -> Any:
    return (np.square(x).sum(-1) + 1.0) ** -0.5


def inverse_root_backward(dout: Any, x: Any) -> Any:
    r = (np.square(x).sum(-1) + 1.0)[..., None] ** -0.5
    return -dout[..., None] * x * r**3


def scaled_by_width(q: Any, k: Any) -> Any:
    return q @ k.T / math.sqrt(q.shape[-1])


def scaled_by_width_backward(dout: Any, q: Any, k: Any) -> Any:
    scale = float(q.shape[-1]) ** -0.5
    return scale * dout @ k, scale * dout.T @ q


def folded(x: Any, w: Any) -> Any:
    return functools.reduce(np.add, [np.power(x, p) * w[p] for p in range(3)])


def folded_backward(dout: Any, x: Any, w: Any) -> Any:
    dw = np.array([np.sum(dout * x**p) for p in range(3)])
    return dout * sum(p * w[p] * x ** (p - 1) for p in range(1, 3)), dw


def pairwise_distances(a: Any, b: Any) -> Any:
    return np.square(a[:, None, :] - b[None, :, :]).sum(axis=2)


def pairwise_distances_backward(dout: Any, a: Any, b: Any) -> Any:
    da = 2 * (dout.sum(axis=1)[:, np.newaxis] * a - dout @ b)
    db = 2 * (dout.sum(axis=0)[:, np.newaxis] * b - dout.T @ a)
    return da, db


def expanded_distances(a: Any, b: Any) -> Any:
    return np.sum(a**2, axis=1, keepdims=True) + np.sum(b**2, axis=1) - 2 * np.inner(a, b)


def symmetric_part(a: Any) -> Any:
    return 0.5 * (a + np.transpose(a))


def diagonal_scale(x: Any, s: Any) -> Any:
    return x @ np.diag(s)


def diagonal_scale_backward(dout: Any, x: Any, s: Any) -> Any:
    return dout @ np.diag(s), np.diag(x.T @ dout)


def outer_product(a: Any, b: Any) -> Any:
    return np.multiply.outer(a, b)


def outer_product_backward(dout: Any, a: Any, b: Any) -> Any:
    return dout.dot(b), a.dot(dout)


def averaged(x: Any) -> Any:
    return np.mean(x, axis=tuple(range(1, x.ndim)))


def averaged_backward(dout: Any, x: Any) -> Any:
    count = x.size // x.shape[0]
    return np.broadcast_to(dout[:, None, None] / count, x.shape)


def rolled(x: Any) -> Any:
    return x * np.roll(x, 1, axis=1)


def rolled_backward(dout: Any, x: Any) -> Any:
    return dout * np.roll(x, 1, axis=1) + np.roll(dout * x, -1, axis=1)


def differences(x: Any) -> Any:
    return x[:, 1:] - x[:, :-1]


def differences_backward(dout: Any, x: Any) -> Any:
    dx = np.zeros_like(x)
    dx[:, 1:] += dout
    dx[:, :-1] -= dout
    return dx


def numpy_differences(x: Any) -> Any:
    return np.diff(x, axis=1)


def grid_pick(x: Any) -> Any:
    return x[np.ix_([0, 2], [1, 0])]


def grid_pick_backward(dout: Any, x: Any) -> Any:
    dx = np.zeros_like(x)
    dx[np.ix_([0, 2], [1, 0])] = dout
    return dx


def joined(a: Any, b: Any) -> Any:
    return np.r_[a, b] ** 2


def joined_backward(dout: Any, a: Any, b: Any) -> Any:
    both = 2 * dout * np.concatenate((a, b))
    return both[: len(a)], both[len(a) :]


def padded(x: Any) -> Any:
    return np.pad(x, (1, 1))[1:-1] * x


def softmax_jacobian(x: Any) -> Any:
    e = np.exp(x)
    return e / e.sum()


def softmax_jacobian_backward(dout: Any, x: Any) -> Any:
    s = softmax_jacobian(x).reshape(-1, 1)
    return (np.diagflat(s) - np.dot(s, s.T)) @ dout


def softmax_batched_jacobian_backward(dout: Any, x: Any) -> Any:
    p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    J = p[:, :, None] * (np.eye(x.shape[1])[None] - p[:, None, :])
    return np.einsum("nij,nj->ni", J, dout)


def row_by_row(x: Any) -> Any:
    out = np.zeros_like(x)
    for n in range(x.shape[0]):
        out[n] = np.tanh(x[n])
    return out


def row_by_row_backward(dout: Any, x: Any) -> Any:
    grads = []
    for d, row in zip(dout, x):
        grads.append(d * (1 - np.tanh(row) ** 2))
    return np.vstack(grads)


def log_sum(x: Any) -> Any:
    m = np.amax(x, axis=1, keepdims=True)
    return (m + np.log(np.exp(x - m).sum(axis=1, keepdims=True))).ravel()


def reduced_logaddexp(x: Any) -> Any:
    return np.logaddexp.reduce(x, axis=1)


def log_sum_backward(dout: Any, x: Any) -> Any:
    return dout[:, None] * np.exp(x - log_sum(x)[:, None])


STYLES = {
    "reverse cumsum by np.flip": Style(cumulative, cumulative_backward, X, lambda d, x: np.cumsum(d, axis=1)),
    "reverse cumsum by [::-1]": Style(prefix_sum, prefix_sum_backward, X, lambda d, x: d[::-1].cumsum(axis=0)),
    "cumsum of a reversed array": Style(suffix_sum, suffix_sum_backward, X, lambda d, x: np.add.accumulate(d, axis=0)),
    "reversed rows": Style(
        mirrored_product, mirrored_product_backward, {"x": "N", "w": "N"}, lambda d, x, w: (d * w, d * x[::-1]), TRIED
    ),
    "bias as a column of ones": Style(
        bias_trick, bias_trick_backward, {"x": "N D", "w": "D M", "b": "M"}, lambda d, x, w, b: (d @ w.T, x.T @ d, d[0])
    ),
    "np.c_ with ones": Style(
        stacked_columns,
        stacked_columns_backward,
        {"x": "N 2", "w": "3 M"},
        lambda d, x, w: (d.dot(w.T)[:, 1:], np.c_[x, np.ones(len(x))].T.dot(d)),
    ),
    "np.split and np.hsplit": Style(
        gates, gates_backward, {"a": "N 4*H"}, lambda d, a: np.hstack([d * g for g in np.hsplit(a, 4)])
    ),
    "symbolic slices": Style(
        gates_sliced,
        gates_sliced_backward,
        {"a": "N 3*H"},
        lambda d, a: d.repeat(1, 0) @ np.ones((d.shape[1], a.shape[1])),
    ),
    "np.prod of a shape": Style(
        flattened,
        flattened_backward,
        {"x": "N C H", "w": "C*H 1", "b": "1"},
        lambda d, x, w, b: (d.dot(w.T).reshape(x.shape), x.reshape(len(x), -1).T.dot(d), d.mean(axis=0)),
    ),
    "time into the batch": Style(
        time_distributed,
        time_distributed_backward,
        {"x": "N T D", "w": "D 2", "b": "2"},
        lambda d, x, w, b: (d @ w.T, np.einsum("ntd,ntm->dm", x, d), d.sum(axis=0).mean(0)),
    ),
    "starred shape": Style(
        leading_axes,
        leading_axes_backward,
        {"x": "N T D", "w": "D M"},
        lambda d, x, w: (d @ w.T, np.tensordot(x, d, axes=([0], [0])).sum(axis=(0, 2))),
    ),
    "einsum with an ellipsis": Style(
        ellipsis_einsum, ellipsis_einsum_backward, {"x": "N T D", "w": "D M"}, lambda d, x, w: (d @ w.T, x[0].T @ d[0])
    ),
    "weights as (out, in)": Style(
        torch_linear,
        torch_linear_backward,
        {"x": "N D", "w": "M D", "b": "M"},
        lambda d, x, w, b: (d @ w, (x.T @ d).T, d.sum()),
    ),
    "np.dot with a vector": Style(
        vector_linear, vector_linear_backward, {"x": "D", "w": "M D"}, lambda d, x, w: (np.dot(d, w), np.outer(d, -x))
    ),
    "channels last and back": Style(
        channels_last,
        channels_last_backward,
        {"x": "N C 1 1", "gamma": "C"},
        lambda d, x, g: (d * g[None, :, None, None], (d * x).mean(axis=(0, 2, 3))),
    ),
    "out=": Style(written_out, written_out_backward, {"x": "N D", "w": "D"}, lambda d, x, w: (d * w, (d + x).sum(0))),
    "norm with keepdims": Style(
        unit_rows, unit_rows_backward, X, lambda d, x: d / np.linalg.norm(x, axis=-1, keepdims=True)
    ),
    "np.var and a power": Style(sample_deviation, right_deviation_backward, V, sample_deviation_backward),
    "ddof=1": Style(
        unbiased,
        lambda d, x: 2 * d * (x - x.mean(0)) / (len(x) - 1),
        {"x": "4"},
        lambda d, x: 2 * d * (x - x.mean(0)) / len(x),
    ),
    "zero where negative": Style(masked_assignment, masked_assignment_backward, V, lambda d, x: d * (x < 0)),
    "mask scaled in place": Style(masked_scale, masked_scale_backward, V, lambda d, x: np.where(x < 0, d * 0.5, d)),
    "sigmoid in two halves": Style(
        two_sided_sigmoid, two_sided_sigmoid_backward, V, lambda d, x: d * two_sided_sigmoid(x)
    ),
    "np.select": Style(selected, selected_backward, V, lambda d, x: d * (x > 1)),
    "np.clip and a cast mask": Style(saturating, saturating_backward, V, lambda d, x: d * (np.abs(x) > 1)),
    "np.heaviside": Style(heaviside_gate, heaviside_gate_backward, V, lambda d, x: d * x * np.heaviside(x, 0)),
    "divide with where=": Style(
        safe_ratio,
        lambda d, x, w: (d / w, -d * x / w**2),
        {"x": "N", "w": "N"},
        lambda d, x, w: (d / w, d * x / w**2),
        domains={"w": "nonzero"},
    ),
    "np.prod": Style(
        row_products, row_products_backward, {"x": "N 3"}, lambda d, x: d[:, None] * np.prod(x, axis=1, keepdims=True)
    ),
    "np.tril": Style(
        lower_triangle, lower_triangle_backward, {"x": "T T"}, lambda d, x: np.tril(np.outer(np.ones(len(x)), d))
    ),
    "np.triu and a comparison": Style(
        upper_triangle, upper_triangle_backward, {"x": "T T"}, lambda d, x: 2 * np.triu(d)
    ),
    "np.tile": Style(tiled, tiled_backward, {"b": "D", "x": "N D"}, lambda d, b, x: (d.mean(axis=0), d)),
    "repeat and strides": Style(upsampled, upsampled_backward, {"x": "N 2"}, lambda d, x: d[:, :2] + d[:, 2:]),
    "pooling by reshape": Style(pooled, pooled_backward, {"x": "N 4"}, lambda d, x: np.tile(d, (1, 2)) / 2),
    "sliding windows": Style(
        windowed,
        windowed_backward,
        {"x": "N 3", "k": "2"},
        lambda d, x, k: (windowed_backward(d, x, k[::-1])[0], 0 * k),
    ),
    "convolution by comprehension": Style(
        correlated,
        correlated_backward,
        {"x": "3", "k": "2"},
        lambda d, x, k: (correlated_backward(d, x, k[::-1])[0], correlated_backward(d, x, k)[1]),
        "all real values",
    ),
    "np.stack of heads": Style(heads, heads_backward, {"x": "N 2"}, lambda d, x: d * (1 - heads(x) ** 2)),
    "heads by reshape and swapaxes": Style(
        split_heads,
        split_heads_backward,
        {"x": "N 2*K", "w": "2 K 1"},
        lambda d, x, w: (split_heads_backward(d, x, w[::-1])[0], split_heads_backward(d, x, w)[1]),
    ),
    "embedding by np.add.at": Style(
        embedding,
        embedding_backward,
        {"table": "V D", "ids": "N -> V"},
        lambda d, t, i: embedding_backward(d, t, i) / len(i),
    ),
    "embedding by one-hot product": Style(
        embedding,
        embedding_one_hot_backward,
        {"table": "V D", "ids": "N -> V"},
        lambda d, t, i: np.eye(len(t))[i].T @ d + t,
    ),
    "take_along_axis and put_along_axis": Style(
        picked_along, picked_along_backward, {"x": "N C", "y": "N -> C"}, lambda d, x, y: d * np.ones_like(x)
    ),
    "float32 on the way": Style(
        single_precision, single_precision_backward, XW, lambda d, x, w: (d @ w.T, x.T @ x @ w)
    ),
    "np.squeeze": Style(
        squeezed, squeezed_backward, {"x": "N D", "w": "D 1"}, lambda d, x, w: (d[:, None] * w.T, x.T @ d[:, None] + w)
    ),
    "negative power": Style(
        inverse_root, inverse_root_backward, X, lambda d, x: -d[..., None] * x * inverse_root(x)[:, None]
    ),
    "math.sqrt of a size": Style(
        scaled_by_width, scaled_by_width_backward, {"q": "N D", "k": "T D"}, lambda d, q, k: (d @ k, d.T @ q)
    ),
    "functools.reduce": Style(
        folded, folded_backward, {"x": "N", "w": "3"}, lambda d, x, w: (d * w[1], folded_backward(d, x, w)[1])
    ),
    "broadcast distances": Style(
        pairwise_distances,
        pairwise_distances_backward,
        {"a": "N D", "b": "M D"},
        lambda d, a, b: (*pairwise_distances_backward(d, a, b)[:1], 2 * (b - d.T @ a)),
    ),
    "expanded distances": Style(
        expanded_distances,
        pairwise_distances_backward,
        {"a": "N D", "b": "M D"},
        lambda d, a, b: (2 * (a - d @ b), pairwise_distances_backward(d, a, b)[1]),
    ),
    "square matrix": Style(symmetric_part, lambda d, a: (d + d.T) / 2, {"a": "N N"}, lambda d, a: d),
    "np.diag both ways": Style(
        diagonal_scale, diagonal_scale_backward, {"x": "N D", "s": "D"}, lambda d, x, s: (d * s, np.diag(x.T @ x))
    ),
    "np.multiply.outer": Style(
        outer_product, outer_product_backward, {"a": "N", "b": "M"}, lambda d, a, b: (d.dot(b), d.T.dot(a) + b)
    ),
    "size // length": Style(
        averaged, averaged_backward, {"x": "N H W"}, lambda d, x: d[:, None, None] / x.size + 0 * x
    ),
    "np.roll": Style(rolled, rolled_backward, {"x": "N 3"}, lambda d, x: d * np.roll(x, 1, 1) + np.roll(d * x, 1, 1)),
    "differences by slices": Style(
        differences, differences_backward, {"x": "N 3"}, lambda d, x: -differences_backward(d, x)
    ),
    "np.diff": Style(
        numpy_differences, differences_backward, {"x": "N 3"}, lambda d, x: differences_backward(d, x) / 2
    ),
    "np.ix_": Style(
        grid_pick, grid_pick_backward, {"x": "3 2"}, lambda d, x: grid_pick_backward(d[::-1], x), "all real"
    ),
    "np.r_": Style(
        joined, joined_backward, {"a": "N", "b": "M"}, lambda d, a, b: (2 * d[: len(a)] * a, d[len(a) :] * b)
    ),
    "pad and cut": Style(padded, lambda d, x: 2 * d * x, V, lambda d, x: d * x),
    "diagflat Jacobian": Style(
        softmax_jacobian, softmax_jacobian_backward, {"x": "C"}, lambda d, x: np.diag(softmax_jacobian(x)) @ d
    ),
    "batched Jacobian": Style(
        lambda x: np.exp(x) / np.exp(x).sum(axis=1, keepdims=True),
        softmax_batched_jacobian_backward,
        X,
        lambda d, x: d * np.exp(x) / np.exp(x).sum(axis=1, keepdims=True),
    ),
    "rows in a loop": Style(row_by_row, row_by_row_backward, {"x": "N 1"}, lambda d, x: d * np.tanh(x), TRIED),
    "logsumexp shifted": Style(log_sum, log_sum_backward, X, lambda d, x: d[:, None] * np.exp(x)),
    "np.logaddexp.reduce": Style(
        reduced_logaddexp, log_sum_backward, X, lambda d, x: d[:, None] * np.exp(x - x.max(1, keepdims=True))
    ),
}


@pytest.mark.parametrize("name", STYLES)
def test_a_style_is_followed(name: str) -> None:
    check(STYLES[name], name)
