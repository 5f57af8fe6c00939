"""A failing ``assert prove_vjp(...)`` shows the whole answer, in a test session of its own; a passing one nothing."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from proofs import prove_vjp

ROOT = Path(__file__).parents[2]
TESTS = """
import numpy as np
from proofs import prove_vjp, settle


def tanh(x):
    return np.tanh(x)


def right(dout, x):
    return dout * (1 - np.tanh(x) ** 2)


def wrong(dout, x):
    return dout * (1 - np.tanh(x))


def test_right():
    assert prove_vjp(tanh, right, {"x": "N D"})


def test_wrong():
    assert prove_vjp(tanh, wrong, {"x": "N D"})


def test_named():
    proof = prove_vjp(tanh, wrong, {"x": "N D"})
    assert proof, "a message of its own"


def test_settle():
    assert settle("(x + 1)**2", "x**2 + 3*x + 1", arrays={"x": []})


def test_something_else():
    proof = prove_vjp(tanh, wrong, {"x": "N D"})
    assert 1 + 1 == 3
"""
SESSION = """
import sys
import pytest
from proofs.conformance import plugin
sys.exit(pytest.main(["-q", "-p", "no:gradproof", "-p", "no:cacheprovider", "-p", "no:xdist", "."], plugins=[plugin]))
"""


def run(script: str, folder: Path) -> str:
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{script}"]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False, timeout=100).stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("suite")
    (path / "test_layers.py").write_text(TESTS)
    return path


@pytest.fixture(scope="module")
def shown(folder: Path) -> dict[str, list[str]]:
    """What pytest says of each test that fails, without its margin."""
    output = run(SESSION, folder)
    assert "4 failed, 1 passed" in output
    found: dict[str, list[str]] = {}
    for line in output.splitlines():
        if line.startswith("____"):
            found[line.strip("_ ")] = []
        elif line.startswith("E       ") and found:
            found[next(reversed(found))].append(line.removeprefix("E       ").removeprefix("AssertionError: "))
    return found


def test_the_message_is_the_whole_answer(folder: Path, shown: dict[str, list[str]]) -> None:
    spec = spec_from_file_location("planted_layers", folder / "test_layers.py")
    assert spec is not None
    assert spec.loader is not None
    layers = module_from_spec(spec)
    spec.loader.exec_module(layers)
    answer = str(prove_vjp(layers.tanh, layers.wrong, {"x": "N D"})).splitlines()
    assert len(answer) > 3
    assert answer[0].startswith("✗ REFUTED")
    assert shown["test_wrong"] == [f"assert {answer[0]}", *answer[1:]]


def test_a_message_of_the_test_stays(shown: dict[str, list[str]]) -> None:
    assert shown["test_named"] == ["a message of its own", *shown["test_wrong"]]


def test_a_verdict_is_shown_with_its_counterexample(shown: dict[str, list[str]]) -> None:
    assert shown["test_settle"][0].startswith("assert ✗ REFUTED")
    assert any("counterexample: x = " in line for line in shown["test_settle"])


def test_an_assertion_about_something_else_is_left_alone(shown: dict[str, list[str]]) -> None:
    assert shown["test_something_else"] == ["assert (1 + 1) == 3"]


def test_the_entry_point_names_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (module,) = project["entry-points"]["pytest11"].values()
    assert hasattr(import_module(module), "pytest_runtest_makereport")
