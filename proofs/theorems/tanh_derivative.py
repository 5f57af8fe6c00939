"""The derivative of tanh: tanh'(x) = 1 - tanh(x)^2 with tanh x = (e^x - e^-x) / (e^x + e^-x)."""

from __future__ import annotations

from sympy import Derivative, Symbol, exp, tanh

from proofs.calculus.terms import Array
from proofs.theorems.derivation import Abbreviation, Setting, derive, result
from proofs.theorems.rules import differentiate, replacing
from proofs.theorems.theorem import Theorem, main

x = Symbol("x", real=True)
t = Symbol("t", real=True)
TANH = Abbreviation(t, (exp(x) - exp(-x)) / (exp(x) + exp(-x)))
SETTING = Setting((Array("x", ()),), (TANH,))


def theorem() -> Theorem:
    from_exp = derive(
        SETTING,
        Derivative(t, x),
        ("definition of t", TANH.unfold),
        ("quotient rule", differentiate),
        ("definition of t", replacing((exp(x) - exp(-x), t * (exp(x) + exp(-x))))),
    )
    by_name = derive(
        SETTING,
        tanh(x),
        ("tanh in exponentials", lambda line: line.rewrite(exp)),
        ("definition of t", lambda line: line.subs(TANH.body, t)),
    )
    return result(
        "tanh_derivative",
        "Derivative of tanh",
        "The derivative of t = tanh x is 1 - t^2.",
        from_exp,
        by_name,
    )


if __name__ == "__main__":
    main(theorem)
