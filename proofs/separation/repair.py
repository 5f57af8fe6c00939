"""Exact Farkas multipliers from approximate ones on few rows.

Of the rows, in falling order of their multipliers, those independent of the ones before are found modulo a prime. The
others keep rounded multipliers; the independent ones then have one exact solution (Dixon 1982, by FLINT), which is the
answer if it is positive.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

import numpy as np
from flint import fmpq_mat, fmpz_mat, nmod_mat
from numpy.typing import NDArray

from proofs.separation.tables import Ints, Table

PRIME = (1 << 61) - 1
BITS = 24
"""Bits kept of the multipliers that are rounded."""


def signed_digits(table: Table, labels: NDArray[np.bool_], rows: Ints, *, every: bool = False) -> list[list[int]]:
    """The rows +-(digits, 1), + for label 1; columns that are 0 throughout are left out unless `every` one is wanted.

    Multipliers balance these exactly when they balance the entries offset + scale * digits.
    """
    signs = np.where(labels[rows], 1, -1)
    parts = [column.digits[rows] for column in table.columns]
    kept = [(part * signs).tolist() for part in parts if every or part.any()]
    return [list(row) for row in zip(*kept, signs.tolist(), strict=True)]


def pivots(matrix: Sequence[Sequence[int]]) -> list[int]:
    """The columns that are independent of those before them, modulo the prime."""
    flat = [entry % PRIME for row in matrix for entry in row]
    reduced, rank = nmod_mat(len(matrix), len(matrix[0]), flat, PRIME).rref()
    pivots: list[int] = []
    for row in reduced.table()[:rank]:
        start = pivots[-1] + 1 if pivots else 0
        pivots.append(next(place for place in range(start, len(row)) if int(row[place])))
    return pivots


def exact_multipliers(
    table: Table, labels: NDArray[np.bool_], rows: NDArray[np.intp], near: NDArray[np.float64]
) -> dict[int, int] | None:
    """Coprime positive integers m by row with sum m * (+-(x, 1)) = 0, near `near` up to a factor; None if not found.

    labels: True for label 1, for every row of the table; rows: some row numbers; near: a positive float for each.
    """
    order = np.argsort(-near, kind="stable")
    rows, near = rows[order], near[order]
    matrix = signed_digits(table, labels, rows)
    transposed = [list(column) for column in zip(*matrix, strict=True)]
    basic = pivots(transposed)
    free = sorted(set(range(len(rows))) - set(basic))
    if not free:
        return None
    rounded = {place: max(1, round(float(near[place] / near[0]) * (1 << BITS))) for place in free}
    used = pivots([matrix[place] for place in basic])
    if len(used) != len(basic):
        return None
    square = [[matrix[place][column] for place in basic] for column in used]
    right = [[-sum(m * matrix[place][column] for place, m in rounded.items())] for column in used]
    numerators, denominator = (
        fmpq_mat(fmpz_mat(square)).solve(fmpq_mat(fmpz_mat(right)), algorithm="dixon").numer_denom()
    )
    common = int(denominator)
    values = {place: int(value) for place, value in zip(basic, numerators.entries(), strict=True)}
    values |= {place: m * common for place, m in rounded.items()}
    if common < 0:
        values = {place: -value for place, value in values.items()}
    divisor = gcd(*values.values())
    if min(values.values()) < 0 or any(
        sum(value * matrix[place][column] for place, value in values.items())
        for column in set(range(len(transposed))) - set(used)
    ):
        return None
    return {int(rows[place]): value // divisor for place, value in values.items() if value}
