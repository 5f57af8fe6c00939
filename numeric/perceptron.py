"""Rosenblatt's perceptron: a threshold unit and the rule that trains it (Rosenblatt 1958)."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Perceptron(NamedTuple):
    """A trained unit: weights (D,), bias, the number of updates made, and whether the last pass made none."""

    weights: Array
    bias: float
    updates: int
    converged: bool


def predict(x: Array, weights: Array, bias: float) -> NDArray[np.int64]:
    """1 where ``x . weights + bias >= 0``, else 0: x (N, D), weights (D,) -> (N,)."""
    return (np.asarray(x) @ np.asarray(weights) + bias >= 0).astype(np.int64)


def train(x: Array, labels: Array, rate: float = 1.0, passes: int = 1000) -> Perceptron:
    """Visit the rows of x (N, D) in order, at most `passes` times, from zero weights.

    At a row whose output a differs from its label t (0 or 1): ``w += rate (t - a) x``, ``b += rate (t - a)``.
    Stops after a pass without an update. Raises ValueError for other shapes or labels.
    """
    x, labels = np.asarray(x, dtype=np.float64), np.asarray(labels)
    if x.ndim != 2 or labels.shape != x.shape[:1] or not np.isin(labels, (0, 1)).all():
        raise ValueError(f"expected x (N, D) and N labels 0 or 1, got {x.shape} and labels of shape {labels.shape}")
    weights, bias, updates = np.zeros(x.shape[1]), 0.0, 0
    for _ in range(passes):
        before = updates
        for row, label in zip(x, labels, strict=True):
            error = int(label) - int(row @ weights + bias >= 0)
            if error:
                weights += rate * error * row
                bias += rate * error
                updates += 1
        if updates == before:
            return Perceptron(weights, bias, updates, True)
    return Perceptron(weights, bias, updates, False)
