"""The perceptron rule run in exact arithmetic from zero on AND."""

from __future__ import annotations

from proofs.claim import Scope
from proofs.networks.perceptron_claims import show_state
from proofs.separation import show_vector
from proofs.theorems.formal_steps import AND, converges_step, first_step, inputs_text, run_of
from proofs.theorems.theorem import Theorem, main


def theorem() -> Theorem:
    """On AND, from zero with rate 1, the perceptron comes to rest, and where. Source: Rosenblatt 1958."""
    found = run_of(AND)
    order = inputs_text(found.order, AND)
    return Theorem(
        name="perceptron_and",
        title="The perceptron learns AND",
        text=f"From zero with rate 1, in the order {order}, the perceptron stops at {show_state(found.final)}.",
        latex=r"w \leftarrow w + (t - a)\, x, \quad b \leftarrow b + (t - a)"
        rf"\quad\text{{stops at}}\quad (w, b) = {show_vector(found.final)}",
        scope=Scope(f"this start, this rate, the order {order}"),
        steps=(first_step("AND", found), converges_step("AND", found)),
        source="Rosenblatt, The perceptron, Psychological Review 65, 1958",
    )


if __name__ == "__main__":
    main(theorem)
