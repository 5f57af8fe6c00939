"""Counterexamples: a point in the domain where the enclosures do not meet, and nothing else."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.checker import Accepted, Malformed, Refuted, Rejected, check
from tests.checker.certificates import SOFTMAX, certificate, elem, fn, minus, statement, verdict

X = elem("x")


def at(lhs: Any, rhs: Any, values: Any, *where: Any, **fields: Any) -> dict[str, Any]:
    """A counterexample at array values, then sizes and indices if there are any."""
    sizes, indices = where or ({}, {})
    said = statement(lhs, rhs, **fields)
    return certificate("counterexample", statement=said, sizes=sizes, indices=indices, values=values)


@given(st.fractions(-3, 3, max_denominator=9), st.fractions(-3, 3, max_denominator=9))
def test_a_rational_point_is_accepted_exactly_where_the_sides_differ(x: Fraction, c: Fraction) -> None:
    cert = at(["pow", X, 2], ["add", [["mul", [["num", str(c)], X]], ["num", "1/4"]]], {"x": [str(x)]})
    assert isinstance(verdict(cert), Accepted) == (x * x != c * x + Fraction(1, 4))


@pytest.mark.parametrize("power", [10, 40, 70, 150, 230])
def test_a_small_difference_is_seen(power: int) -> None:
    tiny = ["mul", [["pow", ["num", "1/10"], min(power, 60)], ["pow", ["num", "1/10000"], max(power - 60, 0) // 4]]]
    cert = at(fn("exp", X), ["add", [fn("exp", X), tiny]], {"x": [1]})
    assert check(cert).kind == "counterexample"


def test_patience_finds_a_difference_of_87_digits() -> None:
    tiny = fn("exp", ["add", [["num", -200], X]])
    assert check(at(["add", [["num", 1], tiny]], ["num", 1], {"x": [0]})).kind == "counterexample"


def test_a_root_of_0_is_0_but_has_no_derivative() -> None:
    root = fn("sqrt", ["pow", X, 2])
    assert check(at(root, ["num", 1], {"x": [0]})).kind == "counterexample"
    assert type(verdict(at(root, ["num", 0], {"x": [0]}))) is Rejected
    assert type(verdict(at(["diff", root, X], ["num", 1], {"x": [0]}))) is Rejected


def test_a_difference_beyond_the_precision_is_not_claimed() -> None:
    cert = at(fn("exp", X), ["add", [fn("exp", X), fn("exp", ["mul", [["num", -2000], X]])]], {"x": [1]})
    assert type(verdict(cert)) is Rejected


def test_the_diagonal_line_of_the_softmax_derivation_fails_at_0() -> None:
    whole = ["sum", "k", "n", fn("exp", elem("z", "k"))]
    wrong = ["mul", [fn("exp", elem("z", "i")), minus(["num", 1], fn("exp", elem("z", "j"))), ["pow", whole, -2]]]
    fields: dict[str, Any] = {"where": [["==", "i", "j"]]}
    lhs = ["diff", elem("s", "i"), elem("z", "j")]
    cert = at(lhs, wrong, {"z": [0, 0]}, {"n": 2}, {"i": 0, "j": 0}, **{**SOFTMAX, **fields})
    assert check(cert).says == "lhs and rhs differ at n = 2, i = 0, j = 0"
    assert type(verdict({**cert, "indices": {"i": 0, "j": 1}})) is Rejected
    assert isinstance(verdict({**cert, "indices": {"i": 0, "j": 2}}), Malformed)
    assert isinstance(verdict({**cert, "sizes": {"n": 1}}), Malformed)
    right = ["mul", [elem("s", "i"), minus(["delta", "i", "j"], elem("s", "j"))]]
    assert type(verdict(at(lhs, right, {"z": [0, 0]}, {"n": 2}, {"i": 0, "j": 0}, **{**SOFTMAX, **fields}))) is Rejected


@pytest.mark.parametrize(
    ("domain", "values", "inside"),
    [
        ("real", [0, -1], True),
        ("positive", [1, "1/2"], True),
        ("positive", [1, 0], False),
        ("positive", [1, -1], False),
        ("nonzero", [1, -1], True),
        ("nonzero", [1, 0], False),
        ("simplex", ["1/3", "2/3"], True),
        ("simplex", ["1/3", "1/3"], False),
        ("simplex", [2, -1], False),
        ("simplex", [1, 0], True),
        ("onehot", [1, 0], True),
        ("onehot", [1, 1], False),
        ("onehot", [0, 0], False),
        ("onehot", [2, -1], False),
        ("onehot", ["1/2", "1/2"], False),
    ],
)
def test_the_point_lies_in_the_domain(domain: str, values: Any, inside: bool) -> None:
    arrays = [["v", ["n"], domain]]
    cert = at(["size", "n"], ["num", 7], {"v": values}, {"n": 2}, {}, sizes={"n": 1}, arrays=arrays)
    assert isinstance(verdict(cert), Accepted if inside else Rejected)


@pytest.mark.parametrize(
    "change",
    [
        {"values": {}},
        {"values": {"x": []}},
        {"values": {"x": [1, 2]}},
        {"values": {"x": [1], "y": [1]}},
        {"values": {"x": [1.5]}},
        {"sizes": {"n": 1}},
        {"indices": {"i": 0}},
    ],
)
def test_a_point_that_does_not_fit_the_statement_is_malformed(change: Any) -> None:
    cert = at(X, ["num", 2], {"x": [1]})
    assert check(cert).kind == "counterexample"
    assert isinstance(verdict({**cert, **change}), Malformed)


@pytest.mark.parametrize("term", [fn("log", X), ["pow", X, -1], ["diff", fn("relu", X), X], ["diff", fn("abs", X), X]])
def test_where_a_side_is_not_defined_nothing_is_refuted(term: Any) -> None:
    answer = verdict(at(term, ["num", 5], {"x": [0]}))
    assert type(answer) is Rejected
    assert "not defined" in str(answer)


def test_a_counterexample_is_never_itself_refuted() -> None:
    assert not isinstance(verdict(at(X, X, {"x": [1]})), Refuted)
