"""The functions of numeric/ in the calling form of the specifications in formulas.py, one for each of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numeric
from numeric import network
from tests import formulas
from tests.conforming import Specification


class Implementation(NamedTuple):
    """A function of numeric/ and what it must conform to."""

    function: Callable[..., Any]
    specification: Specification


def softmax_vjp(g: Any, x: Any) -> Any:
    return numeric.softmax_vjp(g, numeric.softmax(x))


def log_softmax_vjp(g: Any, x: Any) -> Any:
    return numeric.log_softmax_vjp(g, numeric.log_softmax(x))


def affine_backward(g: Any, x: Any, w: Any, _b: Any) -> Any:
    return numeric.affine_backward(g, x, w)


def two_layer_network(w1: Any, b1: Any, w2: Any, b2: Any, x: Any, y: Any, r: float) -> Any:
    loss, gradients, dx = network.loss_and_gradients(network.Parameters(w1, b1, w2, b2), x, y, r)
    return loss, *gradients, dx


ACTIVATIONS = {
    "sigmoid": Implementation(numeric.sigmoid, formulas.SIGMOID),
    "sigmoid_backward": Implementation(numeric.sigmoid_backward, formulas.SIGMOID_BACKWARD),
    "softplus": Implementation(numeric.softplus, formulas.SOFTPLUS),
    "softplus_backward": Implementation(numeric.softplus_backward, formulas.SOFTPLUS_BACKWARD),
    "tanh": Implementation(numeric.tanh, formulas.TANH),
    "tanh_backward": Implementation(numeric.tanh_backward, formulas.TANH_BACKWARD),
    "relu": Implementation(numeric.relu, formulas.RELU),
    "relu_backward": Implementation(numeric.relu_backward, formulas.RELU_BACKWARD),
}
SOFTMAX = {
    "softmax": Implementation(numeric.softmax, formulas.SOFTMAX),
    "log_softmax": Implementation(numeric.log_softmax, formulas.LOG_SOFTMAX),
    "logsumexp": Implementation(numeric.logsumexp, formulas.LOGSUMEXP),
    "softmax_vjp": Implementation(softmax_vjp, formulas.SOFTMAX_VJP),
    "log_softmax_vjp": Implementation(log_softmax_vjp, formulas.LOG_SOFTMAX_VJP),
    "logsumexp_vjp": Implementation(numeric.logsumexp_vjp, formulas.LOGSUMEXP_VJP),
}
LOSSES = {
    "cross_entropy": Implementation(numeric.cross_entropy, formulas.CROSS_ENTROPY),
    "soft_cross_entropy": Implementation(numeric.soft_cross_entropy, formulas.SOFT_CROSS_ENTROPY),
    "squared_error": Implementation(numeric.squared_error, formulas.SQUARED_ERROR),
    "l2_penalty": Implementation(numeric.l2_penalty, formulas.L2_PENALTY),
}
LAYERS = {
    "affine_forward": Implementation(numeric.affine_forward, formulas.AFFINE),
    "affine_backward": Implementation(affine_backward, formulas.AFFINE_BACKWARD),
}
NETWORK = {"two_layer_network": Implementation(two_layer_network, formulas.NETWORK)}
ALL = {**ACTIVATIONS, **SOFTMAX, **LOSSES, **LAYERS, **NETWORK}
