"""Masks of zeros and ones: proved for any weights where that holds, as zeros and ones where only that does."""

# ruff: noqa: ARG001, ARG005  (a backward pass takes all inputs)
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from proofs import prove_gradient, prove_vjp
from proofs.capture import ShapeError
from proofs.claim import Status
from proofs.gradients.masks import ANY_NUMBERS

MASKED = {"x": "N D", "mask": "N D -> 2"}


def drop(x: Any, mask: Any) -> Any:
    return x * mask


def weighted(x: Any, mask: Any) -> Any:
    return (x * mask).sum(axis=1) / (1.0 * mask).sum(axis=1)


def weighted_backward(dout: Any, x: Any, mask: Any) -> Any:
    return dout[:, None] * mask / (1.0 * mask).sum(axis=1, keepdims=True)


def test_what_holds_for_any_weights_is_shown_for_them() -> None:
    proof = prove_vjp(drop, lambda d, x, mask: d * mask, MASKED)
    assert proof.status is Status.PROVED
    assert ANY_NUMBERS.detail in proof.lemmas
    assert not any("step" in text or "!= 0" in text for text in proof.assumptions)


def test_what_holds_for_zeros_and_ones_alone_is_shown_for_them() -> None:
    proof = prove_vjp(drop, lambda d, x, mask: d * mask * mask, MASKED)
    assert proof.status is Status.PROVED
    assert ANY_NUMBERS.detail not in proof.lemmas
    proof = prove_vjp(drop, lambda d, x, mask: d * (mask > 0), MASKED)
    assert proof.status is Status.PROVED


@pytest.mark.parametrize(
    "wrong",
    [
        lambda d, x, mask: d * (1 - mask),
        lambda d, x, mask: d * mask * 2,
        lambda d, x, mask: d,
        lambda d, x, mask: d * mask.max(),
    ],
)
def test_what_holds_for_neither_is_not_proved(wrong: Any) -> None:
    assert prove_vjp(drop, wrong, MASKED).status is not Status.PROVED


def test_a_mask_that_leaves_nothing_is_an_assumption() -> None:
    proof = prove_vjp(weighted, weighted_backward, MASKED)
    assert proof.status is Status.PROVED, proof
    assert any(text.startswith("sum(mask[") and text.endswith("!= 0") for text in proof.assumptions)
    assert prove_vjp(weighted, lambda d, x, m: weighted_backward(d, x, m) / len(m), MASKED).status is Status.REFUTED


def test_scores_left_out_by_a_mask() -> None:
    def forward(x: Any, mask: Any) -> Any:
        e = np.exp(np.where(mask == 1, x, -np.inf))
        return e / e.sum(axis=1, keepdims=True)

    def backward(d: Any, x: Any, mask: Any) -> Any:
        p = forward(x, mask)
        return p * (d - (d * p).sum(axis=1, keepdims=True))

    proof = prove_vjp(forward, backward, MASKED)
    assert proof.status is Status.PROVED, proof
    assert prove_vjp(forward, lambda d, x, m: backward(d, x, m) + d * (1 - m), MASKED).status is not Status.PROVED


def test_nothing_is_differentiated_by_labels() -> None:
    """A square in the place of a mask depends on an array that the mask does not depend on."""

    def loss(x: Any, mask: Any) -> Any:
        return (x * mask).sum(), 2 * x

    with pytest.raises(ShapeError, match="mask: labels are integers"):
        prove_gradient(loss, MASKED, ["mask"])
