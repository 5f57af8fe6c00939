"""Integer labels and ranges, held as their one-hot arrays: they are used to pick, to compare and to count.

Labels y with values in range(C) are the array ``y[n, c]`` of zeros and ones, a range over an axis is the unit matrix.
``p[arange(N), y]`` is then a sum over n and c of ``p[n, c]`` times both. Where C is a plain number, the one-hot array
is made from real arrays u: 1 at the first k with ``u_k > 0``, at the last k if there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from proofs.calculus.terms import Array, Element, Fn, Num, Term
from proofs.capture import comparisons as c
from proofs.capture import values as v
from proofs.capture.arithmetic import UNIT, ZERO, times
from proofs.capture.array import Run, SymbolicArray, element
from proofs.capture.dtypes import kind_of
from proofs.capture.operators import Operators
from proofs.capture.refusal import NotCaptured
from proofs.capture.shapes import ONE, Axis, Parameter, Shape
from proofs.capture.sizes import is_symbolic, number
from proofs.capture.values import Key, Value


class SymbolicLabels(Operators):
    """Integers in range(C): `hot` is their one-hot array, whose last axis is the C values they can have."""

    def __init__(self, run: Run, hot: Value) -> None:
        self.run, self.hot = run, hot

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.run.size(axis) for axis in self.hot.shape[:-1])

    @property
    def ndim(self) -> int:
        return len(self.hot.shape) - 1

    @property
    def size(self) -> Any:
        total: Any = 1
        for n in self.shape:
            total = n * total
        return total

    @property
    def dtype(self) -> Any:
        return np.dtype(np.int64)

    @property
    def T(self) -> SymbolicLabels:
        last = len(self.hot.shape) - 1
        return self._like(v.transpose(self.run.tape, self.hot, [*reversed(range(last)), last]))

    def _like(self, hot: Value) -> SymbolicLabels:
        return SymbolicLabels(self.run, hot)

    def numbers(self) -> SymbolicArray:
        """The labels as numbers, ``sum_k k hot_k``. Raises NotCaptured for a symbolic number of classes."""
        tape, (*rest, classes) = self.run.tape, self.hot.shape
        if any(classes):
            raise NotCaptured("arithmetic with labels whose number of classes is symbolic")
        entries = {
            key: v.added([times(Num(Fraction(k)), self.hot.entries[(*key, k)]) for k in range(1, len(classes))])
            for key in v.keys_of(tuple(rest))
        }
        made = self.run.array(tape.define(tuple(rest), entries, "bit" if len(classes) <= 2 else ""))
        made.kind = "integer"
        return made

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        from proofs.capture.elementwise import call_ufunc

        return call_ufunc(self.run, ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        from proofs.capture.functions import call_function

        return call_function(self.run, function, args, kwargs)

    def __len__(self) -> int:
        if any(self.hot.shape[0]):
            raise NotCaptured("__len__ of labels, whose number is symbolic")
        return len(self.hot.shape[0])

    def __iter__(self) -> Any:
        if not self.ndim or any(self.hot.shape[0]):
            raise NotCaptured("a Python loop over labels")
        return (self[k] for k in range(len(self.hot.shape[0])))

    def __getitem__(self, key: Any) -> SymbolicLabels:
        if is_label_index(key):
            from proofs.capture.gathering import gather

            return SymbolicLabels(self.run, gather(self.run, self.run.array(self.hot), key).value)
        parts = key if isinstance(key, tuple) else (key,)
        if not any(part is Ellipsis for part in parts):
            parts = (*parts, Ellipsis)
        return self._like(self.run.array(self.hot)[(*parts, slice(None))].value)

    def __setitem__(self, key: Any, new: Any) -> None:
        raise NotCaptured("a write to integer labels")

    def astype(self, dtype: Any, *_: Any, **__: Any) -> Any:
        return self if kind_of(dtype) == "integer" else self.numbers().astype(dtype)

    def copy(self, *_: Any) -> SymbolicLabels:
        return self

    def reshape(self, *shape: Any, **_: Any) -> SymbolicLabels:
        from proofs.capture.reshaping import reshape

        wanted = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple) else shape
        classes = self.run.size(self.hot.shape[-1])
        known: Any = 1
        for n in wanted:
            known = n * known if number(n) != -1 else known
        sizes = [self.size // known if number(n) == -1 else n for n in wanted]
        return self._like(reshape(self.run, self.hot, (*sizes, classes)))

    def ravel(self, *_: Any) -> SymbolicLabels:
        return self.reshape(-1)

    flatten = ravel

    def squeeze(self, axis: Any = None) -> SymbolicLabels:
        axes = [a for a, x in enumerate(self.hot.shape[:-1]) if x == ONE] if axis is None else [axis % self.ndim]
        if any(any(x) for x in self.hot.shape[:-1]) and axis is None and self.ndim > 1 and not axes:
            raise NotCaptured("squeeze of labels without an axis of size 1")
        return self[tuple(0 if a in axes else slice(None) for a in range(self.ndim))]

    def sum(self, *axis: Any, **options: Any) -> Any:
        return self.numbers().sum(*axis, **options)

    def mean(self, *axis: Any, **options: Any) -> Any:
        return self.numbers().mean(*axis, **options)

    def min(self, *_: Any) -> _Bound:
        return _Bound(self.run, self.hot.shape[-1])

    max = min


class SymbolicRange(SymbolicLabels):
    """``np.arange`` over an axis: labels in order, each value once, along the axis at `place`."""

    def __init__(self, run: Run, axis: Axis, hot: Value | None = None) -> None:
        super().__init__(run, v.identity(run.tape, axis) if hot is None else hot)
        self.axis = axis

    def _like(self, hot: Value) -> SymbolicLabels:
        wide = [axis for axis in hot.shape[:-1] if axis != ONE]
        return SymbolicRange(self.run, self.axis, hot) if wide == [self.axis] else SymbolicLabels(self.run, hot)

    @property
    def place(self) -> int:
        """The axis along which the values run."""
        return next((p for p, axis in enumerate(self.hot.shape[:-1]) if axis != ONE), 0)


class _Bound:
    """The smallest or largest label: only known to lie in range(C)."""

    def __init__(self, run: Run, axis: Axis) -> None:
        self.run, self.axis = run, axis

    def _known(self, answer: bool, certain: bool) -> bool:
        if not certain:
            raise NotCaptured("a Python branch that depends on labels")
        return answer

    def __ge__(self, other: Any) -> bool:
        return self._known(True, not is_symbolic(other) and other <= 0)

    def __gt__(self, other: Any) -> bool:
        return self._known(True, not is_symbolic(other) and other < 0)

    def __lt__(self, other: Any) -> bool:
        beyond = other >= self.run.size(self.axis)
        return self._known(beyond, beyond or (not is_symbolic(other) and other <= 0))

    def __le__(self, other: Any) -> bool:
        return bool(self < other + 1)

    def __eq__(self, other: object) -> bool:
        return self._known(False, isinstance(other, (int, float)) and other < 0)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __bool__(self) -> bool:
        return self._known(True, certain=False)

    def __str__(self) -> str:
        return str(self._known(True, certain=False))

    __repr__ = __str__
    __hash__ = None  # type: ignore[assignment]


def parameter_labels(run: Run, parameter: Parameter) -> tuple[SymbolicLabels, tuple[Array, ...]]:
    """The labels that stand for a parameter, and the arrays they are made from."""
    classes = parameter.classes or ONE
    shape = (*parameter.shape, classes)
    if any(classes):
        whole = {key: element(parameter.name, shape, key) for key in v.keys_of(shape)}
        run.tape.bits |= {t.name for t in whole.values()}
        return SymbolicLabels(run, Value(shape, whole)), _arrays(shape, whole, "onehot")
    below = (*parameter.shape, ((),) * max(len(classes) - 1, 1))
    given = {key: element(parameter.name, below, key) for key in v.keys_of(below)}
    entries: dict[Key, Term] = {}
    for key in v.keys_of(parameter.shape):
        none_before: Term = UNIT
        for k in range(len(classes) - 1):
            here = Fn("step", given[(*key, k)])
            entries[(*key, k)] = times(none_before, here)
            none_before = times(none_before, c.negation(here))
        entries[(*key, len(classes) - 1)] = none_before
    hot = run.tape.define(shape, entries, "bit")
    return SymbolicLabels(run, hot), _arrays(below, given, "real") if len(classes) > 1 else ()


def _arrays(shape: Shape, entries: Mapping[Key, Element], domain: str) -> tuple[Array, ...]:
    return tuple(Array(t.name, tuple(i.dim for i in v.indices_of(shape, key)), domain) for key, t in entries.items())


def label_axes(parameter: Parameter) -> Shape:
    """The axes of the array that a parameter's labels are made from (see `label_values`)."""
    classes = parameter.classes or ONE
    return (*parameter.shape, classes if any(classes) else ((),) * max(len(classes) - 1, 1))


def label_values(parameter: Parameter, labels: Any, classes: int) -> Any:
    """Plain labels as the plain array they are made from: one-hot, or u with ``u_k > 0`` exactly at the label k."""
    hot = np.eye(classes)[labels]
    return hot if any(parameter.classes or ONE) else 2 * hot[..., : max(classes - 1, 1)] - 1


def labels_from(parameter: Parameter, made_from: Any, classes: int) -> Any:
    """The labels that the array of `label_values` was made from."""
    if any(parameter.classes or ONE):
        return made_from.argmax(axis=-1)
    if classes == 1:
        return np.zeros(made_from.shape[:-1], dtype=int)
    positive = made_from > 0
    return np.where(positive.any(axis=-1), positive.argmax(axis=-1), classes - 1)


def is_label_index(key: Any) -> bool:
    """Whether an index holds labels or a range."""
    parts = key if isinstance(key, tuple) else (key,)
    return any(isinstance(part, SymbolicLabels) for part in parts)


def compare_labels(run: Run, ufunc: Any, left: Any, right: Any) -> Value | None:
    """A comparison of labels with labels or a number as zeros and ones; None where it is one of numbers."""
    from proofs.capture.triangles import compared

    if not isinstance(left, SymbolicLabels):
        mirrored = {np.greater: np.less, np.less: np.greater, np.greater_equal: np.less_equal}
        mirrored |= {np.less_equal: np.greater_equal}
        left, right, ufunc = right, left, mirrored.get(ufunc, ufunc)
    if isinstance(right, SymbolicLabels) and left.hot.shape[-1] == right.hot.shape[-1]:
        if ufunc in (np.equal, np.not_equal):
            both = v.elementwise(run.tape, times, left.hot, right.hot)
            same = v.total(run.tape, both, [len(both.shape) - 1], keepdims=False)
            same = run.tape.define(same.shape, same.entries, "bit")
            run.tape.bits |= {t.name for t in same.entries.values() if isinstance(t, Element)}
            return same if ufunc is np.equal else v.elementwise(run.tape, c.negation, same, kind="bit")
        if isinstance(left, SymbolicRange) and isinstance(right, SymbolicRange) and any(left.axis):
            symbol = {np.greater: ">", np.greater_equal: ">=", np.less: "<", np.less_equal: "<="}[ufunc]
            ranks = (left.ndim - left.place, right.ndim - right.place)
            if sorted(ranks) != [1, 2] or max(left.ndim, right.ndim) != 2:
                raise NotCaptured("this comparison of ranges")
            mirrored_symbol = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
            return compared(run, left.axis, symbol if ranks[0] == 2 else mirrored_symbol[symbol])
    if type(right) in (int, float, bool) and not any(left.hot.shape[-1]):
        return _with_number(run, ufunc, left, right)
    if type(right) is int and any(left.hot.shape[-1]) and right < 0:
        outside = {np.equal: ZERO, np.not_equal: UNIT, np.less: ZERO, np.less_equal: ZERO}.get(ufunc, UNIT)
        return v.filled(left.hot.shape[:-1], outside)
    return None


def _with_number(run: Run, ufunc: Any, labels: SymbolicLabels, bound: float) -> Value:
    """A comparison of labels in a plain range with a plain number: the sum of their one-hot entries where it holds."""
    *rest, classes = labels.hot.shape
    holding = [k for k in range(len(classes)) if bool(ufunc(k, bound))]
    everywhere = len(holding) == len(classes)
    entries = {
        key: UNIT if everywhere else v.added([labels.hot.entries[(*key, k)] for k in holding])
        for key in v.keys_of(tuple(rest))
    }
    return run.tape.define(tuple(rest), entries, "bit")
