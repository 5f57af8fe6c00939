"""Wrong backward passes, each with its family: what a conformance check must catch on every seed.

The first twenty-two are those that gradient checkers in use mostly miss; `CHANGES` puts the same kinds of bug, at other
sizes and values too, into any right layer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, NamedTuple

import numpy as np

from proofs.conformance import Report, check_gradient, check_vjp

Function = Callable[..., Any]


class Layer(NamedTuple):
    """A right forward and backward pass and their shapes; a loss has its gradient's parameters in `wrt`."""

    forward: Function
    backward: Function | None
    shapes: Mapping[str, str]
    wrt: Sequence[str] = ()


class Plant(NamedTuple):
    """A wrong layer, its family, and whether it is wrong only away from usual sizes and values."""

    name: str
    family: str
    layer: Layer
    away: bool = False


PLANTS: list[Plant] = []


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_backward(dout, x):
    p = softmax(x)
    return p * (dout - (dout * p).sum(axis=-1, keepdims=True))


def affine(x, w, b):
    return x @ w + b


def affine_backward(dout, x, w, _b):
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


def relu(x):
    return np.maximum(x, 0)


def relu_backward(dout, x):
    return dout * (x > 0)


def tanh(x):
    return np.tanh(x)


def tanh_backward(dout, x):
    return dout * (1 - np.tanh(x) ** 2)


def layer_norm(x, g):
    centred = x - x.mean(axis=1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5) * g


def layer_norm_backward(dout, x, g):
    centred = x - x.mean(axis=1, keepdims=True)
    rate = 1 / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)
    unit = centred * rate
    d = dout * g
    dx = rate * (d - d.mean(axis=1, keepdims=True) - unit * (d * unit).mean(axis=1, keepdims=True))
    return dx, (dout * unit).sum(axis=0)


def row_max(x):
    return x.max(axis=1)


def row_max_backward(dout, x):
    first = np.zeros_like(x)
    first[np.arange(len(x)), x.argmax(axis=1)] = dout
    return first


def cross_entropy(x, y):
    rows = np.arange(len(y))
    shifted = x - x.max(axis=1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dx = np.exp(logp)
    dx[rows, y] -= 1
    return -logp[rows, y].sum() / x.shape[0], dx / x.shape[0]


def squared_error(w, x, t):
    off = x @ w - t
    return (off**2).sum() / x.shape[0], 2 * x.T @ off / x.shape[0]


SOFTMAX = Layer(softmax, softmax_backward, {"x": "N C"})
AFFINE = Layer(affine, affine_backward, {"x": "N D", "w": "D M", "b": "M"})
RELU = Layer(relu, relu_backward, {"x": "N D"})
TANH = Layer(tanh, tanh_backward, {"x": "N D"})
NORM = Layer(layer_norm, layer_norm_backward, {"x": "N D", "g": "D"})
MAX = Layer(row_max, row_max_backward, {"x": "N D"})
CROSS = Layer(cross_entropy, None, {"x": "N C", "y": "N -> C"}, ("x",))
SQUARED = Layer(squared_error, None, {"w": "D", "x": "N D", "t": "N"}, ("w",))
RIGHT = {"softmax": SOFTMAX, "affine": AFFINE, "relu": RELU, "tanh": TANH, "layer_norm": NORM, "row_max": MAX,
         "cross_entropy": CROSS, "squared_error": SQUARED}  # fmt: skip


def check(layer: Layer, **options: Any) -> Report:
    """The conformance check of a layer."""
    if layer.backward is None:
        formula = cross_entropy if "y" in layer.shapes else squared_error
        return check_gradient(layer.forward, layer.shapes, layer.wrt, formula=formula, **options)
    return check_vjp(layer.forward, layer.backward, layer.shapes, **options)


def plant(layer: Layer, family: str, *, away: bool = False) -> Callable[[Function], Function]:
    """The decorated function is wrong in the place of the layer's backward pass (or of the whole loss)."""

    def add(function: Function) -> Function:
        wrong = layer._replace(forward=function) if layer.backward is None else layer._replace(backward=function)
        PLANTS.append(Plant(function.__name__, family, wrong, away))
        return function

    return add


# What checkers in use miss -----------------------------------------------------------------------------------------


@plant(SOFTMAX, "overflow", away=True)
def softmax_without_shift(dout, x):
    with np.errstate(all="ignore"):
        e = np.exp(x)
        p = e / e.sum(axis=-1, keepdims=True)
        return p * (dout - (dout * p).sum(axis=-1, keepdims=True))


@plant(SOFTMAX, "small values dropped", away=True)
def softmax_drops_small_probabilities(dout, x):
    p = softmax(x)
    p = np.where(p < 1e-3, 0, p).astype(x.dtype)
    return p * (dout - (dout * p).sum(axis=-1, keepdims=True))


@plant(TANH, "small values dropped", away=True)
def tanh_flushes_small_gradients(dout, x):
    d = tanh_backward(dout, x)
    return np.where(np.abs(d) < 1e-6, 0, d).astype(x.dtype)


@plant(SOFTMAX, "large values", away=True)
def softmax_wrong_at_large_logits(dout, x):
    d = softmax_backward(dout, x)
    return np.where(np.abs(x).max(axis=-1, keepdims=True) >= 5, 0.5 * d, d).astype(x.dtype)


@plant(CROSS, "batch of one", away=True)
def cross_entropy_forgets_the_mean_at_one(x, y):
    loss, dx = cross_entropy(x, y)
    return loss, dx if len(x) > 1 else 2 * dx


@plant(CROSS, "wrong size")
def cross_entropy_divides_by_classes_when_square(x, y):
    loss, dx = cross_entropy(x, y)
    return loss, dx * 2 if x.shape[0] == x.shape[1] else dx


@plant(AFFINE, "batch of one", away=True)
def affine_squeezes_a_batch_of_one(dout, x, w, b):
    dx, dw, db = affine_backward(dout, x, w, b)
    return np.squeeze(dx, 0) if len(dx) == 1 else dx, dw, db


@plant(AFFINE, "empty batch", away=True)
def affine_needs_a_first_row(dout, x, w, b):
    dx, dw, _ = affine_backward(dout, x, w, b)
    return dx, dw, sum(dout[1:], dout[0])


@plant(AFFINE, "shape")
def affine_keeps_the_axis_of_the_bias(dout, x, w, b):
    dx, dw, db = affine_backward(dout, x, w, b)
    return dx, dw, db[None]


@plant(RELU, "input overwritten")
def relu_overwrites_the_upstream_gradient(dout, x):
    if dout.flags.writeable:
        dout *= x > 0
        return dout.copy()
    return dout * (x > 0)


@plant(AFFINE, "memory layout", away=True)
def affine_reads_memory_order(dout, x, w, b):
    return affine_backward(dout, x.ravel(order="K").reshape(x.shape), w, b)


@plant(SOFTMAX, "precision")
def softmax_in_single_precision(dout, x):
    return softmax_backward(dout.astype(np.float32), x.astype(np.float32)).astype(x.dtype)


@plant(CROSS, "labels", away=True)
def cross_entropy_never_sees_the_last_class(x, y):
    loss, dx = cross_entropy(x, y)
    dx[y == x.shape[1] - 1] *= 0.5
    return loss, dx


@plant(MAX, "ties", away=True)
def row_max_gives_every_tie_all(dout, x):
    return (x == x.max(axis=1, keepdims=True)) * dout[:, None]


@plant(RELU, "ties", away=True)
def relu_gives_two_at_zero(dout, x):
    return dout * np.where(x == 0, 2, x > 0).astype(x.dtype)


@plant(SOFTMAX, "factor")
def softmax_forgets_the_sum(dout, x):
    return softmax(x) * dout


@plant(TANH, "sign")
def tanh_with_the_wrong_sign(dout, x):
    return -tanh_backward(dout, x)


@plant(SQUARED, "factor")
def squared_error_without_two(w, x, t):
    loss, dw = squared_error(w, x, t)
    return loss, dw / 2


@plant(SQUARED, "wrong size")
def squared_error_without_the_mean(w, x, t):
    loss, dw = squared_error(w, x, t)
    return loss, dw * x.shape[0]


@plant(AFFINE, "transposed", away=True)
def affine_transposes_square_weights(dout, x, w, b):
    _, dw, db = affine_backward(dout, x, w, b)
    return dout @ (w if w.shape[0] == w.shape[1] else w.T), dw, db


@plant(NORM, "constants of x")
def layer_norm_takes_the_mean_for_a_constant(dout, x, g):
    _, dg = layer_norm_backward(dout, x, g)
    centred = x - x.mean(axis=1, keepdims=True)
    return dout * g / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5), dg


@plant(SOFTMAX, "stale state")
def softmax_remembers_the_first_input(dout, x, _seen={}):  # noqa: B006
    return softmax_backward(dout, _seen.setdefault((x.shape, x.dtype), x.copy()))


# The same kinds of bug in any layer -------------------------------------------------------------------------------


def gradients(layer: Layer, change: Callable[[Any, tuple[Any, ...]], Any]) -> Layer:
    """The layer with `change` made to each gradient, seeing the inputs."""
    if layer.backward is None:

        @wraps(layer.forward)
        def loss(*inputs):
            value, gradient = layer.forward(*inputs)
            return value, change(gradient, inputs)

        return layer._replace(forward=loss)
    right = layer.backward

    @wraps(right)
    def backward(dout, *inputs):
        found = right(dout, *inputs)
        if isinstance(found, tuple):
            return tuple(change(g, (dout, *inputs)) for g in found)
        return change(found, (dout, *inputs))

    return layer._replace(backward=backward)


def first_float(inputs):
    return next(x for x in inputs if isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.ndim)


def where(condition: Callable[[tuple[Any, ...]], Any], factor: float = 1.5) -> Callable[[Any, Any], Any]:
    """The gradient is wrong by a factor where the condition holds."""

    def change(g, inputs):
        return g * g.dtype.type(factor) if condition(inputs) else g

    return change


_kept: dict[Any, Any] = {}


def same_buffer(g, _):
    buffer = _kept.setdefault((g.shape, g.dtype), np.empty_like(g))
    buffer[...] = g
    return buffer


def first_answer(g, _):
    return _kept.setdefault(("first", g.shape, g.dtype), g).copy()


CHANGES: dict[str, tuple[str, bool, Callable[[Any, tuple[Any, ...]], Any]]] = {
    "sign": ("sign", False, lambda g, _: -g),
    "one_percent": ("factor", False, lambda g, _: g * g.dtype.type(1.01)),
    "one_in_ten_thousand": ("factor", False, lambda g, _: g * g.dtype.type(1.0001)),
    "offset": ("factor", False, lambda g, _: g + g.dtype.type(1e-3)),
    "double": ("dtype", False, lambda g, _: g.astype(np.float64)),
    "half": ("precision", False, lambda g, _: g.astype(np.float16).astype(g.dtype)),
    "single": ("precision", False, lambda g, _: g.astype(np.float32).astype(g.dtype)),
    "list": ("results", False, lambda g, _: g.tolist()),
    "objects": ("results", False, lambda g, _: g.astype(object)),
    "masked": ("results", False, lambda g, _: np.ma.masked_array(g)),
    "axis_lost": ("shape", True, lambda g, _: g.squeeze()),
    "buffer": ("aliasing", False, same_buffer),
    "first_answer": ("stale state", False, first_answer),
    "from_17": ("sizes", True, where(lambda i: max(first_float(i).shape) >= 17)),
    "at_128": ("sizes", True, where(lambda i: 128 in first_float(i).shape)),
    "odd_above_30": ("sizes", True, where(lambda i: any(n > 30 and n % 2 for n in first_float(i).shape))),
    "at_one": ("batch of one", True, where(lambda inputs: len(first_float(inputs)) == 1)),
    "above_500": ("large values", True, where(lambda i: any(np.abs(x).max(initial=0) > 500 for x in i))),
    "tiny_inputs": ("small values", True, where(lambda i: 0 < np.abs(first_float(i)).max(initial=0) < 1e-3)),
    "fortran": ("memory layout", True, where(lambda i: any(_is_fortran(x) for x in i))),
    "strided": ("memory layout", True, where(lambda i: any(_is_strided(x) for x in i))),
    "small_dropped": ("small values dropped", True, lambda g, _: np.where(np.abs(g) < 1e-7, 0, g).astype(g.dtype)),
}


def _is_fortran(x):
    return getattr(x, "ndim", 0) > 1 and x.flags.f_contiguous and not x.flags.c_contiguous


def _is_strided(x):
    return getattr(x, "size", 0) > 1 and not x.flags.c_contiguous and not x.flags.f_contiguous


for _layer in ("softmax", "affine", "layer_norm", "cross_entropy"):
    for _name, (_family, _away, _change) in CHANGES.items():
        PLANTS.append(Plant(f"{_layer}_{_name}", _family, gradients(RIGHT[_layer], _change), _away))
