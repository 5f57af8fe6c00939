"""Random statements that the export can write, over the arrays of tests/calculus/term_strategies.py."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st

from proofs.calculus.terms import (
    Add,
    Array,
    Definition,
    Diff,
    Element,
    Fn,
    Index,
    Mul,
    Pow,
    Statement,
    Sum,
    Term,
    Where,
)
from proofs.kernels.formal import FUNCTIONS
from tests.calculus.term_strategies import TERMS

_I, _K = Index("i", "n"), Index("k", "n")
_S = Definition("s", (_I,), Mul((Fn("exp", Element("z", ("i",))), Pow(Sum(_K, Element("z", ("k",))), Fraction(-1)))))
_L = Definition("L", (), Sum(_K, Mul((Element("s", ("k",)), Element("c")))))
_SHELL = Statement(
    Element("c"),
    Element("c"),
    (_I, Index("j", "n"), Index("d", "D")),
    (Array("z", ("n",), "simplex"), Array("W1", ("n", "D")), Array("c", (), "positive")),
    (_S, _L),
    least=(("n", 2),),
)
_WHERE = st.sampled_from([(), (Where("i", "j", True),), (Where("i", "j", False),)])


def exportable(t: Term) -> Term:
    """The term with functions and powers that are not exported replaced by ones that are."""
    match t:
        case Fn(name, argument):
            return Fn(name if name in FUNCTIONS else "exp", exportable(argument))
        case Pow(base, exponent):
            return Pow(exportable(base), exponent if exponent.denominator < 3 else Fraction(1, 2))
        case Add(parts):
            return Add(tuple(map(exportable, parts)))
        case Mul(parts):
            return Mul(tuple(map(exportable, parts)))
        case Sum(index, body):
            return Sum(index, exportable(body))
        case Diff(body, by):
            return Diff(exportable(body), by)
        case _:
            return t


_SIDES = TERMS.map(exportable)
STATEMENTS = st.builds(lambda lhs, rhs, where: replace(_SHELL, lhs=lhs, rhs=rhs, where=where), _SIDES, _SIDES, _WHERE)
