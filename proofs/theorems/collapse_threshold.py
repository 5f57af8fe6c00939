"""Collapse threshold of the two-layer network: near zero weights one step multiplies by 1 + eta (sigma/4 - lam).

At W1 = W2 = 0, b1 = 0 every row gives the probabilities s = softmax(b2). Once b2 has converged, s is the share of each
class, zero is a stationary point of the loss, and K = (1/N) sum over the rows of x (y - s)^T is the covariance of
inputs and labels. Let alpha, over the hidden units, sum to zero, and K psi = sigma phi, K^T phi = sigma psi. Then the
direction W1 = t phi alpha^T, W2 = t alpha psi^T is an eigenvector of the Hessian at zero, its eigenvalue lam - sigma/4:
gradient descent leaves zero along it if lam < sigma/4, and falls back if lam > sigma/4 (and eta is small). The largest
sigma is the largest singular value of K. For any other phi and psi the lines keep what is missing, rho and tau.

The gradients are those of the theorems two_layer_w1, w2, b1 and b2, at the weights of the direction. They are
differentiated by t for every t; then t is defined to be 0 in what results. That the derivative at 0 is the first-order
change is what a derivative is; how far from zero it is a good guide is not claimed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Derivative, Expr, S, Symbol, exp

from proofs.calculus.printing import statement_latex, statement_text, to_latex
from proofs.calculus.sympy_bridge import array, index, size
from proofs.calculus.terms import Array, Definition, Element, Index, Statement
from proofs.claim import Scope
from proofs.theorems import two_layer_b1, two_layer_b2, two_layer_w1, two_layer_w2
from proofs.theorems.derivation import Abbreviation, Setting, definitions_used, names_in
from proofs.theorems.rules import total
from proofs.theorems.theorem import Step, Theorem, main
from proofs.theorems.two_layer_network import (
    HIDDEN,
    HIDDEN_ERROR,
    LOGITS,
    NETWORK,
    OUTPUT_ERROR,
    PRE_ACTIVATION,
    PROBABILITIES,
    W1,
    W2,
    X,
    a,
    b1,
    b2,
    c,
    d,
    e,
    g,
    h,
    k,
    lam,
    m,
    p,
    q,
    r,
    u,
    y,
)

t, sigma, eta = (Symbol(name, real=True) for name in ("t", "sigma", "eta"))
z, w, alpha, phi, psi = (array(name) for name in ("z", "w", "alpha", "phi", "psi"))
s, K, rho, tau, x_mean, y_mean = (array(name) for name in ("s", "K", "rho", "tau", "x_mean", "y_mean"))
da, dr, do, dp, du, dv = (array(f"d{name}") for name in "aropuv")
G1, G2, B1, B2, dG1, dG2, dB1, dB2 = (array(f"{of}{name}") for of in ("", "d") for name in ("G1", "G2", "B1", "B2"))
other = index("j", "H")

ALONG = (Abbreviation(W1[d, h], t * phi[d] * alpha[h]), Abbreviation(W2[h, c], t * alpha[h] * psi[c]))
FORWARD = (HIDDEN, LOGITS, PROBABILITIES, OUTPUT_ERROR, HIDDEN_ERROR)
BY_T = (
    Abbreviation(dr[m, h], r[m, h] * (1 - r[m, h]) * da[m, h]),
    Abbreviation(do[m, c], total(dr[m, h] * W2[h, c] + r[m, h] * alpha[h] * psi[c], h)),
    Abbreviation(dp[m, c], p[m, c] * (do[m, c] - total(p[m, k] * do[m, k], k))),
    Abbreviation(du[m, c], dp[m, c] / size("N")),
    Abbreviation(
        dv[m, h],
        dr[m, h] * (1 - 2 * r[m, h]) * total(u[m, c] * W2[h, c], c)
        + r[m, h] * (1 - r[m, h]) * total(du[m, c] * W2[h, c] + u[m, c] * alpha[h] * psi[c], c),
    ),
    Abbreviation(dG1[q, g], total(X[m, q] * dv[m, g], m) + lam * phi[q] * alpha[g]),
    Abbreviation(dG2[g, e], total(dr[m, g] * u[m, e] + r[m, g] * du[m, e], m) + lam * alpha[g] * psi[e]),
    Abbreviation(dB1[g], total(dv[m, g], m)),
    Abbreviation(dB2[e], total(du[m, e], m)),
)
PROJECTED = (Abbreviation(a[m, h], t * alpha[h] * z[m]), Abbreviation(da[m, h], alpha[h] * z[m]))
SHARES = Abbreviation(s[c], exp(b2[c]) / total(exp(b2[k]), k))
COVARIANCE = Abbreviation(K[d, c], total(X[m, d] * (y[m, c] - s[c]), m) / size("N"))
MISSING = (
    Abbreviation(rho[d], total(K[d, c] * psi[c], c) - sigma * phi[d]),
    Abbreviation(tau[c], total(K[d, c] * phi[d], d) - sigma * psi[c]),
)
SUM_ZERO = Abbreviation(alpha[h], w[h] - total(w[other], other) / size("H"))

_known = tuple(array for array in NETWORK.arrays if array.name in ("X", "y", "b2", "lam"))
_direction = (Array("phi", ("D",)), Array("psi", ("C",)))
EVERY_T = Setting(
    (*_known, *_direction, Array("alpha", ("H",)), Array("z", ("N",)), Array("t", ())),
    (*ALONG, *PROJECTED, *FORWARD, *BY_T),
)
AT_ZERO = Setting(
    (*_known, *_direction, Array("w", ("H",)), Array("sigma", ()), Array("eta", ())),
    (
        Abbreviation(t, S.Zero),
        SUM_ZERO,
        *ALONG,
        Abbreviation(b1[h], S.Zero),
        PRE_ACTIVATION,
        Abbreviation(da[m, h], alpha[h] * total(X[m, d] * phi[d], d)),
        *FORWARD,
        *BY_T,
        SHARES,
        COVARIANCE,
        *MISSING,
    ),
)
MEANS = Setting(
    tuple(array for array in _known if array.name in ("X", "y")),
    (
        Abbreviation(x_mean[d], total(X[m, d], m) / size("N")),
        Abbreviation(y_mean[c], total(y[m, c], m) / size("N")),
    ),
)
_share = total(y[m, e], m) / size("N")
_shares_missed = total((s[c] - total(y[m, c], m) / size("N")) * psi[c], c)
_grown = 1 + eta * (sigma / 4 - lam)
_by_t = "chain rule, for every t"
_stationary = "put t = 0: the gradient there, zero if s is the share of each class"
_biases = "put t = 0: the biases stay if s is the share of each class"
_covariance = total(X[m, q] * (y[m, e] - y_mean[e]), m) / size("N")
LINES: tuple[tuple[str, Setting, Expr, Expr], ...] = (
    (_by_t, EVERY_T, Derivative(G1[q, g], t), dG1[q, g]),
    (_by_t, EVERY_T, Derivative(G2[g, e], t), dG2[g, e]),
    (_by_t, EVERY_T, Derivative(B1[g], t), dB1[g]),
    (_by_t, EVERY_T, Derivative(B2[e], t), dB2[e]),
    (_stationary, AT_ZERO, G1[q, g], S.Zero),
    (_stationary, AT_ZERO, G2[g, e], (s[e] - _share) / 2),
    (_stationary, AT_ZERO, B1[g], S.Zero),
    (_stationary, AT_ZERO, B2[e], s[e] - _share),
    (_biases, AT_ZERO, dB1[g], alpha[g] / 4 * _shares_missed),
    (_biases, AT_ZERO, dB2[e], S.Zero),
    (
        "where s is the share of each class, K is the covariance",
        MEANS,
        _covariance,
        total((X[m, q] - x_mean[q]) * (y[m, e] - y_mean[e]), m) / size("N"),
    ),
    (
        "put t = 0: one step of gradient descent",
        AT_ZERO,
        phi[q] * alpha[g] - eta * dG1[q, g],
        _grown * phi[q] * alpha[g] + eta / 4 * alpha[g] * rho[q],
    ),
    (
        "put t = 0: one step of gradient descent",
        AT_ZERO,
        alpha[g] * psi[e] - eta * dG2[g, e],
        _grown * alpha[g] * psi[e] + eta / 4 * alpha[g] * tau[e],
    ),
)


def theorem() -> Theorem:
    gradients = proved_gradients()
    steps = tuple(equation(*line, gradients) for line in LINES)
    return Theorem(
        "collapse_threshold",
        "Collapse threshold of the two-layer network",
        "From zero weights, with s the share of each class, one step of rate eta multiplies the direction "
        "W1 = t phi alpha^T, W2 = t alpha psi^T by 1 + eta (sigma/4 - lam), to first order in t, and leaves the biases "
        "if alpha sums to zero and K psi = sigma phi, K^T phi = sigma psi for the covariance K of inputs and labels "
        "(rho and tau are then zero). G1, G2, B1, B2 are the gradients by W1, W2, b1, b2 along it, dG1 and so on their "
        "derivatives by t. Under a penalty lam above a quarter of the largest singular value of K it shrinks.",
        _latex(steps[-2:]),
        Scope("all N, D, H, C >= 1"),
        steps,
    )


def proved_gradients() -> tuple[Definition, ...]:
    """The gradients of the loss by W1, W2, b1 and b2, as their theorems have proved them, under names of their own."""
    found = []
    for name, indices, module in (
        ("G1", (q, g), two_layer_w1),
        ("G2", (g, e), two_layer_w2),
        ("B1", (g,), two_layer_b1),
        ("B2", (e,), two_layer_b2),
    ):
        proved = module.theorem().steps[-1].subject
        if not isinstance(proved, Statement):
            raise TypeError(f"{module.__name__}: expected an equation in its last step, got {type(proved).__name__}")
        found.append(Definition(name, tuple(Index(str(i.label), str(i.upper)) for i in indices), proved.rhs))
    return tuple(found)


def equation(rule: str, setting: Setting, lhs: Expr, rhs: Expr, gradients: Sequence[Definition]) -> Step:
    statement = setting.statement(lhs, rhs)
    statement = replace(statement, definitions=(*statement.definitions, *gradients))
    definitions = definitions_used(statement)
    names = set[str]().union(*(names_in(t) for t in (statement.lhs, statement.rhs, *(d.body for d in definitions))))
    arrays = tuple(array for array in statement.arrays if array.name in names)
    return Step(rule, statement_text(statement), replace(statement, definitions=definitions, arrays=arrays))


def _latex(lines: Sequence[Step]) -> str:
    """The equations of these steps, and below them what the letters in them stand for."""
    rows = [statement_latex(step.subject) for step in lines if isinstance(step.subject, Statement)]
    for each in (*MISSING, COVARIANCE, SHARES, SUM_ZERO):
        definition = each.definition()
        left = to_latex(Element(definition.name, tuple(i.name for i in definition.indices)))
        rows.append(f"{left} = {to_latex(definition.body)}")
    rows[len(lines)] = r"\text{with } " + rows[len(lines)]
    return r"\begin{matrix} " + r" \\ ".join(rows) + r" \end{matrix}"


if __name__ == "__main__":
    main(theorem)
