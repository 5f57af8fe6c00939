"""The derivative of log-softmax: d log(s_i) / d z_j = delta_ij - s_j."""

from __future__ import annotations

from sympy import Derivative, Expr, KroneckerDelta, Tuple, expand_log, log

from proofs.theorems.derivation import derive, result
from proofs.theorems.rules import contract, differentiate
from proofs.theorems.softmax_jacobian import SETTING, SOFTMAX, i, j, s, write_normaliser, write_softmax, z
from proofs.theorems.theorem import Theorem, main

GRADIENT = KroneckerDelta(i, j) - s[j]


def log_softmax_gradient(expr: Expr) -> Expr:
    """`expr` with every derivative of log(s[a]) by z[b] replaced by what is proved here."""

    def entry(body: Expr, by: Tuple) -> Expr:
        return GRADIENT.xreplace({i: body.args[0].indices[0], j: by[0].indices[0]})

    return expr.replace(Derivative, entry)


def theorem() -> Theorem:
    steps = derive(
        SETTING,
        Derivative(log(s[i]), z[j]),
        ("definition of s", SOFTMAX.unfold),
        ("logarithm of a quotient", lambda line: line.func(expand_log(line.expr, force=True), *line.variable_count)),
        ("differentiate", differentiate),
        ("contract the Kronecker delta", contract),
        ("definition of S", write_normaliser),
        ("definition of s", write_softmax),
    )
    return result(
        "log_softmax_gradient",
        "Gradient of log-softmax",
        "The derivative of log(s_i) by z_j is delta_ij - s_j.",
        steps,
    )


if __name__ == "__main__":
    main(theorem)
