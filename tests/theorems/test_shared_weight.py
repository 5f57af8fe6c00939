"""The networks of the theorems are those in examples/, and answer as claimed at many weights, worked out plainly."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from proofs.claim import Status
from proofs.networks.shared import Topology, read_topology
from proofs.theorems import shared_weight_parity, shared_weight_xor
from tests.networks.shared.reference import right_at
from tests.report.settled import settled

TOPOLOGIES = Path(__file__).parents[2] / "examples" / "topologies"
WEIGHTS = [Fraction(k, 7) for k in range(-21, 22)] + [Fraction(1, 10**9), Fraction(10**9), Fraction(-(10**9))]


@pytest.mark.parametrize(
    ("topology", "file", "inputs", "negative"),
    [
        (shared_weight_xor.TOPOLOGY, "xor", 2, True),
        (shared_weight_parity.TOPOLOGY, "parity3", 3, False),
    ],
)
def test_the_network_is_the_one_found_and_right_where_it_is_said_to_be(
    topology: Topology, file: str, inputs: int, negative: bool
) -> None:
    assert read_topology(TOPOLOGIES / f"{file}.json") == topology
    points = [tuple(map(Fraction, bits)) for bits in product((0, 1), repeat=inputs)]
    for w in WEIGHTS:
        right = all(right_at(topology, point, int(sum(point)) % 2, w) for point in points)
        assert right == (w > 0 or (negative and w < 0)), w


def test_they_are_proved_and_rest_on_the_weight_0() -> None:
    for name in ("shared_weight_xor", "shared_weight_parity"):
        result = settled(name)
        assert result.status is Status.PROVED
        kinds = [step.subject.kind for step in result.theorem.steps if hasattr(step.subject, "kind")]
        assert kinds == ["shared_weight"] * 3 + ["shared_cover"]
    assert settled("shared_weight_zero").status is Status.PROVED
