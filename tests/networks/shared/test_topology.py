"""Topologies from JSON, and everything in them that is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import proofs
from proofs.networks.shared import Topology, TopologyError, read_topology
from proofs.networks.shared.topology import ACTIVATIONS, MOST_BYTES, class_numbers, task
from tests.networks.shared.reference import ALL, NUMBERS, enclosed, topologies

XOR = {
    "gradproof_topology": 1,
    "inputs": 2,
    "nodes": [["linear", [1]], ["inverse", [2]], ["abs", [3, 4]]],
    "outputs": [5],
}


@given(topologies(ALL))
def test_a_topology_is_read_back(topology: Topology) -> None:
    text = json.dumps({"gradproof_topology": 1, **topology.to_dict()})
    assert read_topology(text) == read_topology(text.encode()) == topology


@given(topologies(ALL, 2), NUMBERS, NUMBERS, NUMBERS)
def test_floats_are_close_to_the_enclosure(topology: Topology, w: Any, x: Any, y: Any) -> None:
    row = [x, y][: topology.inputs]
    with np.errstate(all="ignore"):
        found = topology.values(np.array([[float(value) for value in row]]), np.array([float(w)]))
    assert found.shape == (1, 1, 2)
    known = enclosed(topology, row, w)
    if known is not None and "step" not in [activation for activation, _ in topology.nodes]:
        for value, ball in zip(found[0, 0], known, strict=True):
            assert abs(float(ball) - value) <= 1e-6 * max(1.0, abs(value))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"inputs": 0}, "inputs: expected 1 to 10,000, got 0"),
        ({"inputs": True}, "inputs: expected"),
        ({"inputs": "2"}, "inputs: expected"),
        ({"inputs": 20_000}, "inputs: expected"),
        ({"gradproof_topology": 2}, "gradproof_topology: expected 1, the version of the format, got 2"),
        ({"comment": "hello"}, "topology: expected gradproof_topology inputs nodes outputs"),
        (
            {"nodes": [["abs", [4]], ["linear", [3]]]},
            "node 3: reads value 4, which comes after it; sources must be smaller",
        ),
        ({"nodes": [["abs", [3]]]}, "node 3: a cycle, it reads itself"),
        ({"nodes": [["abs", [1, 1]]]}, "node 3: expected each source once"),
        ({"nodes": [["abs", [-1]]]}, "node 3: expected numbers of values as sources, got -1"),
        ({"nodes": [["abs", [True]]]}, "node 3: expected numbers of values"),
        ({"nodes": [["abs", ["1"]]]}, "node 3: expected numbers of values"),
        ({"nodes": [["softplus", [1]]]}, "node 3: expected an activation linear, step"),
        ({"nodes": []}, 'nodes: expected a list of at least one ["activation", [source, ...]], got []'),
        ({"nodes": [["abs"]]}, 'node 3: expected ["activation", [source, ...]], got'),
        ({"nodes": [["abs", 1]]}, "node 3: expected"),
        ({"nodes": "abs"}, "nodes: expected"),
        ({"outputs": []}, "outputs: expected 1 to 1,000, got 0"),
        ({"outputs": [2]}, "outputs: expected numbers of nodes, 3 to 5, got 2"),
        ({"outputs": [6]}, "outputs: expected numbers of nodes"),
        ({"outputs": [5.0]}, "a float"),
        ({"outputs": 5}, "outputs: expected"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(TopologyError) as caught:
        read_topology(json.dumps({**XOR, **change}))
    assert message in str(caught.value)


def test_too_many_nodes_are_refused() -> None:
    with pytest.raises(TopologyError, match="nodes: expected at most 20,000 values in all, got 20,001"):
        Topology.of(2, [("abs", [1])] * 19_998, [3])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"inputs": 1, "inputs": 2}', '{"a": NaN}', "[" * 100_000, "\ud800"])
def test_what_is_no_topology_is_refused(text: str) -> None:
    with pytest.raises(TopologyError):
        read_topology(text)


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps(XOR))
    assert read_topology(path).outputs == (5,)
    path.write_bytes(b" " * (MOST_BYTES + 1))
    with pytest.raises(TopologyError, match="at most 1,000,000 bytes"):
        read_topology(path)
    with pytest.raises(TopologyError, match="cannot read"):
        read_topology(tmp_path / "none.json")


def test_a_message_names_the_file_and_says_nothing_twice(tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps({**XOR, "comment": ""}))
    with pytest.raises(TopologyError) as caught:
        read_topology(path)
    assert str(caught.value).startswith(f"{path}: topology: expected gradproof_topology")
    assert str(caught.value).count("topology: ") == 1


@pytest.mark.parametrize("source", [XOR, ["abs"], None, Topology.of(1, [("abs", [1])], [2])])
def test_what_is_no_text_and_no_path_is_named(source: Any) -> None:
    with pytest.raises(TopologyError, match="topology: expected JSON text or a Path, got "):
        read_topology(source)


@pytest.mark.parametrize("topology", [XOR, "xor.json", Path("xor.json"), None])
def test_a_topology_is_asked_for_by_name(topology: Any) -> None:
    with pytest.raises(TopologyError, match=r"topology: expected a proofs\.Topology, got .*read_topology"):
        proofs.settle_shared_weight(topology, [[0, 1]], [0], interval=(1, 2))
    with pytest.raises(TopologyError, match=r"expected a proofs\.Topology"):
        proofs.shared_weight_set(topology, [[0, 1]], [0])


def test_the_documented_example_is_xor() -> None:
    text = (Path(__file__).parents[3] / "examples" / "topologies" / "README.md").read_text(encoding="utf-8")
    written = text.split("```json\n")[1].split("```")[0]
    verdict = proofs.settle_shared_weight(read_topology(written), [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    assert verdict
    assert verdict.claim.text in text
    assert all(f"| `{name}` |" in text for name in ACTIVATIONS)


def test_proofs_offers_topologies() -> None:
    assert (proofs.Topology, proofs.read_topology) == (Topology, read_topology)


def test_rows_and_labels_that_do_not_fit_are_named() -> None:
    topology = read_topology(json.dumps(XOR))
    for points, labels, message in (
        ([], [], "at least 1 row"),
        ([[0, 1]], [0, 1], "at least 1 row"),
        ([[0, 1, 2]], [0], "row 0: expected 2 numbers"),
        ([[0, 1]], [2], "row 0: expected a label from 0 to 1"),
        ([[0, 1]], [True], "row 0: expected a label from 0 to 1"),
        ([[0, float("nan")]], [0], "row 0, column 1: expected a finite number"),
    ):
        with pytest.raises(ValueError, match=message):
            task(topology, points, labels)


def test_classes_become_numbers_of_outputs() -> None:
    assert class_numbers(["1", "0", "1"], 1) == [1, 0, 1]
    assert class_numbers([2, 0, 7], 10) == [2, 0, 7]
    assert class_numbers(["no", "yes", "no"], 1) == [0, 1, 0]
    assert class_numbers([3, 5, 3], 2) == [0, 1, 0]
    with pytest.raises(TopologyError, match="expected 3 classes"):
        class_numbers(["a", "b"], 3)
