"""Which user functions a call can reach: by the names that code mentions, closures, defaults and classes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dis import get_instructions
from functools import lru_cache, partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from proofs.capture.refusal import NotCaptured

LIBRARIES = frozenset(sys.stdlib_module_names - {"__main__"}) | {"numpy", "scipy"}
MOST_FUNCTIONS = 500


def is_library(module: str | None) -> bool:
    """Whether a module's code is taken as it stands: NumPy and the standard library."""
    return module is not None and module.partition(".")[0] in LIBRARIES


def codes(code: CodeType) -> Iterator[CodeType]:
    """A code object and those inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


@lru_cache(maxsize=1_000)
def names_in(code: CodeType) -> tuple[frozenset[str], frozenset[str]]:
    """The global names that code reads, and the attributes, those of code inside it included."""
    steps = [step for part in codes(code) for step in get_instructions(part)]
    read = frozenset(step.argval for step in steps if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"))
    return read, frozenset(step.argval for step in steps if step.opname in ("LOAD_ATTR", "LOAD_METHOD"))


def mentioned(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """What the code of a function can get at by name, one dot deep for user modules and classes."""
    names, attributes = names_in(function.__code__)
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield name, cell.cell_contents
        except ValueError:
            continue
    for name in sorted(names & function.__globals__.keys()):
        if name.startswith("@"):  # pytest's own, in assertions it has rewritten
            continue
        value = function.__globals__[name]
        yield name, value
        owned = isinstance(value, ModuleType) and not is_library(value.__name__)
        if owned or (isinstance(value, type) and not is_library(value.__module__)):
            yield from ((f"{name}.{part}", vars(value)[part]) for part in sorted(attributes & vars(value).keys()))
    yield from ((f"a default of {function.__name__}", value) for value in function.__defaults__ or ())
    yield from ((f"the default {name}", value) for name, value in (function.__kwdefaults__ or {}).items())


def functions_in(value: Any) -> Iterator[FunctionType]:
    """The user functions behind a callable, or in a user class."""
    if isinstance(value, FunctionType):
        if is_library(value.__globals__.get("__name__")):
            yield from functions_in(getattr(value, "__wrapped__", None))
        elif not is_library(value.__module__):
            yield value
    elif isinstance(value, MethodType):
        yield from functions_in(value.__func__)
    elif isinstance(value, partial):
        for part in (value.func, *value.args, *value.keywords.values()):
            yield from functions_in(part)
    elif isinstance(value, (staticmethod, classmethod)):
        yield from functions_in(value.__func__)
    elif isinstance(value, property):
        for part in (value.fget, value.fset):
            yield from functions_in(part)
    elif isinstance(value, type) and not is_library(value.__module__):
        for part in vars(value).values():
            yield from functions_in(part)


def reached(function: Callable[..., Any]) -> list[FunctionType]:
    """The user functions that a call of `function` can run, itself first. Raises NotCaptured beyond 500."""
    found: dict[int, FunctionType] = {}
    pending = list(functions_in(function))
    while pending:
        here = pending.pop()
        if id(here) in found:
            continue
        found[id(here)] = here
        if len(found) > MOST_FUNCTIONS:
            raise NotCaptured(f"the code reaches more than {MOST_FUNCTIONS} functions")
        for _, value in mentioned(here):
            pending += functions_in(value)
    return list(found.values())
