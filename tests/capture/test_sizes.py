"""Sizes as user code sees them: exact arithmetic, comparisons answered only where all sizes give the same answer."""

# ruff: noqa: ARG005  (functions take everything, and need not use it)
from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.calculus.evaluate import evaluate
from proofs.calculus.terms import Num, Statement
from proofs.capture.refusal import NotCaptured
from proofs.capture.sizes import Dim, dim, term_of

POINTS = [(1, 1), (1, 2), (2, 1), (3, 5), (7, 2), (101, 103)]
ZERO = Num(Fraction(0))


def sizes(n: int, d: int) -> tuple[Any, Any]:
    return dim(n, {("N",): Fraction(1)}), dim(d, {("D",): Fraction(1)})


OPERATIONS: list[Callable[[Any, Any], Any]] = [operator.add, operator.sub, operator.mul]


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> Callable[[Any, Any], Any]:
    """A polynomial in two sizes, as a function of them."""
    if depth == 0 or draw(st.booleans()):
        constant = draw(st.integers(-4, 9))
        return draw(st.sampled_from([lambda n, d: n, lambda n, d: d, lambda n, d: constant]))
    operation = draw(st.sampled_from(OPERATIONS))
    left, right = draw(expressions(depth - 1)), draw(expressions(depth - 1))
    return lambda n, d: operation(left(n, d), right(n, d))


def value(number: Any, n: int, d: int) -> float:
    statement = Statement(ZERO, ZERO)
    return float(evaluate(statement, term_of(number), {"N": n, "D": d}, {}))


@given(expressions())
def test_arithmetic_is_that_of_whole_numbers(expression: Callable[[Any, Any], Any]) -> None:
    symbolic = expression(*sizes(101, 103))
    for n, d in POINTS:
        assert value(symbolic, n, d) == expression(n, d)


@given(expressions(), st.integers(-5, 12), st.sampled_from(["lt", "le", "gt", "ge", "eq", "ne"]))
def test_a_comparison_is_answered_only_when_it_is_the_same_for_all_sizes(
    expression: Callable[[Any, Any], Any], bound: int, name: str
) -> None:
    compare = getattr(operator, name)
    for given_bound in (bound, bound + 0.5):
        try:
            answer = compare(expression(*sizes(101, 103)), given_bound)
        except NotCaptured:
            continue
        assert all(compare(expression(n, d), given_bound) == answer for n in range(1, 8) for d in range(1, 8))


@pytest.mark.parametrize(
    "measure",
    [
        lambda n, d: 1.0 / n,
        lambda n, d: 0.5 * n * d,
        lambda n, d: n**-0.5,
        lambda n, d: (n + d) / 4,
        lambda n, d: np.sqrt(n) * 3,
        lambda n, d: np.float64(2.5) * n,
        lambda n, d: np.int64(3) * d,
        lambda n, d: 2.0**n / n,
        lambda n, d: n**2 - 1 / d,
        lambda n, d: np.log(n) + d,
        lambda n, d: -(n / d),
    ],
)
def test_numbers_worked_out_from_sizes_stay_exact(measure: Callable[[Any, Any], Any]) -> None:
    symbolic = measure(*sizes(5, 7))
    for n, d in [(1, 1), (2, 3), (5, 7), (9, 4)]:
        assert math.isclose(value(symbolic, n, d), float(measure(n, d)), rel_tol=1e-12)


@pytest.mark.parametrize(
    "leak",
    [
        int,
        float,
        hash,
        str,
        range,
        math.sqrt,
        operator.index,
        np.float64,
        np.array,
        lambda n: f"{n}",
        lambda n: [0] * n,
        lambda n: n % 2,
        lambda n: n // 2,
        lambda n: n & 1,
        lambda n: n.bit_length(),
        lambda n: 64.0 < n,  # noqa: SIM300  (the point of the test)
        lambda n: 1.0 / n > 0.5,
        lambda n: n in {5, 6},
        lambda n: {5: 1}.get(n),
        lambda n: n == 5,
        lambda n: min(n, 3),
        lambda n: np.prod((n, n)),
        lambda n: divmod(n, 2),
        lambda n: float(n / 2),
        lambda n: np.ones(9)[:n],
    ],
)
def test_nothing_turns_a_size_into_a_plain_number(leak: Callable[[Any], Any]) -> None:
    with pytest.raises(NotCaptured):
        leak(sizes(5, 7)[0])


def test_exact_quotients_are_answered() -> None:
    n, d = sizes(5, 7)
    assert (4 * n * d) // (2 * n) == 2 * d
    assert (6 * n) % 3 == 0
    assert isinstance(n, int)
    assert isinstance(4 * n, Dim)
    assert n - n == 0
