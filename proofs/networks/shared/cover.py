"""Pieces of an interval of shared weights, and on each the rows that are answered as labelled throughout.

Used where the activations are not piecewise polynomial, and where the number of right rows is asked for. Each piece is
judged by the checker's own enclosures; pieces where that fails are halved. Untrusted: the checker judges them again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any

import numpy as np

from proofs.checker.reading import Reader
from proofs.checker.shared_cover import answer
from proofs.claim import Certificate
from proofs.networks.shared.pieces import Bound, Piece, nearest, plain
from proofs.networks.shared.topology import Task
from proofs.separation import EffortExceeded
from proofs.separation.found import Deadline

RIGHT, OPEN = -1, -2
HALVINGS = 24
"""A piece is not halved further than to this power of 1/2 of the interval."""
SAMPLES = 33


class _Patient(Reader):
    """Counts steps without a limit."""

    spent = 0

    def burn(self, steps: int) -> None:
        self.spent += steps


@dataclass(frozen=True, slots=True)
class Part:
    """An interval, and RIGHT (every row is right on it), OPEN, or the number of a row that is wrong on it."""

    low: Fraction
    high: Fraction
    cell: int


class Judge:
    """Answers of single rows on intervals."""

    def __init__(self, task: Task, deadline: Deadline) -> None:
        self.task, self.deadline = task, deadline
        self._topology = task.topology.to_dict()
        self._rows = [[1, *row] for row in task.points]
        self._reader = _Patient()

    @property
    def steps(self) -> int:
        """What the answers given so far cost the checker."""
        return self._reader.spent

    def __call__(self, row: int, low: Fraction, high: Fraction) -> bool | None:
        """Whether the row is right for every w of the interval, or for none, or None where it is not known.

        Raises EffortExceeded past the deadline.
        """
        self.deadline.check()
        return answer(self._topology, self._rows[row], self.task.labels[row], low, high, self._reader)


def wrong_at(judge: Judge, low: Fraction, high: Fraction) -> Part | None:
    """A single weight at which a row is wrong: the ends, 0 and some between are tried, in floating point first."""
    inside = {low, high, *(low + (high - low) * Fraction(k, SAMPLES - 1) for k in range(SAMPLES))}
    weights = sorted(inside | ({Fraction(0)} if low <= 0 <= high else set()), key=lambda w: (w != 0, w))
    right = right_rows(judge.task, weights)
    for w, rows in zip(weights, right, strict=True):
        for row in np.flatnonzero(~rows)[:3].tolist():
            if judge(row, w, w) is False:
                return Part(w, w, row)
    return None


def right_rows(task: Task, weights: Sequence[Fraction]) -> Any:
    """Which rows are right at each weight, in floating point: weights x rows."""
    points = np.array([[nearest(x) for x in row] for row in task.points])
    labels = np.array(task.labels)
    found = []
    for w in weights:
        out = task.topology.values(points, np.array([nearest(w)]))[0]
        said = out.argmax(axis=1) if out.shape[1] > 1 else (out[:, 0] > 0).astype(int)
        found.append(said == labels)
    return np.array(found)


def find_cover(judge: Judge, low: Fraction, high: Fraction) -> list[Part]:
    """Parts of the interval, in order: where all rows are right, where one is wrong, and what is still open.

    The interval is cut at 0 first, which is a part of its own.
    """
    cuts = [low, *([Fraction(0)] * 2 if low < 0 < high else []), high]
    rows: Sequence[int] = range(len(judge.task.points))
    pending = [(a, b, rows, 0) for a, b in pairwise(cuts)][::-1]
    found: list[Part] = []
    while pending:
        a, b, asked, halved = pending.pop()
        try:
            cell, left = _judged(judge, a, b, asked)
        except EffortExceeded:
            rest = [(a, b), *((c, d) for c, d, _, _ in reversed(pending))]
            return [*found, *(Part(c, d, OPEN) for c, d in rest)]
        if cell != OPEN or halved == HALVINGS or a == b:
            found.append(Part(a, b, cell))
        else:
            middle = (a + b) / 2
            pending += [(middle, b, left, halved + 1), (a, middle, left, halved + 1)]
    return found


def _judged(judge: Judge, low: Fraction, high: Fraction, rows: Iterable[int]) -> tuple[int, Sequence[int]]:
    """What holds on an interval, and the rows that are still open on it."""
    left = []
    for row in rows:
        right = judge(row, low, high)
        if right is False:
            return row, ()
        if right is None:
            left.append(row)
    return (OPEN if left else RIGHT), left


def cover_certificate(task: Task, parts: Sequence[Part], least: int) -> Certificate:
    """Kind shared_cover: on each part marked RIGHT at least `least` rows are right."""
    cuts = [parts[0].low, *(part.high for part in parts)]
    data = {"gradproof": 1, "kind": "shared_cover", **task.fields(), "cuts": [plain(x) for x in cuts]}
    return Certificate({**data, "cells": [part.cell for part in parts], "least": least})


def joined(parts: Iterable[Part], right: bool = True) -> tuple[Piece, ...]:
    """Where all rows are right (or, with ``right=False``, where one is wrong), neighbours taken together."""
    found = _runs(parts, lambda cell: cell == RIGHT if right else cell >= 0)
    return tuple(Piece(Bound.of(low), Bound.of(high), True, True) for low, high in found)


def unsettled(parts: Sequence[Part]) -> tuple[Piece, ...]:
    """Where nothing is known, neighbours taken together; an end that a settled part holds is left out."""
    known = {end for part in parts if part.cell != OPEN for end in (part.low, part.high)}
    return tuple(
        Piece(Bound.of(low), Bound.of(high), low not in known, high not in known)
        for low, high in _runs(parts, lambda cell: cell == OPEN)
        if low < high or low not in known
    )


def _runs(parts: Iterable[Part], wanted: Callable[[int], bool]) -> list[tuple[Fraction, Fraction]]:
    """The ends of each row of neighbouring parts that are wanted."""
    runs = [list(run) for good, run in groupby(parts, key=lambda part: wanted(part.cell)) if good]
    return [(run[0].low, run[-1].high) for run in runs]
