"""Certificates as Coq text over Z: read back as what they claim, refused when anything differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.checker import CertificateError, check
from proofs.kernels.facts import facts
from proofs.kernels.finite import formal, same
from proofs.kernels.formal import Unsupported
from proofs.kernels.reading import Unreadable
from proofs.kernels.tables import written_out
from proofs.kernels.twins import certificate_twins
from tests.kernels.certificates import ALL, AND, PACKED, SMALLEST, TOPOLOGIES, XOR, corruptions

_NUMBERS = st.fractions(-5, 5, max_denominator=4).map(str)


def theorems(data: Mapping[str, Any]) -> list[str]:
    return [f"Theorem holds : {stated.proposition}." for stated in formal(data)]


@pytest.mark.parametrize("data", ALL, ids=lambda data: str(data["kind"]))
def test_a_certificate_is_accepted_and_read_back(data: Mapping[str, Any]) -> None:
    check(dict(data))
    for theorem in theorems(data):
        same(theorem, data)


@given(st.lists(st.tuples(_NUMBERS, _NUMBERS, st.integers(0, 1)), min_size=1, max_size=5), _NUMBERS, _NUMBERS, _NUMBERS)
def test_any_table_and_unit_is_read_back(rows: list[tuple[str, str, int]], w: str, v: str, b: str) -> None:
    table = {"points": [[x, y] for x, y, _ in rows], "labels": [label for *_, label in rows]}
    data = {"gradproof": 1, "kind": "separator", **table, "weights": [w, v], "bias": b}
    for theorem in theorems(data):
        same(theorem, data)
        with pytest.raises(Unreadable):
            same(theorem, {**data, "bias": f"{b}1" if "/" not in b and b != "0" else "17"})


@pytest.mark.parametrize("data", ALL, ids=lambda data: str(data["kind"]))
def test_the_twins_are_false_and_say_something_else(data: Mapping[str, Any]) -> None:
    twins = [*certificate_twins(data)]
    assert twins
    for twin in twins:
        with pytest.raises(CertificateError):
            check(dict(twin))
    assert any(theorems(twin)[0] != theorems(data)[0] for twin in twins)


def test_nothing_is_to_be_shown_for_size_zero() -> None:
    data = {**SMALLEST, "labels": [1, 1, 1, 1], "weights": [0, 0], "bias": 0, "tree": 5}
    check(data)
    assert "(Leaf [])" in formal(data)[0].proof


def test_topologies_that_are_too_large_make_no_facts() -> None:
    three = {**TOPOLOGIES, "inputs": 3, "topologies": [{"units": [[]], "free": ["1" * 8], "shared": ["1" * 8]}]}
    check({**three, "reading": []})
    assert [*facts("three", three)] == []
    assert len([*facts("two", TOPOLOGIES)]) == 64


def test_the_checker_rejects_a_thousand_corruptions() -> None:
    for data in corruptions(1000):
        with pytest.raises(CertificateError):
            check(dict(data))


def test_a_packed_table_is_written_out() -> None:
    check(PACKED)
    plain = written_out(PACKED)
    assert plain["points"] == [["0", "1"], ["0", "0"], ["1", "1"], ["1", "0"]]
    assert (plain["labels"], plain["multipliers"]) == ([1, 0, 0, 1], [1, 1, 1, 1])
    check(dict(plain))
    assert formal(plain)
    assert written_out(XOR) is XOR


def test_what_is_not_exported_is_named() -> None:
    with pytest.raises(Unsupported, match="kind rounding"):
        formal({"kind": "rounding", "size": 1, "printed": []})
    with pytest.raises(Unsupported, match="20,000"):
        formal({**XOR, "points": [[0] * 201] * 100})
    with pytest.raises(Unreadable):
        same(theorems(XOR)[0], AND)
