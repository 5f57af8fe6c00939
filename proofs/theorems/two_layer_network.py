"""The two-layer network of the theorems: sigmoid hidden layer, mean softmax cross-entropy, L2 penalty.

    a = X W1 + b1        [N, H]      r = sigmoid(a)                 [N, H]
    o = r W2 + b2        [N, C]      p = softmax of every row of o  [N, C]
    E = -(1/N) sum_mc y_mc log p_mc         R = (lam/2) (sum W1^2 + sum W2^2)         L = E + R

Rows of y sum to 1. The errors that the backward pass sends down are u = (p - y)/N and v = (u W2^T) r (1 - r).
"""

from __future__ import annotations

from sympy import Derivative, Expr, Symbol, Tuple, exp, log

from proofs.calculus.sympy_bridge import array, index, size
from proofs.calculus.terms import Array
from proofs.theorems.derivation import Abbreviation, Move, Setting, derive
from proofs.theorems.rules import contract, differentiate, total
from proofs.theorems.theorem import Step

m, n = index("m", "N"), index("n", "N")
d, q = index("d", "D"), index("q", "D")
h, g = index("h", "H"), index("g", "H")
c, e, k = (index(name, "C") for name in "cek")
X, W1, b1, W2, b2, y = (array(name) for name in ("X", "W1", "b1", "W2", "b2", "y"))
a, r, o, p, u, v = (array(name) for name in "aropuv")
lam, E, R, L = (Symbol(name, real=True) for name in ("lam", "E", "R", "L"))

PRE_ACTIVATION = Abbreviation(a[m, h], b1[h] + total(X[m, d] * W1[d, h], d))
HIDDEN = Abbreviation(r[m, h], 1 / (1 + exp(-a[m, h])))
LOGITS = Abbreviation(o[m, c], b2[c] + total(r[m, h] * W2[h, c], h))
PROBABILITIES = Abbreviation(p[m, c], exp(o[m, c]) / total(exp(o[m, k]), k))
DATA_LOSS = Abbreviation(E, -total(y[m, c] * log(p[m, c]), m, c) / size("N"))
PENALTY = Abbreviation(R, lam / 2 * (total(W1[d, h] ** 2, d, h) + total(W2[h, c] ** 2, h, c)))
LOSS = Abbreviation(L, E + R)
OUTPUT_ERROR = Abbreviation(u[m, c], (p[m, c] - y[m, c]) / size("N"))
HIDDEN_ERROR = Abbreviation(v[m, h], r[m, h] * (1 - r[m, h]) * total(u[m, c] * W2[h, c], c))

_targets = Array("y", ("N", "C"), "simplex")
_upper = (Array("W2", ("H", "C")), Array("b2", ("C",)))
_lower = (Array("X", ("N", "D")), Array("W1", ("D", "H")), Array("b1", ("H",)))
_above_o = (PROBABILITIES, DATA_LOSS, OUTPUT_ERROR)
_above_a = (HIDDEN, LOGITS, *_above_o, HIDDEN_ERROR)

FROM_O = Setting((Array("o", ("N", "C")), _targets), _above_o)
FROM_A = Setting((Array("a", ("N", "H")), *_upper, _targets), _above_a)
NETWORK = Setting(
    (*_lower, *_upper, _targets, Array("lam", ())),
    (PRE_ACTIVATION, *_above_a, PENALTY, LOSS),
)


def send_down(error: Expr, layer: Expr) -> Move:
    """The chain rule through a whole layer: dE/dw = sum of error * d layer / dw, where error = dE / d layer."""

    def through(expr: Expr) -> Expr:
        def inner(body: Expr, by: Tuple) -> Expr:
            return total(error * Derivative(layer, by), *layer.indices) if body == E else Derivative(body, by)

        return expr.replace(Derivative, inner)

    return f"chain rule through {layer.base}, where {error.base} is the gradient", through


def derive_gradient(by: Expr, through: Move, layer: Abbreviation) -> tuple[Step, ...]:
    """The derivation of dL/dby for a parameter or input of the affine `layer`, whose error comes down by `through`."""
    moves = [
        ("definition of L", lambda _: Derivative(E, by) + Derivative(R, by)),
        through,
        (f"definitions of {layer.left.base} and R", lambda line: PENALTY.unfold(layer.unfold(line))),
        ("differentiate", differentiate),
        ("contract the Kronecker deltas", contract),
    ]
    return derive(NETWORK, Derivative(L, by), *moves)
