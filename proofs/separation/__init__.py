"""Truth tables and data sets: a separating hyperplane or a refutation, both certified.

A row x with label 1 wants w.x + b >= 0, a row with label 0 wants w.x + b < 0. What is found, by whatever means, counts
only after `proofs.conclude` had its certificate re-checked.

- `TruthTable.parse("0110")` has `.points` and `.labels`; `data_set(points, labels)` reads any rows exactly.
- `certify_separable(X, y)`: are the classes of a data set separable? Any usual kind of X and y; a `Separation`.
- `settle_separable(points, labels, *, name, separable=True)`: is there a separating hyperplane (or: is there none)?
- `settle_separator(points, labels, weights, bias, *, name)`: is it this one?
- `settle_smallest(points, labels, weights, bias, *, name)`: are these the smallest integer weights?
- `separate`, `separator`, `farkas_multipliers`, `smallest_integer_weights`: what is found, not yet checked.
- `explain_farkas(points, labels, multipliers)`: the refutation, to be followed by hand.
- `census(inputs)`: all functions of 1, 2 or 3 inputs as one certificate.
- `proofs.separation.boolean` reads and decides Boolean functions; `proofs.separation.census` counts by classes.

Numbers are int, Fraction, Decimal, a text such as ``"0.4"`` or ``"-3/7"`` (exact), or float (exactly the double).
All raise `SeparationError`, a ValueError, on bad input.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from proofs.separation.census import census
from proofs.separation.certificates import farkas_certificate, separator_certificate
from proofs.separation.data import DataSet, Number, SeparationError, TruthTable, data_set, exact, show, show_vector
from proofs.separation.explain import affine_text, explain_farkas, farkas_sentence, score_text
from proofs.separation.integers import Smallest, smallest_integer_weights
from proofs.separation.settle import settle_separable, settle_separator
from proofs.separation.smallest import settle_smallest
from proofs.separation.solver import EffortExceeded, Refutation, Separator, farkas_multipliers, separate, separator

if TYPE_CHECKING:
    from proofs.separation.certify import certify_separable, settle_table
    from proofs.separation.separation import Separation, Separations

__all__ = [
    "DataSet",
    "EffortExceeded",
    "Number",
    "Refutation",
    "Separation",
    "SeparationError",
    "Separations",
    "Separator",
    "Smallest",
    "TruthTable",
    "affine_text",
    "census",
    "certify_separable",
    "data_set",
    "exact",
    "explain_farkas",
    "farkas_certificate",
    "farkas_multipliers",
    "farkas_sentence",
    "score_text",
    "separate",
    "separator",
    "separator_certificate",
    "settle_separable",
    "settle_separator",
    "settle_smallest",
    "settle_table",
    "show",
    "show_vector",
    "smallest_integer_weights",
]


def __getattr__(name: str) -> Any:
    """The questions about data load SciPy, at their first use."""
    if name not in ("Separation", "Separations", "certify_separable", "settle_table"):
        raise AttributeError(f"module 'proofs.separation' has no attribute {name!r}")
    return getattr(import_module("proofs.separation.certify"), name)
