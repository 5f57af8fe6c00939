"""All 256 functions of three inputs: 104 have a linear separator."""

from __future__ import annotations

from proofs.claim import Evidence, Scope
from proofs.separation import census
from proofs.theorems.theorem import Step, Theorem, main


def theorem() -> Theorem:
    """104 of the 256 functions of three inputs are threshold functions. Source: OEIS A000609, n = 3."""
    certificate = census(3)
    separable, total = certificate.data["threshold"], len(certificate.data["functions"])
    found = (Evidence("z3", "Z3 found every weight and every multiplier", "assumed"),)
    return Theorem(
        name="three_input_functions",
        title=f"{separable} of the {total} functions of three inputs have a linear separator",
        text=f"{separable} of the {total} functions of three inputs are 1 where w.x + b >= 0 and 0 elsewhere.",
        latex=r"\#\{ f : \{0,1\}^3 \to \{0,1\} \mid f(x) = [w \cdot x + b \ge 0] \} = "
        rf"{separable}",
        scope=Scope("all 256 functions of three inputs, all real weights and biases"),
        steps=(
            Step(
                "go through all cases",
                f"{separable} of the {total} functions have weights, each of the others has multipliers",
                certificate,
                found,
            ),
        ),
        source="OEIS A000609",
    )


if __name__ == "__main__":
    main(theorem)
