"""On XOR the perceptron never stops: its state repeats, and no state is right on every input."""

from __future__ import annotations

from proofs.claim import Scope
from proofs.networks import cycles_certificate
from proofs.networks.perceptron_claims import describe
from proofs.theorems import xor
from proofs.theorems.formal_steps import XOR, inputs_text, run_of
from proofs.theorems.theorem import Step, Theorem, main


def theorem() -> Theorem:
    """A repeated state, with an update in between, repeats for ever. Source: Minsky and Papert, Perceptrons, 1969."""
    found = run_of(XOR)
    earlier = found.visits - found.period * len(found.order)
    order = inputs_text(found.order, XOR)
    return Theorem(
        name="perceptron_xor",
        title="The perceptron never stops on XOR",
        text=f"From zero with rate 1, in the order {order}, the perceptron's state repeats, so that it never stops.",
        latex=rf"(w, b)_{{{earlier}}} = (w, b)_{{{found.visits}}}"
        r" \;\Rightarrow\; (w, b)_k = (w, b)_{k + p} \text{ for all later } k"
        rf", \quad p = {found.visits - earlier}",
        scope=Scope(f"this start, this rate, the order {order}; in any other order it never stops either"),
        steps=(
            Step("run in exact arithmetic", f"XOR: {describe(found)}", cycles_certificate(found)),
            xor.theorem().steps[0],
        ),
        source="Minsky and Papert, Perceptrons, 1969",
    )


if __name__ == "__main__":
    main(theorem)
