"""What the tests draw: arrays of proofs.conformance.strategies, and the cases functions of numeric/ are tried on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from proofs.conformance.strategies import (
    LAYOUTS,
    Array,
    arrays,
    extremes,
    labels,
    laid_out,
    layouts,
    numbers,
    probabilities,
)

__all__ = [
    "DTYPES",
    "LAYOUTS",
    "Array",
    "Case",
    "arrays",
    "dtypes",
    "extremes",
    "labels",
    "laid_out",
    "layouts",
    "numbers",
    "probabilities",
]

DTYPES = (np.dtype(np.float32), np.dtype(np.float64))


def dtypes() -> st.SearchStrategy[np.dtype[Any]]:
    """float32 or float64."""
    return st.sampled_from(DTYPES)


@dataclass(frozen=True)
class Case:
    """Sizes, dtype, and the arrays by name that a function is called with."""

    sizes: dict[str, int]
    dtype: np.dtype[Any]
    arrays: dict[str, Array]

    def __repr__(self) -> str:
        parts = [f"{k}={v!r} (strides {v.strides}, {v.dtype})" for k, v in self.arrays.items()]
        return f"{self.dtype} {self.sizes}: " + ", ".join(parts)
