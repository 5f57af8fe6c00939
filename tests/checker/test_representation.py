"""The kind representation: what is left out, named wrongly or not established is not accepted."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from proofs.checker import Malformed, Refuted, Rejected, check
from proofs.networks.representation import Topology, representation_certificate, topologies

AND: dict[str, Any] = dict(representation_certificate([Topology.full(2, 0)]).data)
SMALL: dict[str, Any] = dict(representation_certificate([*topologies(2, 0)], hidden=0).data)


def changed(data: dict[str, Any], *path: Any) -> dict[str, Any]:
    """With the value at the path replaced by the last argument, or deleted if that is None."""
    copy = deepcopy(data)
    *inner, key, value = path
    target: Any = copy
    for step in inner:
        target = target[step]
    if value is None:
        del target[key]
    else:
        target[key] = value
    return copy


def test_the_counts_are_said() -> None:
    assert check(AND).says.startswith("the units [[0, 1, 2]] have 14 of 16 functions by own weights")
    assert check(SMALL).says.startswith(
        "of 7 topologies of 2 inputs, all with up to 0 hidden units, each unit reading something and each hidden one "
        "being read, 4 have fewer functions"
    )


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (changed(AND, "topologies", 0, "free", AND["topologies"][0]["free"][:-1]), Refuted),
        (changed(AND, "topologies", 0, "free", [*AND["topologies"][0]["free"], "0110"]), Refuted),
        (changed(AND, "topologies", 0, "shared", ["0000", "0001", "1111"]), Refuted),
        (changed(AND, "topologies", 0, "shared", ["1111"]), Refuted),
        (changed(AND, "reading", 0, "weights", 0, None), Rejected),
        (changed(AND, "reading", 0, "multipliers", 0, None), Rejected),
        (changed(AND, "reading", 0, "multipliers", 0, 0, 5), Rejected),
        (changed(AND, "reading", 0, "multipliers", 0, [0, 0, 0, 0]), Rejected),
        (changed(AND, "reading", 0, "multipliers", 0, [-1, 1, 1]), Malformed),
        (changed(AND, "reading", 0, "weights", 0, [1, 1]), Malformed),
        (changed(AND, "reading", 0, "tables", ["0011", "0101", "2"]), Malformed),
        (changed(AND, "reading", 0, "tables", []), Malformed),
        (changed(AND, "reading", []), Rejected),
        (changed(AND, "topologies", []), Rejected),
        (changed(AND, "topologies", [AND["topologies"][0]] * 2), Malformed),
        (changed(AND, "topologies", 0, "units", []), Malformed),
        (changed(AND, "topologies", 0, "units", [[0, 1, 3]]), Malformed),
        (changed(AND, "topologies", 0, "units", [[1, 0, 2]]), Malformed),
        (changed(AND, "topologies", 0, "units", [[0, 1, 1]]), Malformed),
        (changed(AND, "topologies", 0, "units", [[True, 2]]), Malformed),
        (changed(AND, "hidden", 0), Rejected),
        (changed(SMALL, "topologies", 0, None), Rejected),
        (changed(SMALL, "hidden", 1), Rejected),
        (changed(SMALL, "inputs", 4), Malformed),
    ],
)
def test_what_does_not_hold_is_not_accepted(data: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        check(data)


def test_a_combination_without_a_negative_number_excludes_nothing() -> None:
    """All weighted sums 0 make the table 1111: [1, 1, 1, 1] must not exclude it, were it to be left out."""
    data = changed(SMALL, "reading", [{"tables": ["0000"], "weights": [], "multipliers": [[1, 1, 1, 1]]}])
    with pytest.raises(Rejected, match="nothing negative"):
        check(data)


def test_many_units_cost_no_time_and_no_memory() -> None:
    told = {"units": [[] for _ in range(16_000)], "free": ["1111"], "shared": ["1111"]}
    with pytest.raises(Malformed, match="1 to 40 units"):
        check({**SMALL, "topologies": [told]})
