"""XOR with hidden threshold units: one cannot, two can, and one suffices with a skip connection."""

from __future__ import annotations

from proofs.claim import Evidence, Scope
from proofs.networks import find_network
from proofs.separation import census
from proofs.theorems import xnor, xor
from proofs.theorems.formal_steps import XOR
from proofs.theorems.theorem import Step, Theorem, main


def theorem() -> Theorem:
    """An output unit that sees one bit h computes a constant, h or not h: then h would be XOR or XNOR."""
    one_input = census(1)
    return Theorem(
        name="hidden_units",
        title="XOR needs two hidden threshold units, or one and a skip connection",
        text=(
            "An output unit that reads a single hidden threshold unit cannot compute XOR; with two hidden units, or "
            "one and a skip connection, it can."
        ),
        latex=r"x_1 \oplus x_2 = [\,v \cdot h(x) + c \ge 0\,], \qquad h_k(x) = [\,w_k \cdot x + b_k \ge 0\,]",
        scope=Scope("all real weights and biases, at the four inputs"),
        steps=(
            Step(
                "go through all cases",
                "as a function of the one bit h it reads, the output is one of four: constant 0, h, not h, constant 1; "
                "XOR is not constant, so h would be XOR or XNOR",
                one_input,
                _denied(),
            ),
            xor.theorem().steps[0],
            xnor.theorem().steps[0],
            _network(2, skip=False),
            _network(1, skip=True),
        ),
        source="Minsky and Papert, Perceptrons, 1969",
    )


def _denied() -> tuple[Evidence, ...]:
    if find_network(XOR.points, XOR.labels, units=1) is not None:
        return ()
    return (Evidence("z3", "Z3 finds no weights for one hidden unit and its output unit taken together", "assumed"),)


def _network(units: int, *, skip: bool) -> Step:
    network = find_network(XOR.points, XOR.labels, units=units, skip=skip)
    if network is None:
        raise ValueError(f"XOR: expected a network with {units} hidden units, got none from Z3")
    found = (Evidence("z3", "Z3 found all weights in one problem", "assumed"),)
    text = f"XOR is computed by {network}"
    return Step("put in every input", text, network.certificate(XOR.points, XOR.labels), found)


if __name__ == "__main__":
    main(theorem)
