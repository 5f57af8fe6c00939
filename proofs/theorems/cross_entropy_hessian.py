"""The Hessian of softmax cross-entropy: d^2 L / d z_i d z_j = s_i (delta_ij - s_j), that is diag(s) - s s^T, not 0."""

from __future__ import annotations

from sympy import Derivative

from proofs.theorems.cross_entropy_gradient import GRADIENT, PROBABILITIES, L
from proofs.theorems.derivation import derive, result
from proofs.theorems.rules import linear
from proofs.theorems.softmax_jacobian import i, j, s, softmax_jacobian, z
from proofs.theorems.theorem import Theorem, main


def theorem() -> Theorem:
    steps = derive(
        PROBABILITIES,
        Derivative(L, z[i], z[j]),
        ("gradient of cross-entropy", lambda _: Derivative(GRADIENT.xreplace({j: i}), z[j])),
        ("linearity", linear(s)),
        ("softmax Jacobian", softmax_jacobian),
    )
    return result(
        "cross_entropy_hessian",
        "Hessian of softmax cross-entropy",
        "The second derivatives of softmax cross-entropy by the logits are the entries of diag(s) - s s^T.",
        steps,
    )


if __name__ == "__main__":
    main(theorem)
