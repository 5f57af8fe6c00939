"""Where a program runs: on symbolic arrays, to be recorded, or on plain ones, to see whether the record is faithful.

Both refuse code that changes what it was given: an argument, an array in the cache, or a list or dict around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from types import FunctionType, ModuleType
from typing import Any, Protocol

import numpy as np

from proofs.capture import NotCaptured, Parameter, Run, SymbolicArray, call, symbolic
from proofs.capture.array import value_of
from proofs.gradients.purity import sets_attributes
from proofs.gradients.state import attributes, owners, refuse_changes

DEEPEST = 8


class Stage(Protocol):
    """Calls user code, makes the upstream gradient for one of its results, and keeps a result as it is now."""

    def call(self, function: Callable[..., Any], *args: Any) -> Any: ...

    def upstream(self, name: str, out: Any) -> Any: ...

    def kept(self, result: Any) -> Any: ...


Program = Callable[[Stage, Mapping[str, Any]], Mapping[str, Any]]
"""Calls user code on inputs by name, and names what comes back: ``out`` (or ``out0``, ...) and the gradients."""


class Watch:
    """Sees what calls do to what others hold: arguments, arrays that came back, and state that outlives a call."""

    def __init__(self) -> None:
        self.public: list[Any] = []
        self.owners: dict[int, list[Any]] = {}

    @contextmanager
    def over(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Iterator[None]:
        """Raises NotCaptured after a call that has changed something of it."""
        self.public += [array for given in args for array in _arrays(given, DEEPEST)]
        before = [(place, thing, _mark(thing)) for place, given in enumerate(args) for thing in self._things(given)]
        if id(function) not in self.owners:
            self.owners[id(function)] = owners(function) if sets_attributes(function) else []
        held = attributes(self.owners[id(function)])
        yield
        for place, thing, mark in before:
            if _mark(thing) != mark:
                name = getattr(function, "__name__", "the code")
                raise NotCaptured(
                    f"{name} changes its argument number {place + 1} in place, which others see too: "
                    "let it work on a copy"
                )
        refuse_changes(function, self.owners[id(function)], held)

    def came_back(self, returned: Any) -> None:
        """From now on the arrays returned are seen by others."""
        self.public += _arrays(returned, DEEPEST)

    def _things(self, given: Any, depth: int = DEEPEST) -> Iterator[Any]:
        """What must stay as it is: arrays, lists and dicts; of an object, which code may fill, only what is public."""
        if _is_array(given):
            yield given
        elif depth and isinstance(given, (list, tuple, dict)):
            yield given
            for part in given.values() if isinstance(given, dict) else given:
                yield from self._things(part, depth - 1)
        elif depth and _is_object(given):
            parts = (thing for part in vars(given).values() for thing in self._things(part, depth - 1))
            yield from (part for part in parts if _is_array(part) and any(_share(part, x) for x in self.public))


class SymbolicStage(Watch):
    """Runs code on symbolic arrays."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.run = run

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        with self.over(function, args):
            returned = call(self.run, function, *args)
        self.came_back(returned)
        return returned

    def upstream(self, name: str, out: Any) -> Any:
        return symbolic(self.run, Parameter(name, value_of(self.run, out).shape))[0]

    def kept(self, result: Any) -> Any:
        return self.run.array(value_of(self.run, result))


class PlainStage(Watch):
    """Runs code on NumPy arrays; `drawn` are the upstream gradients, those `given` or random ones."""

    def __init__(self, random: np.random.Generator, given: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.random = random
        self.given = given or {}
        self.drawn: dict[str, Any] = {}

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        with self.over(function, args):
            try:
                with np.errstate(all="ignore"), redirect_stdout(StringIO()):
                    returned = function(*args)
            except (Exception, SystemExit) as error:  # noqa: BLE001  (user code may raise anything)
                raise NotCaptured(f"on plain arrays the code raises {type(error).__name__}: {error}") from None
        self.came_back(returned)
        return returned

    def upstream(self, name: str, out: Any) -> Any:
        if name not in self.drawn:
            given = self.given.get(name)
            self.drawn[name] = self.random.integers(-8, 9, np.shape(out)) / 8.0 if given is None else np.array(given)
        return self.drawn[name].copy()

    def kept(self, result: Any) -> Any:
        return np.array(result)


def _is_array(given: Any) -> bool:
    return type(given) in (np.ndarray, SymbolicArray)


def _is_object(given: Any) -> bool:
    own = type(given).__module__.partition(".")[0] == "proofs" and type(given).__module__.startswith("proofs.capture")
    return hasattr(given, "__dict__") and not isinstance(given, (type, FunctionType, ModuleType)) and not own


def _arrays(given: Any, depth: int) -> list[Any]:
    """The arrays in a value, those inside objects left out."""
    if _is_array(given):
        return [given]
    if depth and isinstance(given, (list, tuple, dict)):
        parts = given.values() if isinstance(given, dict) else given
        return [array for part in parts for array in _arrays(part, depth - 1)]
    return []


def _share(array: Any, other: Any) -> bool:
    """Whether two arrays may share memory."""
    if type(array) is not type(other):
        return False
    return array._shared is other._shared if type(array) is SymbolicArray else np.may_share_memory(array, other)


def _mark(thing: Any) -> tuple[Any, ...]:
    """What tells whether something was changed."""
    if type(thing) is np.ndarray:
        return (thing.dtype.str, thing.shape, thing.tobytes())
    if type(thing) is SymbolicArray:
        return (thing.changes,)
    parts = thing.items() if isinstance(thing, dict) else enumerate(thing)
    return tuple((repr(key), id(part)) for key, part in parts)
