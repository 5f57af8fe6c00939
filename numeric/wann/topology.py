"""A frozen network without weights, and its file format: JSON text of at most 1 MB.

Values are numbered: 0 is the constant 1 (bias), 1..n the inputs, n + 1 + k is node k. With one shared weight w the
value of a node is ``activation(w * sum of its sources' values)``. A node's sources have smaller numbers than the node,
so there are no cycles. With one output the network says 1 where it is > 0, else 0; with several it says the class of
the largest, the first of them at a tie.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from numeric.wann.activations import IN_PLACE

VERSION = 1
MAX_BYTES = 1_000_000
KEYS = {"gradproof_topology", "inputs", "nodes", "outputs"}


class TopologyError(ValueError):
    """A network that is none: what was expected, what came, and where."""


class Node(NamedTuple):
    """One node: its activation and the numbers of the values it adds up, in rising order."""

    activation: str
    sources: tuple[int, ...]


@dataclass(frozen=True)
class Topology:
    """`inputs` >= 1 inputs, the nodes, and the numbers of the nodes that are outputs (at least one).

    Raises TopologyError where a node's source is not smaller than the node, is named twice or does not exist, where an
    activation is unknown, or where an output is not a node.
    """

    inputs: int
    nodes: tuple[Node, ...]
    outputs: tuple[int, ...]

    def __post_init__(self) -> None:
        if self.inputs < 1:
            raise TopologyError(f"inputs must be at least 1, got {self.inputs}")
        for number, (activation, sources) in enumerate(self.nodes, self.inputs + 1):
            if activation not in IN_PLACE:
                raise TopologyError(
                    f"node {number}: unknown activation {activation!r}; use one of {', '.join(IN_PLACE)}"
                )
            if sources and max(sources) >= number:
                raise TopologyError(
                    f"node {number} has source {max(sources)}: a source must come before its node, so this network is "
                    "cyclic or out of order; number every node after its sources"
                )
            if sources and min(sources) < 0:
                raise TopologyError(f"node {number} has source {min(sources)}: the numbers of values start at 0")
            if len(set(sources)) < len(sources):
                raise TopologyError(f"node {number} names a source twice: {list(sources)}")
        if not self.outputs:
            raise TopologyError("outputs must name at least one node")
        last = self.inputs + len(self.nodes)
        for output in self.outputs:
            if not self.inputs < output <= last:
                raise TopologyError(f"output {output} is not a node; the nodes are {self.inputs + 1}..{last}")

    @property
    def connections(self) -> int:
        """The number of edges."""
        return sum(len(node.sources) for node in self.nodes)

    def levels(self) -> tuple[int, ...]:
        """For each node the longest path, in edges, from a constant or an input; at least 1."""
        level = [0] * (self.inputs + 1)
        for _, sources in self.nodes:
            level.append(1 + max((level[source] for source in sources), default=0))
        return tuple(level[self.inputs + 1 :])

    def to_text(self) -> str:
        """The file format, one node a line; the same network gives the same bytes."""
        nodes = ",\n  ".join(json.dumps([activation, list(sources)]) for activation, sources in self.nodes)
        return (
            f'{{"gradproof_topology": {VERSION}, "inputs": {self.inputs}, "nodes": [\n  {nodes}\n],'
            f' "outputs": {json.dumps(list(self.outputs))}}}\n'
        )


def from_text(text: str) -> Topology:
    """The network a text of the file format describes. Raises TopologyError for anything else."""
    if len(text) > MAX_BYTES:
        raise TopologyError(f"a topology has at most {MAX_BYTES:,} characters, got {len(text):,}")
    try:
        data = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise TopologyError(f"not a topology: {error or 'nested too deeply'}") from error
    if not isinstance(data, dict) or data.keys() != KEYS:
        got = ", ".join(map(str, data)) if isinstance(data, dict) else type(data).__name__
        raise TopologyError(f"a topology is an object with the keys {', '.join(sorted(KEYS))}; got {got[:200]}")
    if _integer(data["gradproof_topology"], "gradproof_topology") != VERSION:
        raise TopologyError(f"topology version {data['gradproof_topology']}; this program reads version {VERSION}")
    nodes = tuple(_node(entry, number) for number, entry in enumerate(_list(data["nodes"], "nodes")))
    outputs = tuple(_integer(entry, "an output") for entry in _list(data["outputs"], "outputs"))
    return Topology(_integer(data["inputs"], "inputs"), nodes, outputs)


def read(path: Path) -> Topology:
    """The network in a file. Raises TopologyError, which names the file, or OSError."""
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    try:
        return from_text(content.decode("utf-8"))
    except ValueError as error:
        raise TopologyError(f"{path}: {error}") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key appears twice")
    return found


def _constant(name: str) -> None:
    raise ValueError(f"{name} is not a number of JSON")


def _list(value: object, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise TopologyError(f"{what} must be a list, got {type(value).__name__}")
    return value


def _integer(value: object, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MAX_BYTES:
        got = value if isinstance(value, int) else type(value).__name__
        raise TopologyError(f"{what} must be an integer of at most {MAX_BYTES:,}, got {got}")
    return value


def _node(entry: object, number: int) -> Node:
    if not isinstance(entry, list) or len(entry) != 2 or not isinstance(entry[0], str):
        raise TopologyError(f'node entry {number} must be ["activation", [source, ...]]')
    return Node(
        entry[0], tuple(_integer(source, f"a source of entry {number}") for source in _list(entry[1], "sources"))
    )
