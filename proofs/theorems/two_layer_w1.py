"""Two-layer network: dL/dW1 = X^T v + lam W1."""

from __future__ import annotations

from proofs.theorems.derivation import result
from proofs.theorems.theorem import Theorem, main
from proofs.theorems.two_layer_hidden import through_hidden
from proofs.theorems.two_layer_network import PRE_ACTIVATION, W1, derive_gradient, g, q


def theorem() -> Theorem:
    return result(
        "two_layer_w1",
        "Two-layer network: gradient by W1",
        "The gradient of the loss by the hidden weights is X^T v + lam W1, v = (u W2^T) r (1 - r).",
        derive_gradient(W1[q, g], through_hidden, PRE_ACTIVATION),
    )


if __name__ == "__main__":
    main(theorem)
