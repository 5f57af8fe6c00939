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


def test_it_is_short_enough_to_be_read_in_one_sitting() -> None:
    lines = {path.stem: len(path.read_text().splitlines()) for path in FILES if path.stem != "census"}
    assert {"reading", "separator", "farkas", "identity", "counterexample", "perceptron"} <= lines.keys()
    assert sum(lines.values()) <= 650, lines


def test_a_kind_added_later_fits_in_60_lines() -> None:
    assert len((FOLDER / "census.py").read_text().splitlines()) <= 60
