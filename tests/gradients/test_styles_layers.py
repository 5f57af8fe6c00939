"""Layers in the many ways people organise them: caches, objects, closures, helpers, loops over time."""

# ruff: noqa: ARG005, C408, RUF059  (code as people write it)
from __future__ import annotations

from collections import OrderedDict, namedtuple
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pytest
from numpy import tanh as squash
from numpy.typing import NDArray

from tests.gradients.styles import Style, check

X = {"x": "N D"}
XW = {"x": "N D", "w": "D M"}
AFFINE = {"x": "N D", "w": "D M", "b": "M"}
EPS = 1e-5
Array: TypeAlias = NDArray[np.float64]


# A tuple, a dict, nested caches.


def affine(x: Any, w: Any, b: Any) -> Any:
    return x.dot(w) + b, (x, w, b)


def affine_backward(dout: Any, cache: Any) -> Any:
    x, w, _ = cache
    return dout.dot(w.T), x.T.dot(dout), np.sum(dout, axis=0)


def dict_cached(x: Any, w: Any) -> Any:
    cache: dict[str, Any] = {}
    cache["z"] = x @ w
    cache["a"] = np.tanh(cache["z"])
    cache.update(x=x, w=w)
    return cache["a"], cache


def dict_cached_backward(da: Any, cache: Any) -> Any:
    dz = da * (1 - np.power(cache["a"], 2))
    grads = {"dx": dz @ cache["w"].T}
    grads["dw"] = cache["x"].T @ dz
    return grads


def deep(x: Any, w1: Any, w2: Any) -> Any:
    a, caches = x, []
    for layer, w in enumerate([w1, w2]):
        previous, z = a, a @ w
        a = np.tanh(z) if layer == 0 else z
        caches.append(((previous, w), a))
    return a, caches


def deep_backward(dout: Any, caches: Any) -> Any:
    grads = OrderedDict()
    for layer in reversed(range(len(caches))):
        (previous, w), a = caches[layer]
        dz = dout * (1 - a**2) if layer == 0 else dout
        grads[f"w{layer + 1}"] = previous.T @ dz
        dout = dz @ w.T
    grads["x"] = dout
    return dict(grads)


@dataclass
class Saved:
    x: Array
    scale: float = 2.0
    notes: list[str] = field(default_factory=list)


def dataclass_cached(x: Array) -> tuple[Array, Saved]:
    """Scaled square."""
    out: Array = 2.0 * x * x
    return out, Saved(x=x)


def dataclass_cached_backward(dout: Array, saved: Saved) -> Array:
    saved.notes.append("backward")
    return saved.scale * 2 * dout * saved.x


Cache = namedtuple("Cache", "x r")


class Sums(NamedTuple):
    total: Any
    count: Any


def namedtuple_cached(x: Any) -> Any:
    r = 1 / np.sqrt((x**2).mean(-1, keepdims=True) + EPS)
    return x * r, Cache(x, r)


def namedtuple_cached_backward(dout: Any, cache: Any) -> Any:
    s = Sums((dout * cache.x).sum(-1, keepdims=True), cache.x.shape[-1])
    return cache.r * dout - cache.r**3 * cache.x * s.total / s.count


# Objects.


class Module:
    def __init__(self) -> None:
        self.training = True

    def __call__(self, *inputs: Any) -> Any:
        return self.forward(*inputs)

    def forward(self, *inputs: Any) -> Any:
        raise NotImplementedError


class LeakyReLU(Module):
    def __init__(self, slope: float = 0.1) -> None:
        super().__init__()
        self.slope = slope
        self.mask = None

    def forward(self, x: Any) -> Any:
        self.mask = x > 0
        return np.where(self.mask, x, self.slope * x)

    def backward(self, dout: Any) -> Any:
        return np.where(self.mask, dout, self.slope * dout)

    def wrong(self, dout: Any) -> Any:
        return self.mask * dout


class Softmax(Module):
    """Keeps its output, not its input."""

    out: Any = None

    def _normalised(self, e: Any) -> Any:
        return e / e.sum(axis=1, keepdims=True)

    def forward(self, x: Any) -> Any:
        self.out = self._normalised(np.exp(x - np.max(x, axis=1, keepdims=True)))
        return self.out

    def backward(self, dout: Any) -> Any:
        dx = self.out * dout
        dx -= self.out * np.sum(dx, axis=1, keepdims=True)
        return dx

    def wrong(self, dout: Any) -> Any:
        return self.out * (1 - self.out) * dout


class Dense:
    def __init__(self, w: Any, b: Any) -> None:
        self.params = {"w": w, "b": b}
        self.dw, self.db = np.zeros_like(w), np.zeros_like(b)

    def forward(self, x: Any) -> Any:
        self.x = x
        return self.x @ self.params["w"] + self.params["b"]

    def backward(self, dout: Any) -> Any:
        self.dw += self.x.T @ dout
        self.db += dout.sum(axis=0)
        return dout @ self.params["w"].T


def dense(x: Any, w: Any, b: Any) -> Any:
    layer = Dense(w, b)
    return layer.forward(x), layer


def dense_backward(dout: Any, layer: Any) -> Any:
    dx = layer.backward(dout)
    return dx, layer.dw, layer.db


def dense_wrong(dout: Any, layer: Any) -> Any:
    layer.backward(dout)
    return layer.backward(dout), layer.dw, layer.db


class Sequential:
    def __init__(self, *layers: Any) -> None:
        self.layers = list(layers)

    def forward(self, x: Any) -> Any:
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, dout: Any) -> Any:
        for layer in self.layers[::-1]:
            dout = layer.backward(dout)
        return dout


def sequence(x: Any, w: Any, b: Any) -> Any:
    net = Sequential(Dense(w, b), LeakyReLU(slope=0.5))
    return net.forward(x), net


def sequence_backward(dout: Any, net: Any) -> Any:
    dx = net.backward(dout)
    first, *_ = net.layers
    return dx, first.dw, first.db


class MatMul:
    """Its gradients are arrays made once and filled."""

    def __init__(self, w: Any) -> None:
        self.params, self.grads = [w], [np.zeros_like(w)]
        self.x = None

    def forward(self, x: Any) -> Any:
        (w,) = self.params
        self.x = x
        return np.dot(x, w)

    def backward(self, dout: Any = 1) -> Any:
        (w,) = self.params
        self.grads[0][...] = np.dot(self.x.T, dout)
        return np.dot(dout, w.T)


def matmul(x: Any, w: Any) -> Any:
    layer = MatMul(w)
    return layer.forward(x), layer


def matmul_backward(dout: Any, layer: Any) -> Any:
    return layer.backward(dout), *layer.grads


class Tanh:
    __slots__ = ("y",)

    def forward(self, x: Any) -> Any:
        self.y = np.tanh(x)
        return self.y

    def backward(self, dout: Any = 1) -> Any:
        return dout * (1 - np.square(self.y))

    def wrong(self, dout: Any = 1) -> Any:
        return 1 - np.square(self.y) + 0 * dout


def tied_pooling(x: Any) -> Any:
    rows = x.reshape(len(x), x.shape[1] // 2, 2)
    out = rows.max(axis=2)
    return out, (x, rows, out)


def tied_pooling_backward(dout: Any, cache: Any) -> Any:
    x, rows, out = cache
    mask = rows == out[:, :, None]
    spread, _ = np.broadcast_arrays(dout[:, :, None], rows)
    drows = np.zeros_like(rows)
    drows[mask] = spread[mask]
    drows /= np.sum(mask, axis=2, keepdims=True)
    return drows.reshape(x.shape)


class Ops:
    @staticmethod
    def square(x: Any) -> Any:
        return np.square(x)

    @classmethod
    def square_grad(cls, dout: Any, x: Any, factor: float = 2.0) -> Any:
        return factor * cls.times(dout, x)

    @staticmethod
    def times(a: Any, b: Any) -> Any:
        return Ops.plain(np.multiply, a, b)

    @staticmethod
    def plain(operation: Any, *arrays: Any) -> Any:
        return operation(*arrays)


class Context:
    saved: Any = None


def save_for_backward(ctx: Any, *arrays: Any) -> None:
    ctx.saved = arrays


def with_context(x: Any, w: Any) -> Any:
    ctx = Context()
    save_for_backward(ctx, x, w)
    return np.einsum("ni,io->no", x, w), ctx


def with_context_backward(grad_output: Any, ctx: Any) -> Any:
    x, w = ctx.saved
    return np.einsum("no,io->ni", grad_output, w), np.einsum("ni,no->io", x, grad_output)


class Value:
    """A number or array that knows how to pass its gradient on."""

    def __init__(self, data: Any, parents: Any = (), pull: Any = None) -> None:
        self.data, self.parents, self.pull, self.grad = data, parents, pull, 0.0

    def __mul__(self, other: Any) -> Any:
        return Value(self.data * other.data, (self, other), lambda g: (g * other.data, g * self.data))

    def __add__(self, other: Any) -> Any:
        return Value(self.data + other.data, (self, other), lambda g: (g, g))

    def tanh(self) -> Any:
        t = np.tanh(self.data)
        return Value(t, (self,), lambda g: (g * (1 - t * t),))

    def backward(self, g: Any) -> None:
        self.grad = self.grad + g
        if self.pull is not None:
            for parent, part in zip(self.parents, self.pull(g), strict=True):
                parent.backward(part)


def graph(x: Any, y: Any) -> Any:
    a, b = Value(x), Value(y)
    out = (a * b + a).tanh()
    return out.data, (out, a, b)


def graph_backward(dout: Any, cache: Any) -> Any:
    out, a, b = cache
    out.backward(dout)
    return a.grad, b.grad


# Closures, decorators, partial application.


def pullback(x: Any, w: Any) -> Any:
    z = np.exp(x @ w)

    def back(g: Any) -> Any:
        dz = g * z
        return dz @ w.T, x.T @ dz

    return z, back


def use_pullback(dout: Any, back: Any) -> Any:
    return back(dout)


def logged(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def inner(*args: Any, **options: Any) -> Any:
        print(function.__name__, *args)
        return function(*args, **options)

    return inner


@logged
def cube(x: Any) -> Any:
    return x**3


@logged
def cube_backward(dout: Any, x: Any) -> Any:
    return 3 * x**2 * dout


def powered(x: Any, p: int = 2) -> Any:
    return x**p


def powered_backward(dout: Any, x: Any, p: int = 2) -> Any:
    return p * dout * x ** (p - 1)


ACTIVATIONS = (
    lambda z: 1 / (1 + np.exp(-z)),
    lambda a: a * (1 - a),
)


def from_a_table(z: Any) -> Any:
    return ACTIVATIONS[0](z)


def from_a_table_backward(dout: Any, z: Any) -> Any:
    forward, derivative = ACTIVATIONS
    return dout * derivative(forward(z))


def chosen_by_name(z: Any, kind: str = "tanh") -> Any:
    match kind:
        case "tanh":
            return squash(z)
        case "linear":
            return z
        case _:
            raise ValueError(kind)


def chosen_by_name_backward(dout: Any, z: Any) -> Any:
    return dout * (1 - (a := chosen_by_name(z, kind="tanh")) * a)


def composed(*functions: Any) -> Any:
    def run(x: Any) -> Any:
        for f in functions:
            x = f(x)
        return x

    return run


twice = composed(np.sin, lambda x: 2 * x)


def checked(x: Any, w: Any) -> Any:
    assert x.ndim == w.ndim == 2, "matrices"
    assert x.shape[1] == w.shape[0], f"{x.shape} {w.shape}"
    assert isinstance(x, np.ndarray)
    assert np.isfinite(x).all()
    if np.any(np.isnan(w)) or w.shape[1] < 1:
        raise ValueError("no columns, or no numbers")
    return x @ w


def checked_backward(dout: Any, x: Any, w: Any) -> Any:
    dx, dw = dout @ w.T, x.T @ dout
    assert dx.shape == x.shape
    assert dw.shape == w.shape
    return dx, dw


def variadic(*arrays: Any) -> Any:
    first, *rest = arrays
    for other in rest:
        first = first * other
    return first


def variadic_backward(dout: Any, *arrays: Any) -> Any:
    whole = dout
    for a in arrays:
        whole = whole * a
    return tuple(whole / a for a in arrays)


# Recurrent nets.


def rnn(x: Any, h0: Any, wx: Any, wh: Any) -> Any:
    xs, hs = {}, {-1: h0}
    for t in range(x.shape[1]):
        xs[t] = x[:, t]
        hs[t] = np.tanh(xs[t] @ wx + hs[t - 1] @ wh)
    T = len(xs)
    return np.stack([hs[t] for t in range(T)], axis=1), (xs, hs, wx, wh)


def rnn_backward(dout: Any, cache: Any, carry: float = 1.0) -> Any:
    xs, hs, wx, wh = cache
    dwx, dwh, dhnext = np.zeros_like(wx), np.zeros_like(wh), np.zeros_like(hs[-1])
    dxs = []
    for t in reversed(range(dout.shape[1])):
        dh = dout[:, t] + carry * dhnext
        draw = dh * (1 - hs[t] * hs[t])
        dwx += xs[t].T @ draw
        dwh += hs[t - 1].T @ draw
        dxs.insert(0, draw @ wx.T)
        dhnext = draw @ wh.T
    return np.stack(dxs, axis=1), dhnext, dwx, dwh


def column_rnn_step(x: Any, h: Any, wxh: Any, whh: Any, bh: Any) -> Any:
    return np.tanh(np.dot(wxh, x) + np.dot(whh, h) + bh)


def column_rnn_step_backward(dh: Any, x: Any, h: Any, wxh: Any, whh: Any, bh: Any) -> Any:
    dhraw = (1 - column_rnn_step(x, h, wxh, whh, bh) ** 2) * dh
    return np.dot(wxh.T, dhraw), np.dot(whh.T, dhraw), np.dot(dhraw, x.T), np.dot(dhraw, h.T), dhraw


def gated_step(z: Any, c: Any) -> Any:
    f, i, g = (gate(part) for gate, part in zip((squash, np.sin, squash), np.split(z, 3, axis=-1), strict=True))
    out = f * c + i * g
    return out, {"gates": (f, i, g), "c": c, "z": z}


def gated_step_backward(dout: Any, cache: Any) -> Any:
    f, i, g = cache["gates"]
    H = cache["c"].shape[-1]
    dz = np.empty_like(cache["z"])
    dz[..., :H] = dout * cache["c"] * (1 - f**2)
    dz[..., H : 2 * H] = dout * g * np.cos(cache["z"][..., H : 2 * H])
    dz[..., 2 * H :] = dout * i * (1 - g**2)
    return dz, dout * f


def gated_step_wrong(dout: Any, cache: Any) -> Any:
    dz, dc = gated_step_backward(dout, cache)
    return np.roll(dz, 1, axis=0) * 0 + np.concatenate(np.split(dz, 3, axis=-1)[::-1], axis=-1), dc


# Normalisation and attention.


def batchnorm(x: Any, gamma: Any, beta: Any, eps: float = EPS) -> Any:
    mu = x.mean(axis=0)
    xc = x - mu
    std = np.sqrt(np.mean(xc**2, axis=0) + eps)
    xn = xc / std
    return gamma * xn + beta, (xc, xn, std, gamma)


def batchnorm_backward(dout: Any, cache: Any) -> Any:
    xc, xn, std, gamma = cache
    n = dout.shape[0]
    dxn = gamma * dout
    dxc = dxn / std
    dstd = -np.sum((dxn * xc) / (std * std), axis=0)
    dvar = 0.5 * dstd / std
    dxc += (2.0 / n) * xc * dvar
    dmu = np.sum(dxc, axis=0)
    return dxc - dmu / n, np.sum(xn * dout, axis=0), dout.sum(axis=0)


def batchnorm_wrong(dout: Any, cache: Any) -> Any:
    xc, xn, std, gamma = cache
    return gamma * dout / std, np.sum(xn * dout, axis=0), dout.sum(axis=0)


def layernorm_rows(x: Any, g: Any) -> Any:
    B, T, C = x.shape
    m = x.sum(-1, keepdims=True) / C
    v = ((x - m) ** 2).sum(-1, keepdims=True) / C
    rstd = (v + EPS) ** -0.5
    return (x - m) * rstd * g, (x, g, m, rstd)


def layernorm_rows_backward(dout: Any, cache: Any) -> Any:
    x, g, mean, rstd = cache
    norm = (x - mean) * rstd
    dnorm = dout * g
    dx = dnorm - dnorm.mean(-1, keepdims=True) - norm * (dnorm * norm).mean(-1, keepdims=True)
    dx *= rstd
    return dx, (dout * norm).sum(axis=(0, 1))


def layernorm_rows_wrong(dout: Any, cache: Any) -> Any:
    x, g, mean, rstd = cache
    dx, _ = layernorm_rows_backward(dout, cache)
    return dx, (dout * (x - mean)).sum(axis=(0, 1))


def attention(q: Any, k: Any, v: Any) -> Any:
    scores = q @ k.swapaxes(-2, -1) / np.sqrt(k.shape[-1])
    weights = np.exp(scores)
    weights /= weights.sum(axis=-1, keepdims=True)
    return weights @ v, dict(q=q, k=k, v=v, p=weights)


def attention_backward(dout: Any, c: Any) -> Any:
    q, k, v, p = (c[name] for name in "qkvp")
    dp = dout @ v.T
    ds = p * (dp - (dp * p).sum(-1, keepdims=True)) / np.sqrt(k.shape[-1])
    return ds @ k, ds.T @ q, p.T @ dout


def attention_wrong(dout: Any, c: Any) -> Any:
    dq, dk, dv = attention_backward(dout, c)
    return dq * np.sqrt(c["k"].shape[-1]), dk, dv


def dropout(x: Any, mask: Any, keep: float = 0.8) -> Any:
    return x * mask / keep


def residual(x: Any, w: Any) -> Any:
    skip = x
    x = x @ w
    x += skip
    return x


def low_rank(x: Any, w: Any, a: Any, b: Any) -> Any:
    return x @ w + 0.5 * (x @ a) @ b


def low_rank_backward(dout: Any, x: Any, w: Any, a: Any, b: Any) -> Any:
    da = 0.5 * np.linalg.multi_dot([x.T, dout, b.T])
    return dout @ (w + 0.5 * a @ b).T, x.T @ dout, da, 0.5 * (x @ a).T @ dout


def two_outputs(x: Any, w: Any) -> Any:
    return x * w, x + w, (x, w)


def two_outputs_backward(da: Any, db: Any, cache: Any) -> Any:
    x, w = cache
    return da * w + db, da * x + db


relu, softmax, tanh = LeakyReLU(), Softmax(), Tanh()

STYLES = {
    "tuple": Style(affine, affine_backward, AFFINE, lambda d, c: (d.dot(c[1].T), c[0].T.dot(d), np.mean(d, axis=0))),
    "dict": Style(
        dict_cached,
        dict_cached_backward,
        XW,
        lambda d, c: {"dx": d @ c["w"].T, "dw": c["x"].T @ (d * (1 - c["a"] ** 2))},
    ),
    "list of layers": Style(
        deep, deep_backward, {"x": "N D", "w1": "D H", "w2": "H C"}, lambda d, c: deep_backward(2 * d, c)
    ),
    "dataclass": Style(dataclass_cached, dataclass_cached_backward, X, lambda d, s: s.scale * d * s.x),
    "namedtuple": Style(namedtuple_cached, namedtuple_cached_backward, X, lambda d, c: c.r * d),
    "methods of one object": Style(relu.forward, relu.backward, X, relu.wrong),
    "called object": Style(softmax.__call__, softmax.backward, X, softmax.wrong),
    "object with parameters": Style(dense, dense_backward, AFFINE, dense_wrong),
    "object of objects": Style(
        sequence,
        sequence_backward,
        {"x": "N D", "w": "D 1", "b": "1"},
        lambda d, net: (d @ net.layers[0].params["w"].T, *sequence_backward(d, net)[1:]),
    ),
    "gradients filled in": Style(matmul, matmul_backward, XW, lambda d, m: (m.backward(d), m.grads[0] * 2)),
    "slots and a default dout": Style(tanh.forward, tanh.backward, X, tanh.wrong),
    "ties shared": Style(tied_pooling, tied_pooling_backward, {"x": "N 2"}, lambda d, c: np.repeat(d, 2, axis=1)),
    "static methods": Style(Ops.square, Ops.square_grad, X, lambda d, x: Ops.square_grad(d, x, factor=1.0)),
    "context": Style(with_context, with_context_backward, XW, lambda d, c: (d @ c.saved[1].T, -c.saved[0].T @ d)),
    "graph of values": Style(
        graph, graph_backward, {"x": "N", "y": "N"}, lambda d, c: (graph_backward(d, c)[0], d * c[1].data)
    ),
    "pullback": Style(pullback, use_pullback, XW, lambda d, back: (*back(d)[:1], 2 * back(d)[1])),
    "decorated": Style(cube, cube_backward, X, lambda d, x: cube_backward(d, x) / 3),
    "functools.partial": Style(
        partial(powered, p=4), partial(powered_backward, p=4), X, partial(powered_backward, p=3)
    ),
    "table of lambdas": Style(from_a_table, from_a_table_backward, {"z": "N"}, lambda d, z: d * ACTIVATIONS[1](z)),
    "match on a name": Style(chosen_by_name, chosen_by_name_backward, {"z": "N"}, lambda d, z: d * (1 - z * z)),
    "composition": Style(twice, lambda d, x: 2 * d * np.cos(x), X, lambda d, x: d * np.cos(x)),
    "assertions": Style(checked, checked_backward, XW, lambda d, x, w: (d @ w.T, (d.T @ x).T * 2)),
    "variadic": Style(
        variadic,
        variadic_backward,
        {"a": "N", "b": "N", "c": "N"},
        lambda d, *a: (d * a[1], d * a[0], d),
        domains={"a": "nonzero", "b": "nonzero", "c": "nonzero"},
    ),
    "dicts over time": Style(
        rnn, rnn_backward, {"x": "N 2 D", "h0": "N 1", "wx": "D 1", "wh": "1 1"}, partial(rnn_backward, carry=0.0)
    ),
    "column vectors": Style(
        column_rnn_step,
        column_rnn_step_backward,
        {"x": "D 1", "h": "H 1", "wxh": "H D", "whh": "H H", "bh": "H 1"},
        lambda d, *args: (*column_rnn_step_backward(d, *args)[:4], d),
    ),
    "generator over gates": Style(gated_step, gated_step_backward, {"z": "N 3*H", "c": "N H"}, gated_step_wrong),
    "batch norm in steps": Style(
        batchnorm, batchnorm_backward, {"x": "N 1", "gamma": "1", "beta": "1"}, batchnorm_wrong
    ),
    "layer norm by rows": Style(
        layernorm_rows, layernorm_rows_backward, {"x": "B 1 C", "g": "C"}, layernorm_rows_wrong
    ),
    "attention with a dict": Style(
        attention, attention_backward, {"q": "N D", "k": "T D", "v": "T 1"}, attention_wrong
    ),
    "mask given": Style(
        dropout,
        lambda d, x, m: (d * m / 0.8, d * x / 0.8),
        {"x": "N D", "mask": "N D"},
        lambda d, x, m: (d * m, d * x / 0.8),
    ),
    "residual in place": Style(
        residual, lambda d, x, w: (d @ w.T + d, x.T @ d), {"x": "N D", "w": "D D"}, lambda d, x, w: (d @ w.T, x.T @ d)
    ),
    "adapter": Style(
        low_rank,
        low_rank_backward,
        {"x": "N D", "w": "D M", "a": "D R", "b": "R M"},
        lambda d, x, w, a, b: (d @ w.T, *low_rank_backward(d, x, w, a, b)[1:]),
    ),
    "two outputs": Style(
        two_outputs, two_outputs_backward, {"x": "N", "w": "N"}, lambda da, db, c: (da * c[1], da * c[0] + db)
    ),
}


@pytest.mark.parametrize("name", STYLES)
def test_a_style_is_followed(name: str) -> None:
    check(STYLES[name], name)
