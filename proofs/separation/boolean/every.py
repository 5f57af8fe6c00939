"""All Boolean functions of 2 to 4 inputs decided at once: weights or four points for each, every one verified."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement, permutations, product

import numpy as np
from numpy.typing import NDArray

from proofs.separation.census.regular import Ints, pairs
from proofs.separation.census.walk import walk
from proofs.separation.data import SeparationError

Functions = NDArray[np.uint16]


@dataclass(frozen=True, eq=False, slots=True)
class EveryFunction:
    """Functions are numbered by their tables read as binary numbers. threshold: functions.
    weights: functions x (n + 1), w then b with f(x) = [w.x + b > 0], and w.x + b never 0, where threshold.
    rows: functions x 4, where not: f is 1 at the first two rows and 0 at the others, whose sums are equal.
    """

    threshold: NDArray[np.bool_]
    weights: Ints
    rows: Ints


def decide_every(inputs: int) -> EveryFunction:
    """Every function of n = `inputs` with its weights or its four points.

    Raises SeparationError unless n is 2, 3 or 4, AssertionError if a function had neither or one did not hold.
    """
    if isinstance(inputs, bool) or inputs not in (2, 3, 4):
        raise SeparationError(f"inputs: expected 2, 3 or 4, got {inputs!r}; decide larger tables one at a time")
    points = np.array(list(product((0, 1), repeat=inputs)), np.int64)
    functions = np.arange(2 ** len(points), dtype=np.uint16)
    bit = (1 << np.arange(len(points))[::-1]).astype(np.uint16)
    rows = _four_points(points, functions, bit)
    weights = np.zeros((len(functions), inputs + 1), np.int64)
    vectors = _weights(inputs)
    scores = vectors[:, :-1] @ points.T + vectors[:, -1:]
    weights[(scores > 0) @ bit.astype(np.int64)] = vectors
    threshold = rows[:, 1] == 0
    _verify(points, functions, bit, EveryFunction(threshold, weights, rows))
    return EveryFunction(threshold, weights, rows)


def _four_points(points: Ints, functions: Functions, bit: Functions) -> Ints:
    """Rows a < b, c < d with equal sums, the function 1 at a and b and 0 at c and d; all 0 where there are none."""
    by_sum: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for a, b in combinations_with_replacement(range(len(points)), 2):
        by_sum.setdefault(tuple(points[a] + points[b]), []).append((a, b))
    found = np.zeros((len(functions), 4), np.int64)
    left = functions
    for same in sorted(by_sum.values(), key=len, reverse=True):
        ones, zeros = np.full(len(left), -1, np.int8), np.full(len(left), -1, np.int8)
        for k, (a, b) in enumerate(same if len(same) > 1 else ()):
            both = left & (bit[a] | bit[b])
            ones[both == (bit[a] | bit[b])] = k
            zeros[both == 0] = k
        have = (ones >= 0) & (zeros >= 0)
        places = np.array(same)
        found[left[have]] = np.column_stack([places[ones[have]], places[zeros[have]]])
        left = left[~have]
    return found


def _weights(inputs: int) -> Ints:
    """Weights of every threshold function, as (w, b) on inputs 0 and 1: those of the census, permuted and turned."""
    size = inputs + 1
    parts: list[Ints] = []
    tree = pairs(size)
    walk(tree, tree.root, lambda _, weights, *__: parts.append(weights))
    orders = np.array(list(permutations(range(size))))
    signs = np.array(list(product((1, -1), repeat=size)))
    vectors = (np.concatenate(parts)[:, orders].reshape(-1, 1, size) * signs).reshape(-1, size)
    return np.column_stack([2 * vectors[:, 1:], vectors[:, 0] - vectors[:, 1:].sum(axis=1)])


def _verify(points: Ints, functions: Functions, bit: Functions, found: EveryFunction) -> None:
    """Every score is on the side its label asks for, never 0; every four points have their labels and equal sums."""
    yes, no = functions[found.threshold], functions[~found.threshold]
    weights, rows = found.weights[found.threshold], found.rows[~found.threshold]
    scores = weights[:, :-1] @ points.T + weights[:, -1:]
    labels = (yes[:, None] & bit) > 0
    if not ((scores != 0) & ((scores > 0) == labels)).all():
        raise AssertionError("weights that do not have the labels of their function: please report this")
    here = [(no & bit[row]) > 0 for row in rows.T]
    a, b, c, d = (points @ 3 ** np.arange(points.shape[1]))[rows.T]
    if not (here[0] & here[1] & ~here[2] & ~here[3] & (a + b == c + d)).all():
        raise AssertionError("four points that do not refute their function: please report this")
