import json

import pytest
from hypothesis import given

from numeric.wann import Node, Topology, TopologyError, from_text, read
from tests.numeric.wann.drawn import topologies

XOR = Topology(2, (Node("inverse", (1,)), Node("linear", (2,)), Node("abs", (3, 4)), Node("linear", (5,))), (6,))


@given(topologies())
def test_what_is_written_is_read(topology):
    assert from_text(topology.to_text()) == topology


@given(topologies())
def test_a_node_lies_one_level_behind_its_last_source(topology):
    level = [0] * (topology.inputs + 1) + list(topology.levels())
    for number, (_, sources) in enumerate(topology.nodes, topology.inputs + 1):
        assert level[number] == 1 + max((level[source] for source in sources), default=0)


def entry(**changes):
    return json.dumps(json.loads(XOR.to_text()) | changes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (entry(nodes=[["linear", [3]]], outputs=[3]), "cyclic"),
        (entry(nodes=[["linear", [4]], ["abs", [3]]], outputs=[4]), "cyclic"),
        (entry(nodes=[["linear", [1, 1]]], outputs=[3]), "twice"),
        (entry(nodes=[["linear", [-1]]], outputs=[3]), "start at 0"),
        (entry(nodes=[["softplus", [1]]], outputs=[3]), "unknown activation 'softplus'"),
        (entry(nodes=[["linear", [True]]], outputs=[3]), "must be an integer"),
        (entry(nodes=[["linear", [1.0]]], outputs=[3]), "must be an integer"),
        (entry(nodes=[["linear", [10**9]]], outputs=[3]), "must be an integer"),
        (entry(nodes=[["linear"]], outputs=[3]), "node entry 0"),
        (entry(nodes={}), "must be a list"),
        (entry(outputs=[]), "at least one"),
        (entry(outputs=[2]), "not a node"),
        (entry(outputs=[7]), "not a node"),
        (entry(inputs=0), "at least 1"),
        (entry(inputs="2"), "must be an integer"),
        (entry(gradproof_topology=2), "version 2"),
        (entry(weights=[1]), "the keys"),
        ("[]", "the keys"),
        ('{"inputs": 1, "inputs": 2}', "twice"),
        (entry().replace('"inputs": 2', '"inputs": NaN'), "NaN"),
        (entry()[:-5], "not a topology"),
        ("[" * 100_000, "not a topology"),
        ("9" * 5000, "not a topology"),
        (" " * 1_000_001, "at most 1,000,000"),
    ],
)
def test_anything_else_is_refused(text, said):
    with pytest.raises(TopologyError, match=said):
        from_text(text)


def test_a_file_is_named(tmp_path):
    path = tmp_path / "network.json"
    path.write_bytes(b"\xff")
    with pytest.raises(TopologyError, match=r"network\.json"):
        read(path)
    path.write_text(XOR.to_text())
    assert read(path) == XOR
