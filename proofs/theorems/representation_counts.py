"""Functions of every topology with up to two hidden threshold units on two inputs: by own and by shared weights."""

from __future__ import annotations

from proofs.claim import Scope
from proofs.networks.representation import count_representable, representation_certificate, topologies
from proofs.networks.representation_claims import function_name
from proofs.networks.representation_table import lines, summary_text
from proofs.theorems import representation
from proofs.theorems.theorem import Step, Theorem, main

INPUTS, HIDDEN = 2, 2


def theorem() -> Theorem:
    """Every topology in which every unit reads something and every hidden unit is read, in one certificate."""
    every = [*topologies(INPUTS, HIDDEN)]
    found = lines(INPUTS, HIDDEN)
    same = [line for line in found if line.free == line.shared]
    idle = sum(not any({1, 2} & {*unit} for unit in line.topology.units) for line in same)
    single = [str(line.topology) for line in same if line.topology.edges == 1 and line.topology.units[0] != (0,)]
    together = {table for topology in every for table in count_representable(topology).shared}
    never = [function_name(table) for table in representation.TABLES if table not in together]
    certificate = representation_certificate(every, hidden=HIDDEN)
    return Theorem(
        name="representation_counts",
        title=f"On {len(found) - len(same)} of {len(found)} small topologies a shared weight has fewer functions",
        text=(
            f"Of the {len(found)} topologies with two inputs and at most two hidden threshold units (up to the order "
            f"of inputs and of hidden units), {len(found) - len(same)} have fewer functions by one shared weight than "
            f"by weights of their own. The others are the {idle} that read no input, and: {', '.join(single)}. "
            f"Together they have all 16 functions by weights of their own; {', '.join(never)} by no shared weight."
        ),
        latex="",
        scope=Scope("all real weights, at the four inputs; every unit reads something, every hidden unit is read"),
        steps=(
            representation.theorem().steps[1],
            Step(
                "go through all cases",
                f"functions by own weights / by a shared weight on how many topologies: {summary_text(found)}",
                certificate,
            ),
        ),
    )


if __name__ == "__main__":
    main(theorem)
