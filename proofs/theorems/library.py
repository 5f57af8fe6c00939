"""The layers and losses of numeric/, with the shapes of their parameters: what is proved from its unmodified source."""

# ruff: noqa: ARG005  (a backward pass takes all inputs)
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

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
    rectifiers,
    recurrent,
)

Shapes = Mapping[str, str]


class Layer(NamedTuple):
    """A forward pass, its vector-Jacobian product, and the shapes of its parameters."""

    forward: Callable[..., Any]
    backward: Callable[..., Any]
    shapes: Shapes


class Loss(NamedTuple):
    """A function that returns (loss, gradient), the shapes of its parameters, and those it is differentiated by."""

    function: Callable[..., Any]
    shapes: Shapes
    by: Sequence[str]


def with_cache(function: Callable[..., Any]) -> Callable[..., Any]:
    """The forward pass that keeps its output for the backward pass."""

    def forward(x: Any) -> Any:
        out = function(x)
        return out, out

    return forward


def two_layer(w1: Any, b1: Any, w2: Any, b2: Any, x: Any, y: Any, reg: Any) -> Any:
    """The whole network of numeric/: its loss, and the gradients by its parameters."""
    loss, gradients, _ = network.loss_and_gradients(network.Parameters(w1, b1, w2, b2), x, y, reg)
    return loss, tuple(gradients)


X = {"x": "N D"}
NORMS = {"x": "N D", "gamma": "D", "beta": "D"}
QKV = {"q": "T D", "k": "S D", "v": "S E"}
PAIR = {"x": "N D", "y": "N D"}
CLASSES = {"x": "N C", "y": "N -> C"}

LAYERS: Mapping[str, Layer] = {
    "sigmoid": Layer(numeric.sigmoid, numeric.sigmoid_backward, X),
    "softplus": Layer(numeric.softplus, numeric.softplus_backward, X),
    "relu": Layer(numeric.relu, numeric.relu_backward, X),
    "leaky_relu": Layer(rectifiers.leaky_relu, rectifiers.leaky_relu_backward, X),
    "elu": Layer(rectifiers.elu, rectifiers.elu_backward, X),
    "selu": Layer(rectifiers.selu, rectifiers.selu_backward, X),
    "tanh": Layer(numeric.tanh, numeric.tanh_backward, X),
    "hard_sigmoid": Layer(rectifiers.hard_sigmoid, rectifiers.hard_sigmoid_backward, X),
    "hard_swish": Layer(rectifiers.hard_swish, rectifiers.hard_swish_backward, X),
    "silu": Layer(gated.silu, gated.silu_backward, X),
    "gelu": Layer(gated.gelu, gated.gelu_backward, X),
    "mish": Layer(gated.mish, gated.mish_backward, X),
    "softmax": Layer(with_cache(numeric.softmax), numeric.softmax_vjp, X),
    "log_softmax": Layer(with_cache(numeric.log_softmax), numeric.log_softmax_vjp, X),
    "cross_entropy_hessian_product": Layer(
        lambda x, y: numeric.cross_entropy(x, y)[1],
        lambda d, x, y: numeric.cross_entropy_hessian_product(d, x),
        {"x": "N C", "y": "N -> C"},
    ),
    "logsumexp": Layer(numeric.logsumexp, numeric.logsumexp_vjp, X),
    "layer_norm": Layer(normalisation.layer_norm, normalisation.layer_norm_backward, NORMS),
    "rms_norm": Layer(normalisation.rms_norm, normalisation.rms_norm_backward, {"x": "N D", "gamma": "D"}),
    "group_norm": Layer(
        lambda x, gamma, beta: normalisation.group_norm(x, gamma, beta, 2),
        normalisation.group_norm_backward,
        {"x": "N 2*D", "gamma": "2*D", "beta": "2*D"},
    ),
    "batch_norm": Layer(normalisation.batch_norm, normalisation.batch_norm_backward, NORMS),
    "batch_norm_staged": Layer(normalisation.batch_norm, normalisation.batch_norm_staged_backward, NORMS),
    "attention": Layer(attention.attention, attention.attention_backward, QKV),
    "causal_attention": Layer(
        attention.causal_attention, attention.attention_backward, {"q": "T D", "k": "T D", "v": "T E"}
    ),
    "masked_attention": Layer(attention.masked_attention, attention.attention_backward, {**QKV, "mask": "T S -> 2"}),
    "rnn_step": Layer(
        recurrent.rnn_step, recurrent.rnn_step_backward, {"x": "N D", "h": "N H", "wx": "D H", "wh": "H H", "b": "H"}
    ),
    "lstm_step": Layer(
        recurrent.lstm_step,
        recurrent.lstm_step_backward,
        {"x": "N D", "h": "N H", "c": "N H", "wx": "D 4*H", "wh": "H 4*H", "b": "4*H"},
    ),
    "gru_step": Layer(
        recurrent.gru_step,
        recurrent.gru_step_backward,
        {"x": "N D", "h": "N H", "wx": "D 3*H", "wh": "H 3*H", "b": "3*H"},
    ),
    "multi_head_attention": Layer(
        lambda x, q, k, v, o: attention.multi_head_attention(x, q, k, v, o, 2),
        attention.multi_head_attention_backward,
        {"x": "T D", "wq": "D 2*E", "wk": "D 2*E", "wv": "D 2*E", "wo": "2*E D"},
    ),
    "affine": Layer(
        numeric.affine_forward, lambda d, x, w, b: numeric.affine_backward(d, x, w), {"x": "N D", "w": "D M", "b": "M"}
    ),
    "bilinear": Layer(forms.bilinear, forms.bilinear_backward, {"x": "N D", "w": "D E", "y": "N E"}),
    "quadratic": Layer(forms.quadratic, forms.quadratic_backward, {"x": "N D", "a": "D D"}),
    "cosine_similarity": Layer(forms.cosine_similarity, forms.cosine_similarity_backward, PAIR),
    "squared_distances": Layer(forms.squared_distances, forms.squared_distances_backward, {"x": "N D", "y": "M D"}),
    "rbf_kernel": Layer(forms.rbf_kernel, forms.rbf_kernel_backward, {"x": "N D", "y": "M D", "gamma": ""}),
    "embedding": Layer(blocks.embedding, blocks.embedding_backward, {"table": "V D", "tokens": "N -> V"}),
    "dropout": Layer(blocks.dropout, blocks.dropout_backward, {"x": "N D", "mask": "N D -> 2", "keep": ""}),
    "low_rank_adapter": Layer(
        blocks.low_rank_adapter,
        blocks.low_rank_adapter_backward,
        {"x": "N D", "w": "D M", "a": "D R", "b": "R M", "scale": ""},
    ),
    "residual_block": Layer(
        blocks.residual_block,
        blocks.residual_block_backward,
        {"x": "N D", "w1": "D H", "b1": "H", "w2": "H D", "b2": "D"},
    ),
    "conv1d": Layer(convolution.conv1d, convolution.conv1d_backward, {"x": "5", "w": "2"}),
    "conv2d": Layer(
        lambda x, w, b: convolution.conv2d(x, w, b, 2, 1),
        convolution.conv2d_backward,
        {"x": "1 1 3 2", "w": "2 1 2 2", "b": "2"},
    ),
    "max_pool": Layer(convolution.max_pool, convolution.max_pool_backward, {"x": "1 1 2 2"}),
    "average_pool": Layer(
        convolution.average_pool, lambda d, x: convolution.average_pool_backward(d), {"x": "1 1 4 2"}
    ),
}
LOSSES: Mapping[str, Loss] = {
    "two_layer_network": Loss(
        two_layer,
        {"w1": "D H", "b1": "H", "w2": "H C", "b2": "C", "x": "N D", "y": "N -> C", "reg": ""},
        ["w1", "b1", "w2", "b2"],
    ),
    "cross_entropy": Loss(numeric.cross_entropy, CLASSES, ["x"]),
    "soft_cross_entropy": Loss(numeric.soft_cross_entropy, {"x": "N C", "t": "N C"}, ["x"]),
    "squared_error": Loss(numeric.squared_error, PAIR, ["x"]),
    "l2_penalty": Loss(numeric.l2_penalty, {"w": "D", "r": ""}, ["w"]),
    "label_smoothing": Loss(likelihoods.label_smoothing, {**CLASSES, "s": ""}, ["x"]),
    "binary_cross_entropy": Loss(likelihoods.binary_cross_entropy, {"x": "N D", "t": "N D"}, ["x"]),
    "gaussian": Loss(likelihoods.gaussian, {"m": "N D", "v": "N D", "t": "N D"}, ["m", "v"]),
    "distillation": Loss(likelihoods.distillation, {"s": "N C", "t": "N C", "T": ""}, ["s"]),
    "focal": Loss(likelihoods.focal, CLASSES, ["x"]),
    "info_nce": Loss(likelihoods.info_nce, {"q": "N D", "k": "N D", "t": ""}, ["q", "k"]),
    "multiclass_hinge": Loss(margin_losses.multiclass_hinge, {"s": "N C", "y": "N -> C"}, ["s"]),
    "squared_hinge": Loss(margin_losses.squared_hinge, {"s": "N", "t": "N"}, ["s"]),
    "huber": Loss(margin_losses.huber, {"p": "N D", "t": "N D"}, ["p"]),
    "triplet": Loss(margin_losses.triplet, {"a": "N D", "p": "N D", "q": "N D", "margin": ""}, ["a", "p", "q"]),
}
