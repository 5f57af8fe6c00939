"""Reading and writing at labels: `p[arange(N), y]` is a sum over the one-hot axis, a write there its spread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from proofs.calculus.terms import Element, Num
from proofs.capture import comparisons as c
from proofs.capture import values as v
from proofs.capture.arithmetic import UNIT, ZERO
from proofs.capture.array import Run, SymbolicArray
from proofs.capture.labels import SymbolicLabels, SymbolicRange
from proofs.capture.refusal import NotCaptured
from proofs.capture.shapes import ONE, Axis, Shape
from proofs.capture.values import Value


def _as_labels(run: Run, part: Any, axis: Axis) -> SymbolicLabels | None:
    """Part of an index as labels over the axis; None for a slice."""
    if isinstance(part, SymbolicLabels):
        if part.hot.shape[-1] != axis:
            raise NotCaptured(f"labels in range{v.describe((part.hot.shape[-1],))} along {v.describe((axis,))}")
        return part
    if isinstance(part, slice):
        return None
    plain = np.asarray(part) if isinstance(part, (int, np.integer, np.ndarray, list)) else None
    if plain is None or plain.dtype.kind not in "iu" or any(axis):
        raise NotCaptured("labels mixed with other indices in this way")
    if plain.size and not (plain.min() >= -len(axis) and plain.max() < len(axis)):
        raise NotCaptured(f"an index out of bounds for an axis of size {len(axis)}")
    places = plain % len(axis)
    shape: Shape = (*(((),) * n for n in places.shape), axis)
    return SymbolicLabels(run, Value(shape, {k: UNIT if places[k[:-1]] == k[-1] else ZERO for k in v.keys_of(shape)}))


class _Pick:
    """An index with labels: result axes are those of the labels, broadcast, and those of the slices."""

    def __init__(self, run: Run, array: SymbolicArray, key: Any) -> None:
        from proofs.capture.indexing import is_full, parts_of

        self.run = run
        parts = parts_of(key, array.ndim)
        if any(part is None for part in parts):
            raise NotCaptured("labels and a new axis in one index")
        basic = [p if isinstance(p, slice) else slice(None) for p in parts]
        self.target: SymbolicArray = array if all(is_full(p) for p in basic) else array[tuple(basic)]
        shape = self.target.axes
        found = [_as_labels(run, part, axis) for part, axis in zip(parts, shape, strict=True)]
        places = [place for place, labels in enumerate(found) if labels is not None]
        labels = [x for x in found if x is not None]
        self.common = v.broadcast(*(x.hot.shape[:-1] for x in labels))
        letters = "ABCDEFGHIJKLM"[: len(shape)]
        own = list("NOPQRSTUVWXYZ"[: len(self.common)])
        self.letters = letters
        factors: list[tuple[str, Value]] = []
        for place, x in zip(places, labels, strict=True):
            along = len(self.common) - x.ndim + x.place if isinstance(x, SymbolicRange) else -1
            if along >= 0 and own[along] not in letters and letters[place] not in own:
                own[along] = letters[place]
            else:
                factors.append((letters[place], self._broadcast(x)))
        self.factors = [("".join(own) + letter, hot) for letter, hot in factors]
        rest = [(place, letters[place]) for place in range(len(shape)) if place not in places]
        together = places == list(range(places[0], places[-1] + 1))
        first = [letter for place, letter in rest if place < places[0]] if together else []
        self.result = "".join([*first, *own, *(letter for _, letter in rest if letter not in first)])
        lengths = dict(zip(letters, shape, strict=True)) | dict(zip(own, self.common, strict=True))
        self.shape = tuple(lengths[letter] for letter in self.result)
        self.direct = all(letter in letters for letter in own)
        self.distinct = self.direct or self._is_distinct(labels)

    def _broadcast(self, labels: SymbolicLabels) -> Value:
        shape = (*self.common, labels.hot.shape[-1])
        return Value(shape, v.stretched(_aligned(labels.hot, len(shape)), shape))

    def _is_distinct(self, labels: Sequence[SymbolicLabels]) -> bool:
        """Whether no element is picked twice: ranges run along every axis of the labels."""
        covered = set()
        plain: list[Any] = []
        for x in labels:
            lead = len(self.common) - x.ndim
            if isinstance(x, SymbolicRange):
                covered.add(lead + x.place)
            if all(isinstance(t, Num) for t in x.hot.entries.values()):
                plain.append(x)
        if covered | {p for p, axis in enumerate(self.common) if axis == ONE} == set(range(len(self.common))):
            return True
        if not plain or any(any(axis) for axis in self.common):
            return False
        seen = set()
        for at in v.keys_of(self.common):
            row = []
            for x in plain:
                own = tuple(0 if a == ONE else k for a, k in zip(x.hot.shape[:-1], at[len(at) - x.ndim :], strict=True))
                row.append(tuple(x.hot.entries[(*own, k)] == UNIT for k in range(len(x.hot.shape[-1]))))
            seen.add(tuple(row))
        return len(seen) == len(list(v.keys_of(self.common)))


def _aligned(hot: Value, rank: int) -> Value:
    """The one-hot array with axes of size 1 in front."""
    lead = rank - len(hot.shape)
    moves = {a: a + lead for a in range(len(hot.shape))}
    entries = {(*([0] * lead), *k): v.shifted(t, moves, hot.shape, k) for k, t in hot.entries.items()}
    return Value((*([ONE] * lead), *hot.shape), entries)


def gather(run: Run, array: SymbolicArray, key: Any) -> SymbolicArray:
    """``array[arange(N), y]``, ``table[y]``, ``eye(C)[y]``."""
    pick = _Pick(run, array, key)
    made = v.contract(run.tape, [(pick.letters, pick.target.value), *pick.factors], pick.result)
    return run.array(made, boolean=array.boolean)


def scatter(run: Run, array: SymbolicArray, key: Any, new: Value, update: Any = None) -> None:
    """``array[arange(N), y] = new``, or ``np.add.at(array, y, new)`` with `update` as the addition."""
    pick = _Pick(run, array, key)
    if v.broadcast(new.shape, pick.shape) != pick.shape:
        raise NotCaptured(f"{v.describe(new.shape)} does not fit into {v.describe(pick.shape)}")
    if update is None and not pick.distinct:
        raise NotCaptured("writing rows chosen by labels, where the last of several equal labels wins")
    fitted = Value(pick.shape, v.stretched(new, pick.shape))
    before = pick.target.value
    spread = v.contract(run.tape, [(pick.result, fitted), *pick.factors], pick.letters)
    if update is not None:
        pick.target.store(v.elementwise(run.tape, update, before, spread))
        return
    shape = pick.target.axes
    everywhere = Value(shape, dict.fromkeys(v.keys_of(shape), UNIT))
    if pick.direct:
        chosen = v.contract(run.tape, [(pick.letters, everywhere), *pick.factors], pick.letters)
        spread = v.contract(run.tape, [(pick.letters, everywhere), (pick.result, fitted)], pick.letters)
    else:
        ones = Value(pick.shape, dict.fromkeys(v.keys_of(pick.shape), UNIT))
        chosen = v.contract(run.tape, [(pick.result, ones), *pick.factors], pick.letters)
    run.tape.bits |= {t.name for t in chosen.entries.values() if isinstance(t, Element)}
    pick.target.store(v.elementwise(run.tape, c.chosen, chosen, spread, before, kind="where"))
