from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs.claim import Status
from proofs.separation import SeparationError, Separator, TruthTable, separate, settle_separable, settle_separator
from tests.separation.data_strategies import Data, data_sets
from tests.separation.rechecking import holds

AND, OR, XOR = (TruthTable.parse(text) for text in ("0001", "0111", "0110"))


@settings(max_examples=25)
@given(data_sets(), st.booleans())
def test_separability_is_settled_either_way(data: Data, claimed: bool) -> None:
    verdict = settle_separable(*data, name="c", separable=claimed)
    separable = isinstance(separate(*data), Separator)
    assert verdict.status is (Status.PROVED if separable == claimed else Status.REFUTED)
    assert verdict.certificate is not None
    assert verdict.certificate.kind == ("separator" if separable else "farkas")
    assert holds(dict(verdict.certificate.data))


@settings(max_examples=25)
@given(data_sets(), st.lists(st.integers(-3, 3), min_size=4, max_size=4))
def test_a_given_separator_is_settled(data: Data, numbers: list[int]) -> None:
    points, labels = data
    weights, bias = numbers[: len(points[0])], numbers[3]
    right = all(
        (sum(w * x for w, x in zip(weights, point, strict=True)) + bias >= 0) == (label == 1)
        for point, label in zip(points, labels, strict=True)
    )
    verdict = settle_separator(points, labels, weights, bias, name="c")
    assert verdict.status is (Status.PROVED if right else Status.REFUTED)
    certificate: Any = verdict.certificate
    assert holds(dict(certificate.data if right else certificate.data["of"])) == right


@pytest.mark.parametrize(
    ("table", "weights", "bias"), [(AND, ["0.4", "0.4"], "-0.6"), (OR, ["1.0", "1.0"], "-0.1"), (OR, [1, 1], -1)]
)
def test_lines_of_the_problem_set(table: TruthTable, weights: list[Any], bias: Any) -> None:
    assert settle_separator(table.points, table.labels, weights, bias, name="c")


def test_a_wrong_line_names_the_row_and_its_score() -> None:
    verdict = settle_separator(AND.points, AND.labels, ["0.4", "0.4"], "-0.3", name="c")
    assert verdict.status is Status.REFUTED
    assert verdict.counterexample == "at row 1, x = (0, 1): w.x + b = 0.1"
    assert verdict.reason.endswith("so the output is 1, but the label is 0")


def test_a_point_on_the_line_counts_as_one() -> None:
    assert settle_separator([[1], [0]], [1, 0], [1], -1, name="c")
    assert settle_separator([[1], [0]], [0, 1], [-1], 1, name="c").status is Status.REFUTED


def test_too_little_time_is_undecided() -> None:
    verdict = settle_separable(XOR.points, XOR.labels, name="c", seconds=1e-9)
    assert verdict.status is Status.UNDECIDED
    assert "the time allowed is over" in verdict.reason


@pytest.mark.parametrize(("weights", "message"), [([1], "expected 2"), ([1, "nan"], "column 1"), ("11", "a list")])
def test_bad_weights_are_named(weights: Any, message: str) -> None:
    with pytest.raises(SeparationError, match=message):
        settle_separator(AND.points, AND.labels, weights, 0, name="c")
