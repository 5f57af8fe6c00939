"""The proof scripts: one file, one result, runnable alone.

A theorem module is a module of this package that defines a function `theorem`; which result rests on which is read
from the modules' own import statements, so that neither list nor graph is typed by hand. Importing this package is
cheap: nothing is loaded until `load` is called.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proofs.theorems.theorem import Theorem

__all__ = ["layer_names", "load", "names", "premises", "summary", "unknown"]

_HERE = Path(__file__).parent


@cache
def _trees() -> Mapping[str, ast.Module]:
    return {path.stem: ast.parse(path.read_bytes()) for path in sorted(_HERE.glob("*.py")) if path.stem != "__init__"}


def _defines_theorem(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.FunctionDef) and node.name == "theorem" for node in tree.body)


def _imported(tree: ast.Module) -> set[str]:
    """The modules of this package that `tree` imports, inside functions included."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                found |= {alias.name.removeprefix(f"{__name__}.") for alias in aliases}
            case ast.ImportFrom(module=str(module)) if module.startswith(f"{__name__}."):
                found.add(module.removeprefix(f"{__name__}."))
            case ast.ImportFrom(module=str(module), names=aliases) if module == __name__:
                found |= {alias.name for alias in aliases}
            case ast.ImportFrom(module=module, names=aliases, level=1):
                found |= {module} if module else {alias.name for alias in aliases}
    return found & _trees().keys()


@cache
def premises() -> Mapping[str, tuple[str, ...]]:
    """For each theorem, in alphabetical order, the theorems it imports, directly or by way of a shared module.

    Raises ValueError when theorems rest on each other.
    """
    trees = _trees()
    theorems = [name for name, tree in trees.items() if _defines_theorem(tree)]
    imports = {name: _imported(tree) for name, tree in trees.items()}

    def reach(name: str) -> set[str]:
        found: set[str] = set()
        pending, seen = list(imports[name]), {name}
        while pending:
            current = pending.pop()
            if current in theorems:
                found.add(current)
            elif current not in seen:
                pending.extend(imports[current])
            seen.add(current)
        return found

    return {name: tuple(sorted(reach(name))) for name in theorems}


@cache
def names() -> tuple[str, ...]:
    """Every theorem in reading order: families that rest on each other, the largest first, premises before the rest."""
    rests = premises()
    neighbours = {name: {*rests[name], *(other for other in rests if name in rests[other])} for name in rests}
    families: list[list[str]] = []
    unseen = dict.fromkeys(rests)
    while unseen:
        family, pending = set[str](), [next(iter(unseen))]
        while pending:
            name = pending.pop()
            if name not in family:
                family.add(name)
                pending.extend(neighbours[name])
        families.append(sorted(family))
        for name in family:
            del unseen[name]

    order: dict[str, None] = {}

    def visit(name: str, below: tuple[str, ...]) -> None:
        if name in below:
            raise ValueError(f"theorems rest on each other: {' -> '.join((*below, name))}")
        for premise in rests[name]:
            visit(premise, (*below, name))
        order[name] = None

    for family_names in sorted(families, key=lambda family: (-len(family), family[0])):
        for name in family_names:
            visit(name, ())
    return tuple(order)


def summary(name: str) -> str:
    """The first sentence of a theorem module's docstring, read without importing it."""
    docstring = ast.get_docstring(_trees()[name]) or name
    return " ".join(docstring.split("\n\n")[0].split())


def layer_names() -> tuple[str, ...]:
    """The layers and losses of numeric/, whose gradients are proved from their source (`proofs.theorems.layers`)."""
    from proofs.theorems.library import LAYERS, LOSSES

    return (*LAYERS, *LOSSES)


def unknown(name: str) -> str:
    """What is wrong with `name`, and the nearest names; empty if there is such a theorem or layer."""
    if name in premises() or name in layer_names():
        return ""
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), (*names(), *layer_names()), n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "`gradproof list` shows them all"
    return f"no theorem is called {name!r}: {hint}"


def load(name: str) -> Theorem:
    """The theorem of module `name`, built. Raises KeyError, naming the nearest theorems, when there is none."""
    if message := unknown(name):
        raise KeyError(message)
    theorem: Theorem = import_module(f"{__name__}.{name}").theorem()
    return theorem
