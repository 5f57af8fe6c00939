"""The checker stays small enough to be read, and stands on the standard library alone."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import proofs.checker

FOLDER = Path(proofs.checker.__file__).parent
FILES = sorted(FOLDER.glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_imports_the_standard_library_only(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            modules = [str(node.module)]
        for module in modules:
            assert module.split(".")[0] in sys.stdlib_module_names or module.startswith("proofs.checker")


CORE = {"__init__", "balls", "counterexample", "farkas", "identity", "perceptron", "reading", "separator", "terms"}


def test_it_is_short_enough_to_be_read_in_one_sitting() -> None:
    lines = {path.stem: len(path.read_text().splitlines()) for path in FILES if path.stem in CORE}
    assert lines.keys() == CORE
    assert sum(lines.values()) <= 780, lines


@pytest.mark.parametrize("path", [path for path in FILES if path.stem not in CORE], ids=lambda path: path.stem)
def test_a_kind_added_later_fits_in_120_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 120
