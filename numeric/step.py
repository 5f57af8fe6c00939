"""One step of minibatch gradient descent without a single new array, for softmax regression and the two-layer network.

The mathematics is that of `loss_and_gradients` in network.py and regression.py; here every product and every function
writes into memory taken once. Parameters and gradients lie each in one row of memory, weights first, so that an update
is one pass. The weights may be a number times what lies in memory: a penalty then shrinks the number, not a hundred
thousand weights (Shalev-Shwartz et al. 2011, Pegasos, section 2.3.1). The learning rate is multiplied into the gradient
of the logits, the smallest array, and so reaches every gradient. Logits are kept as (C, N): their largest values and
sums then run along the rows.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numeric.network import Parameters
from numeric.regression import Regression

Array = NDArray[Any]
Model = Parameters | Regression
Gradients = Callable[[NDArray[np.int64], float, float], float]
"""Given rows and numbers s, t, where the weights are s times those in memory: the mean cross-entropy on these rows.

It leaves ``rate / t`` times the gradient by the weights and ``rate`` times the gradient by the biases, without the
penalty's."""


class Memory(NamedTuple):
    """One row of memory and the arrays of a model in it; the first `weights` values are those with a penalty."""

    flat: Array
    model: Model
    weights: int


def seen_as(model: Model, flat: Array) -> Memory:
    """The memory as arrays of the model's kind and shapes: its matrices, then its biases."""
    parts: dict[int, Array] = {}
    start = 0
    for k in _matrices_first(model):
        parts[k] = flat[start : start + model[k].size].reshape(model[k].shape)
        start += model[k].size
    return Memory(flat, type(model)(*(parts[k] for k in range(len(model)))), sum(p.size for p in model if p.ndim == 2))


def laid_out(model: Model) -> Memory:
    """A copy of the parameters in one row."""
    return seen_as(model, np.concatenate([model[k].ravel() for k in _matrices_first(model)]))


def _matrices_first(model: Model) -> list[int]:
    return sorted(range(len(model)), key=lambda k: (model[k].ndim == 1, k))


def gradients_into(
    memory: Memory, into: Memory, x: Array, labels: Array, size: int, rate: float, hidden: str
) -> Gradients:
    """The function that, given `size` rows of x (N, D) and labels (N,), leaves its gradients in `into`.

    x and the parameters have one dtype; nothing is checked here.
    """
    classes, dtype = memory.model[-1].size, memory.flat.dtype
    inputs = np.empty((size, x.shape[1]), dtype)
    number, one = dtype.type, dtype.type(1)
    biases = into.flat[into.weights :]
    ones, columns = np.ones(size, dtype), np.arange(size)
    top, total, picked = (np.empty(size, dtype) for _ in range(3))
    at = np.empty(size, np.int64)
    starts = (labels * size).astype(np.int64)
    logits = np.empty((classes, size), dtype)
    logits_flat, logits_t = logits.reshape(-1), logits.T
    w_last, b_last = memory.model[-2:]
    dw_last, db_last = into.model[-2:]
    b_column, w_last_t = b_last[:, None], w_last.T
    layer = None
    if isinstance(memory.model, Parameters) and isinstance(into.model, Parameters):
        layer = _hidden_layer(memory.model, into.model, inputs, ones, hidden)
    below = inputs if layer is None else layer.values
    below_t = below.T

    def gradients(rows: NDArray[np.int64], s: float, t: float) -> float:
        scale = number(s)
        x.take(rows, 0, inputs, "clip")
        starts.take(rows, None, at, "clip")
        if layer is not None:
            layer.forward(scale)
        np.matmul(w_last_t, below_t, out=logits)
        np.multiply(logits, scale, out=logits)
        np.add(logits, b_column, out=logits)
        np.maximum.reduce(logits, axis=0, out=top)
        np.subtract(logits, top, out=logits)
        np.add(at, columns, out=at)
        logits_flat.take(at, None, picked, "clip")
        np.exp(logits, out=logits)
        np.add.reduce(logits, axis=0, out=total)
        np.log(total, out=top)
        np.subtract(top, picked, out=top)
        np.divide(logits, total, out=logits)
        logits_flat[at] -= one
        np.multiply(logits, number(rate / size / t), out=logits)
        np.matmul(below_t, logits_t, out=dw_last)
        np.matmul(logits, ones, out=db_last)
        if layer is not None:
            np.multiply(logits, scale, out=logits)
            np.matmul(logits_t, w_last_t, out=layer.slopes)
            layer.backward()
        np.multiply(biases, number(t), out=biases)
        return float(ones @ top) / size

    return gradients


class _Layer(NamedTuple):
    values: Array
    slopes: Array
    forward: Callable[[Any], None]
    backward: Callable[[], None]


def _hidden_layer(model: Parameters, into: Parameters, inputs: Array, ones: Array, hidden: str) -> _Layer:
    """The hidden layer: `forward` fills `values` (N, H), its weights times a number; `backward` takes the gradient by
    them, put into `slopes`."""
    w1, b1, _, _ = model
    dw1, db1, _, _ = into
    values, slopes, scratch = (np.empty((len(inputs), b1.size), w1.dtype) for _ in range(3))
    inputs_t, one = inputs.T, w1.dtype.type(1)

    def sigmoid(scale: Any) -> None:
        np.matmul(inputs, w1, out=values)
        np.multiply(values, -scale, out=values)
        np.subtract(values, b1, out=values)
        np.exp(values, out=values)
        np.add(values, one, out=values)
        np.reciprocal(values, out=values)

    def sigmoid_slope() -> None:
        np.subtract(one, values, out=scratch)
        np.multiply(scratch, values, out=scratch)

    def relu(scale: Any) -> None:
        np.matmul(inputs, w1, out=values)
        np.multiply(values, scale, out=values)
        np.add(values, b1, out=values)
        np.maximum(values, 0, out=values)

    def relu_slope() -> None:
        np.sign(values, out=scratch)

    forward, slope = {"sigmoid": (sigmoid, sigmoid_slope), "relu": (relu, relu_slope)}[hidden]

    def backward() -> None:
        slope()
        np.multiply(slopes, scratch, out=slopes)
        np.matmul(inputs_t, slopes, out=dw1)
        np.matmul(ones, slopes, out=db1)

    return _Layer(values, slopes, forward, backward)


def update_from(
    memory: Memory, gradient: Memory, velocity: Array | None, *, rate: float, reg: float, momentum: float
) -> Callable[[], None]:
    """The function that moves the parameters in place, given ``rate`` times the gradient without the penalty's.

    With g the whole gradient: ``v <- momentum v + rate g``, ``p <- p - v``; without a velocity ``p <- p - rate g``.
    """
    dtype = memory.flat.dtype
    flat, weights, step = memory.flat, memory.flat[: memory.weights], gradient.flat
    keep, pull, mu = dtype.type(1 - rate * reg), dtype.type(rate * reg), dtype.type(momentum)

    def plain() -> None:
        if reg:
            np.multiply(weights, keep, out=weights)
        np.subtract(flat, step, out=flat)

    if velocity is None:
        return plain
    scratch = np.empty_like(weights)

    def with_velocity() -> None:
        np.multiply(velocity, mu, out=velocity)
        np.add(velocity, step, out=velocity)
        if reg:
            np.multiply(weights, pull, out=scratch)
            np.add(velocity[: len(scratch)], scratch, out=velocity[: len(scratch)])
        np.subtract(flat, velocity, out=flat)

    return with_velocity
