"""All 16 functions of two inputs: 14 have a linear separator, XOR and XNOR have none."""

from __future__ import annotations

from proofs.claim import Evidence, Scope
from proofs.separation import census
from proofs.theorems import xnor, xor
from proofs.theorems.formal_steps import XNOR, XOR
from proofs.theorems.theorem import Step, Theorem, main


def theorem() -> Theorem:
    """14 of the 16 functions of two inputs are threshold functions. Source: OEIS A000609, n = 2."""
    certificate = census(2)
    separable, total = certificate.data["threshold"], len(certificate.data["functions"])
    names = {str(XOR): "XOR (0110)", str(XNOR): "XNOR (1001)"}
    exceptions = [
        names.get(table, table) for table, entry in certificate.data["functions"].items() if "multipliers" in entry
    ]
    found = (Evidence("z3", "Z3 found every weight and every multiplier", "assumed"),)
    return Theorem(
        name="two_input_functions",
        title=f"{separable} of the {total} functions of two inputs have a linear separator",
        text=f"All but {' and '.join(exceptions)} can be written as 1 where w.x + b >= 0, 0 elsewhere.",
        latex=r"\#\{ f : \{0,1\}^2 \to \{0,1\} \mid f(x) = [w \cdot x + b \ge 0] \} = "
        rf"{separable}",
        scope=Scope("all 16 functions of two inputs, all real weights and biases"),
        steps=(
            Step(
                "go through all cases",
                f"{separable} of the {total} functions have weights, each of the others has multipliers",
                certificate,
                found,
            ),
            xor.theorem().steps[0],
            xnor.theorem().steps[0],
        ),
        source="OEIS A000609",
    )


if __name__ == "__main__":
    main(theorem)
