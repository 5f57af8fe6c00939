"""A network found by search computes XOR with every shared weight but 0."""

from __future__ import annotations

from proofs.claim import Scope
from proofs.networks.shared import Topology
from proofs.theorems import shared_weight_zero
from proofs.theorems.formal_steps import XOR
from proofs.theorems.shared_weight_steps import HIGH, LOW, every_step, set_step, zero_step
from proofs.theorems.theorem import Theorem, main

TOPOLOGY = Topology.of(
    2,
    (
        ("inverse", (1,)),
        ("linear", (2,)),
        ("square", (3, 4)),
        ("inverse", (1, 2)),
        ("relu", (6,)),
        ("linear", (5, 7)),
        ("linear", (7, 8)),
    ),
    (9,),
)
"""As `examples/weight_agnostic.py --task xor` finds it; 0 is the constant 1, 1 and 2 the inputs, then the nodes."""


def theorem() -> Theorem:
    """The set of weights, the intervals [0.1, 2] and [-2, -0.1], and what happens at 0."""
    return Theorem(
        name="shared_weight_xor",
        title="One topology computes XOR with every shared weight but 0",
        text=(
            "With the same weight w on each of its 11 connections the network computes XOR (its output is > 0 exactly "
            "where XOR is 1) for every w except 0; so for every w in [0.1, 2] and in [-2, -0.1]. At 0 no network does."
        ),
        latex=r"\forall w \in \mathbb{R} \setminus \{0\}, \; \forall x \in \{0, 1\}^2 : \quad "
        r"N_w(x) > 0 \iff x_1 \oplus x_2 = 1",
        scope=Scope("all real shared weights w, at the four inputs"),
        steps=(
            set_step("XOR", TOPOLOGY, XOR),
            every_step("XOR", TOPOLOGY, XOR, LOW, HIGH),
            every_step("XOR", TOPOLOGY, XOR, -HIGH, -LOW),
            zero_step("XOR", TOPOLOGY, XOR),
            *shared_weight_zero.theorem().steps,
        ),
        source="Gaier and Ha, Weight Agnostic Neural Networks, 2019 (arXiv 1906.04358)",
    )


if __name__ == "__main__":
    main(theorem)
