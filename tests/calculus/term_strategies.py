"""Random terms over a few arrays, in the shapes that the grammar can write."""

from fractions import Fraction

from hypothesis import strategies as st

from proofs.calculus.terms import (
    FUNCTIONS,
    Add,
    Delta,
    Diff,
    Element,
    Fn,
    Index,
    Mul,
    Num,
    Pi,
    Pow,
    Size,
    Sum,
    Term,
)
from proofs.calculus.text import Names

NAMES = Names(
    indices={"i": "n", "j": "n", "d": "D"},
    arrays={"z": ("n",), "W1": ("n", "D"), "c": ()},
    definitions={"s": ("n",), "L": ()},
    dims=frozenset({"n", "D"}),
)

_OVER_N = st.sampled_from(["i", "j"])
_FRACTIONS = st.fractions(min_value=-9, max_value=9, max_denominator=9)
_EXPONENTS = st.one_of(st.integers(-4, 4).map(Fraction), st.sampled_from([Fraction(1, 2), Fraction(-1, 3)]))
_LEAVES: st.SearchStrategy[Term] = st.one_of(
    _FRACTIONS.map(Num),
    st.just(Pi()),
    st.sampled_from(["n", "D"]).map(Size),
    st.sampled_from([Element("c"), Element("L")]),
    _OVER_N.map(lambda i: Element("z", (i,))),
    _OVER_N.map(lambda i: Element("s", (i,))),
    _OVER_N.map(lambda i: Element("W1", (i, "d"))),
    st.builds(Delta, _OVER_N, _OVER_N),
)
_BY = st.sampled_from([Element("z", ("j",)), Element("c"), Element("W1", ("i", "d"))])


def _differentiable(t: Term) -> bool:
    return not isinstance(t, Diff)


def _not_division_by_zero(t: Pow) -> bool:
    return t.base != Num(Fraction(0)) or t.exponent >= 0


def _grow(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        several.map(Add),
        several.map(Mul),
        st.builds(Pow, inner, _EXPONENTS).filter(_not_division_by_zero),
        st.builds(Fn, st.sampled_from(FUNCTIONS), inner),
        st.builds(Sum, st.sampled_from([Index("i", "n"), Index("j", "n"), Index("d", "D")]), inner),
        st.builds(Diff, inner.filter(_differentiable), _BY),
    )


TERMS: st.SearchStrategy[Term] = st.recursive(_LEAVES, _grow, max_leaves=12)
