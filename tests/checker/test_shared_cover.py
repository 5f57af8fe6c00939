"""The kind shared_cover: its enclosures against 300 bits, and certificates by hand, changed and hostile."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from proofs.checker import Accepted, Malformed, Rejected, check
from proofs.checker.reading import Reader
from proofs.checker.shared_cover import answer
from proofs.networks.shared import Topology
from tests.checker.certificates import SQUARES, XOR, XOR_ABOUT, certificate, changed, places, verdict
from tests.networks.shared.reference import ALL, certain, problems

CASES = st.one_of(problems(ALL), problems(ALL, 2), problems(("tanh", "sin", "gaussian", "abs", "relu", "step"), 3))
FRACTIONS = st.fractions(-3, 3, max_denominator=30)


@given(CASES, FRACTIONS, st.sampled_from((0, Fraction(1, 50), Fraction(1, 4), 1, 3)), st.fractions(0, 1))
def test_an_answer_on_an_interval_is_the_answer_inside(
    problem: Any, low: Fraction, length: Fraction, part: Fraction
) -> None:
    topology, rows, labels = problem
    data = topology.to_dict()
    for row, label in zip(rows, labels, strict=True):
        found = answer(data, [1, *row], label, low, low + length, Reader())
        for w in (low, low + length, low + part * length):
            known = certain(topology, row, label, w)
            assert found is None or known is None or found == known


@given(CASES, FRACTIONS)
def test_an_answer_at_a_point_is_mostly_known(problem: Any, w: Fraction) -> None:
    topology, rows, labels = problem
    for row, label in zip(rows, labels, strict=True):
        out = answer(topology.to_dict(), [1, *row], label, w, w, Reader())
        known = certain(topology, row, label, w)
        assert out is None or known is None or out == known
        if w == 0 and len(topology.outputs) == 1:
            assert out is not None


def test_xor_by_hand_is_accepted() -> None:
    assert check(XOR_ABOUT).says == (
        "at w = 0 some row is wrong; for every w in [0, 7/8] nothing is said; for every w in [7/8, 49/50] at least 4 "
        "of 4 rows are as labelled; for every w in [49/50, 2] nothing is said; at w = 2 some row is wrong"
    )


def test_the_mean_value_decides_what_values_alone_do_not() -> None:
    """tanh(2 w) > tanh(w) on [1/2, 4/5], though tanh(2 w) and tanh(w) have values in common there."""
    topology = Topology.of(1, [("tanh", [0, 1]), ("tanh", [1])], [2, 3])
    assert answer(topology.to_dict(), [1, 1], 0, Fraction(1, 3), Fraction(4, 5), Reader()) is True
    assert answer(topology.to_dict(), [1, 1], 1, Fraction(1, 3), Fraction(4, 5), Reader()) is False
    assert answer(topology.to_dict(), [1, 1], 1, Fraction(-1, 3), Fraction(4, 5), Reader()) is None


@pytest.mark.parametrize("activation", ALL)
def test_at_weight_0_every_node_has_one_exact_value(activation: str) -> None:
    topology = Topology.of(1, [(activation, [0, 1]), ("linear", [2]), (activation, [])], [4, 3])
    one = Topology.of(1, [(activation, [0, 1])], [2])
    value = {"gaussian": 1, "cos": 1, "sigmoid": 1}.get(activation, 0)
    assert answer(one.to_dict(), [1, Fraction(1, 3)], 1, 0, 0, Reader()) is bool(value)
    assert answer(topology.to_dict(), [1, Fraction(1, 3)], 0, 0, 0, Reader()) is bool(value)


def truth(data: dict[str, Any]) -> bool:
    """Whether no cell is wrong at its ends and at a point inside."""
    read = data["topology"]
    topology = Topology.of(read["inputs"], read["nodes"], read["outputs"])
    cuts = [Fraction(x) for x in data["cuts"]]
    rows = [[Fraction(x) for x in row] for row in data["points"]]
    for number, cell in enumerate(data["cells"]):
        low, high = cuts[number : number + 2]
        for w in (low, high, (2 * low + high) / 3):
            known = [certain(topology, row, label, w) for row, label in zip(rows, data["labels"], strict=True)]
            if (cell == -1 and len(known) - known.count(False) < data["least"]) or (cell >= 0 and known[cell] is True):
                return False
    return True


def test_every_number_changed_is_refused_or_still_true() -> None:
    accepted = 0
    numbers = [path for path in places(XOR_ABOUT) if path and type(_at(path)) is int and path != ("gradproof",)]
    for path in numbers:
        for step in (1, -1):
            other = changed(XOR_ABOUT, path, lambda x, step=step: x + step)
            if isinstance(verdict(other), Accepted):
                accepted += 1
                assert truth(other), (path, step)
    assert accepted < len(numbers)


def _at(path: tuple[Any, ...]) -> Any:
    data: Any = XOR_ABOUT
    for key in path:
        data = data[key]
    return data


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"cells": [1, -1, -1, -1, -2, 1]}, Rejected),
        ({"cells": [1, -2, -1, -1, -1, 1]}, Rejected),
        ({"cells": [1, -2, -1, 0, -2, 1]}, Rejected),
        ({"cells": [1, -2, -1, 1, -2, 1]}, Rejected),
        ({"cells": [0, -2, -1, -1, -2, 1]}, Rejected),
        ({"cells": [4, -2, -1, -1, -2, 1]}, Malformed),
        ({"cells": [1, -2]}, Malformed),
        ({"cells": [], "cuts": [1]}, Malformed),
        ({"cuts": [0, 0, "9/10", "7/8", "49/50", 2, 2]}, Malformed),
        ({"least": 0}, Malformed),
        ({"least": 5}, Rejected),
        ({"labels": [0, 1, 1, 1]}, Rejected),
        ({"topology": SQUARES}, Rejected),
    ],
)
def test_a_changed_certificate_is_not_accepted(change: dict[str, Any], answer: type) -> None:
    data = {**XOR_ABOUT, **change}
    if change == {"topology": SQUARES}:
        data["labels"] = [1, 1, 1, 0]
    assert type(verdict(data)) is answer


def cover(nodes: list[Any], cuts: list[Any], **fields: Any) -> Any:
    data = {"points": [[1]], "labels": [1], "cells": [-1] * (len(cuts) - 1), "least": 1, **fields}
    topology = {"inputs": 1, "nodes": nodes, "outputs": [1 + len(nodes)]}
    return certificate("shared_cover", topology=topology, cuts=cuts, **data)


HOSTILE = {
    "squares beyond any exponent": cover([["square", [1 + k]] for k in range(70)], [10**900, 10**900]),
    "sin of a huge number": cover([["sin", [1]]], [10**900, 10**900]),
    "sin of a wide interval": cover([["sin", [1]]], [0, 10**900]),
    "exp of a huge number": cover(
        [["square", [1]], ["inverse", [2]], ["sigmoid", [3]], ["inverse", [4]]], [10**900] * 2
    ),
    "a step that jumps": cover([["step", [1]]], [-1, 1]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_certificate_is_refused(name: str) -> None:
    answer = verdict(HOSTILE[name])
    assert isinstance(answer, Rejected)
    assert len(str(answer)) < 200


def test_every_row_and_node_costs_steps() -> None:
    reader = Reader()
    reader.left = 5_000
    topology = Topology.of(1, [("tanh", [1 + k]) for k in range(100)], [101]).to_dict()
    assert answer(topology, [1, 1], 1, 1, 1, reader) is True
    with pytest.raises(Rejected, match="not settled"):
        answer(topology, [1, 1], 1, 1, 1, reader)


def test_the_reference_encloses() -> None:
    assert certain(Topology.of(1, [("tanh", [1])], [2]), [Fraction(1)], 1, Fraction(1, 7)) is True
    assert arb(1).tanh() > 0
    assert XOR["labels"] == [0, 1, 1, 0]
