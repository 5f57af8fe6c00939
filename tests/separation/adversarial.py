"""Data sets that solvers with tolerances get wrong, as strategies, and the verdict such a solver gives."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

from proofs.separation import exact

Case = tuple[list[list[Any]], list[int]]

TINY = (1e-16, 1e-13, 1e-12, 1e-10, 1e-8)
SCALES = (1e-300, 1e-150, 1e-20, 1e-4, 1.0, 1e4, 1e20, 1e150, 1e300)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """1 to 10 rows of 1 to 4 features: small integers, then made difficult in one or two ways."""
    dimension = draw(st.integers(1, 4))
    entry = st.integers(-3, 3)
    rows: list[list[Any]] = draw(
        st.lists(st.lists(entry, min_size=dimension, max_size=dimension), min_size=1, max_size=8)
    )
    labels = draw(_labels(rows))
    for _ in range(draw(st.integers(0, 2))):
        make = draw(st.sampled_from(DIFFICULTIES))
        rows, labels = draw(make(rows, labels))
    return rows, labels


def _labels(rows: list[list[Any]]) -> st.SearchStrategy[list[int]]:
    """Any labels, or those of a hyperplane through small integers, so that both answers occur."""
    dimension = len(rows[0])
    free = st.lists(st.integers(0, 1), min_size=len(rows), max_size=len(rows))
    weights = st.lists(st.integers(-3, 3), min_size=dimension + 1, max_size=dimension + 1)
    by_plane = weights.map(lambda w: [int(sum(a * b for a, b in zip(w, [*row, 1], strict=True)) >= 0) for row in rows])
    return free | by_plane


@st.composite
def _doubled(draw: st.DrawFn, rows: list[list[Any]], labels: list[int]) -> Case:
    """A row occurs twice, with the same or the opposite label."""
    place = draw(st.integers(0, len(rows) - 1))
    return [*rows, list(rows[place])], [*labels, draw(st.integers(0, 1))]


@st.composite
def _nearly_doubled(draw: st.DrawFn, rows: list[list[Any]], labels: list[int]) -> Case:
    """A row occurs again with the opposite label, a hair away: a tiny margin, or a tiny overlap."""
    place = draw(st.integers(0, len(rows) - 1))
    column = draw(st.integers(0, len(rows[0]) - 1))
    moved = [_plus(rows[place][column], draw(st.sampled_from(TINY)) * draw(st.sampled_from((-1, 1)))), *rows[place]]
    row = [*rows[place]]
    row[column] = moved[0]
    return [*rows, row], [*labels, 1 - labels[place]]


@st.composite
def _constant(draw: st.DrawFn, rows: list[list[Any]], labels: list[int]) -> Case:
    """One more column, of one number."""
    value = draw(st.sampled_from((0, 1, -7, 0.1, "1/3", 1e300)))
    return [[*row, value] for row in rows], labels


@st.composite
def _collinear(draw: st.DrawFn, rows: list[list[Any]], labels: list[int]) -> Case:
    """One more column that is a sum of others, exactly or, in doubles, nearly."""
    factor = draw(st.sampled_from((1, 2, 0.1, Fraction(1, 3))))
    return [[*row, _times(row[0], factor)] for row in rows], labels


@st.composite
def _scaled(draw: st.DrawFn, rows: list[list[Any]], labels: list[int]) -> Case:
    """Columns in units far apart."""
    factors = draw(st.lists(st.sampled_from(SCALES), min_size=len(rows[0]), max_size=len(rows[0])))
    return [[_times(x, f) for x, f in zip(row, factors, strict=True)] for row in rows], labels


@st.composite
def _far(draw: st.DrawFn, rows: list[list[Any]], labels: list[int]) -> Case:
    """A column far from zero."""
    column, offset = draw(st.integers(0, len(rows[0]) - 1)), draw(st.sampled_from((10**9, 1e15, 1e17)))
    return [[_plus(x, offset) if at == column else x for at, x in enumerate(row)] for row in rows], labels


@st.composite
def _written(draw: st.DrawFn, rows: list[list[Any]], labels: list[int]) -> Case:
    """Tenths as text, or as doubles, which are other numbers."""
    write = draw(st.sampled_from((lambda x: f"{x}/10", lambda x: x / 10)))
    return [[write(x) if isinstance(x, int) else x for x in row] for row in rows], labels


DIFFICULTIES = (_doubled, _nearly_doubled, _constant, _collinear, _scaled, _far, _written)


def _plus(value: Any, change: float) -> Any:
    """The sum as a double where both are plain numbers and it is not rounded away, else exactly."""
    if isinstance(value, (int, float)) and float(value) + change != value:
        return float(value) + change
    return _in_bounds(exact(value) + Fraction(change), value)


def _times(value: Any, factor: Any) -> Any:
    if isinstance(value, (int, float)) and isinstance(factor, (int, float)):
        product = value * factor
        if product == 0 or 1e-300 < abs(product) < 1e300:
            return product
    return _in_bounds(exact(value) * Fraction(factor), value)


def _in_bounds(number: Fraction, otherwise: Any) -> Any:
    """Numbers longer than may be read, or larger than a double, are not made."""
    short = abs(number) < 10**307 and max(abs(number.numerator), number.denominator) < 10**400
    return number if short else otherwise


def usual_float_rule(points: Sequence[Sequence[Any]], labels: Sequence[int]) -> bool:
    """What is usually done: in doubles, max t <= 1 with z.w >= t, |w| <= 1; separable when t > 1e-9 (HiGHS)."""
    signs = np.where(np.array(labels) == 1, 1.0, -1.0)
    numbers = np.array([[float(exact(x)) for x in row] for row in points])
    rows = np.column_stack([numbers, np.ones(len(labels))]) * signs[:, None]
    answer = linprog(
        np.append(np.zeros(rows.shape[1]), -1.0),
        A_ub=np.column_stack([-rows, np.ones(len(labels))]),
        b_ub=np.zeros(len(labels)),
        bounds=[*[(-1, 1)] * rows.shape[1], (None, 1)],
    )
    return bool(answer.status == 0 and -answer.fun > 1e-9)
