"""What is captured computes what NumPy computes: one row a function or idiom, at several sizes."""

# ruff: noqa: E501  (a table: one row a line)
from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from scipy import special

from tests.capture.captured import Function, compare

X = {"x": "N D"}
XY = {"x": "N D", "y": "N D"}
LABELS = {"x": "N C", "y": "N -> C"}
HALVES = {"x": "N 4*H"}
CONCRETE = {"x": "3 4"}


def with_out(x: Any, y: Any) -> Any:
    out = np.empty_like(x)
    np.multiply(x, y, out=out)
    return out


def in_place(x: Any, y: Any) -> Any:
    z = x.copy()
    z += y
    z *= 2
    z -= 1
    z /= 1 + y * y
    return z


def masked_write(x: Any, y: Any) -> Any:
    z = x * y
    z[z < 0] = 0
    z[x > 1] *= 3
    return z


def masked_copy(x: Any, y: Any) -> Any:
    z = np.zeros_like(x)
    mask = x > y
    z[mask] = x[mask] * 2 + 1
    z[~mask] = y[~mask]
    return z


def running_number(x: Any) -> Any:
    data = x.sum()
    loss = data
    loss += (x * x).sum()
    loss *= 2
    return data + loss


def swapped(x: Any) -> Any:
    z = x[0].copy()
    first = z[0]
    z[0] = z[1]
    z[1] = first
    row = x.copy()
    view = row[1]
    row[1] = 5
    return z + view


def diagonal_after_a_write(x: Any) -> Any:
    z = x.copy()
    d = np.diag(z)
    z += 1
    return d + np.diagonal(z) * z.trace()


def flipped(x: Any) -> Any:
    back = x[::-1]
    back = np.exp(back) * back.mean(axis=0) - 2 * back.sum(axis=1, keepdims=True)
    return back[::-1]


def flipped_after_a_write(x: Any) -> Any:
    z = x.copy()
    back = z[:, ::-1]
    z *= 2
    kept = back.copy()
    z += 1
    return back[:, ::-1] + kept[:, ::-1]


def through_transpose(x: Any) -> Any:
    z = x.copy()
    z.T[...] = x.T * 2
    z.T[...] += 1
    return z


def through_reshape(x: Any) -> Any:
    z = (x * 1).reshape(-1)
    z *= 2
    return z.reshape(x.shape)


def through_slices(x: Any) -> Any:
    n, h = x.shape[0], x.shape[1] // 4
    out = np.zeros((n, 4 * h))
    out[:, :h] = x[:, 3 * h :]
    out[:, h : 2 * h] += x[:, -h:] * 2
    out[:, 2 * h :] = x[:, : 2 * h]
    return out


def picked(x: Any, y: Any) -> Any:
    z = x.copy()
    z[np.arange(len(x)), y] -= 1
    return z * z[np.arange(len(x)), y][:, None]


def integer_mask(x: Any, y: Any) -> Any:
    mask = (x > 0).astype(int)
    mask[np.arange(len(x)), y] = -mask.sum(axis=1)
    return mask * x


def one_hot_loop(x: Any, y: Any) -> Any:
    hot = np.zeros_like(x)
    hot[np.arange(x.shape[0]), y] = 1
    return x * hot


def counted(x: Any, y: Any) -> Any:
    sums = np.zeros((x.shape[1],))
    np.add.at(sums, y, 2.0)
    return x + sums


def two_labels(x: Any, y: Any, z: Any) -> Any:
    return x * (y == z)[:, None]


def rolled(x: Any) -> Any:
    return np.roll(x, 1, axis=1) + np.roll(x[0], -1)


def loop(x: Any) -> Any:
    total = 0
    for row in x:
        total = total + row * row[::-1]
    return total


def windowed(x: Any) -> Any:
    return sliding_window_view(x, (2, 2)).sum(axis=(-2, -1))


def fancy(x: Any) -> Any:
    rows, columns = np.array([0, 2, 2]), np.array([1, 3, 0])
    z = x.copy()
    np.add.at(z, (rows, columns), x[rows, columns])
    z[[1, 1]] = x[[0, 2]]
    return z[:, [True, False, True, True]]


def causal(x: Any) -> Any:
    scores = np.where(np.tril(np.ones((len(x), len(x)), dtype=bool)), x @ x.T, -np.inf)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def additive_mask(x: Any) -> Any:
    scores = x @ x.T + np.triu(np.full((len(x), len(x)), -np.inf), k=1)
    e = np.exp(scores / 2)
    return e / e.sum(axis=1, keepdims=True)


def mask_from_ranges(x: Any) -> Any:
    n = len(x)
    ahead = np.arange(n)[:, None] < np.arange(n)[None, :]
    return np.where(ahead, 0, x @ x.T) + np.tri(n, k=-1)


def splitted(x: Any) -> Any:
    a, b, c, d = np.split(x, 4, axis=1)
    e, f = np.hsplit(x, [x.shape[1] // 2])
    return np.concatenate([a * b, c * d], axis=1) + e * f


def stacked(x: Any, y: Any) -> Any:
    return np.stack([x, y], axis=1).reshape(x.shape[0], -1) + np.hstack((y, x))


def nested_list(x: Any, y: Any) -> Any:
    return np.array([[x, y], [y, x]]).sum(axis=0) * np.stack([x, y])


def padded(x: Any) -> Any:
    return np.pad(x, ((1, 0), (0, 0)))[1:] + np.pad(x, ((0, 0), (2, 2)), constant_values=1)[:, 2:-2]


def heads(x: Any) -> Any:
    t, h = x.shape[0], x.shape[1] // 4
    split = x.reshape(t, 4, h).transpose(1, 0, 2)
    return (split @ split.swapaxes(-1, -2) @ split).transpose(1, 0, 2).reshape(t, -1)


def sized(x: Any) -> Any:
    n, d = x.shape
    return x / n + d * x / np.sqrt(d) + x.size / len(x) - x.ndim + (n * d) ** 2 / x.size


def argmax_rows(x: Any) -> Any:
    best = x.argmax(axis=1)
    hot = np.zeros_like(x)
    hot[np.arange(len(x)), best] = 1
    return hot * x + np.max(x, axis=1, keepdims=True)


ROWS: dict[str, tuple[Function, dict[str, str]]] = {
    "arithmetic": (lambda x, y: (x + y) * (x - 2) / (3 + y * y) - 1 / (1 + x**2), XY),
    "reflected": (lambda x: (1 - x) + (2 / (2 + x * x)) + 3 * x + (1 + x), X),
    "unary": (lambda x: -x + +x + abs(x) * np.negative(x) + np.positive(x), X),
    "powers": (lambda x: x**2 + x**3 + (1 + x * x) ** 0.5 + (1 + x * x) ** -1.5 + np.power(2.0, x), X),
    "exponentials": (lambda x: np.exp(x) + np.expm1(x) + np.exp2(x) + np.log1p(x * x) + np.log(1 + x * x), X),
    "logarithms": (lambda x: np.log2(1 + x * x) + np.log10(2 + x * x), X),
    "trigonometry": (lambda x: np.tanh(x) + np.sin(x) * np.cos(x) + np.sinh(x) - np.cosh(x), X),
    "roots": (lambda x: np.sqrt(1 + np.square(x)) + np.reciprocal(1 + x * x), X),
    "logaddexp": (lambda x, y: np.logaddexp(x, y) + np.logaddexp(0, x), XY),
    "kinks": (lambda x, y: np.maximum(x, 0) + np.minimum(x, y) + np.abs(x) + np.sign(y) + np.fmax(x, y), XY),
    "clip": (lambda x: np.clip(x, -0.5, 1) + x.clip(0, None) + np.minimum(np.maximum(x, -1), 1), X),
    "comparisons": (lambda x, y: (x > y) * x + (x <= 0.1) + (x >= y) * 2 - 1.0 * (x < 1) + (x == y) + (x != y), XY),
    "logic": (lambda x, y: ((x > 0) & (y > 0)) * 1 + ((x > 0) | ~(y > 0)) * 2 + ((x > 0) ^ (y > 0)) * 4, XY),
    "boolean sums": (lambda x, y: ((x > 0) + (y > 0)) * 1.0 + ((x > 0) * (y > 0)).astype(float).sum(), XY),
    "relu of relu": (lambda x: (np.maximum(x, 0) > 0) * 3 + (np.maximum(x, 0) >= 0) * 5 + (np.abs(x) > 0), X),
    "where": (lambda x, y: np.where(x > 0, x, np.where(y > 0, y, 1.0)), XY),
    "where of numbers": (lambda x, y: np.where(np.maximum(x, 0), x, y), XY),
    "broadcasting": (lambda x, b, c: (x + b) * c[:, None] + b[None, :] * c[:, np.newaxis], {"x": "N D", "b": "D", "c": "N"}),
    "sums": (lambda x: x.sum() + np.sum(x, axis=0) + np.sum(x, axis=1, keepdims=True) + x.sum(-1)[:, None], X),
    "means": (lambda x: x.mean() + x.mean(0) + np.mean(x, axis=1, keepdims=True) + np.average(x), X),
    "variances": (lambda x: x.var() + x.var(axis=0) + np.std(x + 3 * np.eye(2), axis=1, keepdims=True), {"x": "2 2"}),
    "sample variance": (lambda x: np.var(x, axis=1, ddof=1) + x.std(axis=1, ddof=1), CONCRETE),
    "largest": (lambda x: x - x.max(axis=1, keepdims=True) + np.max(x, axis=0), X),
    "smallest": (lambda x: x.min(axis=1, keepdims=True) + np.amin(x, axis=0), X),
    "largest of several": (lambda x: x.max(axis=0) + np.min(x, axis=1)[:, None] + (x == x.max(axis=0)), CONCRETE),
    "argmax": (argmax_rows, X),
    "argmax of several": (argmax_rows, CONCRETE),
    "products": (lambda x: x.prod(axis=1) + np.prod(x), {"x": "2 3"}),
    "cumsum": (lambda x: np.cumsum(x, axis=0) + x.cumsum(axis=1), X),
    "norms": (lambda x: np.linalg.norm(x + 2) + np.linalg.norm(x + 2, axis=1) + np.linalg.norm(x, ord=1, axis=1), X),
    "counts": (lambda x: np.count_nonzero(x > 0) + np.count_nonzero(x > 0, axis=1), X),
    "matmul": (lambda x, w, v: x @ w @ v + np.matmul(x, w) @ v + np.dot(x @ w, v), {"x": "N D", "w": "D M", "v": "M"}),
    "vectors": (lambda u, v: u @ v + np.dot(u, v) + np.vdot(u, v) + np.inner(u, v), {"u": "D", "v": "D"}),
    "stacks": (lambda x, w: x @ w + np.matmul(x, w.transpose(1, 0).T), {"x": "B N D", "w": "D M"}),
    "stack of vectors": (lambda x, v: x @ v + v @ x.transpose(0, 2, 1), {"x": "B N D", "v": "D"}),
    "outer": (lambda u, v: np.outer(u, v) + u[:, None] * v + np.multiply.outer(u, v), {"u": "N", "v": "D"}),
    "einsum": (lambda x, w: np.einsum("nd,dm->nm", x, w) + np.einsum("nd,dm", x, w).T, {"x": "N D", "w": "D M"}),
    "einsum of one": (lambda x: np.einsum("ij->ji", x) + np.einsum("ij->j", x)[:, None], X),
    "einsum diagonal": (lambda x: np.einsum("ii->i", x) + np.einsum("ii", x) + np.trace(x) + np.diag(x), {"x": "N N"}),
    "einsum ellipsis": (lambda x, w: np.einsum("...d,dm->...m", x, w), {"x": "B N D", "w": "D M"}),
    "tensordot": (lambda x, w: np.tensordot(x, w, axes=1) + np.tensordot(x, w, axes=([1], [0])), {"x": "N D", "w": "D M"}),
    "transposes": (lambda x: x.T.T + x.transpose().swapaxes(0, 1) + np.moveaxis(x, 0, 1).T + np.rollaxis(x, 1).T, X),
    "reshapes": (lambda x: x.reshape(-1).reshape(x.shape) + np.reshape(x.ravel(), (len(x), -1)) + x.flatten()[0], {"x": "1 1"}),
    "flattened": (lambda x: x.reshape(x.shape[0], -1) + x.reshape((len(x), -1)), {"x": "N C H"}),
    "heads": (heads, {"x": "T 4*H"}),
    "axes": (lambda x: x[:, None, :].squeeze(1) + np.expand_dims(x, 0)[0] + np.squeeze(x[..., None], axis=-1), X),
    "atleast": (lambda v: np.atleast_2d(v) + np.atleast_1d(v), {"v": "D"}),
    "slices": (through_slices, HALVES),
    "split": (splitted, HALVES),
    "stack": (stacked, XY),
    "lists": (nested_list, XY),
    "column_stack": (lambda u, v: np.column_stack([u, v]) @ np.vstack([u, v]), {"u": "N", "v": "N"}),
    "append": (lambda x: np.append(x, x, axis=0), X),
    "repeat": (lambda x: np.repeat(x[:, None, :], 3, axis=1).sum(axis=1) + np.tile(x.mean(axis=0, keepdims=True), (x.shape[0], 1)), X),
    "repeat blocks": (lambda x: np.repeat(x, 2, axis=0) + np.tile(x, (2, 1)), CONCRETE),
    "broadcast_to": (lambda v, x: np.broadcast_to(v, x.shape) * x, {"v": "D", "x": "N D"}),
    "roll": (rolled, CONCRETE),
    "flip": (lambda x: x[::-1] + np.flip(x, axis=1) + np.fliplr(x) + np.flipud(x), CONCRETE),
    "flip symbolic": (flipped, X),
    "flip of a view": (flipped_after_a_write, X),
    "cumsum from the end": (lambda x: x[::-1].cumsum(axis=0)[::-1] + np.flip(np.cumsum(np.flip(x, 1), -1), 1), X),
    "cumsum of a row from the end": (lambda v: np.add.accumulate(v[::-1])[::-1] * 2, {"v": "N"}),
    "element of a joined axis": (lambda x, v: np.vstack([v, x, 2 * v])[-1] + np.vstack([v, x])[0], {"x": "N D", "v": "D"}),
    "quarter turns": (lambda x: np.rot90(x) @ x + np.rot90(x, 2)[:3, :3].T @ np.rot90(x, -1).T + np.rot90(x, 4)[0, 0], {"x": "3 3"}),
    "diff": (lambda x: np.diff(x) @ np.diff(x, n=2, axis=0) + np.diff(x, axis=0).sum(), {"x": "3 2"}),
    "select": (lambda x: np.select([x > 1, x > 0, x < -1], [x, 2 * x, 3.0], default=-x), X),
    "piecewise": (lambda x: np.piecewise(x, [x < 0, x > 1], [lambda t: -t, 5.0, lambda t: t * t]), X),
    "heaviside": (lambda x, y: np.heaviside(x, 0.5) * y + np.heaviside(y, x), XY),
    "hypot": (lambda x, y: np.hypot(x, y), XY),
    "joined by r_ and c_": (lambda u, v: np.c_[np.r_[u, 1.0, v], np.r_[2 * u, v[:1], v]], {"u": "N", "v": "2"}),
    "chain of products": (lambda x, y: np.linalg.multi_dot([x, y.T, x]), XY),
    "diagflat": (lambda x: np.diagflat(x), {"x": "N 1"}),
    "logaddexp.reduce": (lambda x: np.logaddexp.reduce(x, axis=1), X),
    "product of a shape": (lambda x: x.reshape(-1, np.prod(x.shape[1:])) / np.prod(x.shape) + x.prod(axis=2), {"x": "N D 1"}),
    "pad": (padded, {"x": "N 3"}),
    "pad symbolic": (lambda x: np.pad(x, 1), X),
    "windows": (windowed, CONCRETE),
    "picked places": (fancy, CONCRETE),
    "loop": (loop, CONCRETE),
    "makers": (lambda x: np.zeros(x.shape) + np.ones_like(x) * 2 + np.full(x.shape, 3.0) + np.full_like(x, 4), X),
    "typed makers": (lambda x: x * np.ones(x.shape, dtype=x.dtype) + np.zeros_like(x, dtype=float), X),
    "eye": (lambda x: np.eye(len(x)) @ x + np.identity(x.shape[0]) @ x + np.diag(x[:, 0]) @ x, {"x": "N 2"}),
    "diag": (lambda x: np.diag(x) - np.outer(x, x), {"x": "N"}),
    "diag is a view": (diagonal_after_a_write, {"x": "N N"}),
    "order F": (lambda x: (x.reshape(-1, order="F") + 2 * x.ravel(order="F") - x.flatten("F") / 2).reshape(x.shape[1], -1), X),
    "lists reduced": (lambda x, y: np.mean([x, y], axis=0) + np.sum([x, 2 * y]) + np.max([x[:, 0], y[:, 0]], axis=0)[:, None], {"x": "N 2", "y": "N 2"}),
    "bytes as masks": (lambda x: x * (x > 0).astype(np.uint8) + np.where((x > 1).astype("int8"), x, 2.0) + ((x > 0).astype(np.uint8) == 1), X),
    "numbers are values": (running_number, X),
    "elements are values": (swapped, CONCRETE),
    "finite": (lambda x: np.nan_to_num(x) * np.isfinite(x) + np.isnan(x) + (2 if np.isinf(x).any() else 3), X),
    "triangles": (lambda x: np.tril(x) + 2 * np.triu(x, k=1), {"x": "N N"}),
    "causal": (causal, X),
    "additive mask": (additive_mask, X),
    "mask from ranges": (mask_from_ranges, X),
    "labels": (lambda x, y: x[np.arange(x.shape[0]), y], LABELS),
    "integer mask": (integer_mask, LABELS),
    "labels by range": (lambda x, y: -x[range(len(y)), y].mean(), LABELS),
    "labels written": (picked, LABELS),
    "one-hot": (one_hot_loop, LABELS),
    "one-hot by eye": (lambda x, y: x - np.eye(x.shape[1])[y], LABELS),
    "one-hot by comparison": (lambda x, y: x * (np.arange(x.shape[1]) == y[:, None]), LABELS),
    "label counts": (counted, LABELS),
    "two labels": (two_labels, {"x": "N D", "y": "N -> C", "z": "N -> C"}),
    "table": (lambda x, y: x[y] + np.take(x, y, axis=0), {"x": "V D", "y": "N -> V"}),
    "table of sequences": (lambda x, y: x[y].sum(axis=1), {"x": "V D", "y": "N T -> V"}),
    "take_along_axis": (lambda x, y: np.take_along_axis(x, y[:, None], axis=1), LABELS),
    "labels reshaped": (lambda x, y: x.reshape(-1, x.shape[-1])[np.arange(y.size), y.reshape(-1)], {"x": "N T C", "y": "N T -> C"}),
    "0/1 mask": (lambda x, m: x * m + (1 - m) * 2 + (m == 1) + np.where(m, x, 0) + m.astype(float), {"x": "N D", "m": "N D -> 2"}),
    "few classes": (lambda x, y: x * y[:, None] + (y > 1)[:, None] + (y == 2)[:, None], {"x": "N D", "y": "N -> 4"}),
    "special": (lambda x: special.erf(x) + special.erfc(x * 2) + special.expit(x) + special.log_expit(x), X),
    "in place": (in_place, XY),
    "out": (with_out, XY),
    "out and where": (lambda x, y: np.divide(x, y, out=np.zeros_like(x), where=y != 0), XY),
    "masked writes": (masked_write, XY),
    "masked copies": (masked_copy, XY),
    "through a transpose": (through_transpose, X),
    "through a reshape": (through_reshape, X),
    "sizes": (sized, X),
    "types": (lambda x: np.asarray(x, dtype=np.float64).astype(x.dtype) + np.array(x).astype("float32"), X),
    "reduce": (lambda x: np.add.reduce(x, axis=1) + np.subtract.outer(x[:, 0], x[:, 0]).sum(axis=1), {"x": "N 2"}),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_what_is_captured_is_what_numpy_computes(name: str) -> None:
    function, shapes = ROWS[name]
    assert compare(function, shapes) > 0
