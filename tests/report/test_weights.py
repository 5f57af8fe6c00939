"""The drawing of a shared-weight certificate: its nodes, and the line of weights with its ends."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from proofs.report.figures import figures
from proofs.report.weights import BENDS, MOST_NODES, _hidden, _places, drawn
from proofs.theorems import shared_weight_xor
from tests.checker.certificates import APART, XOR, XOR_BY_SQUARES, certificate
from tests.report.settled import settled

THROUGH: dict[str, Any] = {"inputs": 1, "nodes": [["square", [1]], ["square", [2]], ["linear", [1, 3]]], "outputs": [4]}


def parts(data: dict[str, Any]) -> tuple[list[str], list[str], list[str]]:
    """The texts, the marks at ends, and the thick pieces from left to right."""
    root = ElementTree.fromstring(drawn(data))
    texts = [part.text or "" for part in root.iter("text")]
    marks = [part.get("class", "") for part in root.iter("circle")]
    return texts, marks, [part.get("d", "") for part in root.iter("path") if part.get("class") == "right"]


def test_xor_by_squares() -> None:
    texts, marks, right = parts(XOR_BY_SQUARES)
    assert texts == ["x1", "x2", "linear", "square", "inverse", "linear", "−1", "−0.8409", "0.8409", "1", "w"]
    assert marks == ["off", "on", "on", "off"]
    assert [d.partition(" ")[0] for d in right] == ["M164", "M372"]


@pytest.mark.parametrize(
    ("cells", "marks", "pieces"),
    [
        ([-1, 1, -1], ["off"], 2),
        ([-1, -1, -1], [], 1),
        ([1, 1, 1], [], 0),
        ([1, -1, 1], ["on"], 1),
        ([1, -1, -1], ["on"], 1),
    ],
)
def test_ends_and_pieces(cells: list[int], marks: list[str], pieces: int) -> None:
    data = certificate("shared_weight", topology=APART, **XOR, factors=[[0, 1]], samples=[-1, 1], cells=cells)
    _, found, right = parts(data)
    assert (found, len(right)) == (marks, pieces)


def test_a_theorem_has_one_and_a_large_network_none() -> None:
    (figure,) = figures(settled("shared_weight_parity"))
    assert figure.svg.count("<rect") == 12
    unread = {**APART, "nodes": [*APART["nodes"], ["abs", [1]]]}
    assert drawn({**XOR_BY_SQUARES, "topology": unread}).count("<rect") == 5
    large = {**APART, "nodes": [["linear", [1]]] * (MOST_NODES + 1)}
    assert drawn({**XOR_BY_SQUARES, "topology": large}) == ""


def test_no_connection_runs_behind_a_node() -> None:
    """A line from the input to the output would run behind the squares; so with the relu of the network for XOR."""
    for topology in (THROUGH, shared_weight_xor.TOPOLOGY.to_dict()):
        places = _places(topology)
        straight = []
        for number, (_, sources) in enumerate(topology["nodes"], topology["inputs"] + 1):
            for source in sources:
                others = [place for other, place in places.items() if other not in (source, number)]
                hidden = [_hidden(places[source], places[number], bend, others) for bend in BENDS]
                straight.append(hidden[0] == 0)
                assert min(hidden) == 0
        assert not all(straight)


def test_a_bent_connection_is_drawn_as_a_curve_without_filling() -> None:
    root = ElementTree.fromstring(drawn({**XOR_BY_SQUARES, "topology": THROUGH}))
    curves = [part for part in root.iter("path") if "Q" in part.get("d", "")]
    assert len(curves) == 1
    assert curves[0].get("fill") == "none"
