"""The error at the output of the two-layer network: dE/do = u = (p - y)/N for softmax cross-entropy."""

from __future__ import annotations

from sympy import Derivative, Expr, KroneckerDelta, Tuple

from proofs.theorems.derivation import derive, result
from proofs.theorems.log_softmax_gradient import GRADIENT
from proofs.theorems.rules import contract, linear, replacing, total
from proofs.theorems.softmax_jacobian import i, j, s
from proofs.theorems.theorem import Theorem, main
from proofs.theorems.two_layer_network import DATA_LOSS, FROM_O, OUTPUT_ERROR, E, c, e, m, n, o, p, send_down, u, y

through_output = send_down(u[m, c], o[m, c])


def log_softmax_of_rows(expr: Expr) -> Expr:
    """The gradient of log-softmax in every row: d log p[a, b] / d o[a', b'] = delta_aa' (delta_bb' - p[a, b'])."""

    def entry(body: Expr, by: Tuple) -> Expr:
        (row, column), (other_row, other_column) = body.args[0].indices, by[0].indices
        in_row = GRADIENT.xreplace({i: column, j: other_column})
        return KroneckerDelta(row, other_row) * in_row.xreplace({s[other_column]: p[row, other_column]})

    return expr.replace(Derivative, entry)


def theorem() -> Theorem:
    steps = derive(
        FROM_O,
        Derivative(E, o[n, e]),
        ("definition of E", DATA_LOSS.unfold),
        ("linearity", linear(p)),
        ("gradient of log-softmax, row by row", log_softmax_of_rows),
        ("contract the delta of the rows", contract),
        ("targets sum to 1", replacing((total(y[n, c], c), 1))),
        ("definition of u", replacing((OUTPUT_ERROR.body.xreplace({m: n, c: e}), u[n, e]))),
    )
    return result(
        "two_layer_output",
        "Error at the output of the two-layer network",
        "The derivative of the mean cross-entropy by the logits o is u = (p - y)/N.",
        steps,
    )


if __name__ == "__main__":
    main(theorem)
