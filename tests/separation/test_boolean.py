"""Boolean functions: what is read, what is decided, and that the checker agrees with both."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.checker import Rejected, check
from proofs.separation import SeparationError, TruthTable
from proofs.separation.boolean import (
    FourPoints,
    ThresholdDecision,
    at_least,
    chow_parameters,
    comparator,
    decide_every,
    decide_threshold,
    deciding,
    four_points,
    majority,
    parity,
    settle_threshold,
    truth_table,
)
from proofs.separation.boolean.expressions import expression_table

NAMES = ("a", "b", "c", "d")
TREES: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from((*NAMES, 0, 1)),
    lambda inner: st.tuples(st.just("~"), inner) | st.tuples(st.sampled_from("&|^"), inner, inner),
    max_leaves=12,
)


def written(tree: Any) -> str:
    """With parentheses around everything that has an operator."""
    match tree:
        case ("~", inner):
            return f"~{written(inner)}"
        case (operator, left, right):
            return f"({written(left)} {operator} {written(right)})"
    return str(tree)


def value(tree: Any, inputs: dict[str, int]) -> int:
    match tree:
        case ("~", inner):
            return 1 - value(inner, inputs)
        case ("&", left, right):
            return value(left, inputs) & value(right, inputs)
        case ("|", left, right):
            return value(left, inputs) | value(right, inputs)
        case ("^", left, right):
            return value(left, inputs) ^ value(right, inputs)
        case int():
            return tree
    return inputs[tree]


def tables(least: int = 1, most: int = 5) -> st.SearchStrategy[TruthTable]:
    sizes = st.integers(least, most)
    return sizes.flatmap(lambda n: st.lists(st.integers(0, 1), min_size=2**n, max_size=2**n)).map(
        lambda values: TruthTable(tuple(values))
    )


@st.composite
def threshold_tables(draw: st.DrawFn) -> TruthTable:
    inputs = draw(st.integers(1, 8))
    weights = draw(st.lists(st.integers(-20, 20), min_size=inputs, max_size=inputs))
    bias = draw(st.integers(-60, 60))
    rows = product((0, 1), repeat=inputs)
    return TruthTable(tuple(int(sum(w * x for w, x in zip(weights, row, strict=True)) >= bias) for row in rows))


@given(TREES)
def test_an_expression_has_the_values_it_says(tree: Any) -> None:
    found = expression_table(written(tree), NAMES)
    rows = product((0, 1), repeat=len(NAMES))
    assert found.values == tuple(value(tree, dict(zip(NAMES, row, strict=True))) for row in rows)


@pytest.mark.parametrize(
    ("source", "digits"),
    [
        ("0110", "0110"),
        ([0, 1, 1, 0], "0110"),
        ((False, True, True, False), "0110"),
        ("a ^ b", "0110"),
        ("a | b & ~c", "00101111"),
        ("!(x10 & x2)", "1110"),
        ("x2 & ~x10", "0010"),
        ("a | 1", "11"),
        ("2-of-3", "00010111"),
        ("majority 3", "00010111"),
        ("parity(2)", "0110"),
        ("comparator 1", "1011"),
        (TruthTable((0, 1)), "01"),
    ],
)
def test_what_people_write_is_read(source: Any, digits: str) -> None:
    assert str(truth_table(source)) == digits


def test_a_number_is_its_binary_digits() -> None:
    assert str(truth_table(6, 2)) == "0110"
    assert str(truth_table(1, 3)) == "00000001"


@pytest.mark.parametrize(
    ("source", "inputs", "message"),
    [
        ("a &", None, "at character 4, .* got the end"),
        ("a b", None, "at character 3"),
        ("(a", None, "got the end"),
        ("a $ b", None, "at character 2"),
        ("__import__('os')", None, "expected names"),
        ("~" * 200 + "a", None, "100 levels"),
        ("a" * 20_000, None, "10000 characters"),
        (" & ".join(f"x{k}" for k in range(17)), None, "1 to 16 different variables"),
        ("1", None, "2, 4, 8"),
        ("0 | 1", None, "variables"),
        ("majority 17", None, "1 to 16"),
        ("7-of-5", None, "0 to 6"),
        ("011", None, "got 3"),
        ([0, 2], None, "values 0 and 1"),
        (6, None, "needs 1 to 16"),
        (16, 2, "truth table"),
        ("0110", 3, "has 2"),
        (None, None, "expected values"),
        (1.5, None, "expected values"),
    ],
)
def test_what_cannot_be_read_is_refused(source: Any, inputs: int | None, message: str) -> None:
    with pytest.raises(SeparationError, match=message):
        truth_table(source, inputs)


@given(st.text(alphabet="ab01()&|^~! $_", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = truth_table(text)
    except SeparationError:
        return
    assert len(found.values) == 2**found.inputs


@given(tables())
def test_the_checker_accepts_what_is_decided(table: TruthTable) -> None:
    found = decide_threshold(table)
    assert check(found.certificate.data).kind == ("separator" if found.threshold else "farkas")
    assert found.threshold == (four_points(table) is None)
    assert (found.witness is not None) == (not found.threshold)
    if found.witness is not None:
        assert found.witness.holds(table)


@given(threshold_tables())
def test_threshold_functions_get_weights(table: TruthTable) -> None:
    assert settle_threshold(table).status.value == "PROVED"


@given(st.integers(2, 9), st.data())
def test_a_function_changed_at_one_input_is_decided_again(inputs: int, data: st.DataObject) -> None:
    values = list(majority(inputs).values)
    values[data.draw(st.integers(0, len(values) - 1))] ^= 1
    assert settle_threshold(values).status.value in ("PROVED", "REFUTED")


@pytest.mark.parametrize("inputs", range(2, 11))
def test_parity_has_four_points(inputs: int) -> None:
    verdict = settle_threshold(parity(inputs))
    assert verdict.status.value == "REFUTED"
    assert "no threshold function" in verdict.reason


def test_families_have_their_weights() -> None:
    assert decide_threshold(majority(5)) == ThresholdDecision(majority(5), (1, 1, 1, 1, 1), -3)
    assert decide_threshold(comparator(3)).weights == (4, 2, 1, -4, -2, -1)
    assert decide_threshold(at_least(0, 3)).weights == (0, 0, 0)
    assert chow_parameters(majority(3)) == (0, 4, 4, 4)
    with pytest.raises(SeparationError, match="1 to 16"):
        comparator(9)


@given(tables(2, 4))
def test_four_points_are_those_of_a_search(table: TruthTable) -> None:
    sums: list[set[tuple[int, ...]]] = [set(), set()]
    for row, other in product(range(len(table.values)), repeat=2):
        if table.values[row] == table.values[other]:
            total = tuple(map(sum, zip(table.points[row], table.points[other], strict=True)))
            sums[table.values[row]].add(total)
    assert (four_points(table) is None) == (not sums[0] & sums[1])


def test_four_points_that_do_not_refute_are_seen() -> None:
    xor = TruthTable.parse("0110")
    right = FourPoints(((0, 1), (1, 0)), ((0, 0), (1, 1)))
    assert right.holds(xor)
    assert not right.holds(TruthTable.parse("1001"))
    assert not FourPoints(((0, 1), (0, 1)), ((0, 0), (1, 1))).holds(xor)


@pytest.mark.parametrize(("inputs", "threshold"), [(2, 14), (3, 104), (4, 1882)])
def test_every_function_at_once(inputs: int, threshold: int) -> None:
    found = decide_every(inputs)
    assert found.threshold.sum() == threshold
    for number in range(0, len(found.threshold), max(1, len(found.threshold) // 100)):
        assert decide_threshold(number, inputs).threshold == found.threshold[number]


@pytest.mark.parametrize("inputs", [2, 3, 4])
def test_chow_parameters_determine_a_threshold_function(inputs: int) -> None:
    size = 2**inputs
    values = 2 * (np.arange(2**size)[:, None] >> np.arange(size)[::-1] & 1) - 1
    signs = np.array([[1, *x] for x in product((-1, 1), repeat=inputs)])
    found, where, count = np.unique(values @ signs, axis=0, return_inverse=True, return_counts=True)
    where = where.ravel()  # in NumPy 2.0 a column
    alone = count[where] == 1
    assert alone[decide_every(inputs).threshold].all()
    assert not alone.all()
    assert tuple(found[where[6]]) == chow_parameters(truth_table(6, inputs))


def test_a_longer_refutation_is_lifted_and_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Regular functions that are not threshold begin at 8 inputs; there four points always do, so they are hidden."""
    table = regular_without_threshold()
    short = decide_threshold(table)
    assert short.witness is not None
    assert short.witness.holds(table)
    monkeypatch.setattr(deciding, "four_points", lambda _: None)
    longer = decide_threshold(table)
    assert longer.witness is None
    assert "no four points" in longer.explain()
    assert check(longer.certificate.data).kind == "farkas"
    row = next(row for row, multiplier in enumerate(longer.multipliers) if multiplier)
    changed = tuple(multiplier + (place == row) for place, multiplier in enumerate(longer.multipliers))
    with pytest.raises(Rejected):
        check(replace(longer, multipliers=changed).certificate.data)


def regular_without_threshold() -> TruthTable:
    """f(x) = F(1, x) for a regular self-dual F of 9 variables that the census refutes."""
    from tests.separation.test_census import refuted_leaf

    tree, leaf, _, _ = refuted_leaf(0)
    true = {tuple(x) for x in (tree.points * leaf[:, None]).tolist()}
    values = []
    for row in product((-1, 1), repeat=tree.variables - 1):
        sums = np.cumsum((1, *row))
        inside = (sums >= 0).all() or (1, *row) in true
        values.append(int(inside))
    return TruthTable(tuple(values))
