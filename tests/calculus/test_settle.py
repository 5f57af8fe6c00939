"""Verdicts on equations: true ones PROVED, false ones REFUTED with a point, unclear ones neither."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest

from proofs.calculus import DomainError, Statement, settle_statement
from proofs.calculus.terms import (
    Array,
    Delta,
    Diff,
    Element,
    Fn,
    Index,
    Num,
    Pi,
    Size,
    Sum,
    Term,
    Where,
)
from proofs.checker import check
from proofs.claim import Status

OVER_I, OVER_J, OVER_K = Index("i", "n"), Index("j", "n"), Index("k", "n")
ARRAYS = (
    Array("x", ()),
    Array("u", ()),
    Array("z", ("n",)),
    Array("v", ("n",)),
    Array("w", ("n",), "positive"),
    Array("y", ("n",), "simplex"),
    Array("o", (), "nonzero"),
)
x, u, o = Element("x"), Element("u"), Element("o")
N = Size("n")
ONE, TWO = Num(Fraction(1)), Num(Fraction(2))


def z(i: str) -> Term:
    return Element("z", (i,))


def v(i: str) -> Term:
    return Element("v", (i,))


def w(i: str) -> Term:
    return Element("w", (i,))


def y(i: str) -> Term:
    return Element("y", (i,))


def f(name: str, t: Term) -> Term:
    return Fn(name, t)


def zero() -> Term:
    return Num(Fraction(0))


def statement(lhs: Term, rhs: Term, *where: Where, least: int = 1) -> Statement:
    names = {a.name for a in ARRAYS if f"'{a.name}'" in repr((lhs, rhs))}
    arrays = tuple(a for a in ARRAYS if a.name in names)
    return Statement(lhs, rhs, (OVER_I, OVER_J), arrays, (), where, (("n", least),))


def inner(i: str) -> Term:
    return f("tanh", z(i) * u)


def outer(i: str) -> Term:
    return f("tanh", w(i) + Sum(OVER_J, v("j") * inner("j")))


TRUE = {
    "denominators of two summation indices": (
        Diff(Sum(OVER_K, v("k") * outer("k")), u),
        Sum(OVER_K, Sum(OVER_I, v("k") * (1 - outer("k") ** 2) * v("i") * z("i") * (1 - inner("i") ** 2))),
    ),
    "stable slope of tanh": (
        1 - f("tanh", x) ** 2,
        4 * f("exp", -f("abs", x)) ** 2 / (1 + f("exp", -f("abs", x)) ** 2) ** 2,
    ),
    "relus of shifted arguments": (f("relu", x + 3) * f("relu", x - 3), (x + 3) * f("relu", x - 3)),
    "steps that cannot both be 0": (f("step", 1 - x) * f("step", 1 + x) + 1, f("step", 1 - x) + f("step", 1 + x)),
    "relu of a relu": (f("relu", f("relu", x) - 1), f("relu", x - 1)),
    "relu in a sum": (Sum(OVER_K, f("relu", f("relu", z("k")))), Sum(OVER_K, f("relu", z("k")))),
    "abs of an abs": (f("abs", f("abs", x)), f("abs", x)),
    "geometric": (1 / (1 + x**2) - 1 / (2 + x**2), 1 / ((1 + x**2) * (2 + x**2))),
    "sigmoid mirror": (f("sigmoid", -x), 1 - f("sigmoid", x)),
    "sigmoid of a sum over n": (Sum(OVER_K, f("sigmoid", z("k")) + f("sigmoid", -z("k"))), N),
    "mean of sigmoids": (Sum(OVER_K, f("sigmoid", z("k")) + f("sigmoid", -z("k"))) / N, ONE),
    "tanh addition": (
        f("tanh", x + u) * (1 + f("tanh", x) * f("tanh", u)),
        f("tanh", x) + f("tanh", u),
    ),
    "Pythagoras": (f("sin", x) ** 2 + f("cos", x) ** 2, ONE),
    "fourth power of sin": (f("sin", x) ** 4, (1 - f("cos", x) ** 2) ** 2),
    "log of a product": (f("log", w("i") * w("j") / 4), f("log", w("i")) + f("log", w("j")) - 2 * f("log", TWO)),
    "roots": (f("sqrt", Num(Fraction(8))) * f("sqrt", Num(Fraction(2))), Num(Fraction(4))),
    "roots around a delta": (
        (f("sqrt", Num(Fraction(3))) * z("j")) * (f("sqrt", Num(Fraction(3))) * Delta("i", "j")),
        3 * z("i") * Delta("i", "j"),
    ),
    "root of a product": (f("sqrt", w("i") * w("j")), f("sqrt", w("i")) * f("sqrt", w("j"))),
    "root of a square": (f("sqrt", x**2), f("abs", x)),
    "exp of a log": (f("exp", 3 * f("log", w("i"))), w("i") ** 3),
    "abs of a square": (f("abs", x**2 + 1), x**2 + 1),
    "relu from abs": (f("relu", x), (x + f("abs", x)) / 2),
    "square of relu and its mirror": (f("relu", x) * f("relu", -x), zero()),
    "derivative of abs": (Diff(f("abs", x), x) * f("abs", x), x),
    "second derivative of relu": (Diff(Diff(f("relu", x), x), x), zero()),
    "derivative of erf": (Diff(f("erf", x), x), 2 / f("sqrt", Pi()) * f("exp", -(x**2))),
    "erf is odd": (f("erf", -x) + f("erf", x), zero()),
    "derivative of the norm": (
        Diff(f("sqrt", 1 + Sum(OVER_K, z("k") ** 2)), z("i")),
        z("i") / f("sqrt", 1 + Sum(OVER_K, z("k") ** 2)),
    ),
    "double sum": (Sum(OVER_K, z("k")) ** 2, Sum(OVER_I, Sum(OVER_J, z("i") * z("j")))),
    "shadowing": (Sum(OVER_I, z("i") * Sum(OVER_I, z("i"))), Sum(OVER_K, z("k")) ** 2),
    "delta inside exp": (f("exp", Delta("i", "j") * x), 1 + Delta("i", "j") * (f("exp", x) - 1)),
    "contraction": (Sum(OVER_K, Delta("k", "i") * z("k") * Delta("k", "j")), Delta("i", "j") * z("j")),
    "trace of delta": (Sum(OVER_K, Delta("k", "k")), N),
    "simplex": (Sum(OVER_K, y("k") * (z("k") - x)), Sum(OVER_K, y("k") * z("k")) - x),
    "capture": (Diff(Sum(OVER_K, f("exp", z("k"))), z("i")), f("exp", z("i"))),
    "derivative of a sum of squares": (Diff(Sum(OVER_I, z("i") ** 2), z("i")), 2 * z("i")),
    "nonzero": (o * (1 / o), ONE),
    "abs of a square multiplied out": (f("abs", 2 * x * x - 4 * x * u + 2 * u * u), 2 * (x - u) ** 2),
    "root of a square multiplied out": (f("sqrt", x * x - 2 * x + 1), f("abs", 1 - x)),
    "an odd function summed over both its indices": (Sum(OVER_I, Sum(OVER_J, f("sin", z("i") - z("j")))), zero()),
    "an odd function under renaming": (
        Sum(OVER_I, Sum(OVER_J, f("erf", z("i") - z("j")) * w("i"))),
        -Sum(OVER_I, Sum(OVER_J, f("erf", z("i") - z("j")) * w("j"))),
    ),
    "an even function under renaming": (
        Sum(OVER_I, Sum(OVER_J, f("cos", z("i") - z("j")) * w("i"))),
        Sum(OVER_I, Sum(OVER_J, f("cos", z("i") - z("j")) * w("j"))),
    ),
    "an odd function around a circle": (
        Sum(OVER_I, Sum(OVER_J, f("sin", z("i") - z("j")) * f("sin", z("j") - z("i")))),
        -Sum(OVER_I, Sum(OVER_J, f("sin", z("j") - z("i")) ** 2)),
    ),
}


def falling(count: int) -> Term:
    """(n - 1) (n - 2) ... (n - count), which is 0 at the first sizes."""
    product: Term = ONE
    for k in range(1, count + 1):
        product = product * (N - k)
    return product


FALSE = {
    "step of a shifted argument": (f("step", x + 1) * f("step", x), f("step", x + 1)),
    "relu of a shifted relu": (f("relu", f("relu", x) + 1), f("relu", x + 1)),
    "index capture": (Diff(Sum(OVER_K, f("exp", z("k"))), z("i")), Sum(OVER_K, f("exp", z("k")))),
    "lost delta": (Diff(z("i"), z("j")), ONE),
    "abs left out": (f("sqrt", x**2), x),
    "difference below rounding": (1 + f("exp", -(x**2) - 200), ONE),
    "far too small": (f("exp", -1000000 * (x**2)), zero()),
    "false from n = 5 on": (falling(4) * x, zero()),
    "false from n = 15 on": (falling(14) * x, zero()),
    "simplex forgotten": (Sum(OVER_K, w("k")), ONE),
    "sign": (Diff(f("cos", x), x), f("sin", x)),
    "a scalar beyond the small values": (f("relu", x - 20), zero()),
    "softplus": (Diff(f("softplus", x), x), f("sigmoid", -x)),
    "abs of almost a square": (f("abs", x * x - 2 * x * u + u * u / 2), x * x - 2 * x * u + u * u / 2),
    "an even function taken for odd": (Sum(OVER_I, Sum(OVER_J, f("cos", z("i") - z("j")))), zero()),
    "an odd function with weights": (Sum(OVER_I, Sum(OVER_J, f("sin", z("i") - z("j")) * w("i"))), zero()),
    "two odd functions": (Sum(OVER_I, Sum(OVER_J, f("sin", z("i") - z("j")) * f("erf", z("i") - z("j")))), zero()),
}

UNDEFINED = {
    "division by a real": (x / x, ONE),
    "division by n - 1": (ONE / (N - 1) * (N - 1), ONE),
    "log of a real": (f("log", x), f("log", x)),
    "root of a real": (f("sqrt", x) ** 2, x),
    "division by a difference": (1 / (w("i") - w("j")), 1 / (w("i") - w("j"))),
    "derivative inside a simplex": (Diff(Sum(OVER_K, y("k")), y("i")), zero()),
    "division by zero": (1 / (x - x), ONE),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_equations_are_proved_with_a_certificate(name: str) -> None:
    verdict = settle_statement(statement(*TRUE[name]))
    assert verdict.status is Status.PROVED, str(verdict)
    assert verdict.certificate is not None
    assert check(verdict.certificate.data).kind == "identity"


@pytest.mark.parametrize("name", FALSE)
def test_false_equations_are_refuted_at_a_point(name: str) -> None:
    verdict = settle_statement(statement(*FALSE[name]))
    assert verdict.status is Status.REFUTED, str(verdict)
    assert verdict.counterexample
    assert not verdict


@pytest.mark.parametrize("name", TRUE)
def test_a_true_equation_plus_one_is_refuted(name: str) -> None:
    lhs, rhs = TRUE[name]
    assert settle_statement(statement(lhs, rhs + 1)).status is Status.REFUTED


@pytest.mark.parametrize("name", UNDEFINED)
def test_terms_not_defined_everywhere_are_errors_that_say_so(name: str) -> None:
    with pytest.raises(DomainError, match=r"."):
        settle_statement(statement(*UNDEFINED[name]))


@pytest.mark.parametrize(
    ("side", "fix"),
    [
        (1 / x, "declare x nonzero"),
        (1 / (x * u), "declare x and u nonzero"),
        (1 / (x + u), "declare x and u positive"),
        (1 / (x + f("exp", u)), "declare x positive"),
        (1 / (x - u), "multiply both sides by it, or write an array declared nonzero in its place"),
        (1 / (N - 2), "declare n 'integer >= 3'"),
        (Sum(OVER_K, 1 / (w("k") - x)), "multiply both sides by it"),
        (f("log", y("i")), "declare y positive"),
        (f("log", 1 - y("i")), "write an array declared positive in its place$"),
        (f("log", 1 - x), "if x lies between 0 and 1, write it as sigmoid\\(z\\) with z real"),
        (1 / (1 - w("i")) ** 2, "if w lies between 0 and 1, write it as sigmoid"),
        (f("log", 1 - Diff(x**2, x)), "write an array declared positive in its place$"),
        (f("log", f("sigmoid", x) - x), "write an array declared positive in its place$"),
        (f("sqrt", x + u**2), "declare x positive"),
    ],
)
def test_what_a_message_advises_helps(side: Term, fix: str) -> None:
    claim = statement(side, ONE)
    with pytest.raises(DomainError, match=fix):
        settle_statement(claim)
    if advised := re.fullmatch(r"declare (.+) (nonzero|positive)", fix):
        domains = {a.name: advised[2] if a.name in advised[1].split(" and ") else a.domain for a in claim.arrays}
        settle_statement(replace(claim, arrays=tuple(replace(a, domain=domains[a.name]) for a in claim.arrays)))


@pytest.mark.parametrize(
    ("side", "shown"),
    [
        (x / 3 + 1, "left side 1,"),
        (f("exp", x) / 3, "left side 1/3,"),
        (f("exp", x * f("sqrt", TWO)) / 4, "left side 1/4,"),
        (f("sqrt", w("i") / 4), "left side 1/2,"),
        (f("exp", x + 1), "left side 2.7182818,"),
    ],
)
def test_values_at_a_counterexample_are_exact_where_they_are_rational(side: Term, shown: str) -> None:
    verdict = settle_statement(statement(side, Num(Fraction(7, 9))))
    assert shown in verdict.counterexample
    assert verdict.counterexample.endswith("right side 7/9")


def test_a_larger_least_size_allows_the_division() -> None:
    verdict = settle_statement(statement(ONE / (N - 1) * (N - 1), ONE, least=2))
    assert verdict.status is Status.PROVED
    assert "n >= 2" in verdict.scope.text


def test_a_false_size_is_named() -> None:
    verdict = settle_statement(statement(*FALSE["false from n = 5 on"]))
    assert verdict.counterexample.startswith("n = 5")


def test_side_conditions() -> None:
    assert settle_statement(statement(Delta("i", "j"), zero(), Where("i", "j", False)))
    assert settle_statement(statement(z("i") * w("j"), z("j") * w("i"), Where("i", "j", True)))
    assert settle_statement(statement(Delta("i", "j"), zero())).status is Status.REFUTED


def test_a_kink_is_an_assumption() -> None:
    verdict = settle_statement(statement(Diff(f("abs", x), x) * f("abs", x), x))
    assert [(a.text, a.origin) for a in verdict.assumptions] == [("x != 0", "kink")]


def test_a_false_claim_out_of_reach_of_every_point_tried_is_not_proved() -> None:
    verdict = settle_statement(statement(f("relu", x - 10**30), zero()))
    assert verdict.status is Status.UNDECIDED
    assert verdict.certificate is None


def test_an_explosion_is_undecided() -> None:
    many: Term = zero()
    for k in range(40):
        many = many + f("exp", k * x) * f("sin", x * k + u)
    verdict = settle_statement(statement(many**6, many**5 * many))
    assert verdict.status is Status.UNDECIDED
    assert verdict.reason


def test_kinks_are_named_with_letters_also_inside_sums_and_functions() -> None:
    inside = settle_statement(statement(Diff(Sum(OVER_K, f("relu", z("k"))), z("i")), Diff(f("relu", z("i")), z("i"))))
    assert inside.status is Status.PROVED
    assert {a.text for a in inside.assumptions} == {"z[i] != 0", "z[k] != 0"}
    for side in (f("step", x) + f("step", -x), f("exp", f("step", x)) * f("exp", -f("step", x))):
        assert "x != 0" in [a.text for a in settle_statement(statement(side, ONE)).assumptions]


def test_a_point_where_rounding_hides_a_divisor_is_described() -> None:
    huge = f("exp", 10 * z("i"))
    verdict = settle_statement(statement(1 / (1 + z("i") ** 2 + (huge - huge)), f("relu", z("i") - 20)))
    assert verdict.status is Status.REFUTED
    assert "left side 0." in verdict.counterexample or "left side 1" in verdict.counterexample


def tower(base: Term, power: int) -> Term:
    """base ** (power ** 6), written as powers of powers."""
    for _ in range(6):
        base = base**power
    return base


@pytest.mark.parametrize("side", [tower(TWO / 4, 64), tower(TWO, -64), tower(x / 2, 64), tower(1 / w("i") / 2, -64)])
def test_numbers_that_would_grow_beyond_measure_are_undecided(side: Term) -> None:
    assert settle_statement(statement(side, ONE)).status is not Status.PROVED


def test_many_dimensions_take_no_room() -> None:
    dims = [f"n{k}" for k in range(40)]
    arrays = tuple(Array(f"x{k}", (dim,)) for k, dim in enumerate(dims))
    sums = [Sum(Index("k", dim), Element(array.name, ("k",))) for dim, array in zip(dims, arrays, strict=True)]
    product: Term = ONE
    for each in sums:
        product = product * each
    assert settle_statement(Statement(product, TWO, arrays=arrays)).status is not Status.PROVED
