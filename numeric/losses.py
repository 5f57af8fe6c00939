"""Losses that return ``(loss, gradient)``. A mean over an empty batch is 0, as the sum is; its gradient is empty."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numeric.softmax import log_softmax, softmax, softmax_vjp

Array = NDArray[Any]


@np.errstate(over="ignore")
def cross_entropy(logits: Array, labels: Array) -> tuple[Any, Array]:
    """Softmax cross-entropy ``-1/N sum_n log softmax(logits_n)[labels_n]`` and its gradient ``(p - onehot) / N``.

    logits (N, C), labels (N,) integers in range(C); returns a scalar and (N, C). Raises ValueError for other labels.
    A loss too large for the dtype is inf.
    """
    logits, labels = np.asarray(logits), np.asarray(labels)
    n, classes = logits.shape
    if labels.shape != (n,) or labels.dtype.kind not in "iu":
        raise ValueError(f"labels must be {n} integers, got {labels.dtype} of shape {labels.shape}")
    if n and not (labels.min() >= 0 and labels.max() < classes):
        raise ValueError(f"labels must lie in 0..{classes - 1}, got {labels.min()}..{labels.max()}")
    logp = log_softmax(logits)
    rows = np.arange(n)
    loss = (-logp[rows, labels]).sum() / max(n, 1)
    grad = np.exp(logp)
    grad[rows, labels] -= 1
    return loss, grad / max(n, 1)


def cross_entropy_hessian_product(v: Array, logits: Array) -> Array:
    """The Hessian of `cross_entropy` by the logits times v: ``p_i (v_i - sum_k v_k p_k) / N``, the same for all labels.

    v and logits (N, C); returns (N, C). In every row the Hessian is ``(diag(p) - p p^T) / N``.
    """
    return softmax_vjp(v, softmax(logits)) / max(len(logits), 1)


@np.errstate(over="ignore")
def soft_cross_entropy(logits: Array, targets: Array) -> tuple[Any, Array]:
    """Cross-entropy with probability targets ``-1/N sum_n sum_c targets_nc log softmax(logits_n)_c``, and its gradient.

    logits and targets (N, C), targets >= 0; returns a scalar and ``(p sum_c targets_c - targets) / N`` of shape (N, C).
    """
    logits, targets = np.asarray(logits), np.asarray(targets)
    if logits.shape != targets.shape:
        raise ValueError(f"targets must have the shape of logits {logits.shape}, got {targets.shape}")
    n = len(logits)
    logp = log_softmax(logits)
    # A class of probability 0 adds 0, even where its log-probability is -inf.
    terms = np.multiply(targets, logp, where=targets != 0, out=np.zeros_like(logp))
    grad = np.exp(logp) * targets.sum(axis=1, keepdims=True) - targets
    return (-terms).sum() / max(n, 1), grad / max(n, 1)


def squared_error(prediction: Array, target: Array) -> tuple[Any, Array]:
    """Mean squared error ``1/M sum (prediction - target)^2`` over all M elements, and ``2 (prediction - target) / M``.

    Both arguments have one shape, which must be equal (no broadcasting); raises ValueError otherwise.
    """
    prediction, target = np.asarray(prediction), np.asarray(target)
    if prediction.shape != target.shape:
        raise ValueError(f"target must have the shape of prediction {prediction.shape}, got {target.shape}")
    error = prediction - target
    m = max(error.size, 1)
    return (error * error).sum() / m, 2 * error / m


def l2_penalty(weights: Array, strength: float) -> tuple[Any, Array]:
    """``strength / 2 * sum weights^2`` and its gradient ``strength * weights``; any shape."""
    weights = np.asarray(weights)
    return strength * (weights * weights).sum() / 2, strength * weights
