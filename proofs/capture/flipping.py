"""``array[::-1]`` along an axis of symbolic size: the array in its own order, and the axis that is read backwards.

Index terms have no n - 1 - i. But what treats every position alike does the same thing in either order, and a running
total from the end is a sum over the later positions. Meeting an array in the other order is not followed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np

from proofs.capture.array import NAMED, Run, SymbolicArray, value_of
from proofs.capture.elementwise import apply
from proofs.capture.indexing import is_full, parts_of
from proofs.capture.operators import Operators
from proofs.capture.reductions import axes_of, mean, running_total, total
from proofs.capture.refusal import NotCaptured
from proofs.capture.shapes import ONE

BACKWARDS = slice(None, None, -1)


def _refused(*_: Any, **__: Any) -> NoReturn:
    raise NotCaptured("array[::-1] along an axis of symbolic size, used in this way")


class Flipped(Operators):
    """A view of `full` whose axis number `axis` runs backwards; it cannot be written to."""

    leads = True

    def __init__(self, run: Run, full: SymbolicArray, axis: int) -> None:
        self.run, self.full, self.axis = run, full, axis

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return np.ndarray

    @property
    def shape(self) -> tuple[Any, ...]:
        return self.full.shape

    @property
    def ndim(self) -> int:
        return self.full.ndim

    @property
    def from_end(self) -> int:
        """How many axes come after the one that runs backwards."""
        return self.full.ndim - 1 - self.axis

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if method == "accumulate" and ufunc is np.add:
            return _running_total(self.run, self, options.pop("axis", 0), **_given(options))
        if method != "__call__" or _given(options) or ufunc is np.matmul:
            _refused(self)
        if any(not self._alike(x) for x in inputs):
            raise NotCaptured("array[::-1] along an axis of symbolic size together with an array in its own order")
        made = apply(self.run, ufunc, [x.full if type(x) is Flipped else x for x in inputs])
        return Flipped(self.run, made, made.ndim - 1 - self.from_end)

    def _alike(self, other: Any) -> bool:
        """Whether an operand runs backwards along the same axis, or is the same all along it."""
        if type(other) is Flipped:
            return other.from_end == self.from_end and other.full.axes[other.axis] == self.full.axes[self.axis]
        shape = value_of(self.run, other).shape
        return len(shape) <= self.from_end or shape[len(shape) - 1 - self.from_end] == ONE

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        rule = FUNCTIONS.get(function)
        if rule is None or type(args[0]) is not Flipped or any(type(x) is Flipped for x in args[1:]):
            _refused(self)
        return rule(self.run, *args, **_given(kwargs))

    def __getitem__(self, key: Any) -> Any:
        parts = parts_of(key, self.full.ndim)
        places = [place for place, part in enumerate(parts) if part is not None]
        here = places[self.axis]
        rest = [part for place, part in enumerate(parts) if place != here]
        if any(not (part is None or isinstance(part, (int, slice))) for part in rest):
            _refused(self)
        if isinstance(parts[here], slice) and parts[here] == BACKWARDS:
            parts[here] = slice(None)
            return self.full[tuple(parts)]
        if not is_full(parts[here]):
            _refused(self)
        return Flipped(self.run, self.full[tuple(parts)], sum(not isinstance(part, int) for part in parts[:here]))

    def copy(self, *_: Any) -> Flipped:
        """A copy."""
        return Flipped(self.run, self.full.copy(), self.axis)

    def _named(self, name: str, *args: Any, **options: Any) -> Any:
        return self.__array_function__(NAMED[name], (), (self, *args), options)

    def cumsum(self, *args: Any, **options: Any) -> Any:
        """``np.cumsum``."""
        return self._named("cumsum", *args, **options)

    def sum(self, *args: Any, **options: Any) -> Any:
        """``np.sum``."""
        return self._named("sum", *args, **options)

    def mean(self, *args: Any, **options: Any) -> Any:
        """``np.mean``."""
        return self._named("mean", *args, **options)

    __setitem__ = __iter__ = __len__ = _refused
    __iadd__ = __isub__ = __imul__ = __itruediv__ = __ipow__ = __ifloordiv__ = __imod__ = _refused
    __iand__ = __ior__ = __ixor__ = __imatmul__ = _refused
    dtype = property(_refused)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or not hasattr(np.ndarray, name):
            raise AttributeError(name)
        raise NotCaptured(f".{name} of array[::-1] along an axis of symbolic size")


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    return {k: x for k, x in options.items() if x is not None and x is not np._NoValue and (k, x) != ("where", True)}


def backwards(array: SymbolicArray, key: Any) -> Flipped | None:
    """``array[key]`` where one part of the key is ``::-1`` along an axis of symbolic size; None for another key."""
    if not any(_is_backwards(part) for part in (key if isinstance(key, tuple) else (key,))):
        return None
    parts = parts_of(key, array.ndim)
    places = [place for place, part in enumerate(parts) if part is not None]
    flipped = [a for a, axis in enumerate(array.axes) if any(axis) and _is_backwards(parts[places[a]])]
    if len(flipped) != 1:
        return None
    here = places[flipped[0]]
    parts[here] = slice(None)
    return Flipped(array.run, array[tuple(parts)], sum(not isinstance(part, int) for part in parts[:here]))


def _is_backwards(part: Any) -> bool:
    return isinstance(part, slice) and part.start is None and part.stop is None and part.step == -1


def _running_total(run: Run, array: Flipped, axis: Any = None) -> Flipped:
    """``np.cumsum``: along the axis that runs backwards the sum of all that comes later."""
    place = axes_of(array.ndim, 0 if axis is None and array.ndim == 1 else axis)
    if len(place) != 1:
        raise NotCaptured("np.cumsum of the flattened array: give axis=")
    made = running_total(run, array.full, place[0], upper=place[0] == array.axis)
    return Flipped(run, made, array.axis)


def _reduced(rule: Callable[..., Any]) -> Callable[..., Any]:
    """A reduction to which the order along its axes is all one."""

    def make(run: Run, array: Flipped, axis: Any = None, keepdims: bool = False) -> Any:
        axes = axes_of(array.ndim, axis)
        made = rule(run, array.full, tuple(axes), keepdims)
        if array.axis in axes:
            return made
        return Flipped(run, made, array.axis if keepdims else array.axis - _before(axes, array.axis))

    return make


def _before(axes: Sequence[int], place: int) -> int:
    return sum(axis < place for axis in axes)


def _flipped(_: Run, array: Flipped, axis: Any = None) -> Any:
    axes = axes_of(array.ndim, axis)
    return array[tuple(BACKWARDS if a in axes else slice(None) for a in range(array.ndim))]


FUNCTIONS: Mapping[Any, Callable[..., Any]] = {
    np.cumsum: _running_total,
    np.sum: _reduced(total),
    np.mean: _reduced(mean),
    np.flip: _flipped,
    np.flipud: lambda run, array: _flipped(run, array, 0),
    np.fliplr: lambda run, array: _flipped(run, array, 1),
    np.copy: lambda run, array: array.copy(),  # noqa: ARG005  (rules have the run as their first parameter)
    np.shape: lambda run, array: array.shape,  # noqa: ARG005
    np.ndim: lambda run, array: array.ndim,  # noqa: ARG005
}
