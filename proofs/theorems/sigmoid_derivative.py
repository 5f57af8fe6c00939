"""The derivative of the sigmoid: sigma'(x) = sigma(x) (1 - sigma(x)) with sigma(x) = 1 / (1 + exp(-x))."""

from __future__ import annotations

from sympy import Derivative, Symbol, exp, expand

from proofs.calculus.terms import Array
from proofs.theorems.derivation import Abbreviation, Setting, derive, result
from proofs.theorems.rules import differentiate, replacing
from proofs.theorems.theorem import Theorem, main

x = Symbol("x", real=True)
sigma = Symbol("sigma", real=True)
SIGMOID = Abbreviation(sigma, 1 / (1 + exp(-x)))
SETTING = Setting((Array("x", ()),), (SIGMOID,))
DERIVATIVE = sigma * (1 - sigma)


def theorem() -> Theorem:
    steps = derive(
        SETTING,
        Derivative(sigma, x),
        ("definition of sigma", SIGMOID.unfold),
        ("chain rule", differentiate),
        ("exp(-x) = 1/sigma - 1", replacing((exp(-x), 1 / sigma - 1))),
        ("expand", lambda line: sigma * expand(line / sigma)),
    )
    return result(
        "sigmoid_derivative",
        "Derivative of the sigmoid",
        "The derivative of sigma = 1 / (1 + exp(-x)) is sigma (1 - sigma).",
        steps,
    )


if __name__ == "__main__":
    main(theorem)
