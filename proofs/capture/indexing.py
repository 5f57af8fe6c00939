"""Basic indexing of symbolic arrays: which blocks a key picks, and how what was picked is written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from proofs.calculus.terms import Term
from proofs.capture.shapes import ONE, Axis, Dim, NotCaptured, Shape, number, plain
from proofs.capture.values import Key, Value, keys_of, shifted

Picked = tuple[int, ...]


@dataclass(frozen=True)
class Selection:
    """For every axis of the result: the axis it comes from and the blocks kept (None: a new axis of size 1).

    `fixed` holds, for axes that an integer removed, the one block that was picked.
    """

    axes: tuple[tuple[int, Picked] | None, ...]
    fixed: Mapping[int, int]

    def shape(self, shape: Shape) -> Shape:
        """The shape of what is picked."""
        return tuple(ONE if a is None else tuple(shape[a[0]][b] for b in a[1]) for a in self.axes)


def select(shape: Shape, key: Any, sizes: Mapping[str, int]) -> Selection:
    """Read a basic index. Raises NotCaptured for anything that is not made of whole blocks."""
    parts = list(key) if isinstance(key, tuple) else [key]
    used = sum(part is not None and part is not Ellipsis for part in parts)
    if sum(part is Ellipsis for part in parts) == 0:
        parts.append(Ellipsis)
    at = next(place for place, part in enumerate(parts) if part is Ellipsis)
    parts[at : at + 1] = [slice(None)] * (len(shape) - used)
    if len(shape) < used:
        raise NotCaptured(f"{used} indices for an array with {len(shape)} axes")
    axes: list[tuple[int, Picked] | None] = []
    fixed: dict[int, int] = {}
    axis = 0
    for part in parts:
        if part is None:
            axes.append(None)
            continue
        if isinstance(part, slice):
            axes.append((axis, _blocks(shape[axis], part, sizes)))
        elif isinstance(part, int) and not isinstance(part, bool):
            fixed[axis] = _one(shape[axis], part)
        else:
            raise NotCaptured(f"an index of type {type(part).__name__} in this position")
        axis += 1
    return Selection(tuple(axes), fixed)


def _one(axis: Axis, number: int) -> int:
    if any(axis) or isinstance(number, Dim):
        raise NotCaptured("one element picked by number from an axis of symbolic size")
    if not -len(axis) <= number < len(axis):
        raise NotCaptured(f"index {number} is out of bounds for an axis of size {len(axis)}")
    return number % len(axis)


def _blocks(axis: Axis, part: slice, sizes: Mapping[str, int]) -> Picked:
    if part == slice(None):
        return tuple(range(len(axis)))
    if not any(axis):
        return tuple(range(len(axis)))[part]
    if part.step not in (None, 1):
        raise NotCaptured("a slice with a step along an axis of symbolic size")
    edges = [0, *accumulate(plain((block,), sizes) for block in axis)]
    start = 0 if part.start is None else _edge(edges, part.start)
    stop = len(axis) if part.stop is None else _edge(edges, part.stop)
    return tuple(range(start, stop))


def _edge(edges: list[int], bound: int) -> int:
    wanted = number(bound) if number(bound) >= 0 else edges[-1] + number(bound)
    if wanted not in edges:
        raise NotCaptured("a slice that does not end where a named part of the axis ends")
    return edges.index(wanted)


def take(value: Value, chosen: Selection) -> Value:
    """What a basic index picks."""
    entries: dict[Key, Term] = {}
    shape = chosen.shape(value.shape)
    moves = {a[0]: place for place, a in enumerate(chosen.axes) if a is not None}
    for key in keys_of(shape):
        own = _source(value.shape, chosen, key)
        entries[key] = shifted(value.entries[own], moves, value.shape, own)
    return Value(shape, entries)


def put(value: Value, chosen: Selection, new: Value) -> Value:
    """`value` with what a basic index picks replaced by `new`, which has the picked shape."""
    entries = dict(value.entries)
    moves = {place: a[0] for place, a in enumerate(chosen.axes) if a is not None}
    for key, term in new.entries.items():
        entries[_source(value.shape, chosen, key)] = shifted(term, moves, new.shape, key)
    return Value(value.shape, entries)


def _source(shape: Shape, chosen: Selection, key: Key) -> Key:
    own = [chosen.fixed.get(axis, 0) for axis in range(len(shape))]
    for picked, block in zip(chosen.axes, key, strict=True):
        if picked is not None:
            own[picked[0]] = picked[1][block]
    return tuple(own)
