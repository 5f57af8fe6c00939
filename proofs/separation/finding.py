"""From a table and labels to a separator or a refutation: a float guess, its exact repair, and the exact simplex.

What is found counts only after the checker accepted its certificate; the next way is tried where it does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from proofs.separation.found import Deadline, Multipliers, Weights
from proofs.separation.guess import (
    Floats,
    Scaled,
    few_multipliers,
    least_squared_hinge,
    one_thread,
    scaled,
)
from proofs.separation.repair import exact_multipliers
from proofs.separation.simplex import decide
from proofs.separation.tables import Table

Labels = NDArray[np.bool_]
Progress = Callable[[str], None]

BITS = (4, 8, 12, 20, 30, 40, 53)
"""The sizes to which float weights are rounded, in turn."""


def silent(_: str) -> None:
    """A progress callback that shows nothing."""


def answers(
    table: Table, labels: Labels, deadline: Deadline, progress: Progress = silent
) -> Iterator[Weights | Multipliers]:
    """What separates or refutes, the quickest way first; the last one is exact. Raises EffortExceeded."""
    if labels.all() or not labels.any():
        yield Weights((0,) * len(table.columns), 0 if labels[0] else -1)
        return
    floats = scaled(table)
    if pair := _same_row_twice(table, labels, floats):
        yield Multipliers(dict.fromkeys(pair, 1))
        return
    guess, close = _guess(table, labels, floats, deadline, progress)
    if guess is not None:
        yield guess
    yield decide(table, labels, map(int, close), deadline, progress)


def _guess(
    table: Table, labels: Labels, floats: Scaled, deadline: Deadline, progress: Progress
) -> tuple[Weights | Multipliers | None, NDArray[np.intp]]:
    """What floating point finds, made exact if that succeeds, and the rows that seem to decide."""
    with one_thread():
        signed = floats.matrix * np.where(labels, 1.0, -1.0)[:, None]
        minimum = least_squared_hinge(signed, deadline, progress)
        if minimum.separates:
            close = np.argsort(signed @ minimum.weights)[: 2 * signed.shape[1]]
            return rounded(floats, labels, minimum.weights, len(table.columns)), close
        close = np.flatnonzero(minimum.slacks)
        with suppress(np.linalg.LinAlgError):
            progress("choosing few rows of the refutation")
            close, near = few_multipliers(signed, minimum.slacks, deadline)
            progress(f"exact multipliers of {len(close)} rows")
            found = exact_multipliers(table, labels, close, near)
            return (None if found is None else Multipliers(found)), close
        return None, close


def _same_row_twice(table: Table, labels: Labels, floats: Scaled) -> tuple[int, int] | None:
    """Two equal rows with opposite labels, if there are any; rows are compared where a fixed projection agrees."""
    directions = np.sin(np.arange(1, floats.matrix.shape[1] + 1))
    projected = floats.matrix @ directions
    order = np.argsort(projected, kind="stable")
    near = np.flatnonzero(np.diff(projected[order]) <= 1e-12 * np.abs(directions).sum())
    for place in near[:10_000]:
        one, other = int(order[place]), int(order[place + 1])
        if labels[one] != labels[other] and all(c.digits[one] == c.digits[other] for c in table.columns):
            return one, other
    return None


def rounded(floats: Scaled, labels: Labels, weights: Floats, columns: int) -> Weights | None:
    """The weights rounded to few bits, with a bias in the middle of the gap; None when rounding closes the gap.

    The gap must exceed what floating point can be wrong by: an entry is off by 2^-53 at most, a score of k terms by
    (k + 4) 2^-52 sum |weight|.
    """
    size = np.abs(weights[:-1]).max(initial=0.0)
    if size == 0:
        return None
    for bits in BITS:
        short = np.rint(weights[:-1] / size * 2.0**bits)
        products = floats.matrix[:, :-1] @ short
        least, most = float(products[labels].min()), float(products[~labels].max())
        error = (len(weights) + 4) * 2.0**-52 * float(np.abs(short).sum())
        if least - most > 4 * error:
            break
    else:
        return None
    common = max(floats.exponents)
    shift = 14
    steps = [int(w) << (shift + common - e) for w, e in zip(short, floats.exponents, strict=True)]
    middle = round((least + most) / 2 * 2.0**shift) << common
    bias = -middle - sum(step * centre for step, centre in zip(steps, floats.centres, strict=True))
    found = [0] * columns
    for place, step in zip(floats.used, steps, strict=True):
        found[place] = step
    room = int(((least - most) / 2 - error) * 0.999 * 2.0**shift - 1) << common
    return Weights(tuple(found), bias, max(0, room))
