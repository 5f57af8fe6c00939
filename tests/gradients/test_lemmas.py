"""Named functions in disguise: found, proved with certificates of their own, and nothing that is merely close."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from proofs import prove_vjp
from proofs.calculus.terms import Add, Element, Fn, Mul, Num, Pow, Term
from proofs.checker import check
from proofs.claim import Status
from proofs.gradients.lemmas import U, lemma_about, named

X = {"x": "N D"}
ONE = Num(Fraction(1))


def minus(t: Term) -> Term:
    return Mul((Num(Fraction(-1)), t))


Z = Fn("exp", minus(Fn("abs", U)))
ABOVE = Fn("step", U)
STABLE = Mul((Add((ABOVE, Mul((Add((ONE, minus(ABOVE))), Z)))), Pow(Add((ONE, Z)), Fraction(-1))))
"""The sigmoid as ``where(u > 0, 1, z) / (1 + z)``: at 0 both branches are 1."""


def stable(x: Any) -> Any:
    z = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, z) / (1 + z)


def in_two_branches(x: Any) -> Any:
    return np.where(
        x < 0, np.exp(np.minimum(x, 0)) / (1 + np.exp(np.minimum(x, 0))), 1 / (1 + np.exp(-np.maximum(x, 0)))
    )


def gap_at_zero(x: Any) -> Any:
    z = np.exp(-np.abs(x))
    return np.where(x > 0, 1 / (1 + z), np.where(x < 0, z / (1 + z), 0.25))


@pytest.mark.parametrize("sigmoid", [stable, in_two_branches])
def test_a_stable_sigmoid_is_the_sigmoid_everywhere(sigmoid: Any) -> None:
    proof = prove_vjp(sigmoid, lambda d, x: d * sigmoid(x) * (1 - sigmoid(x)), X)
    assert proof.status is Status.PROVED, proof
    assert any(" = sigmoid(u) for all real u" in text for text in proof.lemmas)
    assert not any("!= 0" in text for text in proof.assumptions), "no kink is left"
    lemmas = {name: verdict for name, verdict in proof.parts.items() if name.startswith("lemma ")}
    assert len(lemmas) == 2
    for verdict in lemmas.values():
        assert verdict.certificate is not None
        assert check(dict(verdict.certificate.data)).kind == "identity"
    assert proof.to_dict()["lemmas"] == list(proof.lemmas)


def test_wrong_gradients_are_refuted_all_the_same() -> None:
    proof = prove_vjp(stable, lambda d, x: d * stable(x), X)
    assert proof.status is Status.REFUTED
    assert proof.counterexamples["x"].entry.startswith("x[")


def test_what_differs_at_zero_is_no_lemma() -> None:
    """It is the sigmoid for every u != 0 and 1/4 at 0: the kink stays an assumption."""
    proof = prove_vjp(gap_at_zero, lambda d, x: d * stable(x) * (1 - stable(x)), X)
    assert not any("0.25" in text or "1/4" in text for text in proof.lemmas)
    assert proof.status is not Status.PROVED or "x[i, j] != 0" in proof.assumptions


@pytest.mark.parametrize("size", [Fraction(1, 10**10), Fraction(1, 10**14), Fraction(-1, 10**12)])
def test_what_is_close_is_no_lemma(size: Fraction) -> None:
    assert lemma_about(STABLE) is not None
    assert lemma_about(Add((STABLE, Num(size)))) is None
    assert lemma_about(Mul((STABLE, Num(1 + size)))) is None
    assert lemma_about(Add((STABLE, Mul((Num(size), ABOVE))))) is None


def test_a_branch_elsewhere_is_no_lemma() -> None:
    """Equal to the sigmoid but for a step at 3, where nothing was asked: between -5 and 5 it is far from close."""
    apart = Add((STABLE, Fn("step", Add((U, Num(Fraction(-3)))))))
    assert lemma_about(apart) is None
    hidden = Add((STABLE, Fn("step", Add((U, Num(Fraction(-100)))))))
    assert lemma_about(hidden) is None, "close at every point tried, and not equal"


@pytest.mark.parametrize("after", list(named(U)), ids=str)
def test_every_named_function_is_defined_on_the_whole_line(after: Term) -> None:
    """So that it may stand wherever its disguise stood: nothing in it is divided by, nothing has a kink."""
    pending = [after]
    while pending:
        t = pending.pop()
        assert isinstance(t, (Num, Element, Add, Mul, Pow, Fn))
        assert not isinstance(t, Pow) or t.exponent > 0
        assert not isinstance(t, Fn) or t.name in ("sigmoid", "softplus", "tanh")
        pending += [*getattr(t, "terms", ()), *getattr(t, "factors", ())]
        pending += [part for part in (getattr(t, "base", None), getattr(t, "argument", None)) if part is not None]
