"""Two-layer network: dL/dX = v W1^T."""

from __future__ import annotations

from proofs.theorems.derivation import result
from proofs.theorems.theorem import Theorem, main
from proofs.theorems.two_layer_hidden import through_hidden
from proofs.theorems.two_layer_network import PRE_ACTIVATION, X, derive_gradient, n, q


def theorem() -> Theorem:
    return result(
        "two_layer_x",
        "Two-layer network: gradient by X",
        "The gradient of the loss by the inputs is v W1^T, v = (u W2^T) r (1 - r).",
        derive_gradient(X[n, q], through_hidden, PRE_ACTIVATION),
    )


if __name__ == "__main__":
    main(theorem)
