"""Where a program runs: on symbolic arrays, to be recorded, or on plain ones, to see whether the record is faithful.

Both refuse code that changes what it was given: an argument, an array in the cache, or a list or dict around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

import numpy as np

from proofs.capture import NotCaptured, Parameter, Run, SymbolicArray, call, symbolic
from proofs.capture.array import value_of

DEEPEST = 8


class Stage(Protocol):
    """Calls user code, makes the upstream gradient for one of its results, and keeps a result as it is now."""

    def call(self, function: Callable[..., Any], *args: Any) -> Any: ...

    def upstream(self, name: str, out: Any) -> Any: ...

    def kept(self, result: Any) -> Any: ...


Program = Callable[[Stage, Mapping[str, Any]], Mapping[str, Any]]
"""Calls user code on inputs by name, and names what comes back: ``out`` (or ``out0``, ...) and the gradients."""


class SymbolicStage:
    """Runs code on symbolic arrays."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        before = _marks(args)
        returned = call(self.run, function, *args)
        _compare(function, before, _marks(args))
        return returned

    def upstream(self, name: str, out: Any) -> Any:
        return symbolic(self.run, Parameter(name, value_of(self.run, out).shape))[0]

    def kept(self, result: Any) -> Any:
        return self.run.array(value_of(self.run, result))


class PlainStage:
    """Runs code on NumPy arrays; `drawn` are the upstream gradients, those `given` or random ones."""

    def __init__(self, random: np.random.Generator, given: Mapping[str, Any] | None = None) -> None:
        self.random = random
        self.given = given or {}
        self.drawn: dict[str, Any] = {}

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        before = _marks(args)
        try:
            with np.errstate(all="ignore"):
                returned = function(*args)
        except (Exception, SystemExit) as error:  # noqa: BLE001  (user code may raise anything)
            raise NotCaptured(f"on plain arrays the code raises {type(error).__name__}: {error}") from None
        _compare(function, before, _marks(args))
        return returned

    def upstream(self, name: str, out: Any) -> Any:
        if name not in self.drawn:
            given = self.given.get(name)
            self.drawn[name] = self.random.integers(-8, 9, np.shape(out)) / 8.0 if given is None else np.array(given)
        return self.drawn[name].copy()

    def kept(self, result: Any) -> Any:
        return np.array(result)


Mark = tuple[Any, ...]


def _marks(args: tuple[Any, ...]) -> list[tuple[int, Mark]]:
    """For every argument what tells whether it was changed."""
    return [(place, mark) for place, given in enumerate(args) for mark in _marks_of(given, DEEPEST)]


def _marks_of(given: Any, depth: int) -> Iterator[Mark]:
    if type(given) is np.ndarray:
        yield (given.dtype.str, given.shape, given.tobytes())
    elif isinstance(given, SymbolicArray):
        yield (given.changes,)
    elif depth and isinstance(given, (list, tuple)):
        yield (len(given),)
        for part in given:
            yield from _marks_of(part, depth - 1)
    elif depth and isinstance(given, dict):
        yield tuple(map(repr, given))
        for part in given.values():
            yield from _marks_of(part, depth - 1)
    elif depth and hasattr(given, "__dict__") and not callable(given):
        yield from _marks_of(vars(given) if type(given).__module__.partition(".")[0] != "proofs" else None, depth - 1)


def _compare(function: Callable[..., Any], before: list[tuple[int, Mark]], after: list[tuple[int, Mark]]) -> None:
    if before == after:
        return
    pairs = list(zip(before, after, strict=False))
    place = next((a[0] for a, b in pairs if a != b), 0)
    name = getattr(function, "__name__", "the code")
    raise NotCaptured(
        f"{name} changes its argument number {place + 1} in place, which others see too: let it work on a copy"
    )
