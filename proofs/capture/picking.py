"""Reading and writing by index: slices are views, labels and arrays of places copies, masks keep places as they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from proofs.capture import values as v
from proofs.capture.absent import has_absent, is_absent
from proofs.capture.array import NAMED, Run, SymbolicArray, View, value_of
from proofs.capture.elementwise import apply, where_of
from proofs.capture.flipping import backwards
from proofs.capture.gathering import gather, scatter
from proofs.capture.indexing import places, put, put_places, select, take, take_places
from proofs.capture.labels import SymbolicLabels, is_label_index
from proofs.capture.operators import Operators
from proofs.capture.refusal import NotCaptured
from proofs.capture.shapes import ONE, Shape
from proofs.capture.values import Value


class MaskedPart(Operators):
    """``array[mask]``: the elements picked, kept in the places they were picked from."""

    leads = True

    def __init__(self, run: Run, full: SymbolicArray, mask: Value) -> None:
        self.run, self.full, self.mask = run, full, mask

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return np.ndarray

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options:
            raise NotCaptured(f"np.{ufunc.__name__} of array[mask] with options")
        masks = [x.mask for x in inputs if isinstance(x, MaskedPart)]
        if any(mask != masks[0] for mask in masks):
            raise NotCaptured("elements picked by two masks that are not the same")
        plain = [x.full if isinstance(x, MaskedPart) else x for x in inputs]
        if any(np.ndim(x) > 0 for x, given in zip(plain, inputs, strict=True) if not isinstance(given, MaskedPart)):
            raise NotCaptured("array[mask] with another array")
        return MaskedPart(self.run, apply(self.run, ufunc, plain), masks[0])

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if function is NAMED["sum"] and not kwargs and len(args) == 1:
            return self.sum()
        raise NotCaptured(f"np.{function.__name__} of array[mask]")

    def sum(self) -> Any:
        """The sum of what was picked."""
        return (self.full * self.run.array(self.mask)).sum()

    def mean(self) -> Any:
        """The mean of what was picked."""
        return self.sum() / self.run.array(self.mask).sum()

    def copy(self) -> MaskedPart:
        """The same."""
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or not hasattr(np.ndarray, name):
            raise AttributeError(name)
        raise NotCaptured(f".{name} of array[mask]")


def _mask_of(array: SymbolicArray, key: Any) -> SymbolicArray | None:
    """The mask that a key is, over the leading axes of the array and broadcast to all; None for another key."""
    parts = parts_of_key(key)
    if not any(isinstance(part, SymbolicArray) and part.boolean for part in parts):
        if any(isinstance(part, SymbolicArray) for part in parts):
            raise NotCaptured("an index made of real numbers")
        return None
    rest = parts[1:]
    whole = all(x is Ellipsis or (isinstance(x, slice) and x == slice(None)) for x in rest)
    if not isinstance(parts[0], SymbolicArray) or not whole:
        raise NotCaptured("a mask mixed with other indices")
    mask: SymbolicArray = parts[0]
    if mask.axes != array.axes[: mask.ndim]:
        raise NotCaptured(f"a mask of shape {v.describe(mask.axes)} for an array of {v.describe(array.axes)}")
    full = mask[(..., *([None] * (array.ndim - mask.ndim)))]
    return array.run.array(Value(array.axes, v.stretched(full.value, array.axes)), boolean=True)


def _has_places(key: Any) -> bool:
    parts = parts_of_key(key)
    return any(isinstance(part, list) or type(part) is np.ndarray for part in parts)


def pick(array: SymbolicArray, key: Any) -> Any:
    """``array[key]``."""
    run = array.run
    if is_label_index(key):
        return gather(run, array, key)
    mask = _mask_of(array, key)
    if mask is not None:
        return MaskedPart(run, array.copy(), mask.value)
    if _has_places(key):
        made = run.array(take_places(array.value, places(array.axes, key)))
        made.kind = array.kind
        return made
    flipped = backwards(array, key)
    if flipped is not None:
        return flipped
    chosen = select(array.axes, key)
    view = array.view_of(View(lambda base: take(base, chosen), lambda base, new: put(base, chosen, new)))
    is_number = array.axes and not chosen.axes and all(x is not Ellipsis for x in parts_of_key(key))
    return view.copy() if is_number else view


def parts_of_key(key: Any) -> tuple[Any, ...]:
    """An index as a tuple."""
    return key if isinstance(key, tuple) else (key,)


def write(array: SymbolicArray, key: Any, new: Any) -> None:
    """``array[key] = new``."""
    run = array.run
    if isinstance(new, SymbolicLabels):
        new = new.numbers()
    array.accept(new.full if isinstance(new, MaskedPart) else new)
    if is_label_index(key):
        scatter(run, array, key, value_of(run, new))
        return
    mask = _mask_of(array, key)
    if mask is not None:
        if isinstance(new, MaskedPart):
            if new.mask != mask.value:
                raise NotCaptured("elements picked by one mask and written by another")
            new = new.full
        elif np.ndim(new) > 0:
            raise NotCaptured("an array written through a mask")
        array.store(where_of(run, mask, new, array))
        return
    if isinstance(new, MaskedPart):
        raise NotCaptured("array[mask] written without the mask")
    if _has_places(key):
        found = places(array.axes, key)
        value = value_of(run, new)
        fitted = Value(found.shape, v.stretched(_fitting(value, found.shape), found.shape))
        array.store(Value(array.axes, put_places(array.value, found, fitted)))
        return
    if has_absent(new) or is_absent(new):
        _write_absent(array, key, new)
        return
    chosen = select(array.axes, key)
    target = array.view_of(View(lambda base: take(base, chosen), lambda base, new: put(base, chosen, new)))
    target.store(_fitting(value_of(run, new), target.axes))


def _fitting(value: Value, shape: Shape) -> Value:
    """A value to be written, without leading axes of size 1 that its target has not. Raises NotCaptured."""
    extra = len(value.shape) - len(shape)
    if extra > 0:
        if any(axis != ONE for axis in value.shape[:extra]):
            raise NotCaptured(f"{v.describe(value.shape)} does not fit into {v.describe(shape)}")
        moves = {axis: axis - extra for axis in range(extra, len(value.shape))}
        entries = {key[extra:]: v.shifted(t, moves, value.shape, key) for key, t in value.entries.items()}
        return Value(value.shape[extra:], entries)
    return value


def _write_absent(array: SymbolicArray, key: Any, new: Any) -> None:
    """Minus infinity written to a whole array; to a part of one it is not followed."""
    if key is not Ellipsis and not (isinstance(key, slice) and key == slice(None)):
        raise NotCaptured("minus infinity written into a part of an array")
    array.store(where_of(array.run, True, new, array))


def add_at(run: Run, array: Any, key: Any, new: Any, rule: Any) -> None:
    """``np.add.at``: every element is added, also where one place is named twice."""
    if not isinstance(array, SymbolicArray):
        raise NotCaptured("ufunc.at on a plain array")
    array.accept(new)
    value = value_of(run, new.numbers() if isinstance(new, SymbolicLabels) else new)
    if is_label_index(key):
        scatter(run, array, key, value, rule)
        return
    if _mask_of(array, key) is not None:
        raise NotCaptured("ufunc.at with a mask")
    if not _has_places(key):
        part = pick(array, key)
        part.store(v.elementwise(run.tape, rule, part.value, _fitting(value, part.axes)))
        return
    found = places(array.axes, key)
    fitted = Value(found.shape, v.stretched(_fitting(value, found.shape), found.shape))
    entries = put_places(array.value, found, fitted, rule)
    array.store(run.tape.define(array.axes, entries))


def taken(run: Run, array: Any, indices: Any, axis: Any = None, out: Any = None, mode: str = "raise") -> Any:
    """``np.take``."""
    if out is not None or mode not in ("raise", "clip"):
        raise NotCaptured("np.take with out= or mode=")
    given = array if isinstance(array, SymbolicArray) else run.array(value_of(run, array))
    if axis is None:
        if given.ndim != 1:
            raise NotCaptured("np.take from the flattened array: give axis=")
        axis = 0
    places_of = indices if isinstance(indices, (SymbolicLabels, int)) else np.asarray(indices)
    return given[(*([slice(None)] * (axis % given.ndim)), places_of)]


def taken_along(run: Run, array: Any, indices: Any, axis: Any) -> Any:
    """``np.take_along_axis`` with labels."""
    return gather(run, array, _along_axis(run, array, indices, axis))


def put_along(run: Run, array: Any, indices: Any, values: Any, axis: Any) -> None:
    """``np.put_along_axis`` with labels."""
    scatter(run, array, _along_axis(run, array, indices, axis), value_of(run, values))


def _along_axis(run: Run, array: Any, indices: Any, axis: Any) -> tuple[Any, ...]:
    from proofs.capture.makers import axis_range

    if not isinstance(array, SymbolicArray) or not isinstance(indices, SymbolicLabels) or indices.ndim != array.ndim:
        raise NotCaptured("np.take_along_axis without labels of as many axes")
    place = axis % array.ndim
    key: list[Any] = []
    for a, wide in enumerate(array.axes):
        if a == place:
            key.append(indices)
            continue
        if indices.hot.shape[a] not in (wide, ONE):
            raise NotCaptured("np.take_along_axis with labels of another shape")
        shape = tuple(slice(None) if b == a else None for b in range(array.ndim))
        key.append(axis_range(run, wide)[shape])
    return tuple(key)
