"""The formulas that numeric/ must conform to, as index terms.

In every statement the left side is a stable algorithm, which fixes the tolerance; the right side is the formula
that the theorems are about, or a derivative of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofs.calculus.terms import Array, Definition, Diff, Element, Fn, Index, Size, Statement, Sum, Term, term
from tests.conforming import Input, Output, Specification

N, C, D, H, M = (lambda name, dim=dim: Index(name, dim) for dim in "NCDHM")


def at(name: str, *indices: str) -> Element:
    """``name[indices]``."""
    return Element(name, indices)


def exp(x: Term) -> Term:
    return Fn("exp", x)


def log(x: Term) -> Term:
    return Fn("log", x)


def mean(x: Term) -> Term:
    """The mean over the batch n."""
    return Sum(N("n"), x) / Size("N")


def real(*arrays: tuple[str, str]) -> tuple[Array, ...]:
    """Real arrays from (name, dimensions)."""
    return tuple(Array(name, tuple(dims)) for name, dims in arrays)


# Elementwise ------------------------------------------------------------------------------------------------------

x, g = at("x", "n", "c"), at("g", "n", "c")
ROWS = (N("n"), C("c"))
X = Input("x", ("N", "C"))
G = Input("g", ("N", "C"))
small = exp(-Fn("abs", x))


def elementwise(algorithm: Term, formula: Term) -> Specification:
    """``f(x)`` for each element."""
    statement = Statement(algorithm, formula, ROWS, real(("x", "NC")))
    return Specification((X,), (Output(statement, ROWS),), extreme=True, wide=33)


def elementwise_backward(algorithm: Term, formula: Term) -> Specification:
    """``f(g, x) = g * formula'(x)`` for each element."""
    statement = Statement(g * algorithm, g * Diff(formula, x), ROWS, real(("x", "NC"), ("g", "NC"), ("on", "NC")))
    upstream = replace(G, kind="moderate")
    return Specification((upstream, X), (Output(statement, ROWS),), _positive, extreme=True, wide=33)


def _positive(given: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {"on": (given["x"] > 0).astype(float)}


SIGMOID = elementwise(exp(-Fn("relu", -x)) / (1 + small), Fn("sigmoid", x))
SIGMOID_BACKWARD = elementwise_backward(small / (1 + small) ** 2, Fn("sigmoid", x))
SOFTPLUS = elementwise(Fn("relu", x) + Fn("softplus", -Fn("abs", x)), Fn("softplus", x))
SOFTPLUS_BACKWARD = elementwise_backward(exp(-Fn("relu", -x)) / (1 + small), Fn("softplus", x))
TANH = elementwise(Fn("tanh", x), Fn("tanh", x))
TANH_BACKWARD = elementwise_backward(4 * small**2 / (1 + small**2) ** 2, Fn("tanh", x))
RELU = elementwise(Fn("relu", x), Fn("relu", x))
RELU_BACKWARD = elementwise_backward(at("on", "n", "c"), Fn("relu", x))
"""At the kink the specification is silent and the algorithm says 0."""


# Softmax ----------------------------------------------------------------------------------------------------------

xk, gk = at("x", "n", "k"), at("g", "n", "k")
SOFTMAX_DEFINITIONS = (
    Definition("shifted", ROWS, x - at("top", "n")),
    Definition("e", ROWS, exp(at("shifted", "n", "c"))),
    Definition("total", (N("n"),), Sum(C("k"), at("e", "n", "k"))),
    Definition("p", ROWS, at("e", "n", "c") / at("total", "n")),
    Definition("logp", ROWS, at("shifted", "n", "c") - log(at("total", "n"))),
    Definition("S", (N("n"),), Sum(C("k"), exp(xk))),
    Definition("s", ROWS, exp(x) / at("S", "n")),
)
p, logp, s = at("p", "n", "c"), at("logp", "n", "c"), at("s", "n", "c")


def _top(given: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {"top": given["x"].max(axis=1)}


def rowwise(algorithm: Term, formula: Term, free: tuple[Index, ...], *inputs: Input) -> Specification:
    """A function of logits x (N, C), described with `SOFTMAX_DEFINITIONS`."""
    arrays = real(("x", "NC"), ("top", "N"), ("g", "N" if inputs[0].dims == ("N",) else "NC"))
    statement = Statement(algorithm, formula, free, arrays, SOFTMAX_DEFINITIONS)
    return Specification(inputs, (Output(statement, free),), _top, extreme=True, wide=17)


upstream = Input("g", ("N", "C"), "moderate")
SOFTMAX = rowwise(p, s, ROWS, X)
LOG_SOFTMAX = rowwise(logp, log(s), ROWS, X)
LOGSUMEXP = rowwise(at("top", "n") + log(at("total", "n")), log(at("S", "n")), ROWS[:1], X)
SOFTMAX_VJP = rowwise(
    p * (g - Sum(C("k"), gk * at("p", "n", "k"))), Sum(C("k"), gk * Diff(at("s", "n", "k"), x)), ROWS, upstream, X
)
LOG_SOFTMAX_VJP = rowwise(
    g - exp(logp) * Sum(C("k"), gk), Sum(C("k"), gk * Diff(log(at("s", "n", "k")), x)), ROWS, upstream, X
)
LOGSUMEXP_VJP = rowwise(
    at("g", "n") * p, at("g", "n") * Diff(log(at("S", "n")), x), ROWS, Input("g", ("N",), "moderate"), X
)


# Losses -----------------------------------------------------------------------------------------------------------


def _one_hot(given: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {**_top(given), "t": np.eye(given["x"].shape[1])[given["y"]]}


def _outputs(loss: Statement, *gradients: tuple[Term, Element, tuple[Index, ...]]) -> tuple[Output, ...]:
    """A loss ``algorithm = formula`` and its gradients ``algorithm = d formula / d element``; an empty loss is 0."""
    zero = replace(loss, lhs=term(0), rhs=term(0))
    outputs = [Output(loss, (), zero)]
    for algorithm, by, free in gradients:
        outputs.append(Output(replace(loss, lhs=algorithm, rhs=Diff(loss.rhs, by), indices=free), free))
    return tuple(outputs)


t = at("t", "n", "c")
_cross_entropy = Statement(
    mean(Sum(C("c"), t * -logp)),
    mean(Sum(C("c"), t * -log(s))),
    arrays=real(("x", "NC"), ("top", "N"), ("t", "NC")),
    definitions=SOFTMAX_DEFINITIONS,
)
CROSS_ENTROPY = Specification(
    (X, Input("y", ("N",), "labels", "C")),
    _outputs(_cross_entropy, ((exp(logp) - t) / Size("N"), x, ROWS)),
    _one_hot,
    extreme=True,
)
SOFT_CROSS_ENTROPY = Specification(
    (X, Input("t", ("N", "C"), "probabilities")),
    _outputs(_cross_entropy, ((exp(logp) * Sum(C("k"), at("t", "n", "k")) - t) / Size("N"), x, ROWS)),
    _top,
    extreme=True,
)
_error = x - at("y", "n", "c")
_elements = Size("N") * Size("C")
SQUARED_ERROR = Specification(
    (X, Input("y", ("N", "C"))),
    _outputs(
        Statement(
            Sum(N("n"), Sum(C("c"), _error**2)) / _elements,
            Sum(N("n"), Sum(C("c"), _error**2)) / _elements,
            arrays=real(("x", "NC"), ("y", "NC")),
        ),
        (2 * _error / _elements, x, ROWS),
    ),
)
_penalty = at("r") * Sum(N("n"), Sum(C("c"), x**2)) / 2
L2_PENALTY = Specification(
    (X, Input("r", (), "rate")),
    _outputs(Statement(_penalty, _penalty, arrays=real(("x", "NC"), ("r", ""))), (at("r") * x, x, ROWS)),
)


# Affine layer -------------------------------------------------------------------------------

_affine = Statement(
    Sum(D("d"), at("x", "n", "d") * at("w", "d", "m")) + at("b", "m"),
    Sum(D("d"), at("x", "n", "d") * at("w", "d", "m")) + at("b", "m"),
    (N("n"), M("m")),
    real(("x", "ND"), ("w", "DM"), ("b", "M"), ("g", "NM")),
)
AFFINE = Specification(
    (Input("x", ("N", "D")), Input("w", ("D", "M")), Input("b", ("M",))), (Output(_affine, _affine.indices),)
)


def _affine_gradient(algorithm: Term, by: Element, *free: Index) -> Output:
    out = Sum(D("e"), at("x", "o", "e") * at("w", "e", "q")) + at("b", "q")
    formula = Sum(N("o"), Sum(M("q"), at("g", "o", "q") * Diff(out, by)))
    return Output(replace(_affine, lhs=algorithm, rhs=formula, indices=free), free)


AFFINE_BACKWARD = Specification(
    (Input("g", ("N", "M")), Input("x", ("N", "D")), Input("w", ("D", "M")), Input("b", ("M",))),
    (
        _affine_gradient(Sum(M("m"), at("g", "n", "m") * at("w", "d", "m")), at("x", "n", "d"), N("n"), D("d")),
        _affine_gradient(Sum(N("n"), at("x", "n", "d") * at("g", "n", "m")), at("w", "d", "m"), D("d"), M("m")),
        _affine_gradient(Sum(N("n"), at("g", "n", "m")), at("b", "m"), M("m")),
    ),
)


# Two-layer network ------------------------------------------------------------------------------------------------

_z = at("z", "n", "h")
_a, _o = at("a", "n", "h"), at("o", "n", "c")
_dz = at("dz", "n", "h")
_dlogits = at("dlogits", "n", "c")
_network = (
    Definition("z", (N("n"), H("h")), Sum(D("d"), at("x", "n", "d") * at("W1", "d", "h")) + at("b1", "h")),
    Definition("a", (N("n"), H("h")), exp(-Fn("relu", -_z)) / (1 + exp(-Fn("abs", _z)))),
    Definition("o", ROWS, Sum(H("h"), _a * at("W2", "h", "c")) + at("b2", "c")),
    Definition("shifted", ROWS, _o - at("top", "n")),
    Definition("logp", ROWS, at("shifted", "n", "c") - log(Sum(C("k"), exp(at("shifted", "n", "k"))))),
    Definition("dlogits", ROWS, (exp(logp) - t) / Size("N")),
    Definition("dz", (N("n"), H("h")), Sum(C("c"), _dlogits * at("W2", "h", "c")) * _a * (1 - _a)),
    Definition("output", ROWS, Sum(H("h"), Fn("sigmoid", _z) * at("W2", "h", "c")) + at("b2", "c")),
    Definition("logsoftmax", ROWS, at("output", "n", "c") - log(Sum(C("k"), exp(at("output", "n", "k"))))),
)
_W1, _W2 = at("W1", "d", "h"), at("W2", "h", "c")
_l2 = at("r") * Sum(D("d"), Sum(H("h"), _W1**2)) / 2 + at("r") * Sum(H("h"), Sum(C("c"), _W2**2)) / 2
_loss = Statement(
    mean(Sum(C("c"), t * -logp)) + _l2,
    mean(Sum(C("c"), t * -at("logsoftmax", "n", "c"))) + _l2,
    arrays=real(
        *(("W1", "DH"), ("b1", "H"), ("W2", "HC"), ("b2", "C"), ("x", "ND"), ("t", "NC"), ("top", "N"), ("r", ""))
    ),
    definitions=_network,
)


def _network_extra(given: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """One-hot labels, and a shift near the largest logit: which one is of no matter to the formula."""
    w1, b1, w2, b2, rows = (given[name].astype(np.float64) for name in ("W1", "b1", "W2", "b2", "x"))
    logits = 1 / (1 + np.exp(-(rows @ w1 + b1))) @ w2 + b2
    return {"top": logits.max(axis=1), "t": np.eye(len(b2))[given["y"]]}


def _gradient(algorithm: Term, by: Element, *free: Index, empty: Term) -> Output:
    statement = replace(_loss, lhs=algorithm, rhs=Diff(_loss.rhs, by), indices=free)
    return Output(statement, free, replace(statement, lhs=empty, rhs=Diff(_l2, by)))


NETWORK = Specification(
    (
        Input("W1", ("D", "H"), "moderate"),
        Input("b1", ("H",), "moderate"),
        Input("W2", ("H", "C"), "moderate"),
        Input("b2", ("C",), "moderate"),
        Input("x", ("N", "D"), "moderate"),
        Input("y", ("N",), "labels", "C"),
        Input("r", (), "rate"),
    ),
    (
        Output(_loss, (), replace(_loss, lhs=_l2, rhs=_l2)),
        _gradient(Sum(N("n"), at("x", "n", "d") * _dz) + at("r") * _W1, _W1, D("d"), H("h"), empty=at("r") * _W1),
        _gradient(Sum(N("n"), _dz), at("b1", "h"), H("h"), empty=term(0)),
        _gradient(Sum(N("n"), _a * _dlogits) + at("r") * _W2, _W2, H("h"), C("c"), empty=at("r") * _W2),
        _gradient(Sum(N("n"), _dlogits), at("b2", "c"), C("c"), empty=term(0)),
        _gradient(Sum(H("h"), _dz * _W1), at("x", "n", "d"), N("n"), D("d"), empty=term(0)),
    ),
    _network_extra,
    usual={"N": 2, "D": 3, "H": 2, "C": 3},
    largest=3,
)
"""``f(W1, b1, W2, b2, x, y, r) -> loss, dW1, db1, dW2, db2, dx``."""
