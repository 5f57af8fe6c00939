"""The gradient of softmax cross-entropy: d/dz_j (-sum_k y_k log s_k) = s_j - y_j for targets y that sum to 1.

For any real y it is s_j sum_k y_k - y_j; for a label t, where y_k = delta_kt, it is s_j - delta_jt.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Derivative, KroneckerDelta, Symbol, log

from proofs.calculus.sympy_bridge import array, index
from proofs.calculus.terms import Array
from proofs.theorems.derivation import Abbreviation, derive, result
from proofs.theorems.log_softmax_gradient import log_softmax_gradient
from proofs.theorems.rules import contract, distribute, linear, replacing, total
from proofs.theorems.softmax_jacobian import SETTING, j, k, s, z
from proofs.theorems.theorem import Theorem, main

t = index("t", "n")
y = array("y")
L = Symbol("L", real=True)
CROSS_ENTROPY = Abbreviation(L, -total(y[k] * log(s[k]), k))
ANY_TARGET = replace(
    SETTING,
    arrays=(*SETTING.arrays, Array("y", ("n",))),
    definitions=(*SETTING.definitions, CROSS_ENTROPY),
)
PROBABILITIES = replace(ANY_TARGET, arrays=(*SETTING.arrays, Array("y", ("n",), "simplex")))
GRADIENT = s[j] - y[j]


def theorem() -> Theorem:
    general = derive(
        ANY_TARGET,
        Derivative(L, z[j]),
        ("definition of L", CROSS_ENTROPY.unfold),
        ("linearity", linear(s)),
        ("gradient of log-softmax", log_softmax_gradient),
        ("sum term by term", distribute),
        ("contract the Kronecker delta", contract),
    )
    probabilities = derive(
        PROBABILITIES,
        Derivative(L, z[j]),
        ("the result above", lambda _: s[j] * total(y[k], k) - y[j]),
        ("targets sum to 1", replacing((total(y[k], k), 1))),
    )
    label = derive(
        SETTING,
        Derivative(-total(KroneckerDelta(k, t) * log(s[k]), k), z[j]),
        ("contract the Kronecker delta", lambda line: line.func(contract(line.expr), *line.variable_count)),
        ("linearity", linear(s)),
        ("gradient of log-softmax", log_softmax_gradient),
    )
    return result(
        "cross_entropy_gradient",
        "Gradient of softmax cross-entropy",
        "The derivative of -sum_k y_k log(s_k) by z_j is s_j - y_j when the targets y sum to 1; "
        "for the label t it is s_j - delta_jt.",
        general,
        probabilities,
        label,
    )


if __name__ == "__main__":
    main(theorem)
