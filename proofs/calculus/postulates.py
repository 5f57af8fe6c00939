"""Everything the calculus takes for granted beyond the field axioms, exp, log, powers and finite sums.

exp: exp(u + v) = exp(u) exp(v), exp > 0, d exp(u) = exp(u) du. log is its inverse on positive numbers, powers with
rational exponents are those of positive numbers. sigmoid, tanh and softplus are abbreviations and need nothing:
sigmoid(u) = 1 / (1 + exp(-u)), tanh(u) = 1 - 2 / (exp(2 u) + 1), softplus(u) = log(1 + exp(u)).
"""

from __future__ import annotations

from collections.abc import Mapping

from proofs.calculus.terms import Fn, Statement, subterms

POSTULATES: Mapping[str, str] = {
    "erf": "erf is odd and d erf(u) = 2/sqrt(pi) * exp(-u^2) du",
    "sin": "sin is odd, sin(0) = 0, d sin(u) = cos(u) du, sin^2 + cos^2 = 1",
    "cos": "cos is even, cos(0) = 1, d cos(u) = -sin(u) du, sin^2 + cos^2 = 1",
    "simplex": "a simplex array is not negative and sums to 1 over its last axis",
    "onehot": "a one-hot array is 0 or 1, with one 1 along its last axis",
    "step": "step(u) is 1 where u > 0 and 0 where u < 0",
}


def used(statement: Statement) -> tuple[str, ...]:
    """The postulates that a statement's functions and domains bring in, in alphabetical order."""
    names = {array.domain for array in statement.arrays} | {t.name for t in subterms(statement) if isinstance(t, Fn)}
    return tuple(text for name, text in sorted(POSTULATES.items()) if name in names)
