"""Tables are read exactly, whatever they come in, and what cannot be read is named by row and column."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

from proofs.separation import SeparationError, exact
from proofs.separation.tables import Column, joined, read_column, read_table, scores

DOUBLES = st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.one_of(
    st.integers(-(10**30), 10**30).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=-(10**9), max_value=10**9).map(str),
    st.fractions(max_denominator=10**6).map(str),
    st.sampled_from([".5", "5.", "-.25", "+7", "1e-3", "-0", " 2 ", "00012", "1E2"]),
)


def entries(column: Column) -> list[Fraction]:
    return [column.value(row) for row in range(len(column.digits))]


@given(hnp.arrays(np.float64, st.integers(1, 12), elements=DOUBLES))
def test_doubles_are_read_as_what_they_are(values: Any) -> None:
    assert entries(read_column(values, "x")) == [Fraction(float(value)) for value in values]


@given(st.sampled_from(["e", "f", "g"]), st.lists(st.floats(-(2.0**15), 2.0**15, width=16), min_size=1, max_size=8))
def test_floats_of_other_widths_are_exact(kind: str, values: list[float]) -> None:
    array = np.array(values, dtype=kind) / np.array(3, dtype=kind)
    assert entries(read_column(array, "x")) == [Fraction(*value.as_integer_ratio()) for value in array]


@given(hnp.integer_dtypes() | hnp.unsigned_integer_dtypes() | hnp.boolean_dtypes(), st.data())
def test_integers_of_every_width_are_exact(dtype: Any, data: st.DataObject) -> None:
    values = data.draw(hnp.arrays(dtype, st.integers(1, 8)))
    assert entries(read_column(values, "x")) == [int(value) for value in values]


@given(st.lists(TEXTS, min_size=1, max_size=8))
def test_text_is_read_as_written(values: list[str]) -> None:
    assert entries(read_column(values, "x")) == [exact(value) for value in values]


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_a_column_read_in_pieces_is_the_same(pieces: list[list[str]]) -> None:
    whole = joined([read_column(piece, "x") for piece in pieces])
    assert entries(whole) == [exact(value) for piece in pieces for value in piece]


@given(
    st.lists(st.lists(st.integers(-(10**20), 10**20), min_size=2, max_size=2), min_size=1, max_size=5),
    st.lists(st.integers(-(10**25), 10**25), min_size=3, max_size=3),
)
def test_scores_are_exact(rows: list[list[int]], unit: list[int]) -> None:
    table = read_table(rows)
    lows = [int(column.offset) for column in table.columns]
    expected = [unit[2] + sum(w * (x - low) for w, x, low in zip(unit, row, lows, strict=False)) for row in rows]
    assert scores(table, unit[:2], unit[2]).tolist() == expected


def test_every_kind_of_number_in_one_table() -> None:
    table = read_table([[1, 0.5, "0.1", Fraction(1, 3)], [True, np.float32(0.1), Decimal("0.3"), np.int8(-4)]])
    assert table.point(0) == (1, Fraction(1, 2), Fraction(1, 10), Fraction(1, 3))
    assert table.point(1) == (1, Fraction(float(np.float32(0.1))), Fraction(3, 10), -4)
    assert table.reading.startswith("floats read as the doubles they are; text, decimals and fractions read exactly")


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames_keep_their_names(library: str) -> None:
    frame = pytest.importorskip(library).DataFrame({"a": [1, 2], "b": [0.5, 0.25], "c": ["x", "y"]})
    table = read_table(frame, ["b", "a"])
    assert table.names == ("b", "a")
    assert table.point(1) == (Fraction(1, 4), 2)
    with pytest.raises(SeparationError, match="row 0, column c: expected a finite decimal"):
        read_table(frame)
    with pytest.raises(SeparationError, match="columns: expected some of a, b, c, got 'd'"):
        read_table(frame, ["d"])
    if library == "pandas":
        frame.columns = ["a", "a", "c"]
        with pytest.raises(SeparationError, match="columns: expected different names, got a, a, c"):
            read_table(frame)


def test_matrices_of_other_libraries() -> None:
    plain = np.array([[0, 2], [3, 0]])
    for made in (sparse.csr_array(plain), sparse.coo_matrix(plain), plain.view(np.matrix)):
        assert read_table(made).point(1) == (3, 0)


def test_missing_values_of_frames_are_named() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": pandas.array([1, None], dtype="Int64"), "b": [1.0, None]})
    for name in ("a", "b"):
        with pytest.raises(SeparationError, match=f"row 1, column {name}: expected a (finite )?number"):
            read_table(frame, [name])


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([], "at least one row"),
        ([[]], "at least one feature"),
        (np.zeros((0, 3)), "at least one row"),
        (np.zeros((3, 0)), "at least one feature"),
        (np.zeros(3), "got 1 axes of shape"),
        ([[1, 2], [3]], "row 1: expected 2 numbers as in row 0, got 1"),
        ([[1, 2], 3], "row 1: expected a list of numbers"),
        ("ab", "expected rows of numbers"),
        (7, "expected rows of numbers"),
        ([[1.0], [float("nan")]], "row 1, column x0: expected a finite number, got nan"),
        (np.array([[1.0, -np.inf]]), "row 0, column x1: expected a finite number, got -inf"),
        (np.array([[np.longdouble("inf")]]), "row 0, column x0: expected a finite number"),
        ([[1, "two"]], "row 0, column x1: expected a finite decimal or fraction, got 'two'"),
        ([[1], [None]], "row 1, column x0: expected a number, got a missing value"),
        (np.ma.masked_equal([[1], [2]], 2), "row 1, column x0: expected a number, got a missing value"),
        (np.array([[1j]]), "column x0: expected real numbers, got the type complex128"),
        (np.array([["2020-01-01"]], dtype="datetime64"), "column x0: expected real numbers"),
        ([[object()]], "row 0, column x0: expected a number"),
        ([["1" * 500]], "row 0, column x0: expected at most 400 digits"),
        ([["1_000"]], "row 0, column x0: expected a finite decimal"),
    ],
)
def test_what_cannot_be_read_is_named(points: Any, message: str) -> None:
    with pytest.raises(SeparationError, match=message):
        read_table(points)


def test_names_must_be_as_many_as_columns() -> None:
    with pytest.raises(SeparationError, match="columns: expected 2 names, one for each feature, got 1"):
        read_table([[1, 2]], ["a"])
