"""Certificates of finite facts, and ones with a single number changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from proofs.networks import cycles_certificate, run
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
ALL = (XOR, PARITY, AND, TWO_UNITS, SKIP, HALVES, BOUND, CYCLE, ONE_INPUT)


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
