"""Separators, Farkas refutations, perceptron runs and the census against independent recomputation."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.checker import Accepted, Malformed, Refuted, Rejected, check
from tests.checker.certificates import AND, EXAMPLES, PERCEPTRON, XOR, certificate, refuted, verdict

NUMBERS = st.fractions(min_value=-5, max_value=5, max_denominator=6)


def text(values: Any) -> Any:
    return [str(value) if isinstance(value, Fraction) else text(value) for value in values]


def vectors(size: int) -> st.SearchStrategy[list[Fraction]]:
    return st.lists(NUMBERS, min_size=size, max_size=size)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[Fraction]], list[int]]:
    width = draw(st.integers(1, 3))
    rows = draw(st.lists(vectors(width), min_size=1, max_size=6))
    return rows, draw(st.lists(st.integers(0, 1), min_size=len(rows), max_size=len(rows)))


def fires(weights: list[Fraction], bias: Fraction, row: list[Fraction]) -> bool:
    return sum((w * x for w, x in zip(weights, row, strict=True)), Fraction(0)) + bias >= 0


@pytest.mark.parametrize("data", EXAMPLES, ids=lambda data: str(data["kind"]))
def test_the_examples_are_accepted(data: Any) -> None:
    assert check(data).kind == data["kind"]


@given(tables(), st.data())
def test_a_separator_is_accepted_exactly_when_it_separates(table: Any, data: st.DataObject) -> None:
    rows, labels = table
    weights, bias = data.draw(vectors(len(rows[0]))), data.draw(NUMBERS)
    if data.draw(st.booleans()):
        labels = [int(fires(weights, bias, row)) for row in rows]
    separates = all(fires(weights, bias, row) == (label == 1) for row, label in zip(rows, labels, strict=True))
    cert = certificate("separator", points=text(rows), labels=labels, weights=text(weights), bias=str(bias))
    assert isinstance(verdict(cert), Accepted if separates else Refuted)
    assert isinstance(verdict(certificate("counterexample", of=cert)), Accepted) == (not separates)


@given(st.lists(st.lists(NUMBERS, min_size=2, max_size=2), min_size=1, max_size=3), st.booleans(), st.data())
def test_a_network_is_evaluated_unit_by_unit(units: Any, skip: bool, data: st.DataObject) -> None:
    rows = [[Fraction(a), Fraction(b)] for a, b in product((0, 1), repeat=2)]
    biases = data.draw(vectors(len(units)))
    output, bias = data.draw(vectors(len(units) + 2 * skip)), data.draw(NUMBERS)
    layers = [[Fraction(fires(u, b, row)) for u, b in zip(units, biases, strict=True)] for row in rows]
    labels = [int(fires(output, bias, hidden + row * skip)) for hidden, row in zip(layers, rows, strict=True)]
    hidden = [{"weights": text(u), "bias": str(b)} for u, b in zip(units, biases, strict=True)]
    cert = certificate(
        "separator", points=text(rows), labels=labels, weights=text(output), bias=str(bias), hidden=hidden, skip=skip
    )
    assert check(cert).kind == "separator"
    for row in range(4):
        wrong = {**cert, "labels": [label ^ (number == row) for number, label in enumerate(labels)]}
        assert refuted(wrong)


@given(tables(), st.data())
def test_multipliers_are_accepted_exactly_when_the_hulls_meet_there(table: Any, data: st.DataObject) -> None:
    rows, labels = table
    multipliers = data.draw(vectors(len(rows)))
    if data.draw(st.booleans()):  # the same point on both sides
        rows, labels = [*rows, rows[0], rows[0]], [*labels, 0, 1]
        multipliers = [*(Fraction(0) for _ in multipliers), Fraction(1, 3), Fraction(1, 3)]
    sides = [
        [sum((m * x for m, x, t in zip(multipliers, column, labels, strict=True) if t == side), Fraction(0))
         for column in zip(*([*row, Fraction(1)] for row in rows), strict=True)]
        for side in (0, 1)
    ]  # fmt: skip
    holds = min(multipliers) >= 0 and sides[0] == sides[1] and sides[0][-1] > 0
    cert = certificate("farkas", points=text(rows), labels=labels, multipliers=text(multipliers))
    assert type(verdict(cert)) is (Accepted if holds else Rejected)


@given(vectors(4))
def test_only_equal_multipliers_refute_xor(multipliers: list[Fraction]) -> None:
    equal = len(set(multipliers)) == 1 and multipliers[0] > 0
    assert isinstance(verdict(certificate("farkas", **XOR, multipliers=text(multipliers))), Accepted) == equal


def test_a_refutation_of_separable_data_does_not_exist() -> None:
    for multipliers in product(range(4), repeat=4):
        assert type(verdict(certificate("farkas", **AND, multipliers=list(multipliers)))) is Rejected


def test_wrong_multipliers_say_nothing_about_the_data() -> None:
    wrong = certificate("farkas", **XOR, multipliers=[1, 1, 1, 2])
    assert type(verdict(wrong)) is Rejected
    assert isinstance(verdict(certificate("counterexample", of=wrong)), Malformed)


def run(table: Any, rate: Fraction, sign: int, start: list[Fraction], order: list[int], visits: int) -> list[Any]:
    """The states of a perceptron run, written down from the rule once more."""
    states = [list(start)]
    for number in range(visits):
        *weights, bias = states[-1]
        row, label = table[0][order[number % len(order)]], table[1][order[number % len(order)]]
        change = rate * sign * (label - fires(weights, bias, row))
        states.append([w + change * x for w, x in zip(states[-1], [*row, 1], strict=True)])
    return states


@given(tables(), st.sampled_from((1, -1)), st.integers(0, 12), st.data())
def test_a_run_reaches_the_state_it_reaches_and_no_other(
    table: Any, sign: int, visits: int, data: st.DataObject
) -> None:
    rows, labels = table
    rate, start = data.draw(NUMBERS), data.draw(vectors(len(rows[0]) + 1))
    order = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=5))
    states = run(table, rate, sign, start, order, visits)
    cert = certificate(
        "perceptron", points=text(rows), labels=labels, rate=str(rate), sign=sign, start=text(start),
        outcome="reaches", order=order, visits=visits, final=text(states[-1]),
    )  # fmt: skip
    assert check(cert).kind == "perceptron"
    other = data.draw(vectors(len(start)))
    assert refuted({**cert, "final": text(other)}) == (other != states[-1])
    *weights, bias = states[-1]
    right = all(fires(weights, bias, row) == (label == 1) for row, label in zip(rows, labels, strict=True))
    settled = right and set(order) == set(range(len(rows)))
    assert isinstance(verdict({**cert, "outcome": "converges"}), Accepted if settled else Refuted)
    period = data.draw(st.integers(1, 4))
    back = visits - period * len(order)
    again = verdict({**cert, "outcome": "cycles", "period": period})
    if back < 0 or visits % len(order):
        assert isinstance(again, Malformed)
    else:
        loops = states[back] == states[-1] and any(state != states[-1] for state in states[back:])
        assert isinstance(again, Accepted if loops else Refuted)


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"sign": -1}, Refuted),
        ({"visits": 12}, Refuted),
        ({"final": [2, 1, -2]}, Refuted),
        ({"order": [1, 2, 3]}, Refuted),
        ({"order": [0, 1, 2, 4]}, Malformed),
        ({"order": []}, Malformed),
        ({"visits": 1_000_001}, Malformed),
        ({"start": [0, 0]}, Malformed),
        ({"final": [2, 1]}, Malformed),
        ({"outcome": "cycles", "period": 1}, Malformed),
        ({"outcome": "wins"}, Malformed),
    ],
)
def test_a_changed_run_is_not_accepted(change: Any, answer: type) -> None:
    assert isinstance(verdict({**PERCEPTRON, **change}), answer)


def test_states_that_an_update_leaves_are_refuted() -> None:
    stays = certificate("perceptron", points=[[1]], labels=[1], rate=1, sign=1, start=[0, -2], outcome="stays")
    assert check({**stays, "states": [[0, -2], [1, -1], [5, 5]]}).kind == "perceptron"
    assert refuted({**stays, "states": [[0, -2]]})
    assert refuted({**stays, "states": [[1, -1]]})
    assert refuted({**stays, "states": []})
    for change in ({"states": [[0, -2], [1, -1], [5]]}, {"start": [0]}, {"start": [0], "states": []}):
        assert isinstance(verdict({**stays, **change}), Malformed)
    half = {**stays, "rate": "1/2", "states": [[0, -2], ["1/2", "-3/2"], [1, -1], ["3/2", "-1/2"]]}
    assert "integer" in str(verdict(half))


def test_a_census_is_refuted_by_its_count_alone() -> None:
    census = EXAMPLES[-1]
    for table in census["functions"]:
        wrong = {**census["functions"], table: {"weights": [0], "bias": 0 if table != "11" else -1}}
        assert type(verdict({**census, "functions": wrong})) is Rejected
        assert isinstance(verdict(certificate("counterexample", of={**census, "functions": wrong})), Rejected)
    assert refuted({**census, "threshold": 3})
    network = {"weights": [1], "bias": 0, "hidden": [{"weights": [0], "bias": 0}]}
    assert isinstance(verdict({**census, "functions": {**census["functions"], "11": network}}), Malformed)
    three = {key: value for key, value in census["functions"].items() if key != "10"}
    assert isinstance(verdict({**census, "functions": three}), Malformed)
    assert isinstance(verdict({**census, "functions": {**three, "1": census["functions"]["10"]}}), Malformed)


def test_what_is_accepted_says_how_many_rows() -> None:
    assert "all 4 rows" in check(EXAMPLES[0]).says


def test_a_state_too_long_to_be_written_is_refuted_all_the_same() -> None:
    points = [[f"1/{10**900 + 2 * k + 1}"] for k in range(12)]
    rule = {"rate": 1, "sign": 1, "start": [0, 0], "outcome": "reaches", "order": [*range(12)]}
    run = certificate("perceptron", points=points, labels=[0, 1] * 6, **rule, visits=12, final=[0, 0])
    assert "a longer number" in str(verdict(run))
    assert refuted(run)


def test_a_wide_column_of_weight_0_is_no_trouble() -> None:
    columns = [{"digits": "00000000ffffffff", "scale": 1, "offset": 0}, {"digits": "0001", "scale": 1, "offset": 0}]
    packed = {"gradproof": 1, "kind": "separator", "columns": columns, "labels": "0100", "bias": 0}
    assert check({**packed, "weights": [0, -1]}).kind == "separator"
    with pytest.raises(Refuted):
        check({**packed, "weights": [0, 1]})


@st.composite
def packed_tables(draw: st.DrawFn) -> tuple[dict[str, Any], list[list[Fraction]], list[int]]:
    """A packed table, and its rows and labels written out."""
    rows = draw(st.integers(1, 5))
    labels = draw(st.lists(st.integers(0, 1), min_size=rows, max_size=rows))
    columns, entries = [], []
    for _ in range(draw(st.integers(1, 3))):
        wide = draw(st.integers(0, 3))
        digits = draw(st.lists(st.integers(0, 256**wide - 1), min_size=rows, max_size=rows))
        scale, offset = draw(NUMBERS), draw(NUMBERS)
        text = "".join(digit.to_bytes(wide, "big").hex() for digit in digits)
        columns.append({"digits": text, "scale": str(scale), "offset": str(offset)})
        entries.append([offset + scale * digit for digit in digits])
    return (
        {"columns": columns, "labels": bytes(labels).hex()},
        [list(row) for row in zip(*entries, strict=True)],
        labels,
    )


@given(packed_tables(), st.data())
def test_packed_tables_are_judged_as_the_plain_ones(table: Any, data: st.DataObject) -> None:
    packed, rows, labels = table
    weights, bias = data.draw(vectors(len(rows[0]))), data.draw(NUMBERS)
    if data.draw(st.booleans()):
        labels = [int(fires(weights, bias, row)) for row in rows]
        packed["labels"] = bytes(labels).hex()
    unit = {"weights": text(weights), "bias": str(bias)}
    plain = verdict(certificate("separator", points=text(rows), labels=labels, **unit))
    assert type(verdict(certificate("separator", **packed, **unit))) is type(plain)
    multipliers = data.draw(st.lists(st.integers(0, 70_000), min_size=len(rows), max_size=len(rows)))
    plain = verdict(certificate("farkas", points=text(rows), labels=labels, multipliers=multipliers))
    written = [m.to_bytes(3, "big").hex() for m in multipliers]
    cert = certificate("farkas", **packed, multipliers=written, rows=list(range(len(rows))))
    assert type(verdict(cert)) is type(plain)


def test_packed_refutations_are_found_among_random_ones() -> None:
    column = {"digits": "00010203", "scale": "-1/7", "offset": "22/3"}
    cert = certificate(
        "farkas", columns=[column], labels="00010100", rows=[4, 3, 2, 9], multipliers=["02", "03", "", "01"]
    )
    assert check(cert).kind == "farkas"
    assert type(verdict({**cert, "multipliers": ["02", "03", "01", "01"]})) is Rejected
    assert type(verdict({**cert, "multipliers": [""] * 4})) is Rejected
    for change in ({"rows": [4, 3, 2, 2]}, {"rows": [1, 2, 3]}, {"multipliers": ["02", "03"]}, {"labels": "00010200"}):
        assert isinstance(verdict({**cert, **change}), Malformed)
    for digits in ("0001020", "000102030", "00010203ff", "0001020G", " 00010203", "0x010203"):
        assert isinstance(verdict({**cert, "columns": [{**column, "digits": digits}]}), Malformed)
