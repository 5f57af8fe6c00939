"""The exact simplex that never fails: a separator or Farkas multipliers by integer arithmetic alone.

maximise sum lambda subject to -1 <= Z' lambda <= 1, lambda >= 0, where Z's rows are z = +-(digits, 1). It is feasible
at 0. A direction in which it is unbounded is a Farkas refutation, Z' lambda = 0; otherwise the dual prices w reach
z.w >= 1 on every row, and as soon as z.w > 0 on all of them w is a separator. Only the inverse of the basis is kept, in
integers over one denominator (Edmonds 1967, Bareiss 1968), and rows enter when they are violated. Bland's rule (1977)
takes over while the objective stands still, so that it always ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from proofs.separation.found import NO_DEADLINE, Deadline, Multipliers, Weights
from proofs.separation.tables import Ints, Table, scores

PATIENCE = 20
"""Steps without progress before Bland's rule."""
AT_ONCE = 50
"""Most rows that begin to be looked at together."""


def decide(
    table: Table,
    labels: NDArray[np.bool_],
    start: Iterable[int] = (),
    deadline: Deadline = NO_DEADLINE,
    progress: Callable[[str], None] = lambda _: None,
) -> Weights | Multipliers:
    """Exactly one of the two exists, and is found. `start`: rows to look at first. Raises EffortExceeded."""
    return _Simplex(table, labels).run(sorted(set(start)), deadline, progress)


class _Simplex:
    def __init__(self, table: Table, labels: NDArray[np.bool_]) -> None:
        self.table, self.labels = table, labels
        self.signs = np.where(labels, 1, -1)
        size = 2 * (len(table.columns) + 1)
        self.inverse: Ints = np.eye(size, dtype=int).astype(object)
        self.right: Ints = np.ones(size, dtype=int).astype(object)
        self.prices: Ints = np.zeros(size, dtype=int).astype(object)
        self.denominator = 1
        self.basis = [-1 - place for place in range(size)]
        """Row numbers; slack j is -1 - j."""

    def row(self, number: int) -> Ints:
        sign = int(self.signs[number])
        digits = [sign * int(column.digits[number]) for column in self.table.columns]
        return np.array([*digits, sign], dtype=object)

    def run(self, rows: list[int], deadline: Deadline, progress: Callable[[str], None]) -> Weights | Multipliers:
        known = {number: self.row(number) for number in rows}
        half = len(self.prices) // 2
        still = pivots = 0
        while True:
            deadline.check()
            weights = self.prices[:half] - self.prices[half:]
            products = {number: int(z @ weights) for number, z in known.items()}
            wrong = {number: product for number, product in products.items() if product <= 0}
            if not wrong:
                more = self._violated(weights)
                if not more:
                    *found, bias = map(int, weights)
                    return Weights(tuple(found), bias)
                known |= {number: self.row(number) for number in more}
                continue
            if still < PATIENCE:
                entering = min(wrong, key=lambda number: (wrong[number], number))
            else:
                slack = [-1 - place for place, price in enumerate(self.prices) if price < 0]
                entering = min([*slack, *(n for n, product in products.items() if product < self.denominator)])
            if entering < 0:
                column, gain = self.inverse[:, -1 - entering], -int(self.prices[-1 - entering])
            else:
                column = (self.inverse[:, :half] - self.inverse[:, half:]) @ known[entering]
                gain = self.denominator - products[entering]
            leaving = self._leaving(column)
            if leaving is None:
                ray = {number: -int(c) for number, c in zip(self.basis, column, strict=True) if number >= 0 and c}
                return Multipliers(ray | {entering: self.denominator})
            still = still + 1 if self.right[leaving] == 0 else 0
            self._pivot(column, leaving, gain)
            self.basis[leaving] = entering
            pivots += 1
            progress(f"exact step {pivots}, {len(known)} rows looked at")

    def _violated(self, weights: Ints) -> list[int]:
        """The rows that are most on the wrong side, by exact scores of all of them."""
        *found, bias = map(int, weights)
        products = scores(self.table, found, bias) * self.signs
        wrong = np.flatnonzero(products <= 0)
        return [int(row) for row in wrong[np.argsort(products[wrong], kind="stable")[:AT_ONCE]]]

    def _leaving(self, column: Ints) -> int | None:
        """The place with the least ratio right / column over column > 0; of equal ones, the least basic number."""
        best: int | None = None
        for place in np.flatnonzero(column > 0):
            if best is not None:
                difference = self.right[place] * column[best] - self.right[best] * column[place]
                if difference > 0 or (difference == 0 and self.basis[place] > self.basis[best]):
                    continue
            best = int(place)
        return best

    def _pivot(self, column: Ints, leaving: int, gain: int) -> None:
        pivot, previous = int(column[leaving]), self.denominator
        row, right = self.inverse[leaving].copy(), self.right[leaving]
        self.inverse = (self.inverse * pivot - np.outer(column, row)) // previous
        self.right = (self.right * pivot - column * right) // previous
        self.inverse[leaving], self.right[leaving] = row, right
        self.prices = (self.prices * pivot + gain * row) // previous
        self.denominator = pivot
