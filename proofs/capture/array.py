"""The array that user code sees: it answers NumPy's protocols and writes down on a tape what is done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from proofs.calculus.terms import Array, Element, Num, Term
from proofs.capture import values as v
from proofs.capture.dtypes import SymbolicDtype, kind_of, refuse_narrow
from proofs.capture.operators import Operators
from proofs.capture.refusal import NotCaptured
from proofs.capture.shapes import LARGEST_AXIS, ONE, Axis, Shape, dim, plain, polynomial
from proofs.capture.sizes import Dim, Polynomial, is_number, is_symbolic, term_of
from proofs.capture.values import Tape, Value


@dataclass(frozen=True)
class StandIn:
    """An unknown array of zeros and ones that stands for one made by the code: what it is made of, and how.

    kind ``lower``: positive on and below the diagonal, negative above; ``largest`` and ``smallest``: one-hot, 1 where
    `of` is largest (smallest) along its last axis.
    """

    kind: str
    shape: Shape
    arrays: tuple[Array, ...]
    value: Value
    of: Value | None = None


@dataclass
class Run:
    """One execution of user code: the tape, the concrete size behind each dimension, and what is left unknown.

    A maximum is an opaque number, which must cancel; with `exact` it is the largest element.
    """

    sizes: Mapping[str, int]
    tape: Tape = field(default_factory=Tape)
    exact: bool = False
    opaque: dict[str, tuple[tuple[Array, ...], Value]] = field(default_factory=dict)
    stand_ins: dict[str, StandIn] = field(default_factory=dict)
    asked: dict[Polynomial, Axis] = field(default_factory=dict)

    def array(self, value: Value, *, boolean: bool = False, present: Value | None = None) -> SymbolicArray:
        return SymbolicArray(self, value, kind="boolean" if boolean else "real", present=present)

    def size(self, axis: Axis) -> Any:
        """The size of an axis as user code sees it."""
        self.asked[polynomial(axis)] = axis
        return dim(plain(axis, self.sizes), dict(polynomial(axis)))

    def axis(self, number: Any) -> Axis:
        """The axis that a size in user code means: that whose size was last asked for, else its terms in order."""
        if isinstance(number, Dim):
            if number.terms in self.asked:
                return self.asked[number.terms]
            if any(count < 0 or count.denominator > 1 for _, count in number.terms):
                raise NotCaptured(f"an axis of size {number!r}")
            return tuple(block for block, count in number.terms for _ in range(int(count)))
        if number > LARGEST_AXIS:
            raise NotCaptured(f"a concrete size of {number}: at most {LARGEST_AXIS} is followed")
        return ((),) * int(number)

    def unknown(self, what: str, letter: str, shape: Shape) -> Value:
        """An opaque array, the same one for the same `what`: the result must not depend on it."""
        what = f"{letter} {what}"
        if what not in self.opaque:
            self.opaque[what] = _arrays(self.tape.name(letter), shape, "real")
        return self.opaque[what][1]

    def stand_in(self, kind: str, shape: Shape, of: Value | None = None) -> Value:
        """The array that stands for something the code makes (see `StandIn`)."""
        what = f"{kind} {shape} {of}"
        if what not in self.stand_ins:
            arrays, value = _arrays(self.tape.name(kind), shape, "real" if kind == "lower" else "onehot")
            self.stand_ins[what] = StandIn(kind, shape, arrays, value, of)
            self.tape.bits |= {a.name for a in arrays if a.domain == "onehot"}
        return self.stand_ins[what].value


def _arrays(name: str, shape: Shape, domain: str) -> tuple[tuple[Array, ...], Value]:
    entries = {key: element(name, shape, key) for key in v.keys_of(shape)}
    dims = {t.name: tuple(i.dim for i in v.indices_of(shape, key)) for key, t in entries.items()}
    return tuple(Array(part, axes, domain) for part, axes in dims.items()), Value(shape, entries)


@dataclass(frozen=True)
class View:
    """How an array is read from another whose memory it shares, and what that one holds once it is written to."""

    get: Callable[[Value], Value]
    put: Callable[[Value, Value], Value]


class SymbolicArray(Operators):
    """An array with symbolic sizes, of kind real, integer or boolean; views share what they hold.

    `present` is None, or 0 where the array is minus infinity.
    """

    def __init__(
        self,
        run: Run,
        value: Value | None,
        *,
        kind: str = "real",
        present: Value | None = None,
        base: SymbolicArray | None = None,
        view: View | None = None,
    ) -> None:
        self.run, self.kind, self.present = run, kind, present
        self._value, self._base, self._view = value, base, view
        self._shared: list[SymbolicArray] = [self] if base is None else base._shared
        self._read: tuple[int, Value] | None = None
        self._stale = False
        self.writes = 0

    @property
    def boolean(self) -> bool:
        return self.kind == "boolean"

    @property
    def changes(self) -> int:
        """How often it was written to, through itself or through what it is a view of."""
        return self.writes if self._base is None else self._base.changes

    @property
    def finite(self) -> Value:
        """What it holds where it is not minus infinity."""
        if self._base is not None and self._view is not None:
            if self._read is None or self._read[0] != self.changes:
                self._read = (self.changes, self._view.get(self._base.finite))
            return self._read[1]
        if self._stale:
            raise NotCaptured("an array read after a write to another that shares its memory or not, by its layout")
        assert self._value is not None
        return self._value

    @property
    def value(self) -> Value:
        if self.present is not None:
            raise NotCaptured("minus infinity in this place")
        refuse_narrow(self.kind)
        return self.finite

    @property
    def axes(self) -> Shape:
        return self.finite.shape

    def store(self, new: SymbolicArray | Value) -> None:
        """Replace what is held; a view writes through to what it is a view of."""
        value = new.finite if isinstance(new, SymbolicArray) else new
        present = new.present if isinstance(new, SymbolicArray) else None
        shape = self.axes
        if v.broadcast(shape, value.shape) != shape:
            raise NotCaptured(f"{v.describe(value.shape)} does not fit into {v.describe(shape)}")
        if self._base is not None and self._view is not None:
            if present is not None or self.present is not None:
                raise NotCaptured("minus infinity written into a part of an array")
            fitted = Value(shape, v.stretched(value, shape))
            self._base.store(self._view.put(self._base.value, fitted))
            return
        self._value = Value(shape, v.stretched(value, shape))
        self.present = present
        for other in self._shared:
            other.writes += 1
            other._stale = other is not self

    def accept(self, new: Any) -> None:
        """Raises NotCaptured where writing `new` would round it, or is refused by NumPy."""
        if self.kind == "real":
            return
        kind = kind_of_operand(new)
        known = not isinstance(new, SymbolicArray) and np.ndim(new) == 0 and not is_symbolic(new)
        whole = known and float(new) == int(new) and (self.kind == "integer" or new in (0, 1))
        if not whole and kind != self.kind and (self.kind, kind) != ("integer", "boolean"):
            raise NotCaptured("real numbers written into an array of integers or of true and false")

    def view_of(self, view: View) -> SymbolicArray:
        """A view of this array."""
        if self.present is not None:
            raise NotCaptured("a part, or another arrangement, of an array with minus infinities")
        return SymbolicArray(self.run, None, kind=self.kind, base=self, view=view)

    def copy_or_view(self, value: Value) -> SymbolicArray:
        """The array under another shape: whether it shares memory depends on the layout, so only one may be written."""
        root = self
        while root._base is not None:
            root = root._base
        made = SymbolicArray(self.run, value, kind=self.kind)
        made._shared = root._shared
        root._shared.append(made)
        return made

    def of_kind(self, dtype: Any) -> SymbolicArray:
        """A new array as of another dtype. Raises NotCaptured where that would round."""
        self.kind, wanted = "real", kind_of(dtype)
        return self.astype(wanted) if wanted != "real" else self

    @property
    def shape(self) -> tuple[Any, ...]:
        return tuple(self.run.size(axis) for axis in self.axes)

    @property
    def ndim(self) -> int:
        return len(self.axes)

    @property
    def size(self) -> Any:
        total: Any = 1
        for n in self.shape:
            total = n * total
        return total

    @property
    def dtype(self) -> Any:
        return np.dtype(bool) if self.boolean else SymbolicDtype()

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return np.ndarray

    @property
    def T(self) -> Any:
        return self.transpose()

    def __len__(self) -> int:
        if not self.axes:
            raise TypeError("len() of unsized object")
        if any(self.axes[0]):
            raise NotCaptured("__len__ of an array, whose size is symbolic")
        return len(self.axes[0])

    def __iter__(self) -> Any:
        axis = self.axes[0] if self.axes else ONE
        if not self.axes or any(axis):
            raise NotCaptured("a Python loop over an axis of symbolic size")
        return (self[k] for k in range(len(axis)))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or not hasattr(np.ndarray, name):
            raise AttributeError(name)
        raise NotCaptured(f"ndarray.{name}")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        from proofs.capture.elementwise import call_ufunc

        return call_ufunc(self.run, ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        from proofs.capture.functions import call_function

        return call_function(self.run, function, args, kwargs)

    def __getitem__(self, key: Any) -> Any:
        from proofs.capture.picking import pick

        return pick(self, key)

    def __setitem__(self, key: Any, new: Any) -> None:
        from proofs.capture.picking import write

        write(self, key, new)

    def _update(self, ufunc: Any, other: Any) -> Any:
        made = self._call(ufunc, self, other)
        if made is NotImplemented or not self.axes:  # a number is another one afterwards, an array is the same
            return made
        self.accept(made)
        self.store(made)
        return self

    def __iadd__(self, other: Any) -> Any:
        return self._update(np.add, other)

    def __isub__(self, other: Any) -> Any:
        return self._update(np.subtract, other)

    def __imul__(self, other: Any) -> Any:
        return self._update(np.multiply, other)

    def __itruediv__(self, other: Any) -> Any:
        return self._update(np.true_divide, other)

    def __ipow__(self, other: Any) -> Any:
        return self._update(np.power, other)

    def __iand__(self, other: Any) -> Any:
        return self._update(np.bitwise_and, other)

    def __ior__(self, other: Any) -> Any:
        return self._update(np.bitwise_or, other)

    def _named(self, name: str, *args: Any, **options: Any) -> Any:
        from proofs.capture.functions import call_function

        return call_function(self.run, NAMED[name], (self, *args), options)

    def copy(self, *_: Any, **__: Any) -> SymbolicArray:
        return SymbolicArray(self.run, self.finite, kind=self.kind, present=self.present)

    def astype(self, dtype: Any, *_: Any, copy: bool = True, **__: Any) -> SymbolicArray:
        wanted = kind_of(dtype)
        if not copy:
            raise NotCaptured("astype with copy=False, which shares memory or not by the dtype")
        if wanted == "real" or wanted == self.kind:
            return SymbolicArray(self.run, self.finite, kind=wanted, present=self.present)
        if wanted in ("integer", "narrow") and all(self._is_whole(t, wanted) for t in self.finite.entries.values()):
            return SymbolicArray(self.run, self.finite, kind=wanted)
        if wanted == "boolean" and all(self.run.tape.is_bit(t) for t in self.finite.entries.values()):
            return SymbolicArray(self.run, self.finite, kind="boolean")
        raise NotCaptured(f"astype({dtype!r}) of real numbers, which rounds them or compares them with 0")

    def _is_whole(self, t: Term, kind: str) -> bool:
        return self.run.tape.is_bit(t) or (kind == "integer" and isinstance(t, Num) and t.value.denominator == 1)

    def transpose(self, *axes: Any) -> Any:
        return self._named("transpose", (axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes) or None)

    def reshape(self, *shape: Any, **options: Any) -> Any:
        return self._named(
            "reshape", shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape, **options
        )

    def flatten(self, *order: Any) -> Any:
        return self._named("ravel", *order).copy()

    def item(self, *place: Any) -> SymbolicArray:
        if self.axes or place:
            raise NotCaptured("item() of an array with axes")
        return self

    def fill(self, number: Any) -> None:
        self[...] = number


METHODS = (
    *("sum", "mean", "var", "std", "max", "min", "prod", "argmax", "argmin", "cumsum", "dot", "clip", "swapaxes"),
    *("squeeze", "ravel", "repeat", "diagonal", "trace", "take", "any", "all"),
)
"""Methods that are the NumPy function of their name."""
NAMED = {name: getattr(np, name) for name in (*METHODS, "transpose", "reshape")}


def _method(name: str) -> Callable[..., Any]:
    def method(self: SymbolicArray, *args: Any, **options: Any) -> Any:
        return self._named(name, *args, **options)

    return method


for _name in METHODS:
    setattr(SymbolicArray, _name, _method(_name))


def kind_of_operand(operand: Any) -> str:
    """The kind NumPy would give to an operand."""
    if isinstance(operand, SymbolicArray):
        return operand.kind
    if isinstance(operand, (np.ndarray, np.generic)):
        return kind_of(operand.dtype)
    return "boolean" if isinstance(operand, bool) else "integer" if isinstance(operand, int) else "real"


def value_of(run: Run, operand: Any) -> Value:
    """What an operand holds. Raises NotCaptured for what is not followed."""
    if isinstance(operand, SymbolicArray):
        if operand.run is not run:
            raise NotCaptured("an array left over from an earlier call: the code keeps state")
        return operand.value
    refuse_narrow(kind_of_operand(operand))
    if is_number(operand):
        return Value((), {(): term_of(operand)})
    if isinstance(operand, np.ndarray) and operand.dtype.kind in "biuf":
        shape: Shape = tuple(((),) * n for n in operand.shape)
        return Value(shape, {key: term_of(operand[key]) for key in np.ndindex(operand.shape)})
    if isinstance(operand, (list, tuple)) and operand:
        parts = [value_of(run, part) for part in operand]
        return v.join(run.tape, [Value((ONE, *p.shape), _inside(p)) for p in parts], 0)
    raise NotCaptured(f"arithmetic with {type(operand).__name__}")


def _inside(value: Value) -> dict[v.Key, Term]:
    """The entries under the names of the axes after one more axis in front."""
    moves = {axis: axis + 1 for axis in range(len(value.shape))}
    return {(0, *key): v.shifted(t, moves, value.shape, key) for key, t in value.entries.items()}


def element(name: str, shape: Shape, key: Sequence[int]) -> Element:
    """The array element an entry stands for; an axis of several blocks is several arrays."""
    names = [n for axis, block in enumerate(key) for n in v.names_of(axis, shape[axis][block])]
    suffix = "".join(f"_{block}" for axis, block in enumerate(key) if len(shape[axis]) > 1)
    return Element(name + suffix, tuple(names))
