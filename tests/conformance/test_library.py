"""Every layer and loss of numeric/ conforms in float32 and float64; with GRADPROOF_SLOW=1 (some minutes)."""

from __future__ import annotations

import os

import pytest

from proofs.conformance import check_gradient, check_vjp
from proofs.theorems.library import LAYERS, LOSSES

SLOW = os.environ.get("GRADPROOF_SLOW") == "1"


@pytest.mark.parametrize("name", LAYERS if SLOW else [])
def test_a_layer_conforms(name: str) -> None:
    layer = LAYERS[name]
    report = check_vjp(layer.forward, layer.backward, layer.shapes)
    assert report, report


@pytest.mark.parametrize("name", LOSSES if SLOW else [])
def test_a_loss_conforms(name: str) -> None:
    loss = LOSSES[name]
    report = check_gradient(loss.function, loss.shapes, loss.by)
    assert report, report
