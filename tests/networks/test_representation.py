"""What a topology represents, against random weights, against Z3, and against another way to count."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.claim import Status
from proofs.networks.representation import Topology, count_representable, own_weights, topologies
from proofs.networks.representation_claims import settle_representable, settle_representation
from proofs.networks.representation_solver import find_weights
from proofs.networks.representation_table import as_markdown, lines, summary
from proofs.separation import SeparationError

TABLES = [f"{number:04b}" for number in range(16)]
EVERY = [*topologies()]
WEIGHTS = st.sampled_from([Fraction(k, 2) for k in range(-4, 5)])
some = st.sampled_from(EVERY)


def output(topology: Topology, weights: Any) -> str:
    """The table of the output, one input after the other."""
    found = ""
    for point in range(2**topology.inputs):
        values = [1, *(point >> (topology.inputs - 1 - place) & 1 for place in range(topology.inputs))]
        for unit, own in zip(topology.units, weights, strict=True):
            values.append(int(sum(w * values[source] for source, w in zip(unit, own, strict=True)) >= 0))
        found += str(values[-1])
    return found


@given(some, st.data())
def test_what_any_weights_give_is_counted(topology: Topology, data: st.DataObject) -> None:
    weights = [[data.draw(WEIGHTS) for _ in unit] for unit in topology.units]
    assert output(topology, weights) in count_representable(topology).free
    w = data.draw(st.fractions(-9, 9))
    assert output(topology, [[w] * len(unit) for unit in topology.units]) in count_representable(topology).shared


@given(some)
def test_every_counted_function_has_the_weights_that_are_named(topology: Topology) -> None:
    found = count_representable(topology)
    assert {*found.shared} <= {*found.free}
    assert 1 <= len(found.shared) <= 2
    for table in found.free:
        assert output(topology, own_weights(topology, table)) == table
    with pytest.raises(SeparationError, match="does not have the function"):
        own_weights(topology, next((table for table in TABLES if table not in found.free), "none"))


@given(some, st.sampled_from(TABLES), st.booleans())
def test_z3_agrees(topology: Topology, table: str, shared: bool) -> None:
    found = count_representable(topology)
    weights = find_weights(topology, table, shared=shared)
    assert (weights is not None) == (table in (found.shared if shared else found.free))
    if weights is not None:
        assert output(topology, weights) == table
        assert not shared or len({w for unit in weights for w in unit}) == 1


@given(some)
def test_renaming_keeps_the_counts(topology: Topology) -> None:
    renamed = topology.renamed()
    assert renamed.renamed() == renamed
    one, other = count_representable(topology), count_representable(renamed)
    assert (len(one.free), len(one.shared)) == (len(other.free), len(other.shared))


def test_the_table_has_every_topology_once() -> None:
    assert len(EVERY) == len({*EVERY}) == 1351
    found = lines()
    assert sum(line.members for line in found) == len(EVERY)
    assert sum(times for *_, times in summary(found)) == len(found) == 663
    assert as_markdown(lines(2, 0)).splitlines()[-1] == "| output reads 1, x1, x2 | 1 | 14 | 2 |"
    assert [line.free for line in lines(1, 0)] == [2, 2, 4]


def test_a_single_unit_with_a_bias_has_the_threshold_functions() -> None:
    assert [len(count_representable(Topology.full(n, 0)).free) for n in (1, 2)] == [4, 14]


def test_a_shared_weight_is_not_enough_for_and() -> None:
    verdict = settle_representation(Topology.full(2, 0), name="review")
    assert verdict.status is Status.REFUTED
    assert verdict.counterexample == "AND (0001) takes output = [- 2 + x1 + x2 >= 0], and no shared weight gives it"
    assert settle_representation(Topology.full(2, 0), enough=False, name="review").status is Status.PROVED
    assert settle_representation(Topology(2, ((1,),)), name="one edge").status is Status.PROVED


@pytest.mark.parametrize(
    ("table", "shared", "status"),
    [("0001", False, "PROVED"), ("0001", True, "REFUTED"), ("0000", True, "PROVED"), ("0110", False, "REFUTED")],
)
def test_one_function_is_settled(table: str, shared: bool, status: str) -> None:
    unit = Topology.full(2, 0)
    assert settle_representable(unit, table, shared=shared, name="x").status == status
    opposite = settle_representable(unit, table, shared=shared, possible=False, name="x")
    assert {opposite.status.value, status} == {"PROVED", "REFUTED"}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Topology(3, ((1,),)), "inputs: expected 1 to 2, got 3"),
        (lambda: Topology(2, ()), "expected an output and at most 2"),
        (lambda: Topology(2, ((1,),) * 4), "got 4"),
        (lambda: Topology(2, ((3,),)), "unit 1: expected some of the numbers 0 to 2"),
        (lambda: Topology(2, ((2, 1),)), "ascending order"),
        (lambda: [*topologies(2, 3)], "hidden: expected 0 to 2, got 3"),
        (lambda: settle_representable(Topology.full(2, 0), "01", name="x"), "table: expected 4 digits"),
    ],
)
def test_bad_input_is_named(make: Any, message: str) -> None:
    with pytest.raises(SeparationError, match=message):
        make()
