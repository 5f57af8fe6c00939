"""Losses with margins and pieces, each returning ``(loss, gradient)``; the loss is a mean over N >= 1 rows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def multiclass_hinge(scores: Array, labels: Array, margin: float = 1.0) -> tuple[Any, Array]:
    """``1/N sum_n sum_{c != y_n} max(0, s_nc - s_ny + margin)``: scores (N, C), labels (N,) integers in range(C).

    Weston and Watkins 1999, equation 4. The gradient has the shape of scores.
    """
    n = scores.shape[0]
    rows = np.arange(n)
    margins = np.maximum(0, scores - scores[rows, labels][:, None] + margin)
    margins[rows, labels] = 0
    grad = (margins > 0).astype(scores.dtype)
    grad[rows, labels] = -grad.sum(axis=1)
    return margins.sum() / n, grad / n


def squared_hinge(scores: Array, signs: Array) -> tuple[Any, Array]:
    """``1/N sum_n max(0, 1 - t_n s_n)^2``: scores and signs (N,), the signs being -1 or 1."""
    slack = np.maximum(0, 1 - signs * scores)
    return np.mean(slack**2), -2 * signs * slack / len(scores)


def huber(prediction: Array, target: Array, delta: float = 1.0) -> tuple[Any, Array]:
    """``r^2/2`` where ``|r| <= delta``, else ``delta (|r| - delta/2)``, averaged; r = prediction - target, any shape.

    Huber 1964, section 4.
    """
    r = prediction - target
    small = np.abs(r) <= delta
    loss = np.where(small, 0.5 * r**2, delta * (np.abs(r) - 0.5 * delta))
    return loss.mean(), np.where(small, r, delta * np.sign(r)) / r.size


def triplet(anchor: Array, positive: Array, negative: Array, margin: float) -> tuple[Any, tuple[Array, Array, Array]]:
    """``1/N sum_n max(0, |a_n - p_n|^2 - |a_n - q_n|^2 + margin)``: anchor, positive, negative (N, D).

    Schroff et al. 2015, arXiv 1503.03832, equation 3. The gradients are by anchor, positive and negative.
    """
    n = anchor.shape[0]
    near = ((anchor - positive) ** 2).sum(axis=1)
    far = ((anchor - negative) ** 2).sum(axis=1)
    slack = near - far + margin
    loss = np.maximum(slack, 0).mean()
    g = 2 * (slack > 0).astype(anchor.dtype)[:, None] / n
    return loss, (g * (negative - positive), g * (positive - anchor), g * (anchor - negative))
