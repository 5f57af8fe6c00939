"""Integer labels and ranges: arrays that are only used to pick, compare or count.

Labels y with values in range(C) are held as their one-hot array ``y[n, c]`` (domain ``onehot``), a range over an axis
as the axis. ``p[arange(N), y]`` is then the sum over c of p[n, c] y[n, c], and ``y == arange(C)`` is y[n, c] itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from proofs.calculus.terms import Term
from proofs.capture import values as v
from proofs.capture.arithmetic import UNIT, minus, plus, times
from proofs.capture.array import Run, SymbolicArray, value_of
from proofs.capture.shapes import ONE, Axis, Dim, NotCaptured, number
from proofs.capture.values import Value


class _Integers:
    """What labels and ranges share: arithmetic on them is not followed."""

    __array_priority__ = 1000.0
    __hash__ = None  # type: ignore[assignment]
    run: Run

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        from proofs.capture.functions import call_ufunc

        return call_ufunc(self.run, ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        raise NotCaptured(f"np.{getattr(function, '__name__', function)} of integer labels")

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise NotCaptured("a conversion of integer labels to a plain NumPy array")

    def __eq__(self, other: object) -> Any:
        return np.equal(self, other)  # type: ignore[call-overload]

    def __ne__(self, other: object) -> Any:
        return np.not_equal(self, other)  # type: ignore[call-overload]

    def __bool__(self) -> bool:
        raise NotCaptured("a Python branch that depends on labels")

    def __iter__(self) -> Any:
        raise NotCaptured("a Python loop over labels")

    @property
    def dtype(self) -> Any:
        return np.dtype(np.int64)


class SymbolicRange(_Integers):
    """``np.arange`` over an axis, with axes of size 1 added before and after."""

    def __init__(self, run: Run, axis: Axis, place: int = 0, rank: int = 1) -> None:
        self.run, self.axis, self.place, self.rank = run, axis, place, rank

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.run.size(self.axis) if k == self.place else 1 for k in range(self.rank))

    def __len__(self) -> int:
        if isinstance(self.shape[0], Dim):
            raise NotCaptured("__len__ of labels, whose number is symbolic")
        return self.shape[0]

    def __getitem__(self, key: Any) -> SymbolicRange:
        parts = key if isinstance(key, tuple) else (key,)
        if self.rank == 1 and all(p is None or p == slice(None) for p in parts) and len(parts) <= 2:
            return SymbolicRange(self.run, self.axis, int(parts[0] is None), len(parts) if None in parts else 1)
        raise NotCaptured("a part of np.arange over an axis of symbolic size")

    def reshape(self, *shape: Any) -> SymbolicRange:
        wanted = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple) else shape
        if len(wanted) == 2 and 1 in [number(n) for n in wanted]:
            return SymbolicRange(self.run, self.axis, int(number(wanted[0]) == 1), 2)
        raise NotCaptured("this reshape of np.arange over an axis of symbolic size")


class SymbolicLabels(_Integers):
    """Labels: `hot` holds their one-hot array, whose last axis is the classes; `trailing` axes of size 1 follow."""

    def __init__(self, run: Run, hot: Value, trailing: int = 0) -> None:
        self.run, self.hot, self.trailing = run, hot, trailing

    @property
    def shape(self) -> tuple[int, ...]:
        return (*(self.run.size(axis) for axis in self.hot.shape[:-1]), *([1] * self.trailing))

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        total: Any = 1
        for n in self.shape:
            total = n * total
        return total  # type: ignore[no-any-return]

    def __len__(self) -> int:
        if isinstance(self.shape[0], Dim):
            raise NotCaptured("__len__ of labels, whose number is symbolic")
        return self.shape[0]

    def astype(self, *_: Any, **__: Any) -> SymbolicLabels:
        return self

    copy = astype

    def ravel(self) -> SymbolicLabels:
        return self.reshape(-1)

    flatten = ravel

    def reshape(self, *shape: Any) -> SymbolicLabels:
        from proofs.capture.reshaping import reshape

        wanted = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple) else shape
        if len(self.hot.shape) == 2 and len(wanted) == 2 and number(wanted[1]) == 1:
            return SymbolicLabels(self.run, self.hot, 1)
        made = reshape(self.run, self.hot, (*wanted, self.run.size(self.hot.shape[-1])))
        return SymbolicLabels(self.run, made)

    def __getitem__(self, key: Any) -> SymbolicLabels:
        parts = key if isinstance(key, tuple) else (key,)
        if all(p == slice(None) for p in parts[:-1]) and parts[-1] is None and len(parts) == len(self.shape) + 1:
            return SymbolicLabels(self.run, self.hot, self.trailing + 1)
        if all(isinstance(p, slice) and p == slice(None) for p in parts):
            return self
        raise NotCaptured("this index into labels")

    def min(self, *_: Any) -> _Bound:
        return _Bound(self.run, self.hot.shape[-1])

    max = min


class _Bound:
    """The smallest or largest label: only known to lie in range(C)."""

    def __init__(self, run: Run, axis: Axis) -> None:
        self.run, self.axis = run, axis

    def _known(self, answer: bool, certain: bool) -> bool:
        if not certain:
            raise NotCaptured("a Python branch that depends on labels")
        return answer

    def __ge__(self, other: Any) -> bool:
        return self._known(True, not isinstance(other, Dim) and other <= 0)

    def __gt__(self, other: Any) -> bool:
        return self._known(True, not isinstance(other, Dim) and other < 0)

    def __lt__(self, other: Any) -> bool:
        if isinstance(other, Dim):
            return self._known(True, bool(other >= self.run.size(self.axis)))
        concrete = not any(self.axis) and other >= len(self.axis)
        return self._known(concrete, concrete or other <= 0)

    def __le__(self, other: Any) -> bool:
        return self < other + 1


def is_label_index(key: Any) -> bool:
    """Whether an index holds labels or a range."""
    parts = key if isinstance(key, tuple) else (key,)
    return any(isinstance(part, (SymbolicLabels, SymbolicRange)) for part in parts)


def one_hot(run: Run, left: Any, right: Any) -> Value:
    """``labels == arange(C)`` or ``arange(N)[:, None] == arange(N)`` as zeros and ones."""
    if isinstance(right, SymbolicLabels):
        left, right = right, left
    if isinstance(left, SymbolicLabels) and isinstance(right, SymbolicRange) and right.axis == left.hot.shape[-1]:
        if left.trailing + 1 == right.rank and right.place == right.rank - 1 and left.trailing == 1:
            return left.hot
        if left.trailing == 1 and right.rank == 1:
            return left.hot
    if isinstance(left, SymbolicLabels) and isinstance(right, SymbolicLabels) and not left.trailing + right.trailing:
        if len(left.hot.shape) == len(right.hot.shape) == 2 and left.hot.shape == right.hot.shape:
            return v.contract(run.tape, [("nc", left.hot), ("nc", right.hot)], "n")
    if isinstance(left, SymbolicRange) and isinstance(right, SymbolicRange) and left.axis == right.axis:
        places = {(left.place, left.rank), (right.place, right.rank)}
        if places in ({(0, 2), (1, 2)}, {(0, 2), (0, 1)}):
            return v.identity(run.tape, left.axis)
    raise NotCaptured("this comparison of labels")


def _as_range(run: Run, part: Any, axis: Axis) -> Any:
    """A plain ``np.arange`` over a concrete axis as the range that it is; anything else as it stands."""
    if isinstance(part, np.ndarray) and part.dtype.kind in "iu" and np.array_equal(part, np.arange(len(axis))):
        return SymbolicRange(run, axis)
    return part


def _picks(run: Run, array: SymbolicArray, key: Any) -> tuple[list[tuple[str, Value]], str, str]:
    """An index of labels and ranges as factors of zeros and ones: (factors, letters of the array, of the result)."""
    parts = list(key) if isinstance(key, tuple) else [key]
    shape = array.value.shape
    letters = "abcdefgh"[: len(shape)]
    parts += [slice(None)] * (len(shape) - len(parts))
    result: list[str] = []
    factors: list[tuple[str, Value]] = []
    names = list(letters)
    placed = False
    shared = ""
    for place, given in enumerate(parts):
        part = _as_range(run, given, shape[place])
        if isinstance(part, SymbolicRange) and part.rank == 1 and part.axis == shape[place]:
            shared = shared or names[place]
            if shared != names[place]:
                raise NotCaptured("two ranges in one index")
            result += [] if placed else [shared]
            placed = True
        elif isinstance(part, SymbolicLabels) and not part.trailing and part.hot.shape[-1] == shape[place]:
            rank = len(part.hot.shape) - 1
            own = shared if shared and rank == 1 else "pqrst"[:rank]
            factors.append((own + names[place], part.hot))
            if not placed:
                result += list(own)
                placed, shared = True, own if rank == 1 else ""
        elif isinstance(part, slice) and part == slice(None):
            result.append(names[place])
        else:
            raise NotCaptured("labels mixed with other indices in this way")
    return factors, "".join(names), "".join(result)


def gather(run: Run, array: SymbolicArray, key: Any) -> SymbolicArray:
    """``array[arange(N), y]``, ``table[y]``, ``eye(C)[y]``."""
    factors, letters, result = _picks(run, array, key)
    return run.array(v.contract(run.tape, [(letters, array.value), *factors], result))


def scatter(run: Run, array: SymbolicArray, key: Any, new: Any, update: Callable[[Term, Term], Term]) -> None:
    """``array[arange(N), y] = new`` and ``np.add.at(array, y, new)``."""
    factors, letters, result = _picks(run, array, key)
    shape = tuple(_axis_of(letter, [(letters, array.value), *factors]) for letter in result)
    fitted = Value(shape, v.stretched(value_of(run, new), shape))
    adds = update(UNIT, UNIT) != UNIT
    if not adds and any(letter not in letters for own, _ in factors for letter in own[:-1]):
        raise NotCaptured("writing rows chosen by labels, where the last of several equal labels wins")
    spread = v.contract(run.tape, [(result, fitted), *factors], letters)
    if adds:
        array.store(v.elementwise(run.tape, update, array.value, spread))
        return
    ones = Value(shape, dict.fromkeys(v.keys_of(shape), UNIT))
    chosen = v.contract(run.tape, [(result, ones), *factors], letters)
    kept = v.elementwise(run.tape, lambda old, m: times(old, minus(UNIT, m)), array.value, chosen)
    array.store(v.elementwise(run.tape, plus, kept, spread))


def _axis_of(letter: str, inputs: list[tuple[str, Value]]) -> Axis:
    for letters, value in inputs:
        if letter in letters:
            return value.shape[letters.index(letter)]
    return ONE
