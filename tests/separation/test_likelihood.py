"""Complete, quasi-complete, overlap: against a definition put into Z3, and textbook cases."""

from __future__ import annotations

from typing import Any

import pytest
import z3
from hypothesis import given

from proofs.checker import check
from proofs.separation import Separation, certify_separable
from tests.separation.data_strategies import Data, data_sets


def certified(points: Any, labels: Any) -> Separation:
    found = certify_separable(points, labels, positive=labels[0])
    assert isinstance(found, Separation)
    return found


def directions(points: Any, labels: Any, *, strict: bool, moving: int | None = None) -> bool:
    """Whether z.u >= 0 on all rows (with `strict` > 0) for some u that some row, or the coefficient `moving`, sees.

    A coefficient that only moves together with scores that never change is not counted.
    """
    solver, width = z3.Solver(), len(points[0])
    u = z3.Reals(" ".join(f"u{c}" for c in range(width + 1)))
    scores = [
        (1 if label == labels[0] else -1) * z3.Sum([a * b for a, b in zip(u, [*row, 1], strict=True)])
        for row, label in zip(points, labels, strict=True)
    ]
    solver.add(*(score > 0 if strict else score >= 0 for score in scores))
    solver.add(z3.Or(*(score > 0 for score in scores)))
    if moving is not None:
        solver.add(u[moving] != 0)
    return bool(solver.check() == z3.sat)


def fixed(points: Any, moving: int) -> bool:
    """Whether the rows' scores determine a coefficient at all."""
    solver, width = z3.Solver(), len(points[0])
    u = z3.Reals(" ".join(f"u{c}" for c in range(width + 1)))
    solver.add(*(z3.Sum([a * b for a, b in zip(u, [*row, 1], strict=True)]) == 0 for row in points), u[moving] != 0)
    return bool(solver.check() == z3.unsat)


@given(data_sets(most_rows=7, largest=2))
def test_the_kind_and_what_diverges_are_those_of_the_definition(data: Data) -> None:
    points, labels = data
    found = certified(points, labels).likelihood
    complete, some = directions(points, labels, strict=True), directions(points, labels, strict=False)
    assert found.kind == ("complete" if complete else "quasi-complete" if some else "overlap")
    names = [*(f"x{c}" for c in range(len(points[0]))), "intercept"]
    determined = [name for place, name in enumerate(names) if fixed(points, place)]
    assert set(found.undetermined) == set(names) - set(determined)
    moved = {name for place, name in enumerate(names) if directions(points, labels, strict=False, moving=place)}
    assert set(found.diverging) == moved & set(determined)
    scores = [
        (1 if label == labels[0] else -1) * sum(a * b for a, b in zip(found.direction, [*row, 1], strict=True))
        for row, label in zip(points, labels, strict=True)
        if found.direction
    ]
    assert [row for row, score in enumerate(scores) if score == 0] == [*found.touching] or found.kind == "overlap"
    assert min(scores, default=0) >= 0
    for certificate in found.certificates:
        assert check(certificate.data)


def test_a_textbook_case() -> None:
    """x = 3 has both labels, below it only 0, above it only 1."""
    found = certified([[1], [2], [3], [3], [4], [5]], [0, 0, 0, 1, 1, 1])
    assert (found.kind, found.likelihood.touching) == ("quasi-complete", (2, 3))
    assert found.diverging == {"x0": -1, "intercept": 1}  # the class of row 0 is the positive one
    assert certified([[1], [2], [3], [4]], [0, 1, 0, 1]).kind == "overlap"
    assert certified([[1], [2], [3], [4]], [0, 0, 1, 1]).kind == "complete"


def test_a_column_that_separates_by_itself_diverges_alone() -> None:
    """Albert and Anderson's quasi-complete case with a dummy: x1 = 1 only where the label is 1."""
    points = [[0, 0], [1, 0], [2, 0], [3, 0], [1, 1], [2, 1]]
    found = certified(points, [0, 1, 0, 1, 1, 1]).likelihood
    assert (found.kind, found.diverging) == ("quasi-complete", {"x1": -1})


@pytest.mark.parametrize("labels", [[1, 1, 1], ["a", "a", "b"]])
def test_collinear_columns_are_left_open(labels: list[Any]) -> None:
    found = certified([[0, 0, 5], [1, 2, 5], [2, 4, 5]], labels).likelihood
    assert found.undetermined == ("x0", "x1", "x2", "intercept")
    assert found.diverging == {}
