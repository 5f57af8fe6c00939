"""Layers and losses of numeric/ as results: each gradient a step, and nothing green that was not settled."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from proofs.checker import check
from proofs.claim import Status
from proofs.theorems import layer_names, names, unknown
from proofs.theorems import library as tables
from proofs.theorems.layers import settle_layer
from proofs.theorems.library import Layer, Loss
from proofs.theorems.running import settle_named


def test_no_layer_has_the_name_of_a_theorem() -> None:
    assert not {*layer_names()} & {*names()}
    assert not unknown("layer_norm")
    assert "layer_norm" in unknown("layer_nrom")


def test_every_gradient_of_a_layer_is_a_step_with_a_certificate() -> None:
    result = settle_named("bilinear")
    assert result.status is Status.PROVED
    assert [step.text for step in result.theorem.steps] == ["gradient: x", "gradient: w", "gradient: y"]
    for step, verdict in zip(result.theorem.steps, result.verdicts, strict=True):
        assert step.subject is verdict.certificate
        assert check(verdict.certificate.data).kind == "identity"
    assert "numeric/forms.py" in result.theorem.text
    assert result.theorem.repeat == "python -m proofs.theorems.layers bilinear"


def test_a_kink_and_the_comparison_with_the_code_are_tested_and_say_so() -> None:
    (verdict,) = settle_layer("relu").verdicts
    words = {evidence.detail: evidence.word for evidence in verdict.evidence if evidence.layer == "code"}
    assert set(words.values()) == {"tested"}
    assert any("x[0, 0] = 0" in detail for detail in words)


@pytest.mark.parametrize(
    ("backward", "status"),
    [
        (lambda d, x: d * x, Status.REFUTED),
        (lambda d, x: d * (x if x.sum() > 0 else 2 * x), Status.UNDECIDED),
    ],
)
def test_wrong_or_unfollowed_code_is_not_proved(monkeypatch: Any, backward: Any, status: Status) -> None:
    def squared(x: Any) -> Any:
        return x**2

    wrong = {"squared": Layer(squared, backward, {"x": "N"})}
    monkeypatch.setattr("proofs.theorems.layers.LAYERS", wrong)
    result = settle_layer("squared")
    assert result.status is status
    assert len(result.theorem.steps) == len(result.verdicts) > 0


def test_a_wrong_loss_is_refuted(monkeypatch: Any) -> None:
    def loss(x: Any) -> Any:
        return np.sum(x**2), x

    monkeypatch.setattr("proofs.theorems.layers.LOSSES", {**tables.LOSSES, "wrong": Loss(loss, {"x": "N"}, ["x"])})
    assert settle_layer("wrong").status is Status.REFUTED
