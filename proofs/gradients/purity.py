"""Whether code computes from its arguments alone, read off its byte code before it runs.

`impurity` names the first thing that makes a call more than a function of its arguments: state written or mutable state
read, randomness, time, hash order, introspection, or an exception that the code itself catches (what symbolic arrays
refuse would then be answered by a guess). `constants_read` lists the module constants a proof takes as they are.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from enum import Enum
from fractions import Fraction
from functools import cached_property, partial
from types import (
    BuiltinFunctionType,
    FunctionType,
    GenericAlias,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from proofs.capture import NotCaptured, mentioned, reach, reached
from proofs.capture.reaching import is_library, names_in
from proofs.gradients.bytecode import MODULES, OUTSIDE, impure_step, is_rebound, sets
from proofs.gradients.state import attributes_of

HARMLESS = ("builtins", "fractions", "enum", "types", "abc", "numbers")
_SETTERS: WeakKeyDictionary[FunctionType, bool] = WeakKeyDictionary()


def impurity(function: Callable[..., Any]) -> str:
    """Why a call is not a function of its arguments alone, with file and line; the empty text if nothing was found."""
    try:
        found = reach(function)
    except NotCaptured as error:
        return str(error)
    if isinstance(function, FunctionType):
        _SETTERS[function] = any(sets(f.__code__) for f in found.functions)
    owner = _owner(function)
    if owner:
        return owner
    if not found.functions:
        trusted = isinstance(function, np.ufunc) or (getattr(function, "__module__", None) or "").startswith("numpy")
        return "" if trusted else f"{function!r} is not a Python function whose code can be read"
    reasons = (reason for f in found.functions for reason in (impure_step(f), _of_names(f)) if reason)
    return next(reasons, "") or next((reason for c in found.classes if (reason := _of_class(c, found.functions))), "")


def sets_attributes(function: Callable[..., Any]) -> bool:
    """Whether code that a call can run sets attributes; for a function as found when it was last judged."""
    known = _SETTERS.get(function) if isinstance(function, FunctionType) else None
    return any(sets(f.__code__) for f in reached(function)) if known is None else known


def constants_read(function: Callable[..., Any]) -> list[str]:
    """The numbers and texts that code reads from its module or closure, as ``name = value``."""
    found = reach(function)
    read = _names_read(found.functions)
    named = [(name, value) for f in found.functions for name, value in mentioned(f) if "default" not in name]
    named += [(f"{c.__name__}.{name}", value) for c in found.classes for name, value in vars(c).items() if name in read]
    if isinstance(function, MethodType) and not isinstance(function.__self__, type):
        named += [(f"self.{name}", value) for name, value in attributes_of(function.__self__).items() if name in read]
    kept = (int, float, complex, str, np.generic, Fraction)
    return list(dict.fromkeys(f"{name} = {value!r}" for name, value in named if isinstance(value, kept)))


def _owner(function: Callable[..., Any]) -> str:
    """What a bound method or a partial call holds besides the function."""
    if isinstance(function, MethodType):
        owner = function.__self__
        held = [] if isinstance(owner, type) else [*attributes_of(owner).items()]
        return next((_bound(function, name) for name, a in held if not is_constant(a)), "")
    if isinstance(function, partial):
        held = [*((str(n), a) for n, a in enumerate(function.args)), *function.keywords.items()]
    elif isinstance(function, (FunctionType, type, np.ufunc, BuiltinFunctionType)):
        return ""
    else:
        held = [*attributes_of(function).items()]
    return next((f"the function is bound to the mutable {name}" for name, a in held if not is_constant(a)), "")


def _bound(method: MethodType, name: str) -> str:
    made = type(method.__self__).__name__
    return (
        f"{made}.{method.__name__} is bound to an object with the mutable attribute {name}: make the object in a "
        f"function that takes {name} as a parameter, and let it return (out, object) for backward(dout, object)"
    )


def _of_class(cls: type, functions: list[FunctionType]) -> str:
    """Why the objects of a class share something that can change, among what the code reads."""
    read = _names_read(functions)
    for name, value in vars(cls).items():
        if name not in read or is_constant(value) or name.startswith("_field"):
            continue
        inner = value.__func__ if isinstance(value, (staticmethod, classmethod)) else None
        if isinstance(value, DESCRIPTORS) and not (inner and _of_callable(name, inner, frozenset())):
            continue
        code = next((f.__code__ for f in functions if f.__qualname__.startswith(f"{cls.__qualname__}.")), None)
        where = f"{code.co_filename}:{code.co_firstlineno}: " if code else ""
        return f"{where}the class {cls.__name__} keeps the mutable {name}, which all of its objects share"
    return ""


def _names_read(functions: list[FunctionType]) -> frozenset[str]:
    return frozenset().union(*(names_in(f.__code__)[1] for f in functions))


DESCRIPTORS = (
    *(property, staticmethod, classmethod, cached_property, MemberDescriptorType, GetSetDescriptorType),
    *(GenericAlias, WrapperDescriptorType, type(vars(namedtuple("_Pair", "first"))["first"])),
)
"""What classes hold that computes an attribute from the object alone; the functions inside are read like all others."""


def _of_names(function: FunctionType) -> str:
    where = f"{function.__code__.co_filename}:{function.__code__.co_firstlineno}"
    for name, value in mentioned(function):
        if isinstance(value, ModuleType):
            if is_library(value.__name__) and value.__name__.partition(".")[0] not in MODULES:
                return f"{where}: the code uses the module {value.__name__}"
            if value.__name__.startswith("numpy.random"):
                return f"{where}: the code uses randomness ({name}): pass the random array as a parameter"
        elif isinstance(value, (staticmethod, classmethod)):
            found = _of_callable(name, value.__func__, frozenset())
            if found:
                return f"{where}: {found}"
        elif isinstance(value, (type, np.ufunc, MethodType, BuiltinFunctionType)) or callable(value):
            found = _of_callable(name, value, names_in(function.__code__)[1])
            if isinstance(value, FunctionType) and is_rebound(name, function, attributes=False):
                found = f"the code calls {name}, which other code makes another function: pass it as a parameter"
            if found:
                return f"{where}: {found}"
        elif not isinstance(value, DESCRIPTORS) and not is_constant(value):
            return f"{where}: the code reads the mutable {_article(name)}: pass it as a parameter"
        elif "default" not in name and is_rebound(name.rpartition(".")[2], function):
            kind = _kind(name, function)
            return f"{where}: the code reads the {kind} {name}, which other code writes: pass it as a parameter"
    return ""


def _article(name: str) -> str:
    return name.removeprefix("a ").removeprefix("the ") if "default" in name else f"global or enclosing {name}"


def _of_callable(name: str, value: Any, attributes: frozenset[str]) -> str:
    """Why a callable that code mentions is not just a function."""
    if isinstance(value, FunctionType):
        module = value.__module__ or ""
        if is_library(module) and (module.partition(".")[0] not in MODULES or value.__name__ in OUTSIDE):
            return f"the code calls {name} of the module {module}"
        kept = (vars(value).keys() - {"__wrapped__"}) & attributes
        return f"the code reads {name}.{min(kept)}, which a function keeps" if kept else ""
    if isinstance(value, GenericAlias):
        return ""
    if isinstance(value, type):
        if "random" in (value.__module__ or ""):
            return f"the code uses randomness ({name})"
        foreign = is_library(value.__module__) and value.__module__.partition(".")[0] not in (*MODULES, *HARMLESS)
        return f"the code uses {name} of the module {value.__module__}" if foreign else ""
    if isinstance(value, (MethodType, partial)):
        return _owner(value)
    if isinstance(value, np.ufunc):
        return ""
    if isinstance(value, BuiltinFunctionType):
        module = value.__module__ or type(value.__self__).__module__
        known = module.partition(".")[0] in (*MODULES, "builtins", "_operator", "_functools") and "random" not in module
        return (
            "" if known and not isinstance(value.__self__, (list, dict, set)) else f"the code calls {name} of {module}"
        )
    if is_library(type(value).__module__) and type(value).__module__.startswith("numpy") and not _is_random(value):
        return ""
    return f"the code calls {name}, whose code cannot be read"


def _is_random(value: Any) -> bool:
    return "random" in type(value).__module__


def is_constant(value: Any) -> bool:
    """Whether nobody can change a value."""
    if isinstance(value, (tuple, frozenset)):
        return all(is_constant(x) for x in value)
    if isinstance(value, (FunctionType, type, np.ufunc, BuiltinFunctionType)):
        return True
    plain = (int, float, complex, str, bytes, type(None), type(...), range, slice, Fraction, Enum, np.generic, np.dtype)
    return isinstance(value, plain) or type(value).__module__ == "dataclasses"


def _kind(name: str, function: FunctionType) -> str:
    return "enclosing" if name in function.__code__.co_freevars else "global"
