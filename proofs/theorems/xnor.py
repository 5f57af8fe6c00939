"""XNOR has no linear separator: the multipliers of XOR with the two sides exchanged."""

from __future__ import annotations

from proofs.theorems import xor
from proofs.theorems.formal_steps import ALL_WEIGHTS, XNOR, refutation_step
from proofs.theorems.theorem import Theorem, main


def theorem() -> Theorem:
    """No w, b with w.x + b >= 0 at 00, 11 and < 0 at 01, 10. Source: Minsky and Papert, Perceptrons, 1969."""
    return Theorem(
        name="xnor",
        title="XNOR has no linear separator",
        text="No weights w and bias b satisfy w.x + b >= 0 at 00 and 11 and w.x + b < 0 at 01 and 10.",
        latex=r"\nexists\, w \in \mathbb{R}^2, b \in \mathbb{R} : \; w \cdot x + b \ge 0 \iff x_1 \oplus x_2 = 0",
        scope=ALL_WEIGHTS,
        steps=(refutation_step("XNOR", XNOR), xor.theorem().steps[1]),
        source="Minsky and Papert, Perceptrons, 1969",
    )


if __name__ == "__main__":
    main(theorem)
