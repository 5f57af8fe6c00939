"""11. Topologies: networks whose connections all share one weight w, and rows with the answers they should get."""

from fractions import Fraction
from typing import Any

from proofs.checker.reading import Reader, need

AT_ZERO: dict[str, int | Fraction] = {"linear": 0, "step": 0, "sin": 0, "gaussian": 1, "tanh": 0, "cos": 1}
AT_ZERO |= {"sigmoid": Fraction(1, 2), "inverse": 0, "abs": 0, "relu": 0, "square": 0}
NODES = [[tuple(AT_ZERO), [range(20_000)]]]
NETWORK: dict[str, Any] = {"topology": {"inputs": range(1, 10_001), "nodes": NODES, "outputs": [range(20_000)]}}
NETWORK |= {"points": [["number"]], "labels": [range(1_000)]}


def network(fields: dict[str, Any], reader: Reader) -> tuple[dict[str, Any], list[list[Any]], list[int]]:
    """The topology; the rows, each with the constant 1 in front; and the labels."""
    topology, rows, labels = fields["topology"], fields["points"], fields["labels"]
    first, outputs = topology["inputs"] + 1, topology["outputs"]
    for number, (_, sources) in enumerate(topology["nodes"], first):
        reader.burn(len(sources))
        good = len(set(sources)) == len(sources) and all(source < number for source in sources)
        need(good, f"node {number}: expected different sources, each with a smaller number, so that there is no cycle")
    last = first + len(topology["nodes"])
    need(outputs and all(first <= k < last for k in outputs), "outputs: expected the numbers of nodes, at least one")
    need(rows and len(rows) == len(labels), "points: expected at least one row, and a label for each")
    need(all(len(row) == first - 1 for row in rows), f"points: expected {first - 1} numbers in each row")
    need(max(labels) < max(2, len(outputs)), "labels: expected 0 or 1, or the number of an output, from 0")
    return topology, [[1, *row] for row in rows], labels
