"""The census itself: the tree walked, every leaf verified and counted, every refuted subtree verified and left out.

`walk` believes nothing that the simplex says: a state without a verified refutation is walked on, a leaf without
verified weights raises. Its answer rests on `regular`, `verifying` and NumPy alone.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from proofs.separation.census.regular import Ints, Pairs, States, children, open_states
from proofs.separation.census.simplex import Bases, solve
from proofs.separation.census.verifying import Tally, check_refutations, check_weights, count

BATCH = 2048
"""States looked at together: enough to hide what a NumPy call costs, few enough to stay in the cache."""

Keep = Callable[[States, Ints, States, Ints, Ints], None]
"""Told of every verified leaf and its weights, and every refuted state, its places and multipliers."""


def walk(tree: Pairs, state: States, keep: Keep | None = None) -> Tally:
    """The tally of the subtree below `state` (1 x pairs), depth first. Raises Unverified."""
    total = Tally()
    stack = [(state, Bases.start(tree.variables))]
    while stack:
        states, bases = _next(stack)
        found = solve(tree, states, bases)
        refuted = states[found.refuted]
        check_refutations(tree, refuted, found.places, found.multipliers)
        going = open_states(states) & ~found.refuted
        leaf = ~going & ~found.refuted
        leaves, weights = states[leaf], found.weights(leaf)
        check_weights(tree, leaves, weights)
        total += count(tree, leaves) + Tally(refuted=len(refuted))
        if keep is not None:
            keep(leaves, weights, refuted, found.places, found.multipliers)
        if going.any():
            after = found.bases.take(going)
            stack.append((children(tree, states[going]), Bases.together([after, after])))
    return total


def _next(stack: list[tuple[States, Bases]]) -> tuple[States, Bases]:
    """At most `BATCH` states from the end of the stack; those that are too many stay there."""
    taken, size = [], 0
    while stack and size < BATCH:
        states, bases = stack.pop()
        if size + len(states) > BATCH:
            cut = len(states) - (BATCH - size)
            stack.append((states[:cut], bases.take(slice(cut))))
            states, bases = states[cut:], bases.take(slice(cut, None))
        taken.append((states, bases))
        size += len(states)
    return np.concatenate([states for states, _ in taken]), Bases.together([bases for _, bases in taken])
