"""A written document's claims, settled line by line: `gradproof audit`, and `settle` for one equation from Python.

AUDIT.md in this folder describes the document format on one page. Text is read by the grammar in
`proofs.calculus.syntax` and never evaluated; what cannot be read raises `InputError`, a ValueError.
"""

from proofs.calculus.text import InputError
from proofs.derivations.audit import audit, audit_text
from proofs.derivations.findings import Audit, Item, Line
from proofs.derivations.settling import settle

__all__ = ["Audit", "InputError", "Item", "Line", "audit", "audit_text", "settle"]
