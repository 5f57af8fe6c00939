from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.separation import SeparationError, TruthTable, data_set, exact, show

FINITE = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e100, max_value=1e100).filter(
    lambda x: x == 0 or abs(x) > 1e-100
)


@given(st.fractions())
def test_fractions_survive_as_text(value: Fraction) -> None:
    assert exact(str(value)) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6))
def test_decimals_are_read_as_written(value: Decimal) -> None:
    assert exact(value) == exact(str(value)) == Fraction(value)


@given(FINITE)
def test_floats_are_read_as_the_double(value: float) -> None:
    assert exact(value) == Fraction(*value.as_integer_ratio())


def test_text_and_double_of_one_tenth_differ() -> None:
    assert exact("0.1") == Fraction(1, 10) != exact(0.1)


@pytest.mark.parametrize(
    "value",
    [
        *(float("nan"), float("inf"), Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), Decimal("1e999999")),
        *("nan", "inf", "", " ", "1/0", "0x10", "1_000", "1e9999", "١", "1/2/3", "1 2", "__import__('os')"),
        *("9" * 5000, 10**500, True, None, [1], 1j),
    ],
)
def test_other_values_are_refused(value: object) -> None:
    with pytest.raises(SeparationError, match=r"weight 3: expected"):
        exact(value, "weight 3")  # type: ignore[arg-type]


@given(st.fractions(max_denominator=10**7))
def test_shown_numbers_read_back(value: Fraction) -> None:
    assert exact(show(value)) == value


@pytest.mark.parametrize(("value", "text"), [("-0.6", "-0.6"), ("2", "2"), ("1/3", "1/3"), ("0.05", "0.05")])
def test_numbers_are_shown_as_people_write_them(value: str, text: str) -> None:
    assert show(exact(value)) == text


@pytest.mark.parametrize(
    ("points", "labels", "message"),
    [
        ([], [], "at least one row"),
        ([[]], [0], "row 0: expected at least one feature"),
        ([[0, 1], [1]], [0, 1], "row 1: expected 2 numbers"),
        ([[0], [1]], [0], "labels: expected 2"),
        ([[0], [1]], [0, 2], "row 1: expected the label 0 or 1, got 2"),
        ([[0], [1]], [0, True], "row 1: expected the label 0 or 1, got True"),
        ([[0], ["x"]], [0, 1], "row 1, column 0: expected a finite decimal"),
        (["01"], [0], "row 0: expected a list of numbers"),
        ([5], [0], "row 0: expected a list of numbers"),
    ],
)
def test_bad_data_name_the_row(points: list[list[int]], labels: list[int], message: str) -> None:
    with pytest.raises(SeparationError, match=message):
        data_set(points, labels)


@given(st.integers(1, 6).flatmap(lambda n: st.lists(st.integers(0, 1), min_size=2**n, max_size=2**n)))
def test_a_table_is_its_values_at_the_binary_digits(values: list[int]) -> None:
    table = TruthTable.parse("".join(map(str, values)))
    assert [int("".join(map(str, point)), 2) for point in table.points] == list(range(len(values)))
    assert table.labels == tuple(values)
    assert {len(point) for point in table.points} == {table.inputs}
    assert table.complement.complement == table


@pytest.mark.parametrize("text", ["", "0", "011", "01a0", "0 10", "0" * 2**17, "²³01"])
def test_other_tables_are_refused(text: str) -> None:
    with pytest.raises(SeparationError, match="truth table: expected"):
        TruthTable.parse(text)


def test_a_number_too_long_to_print_is_said_roughly() -> None:
    assert show(Fraction(-(10**5000), 3)) == "about -3.333333e+4999"
