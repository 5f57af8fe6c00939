"""Networks in which every connection has the same weight w: read from JSON, and what they compute.

Values are numbered: 0 is the constant 1, 1 to n are the inputs, n + 1 + k is node k, whose value is
activation(w * sum of its sources' values). Source: Gaier and Ha 2019 (arXiv 1906.04358) and their WANNRelease.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofs.checker import CertificateError, load
from proofs.checker.reading import Reader
from proofs.checker.topology import AT_ZERO
from proofs.separation import Number, SeparationError
from proofs.separation.data import exact_row
from proofs.separation.labels import classes

MOST_BYTES = 1_000_000
MOST_INPUTS, MOST_VALUES, MOST_OUTPUTS = 10_000, 20_000, 1_000
ACTIVATIONS = tuple(AT_ZERO)
PIECEWISE = frozenset({"linear", "step", "inverse", "abs", "relu", "square"})
SAME_SIGN = {"tanh": "linear", "gaussian": "positive", "sigmoid": "positive"}
"""What may stand for the last node where only the sign of its value matters."""

NODE = '["activation", [source, ...]]'
Node = tuple[str, tuple[int, ...]]
Row = tuple[Fraction, ...]


class TopologyError(SeparationError):
    """A topology that cannot be read, or rows and labels that do not fit it; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Topology:
    """A network without cycles whose connections share one weight; build it with `Topology.of` or `read_topology`."""

    inputs: int
    nodes: tuple[Node, ...]
    outputs: tuple[int, ...]

    @staticmethod
    def of(inputs: int, nodes: Sequence[tuple[str, Sequence[int]]], outputs: Sequence[int]) -> Topology:
        """`nodes` as (activation, sources), `outputs` as numbers of nodes.

        Raises TopologyError for an unknown activation, a source that does not come before its node or occurs twice,
        an output that is no node, and beyond 10,000 inputs, 20,000 values or 1,000 outputs.
        """
        if isinstance(inputs, bool) or not isinstance(inputs, int) or not 1 <= inputs <= MOST_INPUTS:
            raise TopologyError(f"inputs: expected 1 to {MOST_INPUTS:,}, got {inputs!r:.80}")
        if not _listed(nodes) or not nodes:
            raise TopologyError(f"nodes: expected a list of at least one {NODE}, got {nodes!r:.80}")
        if (count := inputs + 1 + len(nodes)) > MOST_VALUES:
            raise TopologyError(f"nodes: expected at most {MOST_VALUES:,} values in all, got {count:,}")
        read = tuple(_node(number, node) for number, node in enumerate(nodes, inputs + 1))
        if not _listed(outputs):
            raise TopologyError(f"outputs: expected a list of numbers of nodes, got {outputs!r:.80}")
        if not 1 <= len(outputs) <= MOST_OUTPUTS:
            raise TopologyError(f"outputs: expected 1 to {MOST_OUTPUTS:,}, got {len(outputs)}")
        for output in outputs:
            if isinstance(output, bool) or not isinstance(output, int) or not inputs < output <= inputs + len(nodes):
                raise TopologyError(
                    f"outputs: expected numbers of nodes, {inputs + 1} to {inputs + len(nodes)}, got {output!r:.80}"
                )
        return Topology(inputs, read, tuple(outputs))

    @property
    def exact(self) -> bool:
        """Whether the answers are those of piecewise polynomials in w."""
        last = self.inputs + len(self.nodes)
        names = [activation for activation, _ in self.nodes]
        if self.outputs == (last,) and names[-1] in SAME_SIGN:
            names.pop()
        return PIECEWISE.issuperset(names)

    def to_dict(self) -> dict[str, Any]:
        """As it stands in a certificate."""
        nodes = [[activation, list(sources)] for activation, sources in self.nodes]
        return {"inputs": self.inputs, "nodes": nodes, "outputs": list(self.outputs)}

    def values(self, points: NDArray[Any], weights: NDArray[Any]) -> NDArray[Any]:
        """The outputs in floating point, weights x rows x outputs, for figures: of `points`, rows x inputs."""
        shape = (len(weights), len(points))
        ones = np.ones(shape)
        values = [ones, *(ones * column for column in np.asarray(points, float).T)]
        with np.errstate(all="ignore"):
            for activation, sources in self.nodes:
                total = sum((values[source] for source in sources), np.zeros(shape))
                values.append(FUNCTIONS[activation](weights[:, None] * total))
        return np.stack([values[output] for output in self.outputs], axis=-1)


def _listed(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _node(number: int, node: tuple[str, Sequence[int]]) -> Node:
    if not _listed(node) or len(node) != 2 or not _listed(node[1]):
        raise TopologyError(f"node {number}: expected {NODE}, got {node!r:.80}")
    activation, sources = node
    if not isinstance(activation, str) or activation not in ACTIVATIONS:
        raise TopologyError(f"node {number}: expected an activation {', '.join(ACTIVATIONS)}, got {activation!r:.80}")
    for source in sources:
        if isinstance(source, bool) or not isinstance(source, int) or source < 0:
            raise TopologyError(f"node {number}: expected numbers of values as sources, got {source!r:.80}")
        if source >= number:
            found = "a cycle, it reads itself" if source == number else f"reads value {source}, which comes after it"
            raise TopologyError(f"node {number}: {found}; sources must be smaller than the node's own number")
    if len(set(sources)) < len(sources):
        raise TopologyError(f"node {number}: expected each source once, got {list(sources)!r:.80}")
    return activation, tuple(sources)


FUNCTIONS: dict[str, Any] = {
    "linear": lambda z: z,
    "step": lambda z: (z > 0).astype(float),
    "sin": lambda z: np.sin(np.pi * z),
    "gaussian": lambda z: np.exp(-z * z / 2),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "inverse": lambda z: -z,
    "abs": np.abs,
    "relu": lambda z: np.maximum(z, 0),
    "cos": lambda z: np.cos(np.pi * z),
    "square": lambda z: z * z,
}


def read_topology(source: str | bytes | Path) -> Topology:
    """The topology in JSON text, or in the file at a Path.

    ``{"gradproof_topology": 1, "inputs": 2, "nodes": [["abs", [1, 2]]], "outputs": [3]}``; at most 1 MB. What the
    fields mean: examples/topologies/README.md. Raises TopologyError where it cannot be read.
    """
    if isinstance(source, Path):
        try:
            with source.open("rb") as file:
                text = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise TopologyError(f"cannot read {source!s}: {error.strerror or error}") from None
        try:
            return read_topology(text)
        except TopologyError as error:
            raise TopologyError(f"{source!s}: {error}") from None
    if not isinstance(source, (str, bytes)):
        raise TopologyError(f"topology: expected JSON text or a Path, got {_kind(source)}; for data, use Topology.of")
    if len(source) > MOST_BYTES:
        raise TopologyError(f"topology: expected at most {MOST_BYTES:,} bytes, got more")
    form = dict.fromkeys(("gradproof_topology", "inputs", "nodes", "outputs"), "any")
    try:
        data = load(source)
        Reader().walk(data)
        fields = Reader().read(data, form, "topology")
    except CertificateError as error:
        raise TopologyError(f"topology: {str(error).removeprefix('topology: ')}") from None
    if type(version := fields["gradproof_topology"]) is not int or version != 1:
        raise TopologyError(f"gradproof_topology: expected 1, the version of the format, got {version!r:.80}")
    return Topology.of(fields["inputs"], fields["nodes"], fields["outputs"])


def _kind(value: object) -> str:
    return type(value).__name__


@dataclass(frozen=True, slots=True)
class Task:
    """A topology, rows with exact entries, and the answer that each should get."""

    topology: Topology
    points: tuple[Row, ...]
    labels: tuple[int, ...]

    def fields(self) -> dict[str, Any]:
        """The part of a certificate that says what it is about."""
        points = [[int(x) if x.denominator == 1 else str(x) for x in row] for row in self.points]
        return {"topology": self.topology.to_dict(), "points": points, "labels": list(self.labels)}


def task(topology: Topology, points: Sequence[Sequence[Number]], labels: Sequence[int]) -> Task:
    """The rows read exactly.

    Raises TopologyError when the topology is none, there is no row, a row has not one number for each input, or a label
    is not 0 or 1 (of several outputs, not the number of one, from 0); SeparationError for an entry that is no finite
    number.
    """
    if not isinstance(topology, Topology):
        raise TopologyError(
            f"topology: expected a proofs.Topology, got {_kind(topology)}; build it with Topology.of(inputs, nodes, "
            "outputs), or with read_topology(JSON text or Path), both from proofs"
        )
    rows = tuple(exact_row(point, f"row {number}") for number, point in enumerate(points))
    if not rows or len(rows) != len(labels):
        raise TopologyError(f"labels: expected one for each of at least 1 row, got {len(labels)} for {len(rows)}")
    most = max(2, len(topology.outputs))
    for number, (row, label) in enumerate(zip(rows, labels, strict=True)):
        if len(row) != topology.inputs:
            raise TopologyError(f"row {number}: expected {topology.inputs} numbers, one for each input, got {len(row)}")
        if isinstance(label, bool) or not isinstance(label, int) or not 0 <= label < most:
            raise TopologyError(f"row {number}: expected a label from 0 to {most - 1}, got {label!r:.80}")
    return Task(topology, rows, tuple(labels))


def class_numbers(labels: Iterable[Any], outputs: int) -> list[int]:
    """Labels of any kind as the numbers of outputs; of one output, 0 and 1.

    Whole numbers that name an output stay as they are; otherwise there must be as many classes as outputs, in order.
    Raises TopologyError.
    """
    read, wanted = list(labels), max(2, outputs)
    found = classes(read)
    names = {str(number): number for number in range(wanted)}
    if all(str(label) in names for label in found):
        return [names[str(label)] for label in read]
    if len(found) != wanted:
        raise TopologyError(f"labels: expected {wanted} classes, one for each answer, got {len(found)}")
    return [found.index(label) for label in read]
