"""Two-layer network: dL/db2 = the column sums of u."""

from __future__ import annotations

from proofs.theorems.derivation import result
from proofs.theorems.theorem import Theorem, main
from proofs.theorems.two_layer_network import LOGITS, b2, derive_gradient, e
from proofs.theorems.two_layer_output import through_output


def theorem() -> Theorem:
    return result(
        "two_layer_b2",
        "Two-layer network: gradient by b2",
        "The gradient of the loss by the output biases is the sum of the rows of u = (p - y)/N.",
        derive_gradient(b2[e], through_output, LOGITS),
    )


if __name__ == "__main__":
    main(theorem)
