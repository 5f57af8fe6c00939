"""gradproof settles claims about neural-network mathematics, each with a certificate anyone can re-check."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proofs.derivations import settle
    from proofs.gradients import prove_equal, prove_gradient, prove_vjp
    from proofs.gradients.registry import gradient_of, vjp_of
    from proofs.networks import perceptron_bound
    from proofs.networks.shared import Topology, read_topology, settle_shared_weight, shared_weight_set
    from proofs.separation import certify_separable

__all__ = [
    "Topology",
    "certify_separable",
    "gradient_of",
    "perceptron_bound",
    "prove_equal",
    "prove_gradient",
    "prove_vjp",
    "read_topology",
    "settle",
    "settle_shared_weight",
    "shared_weight_set",
    "vjp_of",
]

_ROOMS = {
    "Topology": "proofs.networks.shared",
    "certify_separable": "proofs.separation",
    "gradient_of": "proofs.gradients.registry",
    "perceptron_bound": "proofs.networks",
    "prove_equal": "proofs.gradients",
    "prove_gradient": "proofs.gradients",
    "prove_vjp": "proofs.gradients",
    "read_topology": "proofs.networks.shared",
    "settle": "proofs.derivations",
    "settle_shared_weight": "proofs.networks.shared",
    "shared_weight_set": "proofs.networks.shared",
    "vjp_of": "proofs.gradients.registry",
}


def __getattr__(name: str) -> Any:
    """What `proofs` offers is loaded at its first use, so that importing a single room stays light."""
    if name not in _ROOMS:
        raise AttributeError(f"module 'proofs' has no attribute {name!r}")
    return getattr(import_module(_ROOMS[name]), name)
