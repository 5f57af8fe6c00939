"""The networks of numeric/, their source as it is: every gradient for every N, D, H, C."""

from __future__ import annotations

from typing import Any

from numeric import regression
from numeric.network import Parameters, loss_and_gradients
from proofs.claim import Status
from proofs.gradients import prove_gradient

SHAPES = {"w1": "D H", "b1": "H", "w2": "H C", "b2": "C", "x": "N D", "y": "N -> C", "reg": ""}


def network(w1: Any, b1: Any, w2: Any, b2: Any, x: Any, y: Any, reg: Any) -> Any:
    loss, (dw1, db1, dw2, db2), dx = loss_and_gradients(Parameters(w1, b1, w2, b2), x, y, reg)
    return loss, {"w1": dw1, "b1": db1, "w2": dw2, "b2": db2, "x": dx}


def without_decay(w1: Any, b1: Any, w2: Any, b2: Any, x: Any, y: Any, reg: Any) -> Any:
    loss, gradients = network(w1, b1, w2, b2, x, y, reg)
    return loss, gradients["w2"] - reg * w2


def test_every_gradient_of_the_network() -> None:
    proof = prove_gradient(network, SHAPES, wrt=["w1", "b1", "w2", "b2", "x"])
    assert proof, str(proof)
    assert proof.scope.text == "all D, H, C, N >= 1"


def test_every_gradient_of_the_network_with_relu() -> None:
    def relu_network(w1: Any, b1: Any, w2: Any, b2: Any, x: Any, y: Any, reg: Any) -> Any:
        loss, (dw1, db1, dw2, db2), dx = loss_and_gradients(Parameters(w1, b1, w2, b2), x, y, reg, "relu")
        return loss, {"w1": dw1, "b1": db1, "w2": dw2, "b2": db2, "x": dx}

    proof = prove_gradient(relu_network, SHAPES, wrt=["w1", "b1", "w2", "b2", "x"])
    assert proof, str(proof)
    assert proof.scope.text == "all D, H, C, N >= 1"


def test_every_gradient_of_softmax_regression() -> None:
    def softmax_regression(w: Any, b: Any, x: Any, y: Any, reg: Any) -> Any:
        loss, (dw, db), dx = regression.loss_and_gradients(regression.Regression(w, b), x, y, reg)
        return loss, {"w": dw, "b": db, "x": dx}

    shapes = {"w": "D C", "b": "C", "x": "N D", "y": "N -> C", "reg": ""}
    proof = prove_gradient(softmax_regression, shapes, wrt=["w", "b", "x"])
    assert proof, str(proof)
    assert proof.scope.text == "all D, C, N >= 1"


def test_a_forgotten_penalty_is_refuted() -> None:
    proof = prove_gradient(without_decay, SHAPES, wrt=["w2"])
    assert proof.status is Status.REFUTED, str(proof)
    assert "w2" in proof.counterexamples
