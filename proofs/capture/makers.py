"""NumPy's functions that make arrays, watched for symbolic sizes; None means that the plain function is right."""

# ruff: noqa: ARG001  (the parameters are those of NumPy)
from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from proofs.calculus.terms import Num
from proofs.capture import shaping
from proofs.capture import values as v
from proofs.capture.absent import is_absent
from proofs.capture.array import Run, SymbolicArray, value_of
from proofs.capture.dtypes import SymbolicDtype, kind_of
from proofs.capture.labels import SymbolicLabels, SymbolicRange
from proofs.capture.refusal import NotCaptured
from proofs.capture.shapes import Axis, Shape
from proofs.capture.sizes import is_symbolic
from proofs.capture.triangles import triangle
from proofs.capture.values import Value


def _shape(run: Run, wanted: Any) -> Shape | None:
    """A shape argument as a symbolic shape, None if it is no shape."""
    sizes = wanted if isinstance(wanted, (tuple, list)) else (wanted,)
    if not all(isinstance(n, (int, np.integer)) for n in sizes):
        return None
    return tuple(run.axis(n) for n in sizes)


def _constant(number: int) -> Callable[..., Any]:
    def make(run: Run, shape: Any, dtype: Any = None, order: str = "C", **_: Any) -> Any:
        found = _shape(run, shape)
        return None if found is None else run.array(v.filled(found, Num(Fraction(number)))).of_kind(dtype)

    return make


def _empty(run: Run, shape: Any, dtype: Any = None, order: str = "C", **_: Any) -> Any:
    """What an array holds before it is written to is unknown, and must not show."""
    found = _shape(run, shape)
    if found is None:
        return None
    return run.array(run.unknown(f"empty {run.tape.name('empty')}", "empty", found)).of_kind(kind_or_real(dtype))


def kind_or_real(dtype: Any) -> str:
    """The kind f; raises NotCaptured for another."""
    if kind_of(dtype) != "real":
        raise NotCaptured("np.empty of another dtype than float")
    return "real"


def _full(run: Run, shape: Any, fill_value: Any, dtype: Any = None, order: str = "C", **_: Any) -> Any:
    found = _shape(run, shape)
    if found is None:
        return None
    if is_absent(fill_value):
        return run.array(v.filled(found, Num(Fraction(0))), present=v.filled(found, Num(Fraction(0))))
    if dtype is None and isinstance(fill_value, (int, np.integer, np.bool_)):
        dtype = bool if isinstance(fill_value, (bool, np.bool_)) else int
    return run.array(Value(found, v.stretched(value_of(run, fill_value), found))).of_kind(dtype)


def _eye(run: Run, n: Any, M: Any = None, k: Any = 0, dtype: Any = None, **_: Any) -> Any:
    if not isinstance(n, (int, np.integer)):
        return None
    if k != 0 or (M is not None and not (M is n or n == M)):
        raise NotCaptured("np.eye that is not square, or off the diagonal")
    return run.array(v.identity(run.tape, run.axis(n))).of_kind(dtype)


def axis_range(run: Run, axis: Axis) -> SymbolicRange:
    """The range over an axis."""
    return SymbolicRange(run, axis)


def arange(run: Run, *args: Any, dtype: Any = None, **_: Any) -> Any:
    """``np.arange`` and ``range`` over a symbolic size."""
    if not any(is_symbolic(a) for a in args):
        return None
    start, stop, step = (0, *args, 1)[:3] if len(args) == 1 else (*args, 1)[:3]
    if any(is_symbolic(x) for x in (start, step)) or start != 0 or step != 1:
        raise NotCaptured("np.arange over a symbolic size with a start or a step")
    if dtype is not None and np.dtype(dtype).kind not in "iu":
        raise NotCaptured("np.arange over a symbolic size as real numbers")
    return axis_range(run, run.axis(stop))


def _tri(run: Run, N: Any, M: Any = None, k: Any = 0, dtype: Any = float, **_: Any) -> Any:
    if not is_symbolic(N) and not is_symbolic(M):
        return None
    rows = run.axis(N)
    return run.array(triangle(run, rows, rows if M is None else run.axis(M), k)).of_kind(dtype)


def _asarray(run: Run, a: Any, dtype: Any = None, *_: Any, **__: Any) -> Any:
    if isinstance(a, SymbolicArray):
        return a if dtype is None or type(dtype) is SymbolicDtype else _as_kind(a, dtype)
    return array(run, a, dtype)


def _contiguous(run: Run, a: Any, dtype: Any = None, *_: Any, **__: Any) -> Any:
    if isinstance(a, SymbolicArray):
        return a.copy_or_view(a.value)
    return array(run, a, dtype)


def _as_kind(given: SymbolicArray, dtype: Any) -> SymbolicArray:
    """The same array where the dtype is of its kind: real numbers of any precision are real numbers."""
    made = given.astype(dtype)
    if made.kind == given.kind and given.present is None:
        return given.copy_or_view(given.value)
    return made


def array(run: Run, object: Any, dtype: Any = None, *_: Any, copy: Any = True, ndmin: int = 0, **__: Any) -> Any:
    """``np.array`` of a symbolic array, or of a list with one in it."""
    if isinstance(object, SymbolicLabels):
        return object if dtype is None else object.astype(dtype)
    if isinstance(object, SymbolicArray):
        made = object.astype(dtype) if dtype is not None else object.copy()
    elif isinstance(object, (list, tuple)) and _has_symbolic(object):
        boolean = all(isinstance(x, SymbolicArray) and x.boolean for x in object)
        made = run.array(value_of(run, object), boolean=boolean)
        made = made.astype(dtype) if dtype is not None else made
    else:
        return None
    if copy is not True or ndmin > made.ndim:
        raise NotCaptured("np.array with copy= or ndmin=")
    return made


def _has_symbolic(given: Any) -> bool:
    if isinstance(given, (list, tuple)):
        return any(_has_symbolic(x) for x in given)
    return isinstance(given, SymbolicArray) or is_symbolic(given)


def _of_list(function: Any) -> Callable[..., Any]:
    """A reduction of a list with symbolic arrays in it, as of the array made of it."""

    def make(run: Run, a: Any, *rest: Any, **options: Any) -> Any:
        from proofs.capture.functions import call_function

        if not isinstance(a, (tuple, list)) or not _has_symbolic(a):
            return None
        return call_function(run, function, (array(run, a), *rest), options)

    return make


def _product(run: Run, a: Any, *rest: Any, **options: Any) -> Any:
    """``np.prod`` of a shape."""
    if not isinstance(a, (tuple, list)) or not any(is_symbolic(n) for n in a):
        return None
    if rest or options:
        raise NotCaptured("np.prod of sizes with options")
    found: Any = 1
    for n in a:
        found = n * found
    return found


class Joiner:
    """``np.r_`` and ``np.c_``: arrays and numbers one after the other, vectors as columns if `columns`."""

    def __init__(self, run: Run, original: Any, *, columns: bool) -> None:
        self.run, self.original, self.columns = run, original, columns

    def __getitem__(self, key: Any) -> Any:
        parts = key if isinstance(key, tuple) else (key,)
        if not any(_has_symbolic(part) or _is_view(part) for part in parts):
            return self.original[key]
        if any(isinstance(part, (str, slice)) for part in parts):
            raise NotCaptured("np.r_ or np.c_ with a slice or a text")
        given = [shaping.at_least(1)(self.run, part) for part in parts]
        if not self.columns:
            return shaping.concatenated(self.run, given, 0)
        return shaping.concatenated(self.run, [x[:, None] if x.ndim == 1 else x for x in given], -1)


def _is_view(part: Any) -> bool:
    return isinstance(part, np.ndarray) and type(part) is not np.ndarray


MAKERS: Mapping[str, Callable[..., Any]] = {
    "prod": _product,
    "sum": _of_list(np.sum),
    "mean": _of_list(np.mean),
    "max": _of_list(np.max),
    "min": _of_list(np.min),
    "zeros": _constant(0),
    "empty": _empty,
    "ones": _constant(1),
    "full": _full,
    "eye": _eye,
    "identity": _eye,
    "tri": _tri,
    "arange": arange,
    "asarray": _asarray,
    "asanyarray": _asarray,
    "asfarray": _asarray,
    "ascontiguousarray": _contiguous,
    "asfortranarray": _contiguous,
    "array": array,
}
"""By the name in NumPy."""
MAKERS = {name: rule for name, rule in MAKERS.items() if hasattr(np, name)}
