"""Parity of n inputs needs n hidden threshold units for n = 2, 3, 4; with skip connections 1, 1, 2."""

from __future__ import annotations

from proofs.claim import Scope
from proofs.separation.boolean import parity
from proofs.theorems import hidden_units
from proofs.theorems.formal_steps import refutation_step
from proofs.theorems.theorem import Step, Theorem, main

INPUTS = (2, 3, 4)
WITH_SKIP = {2: 1, 3: 1, 4: 2}


def theorem() -> Theorem:
    """For each n: the network, and for each smaller number of units the refutation."""
    return Theorem(
        name="parity_hidden_units",
        title="Parity of 2, 3, 4 inputs needs 2, 3, 4 hidden threshold units; with skip connections 1, 1, 2",
        text=(
            "A network with one hidden layer of threshold units computes the parity of n inputs, n = 2, 3, 4, with n "
            "hidden units and with no fewer; where the output unit also reads the inputs, with 1, 1, 2 and no fewer."
        ),
        latex=r"x_1 \oplus \cdots \oplus x_n = [\,v \cdot h(x) + c \ge 0\,], \qquad h(x) \in \{0, 1\}^n, "
        r"\qquad n = 2, 3, 4",
        scope=Scope("all real weights and biases, at the 2^n inputs, n = 2, 3, 4"),
        steps=tuple(step for inputs in INPUTS for step in _steps(inputs)),
        source="Fung and Li, Minimal feedforward parity networks using threshold gates, Neural Computation 13, 2001",
    )


def _steps(inputs: int) -> tuple[Step, ...]:
    table, name = parity(inputs), f"parity of {inputs} inputs"
    plain = (hidden_units.units_step(name, table, units) for units in range(1, inputs + 1))
    skip = (hidden_units.units_step(name, table, units, skip=True) for units in range(1, WITH_SKIP[inputs] + 1))
    return (refutation_step(name, table), *plain, *skip)


if __name__ == "__main__":
    main(theorem)
