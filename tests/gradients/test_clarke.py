"""Answers at kinks: what no mean of the gradients around can be is refuted, what is one is proved."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.calculus.terms import Element
from proofs.checker import Rejected, check
from proofs.claim import Status
from proofs.gradients import Proof, prove_gradient, prove_vjp
from proofs.gradients.clarke import _apart

X = {"x": "N"}


def relu(x: Any) -> Any:
    return np.maximum(x, 0)


def pool(x: Any) -> Any:
    return x.max(axis=1)


def equality_mask(dout: Any, x: Any) -> Any:
    return (x == x.max(axis=1, keepdims=True)) * dout[:, None]


def shared_mask(dout: Any, x: Any) -> Any:
    mask = x == x.max(axis=1, keepdims=True)
    return mask * dout[:, None] / mask.sum(axis=1, keepdims=True)


def certificate(proof: Proof) -> dict[str, Any]:
    found = proof.parts["at a kink"].certificate
    assert found is not None
    return dict(found.data)


@pytest.mark.parametrize("shape", ["N D", "1 3"])
def test_an_unnormalised_equality_mask_is_refuted_with_a_tie(shape: str) -> None:
    proof = prove_vjp(pool, equality_mask, {"x": shape})
    assert proof.status is Status.REFUTED, proof
    found = proof.counterexamples["at a kink"]
    x, dout = found.inputs["x"], found.upstream["dout"]
    returned = equality_mask(dout, x)
    assert (np.sum(x == x.max(axis=1, keepdims=True), axis=1) == 2).any(), "a tie"
    assert not np.allclose(returned.sum(axis=1), dout), "a mean of unit vectors sums to 1"
    assert found.returned in returned
    assert np.allclose(found.expected, found.returned / 2)
    assert "the nearest right one" in str(proof)
    assert check(certificate(proof)).kind == "counterexample"


def test_the_certificate_does_not_hold_for_what_could_be_right() -> None:
    """The same certificate with the gradient of one of the two pieces in the place of what came back is rejected."""
    proof = prove_vjp(lambda x: np.abs(x), lambda d, x: d * np.where(x > 0, 1, np.where(x < 0, -1, 3)), {"x": ""})
    assert proof.status is Status.REFUTED
    data = certificate(proof)
    found = proof.counterexamples["at a kink"]

    def with_returned(term: Any, value: float) -> Any:
        if term == ["num", _text(found.returned)]:
            return ["num", _text(value)]
        return [with_returned(part, value) for part in term] if isinstance(term, list) else term

    for share in (1.0, 0.5, -1.0):
        value = share * float(found.upstream["dout"])
        statement = {**data["statement"], "lhs": with_returned(data["statement"]["lhs"], value)}
        assert statement != data["statement"]
        with pytest.raises(Rejected):
            check({**data, "statement": statement})


def _text(value: float) -> str:
    numerator, denominator = value.as_integer_ratio()
    return str(numerator) if denominator == 1 else f"{numerator}/{denominator}"


@pytest.mark.parametrize("at_zero", [0.0, 0.5, 1.0])
def test_any_mean_of_both_sides_is_right(at_zero: float) -> None:
    proof = prove_vjp(relu, lambda d, x: d * np.where(x > 0, 1, np.where(x < 0, 0, at_zero)), X)
    assert proof.status is Status.PROVED, proof


@pytest.mark.parametrize("at_zero", [-0.25, 1.5, 2.0])
def test_nothing_else_is(at_zero: float) -> None:
    proof = prove_vjp(relu, lambda d, x: d * np.where(x > 0, 1, np.where(x < 0, 0, at_zero)), X)
    assert proof.status is Status.REFUTED, proof


def test_a_tie_may_be_shared() -> None:
    assert prove_vjp(pool, shared_mask, {"x": "1 2"}).status is not Status.REFUTED


def test_a_loss_is_refuted_at_its_kink_too() -> None:
    def loss(w: Any) -> Any:
        return np.abs(w).sum(), np.where(w > 0, 1.0, np.where(w < 0, -1.0, 7.0))

    proof = prove_gradient(loss, {"w": "D"}, ["w"])
    assert proof.status is Status.REFUTED, proof
    assert 0 in proof.counterexamples["at a kink"].inputs["w"]


def test_a_function_that_jumps_has_no_subdifferential_to_be_outside_of() -> None:
    def jump(x: Any) -> Any:
        return np.where(x > 0, x + 1, x)

    proof = prove_vjp(jump, lambda d, x: d * np.where(x == 0, 9, 1), X)
    assert proof.status is Status.UNDECIDED, proof


PIECES = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.lists(st.integers(-8, 8), min_size=n, max_size=n), min_size=1, max_size=6)
)


@given(PIECES, st.data())
def test_a_mean_of_gradients_is_never_apart_from_them(corners: list[list[int]], data: st.DataObject) -> None:
    names = [Element(f"x_{k}") for k in range(len(corners[0]))]
    shares = np.array([data.draw(st.integers(0, 9)) for _ in corners], dtype=float) + 1e-9
    mean = (shares / shares.sum()) @ np.array(corners, dtype=float)
    pieces = [dict(zip(names, map(float, corner), strict=True)) for corner in corners]
    assert _apart(dict(zip(names, map(float, mean), strict=True)), pieces) == ({}, {})


@given(PIECES)
def test_what_sticks_out_is_apart_from_every_piece(corners: list[list[int]]) -> None:
    names = [Element(f"x_{k}") for k in range(len(corners[0]))]
    out = dict.fromkeys(names, 20.0)
    pieces = [dict(zip(names, map(float, corner), strict=True)) for corner in corners]
    direction, _ = _apart(out, pieces)
    assert all(sum(w * (out[e] - float(piece[e])) for e, w in direction.items()) > 0 for piece in pieces)
    assert direction
