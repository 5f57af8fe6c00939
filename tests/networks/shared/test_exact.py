"""The exact set of shared weights against plain evaluation at rational weights and at the algebraic break points."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from proofs.checker import check
from proofs.networks.shared.exact import RIGHT, find_line, line_certificate
from proofs.networks.shared.topology import task
from proofs.separation.found import NO_DEADLINE
from tests.networks.shared.reference import PIECEWISE, problems, right_at, right_at_root

WEIGHTS = st.lists(st.fractions(-4, 4, max_denominator=60), max_size=4)
CASES = st.one_of(problems(), problems((*PIECEWISE, "abs", "square"), 2), problems((*PIECEWISE, "step"), 3))


@given(CASES, WEIGHTS)
def test_the_set_is_what_plain_evaluation_gives(problem: Any, weights: list[Fraction]) -> None:
    topology, rows, labels = problem
    given_task = task(topology, rows, labels)
    line = find_line(given_task, NO_DEADLINE)
    assert check(line_certificate(given_task, line).data).kind == "shared_weight"
    for w in (*weights, *line.samples, Fraction(0)):
        right = all(right_at(topology, row, label, w) for row, label in zip(rows, labels, strict=True))
        assert right == (line.cells[line.cell(w)] == RIGHT) == any(piece.contains(w) for piece in line.pieces)
    for number, found in enumerate(line.breaks):
        ends = (found.factor, line.samples[number], line.samples[number + 1])
        right = all(right_at_root(topology, row, label, *ends) for row, label in zip(rows, labels, strict=True))
        assert right == (line.cells[2 * number + 1] == RIGHT)


@given(CASES, st.tuples(st.fractions(-2, 2, max_denominator=9), st.fractions(0, 2, max_denominator=9)))
def test_every_weight_of_an_interval_or_not(problem: Any, ends: tuple[Fraction, Fraction]) -> None:
    topology, rows, labels = problem
    low, high = ends[0], ends[0] + ends[1]
    given_task = task(topology, rows, labels)
    line = find_line(given_task, NO_DEADLINE)
    certificate = line_certificate(given_task, line, (low, high))
    said = check(certificate.data).says
    assert ("so not for every" in said) == (not line.every(low, high))
    inside = [low, high, *(x for x in line.samples if low < x < high)]
    right = [right_at(topology, row, label, w) for w in inside for row, label in zip(rows, labels, strict=True)]
    assert all(right) or not line.every(low, high)
    if not line.every(low, high):
        _, row = line.failure(low, high)
        assert 0 <= row < len(rows)
