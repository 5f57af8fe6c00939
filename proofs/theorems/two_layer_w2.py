"""Two-layer network: dL/dW2 = r^T u + lam W2."""

from __future__ import annotations

from proofs.theorems.derivation import result
from proofs.theorems.theorem import Theorem, main
from proofs.theorems.two_layer_network import LOGITS, W2, derive_gradient, e, g
from proofs.theorems.two_layer_output import through_output


def theorem() -> Theorem:
    return result(
        "two_layer_w2",
        "Two-layer network: gradient by W2",
        "The gradient of the loss by the output weights is r^T u + lam W2, u = (p - y)/N.",
        derive_gradient(W2[g, e], through_output, LOGITS),
    )


if __name__ == "__main__":
    main(theorem)
