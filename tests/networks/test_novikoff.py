import csv
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.claim import Status
from proofs.networks import perceptron_bound, run
from proofs.separation import SeparationError, TruthTable, separator
from tests.separation.data_strategies import Data, data_sets

IRIS = Path(__file__).parents[2] / "examples" / "iris.csv"
AND, XOR = TruthTable.parse("0001"), TruthTable.parse("0110")


@given(data_sets(most_rows=6, largest=3), st.sampled_from((1, "1/3", 7)), st.randoms(use_true_random=False))
def test_no_run_has_more_updates_than_the_bound(data: Data, rate: Any, random: Any) -> None:
    bound = perceptron_bound(*data, positive=1 if 1 in data[1] else None)
    if bound.updates is None:
        assert bound.bound
        assert separator(*data) is None
        assert bound.run.status is not Status.PROVED
        return
    assert bound.bound
    assert bound.margin**2 <= bound.margin_squared
    assert bound.updates == bound.radius_squared // bound.margin_squared
    order = [*range(len(data[0])), *random.choices(range(len(data[0])), k=5)]
    random.shuffle(order)
    assert run(*data, order=order, rate=rate).updates <= bound.updates
    assert run(*data).updates <= bound.updates


@pytest.mark.parametrize(
    ("table", "updates", "squared"), [("0001", 51, "1/17"), ("0111", 27, "1/9"), ("01", 10, "1/5")]
)
def test_known_margins(table: str, updates: int, squared: str) -> None:
    rows = TruthTable.parse(table)
    bound = perceptron_bound(rows.points, rows.labels)
    assert (bound.updates, bound.margin_squared) == (updates, Fraction(squared))
    assert bound.run


def test_iris_setosa_takes_5_updates_of_at_most_223() -> None:
    with IRIS.open(newline="", encoding="utf-8") as file:
        *features, flowers = map(np.array, zip(*list(csv.reader(file))[1:], strict=True))
    rows = np.rint(10 * np.array(features, dtype=float).T).astype(int)
    bound = perceptron_bound(rows, flowers == "setosa")
    assert bound.updates == 223
    assert "after 5 updates" in bound.run.reason
    assert perceptron_bound(rows, flowers, positive="setosa").updates == 223
    with pytest.raises(SeparationError, match="at most two"):
        perceptron_bound(rows, flowers)


def test_on_rows_that_nothing_separates_no_run_stops() -> None:
    bound = perceptron_bound(XOR.points, XOR.labels)
    assert (bound.updates, bound.separator, bound.margin) == (None, None, 0)
    assert bound.bound
    assert bound.bound.certificate is not None
    assert bound.bound.certificate.kind == "farkas"
    assert bound.run.status is Status.REFUTED
    assert bound.run.certificate is not None
    assert bound.run.certificate.data["outcome"] == "cycles"
    short = perceptron_bound(XOR.points, XOR.labels, most_visits=3)
    assert short.run.certificate is not None
    assert (short.run.status, short.run.certificate.kind) == (Status.REFUTED, "farkas")


def test_little_effort_and_short_runs_are_undecided() -> None:
    bound = perceptron_bound(XOR.points, XOR.labels, effort=1, most_visits=3)
    assert [bound.bound.status, bound.run.status] == [Status.UNDECIDED, Status.UNDECIDED]
    assert perceptron_bound(AND.points, AND.labels, most_visits=3).run.status is Status.UNDECIDED


@pytest.mark.parametrize("scale", ["1e-300", "1e300", 10**350])
def test_margins_beyond_floating_point_are_still_bounded(scale: Any) -> None:
    factor = Fraction(scale)
    rows = [[factor * x for x in point] for point in AND.points]
    bound = perceptron_bound(rows, AND.labels, most_visits=100)
    assert bound.bound
    assert bound.updates is not None


def test_one_class_alone() -> None:
    assert perceptron_bound([[1], [2]], [1, 1]).run.reason.startswith("it reaches w = (0), b = 0 after 0 updates")
    zeros = perceptron_bound([[1], [2]], [0, 0])
    assert zeros.bound
    assert zeros.run
