"""The exact simplex alone, without a guess to start from."""

import numpy as np
import pytest
from hypothesis import given, settings

from proofs.separation import EffortExceeded, exact
from proofs.separation.found import Deadline, Weights
from proofs.separation.simplex import decide
from proofs.separation.tables import read_table, scores
from tests.separation.adversarial import Case, cases
from tests.separation.data_strategies import Data, data_sets


@settings(max_examples=40)
@given(cases())
def test_it_finds_a_separator_or_multipliers(case: Case) -> None:
    points, labels = read_table(case[0]), np.array(case[1], dtype=bool)
    found = decide(points, labels)
    if isinstance(found, Weights):
        products = scores(points, found.weights, found.bias) * np.where(labels, 1, -1)
        assert (products > 0).all()
    else:
        signed = {row: m if labels[row] else -m for row, m in found.by_row.items()}
        assert min(found.by_row.values()) > 0
        assert sum(signed.values()) == 0
        for column in range(len(case[0][0])):
            assert sum(m * exact(case[0][row][column]) for row, m in signed.items()) == 0


def test_weights_beyond_a_double_are_found() -> None:
    """Rows e_k - e_(k-1) - ... - e_0 and their negatives: each weight exceeds the sum of those before it."""
    size = 40
    rows = [[int(c == k) - int(c < k) for c in range(size)] for k in range(size)]
    table = read_table([*rows, *([-x for x in row] for row in rows)])
    labels = np.arange(2 * size) < size
    found = decide(table, labels)
    assert isinstance(found, Weights)
    assert max(found.weights) >= 1 << size - 2


def test_a_deadline_ends_it() -> None:
    with pytest.raises(EffortExceeded):
        decide(read_table([[0], [1]]), np.array([True, False]), deadline=Deadline.after(-1))


@settings(max_examples=20)
@given(data_sets())
def test_cvc5_agrees(data: Data) -> None:
    cvc5 = pytest.importorskip("cvc5.pythonic")
    solver, points = cvc5.Solver(), data[0]
    *weights, bias = cvc5.Reals(" ".join(f"w{c}" for c in range(len(points[0]) + 1)))
    for row, label in zip(*data, strict=True):
        score = sum((int(x) * w for x, w in zip(row, weights, strict=True)), bias)
        solver.add(score >= 0 if label else score < 0)
    found = decide(read_table(points), np.array(data[1], dtype=bool))
    assert (solver.check() == cvc5.sat) == isinstance(found, Weights)
