"""The gradient of the mean squared error: d/dp_j (1/n) sum_k (p_k - t_k)^2 = (2/n) (p_j - t_j)."""

from __future__ import annotations

from sympy import Derivative, Symbol, factor

from proofs.calculus.sympy_bridge import array, index, size
from proofs.calculus.terms import Array
from proofs.theorems.derivation import Abbreviation, Setting, derive, result
from proofs.theorems.rules import contract, differentiate, total
from proofs.theorems.theorem import Theorem, main

j, k = index("j", "n"), index("k", "n")
p, t = array("p"), array("t")
L = Symbol("L", real=True)
SQUARED_ERROR = Abbreviation(L, total((p[k] - t[k]) ** 2, k) / size("n"))
SETTING = Setting((Array("p", ("n",)), Array("t", ("n",))), (SQUARED_ERROR,))


def theorem() -> Theorem:
    steps = derive(
        SETTING,
        Derivative(L, p[j]),
        ("definition of L", SQUARED_ERROR.unfold),
        ("chain rule", differentiate),
        ("contract the Kronecker delta", contract),
        ("factor", factor),
    )
    return result(
        "squared_error_gradient",
        "Gradient of the mean squared error",
        "The derivative of (1/n) sum_k (p_k - t_k)^2 by p_j is (2/n) (p_j - t_j).",
        steps,
    )


if __name__ == "__main__":
    main(theorem)
