"""XOR with hidden threshold units: one cannot, two can, and one suffices with a skip connection."""

from __future__ import annotations

from proofs.claim import Scope
from proofs.networks import hidden_units
from proofs.separation import TruthTable
from proofs.theorems import xor
from proofs.theorems.formal_steps import XOR
from proofs.theorems.theorem import Step, Theorem, main


def theorem() -> Theorem:
    """No line, no network with one hidden unit; a network with two, and one with one unit and a skip connection."""
    return Theorem(
        name="hidden_units",
        title="XOR needs two hidden threshold units, or one and a skip connection",
        text=(
            "Neither a threshold unit alone nor one that reads a single hidden threshold unit computes XOR; with two "
            "hidden units, or one and a skip connection, a network does."
        ),
        latex=r"x_1 \oplus x_2 = [\,v \cdot h(x) + c \ge 0\,], \qquad h_k(x) = [\,w_k \cdot x + b_k \ge 0\,]",
        scope=Scope("all real weights and biases, at the four inputs"),
        steps=(
            xor.theorem().steps[0],
            units_step("XOR", XOR, 1),
            units_step("XOR", XOR, 2),
            units_step("XOR", XOR, 1, skip=True),
        ),
        source="Minsky and Papert, Perceptrons, 1969",
    )


def units_step(name: str, table: TruthTable, units: int, *, skip: bool = False) -> Step:
    """So many hidden units can, with the weights, or cannot, with the clauses that end in a contradiction."""
    answer = hidden_units(table.points, table.labels, units=units, skip=skip)
    if answer.network is not None:
        text = f"{name} is computed by {answer.network}"
        return Step("put in every input", text, answer.certificate, answer.evidence)
    reads = "the inputs and " if skip else ""
    many = "a single hidden threshold unit" if units == 1 else f"{units} hidden threshold units"
    text = f"{name} is not computed by a threshold unit that reads {reads}{many}: {answer.reason}"
    return Step("go through all cases", text, answer.certificate, answer.evidence)


if __name__ == "__main__":
    main(theorem)
