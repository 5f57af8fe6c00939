"""Two true and two false points of a Boolean function with equal sums: the shortest proof that it has no threshold.

The sums t = a + b of two points of a set S in {0,1}^n are counted for all t in {0,1,2}^n at once: the square of the
polynomial of S, by its values at 0, 1 and infinity in each variable. So whether four points exist is decided, not
guessed, in about n 3^n operations. On up to 8 inputs they are known to exist for every function that is not
threshold; nothing here relies on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proofs.separation.data import TruthTable

Point = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FourPoints:
    """true[0] + true[1] = false[0] + false[1], with f = 1 on the first two and 0 on the others."""

    true: tuple[Point, Point]
    false: tuple[Point, Point]

    def holds(self, table: TruthTable) -> bool:
        """Whether it is so for this function."""
        values = [[table.values[_row(point)] for point in side] for side in (self.true, self.false)]
        sums = [tuple(map(sum, zip(*side, strict=True))) for side in (self.true, self.false)]
        return values == [[1, 1], [0, 0]] and sums[0] == sums[1]

    def multipliers(self, table: TruthTable) -> tuple[int, ...]:
        """The same as Farkas multipliers, one a row of the table."""
        found = [0] * len(table.values)
        for point in (*self.true, *self.false):
            found[_row(point)] += 1
        return tuple(found)


def _row(point: Point) -> int:
    return int("".join(map(str, point)), 2)


def four_points(table: TruthTable) -> FourPoints | None:
    """Such points, or None when there are none: the function is 2-asummable."""
    cube = np.array(table.values, np.uint32).reshape((2,) * table.inputs)
    both = _pair_sums(cube) > 0
    both &= _pair_sums(1 - cube) > 0
    total = np.array(np.unravel_index(both.argmax(), both.shape))
    return FourPoints(_pair(cube, total), _pair(1 - cube, total)) if both[tuple(total)] else None


def _pair_sums(members: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """How many ordered pairs of members have each sum; at most 2^16, so that arithmetic modulo 2^32 is exact."""
    values = members
    for axis in range(members.ndim):
        zero, infinity = np.split(values, 2, axis)
        values = np.concatenate([zero, zero + infinity, infinity], axis)
    values *= values
    for axis in range(members.ndim):
        zero, one, two = np.split(values, 3, axis)
        values = np.concatenate([zero, one - zero - two, two], axis)
    return values


def _pair(members: NDArray[np.uint32], total: NDArray[np.intp]) -> tuple[Point, Point]:
    """Two members with this sum."""
    for first in np.argwhere(members):
        second = total - first
        if ((second == 0) | (second == 1)).all() and members[tuple(second)]:
            return tuple(map(int, first)), tuple(map(int, second))
    raise AssertionError("no two members have a sum that was counted: please report this")
