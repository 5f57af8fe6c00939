"""What a reader gets: the wrong entry, both formulas, lines to paste, the convention at kinks, and the same as data."""

# ruff: noqa: ARG005  (functions take everything, and need not use it)
from __future__ import annotations

import json
from io import StringIO
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from proofs import prove_equal, prove_gradient, prove_vjp
from proofs.capture import ShapeError
from proofs.claim import Status

SHAPES = {"x": "N D", "w": "D M"}


def product(x: Any, w: Any) -> Any:
    return x @ w


def wrong(d: Any, x: Any, w: Any) -> Any:
    return d @ w.T, 2 * (x.T @ d)


def test_a_refutation_can_be_pasted() -> None:
    proof = prove_vjp(product, wrong, SHAPES)
    shown = str(proof)
    assert proof.status is Status.REFUTED
    assert "x[k, d]" in shown.replace("n", "k")
    found = proof.counterexamples["w"]
    scope: dict[str, Any] = {"np": np, "wrong": wrong, "product": product}
    for line in found.lines:
        assert line in shown
        exec(line, scope)  # the test is that it runs
    assert proof.call in shown
    exec(f"dx, dw = {proof.call}", scope)
    name, _, position = found.entry.partition("[")
    at = tuple(int(k) for k in position.rstrip("]").split(","))
    assert name == "w"
    assert scope["dw"][at] == found.returned
    assert found.returned == 2 * found.expected


def test_both_formulas_and_their_difference_are_shown() -> None:
    found = prove_vjp(product, wrong, SHAPES).counterexamples["w"]
    right, code, difference = found.formulas
    assert code == f"2*{right}"
    assert difference == right
    assert right.startswith("sum(dout[")


def test_a_wrong_shape_is_named() -> None:
    proof = prove_vjp(product, lambda d, x, w: (d @ w.T, d.T @ x), SHAPES)
    assert proof.status is Status.REFUTED
    (found,) = proof.counterexamples.values()
    assert found.entry == "w.shape[0]"
    assert found.returned == found.upstream["dout"].shape[1] != found.inputs["w"].shape[0] == found.expected
    assert "the shape (M, D) of w is (D, M)" in str(proof)
    thin = prove_vjp(product, lambda d, x, w: (d.sum(axis=1, keepdims=True), x.T @ d), SHAPES)
    assert thin.counterexamples["the shape (N, 1) of x is (N, D)"].inputs["x"].shape[1] > 1
    kept = prove_vjp(product, lambda d, x, w: (d @ w.T, (x.T @ d)[None]), SHAPES)
    assert kept.counterexamples["the shape (1, D, M) of w is (D, M)"].entry == "w.ndim"


def test_the_convention_at_a_kink_is_held_against_the_subdifferential() -> None:
    def relu(x: Any) -> Any:
        return np.maximum(x, 0)

    zero = prove_vjp(relu, lambda d, x: d * (x > 0), {"x": "N"})
    one = prove_vjp(relu, lambda d, x: d * (x >= 0), {"x": "N"})
    assert "at x[0] = 0 the code returns 0" in zero.kinks[0].text
    assert "inside [0, " in zero.kinks[0].text
    assert zero.kinks[0].inside
    assert one.kinks[0].inside
    assert one.kinks[0].text != zero.kinks[0].text
    assert "x[i] != 0" in zero.assumptions


def test_scope_assumptions_and_what_was_opaque() -> None:
    def logsumexp(x: Any, y: Any) -> Any:
        m = x.max(axis=1, keepdims=True)
        return np.log(np.exp(x - m).sum(axis=1)) + m[:, 0] + np.log(y)

    def backward(d: Any, x: Any, y: Any) -> Any:
        e = np.exp(x - x.max(axis=1, keepdims=True))
        return d[:, None] * e / e.sum(axis=1, keepdims=True), d / y

    proof = prove_vjp(logsumexp, backward, {"x": "N D", "y": "N"}, {"y": "positive"})
    assert proof.status is Status.PROVED
    assert proof.scope.text == "all N, D >= 1"
    assert "y is positive" in proof.assumptions
    assert len(proof.opaque) == 1


def test_the_same_as_data_and_in_colour() -> None:
    for proof in (
        prove_vjp(product, wrong, SHAPES),
        prove_vjp(product, lambda d, x, w: (d @ w.T, x.T @ d), SHAPES),
        prove_vjp(product, lambda d, x, w: (d @ w.T, x.T @ d if x.sum() > 0 else d), SHAPES),
    ):
        data = json.loads(json.dumps(proof.to_dict()))
        assert data["verdict"] == proof.status.value
        assert set(data["parts"]) == set(proof.parts)
        terminal = StringIO()
        Console(width=200, file=terminal).print(proof)
        assert str(proof.status) in terminal.getvalue()
        page = proof._repr_html_()
        assert str(proof.status) in page
        assert "<script" not in page


def test_a_rewrite_is_refuted_with_an_input() -> None:
    proof = prove_equal(lambda x: x * x, lambda x: x**3, {"x": "N"})
    assert proof.status is Status.REFUTED
    (found,) = proof.counterexamples.values()
    x = found.inputs["x"]
    assert np.any(x * x != x**3)
    assert prove_equal(lambda x: (x + 1) ** 2, lambda x: x * x + 2 * x + 1, {"x": "N"})


def test_gradients_may_come_as_a_dict() -> None:
    def loss(w: Any, x: Any) -> Any:
        return np.sum((x @ w) ** 2), {"dw": 2 * x.T @ (x @ w), "x": 2 * np.outer(x @ w, w)}

    assert prove_gradient(loss, {"w": "D", "x": "N D"}, ["w", "x"])


@pytest.mark.parametrize("shapes", [{"x": "N-1"}, {"x": "0"}, {"x": "N -> C D"}])
def test_shapes_that_cannot_be_read(shapes: dict[str, str]) -> None:
    with pytest.raises(ShapeError, match="shapes"):
        prove_vjp(np.tanh, lambda d, x: d, shapes)
    with pytest.raises(ShapeError, match="domains"):
        prove_vjp(np.tanh, lambda d, x: d, {"x": "N"}, {"y": "positive"})
    with pytest.raises(ShapeError, match="M is not among the parameters x, c and the dimensions N, D"):
        prove_vjp(lambda x, c: x, lambda d, x, c: d, {"x": "N D", "c": ""}, {"M": "integer >= 2"})
    with pytest.raises(ShapeError, match="wrt"):
        prove_gradient(np.tanh, {"x": "N"}, ["z"])
