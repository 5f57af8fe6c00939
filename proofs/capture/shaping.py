"""Axes moved, joined, cut, repeated and padded; elements stay what they are."""

# ruff: noqa: ARG001  (the parameters are those of NumPy)
from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from proofs.calculus.terms import Num
from proofs.capture import values as v
from proofs.capture.absent import has_absent
from proofs.capture.array import Run, SymbolicArray, View, value_of
from proofs.capture.dtypes import SymbolicDtype
from proofs.capture.indexing import Selection, put, take
from proofs.capture.reductions import axes_of, squeezed
from proofs.capture.refusal import NotCaptured
from proofs.capture.reshaping import reshape
from proofs.capture.shapes import ONE
from proofs.capture.sizes import is_symbolic
from proofs.capture.values import Value


def as_array(run: Run, given: Any) -> SymbolicArray:
    """A symbolic array as it is, anything else as a new one."""
    return given if isinstance(given, SymbolicArray) else run.array(value_of(run, given))


def transposed(run: Run, array: Any, axes: Any = None) -> SymbolicArray:
    """``np.transpose``, a view."""
    given = as_array(run, array)
    rank = given.ndim
    order = list(reversed(range(rank))) if axes is None else [a % rank for a in axes]
    if sorted(order) != list(range(rank)):
        raise NotCaptured(f"np.transpose with the axes {axes}, which NumPy refuses")
    back = [order.index(a) for a in range(rank)]
    return given.view_of(
        View(lambda base: v.transpose(run.tape, base, order), lambda _, new: v.transpose(run.tape, new, back))
    )


def swapped(run: Run, array: Any, axis1: int, axis2: int) -> SymbolicArray:
    """``np.swapaxes``."""
    order = list(range(as_array(run, array).ndim))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return transposed(run, array, order)


def moved(run: Run, array: Any, source: Any, destination: Any) -> SymbolicArray:
    """``np.moveaxis``."""
    rank = as_array(run, array).ndim
    sources = [a % rank for a in ([source] if isinstance(source, int) else source)]
    targets = [a % rank for a in ([destination] if isinstance(destination, int) else destination)]
    order = [a for a in range(rank) if a not in sources]
    for target, a in sorted(zip(targets, sources, strict=True)):
        order.insert(target, a)
    return transposed(run, array, order)


def rolled(run: Run, array: Any, axis: int, start: int = 0) -> SymbolicArray:
    """``np.rollaxis``."""
    rank = as_array(run, array).ndim
    place, target = axis % rank, start + rank if start < 0 else start
    order = [a for a in range(rank) if a != place]
    order.insert(target - (place < target), place)
    return transposed(run, array, order)


def reshaped(run: Run, array: Any, shape: Any = None, newshape: Any = None, order: str = "C") -> SymbolicArray:
    """``np.reshape``: a view or a copy, which depends on the layout."""
    wanted = newshape if shape is None else shape
    given = as_array(run, array)
    sizes = (wanted,) if isinstance(wanted, int) else tuple(wanted)
    if order == "F":
        return transposed(run, reshaped(run, transposed(run, given), sizes[::-1]))
    if order != "C":
        raise NotCaptured(f"a reshape in the order {order!r}")
    return given.copy_or_view(reshape(run, given.value, sizes))


def raveled(run: Run, array: Any, order: str = "C") -> SymbolicArray:
    """``np.ravel``."""
    return reshaped(run, array, (-1,), order=order)


def expanded(run: Run, array: Any, axis: Any) -> Any:
    """``np.expand_dims``."""
    given = as_array(run, array)
    wanted = [axis] if isinstance(axis, int) else list(axis)
    axes = sorted(a % (given.ndim + len(wanted)) for a in wanted)
    key: list[Any] = [slice(None)] * given.ndim
    for a in axes:
        key.insert(a, None)
    return given[tuple(key)]


def squeeze(run: Run, array: Any, axis: Any = None) -> Any:
    """``np.squeeze``: of the axes named, or of all that have size 1 where no other axis is symbolic."""
    given = as_array(run, array)
    shape = given.axes
    axes = axes_of(len(shape), axis) if axis is not None else [a for a, x in enumerate(shape) if x == ONE]
    if axis is None and any(any(x) for x in shape):
        raise NotCaptured("np.squeeze without axis, which drops symbolic axes when their size is 1")
    if any(shape[a] != ONE for a in axes):
        raise NotCaptured("np.squeeze of an axis whose size is not 1")
    return squeezed(given, axes)


def at_least(rank: int) -> Callable[..., Any]:
    """``np.atleast_1d`` and ``np.atleast_2d``."""

    def make(run: Run, *arrays: Any) -> Any:
        made = [as_array(run, x) for x in arrays]
        made = [x[(*([None] * (rank - x.ndim)), ...)] if x.ndim < rank else x for x in made]
        return made[0] if len(made) == 1 else tuple(made)

    return make


def concatenated(run: Run, arrays: Any, axis: Any = 0) -> SymbolicArray:
    """``np.concatenate``; with axis None of the flattened arrays."""
    given = [as_array(run, x) for x in arrays]
    if axis is None:
        given, axis = [raveled(run, x) for x in given], 0
    if not given or any(x.ndim != given[0].ndim for x in given) or not given[0].ndim:
        raise NotCaptured("np.concatenate of arrays with different numbers of axes")
    place = axes_of(given[0].ndim, axis)[0]
    boolean = all(x.boolean for x in given)
    return run.array(v.join(run.tape, [x.value for x in given], place), boolean=boolean)


def stacked(run: Run, arrays: Any, axis: int = 0) -> SymbolicArray:
    """``np.stack``."""
    parts = [as_array(run, x) for x in arrays]
    place = axis % (parts[0].ndim + 1)
    return concatenated(run, [expanded(run, x, place) for x in parts], place)


def hstacked(run: Run, arrays: Any) -> SymbolicArray:
    """``np.hstack``."""
    parts = [at_least(1)(run, x) for x in arrays]
    return concatenated(run, parts, 0 if parts[0].ndim == 1 else 1)


def vstacked(run: Run, arrays: Any) -> SymbolicArray:
    """``np.vstack``."""
    return concatenated(run, [at_least(2)(run, x) for x in arrays], 0)


def column_stacked(run: Run, arrays: Any) -> SymbolicArray:
    """``np.column_stack``."""
    parts = [as_array(run, x) for x in arrays]
    return concatenated(run, [x[:, None] if x.ndim == 1 else x for x in parts], 1)


def appended(run: Run, array: Any, values: Any, axis: Any = None) -> SymbolicArray:
    """``np.append``."""
    return concatenated(run, [array, values], axis)


def split(run: Run, array: Any, sections: Any, axis: int = 0) -> list[SymbolicArray]:
    """``np.split``: equal parts, or parts up to given places; views."""
    given = as_array(run, array)
    place = axes_of(given.ndim, axis)[0]
    blocks = len(given.axes[place])
    key: list[Any] = [slice(None)] * given.ndim
    if isinstance(sections, int):
        if is_symbolic(sections) or sections < 1 or blocks % sections:
            raise NotCaptured("np.split into parts that are not whole blocks of the axis")
        each = blocks // sections
        picked = [tuple(range(part * each, (part + 1) * each)) for part in range(sections)]
        return [_blocks_of(given, place, chosen) for chosen in picked]
    bounds: list[Any] = [None, *sections, None]
    made = []
    for start, stop in pairwise(bounds):
        key[place] = slice(start, stop)
        made.append(given[tuple(key)])
    return made


def _blocks_of(array: SymbolicArray, place: int, picked: tuple[int, ...]) -> SymbolicArray:
    axes = tuple((a, picked if a == place else tuple(range(len(x)))) for a, x in enumerate(array.axes))
    chosen = Selection(axes, {})
    return array.view_of(View(lambda base: take(base, chosen), lambda base, new: put(base, chosen, new)))


def split_along(axis: int) -> Callable[..., list[SymbolicArray]]:
    """``np.hsplit`` and ``np.vsplit``."""

    def make(run: Run, array: Any, sections: Any) -> list[SymbolicArray]:
        return split(run, array, sections, min(axis, as_array(run, array).ndim - 1))

    return make


def array_split(run: Run, array: Any, sections: Any, axis: int = 0) -> list[SymbolicArray]:
    """``np.array_split`` where the parts are equal."""
    return split(run, array, sections, axis)


def read_only(get: Callable[[Value], Value]) -> View:
    """A view that cannot be written."""

    def refuse(base: Value, new: Value) -> Value:
        raise NotCaptured("a write to an array that is read-only")

    return View(get, refuse)


def broadcasted(run: Run, array: Any, shape: Any, subok: bool = False) -> SymbolicArray:
    """``np.broadcast_to``: a view that cannot be written."""
    given = as_array(run, array)
    wanted = (shape,) if isinstance(shape, int) else tuple(shape)
    target = tuple(run.axis(n) for n in wanted)
    if v.broadcast(given.axes, target) != target:
        raise NotCaptured(f"{v.describe(given.axes)} does not broadcast to {v.describe(target)}")
    return given.view_of(read_only(lambda base: Value(target, v.stretched(base, target))))


def broadcast_all(run: Run, *arrays: Any) -> tuple[SymbolicArray, ...]:
    """``np.broadcast_arrays``: views that cannot be written."""
    given = [as_array(run, x) for x in arrays]
    target = v.broadcast(*(x.axes for x in given))
    return tuple(x.view_of(read_only(lambda base: Value(target, v.stretched(base, target)))) for x in given)


def diagonal_matrix(run: Run, array: Any, k: int = 0) -> SymbolicArray:
    """``np.diag``: a vector to a diagonal matrix, a square matrix to its diagonal."""
    given = as_array(run, array)
    if k != 0 or given.ndim not in (1, 2):
        raise NotCaptured("np.diag off the diagonal, or of more than two axes")
    if given.ndim == 1:
        return run.array(v.contract(run.tape, [("i", given.value), ("ij", v.identity(run.tape, given.axes[0]))], "ij"))
    return diagonal(run, given)


def diagonal(run: Run, array: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> SymbolicArray:
    """``np.diagonal`` of a square matrix."""
    given = as_array(run, array)
    if offset != 0 or given.ndim != 2 or given.axes[0] != given.axes[1]:
        raise NotCaptured("np.diagonal of other than a square matrix")
    unit = v.identity(run.tape, given.axes[0])
    return given.view_of(read_only(lambda base: v.contract(run.tape, [("ij", base), ("ij", unit)], "i")))


def trace(run: Run, array: Any) -> SymbolicArray:
    """``np.trace`` of a square matrix."""
    return diagonal(run, array).sum()  # type: ignore[no-any-return]


def filled_like(number: int) -> Callable[..., SymbolicArray]:
    """``np.zeros_like`` and ``np.ones_like``."""

    def make(run: Run, array: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None) -> Any:
        if shape is not None:
            raise NotCaptured("np.zeros_like with shape=")
        given = as_array(run, array)
        kind = given.kind if dtype is None or type(dtype) is SymbolicDtype else dtype
        return run.array(v.filled(given.axes, Num(Fraction(number)))).of_kind(kind)

    return make


def empty_like(run: Run, array: Any, **options: Any) -> SymbolicArray:
    """``np.empty_like``: what it holds is unknown, and must not show."""
    given = as_array(run, array)
    if given.kind != "real" or options:
        raise NotCaptured("np.empty_like with options, or of other than real numbers")
    return run.array(run.unknown(f"empty {run.tape.name('empty')}", "empty", given.axes))


def full_like(run: Run, array: Any, fill_value: Any, dtype: Any = None, **_: Any) -> SymbolicArray:
    """``np.full_like``."""
    given = as_array(run, array)
    filler = as_array(run, fill_value)
    if has_absent(filler):
        raise NotCaptured("np.full_like with minus infinity")
    made = run.array(Value(given.axes, v.stretched(filler.value, given.axes)))
    return made.of_kind(given.kind if dtype is None else dtype)
