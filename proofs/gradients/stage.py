"""Where a program runs: on symbolic arrays, to be recorded, or on plain ones, to see whether the record is faithful."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np

from proofs.capture import NotCaptured, Parameter, Run, call, symbolic
from proofs.capture.array import value_of


class Stage(Protocol):
    """Calls user code, and makes the upstream gradient for one of its results."""

    def call(self, function: Callable[..., Any], *args: Any) -> Any: ...

    def upstream(self, name: str, out: Any) -> Any: ...


Program = Callable[[Stage, Mapping[str, Any]], Mapping[str, Any]]
"""Calls user code on inputs by name, and names what comes back: ``out`` (or ``out0``, ...) and the gradients."""


class SymbolicStage:
    """Runs code on symbolic arrays."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        return call(self.run, function, *args)

    def upstream(self, name: str, out: Any) -> Any:
        return symbolic(self.run, Parameter(name, value_of(self.run, out).shape))[0]


class PlainStage:
    """Runs code on NumPy arrays; remembers the upstream gradients it drew."""

    def __init__(self, random: np.random.Generator) -> None:
        self.random = random
        self.drawn: dict[str, Any] = {}

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        try:
            with np.errstate(all="ignore"):
                return function(*args)
        except Exception as error:  # noqa: BLE001  (user code may raise anything)
            raise NotCaptured(f"on plain arrays the code raises {type(error).__name__}: {error}") from None

    def upstream(self, name: str, out: Any) -> Any:
        self.drawn[name] = self.random.integers(-8, 9, np.shape(out)) / 8.0
        return self.drawn[name].copy()
