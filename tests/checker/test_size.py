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


def lines_of_code(path: Path) -> int:
    """Lines that are neither blank, comment nor docstring."""
    source = path.read_text()
    skipped: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            skipped.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    lines = enumerate(source.splitlines(), 1)
    return sum(1 for number, line in lines if number not in skipped and line.strip() and line.strip()[0] != "#")


EVALUATION = {"balls", "terms"}


def test_the_reader_and_the_first_five_kinds_fit_in_300_lines_of_code() -> None:
    counted = {path.stem: lines_of_code(path) for path in FILES if path.stem not in {*EVALUATION, "census"}}
    assert {"reading", "separator", "farkas", "identity", "counterexample", "perceptron"} <= counted.keys()
    assert sum(counted.values()) <= 300, counted


def test_the_evaluation_of_terms_fits_in_250_lines_of_code() -> None:
    assert sum(lines_of_code(FOLDER / f"{stem}.py") for stem in EVALUATION) <= 250


def test_a_kind_added_later_fits_in_60_lines() -> None:
    assert len((FOLDER / "census.py").read_text().splitlines()) <= 60
