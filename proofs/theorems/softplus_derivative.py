"""The derivative of softplus is the sigmoid: d log(1 + exp(x)) / dx = 1 / (1 + exp(-x))."""

from __future__ import annotations

from sympy import Derivative, exp, expand, log

from proofs.theorems.derivation import derive, result
from proofs.theorems.rules import differentiate, replacing
from proofs.theorems.sigmoid_derivative import SETTING, SIGMOID, sigma, x
from proofs.theorems.theorem import Theorem, main


def theorem() -> Theorem:
    steps = derive(
        SETTING,
        Derivative(log(1 + exp(x)), x),
        ("chain rule", differentiate),
        ("divide above and below by exp(x)", lambda line: 1 / expand(1 / line)),
        ("definition of sigma", replacing((SIGMOID.body, sigma))),
    )
    return result(
        "softplus_derivative",
        "Derivative of softplus",
        "The derivative of log(1 + exp(x)) is the sigmoid.",
        steps,
    )


if __name__ == "__main__":
    main(theorem)
