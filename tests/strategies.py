"""Hypothesis strategies shared by the tests: the arrays that people forget to try.

Batches of 0 and 1, one class, ties, zeros of both signs, extreme values; float32 and float64; C and Fortran order,
negative strides, every second element, broadcast and read-only views.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

Array = NDArray[Any]

LAYOUTS = ("C", "F", "reversed", "strided", "broadcast", "readonly")
DTYPES = (np.dtype(np.float32), np.dtype(np.float64))
SPECIAL = (0.0, -0.0, 1.0, -1.0, 5.0, -6.0, 30.0, -40.0, 89.0, -104.0, 709.0, -746.0, 1e4, -1e4)


def laid_out(array: Array, layout: str) -> Array:
    """The numbers of `array` in another memory layout; ``broadcast`` repeats the first row in a view."""
    if array.ndim == 0:
        return array
    match layout:
        case "F":
            return np.asfortranarray(array)
        case "reversed":
            return array[::-1, ...].copy()[::-1, ...]
        case "strided":
            roomy = np.zeros([2 * n for n in array.shape], array.dtype)
            view = roomy[tuple(slice(None, None, 2) for _ in array.shape)]
            view[...] = array
            return view
        case "broadcast":
            return np.broadcast_to(array[:1], array.shape)
        case "readonly":
            array = array.copy()
            array.flags.writeable = False
    return array


def layouts() -> st.SearchStrategy[str]:
    """One of `LAYOUTS`."""
    return st.sampled_from(LAYOUTS)


def dtypes() -> st.SearchStrategy[np.dtype[Any]]:
    """float32 or float64."""
    return st.sampled_from(DTYPES)


def numbers(dtype: np.dtype[Any], *, limit: float = 20.0, special: bool = True) -> st.SearchStrategy[float]:
    """Floats of `dtype`: mostly moderate ones, ties and zeros often, and `SPECIAL` ones beyond `limit` if wanted."""
    width = 8 * dtype.itemsize
    limit = float(np.float32(limit))
    plain = st.one_of(
        st.integers(-3, 3).map(float),
        st.floats(-2, 2, width=width),
        st.floats(-limit, limit, width=width),  # type: ignore[arg-type]
    )
    return st.one_of(plain, st.sampled_from(SPECIAL)) if special else plain


def extremes(dtype: np.dtype[Any]) -> st.SearchStrategy[float]:
    """Zeros, subnormal numbers, and the largest floats."""
    info = np.finfo(dtype)
    found = (0.0, 1.0, float(info.max), float(info.max) / 2, float(info.tiny), float(info.smallest_subnormal))
    return st.sampled_from([*found, *(-x for x in found)])


def arrays(
    shape: tuple[int, ...], dtype: np.dtype[Any], elements: st.SearchStrategy[float] | None = None
) -> st.SearchStrategy[Array]:
    """Arrays of `shape` and `dtype` in any layout."""
    plain = hnp.arrays(dtype, shape, elements=numbers(dtype) if elements is None else elements)
    return st.builds(laid_out, plain, layouts())


def labels(n: int, classes: int) -> st.SearchStrategy[Array]:
    """`n` labels in ``range(classes)``, as int64, int32 or uint8, in any layout."""
    kinds = st.sampled_from([np.dtype(kind) for kind in (np.int64, np.int32, np.uint8)])
    plain = kinds.flatmap(lambda kind: hnp.arrays(kind, (n,), elements=st.integers(0, classes - 1)))
    return st.builds(laid_out, plain, layouts())


def probabilities(n: int, classes: int, dtype: np.dtype[Any]) -> st.SearchStrategy[Array]:
    """Rows of non-negative numbers that add up to about 1, exact zeros and ones included."""
    counts = hnp.arrays(np.int64, (n, classes), elements=st.integers(0, 4))
    return st.builds(laid_out, counts.map(lambda c: _normalised(c, dtype)), layouts())


def _normalised(counts: Array, dtype: np.dtype[Any]) -> Array:
    counts = np.where(counts.sum(axis=1, keepdims=True) > 0, counts, 1).astype(dtype)
    return counts / counts.sum(axis=1, keepdims=True)


@dataclass(frozen=True)
class Case:
    """Sizes, dtype, and the arrays by name that a function is called with."""

    sizes: dict[str, int]
    dtype: np.dtype[Any]
    arrays: dict[str, Array]

    def __repr__(self) -> str:
        parts = [f"{k}={v!r} (strides {v.strides}, {v.dtype})" for k, v in self.arrays.items()]
        return f"{self.dtype} {self.sizes}: " + ", ".join(parts)
