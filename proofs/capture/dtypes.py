"""What becomes of dtypes: arrays are real, integer or boolean, and code may not ask which precision they have."""

from __future__ import annotations

from typing import Any

import numpy as np

from proofs.capture.refusal import NotCaptured


class SymbolicDtype:
    """The type of a symbolic array's elements: it can be passed on, and not be asked about."""

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return np.dtype

    def _refuse(self, *_: Any) -> Any:
        raise NotCaptured("code that depends on the dtype of an array")

    __eq__ = __ne__ = __hash__ = __str__ = __repr__ = __getattr__ = _refuse
    dtype = property(_refuse)


KINDS = {"f": "real", "i": "integer", "u": "narrow", "b": "boolean"}


def kind_of(dtype: Any) -> str:
    """The kind of a dtype: real, integer, boolean, or narrow: an integer without a sign or of less than 32 bits.

    Raises NotCaptured for another.
    """
    if type(dtype) is str and dtype in KINDS.values():
        return dtype
    if dtype is None or type(dtype) is SymbolicDtype:
        return "real"
    found = np.dtype(dtype)
    if found.kind not in KINDS:
        raise NotCaptured(f"the dtype {dtype!r}")
    return "narrow" if found.kind == "i" and found.itemsize < 4 else KINDS[found.kind]


def refuse_narrow(kind: str) -> None:
    """Raises NotCaptured for the kind whose numbers wrap around."""
    if kind == "narrow":
        raise NotCaptured("arithmetic in integers of few bits or without a sign, which wraps around: use int or float")
