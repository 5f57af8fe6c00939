"""Gradients of an affine layer: o = X W + b; with G the gradient by o they are X^T G, the column sums of G, and G W^T.

Stated for f = sum_mc G_mc o_mc with a constant G, which is what a backward pass computes.
"""

from __future__ import annotations

from sympy import Derivative, Symbol

from proofs.calculus.sympy_bridge import array, index
from proofs.calculus.terms import Array
from proofs.theorems.derivation import Abbreviation, Setting, derive, result
from proofs.theorems.rules import contract, differentiate, total
from proofs.theorems.theorem import Step, Theorem, main

m, n = index("m", "N"), index("n", "N")
d, q = index("d", "D"), index("q", "D")
c, r = index("c", "C"), index("r", "C")
X, W, b, G, o = (array(name) for name in ("X", "W", "b", "G", "o"))
f = Symbol("f", real=True)

AFFINE = Abbreviation(o[m, c], b[c] + total(X[m, d] * W[d, c], d))
PAIRING = Abbreviation(f, total(G[m, c] * o[m, c], m, c))
SETTING = Setting(
    (Array("X", ("N", "D")), Array("W", ("D", "C")), Array("b", ("C",)), Array("G", ("N", "C"))),
    (AFFINE, PAIRING),
)


def gradient(by: object) -> tuple[Step, ...]:
    """The derivation of the derivative of f by one element."""
    return derive(
        SETTING,
        Derivative(f, by),
        ("definition of f", PAIRING.unfold),
        ("definition of o", AFFINE.unfold),
        ("differentiate", differentiate),
        ("contract the Kronecker deltas", contract),
    )


def theorem() -> Theorem:
    return result(
        "affine_gradients",
        "Gradients of an affine layer",
        "For o = X W + b and the upstream gradient G: dW = X^T G, db = column sums of G, dX = G W^T.",
        gradient(W[q, r]),
        gradient(b[r]),
        gradient(X[n, q]),
    )


if __name__ == "__main__":
    main(theorem)
