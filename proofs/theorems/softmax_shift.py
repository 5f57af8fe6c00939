"""Softmax does not change when the same number is added to every logit: s(z + c) = s(z)."""

from __future__ import annotations

from dataclasses import replace

from sympy import Symbol, exp, expand

from proofs.calculus.sympy_bridge import array
from proofs.calculus.terms import Array
from proofs.theorems.derivation import Abbreviation, derive, result
from proofs.theorems.rules import distribute, total
from proofs.theorems.softmax_jacobian import SETTING, i, k, write_normaliser, write_softmax, z
from proofs.theorems.theorem import Theorem, main

t = array("t")
c = Symbol("c", real=True)
SHIFTED = Abbreviation(t[i], exp(z[i] + c) / total(exp(z[k] + c), k))


def theorem() -> Theorem:
    setting = replace(SETTING, arrays=(*SETTING.arrays, Array("c", ())), definitions=(*SETTING.definitions, SHIFTED))
    steps = derive(
        setting,
        t[i],
        ("definition of t", SHIFTED.unfold),
        ("exp(a + b) = exp(a) exp(b)", expand),
        ("cancel exp(c)", distribute),
        ("definition of S", write_normaliser),
        ("definition of s", write_softmax),
    )
    return result(
        "softmax_shift",
        "Softmax is invariant under shifts",
        "With t_i = exp(z_i + c) / sum_k exp(z_k + c), t_i = s_i for every real c.",
        steps,
    )


if __name__ == "__main__":
    main(theorem)
