"""prove_vjp, prove_gradient, prove_equal: the gradient of real NumPy code proved for every size, or refuted."""

from proofs.gradients.proof import Proof
from proofs.gradients.proving import prove_equal, prove_gradient, prove_vjp

__all__ = ["Proof", "prove_equal", "prove_gradient", "prove_vjp"]
