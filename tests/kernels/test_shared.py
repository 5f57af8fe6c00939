"""Certificates about a shared weight as Coq text: what is exported, what is not, and that another one is noticed."""

from __future__ import annotations

from typing import Any

import pytest

from proofs.checker import check
from proofs.kernels.finite import formal, refuse_unknown, same
from proofs.kernels.formal import Unsupported
from proofs.kernels.reading import Unreadable
from tests.kernels.certificates import OR_ABOVE, OR_ACROSS, OR_AT_ZERO, OR_NODES, table

SQUARES = {
    "inputs": 1,
    "nodes": [["linear", [0]], ["square", [2]], ["inverse", [2]], ["linear", [0, 3, 4]]],
    "outputs": [5],
}


def words(data: dict[str, Any]) -> list[str]:
    return [stated.proposition.split()[0].removeprefix("(") for stated in formal(data)]


def test_the_set_and_the_interval_are_stated() -> None:
    assert words(OR_ABOVE) == ["exactlyR", "everywhereR"]
    assert words(OR_ACROSS) == ["exactlyR", "somewhere_wrongR"]
    assert words(OR_AT_ZERO) == ["somewhere_wrongR"]
    assert formal(OR_ABOVE)[0].proposition.endswith("(0, 1) true false true)")
    for data in (OR_ABOVE, OR_ACROSS, OR_AT_ZERO):
        refuse_unknown(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({**OR_ABOVE, "topology": {**OR_NODES, "nodes": [["tanh", [1, 2]], ["step", [3]]]}}, "activations linear"),
        ({**OR_ABOVE, "topology": {**OR_NODES, "outputs": [3, 4]}}, "one output"),
        ({**OR_ABOVE, "cells": [-1, 1, -1, 1, -1]}, "more than one break point"),
        ({**OR_ABOVE, "factors": [[-2, 0, 1]], "samples": [1, 2]}, "not rational"),
        ({**OR_AT_ZERO, "cuts": [0, 1]}, "each cell is a point"),
        ({**OR_ABOVE, "points": [["1/2", 0], [0, 1], [1, 0], [1, 1]]}, "exported for integers"),
    ],
)
def test_what_is_not_exported_is_named(data: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unsupported, match=reason):
        formal(data)


def test_signs_that_the_coefficients_do_not_tell_are_not_exported() -> None:
    """The output is w (1 - w^2 + w^4), which has mixed coefficients and no root but 0."""
    data = {**table("11"), "kind": "shared_weight", "topology": SQUARES, "factors": [[0, 1], [1, 0, -1, 0, 1]]}
    data |= {"samples": [-1, 1], "cells": [0, 0, -1]}
    check(data)
    assert words(data) == ["exactlyR"]
    with pytest.raises(Unsupported, match="signs of the coefficients"):
        refuse_unknown(data)


@pytest.mark.parametrize(
    "changed",
    [
        {"labels": [0, 1, 1, 0]},
        {"cells": [1, 1, -1]},
        {"interval": ["1/10", 3]},
        {"topology": {**OR_NODES, "nodes": [["relu", [1, 2]], ["step", [3]]]}},
        {"topology": {**OR_NODES, "nodes": [["linear", [1]], ["step", [3]]]}},
        {"topology": {**OR_NODES, "outputs": [3]}},
        {"factors": [[1, 1]], "samples": [-3, 1]},
    ],
)
def test_another_certificate_is_noticed(changed: dict[str, Any]) -> None:
    theorems = [f"Theorem holds : {stated.proposition}." for stated in formal(OR_ABOVE)]
    for theorem in theorems:
        same(theorem, OR_ABOVE)
    assert not all(says(theorem, {**OR_ABOVE, **changed}) for theorem in theorems)


def says(theorem: str, data: dict[str, Any]) -> bool:
    try:
        same(theorem, data)
    except Unreadable:
        return False
    return True
