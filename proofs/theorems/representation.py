"""On a fixed topology one shared weight represents fewer functions than weights of their own: AND tells them apart.

Units are 1 where the weighted sum is >= 0; a shared weight is one real number on every edge, that of the bias included.
"""

from __future__ import annotations

from proofs.claim import Evidence, Scope
from proofs.networks.representation import Topology, count_representable, representation_certificate
from proofs.networks.representation_claims import function_name, weights_text
from proofs.networks.representation_solver import find_weights
from proofs.separation import Separator, separate
from proofs.theorems.formal_steps import AND, separator_step
from proofs.theorems.theorem import Step, Theorem, main

TABLES = tuple(f"{number:04b}" for number in range(16))
UNIT = Topology.full(2, 0)
NETWORKS = (
    Topology.full(2, 1),
    Topology.full(2, 1, skip=True),
    Topology.full(2, 2),
    Topology.full(2, 2, skip=True, chained=True),
)


def theorem() -> Theorem:
    """AND by weights of its own; that unit with a shared weight; networks with one and two hidden units."""
    line = separate(AND.points, AND.labels)
    if not isinstance(line, Separator):
        raise ValueError(f"AND: expected a separator, got {line}")
    found = count_representable(UNIT)
    return Theorem(
        name="representation",
        title="One shared weight represents fewer functions than weights of their own",
        text=(
            f"A threshold unit that reads two inputs and a bias has {len(found.free)} of the 16 functions by weights "
            f"of their own, AND among them, and {len(found.shared)} by one weight shared by all edges; networks with "
            "one or two hidden units keep to two. On a fixed topology, a weight that is not chosen edge by edge does "
            "not have the representational power of trained weights."
        ),
        latex=r"\{[\,w x_1 + w x_2 + w \ge 0\,] : w \in \mathbb{R}\} \subsetneq "
        r"\{[\,w_1 x_1 + w_2 x_2 + b \ge 0\,] : w_1, w_2, b \in \mathbb{R}\}",
        scope=Scope("all real weights, at the four inputs; each topology that a step names"),
        steps=(
            separator_step("AND", AND, line, (Evidence("z3", "Z3 found the weights", "assumed"),)),
            *(counts_step(topology) for topology in (UNIT, *NETWORKS)),
        ),
        source="on the claim of Gaier and Ha, Weight Agnostic Neural Networks, 2019, arXiv 1906.04358",
    )


def counts_step(topology: Topology) -> Step:
    """The functions that a topology has, and one that takes weights of their own."""
    found = count_representable(topology)
    table = next(table for table in (str(AND), *found.separating) if table in found.separating)
    text = (
        f"{topology}: {len(found.free)} functions by weights of their own, {len(found.shared)} by a shared weight "
        f"({', '.join(map(function_name, found.shared))}); {function_name(table)} by {weights_text(topology, table)}"
    )
    agree = find_weights(topology, table) is not None and find_weights(topology, table, shared=True) is None
    said = f"Z3 finds weights for {function_name(table)}, and no shared one"
    evidence = (Evidence("z3", said, "assumed"),) if agree else ()
    return Step("go through all cases", text, representation_certificate([topology]), evidence)


if __name__ == "__main__":
    main(theorem)
