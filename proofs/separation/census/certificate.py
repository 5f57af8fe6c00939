"""The census as certificates for the checker: the leaves' weights and the refutations, in the order of the tree.

Depth first, the child with the pair's point true before the other, is the alphabetical order of the states, their
entries read 1 before -1: two nodes part at a pair that is open in what they share, all pairs before it being decided
there.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from proofs.claim import Certificate, Json
from proofs.separation.census.regular import Ints, Pairs, States, below
from proofs.separation.census.verifying import Tally, count
from proofs.separation.census.walk import walk

MOST_STEPS = 3_000_000
"""Products that checking one certificate may take: the checker's budget, with room for everything else."""


Verified = tuple[States, Ints, States, Ints, Ints]


def certificates(tree: Pairs, path: str = "") -> tuple[Tally, dict[str, Certificate]]:
    """The tally of the subtree at `path`, and the certificates of kind census that cover it, by their paths.

    Each is within the checker's budget. Raises ValueError for a path that leads past a leaf, Unverified.
    """
    parts: list[Verified] = []
    tally = walk(tree, below(tree, path), lambda *part: parts.append(part))
    leaves, weights, refuted, places, multipliers = map(np.concatenate, zip(*parts, strict=True))
    states = np.concatenate([leaves, refuted])
    entries: list[Json] = [{"weights": row} for row in weights.tolist()]
    entries += _refutations(tree, places, multipliers)
    order = np.lexsort((-states[:, ::-1]).T)
    is_leaf = np.arange(len(states)) < len(leaves)
    return tally, dict(_cut(tree, path, states[order], is_leaf[order], [entries[k] for k in order]))


def _refutations(tree: Pairs, places: Ints, multipliers: Ints) -> Iterator[Json]:
    size = len(tree.points)
    for row, factors in zip(places, multipliers, strict=True):
        used = factors != 0
        points = tree.points[row[used] % size] * np.where(row[used] < size, 1, -1)[:, None]
        divisor = np.gcd.reduce(factors)
        yield {"points": points.tolist(), "multipliers": (factors[used] // divisor).tolist()}


def _cut(
    tree: Pairs, path: str, states: States, is_leaf: NDArray[np.bool_], entries: list[Json]
) -> Iterator[tuple[str, Certificate]]:
    """One certificate, or those of the two subtrees where it would cost the checker too much."""
    every = 2 ** (tree.variables - 1) * tree.variables
    if len(entries) * every <= MOST_STEPS or len(entries) == 1:
        tally = count(tree, states[is_leaf])
        yield (
            path,
            Certificate(
                {
                    "gradproof": 1,
                    "kind": "census",
                    "inputs": tree.variables - 1,
                    "path": path,
                    "threshold": tally.threshold,
                    "np_classes": tally.np_classes,
                    "classes": entries,
                }
            ),
        )
        return
    first = int((below(tree, path) == 0).argmax())
    half = int((states[:, first] == 1).sum())
    for digit, part in (("0", slice(half)), ("1", slice(half, None))):
        yield from _cut(tree, path + digit, states[part], is_leaf[part], entries[part])
