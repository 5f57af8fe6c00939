"""Normal forms keep the value of every term, do not depend on names and order, and tell unequal terms apart."""

from fractions import Fraction
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from proofs.calculus.algebra import DomainError
from proofs.calculus.equality import vanishes
from proofs.calculus.evaluate import EvaluationError, evaluate
from proofs.calculus.normalise import Normaliser
from proofs.calculus.poly import ONE, Poly, TooLarge, add, scale
from proofs.calculus.terms import (
    Add,
    Array,
    Definition,
    Delta,
    Diff,
    Element,
    Fn,
    Index,
    Mul,
    Num,
    Pow,
    Size,
    Statement,
    Sum,
    Term,
)
from proofs.calculus.unparse import to_term

ARRAYS = (
    Array("z", ("n",)),
    Array("w", ("n",), "positive"),
    Array("M", ("n", "m")),
    Array("c", ()),
    Array("p", ("n",), "simplex"),
)
FREE = (Index("i", "n"), Index("j", "n"), Index("a", "m"))
DEFINITIONS = (
    Definition(
        "s",
        (Index("i", "n"),),
        Fn("exp", Element("z", ("i",))) / Sum(Index("k", "n"), Fn("exp", Element("z", ("k",)))),
    ),
    Definition("q", (), Sum(Index("k", "n"), Sum(Index("a", "m"), Element("M", ("k", "a")) * Element("z", ("k",))))),
)

_N = st.sampled_from(["i", "j"])
_LEAVES: st.SearchStrategy[Term] = st.one_of(
    st.sampled_from([Fraction(-2), Fraction(1, 3), Fraction(1), Fraction(3)]).map(Num),
    st.sampled_from(["n", "m"]).map(Size),
    st.sampled_from([2, 3, 12]).map(lambda k: Pow(Num(Fraction(k)), Fraction(1, 2))),
    st.sampled_from(["z", "w", "p", "s"]).flatmap(lambda name: _N.map(lambda i: Element(name, (i,)))),
    _N.map(lambda i: Element("M", (i, "a"))),
    st.sampled_from([Element("c"), Element("q")]),
    st.builds(Delta, _N, _N),
)


def _grow(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    pairs = st.tuples(inner, inner)
    above_one = inner.map(lambda t: 1 + t**2)
    return st.one_of(
        pairs.map(Add),
        pairs.map(Mul),
        st.builds(Pow, inner, st.sampled_from([Fraction(2), Fraction(3)])),
        st.builds(Pow, above_one, st.sampled_from([Fraction(-1), Fraction(1, 2), Fraction(-3, 2)])),
        st.builds(Pow, _N.map(lambda i: Element("w", (i,))), st.sampled_from([Fraction(-1), Fraction(1, 2)])),
        st.builds(
            Fn,
            st.sampled_from(["exp", "sigmoid", "tanh", "softplus", "relu", "abs", "erf", "sin", "cos"]),
            inner,
        ),
        st.builds(Fn, st.sampled_from(["log", "sqrt"]), above_one),
        st.builds(Sum, st.sampled_from([Index("i", "n"), Index("j", "n"), Index("a", "m")]), inner),
        st.builds(
            Diff,
            inner,
            st.sampled_from([Element("z", ("j",)), Element("c"), Element("M", ("i", "a")), Element("w", ("i",))]),
        ),
    )


TERMS = st.recursive(_LEAVES, _grow, max_leaves=6)


def statement(t: Term, other: Term | None = None) -> Statement:
    return Statement(t, other if other is not None else t, FREE, ARRAYS, DEFINITIONS)


def normal_form(t: Term) -> tuple[Normaliser, Poly]:
    normaliser = Normaliser(statement(t))
    try:
        return normaliser, normaliser(t)
    except (TooLarge, DomainError):
        assume(False)
        raise


@st.composite
def points(draw: st.DrawFn) -> tuple[dict[str, int], dict[str, int], dict[str, list[Fraction]]]:
    n, m = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    number = st.integers(-12, 12).map(lambda k: Fraction(2 * k + 1, 8))
    lengths = {"z": n, "w": n, "M": n * m, "c": 1, "p": n}
    values = {name: draw(st.lists(number, min_size=k, max_size=k)) for name, k in lengths.items()}
    values["w"] = [abs(x) for x in values["w"]]
    total = sum(abs(x) for x in values["p"])
    values["p"] = [abs(x) / total for x in values["p"]]
    indices = {"i": draw(st.integers(0, n - 1)), "j": draw(st.integers(0, n - 1)), "a": draw(st.integers(0, m - 1))}
    return {"n": n, "m": m}, indices, values


def ball(t: Term, point: Any) -> Any:
    sizes, indices, values = point
    try:
        return evaluate(statement(t), t, sizes, values, indices, precision=300)
    except EvaluationError:
        assume(False)


@given(TERMS, points())
@settings(max_examples=120, deadline=None)
def test_the_normal_form_has_the_value_of_the_term(t: Term, point: Any) -> None:
    _, poly = normal_form(t)
    expected, actual = ball(t, point), ball(to_term(poly, frozenset("ija")), point)
    assume(expected.rad() < 1 and actual.rad() < 1)
    assert expected.overlaps(actual), f"{expected} is not {actual}"


def scrambled(t: Term, random: Any) -> Term:
    """The same value written differently: summation indices renamed, sums and products reordered."""
    match t:
        case Add(terms):
            parts = [scrambled(x, random) for x in terms]
            random.shuffle(parts)
            return Add(tuple(parts))
        case Mul(factors):
            parts = [scrambled(x, random) for x in factors]
            random.shuffle(parts)
            return Mul(tuple(parts))
        case Sum(index, body):
            from proofs.calculus.terms import rename

            fresh = f"{index.name}{random.randrange(10**6)}x"
            return Sum(Index(fresh, index.dim), rename(scrambled(body, random), {index.name: fresh}))
        case Pow(base, exponent):
            return Pow(scrambled(base, random), exponent)
        case Fn(name, argument):
            return Fn(name, scrambled(argument, random))
        case Diff(body, by):
            return Diff(scrambled(body, random), by)
        case _:
            return t


@given(TERMS, st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_equal_keys_whatever_the_names_and_the_order(t: Term, random: Any) -> None:
    normaliser, poly = normal_form(t)
    assert normaliser(scrambled(t, random)).key == poly.key


@given(TERMS, TERMS, points())
@settings(max_examples=80, deadline=None)
def test_a_difference_that_vanishes_is_zero(t: Term, u: Term, point: Any) -> None:
    normaliser = Normaliser(statement(t, u))
    try:
        difference = add(normaliser(t), scale(normaliser(u), -ONE))
        zero = vanishes(normaliser.algebra, difference)
    except (TooLarge, DomainError):
        assume(False)
    left, right = ball(t, point), ball(u, point)
    if zero:
        assert left.overlaps(right)


@given(TERMS)
@settings(max_examples=50, deadline=None)
def test_a_term_minus_itself_written_differently_vanishes(t: Term) -> None:
    normaliser, poly = normal_form(t)
    try:
        again = normaliser(to_term(poly, frozenset("ija")))
    except DomainError:
        assume(False)
    assert vanishes(normaliser.algebra, add(poly, scale(again, -ONE)))
