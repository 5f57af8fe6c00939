"""Basic indexing of symbolic arrays: which blocks a key picks, and how what was picked is written back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from proofs.calculus.terms import Term
from proofs.capture.refusal import NotCaptured
from proofs.capture.shapes import ONE, Axis, Shape, polynomial
from proofs.capture.sizes import Block, Polynomial, is_symbolic, terms_of
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


def is_full(part: Any) -> bool:
    """Whether a part of an index takes a whole axis as it is."""
    return isinstance(part, slice) and part.start is None and part.stop is None and part.step in (None, 1)


def parts_of(key: Any, rank: int) -> list[Any]:
    """An index as one part an axis, new axes aside; the ellipsis written out. Raises NotCaptured."""
    parts = list(key) if isinstance(key, tuple) else [key]
    used = sum(part is not None and part is not Ellipsis for part in parts)
    if used > rank:
        raise NotCaptured(f"{used} indices for an array with {rank} axes")
    places = [place for place, part in enumerate(parts) if part is Ellipsis]
    if len(places) > 1:
        raise NotCaptured("an index with two ellipses")
    at = places[0] if places else len(parts)
    parts[at : at + 1] = [slice(None)] * (rank - used)
    return parts


def select(shape: Shape, key: Any) -> Selection:
    """Read a basic index. Raises NotCaptured for anything that is not made of whole blocks."""
    axes: list[tuple[int, Picked] | None] = []
    fixed: dict[int, int] = {}
    axis = 0
    for part in parts_of(key, len(shape)):
        if part is None:
            axes.append(None)
            continue
        if isinstance(part, slice):
            axes.append((axis, _blocks(shape[axis], part)))
        elif isinstance(part, (int, np.integer)) and not isinstance(part, bool):
            fixed[axis] = _one(shape[axis], part)
        else:
            raise NotCaptured(f"an index of type {type(part).__name__} in this position")
        axis += 1
    return Selection(tuple(axes), fixed)


def _one(axis: Axis, number: Any) -> int:
    """The block that is the element picked: all on its side of it have size 1 too."""
    side = () if is_symbolic(number) else axis[: number + 1] if number >= 0 else axis[number:]
    if is_symbolic(number) or (any(axis) and (any(side) or len(side) < (number + 1 if number >= 0 else -number))):
        raise NotCaptured("one element picked by number from an axis of symbolic size")
    if not -len(axis) <= number < len(axis):
        raise NotCaptured(f"index {number} is out of bounds for an axis of size {len(axis)}")
    return int(number) % len(axis)


def _blocks(axis: Axis, part: slice) -> Picked:
    if is_full(part):
        return tuple(range(len(axis)))
    if not any(axis):
        if any(is_symbolic(bound) for bound in (part.start, part.stop, part.step)):
            raise NotCaptured("a slice of an axis of concrete size that depends on a symbolic one")
        return tuple(range(len(axis)))[part]
    if part.step not in (None, 1):
        raise NotCaptured("a slice with a step along an axis of symbolic size")
    start = 0 if part.start is None else _edge(axis, part.start)
    stop = len(axis) if part.stop is None else _edge(axis, part.stop)
    return tuple(range(start, stop))


def _edge(axis: Axis, bound: Any) -> int:
    """After how many blocks of the axis a bound lies, for all sizes."""
    wanted = _counts(terms_of(bound))
    if any(count < 0 for count in wanted.values()):
        for block, count in polynomial(axis):
            wanted[block] = wanted.get(block, Fraction(0)) + count
    wanted = {block: count for block, count in wanted.items() if count}
    for place in range(len(axis) + 1):
        if _counts(polynomial(axis[:place])) == wanted:
            return place
    raise NotCaptured("a slice that does not end where a named part of the axis ends")


def _counts(terms: Polynomial) -> dict[Block, Fraction]:
    return dict(terms)


@dataclass(frozen=True)
class Places:
    """An index with plain arrays, read: the shape picked, and where each of its entries comes from."""

    shape: Shape
    source: Mapping[Key, Key]
    moves: Mapping[int, int]


def places(shape: Shape, key: Any) -> Places:
    """Read an index that picks from concrete axes by arrays and takes symbolic ones whole. Raises NotCaptured."""
    parts = [slice(None) if is_full(part) else part for part in parts_of(key, len(shape))]
    own = [part for part in parts if part is not None]
    given = sum(p.ndim if isinstance(p, np.ndarray) and p.dtype.kind == "b" else 1 for p in own)
    if given != len(own):
        raise NotCaptured("a boolean array of several axes in an index")
    for axis, part in zip(shape, own, strict=True):
        if any(axis) and not is_full(part):
            raise NotCaptured("an array of places along an axis of symbolic size")
    lengths = [2 if len(axis) == 1 and any(axis) else len(axis) for axis in shape]
    numbers = [np.broadcast_to(_along(n, a, len(lengths)), lengths) for a, n in enumerate(lengths)]
    try:
        picked = [numbered[tuple(parts)] for numbered in numbers]
    except (IndexError, ValueError) as error:
        raise NotCaptured(f"{error}") from None
    result: list[Axis] = [((),) * n for n in picked[0].shape]
    moves = {}
    for a, axis in enumerate(shape):
        if any(axis):
            place = next(p for p in range(picked[a].ndim) if np.ptp(picked[a], axis=p).any())
            result[place], moves[a] = axis, place
    whole = {a for a, axis in enumerate(shape) if any(axis)}
    source = {
        at: tuple(at[moves[a]] if a in whole else int(picked[a][at]) for a in range(len(shape)))
        for at in keys_of(tuple(result))
    }
    return Places(tuple(result), source, moves)


def _along(length: int, axis: int, rank: int) -> Any:
    return np.array(range(length)).reshape([length if a == axis else 1 for a in range(rank)])


def take_places(value: Value, found: Places) -> Value:
    """What an index of arrays picks."""
    entries = {key: shifted(value.entries[own], found.moves, value.shape, own) for key, own in found.source.items()}
    return Value(found.shape, entries)


def put_places(
    value: Value, found: Places, new: Value, update: Callable[[Term, Term], Term] | None = None
) -> dict[Key, Term]:
    """The entries of `value` with `new` written where the index picks: the last wins, or each is added by `update`."""
    entries = dict(value.entries)
    back = {place: a for a, place in found.moves.items()}
    for key, own in found.source.items():
        term = shifted(new.entries[key], back, new.shape, key)
        entries[own] = term if update is None else update(entries[own], term)
    return entries


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
