"""The house's rules, held by reading its source: imports go down, the checker stands alone, nothing is evaluated."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted([*(ROOT / "proofs").rglob("*.py"), *(ROOT / "numeric").rglob("*.py")])

BASE = {"claim", "checker", "conclude", "deadline", "calculus"}
ROOMS = {"capture", "gradients", "separation", "networks", "derivations", "conformance", "kernels"}
BELOW: dict[str, set[str]] = {
    "proofs": BASE | ROOMS,
    "checker": set(),
    "claim": set(),
    "deadline": set(),
    "program": set(),
    "conclude": {"claim", "checker"},
    "calculus": BASE - {"calculus"},
    "capture": BASE,
    "gradients": BASE | {"capture"},
    "separation": BASE,
    "networks": BASE | {"separation"},
    "derivations": BASE | {"separation", "networks"},
    "conformance": BASE | {"capture", "gradients"},
    "kernels": BASE | {"separation", "networks"},
    "theorems": BASE | ROOMS | {"numeric", "program"},
    "report": BASE | ROOMS | {"theorems"},
    "cli": BASE | ROOMS | {"theorems", "report", "program"},
    "numeric": set(),
}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_NAMES = {"sympify", "parse_expr", "builtins"}
FORBIDDEN_MODULES = {
    *("pickle", "shelve", "marshal", "dill", "joblib"),
    *("socket", "ssl", "http", "urllib", "ftplib", "smtplib", "requests", "httpx", "aiohttp", "xmlrpc"),
}
TOP_LEVEL = {"README.md", "pyproject.toml", "proofs", "numeric", "tests", "examples", "LICENSE", "requirements.lock"}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes())


@cache
def is_module(name: str) -> bool:
    base = ROOT.joinpath(*name.split("."))
    return base.with_suffix(".py").exists() or base.is_dir()


def room(module: str) -> str:
    """``proofs.calculus.terms`` is in calculus, ``proofs.claim`` in claim, ``numeric.losses`` in numeric."""
    parts = module.split(".")
    return parts[1] if parts[0] == "proofs" and len(parts) > 1 else parts[0]


@cache
def imports(path: Path, *, on_loading: bool = False) -> frozenset[str]:
    """Every module that a file imports, anywhere in it or only when it is loaded."""
    return frozenset(_imported(path, on_loading))


def _imported(path: Path, on_loading: bool) -> Iterator[str]:
    own = name_of(path).split(".")
    package = own if path.name == "__init__.py" else own[:-1]
    tree = tree_of(path)
    for node in tree.body if on_loading else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            inside = {f"{base}.{alias.name}" for alias in node.names}
            yield from sorted({module if is_module(module) else base for module in inside})


def test_imports_go_down() -> None:
    up = {}
    for path in MODULES:
        here = room(name_of(path))
        ours = {room(module) for module in imports(path) if module.split(".")[0] in ("proofs", "numeric")}
        up[name_of(path)] = ours - {here} - BELOW[here]
    assert {module: rooms for module, rooms in up.items() if rooms} == {}


def test_an_import_that_goes_up_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "up.py"
    path.write_text("def f():\n    from proofs.report import gather\n")
    found = [
        room(n.module) for n in ast.walk(ast.parse(path.read_bytes())) if isinstance(n, ast.ImportFrom) and n.module
    ]
    assert set(found) - {"calculus"} - BELOW["calculus"] == {"report"}


def test_no_module_needs_itself_to_load() -> None:
    graph = {name_of(path): set(imports(path, on_loading=True)) for path in MODULES if name_of(path) != "proofs"}

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, f"{' -> '.join((*path, module))} is a circle"
        if module not in done:
            for other in sorted(graph[module] & graph.keys() - {module.rpartition(".")[0]}):
                visit(other, (*path, module))
            done.add(module)

    done: set[str] = set()
    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("path", sorted((ROOT / "proofs/checker").glob("*.py")), ids=name_of)
def test_the_checker_needs_the_standard_library_only(path: Path) -> None:
    outside = {module.split(".")[0] for module in imports(path)} - sys.stdlib_module_names
    assert outside <= {"proofs"}
    assert all(room(module) == "checker" for module in imports(path) if module.startswith("proofs"))


@pytest.mark.parametrize("path", sorted((ROOT / "numeric").rglob("*.py")), ids=name_of)
def test_numeric_imports_numpy_threadpoolctl_and_the_standard_library(path: Path) -> None:
    outside = {module.split(".")[0] for module in imports(path)} - sys.stdlib_module_names
    assert outside <= {"numpy", "threadpoolctl", "numeric"}


def forbidden(path: Path) -> set[str]:
    """The forbidden calls, names and modules that a file uses."""
    nodes = list(ast.walk(tree_of(path)))
    called = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    named = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    named |= {node.name for node in nodes if isinstance(node, ast.alias)}
    modules = {module.split(".")[0] for module in imports(path)}
    return called & (FORBIDDEN_CALLS | FORBIDDEN_NAMES) | named & FORBIDDEN_NAMES | modules & FORBIDDEN_MODULES


def test_nothing_is_evaluated_unpickled_or_fetched() -> None:
    assert {name_of(path): found for path in MODULES if (found := forbidden(path))} == {}


def test_what_is_forbidden_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bad.py"
    path.write_text("import pickle\nfrom sympy import sympify\neval('1')\n")
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    assert forbidden(path) == {"pickle", "sympify", "eval"}


def test_a_module_is_short_and_says_what_it_is_for() -> None:
    assert [name_of(path) for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 400] == []
    assert [name_of(path) for path in MODULES if not ast.get_docstring(tree_of(path))] == []


def test_the_top_level_holds_nothing_else() -> None:
    ignored = [line.strip("/\n") for line in (ROOT / ".gitignore").read_text().splitlines()]
    found = {
        path.name
        for path in ROOT.iterdir()
        if not path.name.startswith(".") and not any(fnmatch(path.name, pattern) for pattern in ignored)
    }
    assert found == TOP_LEVEL
