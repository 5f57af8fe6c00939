"""Runs a function on symbolic arrays, with NumPy's array-making functions watching for symbolic sizes.

While code runs, `np.zeros`, `np.arange`, `np.asarray` and their like, `np.random` and `math` are replaced in this
process and put back afterwards, and `len`, `range`, `float`, `int` in the modules the code comes from; a lock keeps two
captures apart. Whatever is not followed comes out as NotCaptured with file and line.
"""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from pathlib import Path
from threading import RLock, get_ident
from typing import Any
from unittest.mock import patch

import numpy as np
import numpy.random  # numpy loads it late, and must not do so while its makers are replaced

from proofs.calculus.terms import Array, Element, Num
from proofs.capture import values as v
from proofs.capture.array import Run, SymbolicArray, SymbolicDtype, element, value_of
from proofs.capture.labels import SymbolicLabels, SymbolicRange
from proofs.capture.reaching import reached
from proofs.capture.refusal import NotCaptured
from proofs.capture.shapes import Dim, Parameter, Shape
from proofs.capture.sizes import is_symbolic
from proofs.capture.values import Value

_LOCK = RLock()
_HERE = str(Path(__file__).parent)
_NUMPY = str(Path(np.__file__).parent)
MAX_LINES = 2_000_000


def symbolic(run: Run, parameter: Parameter) -> tuple[Any, tuple[Array, ...]]:
    """The array that stands for a parameter, and the arrays its elements come from."""
    shape = parameter.shape
    if parameter.classes is not None:
        shape = (*shape, parameter.classes)
    domain = "real" if parameter.classes is None else "onehot"
    entries = {key: element(parameter.name, shape, key, pieces=True) for key in v.keys_of(shape)}
    arrays = tuple(
        Array(term.name, tuple(i.dim for i in v.indices_of(shape, key)), domain)
        for key, term in entries.items()
        if isinstance(term, Element)
    )
    value = Value(shape, entries)
    return (run.array(value) if parameter.classes is None else SymbolicLabels(run, value)), arrays


def call(run: Run, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What `function` returns on symbolic arrays. Raises NotCaptured with file and line."""
    try:
        with _watched(run, function):
            NotCaptured.first = None
            returned = function(*args, **kwargs)
            if NotCaptured.first is not None:
                raise NotCaptured.first
            return returned
    except NotCaptured as error:
        reason = NotCaptured.first or error
        raise NotCaptured(f"{_place(reason)}: {reason}") from None
    except RecursionError:
        raise NotCaptured("the code recurses too deeply") from None
    except (Exception, SystemExit) as error:  # noqa: BLE001  (user code may raise anything)
        reason = NotCaptured.first or error
        what = f"{reason}" if isinstance(reason, NotCaptured) else f"{type(error).__name__}: {error}"
        raise NotCaptured(f"{_place(reason)}: {what}") from None


def _place(error: BaseException) -> str:
    """The last line of user code on the way to an error."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith((_HERE, _NUMPY))]
    frames = [f for f in frames if "unittest" not in f.filename]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "the call"


@contextmanager
def _watched(run: Run, function: Callable[..., Any]) -> Iterator[None]:
    with _LOCK, ExitStack() as stack:
        originals = {name: getattr(np, name) for name in _MAKERS}
        made = {name: _maker(run, rule, originals[name]) for name, rule in _MAKERS.items()}
        measures = {name: _measure(getattr(math, name), rule) for name, rule in _MEASURES.items()}
        instead = {id(original): made[name] for name, original in originals.items()}
        instead |= {id(getattr(math, name)): replacement for name, replacement in measures.items()}
        for scope in {id(f.__globals__): f.__globals__ for f in reached(function)}.values():
            replaced = {name: instead[id(value)] for name, value in scope.items() if id(value) in instead}
            own = {name: replacement(run) for name, replacement in _BUILT_IN.items() if name not in scope}
            stack.enter_context(_replaced(scope, replaced | own))
        for name, replacement in made.items():
            stack.enter_context(patch.object(np, name, replacement))
        for name, replacement in measures.items():
            stack.enter_context(patch.object(math, name, replacement))
        for name in ("rand", "randn", "random", "normal", "uniform", "randint", "binomial", "default_rng", "choice"):
            stack.enter_context(patch.object(np.random, name, _random))
        stack.enter_context(np.errstate(all="ignore"))
        yield


@contextmanager
def _replaced(scope: dict[str, Any], new: Mapping[str, Any]) -> Iterator[None]:
    """A module's names with some of them given other values for a while."""
    before = {name: scope[name] for name in new if name in scope}
    scope.update(new)
    try:
        yield
    finally:
        for name in new:
            if name in before:
                scope[name] = before[name]
            else:
                scope.pop(name, None)


def _len(run: Run) -> Callable[[Any], Any]:
    def length(array: Any) -> Any:
        if isinstance(array, (SymbolicArray, SymbolicLabels, SymbolicRange)):
            if not array.shape:
                raise TypeError("len() of unsized object")
            return array.shape[0]
        return len(array)

    return length


def _range(run: Run) -> Callable[..., Any]:
    def made(*args: Any) -> Any:
        found = _arange(run, *args)
        return range(*args) if found is None else found

    return made


class _Type(type):
    """A stand-in for `float` or `int` that leaves sizes symbolic; instances of the real one are its instances."""

    real: type

    def __instancecheck__(cls, given: object) -> bool:
        return isinstance(given, cls.real)


def _number_type(real: type) -> Callable[[Run], Any]:
    def convert(cls: type, given: Any = 0, *rest: Any) -> Any:
        if isinstance(given, Dim):
            return given
        if is_symbolic(given) and real is float:
            return given
        return real(given, *rest)

    made = _Type(real.__name__, (real,), {"__new__": convert, "dtype": np.dtype(real), "real": real})
    return lambda run: made


_BUILT_IN: Mapping[str, Callable[[Run], Any]] = {
    "len": _len,
    "range": _range,
    "float": _number_type(float),
    "int": _number_type(int),
}

_MEASURES: Mapping[str, Any] = {
    name: getattr(np, name) for name in ("sqrt", "exp", "log", "log1p", "expm1", "tanh", "sin", "cos", "fabs")
} | {"pow": np.power}


def _measure(original: Callable[..., Any], rule: Any) -> Callable[..., Any]:
    def measured(*args: Any) -> Any:
        return rule(*args) if any(is_symbolic(x) for x in args) else original(*args)

    return measured


def _random(*_: Any, **__: Any) -> Any:
    raise NotCaptured("randomness: pass the random array as a parameter")


def _maker(run: Run, rule: Callable[..., Any], original: Callable[..., Any]) -> Callable[..., Any]:
    owner = get_ident()

    def made(*args: Any, **kwargs: Any) -> Any:
        if get_ident() != owner:
            return original(*args, **kwargs)
        kwargs.pop("like", None)
        args = tuple(np.float64 if isinstance(x, SymbolicDtype) else x for x in args)
        kwargs = {k: np.float64 if isinstance(x, SymbolicDtype) else x for k, x in kwargs.items()}
        found = rule(run, *args, **kwargs) if args else None
        return original(*args, **kwargs) if found is None else found

    return made


def _shape(run: Run, wanted: Any) -> Shape | None:
    """A shape argument as a symbolic shape, None if it is no shape."""
    sizes = wanted if isinstance(wanted, (tuple, list)) else (wanted,)
    if not all(isinstance(n, (int, np.integer)) for n in sizes):
        return None
    return tuple(run.axis(n) for n in sizes)


def _constant(number: int) -> Callable[..., Any]:
    def make(run: Run, shape: Any, *_: Any, **__: Any) -> Any:
        found = _shape(run, shape)
        return None if found is None else run.array(v.filled(found, Num(Fraction(number))))

    return make


def _full(run: Run, shape: Any, fill: Any, *_: Any, **__: Any) -> Any:
    found = _shape(run, shape)
    if found is None:
        return None
    return run.array(Value(found, v.stretched(value_of(run, fill), found)))


def _eye(run: Run, n: Any, columns: Any = None, *_: Any, k: int = 0, **__: Any) -> Any:
    if k != 0 or (columns is not None and columns != n):
        raise NotCaptured("np.eye that is not square, or off the diagonal")
    return run.array(v.identity(run.tape, run.axis(n)))


def _arange(run: Run, *args: Any, **_: Any) -> Any:
    if not any(isinstance(a, Dim) for a in args):
        return None
    if len(args) == 1 or (len(args) == 2 and args[0] == 0):
        return SymbolicRange(run, run.axis(args[-1]))
    raise NotCaptured("np.arange over a symbolic size with a start or a step")


def _asarray(run: Run, given: Any, *_: Any, **__: Any) -> Any:
    if isinstance(given, (SymbolicLabels, SymbolicRange)):
        return given
    return given if isinstance(given, SymbolicArray) else _array(run, given)


def _array(run: Run, given: Any, *_: Any, **__: Any) -> Any:
    if isinstance(given, SymbolicArray):
        return given.copy()
    if isinstance(given, SymbolicLabels):
        return given
    if isinstance(given, (list, tuple)) and any(isinstance(x, SymbolicArray) for x in given):
        return run.array(value_of(run, given))
    return None


_MAKERS: Mapping[str, Callable[..., Any]] = {
    "zeros": _constant(0),
    "empty": _constant(0),
    "ones": _constant(1),
    "full": _full,
    "eye": _eye,
    "identity": _eye,
    "arange": _arange,
    "asarray": _asarray,
    "ascontiguousarray": _asarray,
    "atleast_1d": _asarray,
    "array": _array,
}
