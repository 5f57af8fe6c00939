"""Index terms with symbolic sizes: build, differentiate, normalise, compare; the bridge to SymPy."""

from proofs.calculus.algebra import DomainError
from proofs.calculus.settle import settle_statement
from proofs.calculus.terms import Statement

__all__ = ["DomainError", "Statement", "settle_statement"]
