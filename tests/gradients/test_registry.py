"""Registered pairs: the function comes back as it was, its shapes in the order of the parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs import gradient_of, prove_gradient, prove_vjp, vjp_of
from proofs.capture import ShapeError
from proofs.gradients.registry import Loss, Pair, arranged, registered

SHAPES = {"x": "N D", "w": "D M", "b": "M"}


def affine(x: Any, w: Any, b: Any, scale: float = 1.0) -> Any:
    return scale * (x @ w) + b


def affine_backward(dout: Any, x: Any, w: Any, b: Any, scale: float = 1.0) -> Any:
    return scale * dout @ w.T, scale * x.T @ dout, dout.sum(axis=0) + 0 * b


def test_a_registered_function_is_itself_and_its_pair_is_proved() -> None:
    before = registered()
    assert vjp_of(affine, shapes=SHAPES)(affine_backward) is affine_backward
    (pair,) = registered()[len(before) :]
    assert isinstance(pair, Pair)
    assert (pair.forward, pair.backward, pair.shapes, pair.domains) == (affine, affine_backward, SHAPES, {})
    assert prove_vjp(pair.forward, pair.backward, pair.shapes, pair.domains)


def squared(w: Any, x: Any) -> Any:
    return ((x @ w) ** 2).sum(), 2 * x.T @ (x @ w)


def test_a_registered_loss_is_itself_and_its_gradient_is_proved() -> None:
    before = registered()
    assert gradient_of(shapes={"x": "N D", "w": "D"}, wrt=["w"])(squared) is squared
    (loss,) = registered()[len(before) :]
    assert loss == Loss(squared, {"w": "D", "x": "N D"}, ("w",), {})
    assert prove_gradient(loss.function, loss.shapes, loss.wrt, loss.domains)


@pytest.mark.parametrize("wrt", [[], ["v"], "w"])
def test_a_loss_is_registered_with_parameters_of_its_own(wrt: Any) -> None:
    with pytest.raises(ShapeError, match="wrt: expected a list of some of w, x"):
        gradient_of(shapes={"w": "D", "x": "N D"}, wrt=wrt)(squared)


@given(st.permutations(sorted(SHAPES)))
def test_shapes_are_put_in_the_order_of_the_parameters(order: list[str]) -> None:
    assert list(arranged(affine, {name: SHAPES[name] for name in order})) == ["x", "w", "b"]


@pytest.mark.parametrize(
    ("shapes", "says"),
    [
        ({"x": "N D", "w": "D M"}, "'b' of affine has no shape"),
        ({**SHAPES, "v": "M"}, "'v' is no parameter of affine; its parameters are: x, w, b, scale"),
        ({}, "'x' of affine has no shape"),
    ],
)
def test_shapes_that_do_not_fit_the_function_are_refused(shapes: dict[str, str], says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        vjp_of(affine, shapes=shapes)


def test_a_default_may_be_left_out_unless_a_later_parameter_is_given() -> None:
    def shifted(x: Any, eps: float = 0.0, shift: float = 0.0) -> Any:
        return x + eps + shift

    assert arranged(shifted, {"x": "N"}) == {"x": "N"}
    assert arranged(shifted, {"eps": "", "x": "N"}) == {"x": "N", "eps": ""}
    with pytest.raises(ShapeError, match="'eps' of shifted has no shape"):
        arranged(shifted, {"x": "N", "shift": ""})


def test_a_function_that_does_not_tell_its_parameters_takes_them_as_given() -> None:
    def anything(*arrays: Any) -> Any:
        return arrays[0]

    assert list(arranged(anything, {"b": "N", "a": "N"})) == ["b", "a"]
    assert list(arranged(np.add, {"b": "N", "a": "N"})) == ["b", "a"]
