"""Losses: means over the wrong count, forgotten factors of 2, targets and signs swapped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.bugs.zoo import loss_proved, loss_refuted, proved, refuted

LABELS = {"W": "D C", "X": "N D", "y": "N -> C", "reg": ""}


def classifier(W: Any, X: Any, y: Any, reg: Any, bug: str = "") -> Any:
    """A linear softmax classifier as in a course's exercise; `bug` switches one mistake on."""
    N = X.shape[0]
    scores = X.dot(W)
    scores -= scores.max(axis=1, keepdims=True)
    p = np.exp(scores)
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(N), y]).mean() + reg * np.sum(W * W)
    d = p.copy()
    if bug == "sign":
        d *= -1
    if bug != "labels":
        d[np.arange(N), y] -= 1
    if bug == "classes":
        d /= W.shape[1]
    elif bug != "mean":
        d /= N
    dW = X.T.dot(d)
    if bug == "regulariser twice":
        dW += 2 * reg * W
    if bug != "regulariser":
        dW += (1 if bug == "factor 2" else 2) * reg * W
    return loss, dW


def test_classifier_right() -> None:
    assert loss_proved(classifier, LABELS, ["W"]).scope.text == "all D, C, N >= 1"


@pytest.mark.parametrize(
    "bug", ["sign", "labels", "classes", "mean", "regulariser twice", "regulariser", "factor 2"], ids=str
)
def test_classifier_wrong(bug: str) -> None:
    loss_refuted(lambda W, X, y, reg: classifier(W, X, y, reg, bug), LABELS, ["W"])


def mean_squares(p: Any, t: Any) -> Any:
    return np.mean((p - t) ** 2)


def cross_entropy(z: Any, t: Any) -> Any:
    """Binary, from logits."""
    return np.mean(np.log(1 + np.exp(z)) - t * z)


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def softmax(x: Any) -> Any:
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def soft_targets(z: Any, t: Any) -> Any:
    return -np.sum(t * np.log(softmax(z))) / z.shape[0]


def gaussian(mu: Any, s: Any, y: Any) -> Any:
    """Negative log-likelihood with log variance s."""
    return np.sum(0.5 * (s + (y - mu) ** 2 * np.exp(-s)))


def gaussian_backward(d: Any, mu: Any, s: Any, y: Any, half: float = 0.5, sign: int = 1) -> Any:
    r = (y - mu) * np.exp(-s)
    return -d * r, d * half * (1 - sign * r * (y - mu)), d * r


def huber(p: Any, t: Any) -> Any:
    r = p - t
    a = np.abs(r)
    return np.sum(np.where(a <= 1, 0.5 * r * r, a - 0.5))


def poisson(z: Any, k: Any) -> Any:
    return np.sum(np.exp(z) - k * z)


TWO = {"p": "N D", "t": "N D"}
Z = {"z": "N D", "t": "N D"}
PAIRS: dict[str, tuple[Callable[..., Any], dict[str, str], Callable[..., Any], dict[str, Callable[..., Any]]]] = {
    "mean of squares": (
        mean_squares,
        TWO,
        lambda d, p, t: (d * 2 * (p - t) / p.size, -d * 2 * (p - t) / p.size),
        {
            "factor 2": lambda d, p, t: (d * (p - t) / p.size, -d * (p - t) / p.size),
            "mean over rows only": lambda d, p, t: (d * 2 * (p - t) / p.shape[0], -d * 2 * (p - t) / p.shape[0]),
            "mean over columns only": lambda d, p, t: (d * 2 * (p - t) / p.shape[1], -d * 2 * (p - t) / p.shape[1]),
            "sum": lambda d, p, t: (d * 2 * (p - t), -d * 2 * (p - t)),
            "sign of the target": lambda d, p, t: (d * 2 * (p - t) / p.size, d * 2 * (p - t) / p.size),
            "prediction and target swapped": lambda d, p, t: (d * 2 * (t - p) / p.size, -d * 2 * (t - p) / p.size),
        },
    ),
    "binary cross-entropy": (
        cross_entropy,
        Z,
        lambda d, z, t: (d * (sigmoid(z) - t) / z.size, -d * z / z.size),
        {
            "sign": lambda d, z, t: (d * (t - sigmoid(z)) / z.size, -d * z / z.size),
            "through the sigmoid again": lambda d, z, t: (
                d * (sigmoid(z) - t) * sigmoid(z) * (1 - sigmoid(z)) / z.size,
                -d * z / z.size,
            ),
            "logits for probabilities": lambda d, z, t: (d * (z - t) / z.size, -d * z / z.size),
            "mean": lambda d, z, t: (d * (sigmoid(z) - t), -d * z),
        },
    ),
    "soft targets that need not sum to 1": (
        soft_targets,
        Z,
        lambda d, z, t: (
            d * (softmax(z) * t.sum(axis=1, keepdims=True) - t) / z.shape[0],
            -d * np.log(softmax(z)) / z.shape[0],
        ),
        {
            "as if they did": lambda d, z, t: (d * (softmax(z) - t) / z.shape[0], -d * np.log(softmax(z)) / z.shape[0]),
        },
    ),
    "Gaussian": (
        gaussian,
        {"mu": "N D", "s": "N D", "y": "N D"},
        gaussian_backward,
        {
            "half": lambda d, mu, s, y: gaussian_backward(d, mu, s, y, half=1.0),
            "covariance sign (HIPS autograd 412)": lambda d, mu, s, y: gaussian_backward(d, mu, s, y, sign=-1),
        },
    ),
    "Huber": (
        huber,
        TWO,
        lambda d, p, t: (d * np.clip(p - t, -1, 1), -d * np.clip(p - t, -1, 1)),
        {
            "not clipped": lambda d, p, t: (d * (p - t), -d * (p - t)),
            "sign only": lambda d, p, t: (d * np.sign(p - t), -d * np.sign(p - t)),
            "half of it": lambda d, p, t: (0.5 * d * np.clip(p - t, -1, 1), -0.5 * d * np.clip(p - t, -1, 1)),
        },
    ),
    "Poisson": (
        poisson,
        {"z": "N", "k": "N"},
        lambda d, z, k: (d * (np.exp(z) - k), -d * z),
        {"the rate forgotten": lambda d, z, k: (d * (1 - k), -d * z)},
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_right(name: str) -> None:
    forward, shapes, backward, _ = PAIRS[name]
    proved(forward, backward, shapes)


WRONG = [(name, bug) for name, (_, _, _, bugs) in PAIRS.items() for bug in bugs]


@pytest.mark.parametrize(("name", "bug"), WRONG, ids=[f"{name}: {bug}" for name, bug in WRONG])
def test_wrong(name: str, bug: str) -> None:
    forward, shapes, _, bugs = PAIRS[name]
    refuted(forward, bugs[bug], shapes)


def distillation(z: Any, u: Any, T: Any, power: int = 1) -> Any:
    """KL between two softmaxes at a temperature, and its gradient by the student's logits."""
    p, q = softmax(u / T), softmax(z / T)
    loss = np.sum(p * (np.log(p) - np.log(q)))
    return loss, (q - p) / T**power


def test_distillation() -> None:
    shapes, domains = {"z": "N C", "u": "N C", "T": ""}, {"T": "positive"}
    loss_proved(distillation, shapes, ["z"], domains=domains)
    loss_refuted(lambda z, u, T: distillation(z, u, T, power=0), shapes, ["z"], domains=domains)
    loss_refuted(lambda z, u, T: distillation(z, u, T, power=2), shapes, ["z"], domains=domains)


def ridge(w: Any, X: Any, y: Any, reg: Any, factor: float = 1.0, bias: int = 1) -> Any:
    """Least squares with half an L2 penalty."""
    r = X @ w - y
    return 0.5 * r @ r / len(y) + 0.5 * reg * w @ w, bias * X.T @ r / len(y) + factor * reg * w


def test_ridge() -> None:
    shapes = {"w": "D", "X": "N D", "y": "N", "reg": ""}
    loss_proved(ridge, shapes, ["w"])
    loss_refuted(lambda w, X, y, reg: ridge(w, X, y, reg, factor=2.0), shapes, ["w"])
    loss_refuted(lambda w, X, y, reg: ridge(w, X, y, reg, bias=2), shapes, ["w"])


def smoothed(z: Any, y: Any, eps: Any, bug: str = "") -> Any:
    """Cross-entropy with smoothed labels."""
    N, C = z.shape
    t = np.eye(C)[y] * (1 - eps) + eps / C
    p = softmax(z)
    loss = -np.sum(t * np.log(p)) / N
    wrong = {"hard": np.eye(C)[y], "eps": np.eye(C)[y] * (1 - eps) + eps, "1 - eps": np.eye(C)[y] + eps / C}
    return loss, (p - wrong.get(bug, t)) / N


def test_label_smoothing() -> None:
    shapes = {"z": "N C", "y": "N -> C", "eps": ""}
    loss_proved(smoothed, shapes, ["z"])
    for bug in ("hard", "eps", "1 - eps"):
        loss_refuted(lambda z, y, eps, bug=bug: smoothed(z, y, eps, bug), shapes, ["z"])


def hinge(W: Any, X: Any, y: Any, bug: str = "") -> Any:
    """The multiclass hinge loss, vectorised."""
    N = X.shape[0]
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(N), y][:, None] + 1)
    margins[np.arange(N), y] = 0
    loss = margins.sum() / N
    mask = np.zeros_like(margins)
    mask[margins > 0] = 1
    if bug != "right class":
        mask[np.arange(N), y] -= 1 if bug == "count" else mask.sum(axis=1)
    return loss, X.T.dot(mask) / (1 if bug == "mean" else N)


def test_multiclass_hinge() -> None:
    shapes = {"W": "D C", "X": "N D", "y": "N -> C"}
    loss_proved(hinge, shapes, ["W"])
    for bug in ("right class", "count", "mean"):
        loss_refuted(lambda W, X, y, bug=bug: hinge(W, X, y, bug), shapes, ["W"])
