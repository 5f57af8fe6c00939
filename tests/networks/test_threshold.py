from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs.claim import Status
from proofs.networks import ThresholdNetwork, find_network, settle_hidden_units, settle_network, smallest_network
from proofs.separation import SeparationError, Separator, TruthTable, separator
from proofs.separation.boolean import parity
from tests.separation.data_strategies import Data, data_sets
from tests.separation.rechecking import holds

XOR, PARITY = TruthTable.parse("0110"), TruthTable.parse("01101001")


def unit(*numbers: int) -> Separator:
    *weights, bias = map(Fraction, numbers)
    return Separator(tuple(weights), bias)


@pytest.mark.parametrize(
    ("units", "skip", "possible", "kind"),
    [
        (0, False, False, "farkas"),
        (1, False, False, "resolution"),
        (2, False, True, "separator"),
        (1, True, True, "separator"),
    ],
)
def test_hidden_units_for_xor(units: int, skip: bool, possible: bool, kind: str) -> None:
    arguments: dict[str, Any] = {"units": units, "skip": skip, "name": "c"}
    verdict = settle_hidden_units(XOR.points, XOR.labels, possible=possible, **arguments)
    assert verdict
    assert verdict.certificate is not None
    assert verdict.certificate.kind == kind
    assert kind == "resolution" or holds(dict(verdict.certificate.data))
    against = settle_hidden_units(XOR.points, XOR.labels, possible=not possible, **arguments)
    assert against.status is Status.REFUTED


def test_parity_of_three_with_three_units() -> None:
    assert settle_hidden_units(PARITY.points, PARITY.labels, units=3, name="c")


def test_little_effort_is_undecided() -> None:
    verdict = settle_hidden_units(PARITY.points, PARITY.labels, units=2, name="c", effort=1)
    assert verdict.status is Status.UNDECIDED
    assert "effort" in verdict.reason


@settings(max_examples=30)
@given(data_sets(most_rows=5, largest=1), st.booleans())
def test_networks_found_compute_the_labels(data: Data, skip: bool) -> None:
    network = find_network(*data, units=1, skip=skip)
    if network is not None:
        assert holds(dict(network.certificate(*data).data))
        assert settle_network(*data, network, name="c")
    if not skip:
        assert (network is None) == (separator(*data) is None)


def test_a_wrong_network_names_the_row() -> None:
    both = ThresholdNetwork((unit(1, 1, -1), unit(1, 1, -2)), unit(1, 1, -1))
    verdict = settle_network(XOR.points, XOR.labels, both, name="c")
    assert verdict.status is Status.REFUTED
    assert verdict.counterexample == "at row 3, x = (1, 1), the output is 1, but the label is 0"


def test_a_network_is_shown_unit_by_unit() -> None:
    network = ThresholdNetwork((unit(-2, -2, 3),), unit(4, 2, 2, -5), skip=True)
    assert str(network) == "h1 = [-2 x1 - 2 x2 + 3 >= 0], output = [4 h1 + 2 x1 + 2 x2 - 5 >= 0]"
    assert settle_network(XOR.points, XOR.labels, network, name="c")
    assert str(ThresholdNetwork((), unit(1, 0, -1))) == "output = [x1 - 1 >= 0]"


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (ThresholdNetwork((unit(1, 1),), unit(1, 0)), "hidden unit 1: expected 2 weights"),
        (ThresholdNetwork((unit(1, 1, 1),), unit(1, 1, 0)), "output unit: expected 1 weights"),
        (ThresholdNetwork((unit(1, 1, 1),), unit(1, 0), skip=True), "output unit: expected 3 weights"),
    ],
)
def test_networks_that_do_not_fit_are_refused(network: ThresholdNetwork, message: str) -> None:
    with pytest.raises(SeparationError, match=message):
        settle_network(XOR.points, XOR.labels, network, name="c")


@pytest.mark.parametrize("units", [-1, 17, "2", True])
def test_bad_numbers_of_units_are_refused(units: Any) -> None:
    with pytest.raises(SeparationError, match="units: expected 0 to 16"):
        settle_hidden_units(XOR.points, XOR.labels, units=units, name="c")


def test_a_network_of_too_many_units_is_undecided_at_once() -> None:
    table = TruthTable.parse("01" * 2**11)
    unit = Separator((Fraction(1),) * 12, Fraction(0))
    network = ThresholdNetwork((unit,) * 100, Separator((Fraction(1),) * 100, Fraction(0)))
    verdict = settle_network(table.points, table.labels, network, name="c")
    assert verdict.status is Status.UNDECIDED
    assert "products" in verdict.reason
    assert settle_hidden_units(table.points, table.labels, units=16, name="c").status is Status.UNDECIDED


@pytest.mark.parametrize(
    ("inputs", "skip", "units"), [(1, False, 0), (2, False, 2), (3, False, 3), (2, True, 1), (3, True, 1)]
)
def test_parity_needs_as_many_units_as_is_known(inputs: int, skip: bool, units: int) -> None:
    table = parity(inputs)
    smallest = smallest_network(table.points, table.labels, skip=skip)
    assert smallest.status is Status.PROVED
    assert smallest.network is not None
    assert len(smallest.network.hidden) == len(smallest.fewer) == units
    assert [verdict.certificate.kind for verdict in smallest.verdicts if verdict.certificate] == [
        *["farkas"][:units],
        *["resolution"] * (units - 1),
        "separator",
    ]


def test_a_smallest_network_without_the_effort_to_prove_it_is_undecided() -> None:
    smallest = smallest_network(PARITY.points, PARITY.labels, effort=1, most=2)
    assert smallest.status is Status.UNDECIDED
    few = smallest_network(PARITY.points, PARITY.labels, most=1)
    assert (few.network, few.status) == (None, Status.UNDECIDED)
    assert [verdict.status for verdict in few.verdicts] == [Status.PROVED, Status.PROVED]
    with pytest.raises(SeparationError, match="most: expected"):
        smallest_network(PARITY.points, PARITY.labels, most=-1)
