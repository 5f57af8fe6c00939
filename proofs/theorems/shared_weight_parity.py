"""A network found by search computes the parity of three inputs with every positive shared weight, and no other."""

from __future__ import annotations

from proofs.claim import Scope
from proofs.networks.shared import Topology
from proofs.separation.boolean import parity
from proofs.theorems import shared_weight_zero
from proofs.theorems.shared_weight_steps import HIGH, LOW, every_step, set_step, zero_step
from proofs.theorems.theorem import Theorem, main

TOPOLOGY = Topology.of(
    3,
    (
        ("linear", (2,)),
        ("inverse", (4,)),
        ("inverse", (3,)),
        ("relu", (1,)),
        ("abs", (6, 7)),
        ("abs", (5, 8)),
        ("relu", (6,)),
        ("relu", (5,)),
        ("linear", (9, 10, 11)),
    ),
    (12,),
)
"""As `examples/weight_agnostic.py --task parity3` finds it; 0 is the constant 1, 1 to 3 the inputs, then the nodes."""


def theorem() -> Theorem:
    """The set of weights, the intervals [0.1, 2] and [-2, -0.1], and what happens at 0."""
    table, name = parity(3), "the parity of 3 inputs"
    return Theorem(
        name="shared_weight_parity",
        title="One topology computes the parity of 3 inputs with every positive shared weight",
        text=(
            "With the same weight w on each of its 13 connections the network computes the parity of 3 inputs (its "
            "output is > 0 exactly where the parity is 1) for every w > 0, so for every w in [0.1, 2], and for no "
            "w <= 0. At 0 no network does."
        ),
        latex=r"\forall w > 0, \; \forall x \in \{0, 1\}^3 : \quad N_w(x) > 0 \iff x_1 \oplus x_2 \oplus x_3 = 1",
        scope=Scope("all real shared weights w, at the eight inputs"),
        steps=(
            set_step(name, TOPOLOGY, table),
            every_step(name, TOPOLOGY, table, LOW, HIGH),
            every_step(name, TOPOLOGY, table, -HIGH, -LOW),
            zero_step(name, TOPOLOGY, table),
            *shared_weight_zero.theorem().steps,
        ),
        source="Gaier and Ha, Weight Agnostic Neural Networks, 2019 (arXiv 1906.04358)",
    )


if __name__ == "__main__":
    main(theorem)
