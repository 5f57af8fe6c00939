"""A Boolean function as its self-dual function F of N = n + 1 variables, brought into the order of its Chow parameters.

F(1, x) = f(x), F(-1, x) = -f(-x), values and inputs 1 and -1 (an input 0 of f is -1 here). Variables are turned
around and sorted so that c_1 >= ... >= c_N >= 0: weights of a threshold function then can be sorted the same way (see
`census.regular`, whose terms are used here). Either F is regular in this order, or four points show that f is no
threshold function (`irregular`); a refutation in prefix sums of a regular F becomes a plain one (`lift`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import lcm

import numpy as np
from numpy.typing import NDArray

from proofs.separation.data import TruthTable

Cube = NDArray[np.int8]
Point = tuple[int, ...]


def chow_parameters(table: TruthTable) -> tuple[int, ...]:
    """(c_0, c_1, ..., c_n): c_0 = sum of f(x), c_i = sum of f(x) x_i over all inputs; f and x_i written as 1 and -1.

    They determine a threshold function among all functions (Chow 1961).
    """
    cube = _cube(table).astype(np.int64)
    sums = [int(cube.sum())]
    for axis in range(table.inputs):
        low, high = np.moveaxis(cube, axis, 0)
        sums.append(int(high.sum() - low.sum()))
    return tuple(sums)


def _cube(table: TruthTable) -> Cube:
    """f with an axis for each input, index 0 for -1 and 1 for 1, values 1 and -1."""
    return (2 * np.array(table.values, np.int8) - 1).reshape((2,) * table.inputs)


@dataclass(frozen=True, eq=False)
class Oriented:
    """cube: F with an axis for each variable in the new order. order[i]: which variable of (1, x) became the i-th, and
    turned[i]: 1, or -1 if it was turned around."""

    cube: Cube
    order: tuple[int, ...]
    turned: tuple[int, ...]

    @property
    def variables(self) -> int:
        return self.cube.ndim

    def point(self, place: tuple[int, ...]) -> tuple[int, Point]:
        """The label and the input of f (0 and 1) that the true point at `place` of the cube stands for."""
        back = [0] * self.variables
        for index, variable, sign in zip(place, self.order, self.turned, strict=True):
            back[variable] = (2 * int(index) - 1) * sign
        return int(back[0] > 0), tuple(int(value == back[0]) for value in back[1:])

    def fixed(self, axis: int) -> bool:
        """Whether F stays the same when the variables `axis` and `axis` + 1 are swapped; the last: turned around."""
        low, high = _sides(self.cube, axis)
        return bool((low == high).all())


def oriented(table: TruthTable) -> Oriented:
    """F of a table, sorted by its Chow parameters."""
    f = _cube(table)
    cube = np.stack([-f[(slice(None, None, -1),) * f.ndim], f])
    chow = chow_parameters(table)
    order = tuple(sorted(range(cube.ndim), key=lambda k: -abs(chow[k])))
    turned = tuple(-1 if chow[k] < 0 else 1 for k in order)
    cube = cube.transpose(order)[tuple(slice(None, None, sign) for sign in turned)]
    return Oriented(np.ascontiguousarray(cube), order, turned)


def _sides(cube: Cube, axis: int) -> tuple[Cube, Cube]:
    """F before and after the elementary step up: -1, 1 becomes 1, -1 at `axis`; at the last axis -1 becomes 1."""
    if axis == cube.ndim - 1:
        low, high = np.moveaxis(cube, axis, 0)
        return low, high
    pair = np.moveaxis(cube, (axis, axis + 1), (0, 1))
    return pair[0, 1], pair[1, 0]


def _places(cube: Cube, axis: int, rest: NDArray[np.intp]) -> tuple[Point, Point]:
    """The places in the cube of one position in the two arrays of `_sides`."""
    last = axis == cube.ndim - 1
    here = tuple(int(k) for k in rest)
    low, high = ((0,), (1,)) if last else ((0, 1), (1, 0))
    return (*here[:axis], *low, *here[axis:]), (*here[:axis], *high, *here[axis:])


def _opposite(place: Point) -> Point:
    return tuple(1 - index for index in place)


def irregular(function: Oriented) -> tuple[Point, Point, Point, Point] | None:
    """Places of four true points whose sum is 0, where F falls on an elementary step up; None if F is regular.

    If F falls from x to x' then, the Chow parameters being sorted, it also rises somewhere, from y to y', and
    x + y' = x' + y with x, y' true and x', y false: the true points are x, y', -x', -y.
    """
    for axis in range(function.variables):
        low, high = _sides(function.cube, axis)
        falls = np.argwhere(low > high)
        if len(falls):
            x, after = _places(function.cube, axis, falls[0])
            before, y = _places(function.cube, axis, np.argwhere(low < high)[0])
            return x, y, _opposite(after), _opposite(before)
    return None


def lift(function: Oriented, points: NDArray[np.int64], multipliers: list[int]) -> dict[Point, int]:
    """Places of true points of a regular F with multipliers > 0 and sum 0, from a refutation in prefix sums.

    points: rows of entries 1 and -1, true; P_j(sum of m z) <= 0 for all j. Where no swap fixes F between i and i + 1,
    two true points add up to 2 (e_i - e_(i+1)), which raises P_i alone; so all P_i are made 0 there. Then the sum has
    total 0 on each block of variables that swaps connect, and taking all rotations of the blocks makes it 0
    everywhere (the block of variables on which F does not depend is taken with both signs).
    """
    size = function.variables
    counts: Counter[Point] = Counter()
    for point, multiplier in zip(points.tolist(), multipliers, strict=True):
        counts[tuple((value + 1) // 2 for value in point)] += 2 * multiplier
    short = -2 * (np.array(multipliers, object) @ points.astype(object)).cumsum()
    fixed = [function.fixed(axis) for axis in range(size)]
    for axis in range(size):
        if not fixed[axis] and short[axis]:
            low, high = _sides(function.cube, axis)
            before, after = _places(function.cube, axis, np.argwhere(low < high)[0])
            counts[after] += int(short[axis]) // 2
            counts[_opposite(before)] += int(short[axis]) // 2
    ends = [axis for axis in range(size) if not fixed[axis] or axis == size - 1]
    blocks = [range(a + 1, b + 1) for a, b in zip([-1, *ends], ends, strict=False)]
    total: Counter[Point] = Counter()
    for turn in range(lcm(*map(len, blocks))):
        source = [block[(k + turn) % len(block)] for block in blocks for k in range(len(block))]
        for place, count in counts.items():
            turned = tuple(place[k] for k in source)
            total[turned] += count
            if fixed[-1]:
                total[turned[: blocks[-1][0]] + _opposite(turned[blocks[-1][0] :])] += count
    return dict(total)
