"""XOR has no linear separator, with the Farkas multipliers that a reader adds up by hand."""

from __future__ import annotations

from proofs.theorems.formal_steps import ALL_WEIGHTS, XOR, addition_step, refutation_step, score, zero
from proofs.theorems.theorem import Theorem, main


def theorem() -> Theorem:
    """No w, b with w.x + b >= 0 at 01, 10 and < 0 at 00, 11. Source: Minsky and Papert, Perceptrons, 1969."""
    ones, zeros = score(XOR, 1) + score(XOR, 2), score(XOR, 0) + score(XOR, 3)
    return Theorem(
        name="xor",
        title="XOR has no linear separator",
        text="No weights w and bias b satisfy w.x + b >= 0 at 01 and 10 and w.x + b < 0 at 00 and 11.",
        latex=r"\nexists\, w \in \mathbb{R}^2, b \in \mathbb{R} : \; w \cdot x + b \ge 0 \iff x_1 \oplus x_2 = 1",
        scope=ALL_WEIGHTS,
        steps=(
            refutation_step("XOR", XOR),
            addition_step(
                "the scores at 01 and 10 (both >= 0) have the same sum as those at 00 and 11 (both < 0)",
                ones - zeros,
                zero(),
            ),
        ),
        source="Minsky and Papert, Perceptrons, 1969",
    )


if __name__ == "__main__":
    main(theorem)
