"""Two-layer network: dL/db1 = the column sums of v."""

from __future__ import annotations

from proofs.theorems.derivation import result
from proofs.theorems.theorem import Theorem, main
from proofs.theorems.two_layer_hidden import through_hidden
from proofs.theorems.two_layer_network import PRE_ACTIVATION, b1, derive_gradient, g


def theorem() -> Theorem:
    return result(
        "two_layer_b1",
        "Two-layer network: gradient by b1",
        "The gradient of the loss by the hidden biases is the sum of the rows of v = (u W2^T) r (1 - r).",
        derive_gradient(b1[g], through_hidden, PRE_ACTIVATION),
    )


if __name__ == "__main__":
    main(theorem)
