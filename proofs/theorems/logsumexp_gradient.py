"""The gradient of logsumexp is softmax: d log(sum_k exp(z_k)) / d z_j = s_j."""

from __future__ import annotations

from dataclasses import replace

from sympy import Derivative, Symbol, log

from proofs.theorems.derivation import Abbreviation, derive, result
from proofs.theorems.rules import contract, differentiate
from proofs.theorems.softmax_jacobian import NORMALISER, SETTING, j, write_normaliser, write_softmax, z
from proofs.theorems.theorem import Theorem, main

lse = Symbol("lse", real=True)
LOGSUMEXP = Abbreviation(lse, log(NORMALISER.body))
LSE_SETTING = replace(SETTING, definitions=(*SETTING.definitions, LOGSUMEXP))


def theorem() -> Theorem:
    steps = derive(
        LSE_SETTING,
        Derivative(lse, z[j]),
        ("definition of lse", LOGSUMEXP.unfold),
        ("chain rule", differentiate),
        ("contract the Kronecker delta", contract),
        ("definition of S", write_normaliser),
        ("definition of s", write_softmax),
    )
    return result(
        "logsumexp_gradient",
        "Gradient of logsumexp",
        "The derivative of lse = log(sum_k exp(z_k)) by z_j is the softmax s_j.",
        steps,
    )


if __name__ == "__main__":
    main(theorem)
