"""The kind shared_weight: by hand, changed in every number, and with wrong break points."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from flint import fmpq, fmpz_poly
from hypothesis import given
from hypothesis import strategies as st

from proofs.checker import Accepted, Malformed, Rejected, check
from proofs.checker.polynomials import divide, real_roots, side
from proofs.checker.reading import Reader
from proofs.networks.shared import Topology
from tests.checker.certificates import APART, SQUARES, XOR, XOR_BY_SQUARES, certificate, changed, places, verdict
from tests.networks.shared.reference import rational, right_at, right_at_root

APART_XOR = certificate("shared_weight", topology=APART, **XOR, factors=[[0, 1]], samples=[-1, 1], cells=[-1, 1, -1])


def test_xor_by_hand_is_accepted() -> None:
    assert check(APART_XOR).says == "the 4 labels are computed exactly for w in (-inf, 0); w in (0, inf)"
    root = "the root of -1 + 2 w^4 between"
    assert check(XOR_BY_SQUARES).says == (
        f"the 4 labels are computed exactly for w in (-1, {root} -7/8 and -1/2]; w in [{root} 1/2 and 7/8, 1)"
    )


@pytest.mark.parametrize(
    ("interval", "every"),
    [
        (["17/20", "9/10"], True),
        (["21/25", "9/10"], False),
        (["17/20", 1], False),
        (["-9/10", "-17/20"], True),
        (["-9/10", "9/10"], False),
        (["9/10", "9/10"], True),
        ([0, 0], False),
        ([5, 6], False),
    ],
)
def test_an_interval_holds_or_not(interval: list[Any], every: bool) -> None:
    assert check({**XOR_BY_SQUARES, "interval": interval, "every": every}).kind == "shared_weight"
    assert type(verdict({**XOR_BY_SQUARES, "interval": interval, "every": not every})) is Rejected


def holds(data: dict[str, Any]) -> bool:
    """Whether what a well-formed certificate says is so, at the samples, at the roots between them, and in between."""
    read = data["topology"]
    topology = Topology.of(read["inputs"], read["nodes"], read["outputs"])
    rows = [[Fraction(x) for x in row] for row in data["points"]]
    samples = [Fraction(x) for x in data["samples"]]

    def right(number: int, w: Fraction) -> bool:
        return right_at(topology, rows[number], data["labels"][number], w)

    def all_right(cell: int, ws: list[Fraction]) -> bool:
        wrong = data["cells"][cell]
        return all((right(k, w) if wrong < 0 else not right(wrong, w)) for w in ws for k in range(len(rows)))

    for number, (low, high) in enumerate(pairwise(samples)):
        irreducible = {
            tuple(int(a) for a in f.coeffs())
            for factor in data["factors"]
            for f, _ in fmpz_poly([int(a) for a in factor]).factor()[1]
        }
        crossing = [f for f in irreducible if _sign(f, low) * _sign(f, high) < 0]
        if len(crossing) != 1:
            return False
        asked = [data["cells"][2 * number + 1]] if data["cells"][2 * number + 1] >= 0 else range(len(rows))
        for row in asked:
            at = right_at_root(topology, rows[row], data["labels"][row], crossing[0], low, high)
            if at != (data["cells"][2 * number + 1] < 0):
                return False
    return all(all_right(2 * number, [w]) for number, w in enumerate(samples))


def _sign(f: tuple[int, ...], x: Fraction) -> int:
    value = fmpz_poly(list(f))(rational(x))
    return int(value > 0) - int(value < 0)


@pytest.mark.parametrize("data", [APART_XOR, XOR_BY_SQUARES], ids=["apart", "squares"])
def test_every_number_changed_is_refused_or_still_true(data: dict[str, Any]) -> None:
    numbers = [path for path in places(data) if path and type(_at(data, path)) is int and path != ("gradproof",)]
    accepted = 0
    for path in numbers:
        for step in (1, -1):
            other = changed(data, path, lambda x, step=step: x + step)
            if isinstance(verdict(other), Accepted):
                accepted += 1
                assert holds(other), (path, step)
    assert accepted < len(numbers)


def _at(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        data = data[key]
    return data


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"factors": []}, Rejected),
        ({"factors": [[0, 1], [0, 1]]}, Rejected),
        ({"factors": [[0, 1], [0, 2]]}, Rejected),
        ({"factors": [[0, 0, 1]]}, Rejected),
        ({"factors": [[0, 0, 0, 1]]}, Rejected),
        ({"factors": [[0, -1, 0, 1]]}, Rejected),
        ({"factors": [[-1, 1]], "samples": [0, 2]}, Rejected),
        ({"factors": [[0, 1], [3]]}, Malformed),
        ({"factors": [[0, 1, 0]]}, Malformed),
        ({"samples": [1, -1]}, Malformed),
        ({"samples": [-1, 0, 1]}, Rejected),
        ({"samples": []}, Malformed),
        ({"samples": [-1, 0]}, Rejected),
        ({"samples": [1, 2]}, Rejected),
        ({"cells": [-1, 1]}, Malformed),
        ({"cells": [-1, 4, -1]}, Malformed),
        ({"cells": [-1, -1, -1]}, Rejected),
        ({"cells": [-1, 0, -1]}, Rejected),
        ({"cells": [1, 1, -1]}, Rejected),
        ({"labels": [0, 1, 1, 1]}, Rejected),
        ({"labels": [0, 1, 1, 2]}, Malformed),
        ({"labels": [0, 1, 1]}, Malformed),
        ({"points": [[0, 0], [0, 1], [1, 0], [1]]}, Malformed),
        ({"points": [], "labels": []}, Malformed),
        ({"interval": [1, 0], "every": True}, Malformed),
        ({"interval": [0, 1]}, Malformed),
        ({"topology": {**APART, "outputs": []}}, Malformed),
        ({"topology": {**APART, "outputs": [2]}}, Malformed),
        ({"topology": {**APART, "outputs": [6]}}, Malformed),
        ({"topology": {**APART, "nodes": [["linear", [1]], ["inverse", [5]], ["abs", [3, 4]]]}}, Malformed),
        ({"topology": {**APART, "nodes": [["linear", [1, 1]], ["inverse", [2]], ["abs", [3, 4]]]}}, Malformed),
        ({"topology": {**APART, "nodes": [["softmax", [1]], ["inverse", [2]], ["abs", [3, 4]]]}}, Malformed),
        ({"topology": {**APART, "nodes": [["tanh", [1]], ["inverse", [2]], ["abs", [3, 4]]]}}, Rejected),
        ({"topology": {**APART, "nodes": [["linear", [1]], ["inverse", [2]], ["cos", [3, 4]]]}}, Rejected),
    ],
)
def test_a_changed_certificate_is_not_accepted(change: dict[str, Any], answer: type) -> None:
    assert type(verdict({**APART_XOR, **change})) is answer


@pytest.mark.parametrize(("last", "cells"), [("tanh", [-1, 1, -1]), ("sigmoid", [0, 0, 0]), ("gaussian", [0, 0, 0])])
def test_the_last_node_may_bend_where_it_is_the_only_output(last: str, cells: list[int]) -> None:
    topology = {**APART, "nodes": [*APART["nodes"], ["linear", [5]], [last, [6]]], "outputs": [7]}
    cells = cells if last != "tanh" else [0, 1, 0]
    positive = {**APART_XOR, "topology": {**topology, "nodes": [*APART["nodes"], ["square", [5]], [last, [6]]]}}
    if last == "tanh":
        assert check({**positive, "cells": [1, 1, -1]}).kind == "shared_weight"
    else:
        assert check({**positive, "cells": cells}).kind == "shared_weight"
    assert type(verdict({**positive, "topology": {**positive["topology"], "outputs": [7, 7]}})) is Rejected


CHAIN = [["square", [1 + k]] for k in range(12)]
LONG = 10**999
HOSTILE = {
    "degree": certificate(
        "shared_weight", topology={"inputs": 1, "nodes": CHAIN, "outputs": [13]}, points=[[1]], labels=[1],
        factors=[[0, 1]], samples=[-1, 1], cells=[-1, 0, -1],
    ),
    "long numbers": certificate(
        "shared_weight", topology={"inputs": 1, "nodes": [*CHAIN[:6], ["abs", [7]]], "outputs": [8]},
        points=[[f"{LONG}/{LONG + 1}"]], labels=[1], factors=[[0, 1]], samples=[-1, 1], cells=[-1, 0, -1],
    ),
    "denominators that grow in a sum": certificate(
        "shared_weight", topology={"inputs": 500, "nodes": [["linear", [*range(1, 501)]]], "outputs": [501]},
        points=[[f"1/{LONG // 10 + 2 * k + 1}" for k in range(500)]], labels=[1], factors=[[0, 1]], samples=[-1, 1],
        cells=[-1, 0, -1],
    ),
    "denominators that grow in a product": certificate(
        "shared_weight", points=[[f"1/{10**40 + 2 * k + 1}" for k in range(90)]], labels=[1],
        topology={
            "inputs": 90, "outputs": [182],
            "nodes": [
                ["linear", [1]], *(["linear", [90 + k, k + 1]] for k in range(1, 90)),
                ["square", [180]], ["abs", [181]],
            ],
        },
        factors=[[0, 1]], samples=[-1, 1], cells=[-1, 0, -1],
    ),
    "long factors": {**APART_XOR, "factors": [[LONG - k for k in range(200)]] * 3},
    "factor of high degree": {**APART_XOR, "factors": [[1] * 5000]},
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_certificate_is_refused_in_time(name: str) -> None:
    answer = verdict(HOSTILE[name])
    assert isinstance(answer, Rejected)
    assert len(str(answer)) < 200


def test_remainders_that_grow_cost_more() -> None:
    def cost(degree: int) -> int:
        reader = Reader()
        real_roots([(k * 7919) % 1009 - 500 for k in range(degree + 1)], reader)
        return reader.left

    spent = [Reader.left - cost(degree) for degree in (10, 20, 40)]
    assert spent[1] > 4 * spent[0]
    assert spent[2] > 8 * spent[1]


@given(st.lists(st.integers(-6, 6), min_size=2, max_size=7), st.lists(st.integers(-4, 4), min_size=1, max_size=4))
def test_polynomials_against_flint(f: list[int], roots: list[int]) -> None:
    f = f if f[-1] else [*f[:-1], 1]
    product = fmpz_poly(f)
    for root in roots:
        product *= fmpz_poly([-root, 1])
    p = [int(a) for a in product.coeffs()]
    different = [root for root, _ in product.complex_roots() if root.imag == 0]
    assert real_roots(p, Reader()) == len(different)
    assert side(p, Fraction(1, 3), Reader()) == _sign(tuple(p), Fraction(1, 3))
    for divisor in (f, [-roots[0], 1], [2, 3]):
        quotient, rest = divide(p, divisor, Reader())
        back = [Fraction(0)] * (len(quotient) + len(divisor))
        for j, a in enumerate(quotient):
            for k, b in enumerate(divisor):
                back[j + k] += a * b
        for k, a in enumerate(rest):
            back[k] += a
        assert back[: len(p)] == p
        assert len(rest) < len(divisor)
    assert fmpq(1, 3) == rational(Fraction(1, 3))


def test_squares_are_what_they_say() -> None:
    topology = Topology.of(SQUARES["inputs"], SQUARES["nodes"], SQUARES["outputs"])  # type: ignore[arg-type]
    for x, label in zip(XOR["points"], XOR["labels"], strict=True):
        for w in (Fraction(9, 10), Fraction(-9, 10)):
            assert right_at(topology, [Fraction(v) for v in x], label, w)
