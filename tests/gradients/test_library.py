"""Every layer of numeric/ is proved from its unmodified source, for all sizes, and a wrong form of it is refuted."""

# ruff: noqa: ARG005  (a backward pass takes all inputs)
from __future__ import annotations

import math
import os
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np
import pytest

import numeric
from numeric import (
    attention,
    blocks,
    convolution,
    forms,
    gated,
    likelihoods,
    margin_losses,
    normalisation,
    recurrent,
)
from numeric import rectifiers as pieces
from proofs.claim import Status
from proofs.gradients import Proof, prove_gradient, prove_vjp
from proofs.theorems.library import LAYERS, LOSSES, Shapes, two_layer

SLOW = os.environ.get("GRADPROOF_SLOW") == "1"


def scaled(backward: Callable[..., Any], which: int, factor: float = 2.0) -> Callable[..., Any]:
    """The backward pass with one of its gradients too large."""

    @wraps(backward)
    def wrong(*given: Any) -> Any:
        found = list(backward(*given))
        found[which] = factor * found[which]
        return tuple(found)

    return wrong


def negated(function: Callable[..., Any], which: int = 0) -> Callable[..., Any]:
    """The loss with the sign of one gradient wrong."""

    def wrong(*given: Any) -> Any:
        loss, gradient = function(*given)
        if not isinstance(gradient, tuple):
            return loss, -gradient
        return loss, tuple(-g if place == which else g for place, g in enumerate(gradient))

    return wrong


def summed(function: Callable[..., Any]) -> Callable[..., Any]:
    """The loss as a mean with the gradient of the sum."""

    def wrong(x: Any, *rest: Any) -> Any:
        loss, gradient = function(x, *rest)
        return loss, gradient * x.shape[0]

    return wrong


WRONG: dict[str, Callable[..., Any]] = {
    "sigmoid": lambda d, x: d * numeric.sigmoid(x),
    "softplus": lambda d, x: d * numeric.softplus(x),
    "relu": lambda d, x: np.where(x < 0, d, 0 * d),
    "leaky_relu": lambda d, x: np.where(x > 0, d, 0.1 * d),
    "elu": lambda d, x: d * np.where(x > 0, 1, pieces.elu(x)),
    "selu": pieces.elu_backward,
    "tanh": lambda d, x: d * (1 - np.tanh(x)),
    "hard_sigmoid": lambda d, x: d * ((x > -2) & (x < 3)) / 6,
    "hard_swish": lambda d, x: d * pieces.hard_sigmoid(x),
    "silu": lambda d, x: d * numeric.sigmoid(x),
    "gelu": lambda d, x: d * 0.5 * (1 + np.tanh(gated.GELU_SCALE * x)),
    "mish": lambda d, x: d * np.tanh(numeric.softplus(x)),
    "softmax": lambda d, p: d * p * (1 - p),
    "log_softmax": lambda d, p: d - np.exp(p),
    "cross_entropy_hessian_product": lambda d, x, y: numeric.softmax(x) * d / len(x),
    "logsumexp": lambda d, x: d[:, None] + numeric.softmax(x),
    "layer_norm": lambda d, cache: (d * cache[2] * cache[1], (d * cache[0]).sum(0), d.sum(0)),
    "rms_norm": lambda d, cache: (d * cache[2] * cache[1], (d * cache[0] * cache[1]).sum(0)),
    "group_norm": scaled(normalisation.group_norm_backward, 2),
    "batch_norm": scaled(normalisation.batch_norm_backward, 0),
    "batch_norm_staged": scaled(normalisation.batch_norm_staged_backward, 1, -1.0),
    "attention": lambda d, cache: (d @ cache[2].T @ cache[1], d.T @ cache[0] @ cache[1].T @ cache[1], cache[3].T @ d),
    "causal_attention": scaled(attention.attention_backward, 1, 0.5),
    "masked_attention": scaled(attention.attention_backward, 2, -1.0),
    "rnn_step": scaled(recurrent.rnn_step_backward, 1, -1.0),
    "lstm_step": scaled(recurrent.lstm_step_backward, 2),
    "gru_step": scaled(recurrent.gru_step_backward, 1, 0.5),
    "multi_head_attention": scaled(attention.multi_head_attention_backward, 3),
    "affine": lambda d, x, w, b: (d @ w.T, x.T @ d, d.mean(axis=0)),
    "bilinear": lambda d, x, w, y: (d[:, None] * (y @ w.T), x.T @ y, d[:, None] * (x @ w)),
    "quadratic": lambda d, x, a: (2 * d[:, None] * (x @ a), (x * d[:, None]).T @ x),
    "cosine_similarity": scaled(forms.cosine_similarity_backward, 1, -1.0),
    "squared_distances": scaled(forms.squared_distances_backward, 0, 0.5),
    "rbf_kernel": scaled(forms.rbf_kernel_backward, 2, -1.0),
    "embedding": lambda d, table, tokens: 2 * blocks.embedding_backward(d, table, tokens),
    "dropout": lambda d, x, mask, keep: (d * mask, -np.sum(d * x * mask) / keep**2),
    "low_rank_adapter": scaled(blocks.low_rank_adapter_backward, 2),
    "residual_block": lambda d, cache: (
        blocks.residual_block_backward(d, cache)[0] - d,
        *blocks.residual_block_backward(d, cache)[1:],
    ),
    "conv1d": lambda d, x, w: convolution.conv1d_backward(d, x, w[::-1]),
    "conv2d": scaled(convolution.conv2d_backward, 2),
    "max_pool": lambda d, x: np.repeat(np.repeat(d, 2, axis=2), 2, axis=3),
    "average_pool": lambda d, x: np.repeat(np.repeat(d, 2, axis=2), 2, axis=3) / 2,
    "two_layer_network": negated(two_layer, 2),
    "cross_entropy": summed(numeric.cross_entropy),
    "soft_cross_entropy": lambda x, t: (numeric.soft_cross_entropy(x, t)[0], (numeric.softmax(x) - t) / x.shape[0]),
    "squared_error": summed(numeric.squared_error),
    "l2_penalty": lambda w, r: (r / 2 * np.sum(w**2), 2 * r * w),
    "label_smoothing": negated(likelihoods.label_smoothing),
    "binary_cross_entropy": lambda x, t: (
        likelihoods.binary_cross_entropy(x, t)[0],
        (numeric.sigmoid(x) - t) / x.shape[0],
    ),
    "gaussian": negated(likelihoods.gaussian, 1),
    "distillation": lambda s, t, T: (likelihoods.distillation(s, t, T)[0], likelihoods.distillation(s, t, T)[1] / T),
    "focal": summed(likelihoods.focal),
    "info_nce": negated(likelihoods.info_nce, 1),
    "multiclass_hinge": negated(margin_losses.multiclass_hinge),
    "squared_hinge": negated(margin_losses.squared_hinge),
    "huber": lambda p, t: (margin_losses.huber(p, t)[0], (p - t) / p.size),
    "triplet": negated(margin_losses.triplet, 2),
}
COSTLY = (
    *("causal_attention", "group_norm", "batch_norm_staged", "max_pool", "conv2d", "lstm_step", "gru_step"),
    "multi_head_attention",
)
"""Wrong forms of these are refuted with GRADPROOF_SLOW=1 only; that the right ones are proved is always tested."""
CHEAP = [name for name in WRONG if name not in COSTLY]
TRIED = frozenset(WRONG if SLOW else CHEAP[::2])
"""Whose wrong form is refuted: every second of the others by default."""


def scope(shapes: Shapes) -> str:
    names = {d for text in shapes.values() for d in text.replace("->", " ").replace("*", " ").split() if d.isalpha()}
    return "all " if names else "all real values"


def verdict(proof: Proof, status: Status) -> None:
    assert proof.status is status, str(proof)


@pytest.mark.parametrize("name", LAYERS if SLOW else [name for name in LAYERS if name != "multi_head_attention"])
def test_a_layer_is_proved_from_its_source(name: str) -> None:
    layer = LAYERS[name]
    proof = prove_vjp(layer.forward, layer.backward, layer.shapes)
    verdict(proof, Status.PROVED)
    assert proof.scope.text.startswith(scope(layer.shapes))


@pytest.mark.parametrize("name", [name for name in LAYERS if name in TRIED])
def test_a_wrong_backward_pass_is_refuted(name: str) -> None:
    layer = LAYERS[name]
    verdict(prove_vjp(layer.forward, WRONG[name], layer.shapes), Status.REFUTED)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_proved_from_its_source(name: str) -> None:
    loss = LOSSES[name]
    proof = prove_gradient(loss.function, loss.shapes, loss.by)
    verdict(proof, Status.PROVED)
    assert proof.scope.text.startswith("all ")


@pytest.mark.parametrize("name", [name for name in LOSSES if name in TRIED])
def test_a_wrong_gradient_is_refuted(name: str) -> None:
    loss = LOSSES[name]
    verdict(prove_gradient(WRONG[name], loss.shapes, loss.by), Status.REFUTED)


def test_the_constants_of_the_library_are_those_it_speaks_of() -> None:
    assert math.isclose(gated.GELU_SCALE, math.sqrt(2 / math.pi))


def gated_pair(x: Any, w: Any) -> Any:
    gate = np.tanh(x * w)
    return gate * x, gate + w, (x, w, gate)


def gated_pair_backward(da: Any, db: Any, cache: Any) -> Any:
    x, w, gate = cache
    dgate = (da * x + db) * (1 - gate**2)
    return da * gate + dgate * w, dgate * x + db


def test_several_outputs_may_come_with_a_cache() -> None:
    shapes = {"x": "N D", "w": "N D"}
    verdict(prove_vjp(gated_pair, gated_pair_backward, shapes), Status.PROVED)
    verdict(prove_vjp(gated_pair, scaled(gated_pair_backward, 1), shapes), Status.REFUTED)
