"""Certificates of finite facts, and ones with a single number changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from proofs.networks import cycles_certificate, run
from proofs.networks.representation import Topology, representation_certificate
from proofs.separation import TruthTable

Fields = Mapping[str, Any]


def table(digits: str) -> dict[str, Any]:
    found = TruthTable.parse(digits)
    return {"gradproof": 1, "points": [[int(x) for x in point] for point in found.points], "labels": [*found.labels]}


XOR = {**table("0110"), "kind": "farkas", "multipliers": [1, 1, 1, 1]}
PARITY = {**table("01101001"), "kind": "farkas", "multipliers": [3, 3, 3, 3, 3, 3, 3, 3]}
AND = {**table("0001"), "kind": "separator", "weights": ["2/5", "2/5"], "bias": "-3/5"}
TWO_UNITS = {
    **table("0110"),
    "kind": "separator",
    "hidden": [{"weights": [2, -2], "bias": -1}, {"weights": [-2, 2], "bias": "-1/2"}],
    "weights": [2, 2],
    "bias": -1,
}
SKIP = {
    **table("0110"),
    "kind": "separator",
    "hidden": [{"weights": [-2, -2], "bias": 3}],
    "skip": True,
    "weights": [4, 2, 2],
    "bias": -5,
}
HALVES = {
    "gradproof": 1,
    "kind": "farkas",
    "points": [["1/2", 0], ["0", "1/3"], ["1/4", "1/6"]],
    "labels": [1, 1, 0],
    "multipliers": ["1/2", "1/2", 1],
}
BOUND = {**table("0001"), "kind": "novikoff", "weights": [2, 2], "bias": -3, "updates": 51}
_XOR_RUN = run(TruthTable.parse("0110").points, [0, 1, 1, 0])
CYCLE = dict(cycles_certificate(_XOR_RUN).data)
ONE_INPUT = {
    "gradproof": 1,
    "kind": "census",
    "inputs": 1,
    "threshold": 4,
    "functions": {
        "00": {"weights": [0], "bias": -1},
        "01": {"weights": ["1/2"], "bias": "-1/2"},
        "10": {"weights": [-1], "bias": 0},
        "11": {"weights": [0], "bias": 0},
    },
}
PACKED = {
    "gradproof": 1,
    "kind": "farkas",
    "columns": [
        {"digits": "00000202", "scale": "1/2", "offset": 0},
        {"digits": "0000000100000001", "scale": -1, "offset": 1},
    ],
    "labels": "01000001",
    "multipliers": ["01", "0001", "01", "01"],
    "rows": [4, 3, 2, 1],
}
SMALLEST = {
    **table("0001"),
    "kind": "minimal",
    "weights": [1, 1],
    "bias": -2,
    "measure": "max",
    "count_bias": True,
    "tree": {
        "place": 2,
        "below": -1,
        "low": [[4, 1]],
        "high": {"place": 0, "below": 1, "low": [[1, 1], [3, 1], [5, "1/2"]], "high": [[2, 1], [5, 1]]},
    },
}
TOO_FEW = {
    **table("0110"),
    "kind": "resolution",
    "units": 1,
    "skip": False,
    "steps": [
        [[-1], "first", []],
        [[1, 2], "output", [1, 1]],
        [[1, 3], "output", [1, 1]],
        [[-2, -4], "output", ["1/2", "1/2"]],
        [[-2, -3, 4, 1], "unit", [1, 1, 1, 1]],
        [[], "resolve", [0, 1, 2, 3, 4]],
    ],
}
OR_NODES = {"inputs": 2, "nodes": [["linear", [1, 2]], ["step", [3]]], "outputs": [4]}
OR_ABOVE = {
    **table("0111"),
    "kind": "shared_weight",
    "topology": OR_NODES,
    "factors": [[0, 1]],
    "samples": [-1, 1],
    "cells": [-1, 1, -1],
    "interval": ["1/10", 2],
    "every": True,
}
OR_ACROSS = {**OR_ABOVE, "interval": [-1, 1], "every": False}
OR_AT_ZERO = {**table("0111"), "kind": "shared_cover", "topology": OR_NODES, "cuts": [0, 0], "cells": [1], "least": 1}
TOPOLOGIES = dict(representation_certificate([Topology.full(2, 0), Topology(2, ((1, 2), (0, 3)))]).data)
ALL = (XOR, PARITY, AND, TWO_UNITS, SKIP, HALVES, BOUND, CYCLE, ONE_INPUT, SMALLEST, TOO_FEW, TOPOLOGIES)
SHARED = (OR_ABOVE, OR_ACROSS, OR_AT_ZERO)
ALL = (*ALL, *SHARED)


def corruptions(count: int) -> Iterator[Fields]:
    """Refutations with one number changed: a multiplier, a coordinate or a label."""
    random = Random(5)
    for _ in range(count):
        data = random.choice((XOR, PARITY))
        field = random.choice(("multipliers", "points", "labels"))
        values = [list(x) if isinstance(x, list) else x for x in data[field]]
        row = random.randrange(len(values))
        amount = random.choice((-2, -1, 1, 2, 7))
        if field == "labels":
            values[row] = 1 - values[row]
        elif field == "points":
            values[row][random.randrange(len(values[row]))] += amount
        else:
            values[row] += amount
        yield {**data, field: values}
