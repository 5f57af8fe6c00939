"""Negative log-likelihoods and divergences, each returning ``(loss, gradient)``; means over N >= 1 rows."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numeric.activations import sigmoid
from numeric.softmax import log_softmax, softmax

Array = NDArray[Any]


def binary_cross_entropy(logits: Array, targets: Array) -> tuple[Any, Array]:
    """``mean(max(x, 0) - x t + log(1 + exp(-|x|)))`` from logits x and targets t in [0, 1] of one shape."""
    loss = np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(-np.abs(logits)))
    return loss.mean(), (sigmoid(logits) - targets) / logits.size


def label_smoothing(logits: Array, labels: Array, smoothing: float) -> tuple[Any, Array]:
    """Cross-entropy with targets ``(1 - smoothing) onehot + smoothing / C``: logits (N, C), labels (N,) in range(C).

    Szegedy et al. 2016, arXiv 1512.00567, section 7.
    """
    n, classes = logits.shape
    targets = (1 - smoothing) * np.eye(classes, dtype=logits.dtype)[labels] + smoothing / classes
    logp = log_softmax(logits)
    return -(targets * logp).sum() / n, (np.exp(logp) - targets) / n


def gaussian(mean: Array, log_variance: Array, target: Array) -> tuple[Any, tuple[Array, Array]]:
    """``mean(1/2 (v + (t - m)^2 exp(-v) + log(2 pi)))`` for log-variances v; the gradients are by m and v."""
    difference = mean - target
    precision = np.exp(-log_variance)
    loss = 0.5 * (log_variance + difference**2 * precision + math.log(2 * math.pi))
    n = mean.size
    return loss.mean(), (difference * precision / n, 0.5 * (1 - difference**2 * precision) / n)


def distillation(student: Array, teacher: Array, temperature: float) -> tuple[Any, Array]:
    """``T^2/N sum_n KL(softmax(teacher_n/T) || softmax(student_n/T))``: both (N, C); the gradient is by student.

    Hinton et al. 2015, arXiv 1503.02531, section 2.
    """
    n = student.shape[0]
    p = softmax(teacher / temperature)
    logp = log_softmax(teacher / temperature)
    logq = log_softmax(student / temperature)
    loss = temperature**2 * (p * (logp - logq)).sum() / n
    return loss, temperature * (np.exp(logq) - p) / n


def focal(logits: Array, labels: Array, focus: float = 2.0) -> tuple[Any, Array]:
    """``-1/N sum_n (1 - p_ny)^focus log p_ny``, p the softmax of logits (N, C), labels (N,) integers in range(C).

    Lin et al. 2017, arXiv 1708.02002, equation 4.
    """
    n = logits.shape[0]
    rows = np.arange(n)
    p = softmax(logits)
    logp = log_softmax(logits)
    py, logpy = p[rows, labels], logp[rows, labels]
    loss = -((1 - py) ** focus * logpy).sum() / n
    dlogpy = focus * (1 - py) ** (focus - 1) * py * logpy - (1 - py) ** focus
    grad = -p * dlogpy[:, None]
    grad[rows, labels] += dlogpy
    return loss, grad / n


def info_nce(queries: Array, keys: Array, temperature: float) -> tuple[Any, tuple[Array, Array]]:
    """Cross-entropy of ``q k^T / temperature`` with the diagonal as labels: queries, keys (N, D).

    van den Oord et al. 2018, arXiv 1807.03748, equation 4. The gradients are by queries and keys.
    """
    n = queries.shape[0]
    logp = log_softmax(queries @ keys.T / temperature)
    loss = -np.trace(logp) / n
    dscores = (np.exp(logp) - np.eye(n, dtype=queries.dtype)) / (n * temperature)
    return loss, (dscores @ keys, dscores.T @ queries)
