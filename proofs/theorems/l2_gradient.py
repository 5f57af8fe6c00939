"""The gradient of an L2 penalty: d/dW_qg (lam/2) sum_dh W_dh^2 = lam W_qg."""

from __future__ import annotations

from sympy import Derivative, Symbol

from proofs.calculus.sympy_bridge import array, index
from proofs.calculus.terms import Array
from proofs.theorems.derivation import Abbreviation, Setting, derive, result
from proofs.theorems.rules import contract, differentiate, total
from proofs.theorems.theorem import Theorem, main

d, q = index("d", "D"), index("q", "D")
h, g = index("h", "H"), index("g", "H")
W = array("W")
lam, R = Symbol("lam", real=True), Symbol("R", real=True)
PENALTY = Abbreviation(R, lam / 2 * total(W[d, h] ** 2, d, h))
SETTING = Setting((Array("W", ("D", "H")), Array("lam", ())), (PENALTY,))


def theorem() -> Theorem:
    steps = derive(
        SETTING,
        Derivative(R, W[q, g]),
        ("definition of R", PENALTY.unfold),
        ("chain rule", differentiate),
        ("contract the Kronecker deltas", contract),
    )
    return result(
        "l2_gradient",
        "Gradient of an L2 penalty",
        "The derivative of (lam/2) sum W^2 by one weight is lam times that weight.",
        steps,
    )


if __name__ == "__main__":
    main(theorem)
