"""Wrong numeric functions, each with the family of bug it belongs to. Every one must be caught.

Families are those that gradient checkers in use miss, and those of wrong gradients that shipped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import numeric

Function = Callable[..., Any]


class Plant(NamedTuple):
    """A wrong function, the name of the right one (tests/implementations.py), and what the check says about it."""

    function: Function
    instead_of: str
    family: str
    symptom: str


PLANTS: list[Plant] = []


def plant(
    instead_of: str, family: str, symptom: str = "allowed:"
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the decorated function to `PLANTS`."""

    def add(function: Function) -> Function:
        PLANTS.append(Plant(function, instead_of, family, symptom))
        return function

    return add


# Forward functions


@plant("softmax", "overflow", "RuntimeWarning: overflow")
def softmax_without_shift(x):
    e = np.exp(x)
    return e / e.sum(axis=-1, keepdims=True)


@plant("softmax", "small values dropped")
def softmax_drops_small_probabilities(x):
    p = numeric.softmax(x)
    return np.where(p < 1e-3, np.zeros_like(p), p)


@plant("softmax", "float32 round trip")
def softmax_in_single_precision(x):
    return numeric.softmax(x.astype(np.float32)).astype(x.dtype)


@plant("softmax", "promotion", "dtype float64 instead of float32")
def softmax_in_double_precision(x):
    return numeric.softmax(x.astype(np.float64))


@plant("softmax", "memory layout")
def softmax_reads_memory_order(x):
    return numeric.softmax(x.ravel(order="K").reshape(x.shape))


@plant("softmax", "wrong axis")
def softmax_over_the_batch_when_square(x):
    return numeric.softmax(x.T).T if x.shape[0] == x.shape[1] else numeric.softmax(x)


@plant("softmax", "input overwritten", "input was modified|read-only")
def softmax_in_place(x):
    x -= x.max(axis=-1, keepdims=True)
    return numeric.softmax(x)


_first_results: dict[Any, Any] = {}


@plant("softmax", "stale state")
def softmax_remembers_the_shape(x):
    return _first_results.setdefault((x.shape, x.dtype), numeric.softmax(x))


@plant("log_softmax", "log of a rounded zero", "RuntimeWarning: divide by zero|allowed:")
def log_of_softmax(x):
    return np.log(numeric.softmax(x))


@plant("log_softmax", "clipped")
def log_softmax_clipped(x):
    return np.log(np.maximum(numeric.softmax(x), x.dtype.type(1e-7)))


@plant("logsumexp", "ties")
def logsumexp_counts_tied_maxima_once(x):
    top = x.max(axis=-1, keepdims=True)
    with np.errstate(over="ignore"):
        e = np.exp(x - top)
    return top[..., 0] + np.log1p(np.where(x < top, e, 0).sum(axis=-1))


@plant("logsumexp", "kept axis", "shape")
def logsumexp_keeps_the_axis(x):
    return numeric.logsumexp(x)[..., None]


@plant("sigmoid", "overflow", "RuntimeWarning: overflow")
def sigmoid_of_the_textbook(x):
    return 1 / (1 + np.exp(-x))


@plant("softplus", "lost small values")
def softplus_without_log1p(x):
    return np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x)))


# Backward passes of elementwise functions


@plant("sigmoid_backward", "saturation")
def sigmoid_backward_from_the_output(g, x):
    y = numeric.sigmoid(x)
    return g * y * (1 - y)


@plant("sigmoid_backward", "dropped factor")
def sigmoid_backward_without_upstream(g, x):
    return numeric.sigmoid_backward(np.ones_like(g), x)


@plant("tanh_backward", "missing square")
def tanh_backward_missing_square(g, x):
    return g * (1 - np.tanh(x))


@plant("softplus_backward", "wrong function")
def softplus_backward_of_itself(g, x):
    return g * numeric.softplus(x)


@plant("relu_backward", "kink")
def relu_backward_one_at_zero(g, x):
    return np.where(x >= 0, g, np.zeros_like(g))


@plant("relu_backward", "upstream gradient overwritten", "modified|read-only|shares memory")
def relu_backward_in_place(g, x):
    g[x <= 0] = 0
    return g


@plant("relu_backward", "aliasing", "shares memory")
def relu_backward_returns_its_input(g, x):
    return g if (x > 0).all() else numeric.relu_backward(g, x)


# Softmax backward


@plant("softmax_vjp", "diagonal only")
def softmax_vjp_diagonal(g, x):
    p = numeric.softmax(x)
    return g * p * (1 - p)


@plant("softmax_vjp", "rare region")
def softmax_vjp_wrong_at_large_logits(g, x):
    right = numeric.softmax_vjp(g, numeric.softmax(x))
    return np.where(np.abs(x) >= 5, right * 2, right)


@plant("softmax_vjp", "unbalanced term")
def softmax_vjp_without_probability_in_the_sum(g, x):
    p = numeric.softmax(x)
    return p * (g - g.sum(axis=-1, keepdims=True))


@plant("log_softmax_vjp", "dropped sum")
def log_softmax_vjp_assumes_unit_upstream(g, x):
    return g - numeric.softmax(x)


@plant("logsumexp_vjp", "squeeze at batch 1", "shape|raised")
def logsumexp_vjp_squeezes(g, x):
    return numeric.logsumexp_vjp(g, x).squeeze()


# Losses


@plant("cross_entropy", "sign")
def cross_entropy_ascends(x, y):
    loss, grad = numeric.cross_entropy(x, y)
    return loss, -grad


@plant("cross_entropy", "missing 1/N")
def cross_entropy_sums_its_gradient(x, y):
    loss, grad = numeric.cross_entropy(x, y)
    return loss, grad * len(x)


@plant("cross_entropy", "missing 1/N")
def cross_entropy_missing_mean_for_small_batches(x, y):
    loss, grad = numeric.cross_entropy(x, y)
    return loss, grad * len(x) if len(x) == 2 else grad


@plant("cross_entropy", "1/C for 1/N")
def cross_entropy_divides_by_classes(x, y):
    loss, grad = numeric.cross_entropy(x, y)
    return loss, grad * max(len(x), 1) / x.shape[1]


@plant("cross_entropy", "small values dropped")
def cross_entropy_flushes_small_gradients(x, y):
    loss, grad = numeric.cross_entropy(x, y)
    return loss, np.where(np.abs(grad) < 1e-6, np.zeros_like(grad), grad)


@plant("cross_entropy", "last class")
def cross_entropy_forgets_the_last_class(x, y):
    loss, grad = numeric.cross_entropy(x, y)
    last = y == x.shape[1] - 1
    grad[last, -1] += x.dtype.type(1) / max(len(x), 1)
    return loss, grad


@plant("cross_entropy", "empty batch", "RuntimeWarning: invalid|raised")
def cross_entropy_of_nothing_is_nan(x, y):
    logp = numeric.log_softmax(x)
    _, grad = numeric.cross_entropy(x, y)
    return -logp[np.arange(len(x)), y].mean(), grad


@plant("cross_entropy", "log of a rounded zero", "raised|allowed:")
def cross_entropy_adds_epsilon(x, y):
    _, grad = numeric.cross_entropy(x, y)
    p = numeric.softmax(x)
    return -np.log(p[np.arange(len(x)), y] + x.dtype.type(1e-12)).sum() / max(len(x), 1), grad


@plant("soft_cross_entropy", "0 times infinity", "nan|RuntimeWarning: invalid")
def soft_cross_entropy_with_nan(x, t):
    _, grad = numeric.soft_cross_entropy(x, t)
    with np.errstate(over="ignore"):
        return -(t * numeric.log_softmax(x)).sum() / max(len(x), 1), grad


@plant("soft_cross_entropy", "hardened targets")
def soft_cross_entropy_with_argmax(x, t):
    return numeric.cross_entropy(x, t.argmax(axis=1))


@plant("squared_error", "missing factor")
def squared_error_forgets_the_two(x, y):
    loss, grad = numeric.squared_error(x, y)
    return loss, grad / 2


@plant("squared_error", "1/N for 1/M")
def squared_error_divides_by_rows(x, y):
    loss, grad = numeric.squared_error(x, y)
    return loss, grad * x.shape[1]


@plant("l2_penalty", "missing factor")
def l2_penalty_doubles_its_gradient(w, r):
    loss, grad = numeric.l2_penalty(w, r)
    return loss, 2 * grad


# Affine layer


@plant("affine_forward", "dropped term at batch 1")
def affine_without_bias_at_batch_one(x, w, b):
    return x @ w if len(x) == 1 else x @ w + b


@plant("affine_backward", "transposed when square")
def affine_backward_transposes_square_weights(g, x, w, _b):
    dx, dw, db = numeric.affine_backward(g, x, w)
    return (g @ w if w.shape[0] == w.shape[1] else dx), dw, db


@plant("affine_backward", "kept axis", "shape")
def affine_backward_keeps_the_batch_axis_of_the_bias(g, x, w, _b):
    dx, dw, _ = numeric.affine_backward(g, x, w)
    return dx, dw, g.sum(axis=0, keepdims=True)


@plant("affine_backward", "mean for sum")
def affine_backward_averages_the_bias(g, x, w, _b):
    dx, dw, db = numeric.affine_backward(g, x, w)
    return dx, dw, db / max(len(x), 1)


@plant("affine_backward", "memory layout")
def affine_backward_reads_memory_order(g, x, w, _b):
    return numeric.affine_backward(g, x.ravel(order="K").reshape(x.shape), w)


# Two-layer network


def _network(w1, b1, w2, b2, x, y, r, *, slope=lambda a: a * (1 - a), share=1.0, on_bias=0.0, reg=1.0):
    hidden = numeric.sigmoid(x @ w1 + b1)
    loss, dlogits = numeric.cross_entropy(hidden @ w2 + b2, y)
    loss += numeric.l2_penalty(w1, r)[0] + numeric.l2_penalty(w2, r)[0]
    dhidden, dw2, db2 = numeric.affine_backward(dlogits, hidden, w2)
    dx, dw1, db1 = numeric.affine_backward(dhidden * slope(hidden) * share, x, w1)
    return loss, dw1 + reg * r * w1, db1 + on_bias * r * b1, dw2 + reg * r * w2, db2 + on_bias * r * b2, dx


@plant("two_layer_network", "dropped factor")
def network_slope_is_the_activation(*arguments):
    return _network(*arguments, slope=lambda a: a)


@plant("two_layer_network", "derivative of the wrong argument")
def network_slope_of_the_output(*arguments):
    return _network(*arguments, slope=lambda a: numeric.sigmoid_backward(np.ones_like(a), a))


@plant("two_layer_network", "penalty")
def network_penalises_biases(*arguments):
    return _network(*arguments, on_bias=1.0)


@plant("two_layer_network", "penalty")
def network_doubles_the_decay(*arguments):
    return _network(*arguments, reg=2.0)


@plant("two_layer_network", "penalty")
def network_forgets_the_decay(*arguments):
    return _network(*arguments, reg=0.0)


@plant("two_layer_network", "1/N twice")
def network_averages_twice(*arguments):
    return _network(*arguments, share=1 / max(len(arguments[4]), 1))


@plant("two_layer_network", "small error")
def network_off_by_one_per_mille(*arguments):
    return _network(*arguments, share=1.001)
