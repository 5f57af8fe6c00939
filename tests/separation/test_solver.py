from fractions import Fraction

import pytest
import z3
from hypothesis import example, given, settings

from proofs.separation import (
    EffortExceeded,
    Refutation,
    SeparationError,
    Separator,
    TruthTable,
    farkas_certificate,
    farkas_multipliers,
    separate,
    separator,
    separator_certificate,
)
from proofs.separation.solver import coprime, satisfiable
from tests.separation.data_strategies import Data, data_sets, largest_margin
from tests.separation.rechecking import holds


@settings(max_examples=25)
@given(data_sets())
@example(([[0], [0]], [0, 1]))
@example(([[1, 1], [1, 1]], [1, 1]))
def test_exactly_one_of_separator_and_multipliers_exists(data: Data) -> None:
    found, multipliers = separator(*data), farkas_multipliers(*data)
    assert (found is None) != (multipliers is None)
    if found is not None:
        assert holds(dict(separator_certificate(*data, found).data))
    if multipliers is not None:
        assert holds(dict(farkas_certificate(*data, multipliers).data))


@settings(max_examples=25)
@given(data_sets())
def test_separate_agrees_with_linear_programming(data: Data) -> None:
    assert isinstance(separate(*data), Separator) == (largest_margin(*data) > 1e-7)


@settings(max_examples=25)
@given(data_sets())
def test_exchanging_the_labels_changes_nothing(data: Data) -> None:
    points, labels = data
    assert type(separate(points, [1 - label for label in labels])) is type(separate(points, labels))


@settings(max_examples=25)
@given(data_sets())
def test_no_row_lies_on_the_separator(data: Data) -> None:
    found = separator(*data)
    assert found is None or all(found.score([Fraction(x) for x in point]) for point in data[0])


@pytest.mark.parametrize("label", [0, 1])
def test_one_class_alone_is_separable(label: int) -> None:
    assert isinstance(separate([[3, 4], [3, 4], [-1, 0]], [label] * 3), Separator)


def test_opposite_labels_on_one_point_refute_with_two_rows() -> None:
    assert separate([["0.5", 7], ["1/2", 7]], [0, 1]) == Refutation((Fraction(1), Fraction(1)))


def test_xor_multipliers() -> None:
    table = TruthTable.parse("0110")
    assert separate(table.points, table.labels) == Refutation((Fraction(1),) * 4)


def test_answers_do_not_depend_on_what_was_solved_before() -> None:
    table = TruthTable.parse("00010111")
    first = separate(table.points, table.labels)
    for text in ("0110", "01101001"):
        other = TruthTable.parse(text)
        separate(other.points, other.labels)
    assert separate(table.points, table.labels) == first


def test_tiny_margins_and_overlaps_are_told_apart() -> None:
    tiny = Fraction(1, 10**30)
    assert isinstance(separate([[0], [tiny], [1], [1 + tiny]], [0, 1, 1, 1]), Separator)
    assert isinstance(separate([[0], [1], [1 - tiny], [2]], [0, 0, 1, 1]), Refutation)


def test_a_limit_on_effort_is_said_and_not_taken_for_an_answer() -> None:
    table = TruthTable.parse("0110100110010110")
    with pytest.raises(EffortExceeded, match="Z3 gave up"):
        separate(table.points, table.labels, effort=1)


def test_empty_data_are_refused() -> None:
    with pytest.raises(SeparationError, match="at least one row"):
        separate([], [])


def test_more_rows_than_z3_is_given_are_said_at_once() -> None:
    with pytest.raises(EffortExceeded, match="201000 coefficients"):
        separate([[1] * 200] * 1000, [0, 1] * 500)


def test_weights_longer_than_a_certificate_may_hold_are_said() -> None:
    primes = [10**397 + 3, 10**396 + 7, 10**395 + 9, 10**394 + 13]
    rows = [[Fraction(k + 1, p), Fraction(k + 2, p + 2)] for k, p in enumerate(primes)]
    with pytest.raises(EffortExceeded):
        coprime([value for row in rows for value in row])


def test_an_interrupt_that_z3_swallows_is_raised_again() -> None:
    class Interrupted:
        ctx = z3.main_ctx()

        def check(self) -> object:
            return z3.unknown

        def reason_unknown(self) -> str:
            return "interrupted from keyboard"

    with pytest.raises(KeyboardInterrupt):
        satisfiable(Interrupted())
