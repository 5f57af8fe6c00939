"""The enclosures hold what floats return, in whatever order, and little more."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from proofs.calculus.terms import Array, Element, Fn, Index, Statement, Sum, Term, term
from tests.strategies import DTYPES, dtypes, numbers
from tests.tolerance import OracleError, enclosures

N = Index("k", "n")
X, Y = Element("x", ("k",)), Element("y", ("k",))
ARRAYS = (Array("x", ("n",)), Array("y", ("n",)))


def enclosure(lhs: Term, x, y=None, rhs: Term | None = None, free=()):
    statement = Statement(lhs, lhs if rhs is None else rhs, free, ARRAYS)
    values = {"x": x.tolist(), "y": (x if y is None else y).tolist()}
    return enclosures(statement, free, {"n": len(x)}, values, x.dtype)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_sums_of_products_in_every_order_are_enclosed(data):
    dtype = data.draw(dtypes())
    x, y = (data.draw(hnp.arrays(dtype, (4,), elements=numbers(dtype))) for _ in range(2))
    [allowed] = enclosure(Sum(N, X * Y), x, y)
    products = x * y
    sums = [((products[a] + products[b]) + products[c]) + products[d] for a, b, c, d in permutations(range(4))]
    sums.append((products[0] + products[1]) + (products[2] + products[3]))
    assert all(allowed.holds(float(total)) for total in sums)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_functions_of_the_platform_are_enclosed(data):
    dtype = data.draw(dtypes())
    x = data.draw(hnp.arrays(dtype, (3,), elements=numbers(dtype, limit=80.0, special=False)))
    for name in ("exp", "tanh", "abs", "relu"):
        f = {"relu": lambda v: np.maximum(v, 0)}.get(name) or getattr(np, name)
        found = f(x).tolist()
        assert all(ball.holds(v) for ball, v in zip(enclosure(Fn(name, X), x, free=(N,)), found, strict=True))


@pytest.mark.parametrize("dtype", DTYPES)
def test_enclosures_are_no_wider_than_the_theory_asks(dtype):
    x = np.array([0.7], dtype)
    eps = float(np.finfo(dtype).eps)
    for formula, ulps in ((X * X, 1), (X + X, 1), (X + 1 - X, 3), (Fn("exp", X), 8), (1 / X, 2)):
        [ball] = enclosure(formula, x, free=(N,))
        exact = float(ball.ball.mid())
        assert float(ball.ball.rad()) <= ulps * eps * max(1, abs(exact))
        assert not ball.holds(exact + 2 * ulps * eps * max(1, abs(exact)))


def test_a_difference_of_two_numbers_is_sharp():
    x = np.array([1e8], np.float32)
    [ball] = enclosure(X - Y, x, x.copy(), free=(N,))
    assert ball.holds(0.0)
    assert not ball.holds(1e-30)


def test_infinities_only_after_overflow_and_nan_never():
    big = np.array([3e38], np.float32)
    [square], [plain] = enclosure(X * X, big, free=(N,)), enclosure(X * 1, big, free=(N,))
    assert [square.holds(v) for v in (np.inf, -np.inf, np.nan)] == [True, False, False]
    assert [plain.holds(v) for v in (np.inf, -np.inf, np.nan)] == [False, False, False]


def test_an_algorithm_that_is_not_the_formula_is_an_error_of_the_oracle():
    x = np.array([0.5])
    enclosure(Fn("exp", X) * Fn("exp", X), x, rhs=Fn("exp", 2 * X), free=(N,))
    with pytest.raises(OracleError):
        enclosure(Fn("exp", X) * Fn("exp", X), x, rhs=Fn("exp", 2 * X) + term(1) / 10**30, free=(N,))
