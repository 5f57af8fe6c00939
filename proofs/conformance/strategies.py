"""Hypothesis strategies for the arrays people forget to try; use them in your own tests, alone or together.

Batches of 0 and 1, sizes on both sides of 16, 32, 64 and 128, ties, zeros of both signs, logits of 1e4, subnormal and
largest floats; C and Fortran order, every second element, negative strides, broadcast and read-only views; (3,) and
(1, 3); labels of every class in several integer types. All shrink towards few, small, plain numbers in C order.

    @given(strategies.arrays((3, 4), "float32"))
    def test_softmax(x): ...
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]

LAYOUTS = ("C", "readonly", "F", "strided", "reversed", "broadcast")
LABEL_TYPES = ("int64", "int32", "int8", "uint8")
EDGES = (15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129)
SPECIAL = (0.0, -0.0, 1.0, -1.0, 5.0, -6.0, 30.0, -40.0, 89.0, -104.0, 709.0, -746.0, 1e4, -1e4)


def limits(dtype: DTypeLike) -> Any:
    """``np.finfo``, for bfloat16 too where ml_dtypes is installed."""
    if dtype == "bfloat16":
        try:
            import_module("ml_dtypes")
        except ImportError:
            raise ImportError("bfloat16 is that of ml_dtypes: pip install 'gradproof[bfloat16]'") from None
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return np.finfo(kind)
    return import_module("ml_dtypes").finfo(kind)


def laid_out(array: Array, layout: str) -> Array:
    """The numbers of `array` in another memory layout; ``broadcast`` repeats the first row in a view of stride 0."""
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
            return np.broadcast_to(array[:1], array.shape) if len(array) else array
        case "readonly":
            array = array.copy()
            array.flags.writeable = False
    return array


def layouts() -> st.SearchStrategy[str]:
    """One of `LAYOUTS`."""
    return st.sampled_from(LAYOUTS)


def sizes(*, empty: bool = False, largest: int = 6, edges: bool = False) -> st.SearchStrategy[int]:
    """A size: 1 to `largest`, 0 too where a batch may be `empty`, and those around powers of two if wanted."""
    small = st.integers(0 if empty else 1, largest)
    return st.one_of(small, st.sampled_from(EDGES)) if edges else small


def numbers(
    dtype: DTypeLike = "float64", *, limit: float = 20.0, special: bool = True, positive: bool = False
) -> st.SearchStrategy[float]:
    """Floats of `dtype`: whole ones so that ties are common, moderate ones, and `SPECIAL` ones beyond `limit`.

    `limit` is a float of `dtype`.
    """
    info = limits(dtype)
    limit = min(limit, float(info.max))
    width: Any = {"float16": 16, "float64": 64}.get(np.dtype(dtype).name, 32)
    plain = st.one_of(
        st.integers(-3, 3).map(float), st.floats(-2, 2, width=width), st.floats(-limit, limit, width=width)
    )
    chosen = st.one_of(plain, st.sampled_from(SPECIAL)) if special else plain
    return chosen.map(lambda x: abs(x) + 0.125) if positive else chosen


def extremes(dtype: DTypeLike = "float64") -> st.SearchStrategy[float]:
    """Zeros, ones, subnormal numbers, the smallest normal and the largest floats, of both signs."""
    info = limits(dtype)
    found = (0.0, 1.0, float(info.smallest_subnormal), float(info.tiny), float(info.max) / 2, float(info.max))
    return st.sampled_from([*found, *(-x for x in found)])


def arrays(
    shape: tuple[int, ...], dtype: DTypeLike = "float64", elements: st.SearchStrategy[float] | None = None
) -> st.SearchStrategy[Array]:
    """Arrays of `shape` and `dtype` in any layout."""
    plain = hnp.arrays(np.float64, shape, elements=numbers(dtype) if elements is None else elements)
    return st.builds(laid_out, plain.map(lambda a: cast(a, dtype)), layouts())


def ties(shape: tuple[int, ...], dtype: DTypeLike = "float64") -> st.SearchStrategy[Array]:
    """Arrays of few different numbers, so that largest elements are met several times."""
    return arrays(shape, dtype, st.sampled_from((0.0, 1.0, -1.0)))


def labels(shape: tuple[int, ...], classes: int, dtypes: tuple[str, ...] = LABEL_TYPES) -> st.SearchStrategy[Array]:
    """Labels in ``range(classes)``, in any layout and one of the integer types that can hold them."""
    able = [kind for kind in dtypes if np.iinfo(kind).max >= classes - 1]
    plain = st.sampled_from(able).flatmap(
        lambda k: hnp.arrays(np.dtype(k), shape, elements=st.integers(0, classes - 1))
    )
    return st.builds(laid_out, plain, layouts())


def one_hot(n: int, classes: int, dtype: DTypeLike = "float64") -> st.SearchStrategy[Array]:
    """Labels as rows of zeros with a one."""
    return labels((n,), classes).map(lambda y: np.eye(classes)[y].astype(dtype))


def probabilities(n: int, classes: int, dtype: DTypeLike = "float64") -> st.SearchStrategy[Array]:
    """Rows of non-negative numbers that add up to about 1, exact zeros and ones included."""
    counts = hnp.arrays(np.int64, (n, classes), elements=st.integers(0, 4))
    return st.builds(laid_out, counts.map(lambda c: normalised(c, dtype)), layouts())


def normalised(counts: Array, dtype: DTypeLike) -> Array:
    """Rows divided by their sums; a row of zeros becomes one of equal numbers."""
    counts = np.where(counts.sum(axis=-1, keepdims=True) > 0, counts, 1).astype(float)
    found: Array = (counts / counts.sum(axis=-1, keepdims=True)).astype(dtype)
    return found


def one_more_axis(array: Array) -> st.SearchStrategy[Array]:
    """The array, and with an axis of one before or behind: (3,) against (1, 3) and (3, 1)."""
    return st.sampled_from([array, array[None], array[..., None]])


def cast(array: Array, dtype: DTypeLike) -> Array:
    """The array as `dtype`, what is beyond its range at its end."""
    largest = float(limits(dtype).max)
    return np.clip(array, -largest, largest).astype(dtype)


def shapes(dims: Mapping[str, str], *, batch: str = "") -> st.SearchStrategy[dict[str, int]]:
    """A size for every dimension, of which `batch` may be 0."""
    names = dict.fromkeys(d for row in dims.values() for d in row.replace("->", " ").split() if d.isidentifier())
    return st.fixed_dictionaries({name: sizes(empty=name == batch) for name in names})
