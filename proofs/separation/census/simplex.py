"""Weights or a refutation for many states at once, by one exact simplex; not believed, `verifying` looks at all of it.

With w_j = a_j + ... + a_N, w.x = a.P(x): for a state with true points T, maximise the sum of l_x over l >= 0 with
sum of l_x P_j(x) <= 1 for all j. It is feasible at 0; where it is unbounded, the ray refutes the state, and the dual
solution of an optimum, a >= 0 with a.P(x) >= 1 on T, gives sorted weights.

Each problem keeps d times the inverse of its basis and d times a, d being the determinant: integers, held as doubles.
Below `LARGEST` = 2^16, and with P_j at most 10, scores stay under 2^24 (exact in single precision), products and
differences under 2^53, and every division is without remainder: nothing is ever rounded. Ratios p/q with p, q < 2^24
that differ, differ as doubles. Columns are priced against all points of T (the most violated enters), and children
begin where their parent ended: most need a step or two. What passes `LARGEST`, or takes longer than `STEPS`, is
solved again by `one`, with Python integers and Bland's rule, which ends always.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd

import numpy as np
from numpy.typing import NDArray

from proofs.separation.census.regular import Ints, Pairs, States

LARGEST = float(1 << 16)
STEPS = 64
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Bases:
    """Where each problem's simplex stands, to go on from: tables x (N + 1) x N (inverse, then a), d and basic columns.

    A column k < pairs is the point of pair k, k + pairs its negative, -1 a slack.
    """

    table: Floats
    scale: Floats
    columns: NDArray[np.int16]

    @staticmethod
    def start(variables: int) -> Bases:
        """One problem, at l = 0."""
        table = np.concatenate([np.eye(variables), np.zeros((1, variables))])[None]
        return Bases(table, np.ones(1), np.full((1, variables), -1, np.int16))

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp] | slice) -> Bases:
        return Bases(self.table[rows], self.scale[rows], self.columns[rows])

    @staticmethod
    def together(parts: list[Bases]) -> Bases:
        return Bases(
            np.concatenate([part.table for part in parts]),
            np.concatenate([part.scale for part in parts]),
            np.concatenate([part.columns for part in parts]),
        )


@dataclass(frozen=True, eq=False, slots=True)
class Findings:
    """refuted: which states; places, multipliers: refuted x (N + 1); answers: a of each state; bases to go on from."""

    refuted: NDArray[np.bool_]
    places: Ints
    multipliers: Ints
    answers: Ints
    bases: Bases

    def weights(self, rows: NDArray[np.bool_]) -> Ints:
        """Sorted integer weights of the states `rows`, without a common factor."""
        found = self.answers[rows, ::-1].cumsum(axis=1)[:, ::-1]
        return np.asarray(found // np.maximum(np.gcd.reduce(found, axis=1), 1)[:, None])


def solve(tree: Pairs, states: States, bases: Bases) -> Findings:
    """Refutations of the states that have one, and for the others a >= 0 with a.P(x) > 0 on all true points."""
    size, variables = tree.prefix.shape
    points, across = np.concatenate([tree.prefix, np.eye(variables)]), tree.prefix.T.astype(np.float32)
    signs, hidden = states.astype(np.float32), np.where(states == 0, np.float32(np.inf), np.float32(0))
    table, scale, columns = bases.table.copy(), bases.scale.copy(), bases.columns.copy()
    refuted = np.zeros(len(states), bool)
    places = np.zeros((len(states), variables + 1), np.int64)
    multipliers = np.zeros_like(places)
    at, hard = np.arange(len(states)), np.zeros(0, np.intp)
    for _ in range(STEPS):
        weights = table[at, variables]
        scores = weights.astype(np.float32) @ across
        scores *= signs if len(at) == len(states) else signs[at]
        scores += hidden if len(at) == len(states) else hidden[at]
        enter = scores.argmin(axis=1)
        short = np.take_along_axis(scores, enter[:, None], axis=1)[:, 0] - scale[at]
        slack = (short >= 0) & (weights.min(axis=1) < 0)
        enter = np.where(slack, size + weights.argmin(axis=1), enter)
        short = np.where(slack, weights.min(axis=1), short)
        late = short < 0
        at, enter, short, slack = at[late], enter[late], short[late], slack[late]
        if not len(at):
            break
        side = np.where(slack, 1, signs[at, np.minimum(enter, size - 1)])
        place = np.where(slack, -1, np.where(side > 0, enter, enter + size))
        old = table[at]
        column = np.matmul(old[:, :variables], (points[enter] * side[:, None])[:, :, None])[:, :, 0]
        ray = ~(column > 0).any(axis=1)
        if ray.any():
            rows = at[ray]
            refuted[rows] = True
            places[rows] = np.column_stack([place[ray], columns[rows]])
            multipliers[rows] = np.column_stack([scale[rows], -column[ray]])
            at, short, old, column, place = at[~ray], short[~ray], old[~ray], column[~ray], place[~ray]
        ratio = np.full(column.shape, np.inf)
        np.divide(old[:, :variables].sum(axis=2), column, out=ratio, where=column > 0)
        leave, every = ratio.argmin(axis=1), np.arange(len(at))
        row, pivot = old[every, leave], column[every, leave]
        change = np.column_stack([column, short])
        old *= pivot[:, None, None]
        old -= change[:, :, None] * row[:, None, :]
        old /= scale[at][:, None, None]
        old[every, leave] = row
        table[at], scale[at], columns[at, leave] = old, pivot, place
        fits = np.abs(old).max(axis=(1, 2), initial=0) < LARGEST
        hard, at = np.concatenate([hard, at[~fits]]), at[fits]
    hard = np.concatenate([hard, at])
    table[hard], scale[hard], columns[hard] = Bases.start(variables).table, 1, -1
    answers = table[:, variables].astype(np.int64)
    for state in hard:
        true = np.flatnonzero(states[state])
        found, optimal = one((tree.prefix[true] * states[state, true][:, None]).tolist())
        if optimal:
            answers[state] = found
        else:
            used = np.flatnonzero(found)
            refuted[state], places[state], multipliers[state] = True, -1, 0
            places[state, : len(used)] = true[used] + size * (states[state, true[used]] < 0)
            multipliers[state, : len(used)] = np.array(found)[used]
    multipliers[places < 0] = 0
    places = np.where(multipliers == 0, places.max(axis=1, keepdims=True), places)
    return Findings(refuted, places[refuted], multipliers[refuted], answers, Bases(table, scale, columns))


def one(rows: list[list[int]]) -> tuple[list[int], bool]:
    """(a, True) with integers a >= 0 and a.r > 0 on every row r, or (l, False) with l >= 0, not 0, sum of l_r r <= 0.

    The same problem by a whole fraction-free tableau, with Bland's rule: the first column that may enter does, and of
    the rows that may leave the one with the first basic column. At most N + 1 of the l are not 0.
    """
    height, width = len(rows[0]), len(rows)
    tableau = [[*(row[j] for row in rows), *(int(i == j) for i in range(height)), 1] for j in range(height)]
    tableau.append([*([-1] * width), *([0] * height), 0])
    basis, scale = [width + i for i in range(height)], 1
    while True:
        enter = next((k for k, value in enumerate(tableau[-1][:-1]) if value < 0), None)
        if enter is None:
            found = tableau[-1][width:-1]
            break
        rising = [i for i in range(height) if tableau[i][enter] > 0]
        if not rising:
            found = [0] * width
            for i, column in enumerate(basis):
                if column < width:
                    found[column] = -tableau[i][enter]
            if enter < width:
                found[enter] = scale
            break
        leave = min(rising, key=lambda i: (Fraction(tableau[i][-1], tableau[i][enter]), basis[i]))
        pivot, row = tableau[leave][enter], tableau[leave]
        for i, line in enumerate(tableau):
            if i != leave:
                factor = line[enter]
                tableau[i] = [(pivot * value - factor * other) // scale for value, other in zip(line, row, strict=True)]
        basis[leave], scale = enter, pivot
    divisor = gcd(*found)
    return [value // divisor for value in found], enter is None
