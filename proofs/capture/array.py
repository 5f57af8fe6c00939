"""The array that user code sees: it answers NumPy's protocols and writes down on a tape what is done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from proofs.calculus.terms import Array, Element, Term
from proofs.capture import values as v
from proofs.capture.arithmetic import minus, over, plus, times
from proofs.capture.indexing import Selection, put, select, take
from proofs.capture.shapes import LARGEST_AXIS, ONE, Axis, Dim, NotCaptured, Shape, dim, plain, polynomial
from proofs.capture.sizes import is_number, term_of
from proofs.capture.values import Tape, Value


@dataclass
class Run:
    """One execution of user code: the tape, the concrete size behind each dimension, and opaque maxima."""

    sizes: Mapping[str, int]
    tape: Tape = field(default_factory=Tape)
    opaque: dict[str, tuple[tuple[Array, ...], Value]] = field(default_factory=dict)

    def array(self, value: Value, *, boolean: bool = False) -> SymbolicArray:
        return SymbolicArray(self, value, boolean=boolean)

    def size(self, axis: Axis) -> int:
        """The size of an axis as user code sees it."""
        return dim(plain(axis, self.sizes), dict(polynomial(axis)))

    def axis(self, number: int) -> Axis:
        """The axis that a size in user code means."""
        if isinstance(number, Dim):
            if any(count < 0 or count.denominator > 1 for _, count in number.terms):
                raise NotCaptured(f"an axis of size {number!r}")
            return tuple(block for block, count in number.terms for _ in range(int(count)))
        if number > LARGEST_AXIS:
            raise NotCaptured(f"a concrete size of {number}: at most {LARGEST_AXIS} is followed")
        return ((),) * int(number)


class SymbolicDtype:
    """The type of a symbolic array's elements: it can be passed on, and not be asked about."""

    @property
    def __class__(self) -> Any:
        return np.dtype

    def _refuse(self, *_: Any) -> Any:
        raise NotCaptured("code that depends on the dtype of an array")

    __eq__ = __ne__ = __hash__ = __str__ = __repr__ = __getattr__ = _refuse  # type: ignore[assignment]
    dtype = property(_refuse)


class SymbolicArray:
    """A real or boolean array with symbolic sizes; a basic slice is a view, as in NumPy."""

    __array_priority__ = 1000.0
    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self,
        run: Run,
        value: Value | None,
        *,
        boolean: bool = False,
        base: SymbolicArray | None = None,
        chosen: Selection | None = None,
    ) -> None:
        self.run, self.boolean = run, boolean
        self._value, self._base, self._chosen = value, base, chosen
        self.writes = 0

    # What it holds -----------------------------------------------------------------------------------------------

    @property
    def value(self) -> Value:
        if self._base is not None and self._chosen is not None:
            return take(self._base.value, self._chosen)
        assert self._value is not None
        return self._value

    def store(self, new: Value) -> None:
        """Replace what is held; a view writes through to what it is a view of."""
        self.writes += 1
        if v.broadcast(self.value.shape, new.shape) != self.value.shape:
            raise NotCaptured(f"{v.describe(new.shape)} does not fit into {v.describe(self.value.shape)}")
        fitted = Value(self.value.shape, v.stretched(new, self.value.shape))
        if self._base is not None and self._chosen is not None:
            self._base.store(put(self._base.value, self._chosen, fitted))
        else:
            self._value = fitted

    @property
    def changes(self) -> int:
        """How often it was written to, through itself or through what it is a view of."""
        return self.writes + (self._base.changes if self._base is not None else 0)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.run.size(axis) for axis in self.value.shape)

    @property
    def ndim(self) -> int:
        return len(self.value.shape)

    @property
    def size(self) -> int:
        total: Any = 1
        for n in self.shape:
            total = n * total
        return total  # type: ignore[no-any-return]

    @property
    def dtype(self) -> Any:
        return SymbolicDtype()

    @property
    def __class__(self) -> Any:
        return np.ndarray

    @property
    def T(self) -> SymbolicArray:
        return self.transpose()

    def __len__(self) -> int:
        if not self.value.shape:
            raise TypeError("len() of unsized object")
        if any(self.value.shape[0]):
            raise NotCaptured("__len__ of an array, whose size is symbolic")
        return self.shape[0]

    def __iter__(self) -> Any:
        axis = self.value.shape[0] if self.value.shape else ONE
        if any(axis):
            raise NotCaptured("a Python loop over an axis of symbolic size")
        return (self[k] for k in range(len(axis)))

    def __bool__(self) -> bool:
        raise NotCaptured("a Python branch that depends on the values of an array")

    def __float__(self) -> float:
        raise NotCaptured("float() of a symbolic array")

    __int__ = __index__ = __complex__ = __float__  # type: ignore[assignment]

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise NotCaptured("a conversion to a plain NumPy array")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or not hasattr(np.ndarray, name):
            raise AttributeError(name)
        raise NotCaptured(f"ndarray.{name}")

    def __str__(self) -> str:
        raise NotCaptured("the text of an array")

    def __format__(self, spec: str) -> str:
        raise NotCaptured("the text of an array")

    def item(self) -> SymbolicArray:
        if self.value.shape:
            raise NotCaptured("item() of an array with axes")
        return self

    # NumPy's protocols -------------------------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        from proofs.capture.functions import call_ufunc

        return call_ufunc(self.run, ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        from proofs.capture.functions import call_function

        return call_function(self.run, function, args, kwargs)

    # Operators ---------------------------------------------------------------------------------------------------

    def __getitem__(self, key: Any) -> Any:
        from proofs.capture.functions import advanced_get

        found = advanced_get(self, key)
        if found is not None:
            return found
        chosen = select(self.value.shape, key, self.run.sizes)
        return SymbolicArray(self.run, None, boolean=self.boolean, base=self, chosen=chosen)

    def __setitem__(self, key: Any, new: Any) -> None:
        from proofs.capture.functions import advanced_set

        if not advanced_set(self, key, new):
            chosen = select(self.value.shape, key, self.run.sizes)
            SymbolicArray(self.run, None, base=self, chosen=chosen).store(value_of(self.run, new))

    def _binary(self, other: Any, operation: Callable[[Term, Term], Term]) -> Any:
        if not is_operand(other):
            return NotImplemented
        made = v.elementwise(self.run.tape, operation, value_of(self.run, self), value_of(self.run, other))
        return self.run.array(made)

    def _reflected(self, other: Any, operation: Callable[[Term, Term], Term]) -> Any:
        return self._binary(other, lambda own, left: operation(left, own))

    def _update(self, other: Any, operation: Callable[[Term, Term], Term]) -> Any:
        made = self._binary(other, operation)
        if made is NotImplemented:
            return made
        self.store(made.value)
        return self

    def __add__(self, other: Any) -> Any:
        return self._binary(other, plus)

    def __sub__(self, other: Any) -> Any:
        return self._binary(other, minus)

    def __rsub__(self, other: Any) -> Any:
        return self._reflected(other, minus)

    def __mul__(self, other: Any) -> Any:
        return self._binary(other, times)

    def __truediv__(self, other: Any) -> Any:
        return self._binary(other, over)

    def __rtruediv__(self, other: Any) -> Any:
        return self._reflected(other, over)

    def __iadd__(self, other: Any) -> Any:
        return self._update(other, plus)

    def __isub__(self, other: Any) -> Any:
        return self._update(other, minus)

    def __imul__(self, other: Any) -> Any:
        return self._update(other, times)

    def __itruediv__(self, other: Any) -> Any:
        return self._update(other, over)

    __radd__, __rmul__ = __add__, __mul__

    def __pow__(self, other: Any) -> Any:
        return np.power(self, other)

    def __rpow__(self, other: Any) -> Any:
        return np.power(other, self)

    def __matmul__(self, other: Any) -> Any:
        return np.matmul(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return np.matmul(other, self)

    def __neg__(self) -> Any:
        return np.negative(self)

    def __pos__(self) -> Any:
        return self.copy()

    def __abs__(self) -> Any:
        return np.abs(self)

    def __gt__(self, other: Any) -> Any:
        return np.greater(self, other)

    def __ge__(self, other: Any) -> Any:
        return np.greater_equal(self, other)

    def __lt__(self, other: Any) -> Any:
        return np.less(self, other)

    def __le__(self, other: Any) -> Any:
        return np.less_equal(self, other)

    def __eq__(self, other: object) -> Any:
        return np.equal(self, other)

    def __ne__(self, other: object) -> Any:
        return np.not_equal(self, other)

    def __invert__(self) -> Any:
        return np.logical_not(self)

    def __and__(self, other: Any) -> Any:
        return np.logical_and(self, other)

    def __or__(self, other: Any) -> Any:
        return np.logical_or(self, other)

    __rand__, __ror__ = __and__, __or__

    # Methods -----------------------------------------------------------------------------------------------------

    def sum(self, axis: Any = None, keepdims: bool = False, **_: Any) -> Any:
        return np.sum(self, axis=axis, keepdims=keepdims)

    def mean(self, axis: Any = None, keepdims: bool = False, **_: Any) -> Any:
        return np.mean(self, axis=axis, keepdims=keepdims)

    def var(self, axis: Any = None, keepdims: bool = False, ddof: int = 0, **_: Any) -> Any:
        return np.var(self, axis=axis, keepdims=keepdims, ddof=ddof)

    def std(self, axis: Any = None, keepdims: bool = False, ddof: int = 0, **_: Any) -> Any:
        return np.std(self, axis=axis, keepdims=keepdims, ddof=ddof)

    def max(self, axis: Any = None, keepdims: bool = False, **_: Any) -> Any:
        return np.max(self, axis=axis, keepdims=keepdims)

    def min(self, axis: Any = None, keepdims: bool = False, **_: Any) -> Any:
        return np.min(self, axis=axis, keepdims=keepdims)

    def dot(self, other: Any) -> Any:
        return np.dot(self, other)

    def copy(self, *_: Any, **__: Any) -> SymbolicArray:
        return SymbolicArray(self.run, self.value, boolean=self.boolean)

    def astype(self, dtype: Any, *_: Any, **__: Any) -> SymbolicArray:
        kind = "f" if isinstance(dtype, SymbolicDtype) else np.dtype(dtype).kind
        if kind != "f" and not self.boolean:
            raise NotCaptured(f"astype({dtype!r}) of real numbers, which rounds them or compares them with 0")
        return SymbolicArray(self.run, self.value, boolean=kind == "b")

    def transpose(self, *axes: Any) -> SymbolicArray:
        order = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes
        return np.transpose(self, order or None)  # type: ignore[call-overload, no-any-return]

    def swapaxes(self, first: int, second: int) -> Any:
        return np.swapaxes(self, first, second)  # type: ignore[call-overload]

    def reshape(self, *shape: Any, **_: Any) -> Any:
        wanted = shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape
        return np.reshape(self, wanted)  # type: ignore[call-overload]

    def ravel(self, *_: Any) -> Any:
        return np.reshape(self, (-1,))  # type: ignore[call-overload]

    flatten = ravel

    def squeeze(self, axis: Any = None) -> Any:
        return np.squeeze(self, axis=axis)  # type: ignore[call-overload]

    def clip(self, low: Any = None, high: Any = None, **_: Any) -> Any:
        return np.clip(self, low, high)

    def fill(self, number: Any) -> None:
        self.store(value_of(self.run, number))


def is_operand(other: Any) -> bool:
    """Whether arithmetic with it is followed."""
    return isinstance(other, (SymbolicArray, np.ndarray)) or is_number(other)


def value_of(run: Run, operand: Any) -> Value:
    """What an operand holds. Raises NotCaptured for what is not followed."""
    if isinstance(operand, SymbolicArray):
        if operand.run is not run:
            raise NotCaptured("an array left over from an earlier call: the code keeps state")
        return operand.value
    if is_number(operand):
        return Value((), {(): term_of(operand)})
    if isinstance(operand, np.ndarray) and operand.dtype.kind in "biuf":
        shape: Shape = tuple(((),) * n for n in operand.shape)
        return Value(shape, {key: term_of(operand[key]) for key in np.ndindex(operand.shape)})
    if isinstance(operand, (list, tuple)) and operand:
        parts = [value_of(run, part) for part in operand]
        return v.join(run.tape, [Value((ONE, *p.shape), {(0, *k): t for k, t in p.entries.items()}) for p in parts], 0)
    raise NotCaptured(f"arithmetic with {type(operand).__name__}")


def element(name: str, shape: Shape, key: Sequence[int], pieces: bool) -> Term:
    """The array element a parameter's entry stands for; an axis of several blocks is several arrays."""
    names = [n for axis, block in enumerate(key) for n in v.names_of(axis, shape[axis][block])]
    suffix = "".join(f"_{block}" for axis, block in enumerate(key) if len(shape[axis]) > 1) if pieces else ""
    return Element(name + suffix, tuple(names))
