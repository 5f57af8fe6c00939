"""Guesses in floating point: a separating direction, or rows and multipliers under which the hulls seem to meet.

The squared hinge loss L(w) = sum of max(0, 1 - z.w)^2 over the signed rows z = +-(x, 1) always has a minimum. It is 0
exactly when the rows are separable; otherwise the slacks max(0, 1 - z.w) at the minimum, which L's gradient makes
satisfy sum slack * z = 0, are Farkas multipliers. The minimum is found by Newton's method (Keerthi and DeCoste 2005,
A modified finite Newton method for fast solution of large scale linear SVMs), and the multipliers are moved to few rows
along kernel vectors, as in the push phase of a crossover (Megiddo 1991). Nothing here is a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, qr, solve_triangular
from scipy.linalg.blas import dger
from threadpoolctl import ThreadpoolController

from proofs.separation.found import Deadline
from proofs.separation.tables import Table

Floats = NDArray[np.float64]

MOST_STEPS = 200
ENOUGH = 1e-3
"""The Newton steps stop when every row's score is above this, where the loss asks for 1."""
RIDGE = 1e-13


@dataclass(frozen=True, eq=False, slots=True)
class Scaled:
    """The table as floats, each column that varies moved by `centres` and divided by 2^`exponents`, then a 1."""

    matrix: Floats
    used: tuple[int, ...]
    centres: tuple[int, ...]
    exponents: tuple[int, ...]


def scaled(table: Table) -> Scaled:
    """Every entry between -1 and 1, in units that are powers of two of the column's digits."""
    used, centres, exponents, parts = [], [], [], []
    for number, column in enumerate(table.columns):
        digits = column.digits
        top = int(digits.max())
        if top == 0:
            continue
        centre = int(digits.sum()) // len(digits) if digits.dtype == object else int(digits.mean())
        exponent = max(top - centre, centre).bit_length()
        used.append(number)
        centres.append(centre)
        exponents.append(exponent)
        if exponent > 1000:
            digits, centre, exponent = digits >> (exponent - 1000), centre >> (exponent - 1000), 1000
        parts.append((digits - centre) / 2.0**exponent)
    matrix = np.ones((table.rows, len(used) + 1))
    for place, part in enumerate(parts):
        matrix[:, place] = part
    return Scaled(matrix, tuple(used), tuple(centres), tuple(exponents))


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


@contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra on one thread: two on a busy machine can be ten times slower than one."""
    with _threads().limit(limits=1, user_api="blas"):
        yield


@dataclass(frozen=True, eq=False, slots=True)
class Minimum:
    """Where the Newton steps stopped: the weights (bias last), the slack of every row, whether every row is right."""

    weights: Floats
    slacks: Floats
    separates: bool


def least_squared_hinge(
    signed: Floats,
    deadline: Deadline,
    progress: Callable[[str], None] = lambda _: None,
    penalty: Floats | None = None,
) -> Minimum:
    """Minimise the squared hinge loss over the rows of `signed`; stops early when every row is on its side.

    With a `penalty` for each weight, minimise loss + sum penalty * weight^2, and do not stop early.
    """
    cost = np.zeros(signed.shape[1]) if penalty is None else penalty
    weights = np.zeros(signed.shape[1])
    scores = np.zeros(len(signed))
    ridge, loss = 0.0, float(len(signed))
    for step in range(MOST_STEPS):
        deadline.check()
        progress(f"step {step}: {int((scores <= 0).sum())} rows on the wrong side")
        active = signed[scores < 1]
        hessian = active.T @ active + np.diag(cost)
        ridge = ridge or RIDGE * max(float(np.trace(hessian)), 1e-300)
        gradient = active.T @ (1 - scores[scores < 1]) - cost * weights
        direction = _solved(hessian, gradient, ridge)
        change = signed @ direction
        length, before, slope = 1.0, loss, float(gradient @ direction)
        while length > 1e-6:
            slack = np.maximum(0, 1 - scores - length * change)
            loss = float(slack @ slack + cost @ (weights + length * direction) ** 2)
            if loss <= before - 1e-4 * length * slope:
                break
            length /= 2
        if length <= 1e-6 or not np.isfinite(loss):
            break
        weights, scores = weights + length * direction, scores + length * change
        if penalty is None and scores.min() > ENOUGH:
            return Minimum(weights, np.zeros(len(signed)), separates=True)
        if before - loss <= 1e-14 * before:
            break
    return Minimum(weights, np.maximum(0, 1 - scores), separates=False)


def _solved(matrix: Floats, right: Floats, ridge: float) -> Floats:
    """(matrix + ridge) \\ right; the ridge grows until the factorisation exists."""
    for _ in range(20):
        shifted = matrix.copy()
        shifted[np.diag_indices(len(matrix))] += ridge
        try:
            return np.asarray(cho_solve(cho_factor(shifted, overwrite_a=True, check_finite=False), right))
        except np.linalg.LinAlgError:
            ridge *= 100
    return np.zeros_like(right)


def few_multipliers(signed: Floats, slacks: Floats, deadline: Deadline) -> tuple[NDArray[np.intp], Floats]:
    """Rows, and multipliers > 0 with sum multiplier * row = 0 about, moved from the slacks to few rows.

    With q an orthonormal basis of the columns of the rows with slack, the slacks are s = 1 - q q' 1. Basic rows are
    chosen by a pivoted QR of (q, s), so that the sum stays, weighted by s; the others are driven to 0 one by one.
    Raises LinAlgError when no combination but 0 of these rows is 0.
    """
    rows = np.flatnonzero(slacks > 1e-9 * slacks.max())
    basis, upper, _ = qr(signed[rows], mode="economic", pivoting=True, check_finite=False)
    diagonal = np.abs(np.diag(upper))
    basis = basis[:, diagonal > 1e-11 * diagonal[0]]
    current = 1 - basis @ basis.sum(axis=0)
    if not current.any():
        raise np.linalg.LinAlgError("the rows with slack are independent")
    current = np.maximum(current, 1e-12 * np.abs(current).max())
    basis = np.column_stack([basis, current / np.linalg.norm(current)])
    rank = basis.shape[1]
    if rank >= len(rows):
        return rows, current
    weighted = (basis * current[:, None]).T
    upper, order = qr(weighted, mode="r", pivoting=True, check_finite=False)
    basic, other = order[:rank], order[rank:]
    tableau = solve_triangular(upper[:rank, :rank], upper[:rank, rank:], check_finite=False)
    tableau = np.asfortranarray(tableau * current[basic][:, None] / current[other])
    values, free = current[basic], current[other]
    for place in np.argsort(free):
        deadline.check()
        _push(tableau, basic, other, values, free, int(place))
    kept = np.concatenate([basic, other])
    found = np.concatenate([values, free])
    positive = found > 1e-9 * found.max()
    return rows[kept[positive]], found[positive]


def _push(tableau: Any, basic: Any, other: Any, values: Floats, free: Floats, place: int) -> None:
    """Lower one free multiplier to 0; where a basic one reaches 0 first, they change places. basic = -tableau free."""
    column = tableau[:, place]
    falling = column < -1e-9
    ratios = np.where(falling, values / np.where(falling, -column, 1), np.inf)
    leaving = int(ratios.argmin())
    step = min(float(ratios[leaving]), float(free[place]))
    values += step * column
    free[place] -= step
    np.maximum(values, 0, out=values)
    if step < ratios[leaving]:
        free[place] = 0
        return
    pivot = float(column[leaving])
    row = tableau[leaving, :] / pivot
    scaled_column = column.copy()
    scaled_column[leaving] = 0
    dger(-1.0, scaled_column, row, a=tableau, overwrite_a=True)
    tableau[leaving, :] = row
    tableau[:, place] = -scaled_column / pivot
    tableau[leaving, place] = 1 / pivot
    basic[leaving], other[place] = other[place], basic[leaving]
    values[leaving], free[place] = free[place], 0.0
