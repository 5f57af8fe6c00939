"""The bounds hold whatever floats return, in whatever order, and are not much wider than that."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import given
from hypothesis import strategies as st

from proofs.calculus.dual import Undefined
from proofs.conformance.accuracy import FUNCTION_ULPS, measured
from proofs.conformance.rounding import Kink, Rounded, Rounding
from proofs.conformance.strategies import arrays, numbers

DTYPES = ("float16", "float32", "float64")
few = st.sampled_from(DTYPES)


@pytest.fixture(autouse=True, scope="module")
def exact_enough() -> Iterator[None]:
    """Balls far smaller than any bound."""
    with ctx.workprec(2500):
        yield


def field(dtype: str) -> Rounding:
    return Rounding(np.finfo(dtype), FUNCTION_ULPS)


def inputs(numbers: Rounding, x: Any) -> list[Rounded]:
    return [numbers.entry(Fraction(float(v)), varies=True) for v in x]


def added(numbers: Rounding, terms: Any) -> Any:
    total: Any = 0
    for x in terms:
        total = total + x
    return numbers.complete(total)


def holds(x: Any, value: Any) -> bool:
    """Whether floats may return `value`: it differs from the exact value by no more than the bound."""
    return bool(x.lost) or bool(abs(arb(float(value)) - x.value) <= x.error)


@given(st.data(), few)
def test_sums_of_products_in_every_order_are_within_the_bound(data: Any, dtype: str) -> None:
    x, y = (np.array(data.draw(arrays((4,), dtype, numbers(dtype, special=False)))) for _ in range(2))
    rounding = field(dtype)
    a, b = inputs(rounding, x), inputs(rounding, y)
    bound = added(rounding, [p * q for p, q in zip(a, b, strict=True)])
    with np.errstate(all="ignore"):
        products = x * y
        sums = [((products[i] + products[j]) + products[k]) + products[m] for i, j, k, m in permutations(range(4))]
        sums.append((products[0] + products[1]) + (products[2] + products[3]))
    assert all(holds(bound, total) for total in sums if np.isfinite(total))


@given(st.data(), few, st.sampled_from(("exp", "tanh", "sin", "cos")))
def test_functions_of_rounded_arguments_are_within_the_bound(data: Any, dtype: str, name: str) -> None:
    x, y = (np.array(data.draw(arrays((1,), dtype, numbers(dtype, limit=8.0, special=False)))) for _ in range(2))
    rounding = field(dtype)
    [a], [b] = inputs(rounding, x), inputs(rounding, y)
    bound = rounding.function(name, a * b)
    with np.errstate(all="ignore"):
        got = getattr(np, name)(x * y)[0]
    assert not np.isfinite(got) or holds(bound, got)


@given(st.data(), few)
def test_a_gradient_in_floats_is_within_its_bound(data: Any, dtype: str) -> None:
    """d/dx of tanh(x y) + x / y, by the rules people write."""
    x, y = (np.array(data.draw(arrays((1,), dtype, numbers(dtype, limit=3.0, positive=True)))) for _ in range(2))
    rounding = field(dtype)
    [a], [b] = inputs(rounding, x), inputs(rounding, y)
    out = added(rounding, [rounding.function("tanh", a * b), a * rounding.power(b, Fraction(-1))])
    [slope] = rounding.gradients([(out, rounding.rational(Fraction(1)))], [a])
    with np.errstate(all="ignore"):
        got = ((1 - np.tanh(x * y) ** 2) * y + 1 / y)[0]
    assert not np.isfinite(got) or holds(slope, got)


@pytest.mark.parametrize("dtype", DTYPES)
def test_bounds_are_no_wider_than_the_theory_asks(dtype: str) -> None:
    eps = float(np.finfo(dtype).eps)
    rounding = field(dtype)
    [x] = inputs(rounding, np.array([0.7], dtype))
    for result, ulps in ((x * x, 2), (rounding.function("exp", x), 5), (added(rounding, [x, x]), 2)):
        assert float(result.error) <= ulps * eps * max(1.0, abs(float(result.value)))


def test_exact_operations_have_no_error() -> None:
    rounding = field("float32")
    two, three = rounding.rational(Fraction(2)), rounding.rational(Fraction(3))
    assert (two * three).error == 0
    assert added(rounding, [two, three]).error == 0
    assert rounding.rational(Fraction(1, 3)).error > 0


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("numbers", [(0.001, -1.0, 1.0), (100.0, 1e-4, -100.0), (1.0, 3.0, 5.0)])
def test_an_exact_sum_may_be_rounded_on_the_way(dtype: str, numbers: tuple[float, ...]) -> None:
    x = np.array(numbers, dtype)
    rounding = field(dtype)
    bound = added(rounding, [rounding.entry(Fraction(float(v)), varies=False) for v in x])
    assert all(holds(bound, (a + b) + c) for a, b, c in permutations(x))


def test_overflow_is_excused_in_powers_of_inputs_and_not_in_exp() -> None:
    rounding = field("float32")
    [x] = inputs(rounding, np.array([1e30], np.float32))
    [y] = inputs(rounding, np.array([200.0], np.float32))
    assert (x * x).lost
    assert not rounding.function("exp", y).lost


def test_a_kink_has_no_slope() -> None:
    rounding = field("float32")
    [x] = inputs(rounding, np.array([0.0], np.float32))
    out = rounding.function("relu", x)
    with pytest.raises(Kink):
        rounding.gradients([(out, rounding.rational(Fraction(1)))], [x])


def test_what_has_no_value_is_undefined() -> None:
    rounding = field("float32")
    [x] = inputs(rounding, np.array([0.0], np.float32))
    with pytest.raises(Undefined):
        rounding.power(x, Fraction(-1))


def test_the_platform_is_as_accurate_as_is_taken_for_granted() -> None:
    assert [str(found) for found in measured(samples=60) if not found] == []
