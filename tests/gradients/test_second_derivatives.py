"""Gradients of gradients: a gradient is a function too, and its vector-Jacobian product is a row of the Hessian."""

# ruff: noqa: ARG001  (a backward pass takes all inputs)
from __future__ import annotations

from typing import Any

import numpy as np

import numeric
from numeric import rectifiers
from proofs.claim import Status
from proofs.gradients import prove_equal, prove_vjp

LOGITS = {"x": "N C", "y": "N -> C"}


def softmax_cross_entropy_gradient(x: Any, y: Any) -> Any:
    return numeric.cross_entropy(x, y)[1]


def hessian_vector_product(v: Any, x: Any, y: Any) -> Any:
    return numeric.cross_entropy_hessian_product(v, x)


def test_the_hessian_of_softmax_cross_entropy() -> None:
    """TensorFlow #7403 returned 0."""
    proof = prove_vjp(forward=softmax_cross_entropy_gradient, backward=hessian_vector_product, shapes=LOGITS)
    assert proof, str(proof)
    assert proof.scope.text == "all N, C >= 1"


def test_wrong_hessians_of_softmax_cross_entropy() -> None:
    def nothing(v: Any, x: Any, y: Any) -> Any:
        return np.zeros_like(v)

    def diagonal(v: Any, x: Any, y: Any) -> Any:
        p = numeric.softmax(x)
        return v * p * (1 - p) / len(x)

    def unscaled(v: Any, x: Any, y: Any) -> Any:
        return numeric.softmax_vjp(v, numeric.softmax(x))

    for wrong in (nothing, diagonal, unscaled):
        assert prove_vjp(softmax_cross_entropy_gradient, wrong, LOGITS).status is Status.REFUTED


def test_a_hessian_is_symmetric() -> None:
    def left(x: Any, v: Any, w: Any) -> Any:
        return (w * numeric.cross_entropy_hessian_product(v, x)).sum()

    def right(x: Any, v: Any, w: Any) -> Any:
        return (v * numeric.cross_entropy_hessian_product(w, x)).sum()

    assert prove_equal(left, right, {"x": "N C", "v": "N C", "w": "N C"})


def test_the_vjp_of_a_vjp() -> None:
    """Softmax: by the upstream gradient and by the logits."""

    def vjp(g: Any, x: Any) -> Any:
        return numeric.softmax_vjp(g, numeric.softmax(x))

    def double_vjp(v: Any, g: Any, x: Any) -> Any:
        p = numeric.softmax(x)
        dp = v * g - v * (g * p).sum(axis=-1, keepdims=True) - g * (v * p).sum(axis=-1, keepdims=True)
        return numeric.softmax_vjp(v, p), numeric.softmax_vjp(dp, p)

    shapes = {"g": "C", "x": "C"}
    assert prove_vjp(vjp, double_vjp, shapes)
    wrong = prove_vjp(vjp, lambda v, g, x: (double_vjp(v, g, x)[0], vjp(v * g, x)), shapes)
    assert wrong.status is Status.REFUTED


def test_the_second_derivative_of_elu() -> None:
    """TensorFlow #11091 took the gradient where the input belongs."""

    def double_backward(v: Any, g: Any, x: Any) -> Any:
        return rectifiers.elu_backward(v, x), np.where(x < 0, v * g * np.exp(x), 0)

    def shipped(v: Any, g: Any, x: Any) -> Any:
        once = rectifiers.elu_backward(g, x)
        return rectifiers.elu_backward(v, once), np.where(once < 0, v * g, 0)

    shapes = {"g": "N", "x": "N"}
    proof = prove_vjp(rectifiers.elu_backward, double_backward, shapes)
    assert proof, str(proof)
    assert prove_vjp(rectifiers.elu_backward, shipped, shapes).status is Status.REFUTED
