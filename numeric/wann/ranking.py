"""Ranking by two objectives at once: non-dominated sorting, and within a front by crowding distance (NSGA-II).

Deb, Pratap, Agarwal and Meyarivan 2002 (A fast and elitist multiobjective genetic algorithm, section III).
"""

from bisect import bisect_right
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def fronts(objectives: Array) -> list[list[int]]:
    """The rows of objectives (P, 2) by front: no row dominates another of its front, and each row of a later front is
    dominated by one of the front before it.

    One row dominates another if it is nowhere smaller and somewhere larger. O(P log P).
    """
    order = sorted(range(len(objectives)), key=lambda k: (-objectives[k, 0], -objectives[k, 1], k))
    found: list[list[int]] = []
    # A front dominates the next row in order unless its last row, which has its largest second objective, has a smaller
    # one; these fall from front to front, so their negatives can be bisected.
    lasts: list[float] = []
    before: tuple[float, float] | None = None
    place = 0
    for k in order:
        row = float(objectives[k, 0]), float(objectives[k, 1])
        if row != before:
            place = bisect_right(lasts, -row[1])
        if place == len(found):
            found.append([])
            lasts.append(0.0)
        found[place].append(k)
        lasts[place] = -row[1]
        before = row
    return found


def crowding(objectives: Array) -> Array:
    """For each row of a front (F, 2) the sum over the objectives of the gap between its neighbours, scaled by the
    objective's range; infinite at both ends."""
    distance = np.zeros(len(objectives))
    for column in np.asarray(objectives, np.float64).T:
        order = np.argsort(column, kind="stable")
        ordered = column[order]
        width = ordered[-1] - ordered[0]
        gaps = np.full(len(column), np.inf)
        gaps[1:-1] = (ordered[2:] - ordered[:-2]) / (width if width > 0 else 1.0)
        distance[order] += gaps
    return distance


def ranked(objectives: Array) -> list[int]:
    """The rows of finite objectives (P, 2), both to be large, from best to worst: by front, then the least crowded
    first, then by the first objective, then in their order."""
    best_first = []
    for front in fronts(objectives):
        distance = crowding(objectives[front])
        best_first += [front[k] for k in np.argsort(-distance, kind="stable")]
    return best_first
