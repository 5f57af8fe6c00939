"""Which user functions a call can reach: by the names that code mentions, closures, defaults and classes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, is_dataclass
from dis import get_instructions
from functools import cached_property, lru_cache, partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from proofs.capture.refusal import NotCaptured

READS = ("LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR")
LIBRARIES = frozenset(sys.stdlib_module_names - {"__main__"}) | {"numpy", "scipy"}
OURS = ("proofs.capture", "proofs.gradients")
MOST_FUNCTIONS = 500
MOST_DOTS = 3


def is_library(module: str | None) -> bool:
    """Whether a module's code is taken as it stands: NumPy, the standard library, and what captures code."""
    return module is not None and (module.partition(".")[0] in LIBRARIES or module.startswith(OURS))


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
    return read, frozenset(step.argval for step in steps if step.opname in READS)


def mentioned(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """What the code of a function can get at by name, a few dots deep for user modules and classes."""
    names, attributes = names_in(function.__code__)
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield name, cell.cell_contents
        except ValueError:
            continue
    for name in sorted(names & function.__globals__.keys()):
        if name.startswith("@"):  # pytest's own, in assertions it has rewritten
            continue
        yield from _dotted(name, function.__globals__[name], attributes, MOST_DOTS)
    yield from ((f"a default of {function.__name__}", value) for value in function.__defaults__ or ())
    yield from ((f"the default {name}", value) for name, value in (function.__kwdefaults__ or {}).items())


def _dotted(name: str, value: Any, attributes: frozenset[str], dots: int) -> Iterator[tuple[str, Any]]:
    yield name, value
    owned = isinstance(value, ModuleType) and not is_library(value.__name__)
    if dots and (owned or (isinstance(value, type) and not is_library(value.__module__))):
        for part in sorted(attributes & vars(value).keys()):
            yield from _dotted(f"{name}.{part}", vars(value)[part], attributes, dots - 1)


def behind(value: Any) -> Iterator[Any]:
    """What a value brings with it that can run: what a function mentions, the bases of a class."""
    if isinstance(value, FunctionType):
        if is_library(value.__globals__.get("__name__")):
            yield getattr(value, "__wrapped__", None)
        else:
            yield from (found for _, found in mentioned(value))
    elif isinstance(value, MethodType):
        yield from (value.__func__, value.__self__)
    elif isinstance(value, partial):
        yield from (value.func, *value.args, *value.keywords.values())
    elif isinstance(value, (staticmethod, classmethod)):
        yield value.__func__
    elif isinstance(value, cached_property):
        yield value.func
    elif isinstance(value, property):
        yield from (value.fget, value.fset, value.fdel)
    elif isinstance(value, (tuple, frozenset)) and is_library(type(value).__module__):
        yield from value
    elif isinstance(value, type):
        yield from (type(value), *value.__mro__)
    else:
        yield type(value)


@dataclass(frozen=True)
class Reach:
    """What a call can run: user functions and user classes; and all else that is mentioned on the way."""

    functions: list[FunctionType]
    classes: list[type]
    others: list[Any]


def reach(function: Callable[..., Any]) -> Reach:
    """All that a call of `function` can get at by name; of user classes the methods that some code names, and those
    with two underscores. Raises NotCaptured beyond 500 functions."""
    found = Reach([], [], [])
    kept: dict[int, Any] = {}
    pending: list[Any] = [function]
    while pending:
        while pending:
            here = pending.pop()
            if id(here) in kept:
                continue
            kept[id(here)] = here
            if isinstance(here, FunctionType) and not is_library(here.__globals__.get("__name__")):
                found.functions.append(here)
            elif isinstance(here, type) and not is_library(here.__module__):
                found.classes.append(here)
            else:
                found.others.append(here)
                if isinstance(here, type):
                    continue
            if len(found.functions) > MOST_FUNCTIONS:
                raise NotCaptured(f"the code reaches more than {MOST_FUNCTIONS} functions")
            pending += reversed(list(behind(here)))
        read = frozenset().union(*(names_in(f.__code__)[1] for f in found.functions))
        pending += [value for cls in found.classes for value in _members(cls, read) if id(value) not in kept]
    return found


def _members(cls: type, read: frozenset[str]) -> list[Any]:
    """What of a class some code names or Python calls by itself; the comparisons and texts of dataclasses left out."""
    generated = ("__repr__", "__eq__", "__hash__", "__setattr__", "__delattr__") if is_dataclass(cls) else ()
    return [
        value
        for name, value in vars(cls).items()
        if (name in read or is_special(name)) and not (name in generated and _is_generated(value))
    ]


def _is_generated(value: Any) -> bool:
    written = getattr(value, "__wrapped__", value)
    return isinstance(written, FunctionType) and written.__code__.co_filename == "<string>"


def is_special(name: str) -> bool:
    """Whether a method is one that Python calls by itself."""
    return name.startswith("__") and name.endswith("__")


def reached(function: Callable[..., Any]) -> list[FunctionType]:
    """The user functions that a call of `function` can run, itself first. Raises NotCaptured beyond 500."""
    return reach(function).functions
