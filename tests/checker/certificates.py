"""Certificates that hold, for the tests to check, corrupt and distort; and the terms they are written in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from proofs.checker import Accepted, CertificateError, Refuted, check

Json = Any

AND = {"points": [[0, 0], [0, 1], [1, 0], [1, 1]], "labels": [0, 0, 0, 1]}
PACKED = {
    "columns": [
        {"digits": "00000101", "scale": "1/2", "offset": 1},
        {"digits": "0000000100000001", "scale": "1/2", "offset": 1},
    ]
}
"""AND's rows, 0 and 1 being written 1 and 3/2."""
XOR = {**AND, "labels": [0, 1, 1, 0]}


def certificate(kind: str, **fields: Json) -> dict[str, Json]:
    return {"gradproof": 1, "kind": kind, **fields}


def elem(name: str, *indices: str) -> Json:
    return ["elem", name, list(indices)]


def fn(name: str, term: Json) -> Json:
    return ["fn", name, term]


def total(index: str, dim: str, term: Json) -> Json:
    return ["sum", index, dim, term]


def minus(left: Json, right: Json) -> Json:
    return ["add", [left, ["mul", [["num", -1], right]]]]


def over(left: Json, right: Json) -> Json:
    return ["mul", [left, ["pow", right, -1]]]


def statement(lhs: Json, rhs: Json, **fields: Json) -> dict[str, Json]:
    """A statement about a scalar x, unless the fields say otherwise."""
    empty = {"sizes": {}, "indices": [], "arrays": [["x", [], "real"]], "definitions": [], "where": []}
    return {**empty, **fields, "lhs": lhs, "rhs": rhs}


def identity(lhs: Json, rhs: Json, **fields: Json) -> dict[str, Json]:
    return certificate("identity", statement=statement(lhs, rhs, **fields))


SOFTMAX = {
    "sizes": {"n": 1},
    "indices": [["i", "n"], ["j", "n"]],
    "arrays": [["z", ["n"], "real"]],
    "definitions": [
        ["s", [["i", "n"]], over(fn("exp", elem("z", "i")), total("k", "n", fn("exp", elem("z", "k"))))],
    ],
}
JACOBIAN = identity(
    ["diff", elem("s", "i"), elem("z", "j")],
    ["mul", [elem("s", "i"), minus(["delta", "i", "j"], elem("s", "j"))]],
    **SOFTMAX,
)
PERCEPTRON = certificate(
    "perceptron", **AND, rate=1, sign=1, start=[0, 0, 0], outcome="converges", order=[0, 1, 2, 3], visits=22,
    final=[2, 1, -3],
)  # fmt: skip
MINIMAL_LEAF = [[1, 1], [2, 1], [3, 2]]
XOR_NEEDS_TWO = certificate(
    "resolution", **XOR, units=1, skip=False,
    steps=[
        [[-1], "first", []],
        [[1, 2], "output", [1, 1]],
        [[1, 3], "output", [1, 1]],
        [[-2, -4], "output", [1, 1]],
        [[1, -2, -3, 4], "unit", [1, 1, 1, 1]],
        [[], "resolve", [0, 1, 2, 3, 4]],
    ],
)  # fmt: skip
APART = {"inputs": 2, "nodes": [["linear", [1]], ["inverse", [2]], ["abs", [3, 4]]], "outputs": [5]}
"""w^2 |x1 - x2|, which is XOR for every shared weight w but 0."""
SQUARES = {
    "inputs": 2, "outputs": [6],
    "nodes": [["linear", [1, 2]], ["square", [3]], ["inverse", [4]], ["linear", [3, 5]]],
}  # fmt: skip
"""w^2 s (1 - w^4 s) with s = x1 + x2, which is XOR for 1/2 <= w^4 < 1."""
XOR_BY_SQUARES = certificate(
    "shared_weight", topology=SQUARES, **XOR, factors=[[0, 1], [-1, 0, 0, 0, 2], [-1, 1], [1, 1], [1, 0, 1]],
    samples=[-2, "-7/8", "-1/2", "1/2", "7/8", 2], cells=[1, 1, -1, -1, 3, 1, 3, -1, -1, 1, 1],
)  # fmt: skip
XOR_ABOUT = certificate(
    "shared_cover", topology={**SQUARES, "nodes": [*SQUARES["nodes"], ["tanh", [6]]], "outputs": [7]}, **XOR,
    cuts=[0, 0, "7/8", "9/10", "49/50", 2, 2], cells=[1, -2, -1, -1, -2, 1], least=4,
)  # fmt: skip
EXAMPLES = (
    certificate("separator", **AND, weights=[2, 1], bias=-3),
    certificate("separator", **AND, weights=["2/5", "2/5"], bias="-3/5"),
    certificate(
        "separator", **XOR, weights=[1, -1], bias=-1,
        hidden=[{"weights": [1, 1], "bias": -1}, {"weights": [1, 1], "bias": -2}],
    ),
    certificate(
        "separator", **XOR, weights=[-2, 1, 1], bias=-1, hidden=[{"weights": [1, 1], "bias": -2}], skip=True
    ),
    certificate("farkas", **XOR, multipliers=[1, 1, 1, 1]),
    PERCEPTRON,
    {**PERCEPTRON, "outcome": "reaches", "visits": 1, "final": [0, 0, -1]},
    certificate(
        "perceptron", **XOR, rate=1, sign=1, start=[0, 0, 0], outcome="cycles", order=[0, 1, 2, 3], visits=16,
        final=[-1, 0, 0], period=1,
    ),
    certificate(
        "perceptron", points=[[1]], labels=[1], rate=1, sign=1, start=[0, -2], outcome="stays",
        states=[[0, -2], [1, -1]],
    ),
    certificate("separator", **PACKED, labels="00000001", weights=[2, 2], bias="-11/2"),
    certificate("farkas", **PACKED, labels="00010100", multipliers=["01", "01", "01", "0001"], rows=[3, 0, 7, 9]),
    JACOBIAN,
    certificate("minimal", **AND, weights=[1, 1], bias=-2, measure="sum", count_bias=False, tree=MINIMAL_LEAF),
    certificate(
        "minimal", **AND, weights=[1, 1], bias=-2, measure="max", count_bias=False,
        tree={"place": 1, "below": 1, "low": [[2, 1], [3, 1], [4, 1]], "high": [[1, 1], [3, 1], [4, 1]]},
    ),
    certificate("novikoff", **AND, weights=[2, 2], bias=-3, updates=51),
    XOR_NEEDS_TWO,
    certificate("shared_weight", topology=APART, **XOR, factors=[[0, 1]], samples=[-1, 1], cells=[-1, 1, -1]),
    {**XOR_BY_SQUARES, "interval": ["17/20", "9/10"], "every": True},
    XOR_ABOUT,
    certificate(
        "counterexample", statement=statement(elem("x"), ["mul", [elem("x"), elem("x")]]), sizes={}, indices={},
        values={"x": ["1/2"]},
    ),
    certificate("counterexample", of=certificate("separator", **AND, weights=[1, 1], bias=-1)),
    certificate(
        "census", inputs=1, threshold=4,
        functions={
            "00": {"weights": [0], "bias": -1}, "01": {"weights": [2], "bias": -1},
            "10": {"weights": [-2], "bias": 1}, "11": {"weights": [0], "bias": 0},
        },
    ),
)  # fmt: skip


def verdict(data: Json) -> Accepted | CertificateError:
    """What the checker answers; anything but its own errors goes through."""
    try:
        return check(data)
    except CertificateError as error:
        return error


def refuted(data: Json) -> bool:
    return isinstance(verdict(data), Refuted)


def places(data: Json, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value inside plain data."""
    yield path
    if isinstance(data, (dict, list)):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from places(value, (*path, key))


def changed(data: Json, path: tuple[Any, ...], change: Callable[[Json], Json]) -> Json:
    """A copy with the value at `path` replaced."""
    if not path:
        return change(data)
    copy = deepcopy(data)
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = change(inner[path[-1]])
    return copy
