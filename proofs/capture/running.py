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
from pathlib import Path
from threading import RLock, get_ident
from typing import Any
from unittest.mock import patch

import numpy as np
import numpy.random  # numpy loads it late, and must not do so while its makers are replaced

import proofs.capture.functions  # noqa: F401  (its tables name what is replaced)
from proofs.calculus.terms import Array
from proofs.capture import values as v
from proofs.capture.array import Run, SymbolicArray, element
from proofs.capture.dtypes import SymbolicDtype
from proofs.capture.labels import SymbolicLabels, parameter_labels
from proofs.capture.makers import MAKERS, Joiner, arange
from proofs.capture.reaching import reached
from proofs.capture.refusal import NotCaptured
from proofs.capture.shapes import Dim, Parameter
from proofs.capture.sizes import is_symbolic
from proofs.capture.values import Value

_LOCK = RLock()
_HERE = tuple(str(Path(__file__).parents[1] / room) for room in ("capture", "gradients"))
_NUMPY = str(Path(np.__file__).parent)
MAX_LINES = 2_000_000


def symbolic(run: Run, parameter: Parameter) -> tuple[Any, tuple[Array, ...]]:
    """The array that stands for a parameter, and the arrays its elements come from."""
    if parameter.classes is not None:
        labels, arrays = parameter_labels(run, parameter)
        run.tape.taken |= {array.name for array in arrays}
        return labels, arrays
    shape = parameter.shape
    entries = {key: element(parameter.name, shape, key) for key in v.keys_of(shape)}
    dims = {t.name: tuple(i.dim for i in v.indices_of(shape, key)) for key, t in entries.items()}
    run.tape.taken |= dims.keys()
    return run.array(Value(shape, entries)), tuple(Array(name, axes) for name, axes in dims.items())


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
        first = NotCaptured.first or error
        raise NotCaptured(f"{_place(first)}: {first}") from None
    except RecursionError:
        raise NotCaptured("the code recurses too deeply") from None
    except (Exception, SystemExit) as error:  # noqa: BLE001  (user code may raise anything)
        reason: BaseException = NotCaptured.first or error
        what = f"{reason}" if isinstance(reason, NotCaptured) else f"{type(error).__name__}: {error}"
        raise NotCaptured(f"{_place(reason)}: {what}") from None


def _place(error: BaseException) -> str:
    """The last line of user code on the way to an error."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith((*_HERE, _NUMPY))]
    frames = [f for f in frames if "unittest" not in f.filename]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "the call"


@contextmanager
def _watched(run: Run, function: Callable[..., Any]) -> Iterator[None]:
    with _LOCK, ExitStack() as stack:
        originals = {name: getattr(np, name) for name in MAKERS}
        made: dict[str, Any] = {name: _maker(run, rule, originals[name]) for name, rule in MAKERS.items()}
        made |= {name: Joiner(run, getattr(np, name), columns=name == "c_") for name in ("r_", "c_")}
        originals |= {name: getattr(np, name) for name in ("r_", "c_")}
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


def _len(_: Run) -> Callable[[Any], Any]:
    def length(array: Any) -> Any:
        if isinstance(array, (SymbolicArray, SymbolicLabels)):
            if not array.shape:
                raise TypeError("len() of unsized object")
            return array.shape[0]
        return len(array)

    return length


def _range(run: Run) -> Callable[..., Any]:
    def made(*args: Any) -> Any:
        found = arange(run, *args)
        return range(*args) if found is None else found

    return made


def _silent(*_: Any, **__: Any) -> None:
    """What is printed while code is captured."""


class _Type(type):
    """A stand-in for `float` or `int` that leaves sizes symbolic; instances of the real one are its instances."""

    real: type

    def __instancecheck__(cls, given: object) -> bool:
        return isinstance(given, cls.real)


def _number_type(real: type) -> Callable[[Run], Any]:
    def convert(_: type, given: Any = 0, *rest: Any) -> Any:
        if isinstance(given, Dim):
            return given
        if is_symbolic(given) and real is float:
            return given
        return real(given, *rest)

    made = _Type(real.__name__, (real,), {"__new__": convert, "dtype": np.dtype(real), "real": real})
    return lambda _: made


_BUILT_IN: Mapping[str, Callable[[Run], Any]] = {
    "len": _len,
    "range": _range,
    "float": _number_type(float),
    "int": _number_type(int),
    "print": lambda _: _silent,
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
