"""NumPy's functions on symbolic arrays: which rule each of them follows."""

# ruff: noqa: ARG005  (rules have the run as their first parameter)
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from proofs.capture import composed, products, reductions, shaping, tiling
from proofs.capture.arithmetic import minus, plus
from proofs.capture.array import Run, SymbolicArray
from proofs.capture.elementwise import REAL, apply, call_ufunc, where_of
from proofs.capture.labels import SymbolicLabels
from proofs.capture.picking import add_at, put_along, taken, taken_along
from proofs.capture.refusal import NotCaptured
from proofs.capture.shaping import as_array
from proofs.capture.triangles import part


def _clipped(run: Run, a: Any, a_min: Any = None, a_max: Any = None, **options: Any) -> Any:
    """``np.clip``: the larger of a and the lower bound, then the smaller of that and the upper one."""
    low, high = options.pop("min", a_min), options.pop("max", a_max)
    if options:
        raise NotCaptured(f"np.clip with {', '.join(options)}")
    made = as_array(run, a)
    made = made if low is None else apply(run, np.maximum, (made, low))
    return made if high is None else apply(run, np.minimum, (made, high))


def _standard_deviation(run: Run, *args: Any, **options: Any) -> Any:
    return np.sqrt(reductions.variance(run, *args, **options))


def _count(run: Run, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return reductions.total(run, apply(run, np.not_equal, (a, 0)), axis, keepdims)


def _where(run: Run, condition: Any, *choices: Any) -> Any:
    if len(choices) != 2:
        raise NotCaptured("np.where with one argument: the places where a condition holds")
    return where_of(run, condition, *choices)


FUNCTIONS: Mapping[Any, Callable[..., Any]] = {
    np.sum: reductions.total,
    np.mean: reductions.mean,
    np.average: reductions.average,
    np.var: reductions.variance,
    np.std: _standard_deviation,
    np.max: reductions.largest,
    np.min: reductions.smallest,
    np.amax: reductions.largest,
    np.amin: reductions.smallest,
    np.argmax: reductions.largest_argument,
    np.argmin: reductions.smallest_argument,
    np.prod: reductions.product,
    np.cumsum: reductions.running_total,
    np.count_nonzero: _count,
    np.linalg.norm: reductions.norm,
    np.where: _where,
    np.clip: _clipped,
    np.nan_to_num: composed.finite_numbers,
    np.any: reductions.any_holds,
    np.all: reductions.all_hold,
    np.select: composed.selected,
    np.piecewise: composed.piecewise,
    np.diff: composed.differences,
    np.rot90: composed.quarter_turns,
    np.dot: products.dot,
    np.vdot: products.vdot,
    np.inner: products.inner,
    np.outer: products.outer,
    np.einsum: products.einsum,
    np.tensordot: products.tensordot,
    np.linalg.multi_dot: composed.chain,
    np.transpose: shaping.transposed,
    np.swapaxes: shaping.swapped,
    np.moveaxis: shaping.moved,
    np.rollaxis: shaping.rolled,
    np.reshape: shaping.reshaped,
    np.ravel: shaping.raveled,
    np.expand_dims: shaping.expanded,
    np.squeeze: shaping.squeeze,
    np.atleast_1d: shaping.at_least(1),
    np.atleast_2d: shaping.at_least(2),
    np.concatenate: shaping.concatenated,
    np.stack: shaping.stacked,
    np.hstack: shaping.hstacked,
    np.vstack: shaping.vstacked,
    np.column_stack: shaping.column_stacked,
    np.append: shaping.appended,
    np.split: shaping.split,
    np.array_split: shaping.array_split,
    np.hsplit: shaping.split_along(1),
    np.vsplit: shaping.split_along(0),
    np.broadcast_to: shaping.broadcasted,
    np.broadcast_arrays: shaping.broadcast_all,
    np.repeat: tiling.repeated,
    np.tile: tiling.tiled,
    np.flip: tiling.flipped,
    np.fliplr: lambda run, a: tiling.flipped(run, a, 1),
    np.flipud: lambda run, a: tiling.flipped(run, a, 0),
    np.roll: tiling.rolled_over,
    np.pad: tiling.padded,
    sliding_window_view: tiling.windows,
    np.diag: shaping.diagonal_matrix,
    np.diagflat: composed.flat_diagonal,
    np.diagonal: shaping.diagonal,
    np.trace: shaping.trace,
    np.tril: lambda run, m, k=0: part(run, m, k, below=True),
    np.triu: lambda run, m, k=0: part(run, m, k, below=False),
    np.take: taken,
    np.take_along_axis: taken_along,
    np.put_along_axis: put_along,
    np.zeros_like: shaping.filled_like(0),
    np.ones_like: shaping.filled_like(1),
    np.empty_like: shaping.empty_like,
    np.full_like: shaping.full_like,
    np.copy: lambda run, a, **_: as_array(run, a).copy(),
    np.shape: lambda run, a: a.shape,
    np.ndim: lambda run, a: a.ndim,
    np.size: lambda run, a, axis=None: a.size if axis is None else a.shape[axis],
}

OF_LABELS = {np.shape, np.ndim, np.size}


def call_function(run: Run, function: Any, args: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """A NumPy function that is no ufunc. Raises NotCaptured for what is not followed, naming it."""
    rule = FUNCTIONS.get(function)
    name = f"np.{getattr(function, '__name__', function)}"
    if rule is None:
        raise NotCaptured(name)
    given = {k: x for k, x in options.items() if x is not np._NoValue}
    out, where = given.pop("out", None), given.pop("where", True)
    if where is not True:
        raise NotCaptured(f"{name} with where=")
    dtype = given.pop("dtype", None) if function not in KEEP_DTYPE else None
    if function not in OF_LABELS and not name.startswith(("np.take", "np.put", "np.argm")):
        args = [_numbers(x) for x in args]
    try:
        made = rule(run, *args, **given)
    except TypeError as error:
        raise NotCaptured(f"{name} with these arguments ({error})") from None
    if dtype is not None and isinstance(made, SymbolicArray):
        made = made.astype(dtype)
    if out is None:
        return made
    if not isinstance(out, SymbolicArray) or not isinstance(made, SymbolicArray):
        raise NotCaptured(f"{name} with out= a plain array")
    out.store(made)
    return out


REDUCED: Mapping[Any, Any] = {np.add: np.sum, np.multiply: np.prod, np.maximum: np.max, np.minimum: np.min}
"""What the reduction by a ufunc is called."""

KEEP_DTYPE = {np.zeros_like, np.ones_like, np.empty_like, np.full_like}


def _numbers(given: Any) -> Any:
    if isinstance(given, SymbolicLabels):
        return given.numbers()
    if isinstance(given, (list, tuple)) and any(isinstance(x, SymbolicLabels) for x in given):
        return [_numbers(x) for x in given]
    return given


def call_method(run: Run, ufunc: Any, method: str, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """``np.add.reduce``, ``np.add.at``, ``np.subtract.outer`` and their like. Raises NotCaptured for others."""
    name = f"np.{ufunc.__name__}.{method}"
    given = {  # axis=None is all axes, and no axis given the first
        k: x
        for k, x in options.items()
        if (x is not None or k == "axis") and x is not np._NoValue and not (k == "where" and x is True)
    }
    if method == "at" and ufunc in (np.add, np.subtract) and not given:
        array, key, new = inputs
        return add_at(run, array, key, new, plus if ufunc is np.add else minus)
    if method == "outer" and not given and len(inputs) == 2:
        left, right = (as_array(run, _numbers(x)) for x in inputs)
        return apply(run, ufunc, (left[(..., *([None] * right.ndim))], right))
    if method == "accumulate" and ufunc is np.add:
        return reductions.running_total(run, inputs[0], given.pop("axis", 0), **given)
    if method == "reduce" and ufunc in REDUCED:
        return call_function(run, REDUCED[ufunc], inputs, {"axis": 0, **given})
    if method == "reduce" and ufunc is np.logaddexp and set(given) <= {"axis", "keepdims"}:
        return composed.log_sum_exp(run, *inputs, **given)
    raise NotCaptured(name)


__all__ = ["FUNCTIONS", "REAL", "call_function", "call_method", "call_ufunc"]
