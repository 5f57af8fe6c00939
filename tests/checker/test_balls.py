"""The checker's enclosures and derivatives against python-flint's ball arithmetic and against exact rationals."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import flint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.checker.balls import CONTEXT, Ball, exact, pi

RATIONALS = st.fractions(min_value=-50, max_value=50, max_denominator=10**6)
DIGITS = st.sampled_from((30, 80, 200))
REFERENCES: dict[str, Callable[[Any], Any]] = {
    "exp": lambda x: x.exp(),
    "log": lambda x: x.log(),
    "inverse": lambda x: 1 / x,
    "sqrt": lambda x: x.sqrt(),
    "abs": lambda x: abs(x),
    "sin": lambda x: x.sin(),
    "erf": lambda x: x.erf(),
}


def arb(x: Fraction | Decimal) -> Any:
    top, bottom = x.as_integer_ratio()
    return flint.arb(flint.fmpq(top, bottom))


def encloses(ball: Ball, value: Any) -> bool:
    """Whether the true number, known as an arb far more narrowly than the ball, is in the ball."""
    return bool(abs(value - arb(ball.mid)) <= arb(ball.rad))


@pytest.fixture(autouse=True)
def _precise() -> Any:
    before, flint.ctx.prec = flint.ctx.prec, 2000
    yield
    flint.ctx.prec = before


@pytest.mark.parametrize("f", REFERENCES)
@given(x=RATIONALS, digits=DIGITS)
def test_functions_enclose_the_true_value_narrowly(f: str, x: Fraction, digits: int) -> None:
    with localcontext(CONTEXT, prec=digits):
        try:
            ball = exact(x).apply(f)
        except ArithmeticError:
            assert (f == "log" and x <= 0) or (f == "sqrt" and x < 0) or (f == "inverse" and x == 0)
            return
        assert encloses(ball, REFERENCES[f](arb(x)))
        if f not in ("sin", "erf"):
            assert ball.rad <= max(abs(ball.mid), Decimal(f == "log")).scaleb(6 - digits)


@given(RATIONALS, RATIONALS, st.sampled_from(("exp", "sqrt", "sin", "erf", "abs")), DIGITS)
def test_a_wide_argument_gives_the_values_of_every_number_in_it(x: Fraction, t: Fraction, f: str, digits: int) -> None:
    with localcontext(CONTEXT, prec=digits):
        wide = Ball(exact(x).mid, Decimal("0.25"))
        inside = x + t / 200
        try:
            ball = wide.apply(f)
        except ArithmeticError:
            return
        assert encloses(ball, REFERENCES[f](arb(inside)))


@given(st.lists(RATIONALS, min_size=2, max_size=5), st.lists(st.booleans(), min_size=4, max_size=4), DIGITS)
def test_sums_and_products_enclose_the_exact_value(numbers: list[Fraction], plus: list[bool], digits: int) -> None:
    with localcontext(CONTEXT, prec=digits):
        value, ball = numbers[0], exact(numbers[0])
        for x, add in zip(numbers[1:], plus, strict=False):
            value, ball = (value + x, ball + exact(x)) if add else (value * x, ball * exact(x))
        assert abs(Fraction(ball.mid) - value) <= Fraction(ball.rad)


@given(st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=1000), DIGITS)
def test_sin_of_a_large_argument(x: Fraction, digits: int) -> None:
    with localcontext(CONTEXT, prec=digits):
        try:
            ball = exact(x).apply("sin")
        except ArithmeticError:
            assert abs(x) > 10**9 - 1
            return
        assert encloses(ball, arb(x).sin())
        assert ball.rad <= Decimal(10) ** (18 - digits)


@pytest.mark.parametrize("digits", [30, 80, 333])
def test_pi(digits: int) -> None:
    with localcontext(CONTEXT, prec=digits):
        assert encloses(pi(digits), flint.arb.pi())
        assert pi(digits).rad < Decimal(10) ** (7 - digits)


@pytest.mark.parametrize("f", ["log", "sqrt", "inverse", "sign"])
def test_an_argument_that_may_leave_the_domain_is_refused(f: str) -> None:
    with localcontext(CONTEXT, prec=80), pytest.raises(ArithmeticError):
        Ball(Decimal("1e-90"), Decimal("1e-89")).apply(f)


@pytest.mark.parametrize("f", ["exp", "sin", "erf"])
def test_an_argument_known_too_roughly_is_refused(f: str) -> None:
    with localcontext(CONTEXT, prec=80), pytest.raises(ArithmeticError):
        Ball(Decimal(3), Decimal(10**9)).apply(f)


@pytest.mark.parametrize("x", [-(10**30), 10**30])
def test_what_cannot_be_represented_is_refused_not_rounded_to_0(x: int) -> None:
    with localcontext(CONTEXT, prec=80), pytest.raises(ArithmeticError):
        exact(x).apply("exp")


@given(st.fractions(min_value=-40, max_value=40, max_denominator=1000))
def test_erf_far_out(x: Fraction) -> None:
    with localcontext(CONTEXT, prec=80):
        assert encloses(exact(x).apply("erf"), arb(x).erf())
