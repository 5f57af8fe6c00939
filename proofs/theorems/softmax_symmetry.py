"""The softmax Jacobian is symmetric: d s_i / d z_j = d s_j / d z_i."""

from __future__ import annotations

from sympy import Derivative, KroneckerDelta, expand, factor

from proofs.theorems.derivation import derive, result
from proofs.theorems.rules import replacing
from proofs.theorems.softmax_jacobian import SETTING, i, j, s, softmax_jacobian, z
from proofs.theorems.theorem import Theorem, main


def theorem() -> Theorem:
    delta, transposed = KroneckerDelta(i, j), Derivative(s[j], z[i])
    steps = derive(
        SETTING,
        Derivative(s[i], z[j]),
        ("softmax Jacobian", softmax_jacobian),
        ("expand", expand),
        ("delta_ij s_i = delta_ij s_j", replacing((delta * s[i], delta * s[j]))),
        ("factor", factor),
        ("softmax Jacobian", replacing((softmax_jacobian(transposed), transposed))),
    )
    return result(
        "softmax_symmetry",
        "The softmax Jacobian is symmetric",
        "The derivative of s_i by z_j equals the derivative of s_j by z_i.",
        steps,
    )


if __name__ == "__main__":
    main(theorem)
