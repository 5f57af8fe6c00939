"""Floating-point code held to a formula at the inputs people forget: tested, with derived tolerances, never proved.

What is here is loaded at its first use: a test suite that has the plugin and does not use it pays nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proofs.conformance.adapters import check_jax, check_torch
    from proofs.conformance.checking import check_forward, check_gradient, check_vjp
    from proofs.conformance.decorating import conforms_to
    from proofs.conformance.oracle import OracleError
    from proofs.conformance.report import Conformance, Report
    from proofs.conformance.strategies import laid_out

__all__ = [
    "Conformance",
    "OracleError",
    "Report",
    "check_forward",
    "check_gradient",
    "check_jax",
    "check_torch",
    "check_vjp",
    "conforms_to",
    "laid_out",
]

_MODULES = {
    "Conformance": "report",
    "OracleError": "oracle",
    "Report": "report",
    "check_forward": "checking",
    "check_gradient": "checking",
    "check_jax": "adapters",
    "check_torch": "adapters",
    "check_vjp": "checking",
    "conforms_to": "decorating",
    "laid_out": "strategies",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'proofs.conformance' has no attribute {name!r}")
    return getattr(import_module(f"proofs.conformance.{_MODULES[name]}"), name)
