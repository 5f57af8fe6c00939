"""The softmax Jacobian is positive semidefinite: v^T J v is the variance of v under s.

With mu = sum_k s_k v_k: sum_ij v_i (d s_i / d z_j) v_j = sum_i s_i (v_i - mu)^2,
and that sum equals its own absolute value.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Abs, Derivative, Symbol, expand

from proofs.calculus.sympy_bridge import array
from proofs.calculus.terms import Array
from proofs.theorems.derivation import Abbreviation, derive, result
from proofs.theorems.rules import contract, distribute, gather, replacing, total
from proofs.theorems.softmax_jacobian import SETTING, i, j, k, s, softmax_jacobian, z
from proofs.theorems.softmax_sum import TOTAL
from proofs.theorems.theorem import Theorem, main

v = array("v")
mu = Symbol("mu", real=True)
MEAN = Abbreviation(mu, total(s[k] * v[k], k))


def theorem() -> Theorem:
    setting = replace(SETTING, arrays=(*SETTING.arrays, Array("v", ("n",))), definitions=(*SETTING.definitions, MEAN))
    quadratic = total(v[i] * total(Derivative(s[i], z[j]) * v[j], j), i)
    mean_over_i = MEAN.body.xreplace({k: i})
    form = derive(
        setting,
        quadratic,
        ("softmax Jacobian", softmax_jacobian),
        ("sum over j term by term", lambda line: line.func(v[i] * distribute(line.function / v[i]), *line.limits)),
        ("contract the Kronecker delta", contract),
        ("definition of the mean", replacing((MEAN.body.xreplace({k: j}), mu))),
        ("sum over i term by term", distribute),
        ("definition of the mean", replacing((mean_over_i, mu))),
        ("complete the square", replacing((mu**2, 2 * mu * mean_over_i - mu**2 * TOTAL))),
        ("gather and factor", gather),
    )
    variance = gather(expand(total(s[i] * (v[i] - mu) ** 2, i)))
    sign = derive(setting, Abs(variance), ("positive weights s_i times squares", lambda line: line.args[0]))
    return result(
        "softmax_psd",
        "The softmax Jacobian is positive semidefinite",
        "v^T J v is the variance of v under the probabilities s, and so it is never negative.",
        form,
        sign,
    )


if __name__ == "__main__":
    main(theorem)
