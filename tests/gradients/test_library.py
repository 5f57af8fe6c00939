"""Every layer of numeric/ is proved from its unmodified source, for all sizes, and a wrong form of it is refuted."""

# ruff: noqa: ARG005  (a backward pass takes all inputs)
from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, NamedTuple

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
    network,
    normalisation,
    recurrent,
)
from numeric import rectifiers as pieces
from proofs.claim import Status
from proofs.gradients import Proof, prove_gradient, prove_vjp

Shapes = Mapping[str, str]
SLOW = os.environ.get("GRADPROOF_SLOW") == "1"


class Layer(NamedTuple):
    """A forward and a backward pass, their shapes, and a backward pass that is wrong."""

    forward: Callable[..., Any]
    backward: Callable[..., Any]
    shapes: Shapes
    wrong: Callable[..., Any]


class Loss(NamedTuple):
    """A function that returns (loss, gradient), and one whose gradient is wrong."""

    function: Callable[..., Any]
    shapes: Shapes
    by: Sequence[str]
    wrong: Callable[..., Any]


def with_cache(function: Callable[..., Any]) -> Callable[..., Any]:
    """The forward pass that keeps its output for the backward pass."""

    def forward(x: Any) -> Any:
        out = function(x)
        return out, out

    return forward


def scaled(backward: Callable[..., Any], which: int, factor: float = 2.0) -> Callable[..., Any]:
    """The backward pass with one of its gradients too large."""

    @wraps(backward)
    def wrong(*given: Any) -> Any:
        found = list(backward(*given))
        found[which] = factor * found[which]
        return tuple(found)

    return wrong


X = {"x": "N D"}
ELEMENTWISE = {
    "sigmoid": Layer(numeric.sigmoid, numeric.sigmoid_backward, X, lambda d, x: d * numeric.sigmoid(x)),
    "softplus": Layer(numeric.softplus, numeric.softplus_backward, X, lambda d, x: d * numeric.softplus(x)),
    "relu": Layer(numeric.relu, numeric.relu_backward, X, lambda d, x: np.where(x < 0, d, 0 * d)),
    "leaky_relu": Layer(pieces.leaky_relu, pieces.leaky_relu_backward, X, lambda d, x: np.where(x > 0, d, 0.1 * d)),
    "elu": Layer(pieces.elu, pieces.elu_backward, X, lambda d, x: d * np.where(x > 0, 1, pieces.elu(x))),
    "selu": Layer(pieces.selu, pieces.selu_backward, X, pieces.elu_backward),
    "tanh": Layer(numeric.tanh, numeric.tanh_backward, X, lambda d, x: d * (1 - np.tanh(x))),
    "hard_sigmoid": Layer(
        pieces.hard_sigmoid, pieces.hard_sigmoid_backward, X, lambda d, x: d * ((x > -2) & (x < 3)) / 6
    ),
    "hard_swish": Layer(pieces.hard_swish, pieces.hard_swish_backward, X, lambda d, x: d * pieces.hard_sigmoid(x)),
    "silu": Layer(gated.silu, gated.silu_backward, X, lambda d, x: d * numeric.sigmoid(x)),
    "gelu": Layer(gated.gelu, gated.gelu_backward, X, lambda d, x: d * 0.5 * (1 + np.tanh(gated.GELU_SCALE * x))),
    "mish": Layer(gated.mish, gated.mish_backward, X, lambda d, x: d * np.tanh(numeric.softplus(x))),
    "softmax": Layer(with_cache(numeric.softmax), numeric.softmax_vjp, X, lambda d, p: d * p * (1 - p)),
    "log_softmax": Layer(with_cache(numeric.log_softmax), numeric.log_softmax_vjp, X, lambda d, p: d - np.exp(p)),
    "cross_entropy_hessian": Layer(
        lambda x, y: numeric.cross_entropy(x, y)[1],
        lambda d, x, y: numeric.cross_entropy_hessian_product(d, x),
        {"x": "N C", "y": "N -> C"},
        lambda d, x, y: numeric.softmax(x) * d / len(x),
    ),
    "logsumexp": Layer(numeric.logsumexp, numeric.logsumexp_vjp, X, lambda d, x: d[:, None] + numeric.softmax(x)),
}
NORMS = {"x": "N D", "gamma": "D", "beta": "D"}
NORMALISATION = {
    "layer_norm": Layer(
        normalisation.layer_norm,
        normalisation.layer_norm_backward,
        NORMS,
        lambda d, cache: (d * cache[2] * cache[1], (d * cache[0]).sum(0), d.sum(0)),
    ),
    "rms_norm": Layer(
        normalisation.rms_norm,
        normalisation.rms_norm_backward,
        {"x": "N D", "gamma": "D"},
        lambda d, cache: (d * cache[2] * cache[1], (d * cache[0] * cache[1]).sum(0)),
    ),
    "group_norm": Layer(
        lambda x, gamma, beta: normalisation.group_norm(x, gamma, beta, 2),
        normalisation.group_norm_backward,
        {"x": "N 2*D", "gamma": "2*D", "beta": "2*D"},
        scaled(normalisation.group_norm_backward, 2),
    ),
    "batch_norm": Layer(
        normalisation.batch_norm, normalisation.batch_norm_backward, NORMS, scaled(normalisation.batch_norm_backward, 0)
    ),
    "batch_norm_staged": Layer(
        normalisation.batch_norm,
        normalisation.batch_norm_staged_backward,
        NORMS,
        scaled(normalisation.batch_norm_staged_backward, 1, -1.0),
    ),
}
QKV = {"q": "T D", "k": "S D", "v": "S E"}
ATTENTION = {
    "attention": Layer(
        attention.attention,
        attention.attention_backward,
        QKV,
        lambda d, cache: (d @ cache[2].T @ cache[1], d.T @ cache[0] @ cache[1].T @ cache[1], cache[3].T @ d),
    ),
    "causal_attention": Layer(
        attention.causal_attention,
        attention.attention_backward,
        {"q": "T D", "k": "T D", "v": "T E"},
        scaled(attention.attention_backward, 1, 0.5),
    ),
    "masked_attention": Layer(
        attention.masked_attention,
        attention.attention_backward,
        {**QKV, "mask": "T S -> 2"},
        scaled(attention.attention_backward, 2, -1.0),
    ),
}
RECURRENT = {
    "rnn_step": Layer(
        recurrent.rnn_step,
        recurrent.rnn_step_backward,
        {"x": "N D", "h": "N H", "wx": "D H", "wh": "H H", "b": "H"},
        scaled(recurrent.rnn_step_backward, 1, -1.0),
    ),
    "lstm_step": Layer(
        recurrent.lstm_step,
        recurrent.lstm_step_backward,
        {"x": "N D", "h": "N H", "c": "N H", "wx": "D 4*H", "wh": "H 4*H", "b": "4*H"},
        scaled(recurrent.lstm_step_backward, 2),
    ),
    "gru_step": Layer(
        recurrent.gru_step,
        recurrent.gru_step_backward,
        {"x": "N D", "h": "N H", "wx": "D 3*H", "wh": "H 3*H", "b": "3*H"},
        scaled(recurrent.gru_step_backward, 1, 0.5),
    ),
}


HEAVY = {
    "multi_head_attention": Layer(
        lambda x, q, k, v, o: attention.multi_head_attention(x, q, k, v, o, 2),
        attention.multi_head_attention_backward,
        {"x": "T D", "wq": "D 2*E", "wk": "D 2*E", "wv": "D 2*E", "wo": "2*E D"},
        scaled(attention.multi_head_attention_backward, 3),
    ),
}
PAIR = {"x": "N D", "y": "N D"}
FORMS = {
    "affine": Layer(
        numeric.affine_forward,
        lambda d, x, w, b: numeric.affine_backward(d, x, w),
        {"x": "N D", "w": "D M", "b": "M"},
        lambda d, x, w, b: (d @ w.T, x.T @ d, d.mean(axis=0)),
    ),
    "bilinear": Layer(
        forms.bilinear,
        forms.bilinear_backward,
        {"x": "N D", "w": "D E", "y": "N E"},
        lambda d, x, w, y: (d[:, None] * (y @ w.T), x.T @ y, d[:, None] * (x @ w)),
    ),
    "quadratic": Layer(
        forms.quadratic,
        forms.quadratic_backward,
        {"x": "N D", "a": "D D"},
        lambda d, x, a: (2 * d[:, None] * (x @ a), (x * d[:, None]).T @ x),
    ),
    "cosine_similarity": Layer(
        forms.cosine_similarity,
        forms.cosine_similarity_backward,
        PAIR,
        scaled(forms.cosine_similarity_backward, 1, -1.0),
    ),
    "squared_distances": Layer(
        forms.squared_distances,
        forms.squared_distances_backward,
        {"x": "N D", "y": "M D"},
        scaled(forms.squared_distances_backward, 0, 0.5),
    ),
    "rbf_kernel": Layer(
        forms.rbf_kernel,
        forms.rbf_kernel_backward,
        {"x": "N D", "y": "M D", "gamma": ""},
        scaled(forms.rbf_kernel_backward, 2, -1.0),
    ),
}
BLOCKS = {
    "embedding": Layer(
        blocks.embedding,
        blocks.embedding_backward,
        {"table": "V D", "tokens": "N -> V"},
        lambda d, table, tokens: 2 * blocks.embedding_backward(d, table, tokens),
    ),
    "dropout": Layer(
        blocks.dropout,
        blocks.dropout_backward,
        {"x": "N D", "mask": "N D -> 2", "keep": ""},
        lambda d, x, mask, keep: (d * mask, -np.sum(d * x * mask) / keep**2),
    ),
    "low_rank_adapter": Layer(
        blocks.low_rank_adapter,
        blocks.low_rank_adapter_backward,
        {"x": "N D", "w": "D M", "a": "D R", "b": "R M", "scale": ""},
        scaled(blocks.low_rank_adapter_backward, 2),
    ),
    "residual_block": Layer(
        blocks.residual_block,
        blocks.residual_block_backward,
        {"x": "N D", "w1": "D H", "b1": "H", "w2": "H D", "b2": "D"},
        lambda d, cache: (
            blocks.residual_block_backward(d, cache)[0] - d,
            *blocks.residual_block_backward(d, cache)[1:],
        ),
    ),
}
IMAGES = {
    "conv1d": Layer(
        convolution.conv1d,
        convolution.conv1d_backward,
        {"x": "5", "w": "2"},
        lambda d, x, w: convolution.conv1d_backward(d, x, w[::-1]),
    ),
    "conv2d": Layer(
        lambda x, w, b: convolution.conv2d(x, w, b, 2, 1),
        convolution.conv2d_backward,
        {"x": "1 1 3 2", "w": "2 1 2 2", "b": "2"},
        scaled(convolution.conv2d_backward, 2),
    ),
    "max_pool": Layer(
        convolution.max_pool,
        convolution.max_pool_backward,
        {"x": "1 1 2 2"},
        lambda d, x: np.repeat(np.repeat(d, 2, axis=2), 2, axis=3),
    ),
    "average_pool": Layer(
        convolution.average_pool,
        lambda d, x: convolution.average_pool_backward(d),
        {"x": "1 1 4 2"},
        lambda d, x: np.repeat(np.repeat(d, 2, axis=2), 2, axis=3) / 2,
    ),
}
COSTLY = ("causal_attention", "group_norm", "batch_norm_staged", "max_pool", "conv2d", "lstm_step", "gru_step")
"""Wrong forms of these are refuted with GRADPROOF_SLOW=1 only; that the right ones are proved is always tested."""

LAYERS = ELEMENTWISE | NORMALISATION | ATTENTION | RECURRENT | FORMS | BLOCKS | IMAGES | (HEAVY if SLOW else {})
CLASSES = {"x": "N C", "y": "N -> C"}


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


def two_layer(w1: Any, b1: Any, w2: Any, b2: Any, x: Any, y: Any, reg: Any) -> Any:
    """The whole network of numeric/: its loss, and the gradients by its parameters."""
    loss, gradients, _ = network.loss_and_gradients(network.Parameters(w1, b1, w2, b2), x, y, reg)
    return loss, tuple(gradients)


LOSSES = {
    "two_layer_network": Loss(
        two_layer,
        {"w1": "D H", "b1": "H", "w2": "H C", "b2": "C", "x": "N D", "y": "N -> C", "reg": ""},
        ["w1", "b1", "w2", "b2"],
        negated(two_layer, 2),
    ),
    "cross_entropy": Loss(numeric.cross_entropy, CLASSES, ["x"], summed(numeric.cross_entropy)),
    "soft_cross_entropy": Loss(
        numeric.soft_cross_entropy,
        {"x": "N C", "t": "N C"},
        ["x"],
        lambda x, t: (numeric.soft_cross_entropy(x, t)[0], (numeric.softmax(x) - t) / x.shape[0]),
    ),
    "squared_error": Loss(numeric.squared_error, PAIR, ["x"], summed(numeric.squared_error)),
    "l2_penalty": Loss(numeric.l2_penalty, {"w": "D", "r": ""}, ["w"], lambda w, r: (r / 2 * np.sum(w**2), 2 * r * w)),
    "label_smoothing": Loss(
        likelihoods.label_smoothing, {**CLASSES, "s": ""}, ["x"], negated(likelihoods.label_smoothing)
    ),
    "binary_cross_entropy": Loss(
        likelihoods.binary_cross_entropy,
        {"x": "N D", "t": "N D"},
        ["x"],
        lambda x, t: (likelihoods.binary_cross_entropy(x, t)[0], (numeric.sigmoid(x) - t) / x.shape[0]),
    ),
    "gaussian": Loss(
        likelihoods.gaussian, {"m": "N D", "v": "N D", "t": "N D"}, ["m", "v"], negated(likelihoods.gaussian, 1)
    ),
    "distillation": Loss(
        likelihoods.distillation,
        {"s": "N C", "t": "N C", "T": ""},
        ["s"],
        lambda s, t, T: (likelihoods.distillation(s, t, T)[0], likelihoods.distillation(s, t, T)[1] / T),
    ),
    "focal": Loss(likelihoods.focal, CLASSES, ["x"], summed(likelihoods.focal)),
    "info_nce": Loss(
        likelihoods.info_nce, {"q": "N D", "k": "N D", "t": ""}, ["q", "k"], negated(likelihoods.info_nce, 1)
    ),
    "multiclass_hinge": Loss(
        margin_losses.multiclass_hinge, {"s": "N C", "y": "N -> C"}, ["s"], negated(margin_losses.multiclass_hinge)
    ),
    "squared_hinge": Loss(
        margin_losses.squared_hinge, {"s": "N", "t": "N"}, ["s"], negated(margin_losses.squared_hinge)
    ),
    "huber": Loss(
        margin_losses.huber,
        {"p": "N D", "t": "N D"},
        ["p"],
        lambda p, t: (margin_losses.huber(p, t)[0], (p - t) / p.size),
    ),
    "triplet": Loss(
        margin_losses.triplet,
        {"a": "N D", "p": "N D", "q": "N D", "margin": ""},
        ["a", "p", "q"],
        negated(margin_losses.triplet, 2),
    ),
}


def scope(shapes: Shapes) -> str:
    names = {d for text in shapes.values() for d in text.replace("->", " ").replace("*", " ").split() if d.isalpha()}
    return "all " if names else "all real values"


def verdict(proof: Proof, status: Status) -> None:
    assert proof.status is status, str(proof)


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_is_proved_from_its_source(name: str) -> None:
    layer = LAYERS[name]
    proof = prove_vjp(layer.forward, layer.backward, layer.shapes)
    verdict(proof, Status.PROVED)
    assert proof.scope.text.startswith(scope(layer.shapes))


@pytest.mark.parametrize("name", LAYERS if SLOW else [name for name in LAYERS if name not in COSTLY])
def test_a_wrong_backward_pass_is_refuted(name: str) -> None:
    layer = LAYERS[name]
    verdict(prove_vjp(layer.forward, layer.wrong, layer.shapes), Status.REFUTED)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_proved_from_its_source(name: str) -> None:
    loss = LOSSES[name]
    proof = prove_gradient(loss.function, loss.shapes, loss.by)
    verdict(proof, Status.PROVED)
    assert proof.scope.text.startswith("all ")


@pytest.mark.parametrize("name", LOSSES)
def test_a_wrong_gradient_is_refuted(name: str) -> None:
    loss = LOSSES[name]
    verdict(prove_gradient(loss.wrong, loss.shapes, loss.by), Status.REFUTED)


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
