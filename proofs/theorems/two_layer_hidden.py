"""The error at the hidden layer of the two-layer network: dE/da = v = (u W2^T) r (1 - r)."""

from __future__ import annotations

from sympy import Derivative, Expr, KroneckerDelta, Mul, Tuple

from proofs.theorems import sigmoid_derivative
from proofs.theorems.derivation import derive, result
from proofs.theorems.rules import constants_out, contract, linear, replacing
from proofs.theorems.theorem import Theorem, main
from proofs.theorems.two_layer_network import FROM_A, HIDDEN_ERROR, LOGITS, E, a, g, h, m, n, r, send_down, v
from proofs.theorems.two_layer_output import through_output

through_hidden = send_down(v[m, h], a[m, h])


def sigmoid_of_entries(expr: Expr) -> Expr:
    """The derivative of the sigmoid in every entry: d r[x] / d a[x'] = delta_xx' r[x] (1 - r[x])."""

    def entry(body: Expr, by: Tuple) -> Expr:
        deltas = (KroneckerDelta(x, other) for x, other in zip(body.indices, by[0].indices, strict=True))
        return Mul(*deltas) * sigmoid_derivative.DERIVATIVE.xreplace({sigmoid_derivative.sigma: body})

    return expr.replace(Derivative, entry)


def theorem() -> Theorem:
    steps = derive(
        FROM_A,
        Derivative(E, a[n, g]),
        through_output,
        ("definition of o", LOGITS.unfold),
        ("linearity", linear(r)),
        ("derivative of the sigmoid", sigmoid_of_entries),
        ("contract the Kronecker deltas", contract),
        ("constant factors out of the sum", constants_out),
        ("definition of v", replacing((HIDDEN_ERROR.body.xreplace({m: n, h: g}), v[n, g]))),
    )
    return result(
        "two_layer_hidden",
        "Error at the hidden layer of the two-layer network",
        "The derivative of the mean cross-entropy by the hidden pre-activations a is v = (u W2^T) r (1 - r).",
        steps,
    )


if __name__ == "__main__":
    main(theorem)
