"""What a user names on the command line: ``layers.py``, ``pkg.module``, ``layers.py:function``, ``x: N D, w: D M``.

Naming a file or a module runs it, as Python's own ``import`` does: it is the user's code, and running it is what they
ask for. Whatever goes wrong on the way is a TargetError with file and line.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from difflib import get_close_matches
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from stat import S_ISDIR
from types import ModuleType
from typing import Any

_OURS = str(Path(__file__).parents[1] / "_").removesuffix("_")


class TargetError(ValueError):
    """Something named on the command line cannot be used; the message says what and the fix."""


def split_target(text: str) -> tuple[str, str]:
    """``layers.py:affine_backward`` as (``layers.py``, ``affine_backward``); the function is empty if none is named."""
    source, colon, function = text.rpartition(":")
    if colon and all(part.isidentifier() for part in function.split(".")):
        return source, function
    return text, ""


def entries(option: str, text: str) -> dict[str, str]:
    """``x: N D, w: D M`` as a mapping. Raises TargetError."""
    found: dict[str, str] = {}
    for part in filter(str.strip, text.split(",")):
        name, colon, value = (piece.strip() for piece in part.partition(":"))
        if not colon or not name.isidentifier():
            raise TargetError(f"{option}: expected 'x: N D, w: D M', got {part.strip()!r}")
        if name in found:
            raise TargetError(f"{option}: {name} is there twice")
        found[name] = value
    if not found:
        raise TargetError(f"{option}: expected 'x: N D, w: D M', got nothing")
    return found


@contextmanager
def importing() -> Iterator[Callable[[str], ModuleType]]:
    """A function that imports what a target names, once each; modules of this folder and of a file's are found.

    What the code prints, by whatever means, goes to stderr; the search path and the working folder are put back.
    """
    try:
        path, before, folder = list(sys.path), set(sys.modules), Path.cwd()
    except OSError as error:
        raise TargetError(f"the folder you are in: {error.strerror}; go to another") from None

    def load(source: str) -> ModuleType:
        is_file = source.endswith(".py") or "/" in source or "\\" in source
        return _from_file(source, before) if is_file else _from_name(source)

    try:
        with redirect_stdout(sys.stderr), redirect_stderr(sys.stderr), _first_stream_to_second():
            yield load
    finally:
        sys.path[:] = path
        os.chdir(folder)


@contextmanager
def _first_stream_to_second() -> Iterator[None]:
    """What other programs and libraries write to stdout goes to stderr, where there are both."""
    try:
        kept = os.dup(1)
        os.dup2(2, 1)
    except OSError:
        yield
        return
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def function_in(module: ModuleType, source: str, function: str) -> Callable[..., Any]:
    """The function of a module, ``name`` or ``Class.name``. Raises TargetError."""
    owner: Any = None
    found: Any = module
    for part in function.split("."):
        if not hasattr(found, part):
            near = get_close_matches(part, dir(found), 1)
            raise TargetError(f"{source} has no {function}" + (f"; did you mean {near[0]}?" if near else ""))
        owner, found = found, getattr(found, part)
    if not callable(found):
        raise TargetError(f"{source}:{function} is {type(found).__name__}, not a function")
    if isinstance(found, type) or (isinstance(owner, type) and _takes_self(found)):
        kind = "a class" if isinstance(found, type) else "a method of a class"
        raise TargetError(
            f"{source}:{function} is {kind}; make an object in the file, layer = ..., and name layer.method"
        )
    return found  # type: ignore[no-any-return]


def _takes_self(function: Callable[..., Any]) -> bool:
    code = getattr(function, "__code__", None)
    return code is not None and code.co_varnames[:1] == ("self",)


def _from_name(name: str) -> ModuleType:
    if not all(part.isidentifier() for part in name.split(".")):
        raise TargetError(f"{name!r} is neither a FILE.py nor a pkg.module")
    sys.path.insert(0, str(Path.cwd()))
    with _failures_of(name):
        return import_module(name)


def _from_file(source: str, before: set[str]) -> ModuleType:
    """Run a file as the module it is: by its full name inside a package, otherwise by its own name."""
    path = Path(source).absolute()
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise TargetError(f"cannot read {source}: {getattr(error, 'strerror', None) or error}") from None
    if S_ISDIR(mode):
        raise TargetError(f"{source} is a folder; name a FILE.py in it")
    if path.suffix != ".py":
        raise TargetError(f"{source} is not a .py file")
    root, name = path.parent, path.stem
    while (root / "__init__.py").is_file():
        root, name = root.parent, f"{root.name}.{name}"
    sys.path.insert(0, str(root))
    loaded = sys.modules.get(name)
    if loaded is not None and name not in before and _is_at(loaded, path):
        return loaded
    with _failures_of(source):
        if root != path.parent and loaded is None:
            module = import_module(name)
            if _is_at(module, path):
                return module
        return _run(path, path.stem if path.stem not in sys.modules else f"checked_{path.stem}")


def _run(path: Path, name: str) -> ModuleType:
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} cannot be loaded")
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _is_at(module: ModuleType, path: Path) -> bool:
    return Path(getattr(module, "__file__", None) or ".").absolute() == path


@contextmanager
def _failures_of(source: str) -> Iterator[None]:
    """Whatever importing raises, as a TargetError."""
    try:
        yield
    except TargetError:
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001  (a user's file may raise anything)
        place = _place(error)
        if isinstance(error, ModuleNotFoundError) and not place:
            raise TargetError(
                f"there is no module {source} here; name a FILE.py, or run where it can be imported"
            ) from None
        raise TargetError(f"cannot import {source}: {place}{type(error).__name__}: {error}") from None


def _place(error: BaseException) -> str:
    """The last line of the user's own code on the way to an error."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}, line {error.lineno}: "
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if not f.filename.startswith((_OURS, "<frozen")) and "importlib" not in f.filename]
    return f"{own[-1].filename}, line {own[-1].lineno}: " if own else ""
