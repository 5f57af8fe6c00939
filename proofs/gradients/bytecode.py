"""Byte code read before it runs: steps that make a call more than a function of its arguments, and who stores what.

Setting an attribute of a local variable is let pass here; that it was not one that others see is found out when the
code runs (see `proofs.gradients.state`).
"""

from __future__ import annotations

import dis
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

from proofs.capture import codes
from proofs.capture.reaching import READS, is_special

MODULES = ("numpy", "scipy", "math", "functools", "itertools", "operator", "typing", "collections", "dataclasses")
MODULES_AT_EASE = (*MODULES, "__future__", "abc", "enum", "warnings")
BUILT_IN = frozenset(
    [
        *("abs", "all", "any", "bool", "callable", "classmethod", "complex", "dict", "divmod", "enumerate", "float"),
        *("int", "isinstance", "len", "list", "map", "max", "min", "object", "pow", "print", "property", "range"),
        *("reversed", "round", "slice", "staticmethod", "str", "sum", "super", "tuple", "zip", "Ellipsis"),
        *("NotImplemented", "__build_class__", "__name__"),
    ]
)
"""Built-in functions that depend on their arguments alone."""
WRITES = {
    "STORE_GLOBAL": "writes the global",
    "DELETE_GLOBAL": "deletes the global",
    "STORE_NAME": "defines a class with",
}
SETS = ("BUILD_SET", "SET_ADD", "SET_UPDATE")
RANDOM = ("random", "seed", "default_rng", "RandomState")
SPECIAL = (
    *("__init__", "__post_init__", "__call__", "__name__", "__qualname__", "__version__", "__class__"),
    "__setattr__",
)
"""The attributes with two underscores that code may look at."""
OUTSIDE = frozenset(
    [
        *("geterr", "seterr", "geterrcall", "seterrcall", "get_printoptions", "set_printoptions", "getbufsize"),
        *("setbufsize", "load", "loadtxt", "genfromtxt", "fromfile", "memmap", "save", "savez", "savetxt", "tofile"),
    ]
)
"""NumPy's functions that read or write files, or settings that other code changes."""


def impure_step(function: FunctionType) -> str:
    """The first step of a function that depends on, or changes, more than its arguments; empty if there is none."""
    cells = set(function.__code__.co_freevars)
    for code in codes(function.__code__):
        found = _of_code(code, cells, function.__globals__)
        if found:
            return f"{code.co_filename}:{found[0]}: the code {found[1]}"
    return ""


def _of_code(code: CodeType, cells: set[str], scope: dict[str, Any]) -> tuple[int, str] | None:
    line = code.co_firstlineno
    steps = list(dis.get_instructions(code))
    for place, (step, after) in enumerate(zip(steps, [*steps[1:], None], strict=True)):
        line = (step.positions.lineno if step.positions else None) or line
        name = step.opname
        following = after.opname if after else ""
        if name in WRITES:
            return line, f"{WRITES[name]} {step.argval}"
        if name in ("STORE_ATTR", "DELETE_ATTR") and not _is_own(code, steps, place):
            return line, f"keeps state in the attribute {step.argval}"
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
        if name in (*READS, "IMPORT_FROM") and step.argval in RANDOM:
            return line, f"uses randomness ({step.argval}): pass the random array as a parameter"
        if name in READS and is_special(step.argval) and step.argval not in SPECIAL:
            return line, f"looks at {step.argval}"
        if name in READS and step.argval in OUTSIDE and _is_numpy(scope.get(steps[place - 1].argval)):
            return line, f"calls np.{step.argval}, which depends on more than its arguments"
    return None


def _is_numpy(value: Any) -> bool:
    return isinstance(value, ModuleType) and value.__name__.partition(".")[0] == "numpy"


def _is_own(code: CodeType, steps: list[dis.Instruction], place: int) -> bool:
    """Whether the attribute set is one of a local variable, or of its attributes: ``a.b.c = x`` or ``a.b += x``."""
    at = place - 1
    if steps[at].opname == "SWAP":
        name = steps[place].argval
        pairs = (k for k in range(at, 0, -1) if steps[k].opname in READS and steps[k].argval == name)
        at = next((k - 2 for k in pairs if steps[k - 1].opname in ("COPY", "DUP_TOP")), -1)
    while at > 0 and steps[at].opname in READS:
        at -= 1
    if at < 0:
        return False
    found = steps[at]
    own_cell = found.opname == "LOAD_DEREF" and found.argval in code.co_cellvars
    return own_cell or found.opname.startswith(("LOAD_FAST", "STORE_FAST_LOAD_FAST"))


def _is_harmless(name: str) -> bool:
    """Whether a built-in depends on its arguments alone, or is an exception, which code may raise."""
    return name in BUILT_IN or name.endswith(("Error", "Exception", "Warning"))


@lru_cache(maxsize=1_000)
def sets(code: CodeType) -> bool:
    """Whether code, or code inside it, sets attributes."""
    steps = (step for part in codes(code) for step in dis.get_instructions(part))
    return any(step.opname in ("STORE_ATTR", "DELETE_ATTR") or step.argval == "__setattr__" for step in steps)


def is_rebound(name: str, function: FunctionType, *, attributes: bool = True) -> bool:
    """Whether a function of the same module stores to a global, an attribute or an enclosing variable of this name."""
    stores = ("STORE_GLOBAL", "DELETE_GLOBAL", *(["STORE_ATTR"] if attributes else []))
    return any(
        step.argval == name and (step.opname in stores or _is_nonlocal(step, code, function))
        for code in _codes_of(function.__globals__)
        if name in code.co_names or name in code.co_freevars
        for step in dis.get_instructions(code)
    )


def _is_nonlocal(step: dis.Instruction, code: CodeType, function: FunctionType) -> bool:
    name = step.argval
    return step.opname == "STORE_DEREF" and name in code.co_freevars and name in function.__code__.co_freevars


def _codes_of(scope: dict[str, Any]) -> Iterator[CodeType]:
    for value in list(scope.values()):
        parts = (
            vars(value).values() if isinstance(value, type) and value.__module__ == scope.get("__name__") else [value]
        )
        for part in parts:
            function = part.__func__ if isinstance(part, (staticmethod, classmethod)) else part
            if isinstance(function, FunctionType) and function.__globals__ is scope:
                yield from codes(function.__code__)
