"""The rows of the softmax Jacobian sum to zero: sum_j d s_i / d z_j = 0."""

from __future__ import annotations

from sympy import Derivative

from proofs.theorems.derivation import derive, result
from proofs.theorems.rules import contract, distribute, replacing, total
from proofs.theorems.softmax_jacobian import SETTING, i, j, s, softmax_jacobian, z
from proofs.theorems.softmax_sum import TOTAL
from proofs.theorems.theorem import Theorem, main


def theorem() -> Theorem:
    steps = derive(
        SETTING,
        total(Derivative(s[i], z[j]), j),
        ("softmax Jacobian", softmax_jacobian),
        ("sum term by term", distribute),
        ("contract the Kronecker delta", contract),
        ("probabilities sum to 1", replacing((TOTAL.xreplace({i: j}), 1))),
    )
    return result(
        "softmax_row_sums",
        "Rows of the softmax Jacobian sum to zero",
        "Adding the same number to every z_j changes no s_i: the derivatives of s_i by all z_j sum to 0.",
        steps,
    )


if __name__ == "__main__":
    main(theorem)
