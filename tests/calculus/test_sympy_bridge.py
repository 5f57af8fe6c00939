"""The bridge to SymPy keeps the meaning of every term, and refuses what it cannot read."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
import sympy
from flint import arb
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from proofs.calculus.evaluate import evaluate
from proofs.calculus.sympy_bridge import BridgeError, array, from_sympy, index, size, to_sympy
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
    children,
)
from tests.calculus.term_strategies import TERMS

INDICES = (Index("i", "n"), Index("j", "n"), Index("d", "D"))
SIZES = {"n": 2, "D": 3}
SETTING = Statement(
    Num(Fraction(0)),
    Num(Fraction(0)),
    INDICES,
    (Array("z", ("n",)), Array("W1", ("n", "D")), Array("c", ())),
    (
        Definition("s", (Index("i", "n"),), Element("z", ("i",)) * Element("c")),
        Definition("L", (), Sum(Index("i", "n"), Element("s", ("i",)) ** 2)),
    ),
)
VALUES: st.SearchStrategy[Mapping[str, list[Fraction]]] = st.fixed_dictionaries(
    {
        name: st.lists(st.fractions(Fraction(-2), Fraction(2), max_denominator=5), min_size=count, max_size=count)
        for name, count in {"z": 2, "W1": 6, "c": 1}.items()
    }
)


def value(t: Term, values: Mapping[str, list[Fraction]], at: Mapping[str, int]) -> arb:
    """The value of a term; discards the example where it has none or would be too large a number."""
    try:
        found = evaluate(SETTING, t, SIZES, values, at, precision=200)
    except (ArithmeticError, ValueError):
        assume(False)
    assume(abs(found) < 10**40)
    return found


def bridged(t: Term) -> tuple[sympy.Expr, Term]:
    try:
        expr = to_sympy(t, indices=INDICES)
    except BridgeError as error:
        assume("no finite real value" not in str(error))
        raise
    return expr, from_sympy(expr, indices=INDICES, dims=SIZES)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(TERMS, VALUES)
def test_there_and_back_means_the_same(t: Term, values: Mapping[str, list[Fraction]]) -> None:
    at = {"i": 0, "j": 1, "d": 2}
    expected = value(t, values, at)
    _, back = bridged(t)
    actual = evaluate(SETTING, back, SIZES, values, at, precision=200)
    assert actual.overlaps(expected)


def parts(t: Term) -> Iterator[Term]:
    yield t
    for child in children(t):
        yield from parts(child)


def by_sympy(expr: sympy.Expr, values: Mapping[str, list[Fraction]], at: Mapping[str, int]) -> Any:
    """The value that SymPy itself gives the expression at explicit sizes: sums added up, then numbers put in."""

    def added_up(body: sympy.Expr, *limits: sympy.Tuple) -> sympy.Expr:
        for bound, _, upper in limits:
            body = sympy.Add(*(body.xreplace({bound: p + 1}) for p in range(SIZES[str(upper)])))
        return body

    explicit = expr.replace(sympy.Sum, added_up).xreplace({index(i.name, i.dim): at[i.name] + 1 for i in INDICES})
    shapes = {"z": (2,), "W1": (2, 3)}
    numbers = {
        array(name)[tuple(p + 1 for p in place)]: sympy.Rational(str(values[name][flat]))
        for name, shape in shapes.items()
        for flat, place in enumerate(product(*map(range, shape)))
    }
    sizes = {size(dim): number for dim, number in SIZES.items()}
    return explicit.subs({**sizes, **numbers, sympy.Symbol("c", real=True): sympy.Rational(str(values["c"][0]))})


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(TERMS, VALUES)
def test_sympy_means_what_the_term_means(t: Term, values: Mapping[str, list[Fraction]]) -> None:
    assume(not any(isinstance(x, Diff) or (isinstance(x, Element) and x.name in "sL") for x in parts(t)))
    at = {"i": 0, "j": 1, "d": 2}
    expected = value(t, values, at)
    expr, _ = bridged(t)
    actual = sympy.re(sympy.N(by_sympy(expr, values, at), 30))
    assert abs(actual - sympy.Float(expected.mid().str(60, radius=False), 60)) <= 1e-20 * (1 + abs(actual))


z, x = array("z"), sympy.IndexedBase("x")
n, m = size("n"), sympy.Symbol("m")
i, j, k = (index(name, "n") for name in "ijk")
a, b = sympy.symbols("a b")
FREE = (Index("a", "n"), Index("b", "n"))


def test_what_sympy_makes_of_a_derivative_is_read() -> None:
    softmax = sympy.exp(z[i]) / sympy.Sum(sympy.exp(z[k]), (k, 1, n))
    total = Sum(Index("k", "n"), Fn("exp", Element("z", ("k",))))
    selected = Sum(Index("k", "n"), Mul((Delta("j", "k"), Fn("exp", Element("z", ("k",))))))
    own = Fn("exp", Element("z", ("i",)))
    assert from_sympy(softmax.diff(z[j])) == Add(
        (
            Mul((Delta("i", "j"), own, Pow(total, Fraction(-1)))),
            Mul((Num(Fraction(-1)), own, selected, Pow(total, Fraction(-2)))),
        )
    )


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (n, Size("n")),
        (sympy.Symbol("c"), Element("c")),
        (sympy.Max(0, z[i]), Fn("relu", Element("z", ("i",)))),
        (sympy.sqrt(z[i]), Pow(Element("z", ("i",)), Fraction(1, 2))),
        (sympy.E, Fn("exp", Num(Fraction(1)))),
        (2**n, Fn("exp", Mul((Size("n"), Fn("log", Num(Fraction(2))))))),
        (sympy.KroneckerDelta(i, j, (1, n)), Delta("i", "j")),
        (sympy.Derivative(z[i], z[j], 2), Diff(Diff(Element("z", ("i",)), Element("z", ("j",))), Element("z", ("j",)))),
        (sympy.Sum(z[j], (k, 1, n)), Sum(Index("k", "n"), Element("z", ("j",)))),
    ],
)
def test_read(expr: sympy.Expr, expected: Term) -> None:
    assert from_sympy(expr, dims=["n"]) == expected


def test_limits_from_zero_want_a_first_index_of_zero() -> None:
    total = sympy.Sum(x[a], (a, 0, m - 1))
    assert from_sympy(total, first=0) == Sum(Index("a", "m"), Element("x", ("a",)))
    with pytest.raises(BridgeError, match="first=1"):
        from_sympy(total)


def test_a_contracted_sum_is_read() -> None:
    contracted = sympy.Sum(x[a] * sympy.KroneckerDelta(a, b), (a, 1, m)).doit()
    assert isinstance(contracted, sympy.Piecewise)
    assert from_sympy(contracted, indices=[Index("b", "m")]) == Element("x", ("b",))
    from_zero = sympy.Sum(x[a] * sympy.KroneckerDelta(a, b), (a, 0, m - 1)).doit()
    assert from_sympy(from_zero, indices=[Index("b", "m")], first=0) == Element("x", ("b",))


@pytest.mark.parametrize(
    "condition",
    [
        (b >= 1) & (b <= m - 1),
        (b >= 2) & (b <= m),
        (b >= 1) & (b <= n),
        (b > 1) & (b <= m),
        (b >= 1) & (b < m),
        sympy.Eq(b, 1),
        (b < 1) | (b >= 2),
        b < a,
    ],
)
def test_a_condition_that_the_ranges_do_not_imply_is_refused(condition: sympy.Basic) -> None:
    piecewise = sympy.Piecewise((x[b], condition), (0, True), evaluate=False)
    with pytest.raises(BridgeError, match="not implied"):
        from_sympy(piecewise, indices=[Index("b", "m"), Index("a", "m")], dims=["n"])


@pytest.mark.parametrize(
    ("expr", "message"),
    [
        ("x[a] + 1", "text is not read"),
        (sympy.Float(0.5), "floating-point"),
        (x[1], "plain index"),
        (x[a + 1], "plain index"),
        (x[i + 1], "plain index"),
        (sympy.Symbol("q") * x[sympy.Symbol("q")], "no dimension"),
        (sympy.Sum(a, (a, 1, m)), "used as a number"),
        (sympy.Sum(k * z[k], (k, 1, n)), "used as a number"),
        (sympy.Sum(x[a], (a, 0, m)), "range 0, m"),
        (sympy.Sum(x[a], (a, 2, m)), "range 2, m"),
        (sympy.Sum(x[a], (a, 1, 5)), "range 1, 5"),
        (sympy.Sum(x[a], (a, 1, m), (m, 1, n)), "index and as a size"),
        (sympy.Sum(z[k], (k, 1, m)), "used over m"),
        (x[sympy.Idx("q", 5)], "range 0, 4"),
        (x[sympy.Idx("q", m)], "range 0, m - 1"),
        (sympy.KroneckerDelta(i, index("h", "H")), "ranges over"),
        (sympy.KroneckerDelta(i, 1), "plain index"),
        (z[i] + sympy.IndexedBase("z")[i], "two different SymPy objects"),
        (sympy.Symbol("n") + n, "two different SymPy objects"),
        (z[i] * sympy.Symbol("z"), "two different SymPy objects"),
        (z[a] * z[sympy.Symbol("a", integer=True)], "two different SymPy objects"),
        (sympy.Dummy("q") + sympy.Dummy("q"), "two different SymPy objects"),
        (sympy.Symbol("x y"), "expected a name"),
        (sympy.Symbol("__import__('os')"), "expected a name"),
        (sympy.IndexedBase("x", shape=(m,))[a], "no shape"),
        (sympy.sinh(z[i]), "sinh is not an index term"),
        (sympy.sign(z[i]), "sign is not an index term"),
        (sympy.I * z[i], "ImaginaryUnit is not an index term"),
        (sympy.oo, "Infinity is not an index term"),
        (sympy.nan, "NaN is not an index term"),
        ((-1) ** n, "Pow is not an index term"),
        (z[i] ** z[j], "Pow is not an index term"),
        (sympy.Product(z[k], (k, 1, n)), "Product is not an index term"),
        (sympy.Integral(sympy.Symbol("t"), sympy.Symbol("t")), "Integral is not an index term"),
        (sympy.MatrixSymbol("M", 2, 2), "MatrixSymbol is not an index term"),
        (sympy.Function("f")(z[i]), "f is not an index term"),
        (sympy.Derivative(sympy.exp(sympy.Symbol("q")) * z[i], n), "derivatives by array elements"),
        (sympy.Derivative(z[i], (z[j], 5)), "at most 4"),
        (z[i] < z[j], "StrictLessThan is not an index term"),
    ],
)
def test_refused(expr: Any, message: str) -> None:
    with pytest.raises(BridgeError, match=message):
        from_sympy(expr, indices=FREE[:1], dims=["n"])


def test_a_sum_of_very_many_terms_is_refused() -> None:
    with pytest.raises(BridgeError, match="more than 50000 nodes"):
        from_sympy(sympy.Add(*[sympy.Symbol("q")] * 60_000, evaluate=False))


def test_deep_nesting_is_refused_and_not_a_crash() -> None:
    deep = z[i]
    for _ in range(150):
        deep = sympy.sin(1 + deep, evaluate=False)
    with pytest.raises(BridgeError, match="nested deeper"):
        from_sympy(deep)


def test_a_bound_index_never_shadows_in_sympy() -> None:
    inner = Sum(Index("i", "n"), Element("z", ("i",)))
    t = Sum(Index("i", "n"), Element("z", ("i",)) * inner) + Element("z", ("i",))
    bound = {limit[0] for total in to_sympy(t, indices=INDICES).atoms(sympy.Sum) for limit in total.limits}
    assert sorted(map(str, bound)) == ["i_1", "i_2"]


@pytest.mark.parametrize(
    ("t", "message"),
    [
        (Element("z", ("q",)), "neither free nor bound"),
        (Pow(Num(Fraction(-1)), Fraction(1, 2)), "no finite real value"),
        (Pow(Num(Fraction(0)), Fraction(-1)), "no finite real value"),
    ],
)
def test_terms_that_cannot_be_written(t: Term, message: str) -> None:
    with pytest.raises(BridgeError, match=message):
        to_sympy(t)
