"""Blocks of concrete axes repeated, padded, rolled, and seen through windows."""

# ruff: noqa: ARG001  (the parameters are those of NumPy)
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from proofs.capture import values as v
from proofs.capture.array import Run, SymbolicArray, value_of
from proofs.capture.reductions import axes_of
from proofs.capture.refusal import NotCaptured
from proofs.capture.shapes import ONE, Shape
from proofs.capture.shaping import as_array, concatenated, raveled, read_only
from proofs.capture.sizes import is_symbolic
from proofs.capture.values import Value


def placed(run: Run, array: Any, axis: int, order: Sequence[int], shape: Shape | None = None) -> Value:
    """The blocks of a concrete axis in another order, some of them repeated or left out."""
    value = value_of(run, array)
    axis %= len(value.shape)
    kept = tuple(value.shape[axis][b] for b in order)
    target = (*value.shape[:axis], kept, *value.shape[axis + 1 :])
    entries = {
        (*key[:axis], new, *key[axis + 1 :]): value.entries[(*key[:axis], old, *key[axis + 1 :])]
        for key in v.keys_of((*value.shape[:axis], ONE, *value.shape[axis + 1 :]))
        for new, old in enumerate(order)
    }
    return Value(target, entries)


def repeated(run: Run, array: Any, repeats: Any, axis: Any = None) -> SymbolicArray:
    """``np.repeat`` by a plain number: of an axis of size 1, of a concrete axis, or (N) to (N * r) as by a reshape."""
    given = as_array(run, array) if axis is not None else raveled(run, array)
    place = axes_of(given.ndim, -1 if axis is None else axis)[0]
    if not isinstance(repeats, int):
        raise NotCaptured("np.repeat with other repeats than one number")
    shape = list(given.axes)
    if shape[place] == ONE:
        shape[place] = run.axis(repeats)
        return run.array(Value(tuple(shape), v.stretched(given.value, tuple(shape))), boolean=given.boolean)
    if is_symbolic(repeats) or any(shape[place]):
        raise NotCaptured("np.repeat along an axis of symbolic size: use broadcasting")
    order = [block for block in range(len(shape[place])) for _ in range(repeats)]
    return run.array(placed(run, given, place, order), boolean=given.boolean)


def tiled(run: Run, array: Any, reps: Any) -> SymbolicArray:
    """``np.tile``: whole axes one after the other; an axis of size 1 may be tiled a symbolic number of times."""
    given = as_array(run, array)
    times = [reps] if isinstance(reps, int) else list(reps)
    times = [1] * (given.ndim - len(times)) + times
    given = given[(*([None] * (len(times) - given.ndim)), ...)]
    made = run.array(given.value, boolean=given.boolean)
    for place, count in enumerate(times):
        axis = made.axes[place]
        if axis == ONE:
            made = repeated(run, made, count, place)
        elif is_symbolic(count):
            raise NotCaptured("np.tile a symbolic number of times")
        else:
            made = run.array(placed(run, made, place, list(range(len(axis))) * count), boolean=made.boolean)
    return made


def flipped(run: Run, array: Any, axis: Any = None) -> Any:
    """``np.flip``, a view."""
    given = as_array(run, array)
    axes = axes_of(given.ndim, axis)
    return given[tuple(slice(None, None, -1) if a in axes else slice(None) for a in range(given.ndim))]


def rolled_over(run: Run, array: Any, shift: Any, axis: Any = None) -> SymbolicArray:
    """``np.roll`` along one concrete axis."""
    given = as_array(run, array)
    if not isinstance(shift, int) or is_symbolic(shift) or (axis is None and given.ndim != 1):
        raise NotCaptured("np.roll by other than one number along one axis")
    place = axes_of(given.ndim, 0 if axis is None else axis)[0]
    blocks = len(given.axes[place])
    if any(given.axes[place]):
        raise NotCaptured("np.roll along an axis of symbolic size")
    return run.array(placed(run, given, place, [(b - shift) % blocks for b in range(blocks)]))


def padded(run: Run, array: Any, pad_width: Any, mode: Any = "constant", constant_values: Any = 0) -> SymbolicArray:
    """``np.pad`` with a constant; along a symbolic axis the padding becomes parts of their own."""
    given = as_array(run, array)
    if mode != "constant" or not isinstance(constant_values, (int, float)):
        raise NotCaptured(f"np.pad with mode={mode!r} and these values")
    widths = _pairs(pad_width, given.ndim)
    made = run.array(given.value)
    for place, (before, after) in enumerate(widths):
        parts = [made]
        for width, first in ((before, True), (after, False)):
            if width:
                shape = tuple(run.axis(width) if a == place else x for a, x in enumerate(made.axes))
                filler = run.array(Value(shape, v.stretched(value_of(run, constant_values), shape)))
                parts = [filler, *parts] if first else [*parts, filler]
        made = concatenated(run, parts, place) if len(parts) > 1 else made
    return made


def _pairs(width: Any, rank: int) -> list[tuple[Any, Any]]:
    """The widths before and after every axis."""
    if isinstance(width, int):
        return [(width, width)] * rank
    pairs = [(w, w) if isinstance(w, int) else tuple(w) for w in width]
    if len(pairs) == 2 and rank != 2 and all(isinstance(w, int) for w in width):
        return [(width[0], width[1])] * rank
    if all(isinstance(w, int) for w in width):
        raise NotCaptured("np.pad with widths that are no pairs")
    pairs = [(p[0], p[0]) if len(p) == 1 else p for p in pairs]
    pairs = pairs * rank if len(pairs) == 1 else pairs
    if len(pairs) != rank or any(len(p) != 2 for p in pairs):
        raise NotCaptured(f"np.pad with {len(pairs)} pairs of widths for {rank} axes")
    return [(p[0], p[1]) for p in pairs]


def windows(run: Run, x: Any, window_shape: Any, axis: Any = None, **options: Any) -> SymbolicArray:
    """``sliding_window_view`` of concrete axes: the windows' axes come last; read-only."""
    given = as_array(run, x)
    if options.get("writeable") or options.get("subok"):
        raise NotCaptured("sliding_window_view with writeable= or subok=")
    lengths = [window_shape] if isinstance(window_shape, int) else list(window_shape)
    axes = list(range(given.ndim)) if axis is None else [axis] if isinstance(axis, int) else list(axis)
    axes = [a % given.ndim for a in axes]
    if len(lengths) != len(axes):
        raise NotCaptured(f"sliding_window_view with {len(lengths)} lengths for {len(axes)} axes")

    def get(base: Value) -> Value:
        for a, length in zip(axes, lengths, strict=True):
            base = _windowed(base, a, length)
        return base

    return given.view_of(read_only(get))


def _windowed(value: Value, axis: int, length: Any) -> Value:
    if is_symbolic(length) or any(value.shape[axis]):
        raise NotCaptured("sliding_window_view over an axis of symbolic size")
    rows = len(value.shape[axis]) - length + 1
    if rows < 1 or length < 1:
        raise NotCaptured(f"a window of {length} over an axis of size {len(value.shape[axis])}")
    shape = (*value.shape[:axis], ((),) * rows, *value.shape[axis + 1 :], ((),) * length)
    entries = {key: value.entries[(*key[:axis], key[axis] + key[-1], *key[axis + 1 : -1])] for key in v.keys_of(shape)}
    return Value(shape, entries)
