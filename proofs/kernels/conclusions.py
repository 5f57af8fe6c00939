"""What a theorem concludes: its steps without the lines that a chain of equations merely passes through."""

from __future__ import annotations

from collections.abc import Sequence

from proofs.calculus import Statement
from proofs.claim import Certificate

Subject = Statement | Certificate


def conclusions(steps: Sequence[Subject]) -> tuple[Subject, ...]:
    """The steps that no chain of equations merely passes through, each once.

    A chain a = b, b = c, ... that is summed up as a = c counts as that; other steps stand for themselves.
    """
    found: dict[int, Subject] = {}
    place = 0
    while place < len(steps):
        first = last = steps[place]
        while isinstance(last, Statement) and place + 1 < len(steps) and _follows(last, steps[place + 1]):
            place += 1
            last = steps[place]
        place += 1
        if last is not first and place < len(steps) and _sums_up(first, last, steps[place]):
            last = steps[place]
            place += 1
        if last not in found.values():
            found[place] = last
    return tuple(found.values())


def _follows(line: Statement, following: Subject) -> bool:
    return isinstance(following, Statement) and following.lhs == line.rhs and following.arrays == line.arrays


def _sums_up(first: Subject, last: Subject, whole: Subject) -> bool:
    if not (isinstance(first, Statement) and isinstance(last, Statement) and isinstance(whole, Statement)):
        return False
    return (whole.lhs, whole.rhs) == (first.lhs, last.rhs)
