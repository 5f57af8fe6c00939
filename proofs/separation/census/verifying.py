"""What is believed about each class: weights and refutations checked in int64, orbits counted. See `regular` for why.

Bounds: multipliers and weights are refused beyond 2^40; points have entries 1 and -1 and N <= 10, so that every sum of
N weights, and every sum of N + 1 multiples of prefix sums (at most 10 each), stays below 2^47.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from math import factorial

import numpy as np
from numpy.typing import NDArray

from proofs.separation.census.regular import Ints, Pairs, States

LARGEST = 1 << 40
MOST_VARIABLES = 10


class Unverified(AssertionError):
    """Weights or multipliers that do not show what they were given for: an error of ours, never a verdict."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Threshold functions, their NP classes, their self-dual classes, and subtrees refuted."""

    threshold: int = 0
    np_classes: int = 0
    classes: int = 0
    refuted: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.threshold + other.threshold,
            self.np_classes + other.np_classes,
            self.classes + other.classes,
            self.refuted + other.refuted,
        )


def need(holds: NDArray[np.bool_] | np.bool_ | bool, what: str) -> None:
    if not np.all(holds):
        raise Unverified(f"{what}: please report this")


def check_weights(tree: Pairs, leaves: States, weights: Ints) -> None:
    """weights (leaves x N) are sorted, w_1 >= ... >= w_N >= 0, and w.x > 0 on the true point of every pair.

    That is on every true point: each dominates one of these, and sorted weights do not fall on the way up.
    Raises Unverified.
    """
    need(weights.shape == (len(leaves), tree.variables) and tree.variables <= MOST_VARIABLES, "one weight a variable")
    need(np.abs(leaves) == 1, "a leaf decides every pair")
    need((weights >= 0) & (weights <= LARGEST), "the weights are not negative, and at most 2^40")
    need(weights[:, :-1] >= weights[:, 1:], "the weights are sorted")
    need((weights @ tree.points.T) * leaves > 0, "the weights are positive on the true points")


def check_refutations(tree: Pairs, states: States, places: Ints, multipliers: Ints) -> None:
    """multipliers m >= 0, not all zero, of points that are true in each state: P_j(sum of m x) <= 0 for all j.

    places, multipliers: states x anything; place k < pairs is the point of pair k, k + pairs its negative.
    Raises Unverified.
    """
    size = len(tree.points)
    need(tree.variables <= MOST_VARIABLES and multipliers.shape == places.shape, "one multiplier a point")
    need(multipliers.shape[1] <= tree.variables + 1, "at most N + 1 points")
    need((multipliers >= 0) & (multipliers <= LARGEST), "the multipliers are not negative, and at most 2^40")
    need(multipliers.sum(axis=1) > 0, "not all multipliers are zero")
    need((places >= 0) & (places < 2 * size), "the points are pairs of the tree")
    pair, sign = places % size, np.where(places < size, 1, -1)
    need(np.take_along_axis(states, pair, axis=1) == sign, "the points are true")
    total = np.einsum("rk,rkj->rj", multipliers * sign, tree.prefix[pair])
    need(total <= 0, "the prefix sums are not positive")


def chow(tree: Pairs, leaves: States) -> Ints:
    """c = sum of the true points, leaves x N: non-negative and sorted, because the leaves are regular."""
    found = tree.always + leaves[:, :-1].astype(np.int64) @ tree.points[:-1]
    need((found[:, :-1] >= found[:, 1:]) & (found[:, -1:] >= 0), "the Chow parameters are sorted")
    return np.asarray(found)


def count(tree: Pairs, leaves: States) -> Tally:
    """The threshold functions and classes that these leaves, all of them threshold functions, stand for."""
    found = chow(tree, leaves)
    new = np.diff(found, axis=1, prepend=-1) != 0
    threshold = np_classes = 0
    for (*starts, zero), often in Counter(map(tuple, np.column_stack([new, found[:, -1] == 0]).tolist())).items():
        places = [place for place, start in enumerate(starts) if start] + [tree.variables]
        runs = [after - before for before, after in pairwise(places)]
        orbit = factorial(tree.variables) << (tree.variables - zero * runs[-1])
        for run in runs:
            orbit //= factorial(run)
        threshold += often * orbit
        np_classes += often * (2 * len(runs) - zero)
    return Tally(threshold, np_classes, len(leaves))
