"""Maxima, pooling, margins and look-ups: gradients sent to the wrong place, and what is returned at ties."""

# ruff: noqa: ARG005  (backward functions take everything, and need not use it)
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from proofs import prove_vjp
from proofs.claim import Status
from tests.bugs.zoo import loss_proved, loss_refuted, proved, refuted


def larger(x: Any, y: Any) -> Any:
    return np.maximum(x, y)


def test_maximum_of_two() -> None:
    shapes = {"x": "N", "y": "N"}
    proof = proved(larger, lambda d, x, y: (d * (x > y), d * (x <= y)), shapes)
    assert all(kink.inside for kink in proof.kinks)
    assert proof.kinks
    refuted(larger, lambda d, x, y: (d * (x < y), d * (x >= y)), shapes)
    refuted(larger, lambda d, x, y: (d, d), shapes)


def test_a_tie_counted_twice_is_outside_the_subdifferential() -> None:
    """Right wherever the inputs differ, and twice the gradient where they do not."""
    proof = prove_vjp(larger, lambda d, x, y: (d * (x >= y), d * (y >= x)), {"x": "N", "y": "N"})
    assert proof.status is Status.REFUTED
    assert "outside the Clarke subdifferential" in str(proof)
    assert all(verdict for name, verdict in proof.parts.items() if name != "at a kink")


def pool(x: Any) -> Any:
    """The largest of each window of two."""
    return np.stack([x[:, 0:2].max(axis=1), x[:, 2:4].max(axis=1)], axis=1)


def pool_backward(d: Any, x: Any, bug: str = "") -> Any:
    dx = np.zeros_like(x)
    for k in range(2):
        a, b = x[:, 2 * k], x[:, 2 * k + 1]
        first = a < b if bug == "inverted" else a >= b
        dx[:, 2 * k] = d[:, 0 if bug == "first window" else k] * first
        dx[:, 2 * k + 1] = d[:, k] * (1 if bug == "both" else ~first)
    return dx


def test_max_pooling() -> None:
    shapes = {"x": "1 4"}
    proved(pool, pool_backward, shapes)
    for bug in ("inverted", "first window", "both"):
        refuted(pool, lambda d, x, bug=bug: pool_backward(d, x, bug), shapes)


def test_an_equality_mask_is_refuted() -> None:
    """The shipped max-pool bug: on a tie every largest element gets the whole gradient."""

    def whole(x: Any) -> Any:
        return x.max(axis=1)

    def mask(d: Any, x: Any) -> Any:
        return d[:, None] * (x == x.max(axis=1, keepdims=True))

    proof = prove_vjp(whole, mask, {"x": "1 3"})
    assert proof.status is Status.REFUTED, proof


def triplet(a: Any, p: Any, n: Any, bug: str = "") -> Any:
    """The triplet loss on squared distances, and its gradients."""
    value = ((a - p) ** 2).sum(axis=1) - ((a - n) ** 2).sum(axis=1) + 1
    on = (value > 0)[:, None] * 1.0
    if bug == "margin":
        on = np.ones_like(on)
    da = 2 * (p - n if bug == "sign" else n - p) * on
    return np.maximum(value, 0).sum(), (da, -2 * (a - p) * on, (0 if bug == "negative" else 2) * (a - n) * on)


def test_triplet() -> None:
    shapes, wrt = {"a": "N D", "p": "N D", "n": "N D"}, ["a", "p", "n"]
    loss_proved(triplet, shapes, wrt)
    for bug in ("margin", "sign", "negative"):
        loss_refuted(lambda a, p, n, bug=bug: triplet(a, p, n, bug), shapes, wrt)


def embed(table: Any, y: Any) -> Any:
    return table[y]


def test_embedding() -> None:
    shapes = {"table": "V D", "y": "N -> V"}

    def right(d: Any, table: Any, y: Any) -> Any:
        dtable = np.zeros_like(table)
        np.add.at(dtable, y, d)
        return dtable

    def averaged(d: Any, table: Any, y: Any) -> Any:
        return right(d, table, y) / len(y)

    def repeated_words_lost(d: Any, table: Any, y: Any) -> Any:
        dtable = np.zeros_like(table)
        dtable[y] += d
        return dtable

    proved(embed, right, shapes)
    refuted(embed, averaged, shapes)
    assert prove_vjp(embed, repeated_words_lost, shapes).status is not Status.PROVED


def picked(z: Any, y: Any) -> Any:
    return z[np.arange(len(z)), y]


@pytest.mark.parametrize("sign", [1, -1])
def test_picked_scores(sign: int) -> None:
    shapes = {"z": "N C", "y": "N -> C"}

    def backward(d: Any, z: Any, y: Any) -> Any:
        dz = np.zeros_like(z)
        dz[np.arange(len(z)), y] = sign * d
        return dz

    (proved if sign == 1 else refuted)(picked, backward, shapes)
    refuted(picked, lambda d, z, y: d[:, None] * np.ones_like(z), shapes)


def penalty(w: Any, lam: Any, bug: str = "") -> Any:
    """An elastic net penalty and its gradient."""
    grad = lam * np.sign(w) + 2 * w
    wrong = {"sign": lam * w + 2 * w, "two": lam * np.sign(w) + w, "factor": np.sign(w) + 2 * w}
    return lam * np.abs(w).sum() + (w**2).sum(), wrong.get(bug, grad)


def test_elastic_net() -> None:
    shapes = {"w": "D", "lam": ""}
    loss_proved(penalty, shapes, ["w"])
    for bug in ("sign", "two", "factor"):
        loss_refuted(lambda w, lam, bug=bug: penalty(w, lam, bug), shapes, ["w"])
