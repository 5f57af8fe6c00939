"""The softmax Jacobian: d s_i / d z_j = s_i (delta_ij - s_j) with s_i = exp(z_i) / sum_k exp(z_k).

Rests on exp and the rational operations alone. The two cases i = j and i != j are stated too.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Derivative, Expr, KroneckerDelta, Symbol, Tuple, Wild, exp, factor

from proofs.calculus.sympy_bridge import array, index
from proofs.calculus.terms import Array, Where
from proofs.theorems.derivation import Abbreviation, Setting, derive, result
from proofs.theorems.rules import contract, differentiate, replacing, total
from proofs.theorems.theorem import Theorem, main

i, j, k, m, q = (index(name, "n") for name in "ijkmq")
z, s = array("z"), array("s")
S = Symbol("S", real=True)
anything = Wild("anything")

NORMALISER = Abbreviation(S, total(exp(z[k]), k))
SOFTMAX = Abbreviation(s[i], exp(z[i]) / NORMALISER.body)
SETTING = Setting((Array("z", ("n",)),), (NORMALISER, SOFTMAX))
JACOBIAN = s[i] * (KroneckerDelta(i, j) - s[j])

write_normaliser = replacing((NORMALISER.body, S))
write_softmax = replacing((exp(z[anything]), S * s[anything]))


def softmax_jacobian(expr: Expr) -> Expr:
    """`expr` with every derivative of s[a] by z[b] replaced by what is proved here."""

    def entry(body: Expr, by: Tuple) -> Expr:
        return JACOBIAN.xreplace({i: body.indices[0], j: by[0].indices[0]})

    return expr.replace(Derivative, entry)


def theorem() -> Theorem:
    derivative, delta = Derivative(s[i], z[j]), KroneckerDelta(i, j)
    general = derive(
        SETTING,
        derivative,
        ("definition of s", SOFTMAX.unfold),
        ("quotient rule", differentiate),
        ("contract the Kronecker delta", contract),
        ("definition of S", write_normaliser),
        ("definition of s", write_softmax),
        ("factor", factor),
    )
    same, different = (replace(SETTING, where=(Where("i", "j", equal),)) for equal in (True, False))
    return result(
        "softmax_jacobian",
        "Softmax Jacobian",
        "The derivative of s_i = exp(z_i) / sum_k exp(z_k) by z_j is s_i (delta_ij - s_j): "
        "the Jacobian is diag(s) - s s^T.",
        general,
        derive(same, derivative, ("the result above with delta = 1", lambda _: JACOBIAN.subs(delta, 1))),
        derive(different, derivative, ("the result above with delta = 0", lambda _: JACOBIAN.subs(delta, 0))),
    )


if __name__ == "__main__":
    main(theorem)
