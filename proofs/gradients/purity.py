"""Whether code computes from its arguments alone, read off its byte code before it runs.

`impurity` names the first thing that makes a call more than a function of its arguments: state written or mutable state
read, randomness, time, hash order, introspection, or an exception that the code itself catches (what symbolic arrays
refuse would then be answered by a guess). `constants_read` lists the module constants a proof takes as they are.
"""

from __future__ import annotations

import dis
from collections.abc import Callable, Iterator
from enum import Enum
from fractions import Fraction
from functools import partial
from types import BuiltinFunctionType, CodeType, FunctionType, GenericAlias, MethodType, ModuleType
from typing import Any

import numpy as np

from proofs.capture import NotCaptured, codes, mentioned, reached
from proofs.capture.reaching import is_library, names_in

MODULES = ("numpy", "scipy", "math", "functools", "itertools", "operator", "typing", "collections", "dataclasses")
HARMLESS = ("builtins", "fractions", "enum", "types", "abc", "numbers")
MODULES_AT_EASE = (*MODULES, "__future__", "abc", "enum", "warnings")
BUILT_IN = frozenset(
    [
        *(
            "abs",
            "all",
            "any",
            "bool",
            "callable",
            "classmethod",
            "complex",
            "dict",
            "divmod",
            "enumerate",
            "float",
            "int",
        ),
        *("isinstance", "len", "list", "map", "max", "min", "object", "pow", "print", "property", "range", "reversed"),
        *("round", "slice", "staticmethod", "str", "sum", "super", "tuple", "zip", "Ellipsis", "NotImplemented"),
        *("__build_class__", "__name__"),
    ]
)
WRITES = {
    "STORE_GLOBAL": "writes the global",
    "DELETE_GLOBAL": "deletes the global",
    "STORE_ATTR": "keeps state in the attribute",
    "DELETE_ATTR": "deletes the attribute",
    "STORE_NAME": "defines a class with",
}
SETS = ("BUILD_SET", "SET_ADD", "SET_UPDATE")
RANDOM = ("random", "seed", "default_rng", "RandomState")


def impurity(function: Callable[..., Any]) -> str:
    """Why a call is not a function of its arguments alone, with file and line; the empty text if nothing was found."""
    try:
        functions = reached(function)
    except NotCaptured as error:
        return str(error)
    owner = _owner(function)
    if owner:
        return owner
    if not functions:
        trusted = isinstance(function, np.ufunc) or (getattr(function, "__module__", None) or "").startswith("numpy")
        return "" if trusted else f"{function!r} is not a Python function whose code can be read"
    return next((found for f in functions for found in (_of_function(f), _of_names(f)) if found), "")


def constants_read(function: Callable[..., Any]) -> list[str]:
    """The numbers and texts that code reads from its module or closure, as ``name = value``."""
    found: dict[str, None] = {}
    for f in reached(function):
        for name, value in mentioned(f):
            if isinstance(value, (int, float, complex, str, np.generic, Fraction)) and "default" not in name:
                found[f"{name} = {value!r}"] = None
        if isinstance(function, MethodType):
            found |= {f"self.{n} = {v!r}": None for n, v in getattr(function.__self__, "__dict__", {}).items()}
    return list(found)


def _owner(function: Callable[..., Any]) -> str:
    """What a bound method or a partial call holds besides the function."""
    held: list[tuple[str, Any]] = []
    if isinstance(function, MethodType):
        held = list(getattr(function.__self__, "__dict__", {}).items())
    elif isinstance(function, partial):
        held = [*((str(n), a) for n, a in enumerate(function.args)), *function.keywords.items()]
    return next((f"the function is bound to the mutable {name}" for name, a in held if not _is_constant(a)), "")


def _of_function(function: FunctionType) -> str:
    cells = set(function.__code__.co_freevars)
    for code in codes(function.__code__):
        found = _of_code(code, cells, function.__globals__)
        if found:
            return f"{code.co_filename}:{found[0]}: the code {found[1]}"
    return ""


def _of_code(code: CodeType, cells: set[str], scope: dict[str, Any]) -> tuple[int, str] | None:
    line = code.co_firstlineno
    steps = list(dis.get_instructions(code))
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        line = (step.positions.lineno if step.positions else None) or line
        name = step.opname
        following = after.opname if after else ""
        if name in WRITES and not (name == "STORE_ATTR" and code.co_name == "__init__"):
            return line, f"{WRITES[name]} {step.argval}"
        if name in ("STORE_DEREF", "DELETE_DEREF") and step.argval in cells:
            return line, f"changes the enclosing {step.argval}: state between calls"
        if name == "PUSH_EXC_INFO" and following != "WITH_EXCEPT_START":
            return line, "catches exceptions, which would hide what cannot be followed"
        if name in SETS:
            return line, "builds a set, whose order is not fixed"
        if name == "LOAD_CONST" and isinstance(step.argval, frozenset) and following != "CONTAINS_OP":
            return line, "goes through a set, whose order is not fixed"
        if name == "IMPORT_NAME" and str(step.argval).partition(".")[0] not in MODULES_AT_EASE:
            return line, f"imports {step.argval}"
        if name in ("LOAD_GLOBAL", "LOAD_NAME") and step.argval not in scope and not _is_harmless(step.argval):
            return line, f"calls {step.argval}()"
        if name in ("LOAD_ATTR", "LOAD_METHOD", "IMPORT_FROM") and step.argval in RANDOM:
            return line, f"uses randomness ({step.argval}): pass the random array as a parameter"
    return None


def _is_harmless(name: str) -> bool:
    """Whether a built-in depends on its arguments alone, or is an exception, which code may raise."""
    return name in BUILT_IN or name.endswith(("Error", "Exception", "Warning"))


def _of_names(function: FunctionType) -> str:
    where = f"{function.__code__.co_filename}:{function.__code__.co_firstlineno}"
    for name, value in mentioned(function):
        if isinstance(value, ModuleType):
            if is_library(value.__name__) and value.__name__.partition(".")[0] not in MODULES:
                return f"{where}: the code uses the module {value.__name__}"
            if value.__name__.startswith("numpy.random"):
                return f"{where}: the code uses randomness ({name}): pass the random array as a parameter"
        elif isinstance(value, (type, np.ufunc, MethodType, BuiltinFunctionType)) or callable(value):
            found = _of_callable(name, value, names_in(function.__code__)[1])
            if found:
                return f"{where}: {found}"
        elif not _is_constant(value):
            return f"{where}: the code reads the mutable {_article(name)}: pass it as a parameter"
        elif "default" not in name and _is_rebound(name.rpartition(".")[2], function.__globals__):
            return f"{where}: the code reads the global {name}, which other code writes: pass it as a parameter"
    return ""


def _article(name: str) -> str:
    return name.removeprefix("a ").removeprefix("the ") if "default" in name else f"global or enclosing {name}"


def _of_callable(name: str, value: Any, attributes: frozenset[str]) -> str:
    """Why a callable that code mentions is not just a function."""
    if isinstance(value, FunctionType):
        module = value.__module__ or ""
        if is_library(module) and module.partition(".")[0] not in MODULES:
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


def _is_constant(value: Any) -> bool:
    """Whether nobody can change a value."""
    if isinstance(value, (tuple, frozenset)):
        return all(_is_constant(x) for x in value)
    if isinstance(value, (FunctionType, type, np.ufunc, BuiltinFunctionType)):
        return True
    plain = (int, float, complex, str, bytes, type(None), type(...), range, slice, Fraction, Enum, np.generic, np.dtype)
    return isinstance(value, plain)


def _is_rebound(name: str, scope: dict[str, Any]) -> bool:
    """Whether a function of the same module stores to a global or an attribute of this name."""
    return any(
        step.opname in ("STORE_GLOBAL", "DELETE_GLOBAL", "STORE_ATTR") and step.argval == name
        for code in _codes_of(scope)
        if name in code.co_names
        for step in dis.get_instructions(code)
    )


def _codes_of(scope: dict[str, Any]) -> Iterator[CodeType]:
    for value in list(scope.values()):
        parts = (
            vars(value).values() if isinstance(value, type) and value.__module__ == scope.get("__name__") else [value]
        )
        for part in parts:
            function = part.__func__ if isinstance(part, (staticmethod, classmethod)) else part
            if isinstance(function, FunctionType) and function.__globals__ is scope:
                yield from codes(function.__code__)
