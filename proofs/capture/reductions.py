"""Sums, means, variances, maxima and their like along axes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from proofs.calculus.terms import Num, Term
from proofs.capture import comparisons as c
from proofs.capture import values as v
from proofs.capture.arithmetic import UNIT, times
from proofs.capture.array import Run, SymbolicArray, kind_of_operand, value_of
from proofs.capture.labels import SymbolicLabels
from proofs.capture.refusal import NotCaptured
from proofs.capture.shapes import ONE, Shape
from proofs.capture.values import Key, Value


def axes_of(rank: int, axis: Any) -> list[int]:
    """The axes a reduction runs over, in order. Raises NotCaptured for an axis that is not there."""
    if axis is None:
        return list(range(rank))
    wanted = [axis] if isinstance(axis, int) else list(axis)
    if any(not -rank <= a < rank for a in wanted) or len({a % rank for a in wanted}) < len(wanted):
        raise NotCaptured(f"axis {axis} of an array with {rank} axes")
    return sorted({a % rank for a in wanted})


def total(run: Run, array: Any, axis: Any = None, keepdims: bool = False) -> SymbolicArray:
    """``np.sum``."""
    value = value_of(run, array)
    made = run.array(v.total(run.tape, value, axes_of(len(value.shape), axis), keepdims))
    made.kind = "real" if kind_of_operand(array) == "real" else "integer"
    return made


def count(run: Run, array: Any, axis: Any = None) -> Any:
    """How many elements a reduction runs over."""
    found: Any = 1
    shape = value_of(run, array).shape
    for a in axes_of(len(shape), axis):
        found = run.size(shape[a]) * found
    return found


def mean(run: Run, array: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """``np.mean``."""
    return total(run, array, axis, keepdims) / count(run, array, axis)


def average(run: Run, array: Any, axis: Any = None, weights: Any = None, keepdims: bool = False) -> Any:
    """``np.average``, the weights having the shape of the array."""
    if weights is None:
        return mean(run, array, axis, keepdims)
    if value_of(run, weights).shape != value_of(run, array).shape:
        raise NotCaptured("np.average with weights of another shape")
    return total(run, array * weights, axis, keepdims) / total(run, weights, axis, keepdims)


def variance(run: Run, array: Any, axis: Any = None, ddof: Any = 0, keepdims: bool = False) -> Any:
    """``np.var``."""
    centred = array - mean(run, array, axis, True)
    return total(run, centred * centred, axis, keepdims) / (count(run, array, axis) - ddof)


def norm(run: Run, array: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """``np.linalg.norm``: Euclidean, of sums of absolute values, or Frobenius."""
    rank = len(value_of(run, array).shape)
    axes = axes_of(rank, axis)
    if ord in (None, "fro") or (ord == 2 and len(axes) == 1):
        return np.sqrt(total(run, array * array, axis, keepdims))
    if ord == 1 and len(axes) == 1:
        return total(run, np.abs(array), axis, keepdims)
    raise NotCaptured(f"np.linalg.norm with ord={ord!r}")


def parts_along(value: Value, axes: Sequence[int]) -> tuple[Shape, dict[Key, list[tuple[Key, Term]]]]:
    """The shape with axes of size 1, and what its entries are reduced from. Raises NotCaptured for symbolic axes."""
    if any(block for a in axes for block in value.shape[a]):
        raise NotCaptured("a reduction along an axis of symbolic size")
    kept = tuple(ONE if a in axes else axis for a, axis in enumerate(value.shape))
    groups: dict[Key, list[tuple[Key, Term]]] = {key: [] for key in v.keys_of(kept)}
    for key in v.keys_of(value.shape):
        place = tuple(0 if a in axes else k for a, k in enumerate(key))
        groups[place].append((key, value.entries[key]))
    return kept, groups


def product(run: Run, array: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """``np.prod`` along concrete axes."""
    value = value_of(run, array)
    axes = axes_of(len(value.shape), axis)
    kept, groups = parts_along(value, axes)
    entries = {}
    for key, found in groups.items():
        whole: Term = UNIT
        for _, t in found:
            whole = times(whole, t)
        entries[key] = whole
    return squeezed(run.array(run.tape.define(kept, entries)), axes, keepdims)


def squeezed(array: SymbolicArray, axes: Sequence[int], keepdims: bool = False) -> Any:
    """The array without some axes of size 1, as a view."""
    if keepdims or not axes:
        return array
    return array[tuple(0 if a in axes else slice(None) for a in range(array.ndim))]


def any_holds(run: Run, a: Any, axis: Any = None, keepdims: bool = False) -> bool:
    """``np.any`` of all elements where they are known, as those of ``np.isnan`` are. Raises NotCaptured for others."""
    return _known(run, a, axis, keepdims, "any", any)


def all_hold(run: Run, a: Any, axis: Any = None, keepdims: bool = False) -> bool:
    """``np.all``, in the same way."""
    return _known(run, a, axis, keepdims, "all", all)


def _known(run: Run, a: Any, axis: Any, keepdims: bool, name: str, rule: Callable[[Iterable[bool]], bool]) -> bool:
    entries = list(value_of(run, a).entries.values())
    known = [bool(t.value) for t in entries if isinstance(t, Num)]
    if axis is not None or keepdims or len(known) < len(entries):
        raise NotCaptured(f"np.{name} of an array whose values decide")
    return rule(known)


def largest(run: Run, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """``np.max``."""
    return _extreme(run, a, axis, keepdims, True)


def smallest(run: Run, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """``np.min``."""
    return _extreme(run, a, axis, keepdims, False)


def _extreme(run: Run, array: Any, axis: Any, keepdims: bool, upper: bool) -> Any:
    """An unknown number, which must cancel; in an exact run the largest (smallest) element, picked by comparisons."""
    present = array.present if isinstance(array, SymbolicArray) else None
    value = array.finite if isinstance(array, SymbolicArray) else value_of(run, array)
    axes = axes_of(len(value.shape), axis)
    if not run.exact or present is not None:
        kept = tuple(ONE if a in axes else x for a, x in enumerate(value.shape))
        unknown = run.unknown(f"{axes} {value} {present}", "max" if upper else "min", kept)
        return squeezed(run.array(unknown), axes, keepdims)
    if any(block for a in axes for block in value.shape[a]):
        chosen = choice(run, value, axes, upper)
        picked = v.elementwise(run.tape, times, value, chosen)
        return squeezed(run.array(v.total(run.tape, picked, axes, keepdims=True)), axes, keepdims)
    kept, groups = parts_along(value, axes)
    entries = {}
    for key, found in groups.items():
        terms = list(dict.fromkeys(t for _, t in found))
        if len(terms) == 1:
            entries[key] = terms[0]
            continue
        parts = [{key: t} for t in terms]
        t = _largest(run, terms, upper)
        entries[key] = run.tape.define(kept, {key: t}, "max" if upper else "min", parts).entries[key]
    return squeezed(run.array(Value(kept, entries)), axes, keepdims)


def _largest(run: Run, terms: Sequence[Term], upper: bool) -> Term:
    if len(terms) == 2:
        return (c.maximum if upper else c.minimum)(run.tape, *terms)
    return v.added([times(t, _wins(run, t, terms, upper)) for t in terms])


def _wins(run: Run, t: Term, terms: Sequence[Term], upper: bool) -> Term:
    """1 where `t` is the largest (smallest) of the terms."""
    pairs = [(t, other) if upper else (other, t) for other in terms if other != t]
    return c.all_of(c.greater(run.tape, a, b) for a, b in pairs)


def choice(run: Run, value: Value, axes: Sequence[int], upper: bool) -> Value:
    """One-hot along an axis of symbolic size: 1 at the largest element. An array of its own, constant off ties."""
    if len(axes) != 1 or len(value.shape[axes[0]]) != 1 or len(value.shape[axes[0]][0]) != 1:
        raise NotCaptured("the largest element along several axes at once, or along an axis of several parts")
    last = len(value.shape) - 1
    order = [a for a in range(len(value.shape)) if a != axes[0]] + [axes[0]]
    shape = tuple(value.shape[a] for a in order)
    ordered = v.transpose(run.tape, value, order)
    found = run.stand_in("largest" if upper else "smallest", shape, ordered)
    back = [order.index(a) for a in range(last + 1)]
    return v.transpose(run.tape, found, back)


def largest_argument(run: Run, a: Any, axis: Any = None, keepdims: bool = False) -> SymbolicLabels:
    """``np.argmax`` along one axis, as labels."""
    return _argument(run, a, axis, keepdims, True)


def smallest_argument(run: Run, a: Any, axis: Any = None, keepdims: bool = False) -> SymbolicLabels:
    """``np.argmin`` along one axis, as labels."""
    return _argument(run, a, axis, keepdims, False)


def _argument(run: Run, array: Any, axis: Any, keepdims: bool, upper: bool) -> SymbolicLabels:
    value = value_of(run, array)
    axes = axes_of(len(value.shape), axis)
    if len(axes) != 1:
        raise NotCaptured("np.argmax over several axes: give axis=")
    order = [a for a in range(len(value.shape)) if a != axes[0]] + axes
    if any(value.shape[axes[0]]):
        hot = v.transpose(run.tape, choice(run, value, axes, upper), order)
    else:
        _, groups = parts_along(value, axes)
        entries = {}
        for found in groups.values():
            terms = [t for _, t in found]
            for key, t in found:
                entries[key] = _wins(run, t, terms, upper)
        hot = v.transpose(run.tape, run.tape.define(value.shape, entries, "bit"), order)
    if keepdims and axes[0] != len(value.shape) - 1:
        raise NotCaptured("np.argmax with keepdims along another axis than the last")
    labels = SymbolicLabels(run, hot)
    return labels[..., None] if keepdims else labels


def running_total(run: Run, array: Any, axis: Any = None, *, upper: bool = False) -> SymbolicArray:
    """``np.cumsum``: a product with the matrix of ones on and below the diagonal, on and above it if `upper`."""
    from proofs.capture.triangles import lower

    value = value_of(run, array)
    if axis is None and len(value.shape) > 1:
        raise NotCaptured("np.cumsum of the flattened array: give axis=")
    place = axes_of(len(value.shape), 0 if axis is None else axis)[0]
    letters = "ABCDEFGH"[: len(value.shape)]
    output = letters.replace(letters[place], "z")
    ones = lower(run, value.shape[place], value.shape[place])
    pair = letters[place] + "z" if upper else "z" + letters[place]
    return run.array(v.contract(run.tape, [(letters, value), (pair, ones)], output))
