"""The collapse threshold: wrong variants are refuted, and training on digits grows from zero as the theorem says."""

from __future__ import annotations

import os
from functools import cache
from math import log
from typing import Any

import numpy as np
import pytest
from sympy import Expr

from numeric.data import mnist_5k
from numeric.network import Parameters, initialize
from numeric.settings import Settings
from numeric.training import train
from proofs.calculus import settle_statement
from proofs.calculus.terms import Statement
from proofs.claim import Status
from proofs.theorems import load, premises
from proofs.theorems.collapse_threshold import (
    AT_ZERO,
    G2,
    alpha,
    dG1,
    dG2,
    equation,
    eta,
    phi,
    proved_gradients,
    psi,
    rho,
    sigma,
)
from proofs.theorems.derivation import Setting
from proofs.theorems.two_layer_network import W2, e, g, lam, q

SLOW = os.environ.get("GRADPROOF_SLOW") == "1"


def test_it_rests_on_the_gradients_of_the_network() -> None:
    assert set(premises()["collapse_threshold"]) >= {f"two_layer_{name}" for name in ("w1", "w2", "b1", "b2")}


def test_the_gradients_are_the_proved_ones_word_for_word() -> None:
    for definition, name in zip(proved_gradients(), ("w1", "w2", "b1", "b2"), strict=True):
        proved = load(f"two_layer_{name}").steps[-1].subject
        assert isinstance(proved, Statement)
        assert definition.body == proved.rhs


def grown(factor: Expr) -> Expr:
    return factor * phi[q] * alpha[g] + eta / 4 * alpha[g] * rho[q]


STEP = phi[q] * alpha[g] - eta * dG1[q, g]
WRONG: dict[str, tuple[Setting, Expr, Expr]] = {
    "half of sigma": (AT_ZERO, STEP, grown(1 + eta * (sigma / 2 - lam))),
    "any phi and psi will do": (AT_ZERO, STEP, (1 + eta * (sigma / 4 - lam)) * phi[q] * alpha[g]),
    "the profile of psi forgotten": (AT_ZERO, dG2[g, e], (lam - sigma / 4) * psi[e]),
    "zero is stationary whatever b2": (AT_ZERO, G2[g, e], lam * W2[g, e]),
    "W2 does not matter for W1": (AT_ZERO, dG1[q, g], lam * phi[q] * alpha[g]),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_variants_are_refuted(what: str) -> None:
    step = equation("wrong", *WRONG[what], proved_gradients())
    assert isinstance(step.subject, Statement)
    assert settle_statement(step.subject, name=what).status is Status.REFUTED


@cache
def escape() -> tuple[float, Any, Any]:
    """The largest singular value of the covariance of digits and labels, and its singular vectors."""
    digits = mnist_5k()
    x, y = digits.x.astype(float), np.eye(10)[digits.labels]
    left, values, right = np.linalg.svd((x - x.mean(0)).T @ (y - y.mean(0)) / len(x), full_matrices=False)
    return float(values[0]), left[:, 0], right[0]


def along(parameters: Parameters) -> float:
    """How far weights have gone along the growing direction, for all profiles with sum zero together."""
    _, left, right = escape()
    profile = left @ parameters.W1 + parameters.W2 @ right
    return float(np.linalg.norm(profile - profile.mean()))


@pytest.mark.parametrize("reg", [0.0, 0.05, 0.1, 0.2])
def test_measured_growth_is_the_predicted_one_within_5_percent(reg: float) -> None:
    rate, steps = 0.5, 10
    start = initialize(784, 128, 10, scale=1e-6, dtype=np.float64)
    settings = Settings(rate=rate, reg=reg, batch=500, steps=steps, every=steps)
    ended = train(start, mnist_5k(), settings).parameters
    assert isinstance(ended, Parameters)
    predicted = log(1 + rate * (escape()[0] / 4 - reg))
    assert log(along(ended) / along(start)) / steps == pytest.approx(predicted, rel=0.05)


@pytest.mark.skipif(not SLOW, reason="takes seconds: set GRADPROOF_SLOW=1")
@pytest.mark.parametrize(("reg", "steps", "collapsed"), [(1.0, 2346, True), (0.1, 782, True), (0.1, 2346, False)])
def test_a_penalty_near_the_threshold_hides_the_digits_for_an_epoch_and_one_above_it_for_ever(
    reg: float, steps: int, collapsed: bool
) -> None:
    start = initialize(784, 128, 10)
    found = train(start, mnist_5k(), Settings(rate=0.1, reg=reg, steps=steps, every=steps)).curve[-1]
    assert (found.accuracy < 0.11) == collapsed
