"""NumPy's functions that are a few of its others in a row."""

# ruff: noqa: ARG001  (the parameters are those of NumPy)
from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from proofs.capture.array import Run, SymbolicArray
from proofs.capture.refusal import NotCaptured
from proofs.capture.shaping import as_array, diagonal_matrix, raveled, transposed
from proofs.capture.tiling import flipped


def selected(run: Run, condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Any:
    """``np.select``: the choice of the first condition that holds."""
    if len(condlist) != len(choicelist) or not condlist:
        raise NotCaptured("np.select with another number of choices than of conditions")
    made = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        made = np.where(condition, choice, made)
    return made


def piecewise(run: Run, x: Any, condlist: Any, funclist: Sequence[Any], *args: Any, **options: Any) -> Any:
    """``np.piecewise``: the last function whose condition holds; one function more is for where none does."""
    conditions = list(condlist) if isinstance(condlist, (list, tuple)) else [condlist]
    functions = list(funclist)
    if len(functions) == len(conditions) + 1:
        none = ~conditions[0]
        for condition in conditions[1:]:
            none = none & ~condition
        conditions.append(none)
    if len(functions) != len(conditions):
        raise NotCaptured("np.piecewise with another number of functions than of conditions")
    made = np.zeros_like(x)
    for condition, function in zip(conditions, functions, strict=True):
        made[condition] = function(x[condition], *args, **options) if callable(function) else function
    return made


def finite_numbers(run: Run, x: Any, copy: bool = True, nan: Any = 0.0, **_: Any) -> SymbolicArray:
    """``np.nan_to_num``: real numbers stay what they are."""
    given = as_array(run, x)
    return given.copy() if copy else given


def differences(run: Run, a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """``np.diff`` along a concrete axis."""
    if prepend is not None or append is not None:
        raise NotCaptured("np.diff with prepend= or append=")
    given = as_array(run, a)
    lead = (slice(None),) * (axis % given.ndim)
    for _ in range(n):
        given = given[(*lead, slice(1, None))] - given[(*lead, slice(None, -1))]
    return given


def flat_diagonal(run: Run, v: Any, k: int = 0) -> SymbolicArray:
    """``np.diagflat``: the diagonal matrix of the flattened array."""
    return diagonal_matrix(run, raveled(run, v), k)


def quarter_turns(run: Run, m: Any, k: int = 1, axes: Sequence[int] = (0, 1)) -> Any:
    """``np.rot90``: a view."""
    given = as_array(run, m)
    order = list(range(given.ndim))
    first, second = (a % given.ndim for a in axes)
    order[first], order[second] = second, first
    match k % 4:
        case 0:
            return given[...]
        case 1:
            return transposed(run, flipped(run, given, second), order)
        case 2:
            return flipped(run, given, (first, second))
    return flipped(run, transposed(run, given, order), second)


def chain(run: Run, arrays: Sequence[Any], **_: Any) -> Any:
    """``np.linalg.multi_dot``."""
    return reduce(np.dot, arrays)


def log_sum_exp(run: Run, array: Any, axis: Any = 0, keepdims: bool = False) -> Any:
    """``np.logaddexp.reduce``."""
    return np.log(np.sum(np.exp(array), axis=axis, keepdims=keepdims))
