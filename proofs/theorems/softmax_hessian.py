"""Second derivatives of softmax: d2 s_i / dz_j dz_q = s_i ((delta_ij - s_j)(delta_iq - s_q) - s_j (delta_jq - s_q))."""

from __future__ import annotations

from sympy import Derivative, factor_terms

from proofs.theorems.derivation import derive, result
from proofs.theorems.rules import chain_rule, contract
from proofs.theorems.softmax_jacobian import JACOBIAN, SETTING, i, j, m, q, s, softmax_jacobian, z
from proofs.theorems.theorem import Theorem, main


def theorem() -> Theorem:
    steps = derive(
        SETTING,
        Derivative(s[i], z[j], z[q]),
        ("softmax Jacobian", lambda _: Derivative(JACOBIAN, z[q])),
        ("product rule", chain_rule(s[m])),
        ("contract the Kronecker deltas", contract),
        ("softmax Jacobian", softmax_jacobian),
        ("factor", factor_terms),
    )
    return result(
        "softmax_hessian",
        "Softmax Hessian",
        "The second derivatives of softmax, from the product rule and the Jacobian applied twice.",
        steps,
    )


if __name__ == "__main__":
    main(theorem)
