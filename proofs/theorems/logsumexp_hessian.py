"""The Hessian of logsumexp is the softmax Jacobian: d^2 lse / d z_i d z_j = s_i (delta_ij - s_j)."""

from __future__ import annotations

from sympy import Derivative

from proofs.theorems.derivation import derive, result
from proofs.theorems.logsumexp_gradient import LSE_SETTING, lse
from proofs.theorems.rules import replacing
from proofs.theorems.softmax_jacobian import i, j, s, softmax_jacobian, z
from proofs.theorems.theorem import Theorem, main


def theorem() -> Theorem:
    hessian = Derivative(lse, z[i], z[j])
    steps = derive(
        LSE_SETTING,
        hessian,
        ("gradient of logsumexp", replacing((hessian, Derivative(s[i], z[j])))),
        ("softmax Jacobian", softmax_jacobian),
    )
    return result(
        "logsumexp_hessian",
        "Hessian of logsumexp",
        "The second derivatives of logsumexp are the entries of diag(s) - s s^T.",
        steps,
    )


if __name__ == "__main__":
    main(theorem)
