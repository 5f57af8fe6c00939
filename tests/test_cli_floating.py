"""`gradproof check --float` says what floats do, in other words than a proof, with the exit codes of verdicts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from proofs.cli import app

CODE = """
import numpy as np
from proofs import gradient_of, vjp_of


def tanh(x):
    return np.tanh(x)


@vjp_of(tanh, shapes={"x": "N D"})
def tanh_backward(dout, x):
    return dout * (1 - np.tanh(x) ** 2)


@gradient_of(shapes={"w": "D"}, wrt=["w"])
def half_square(w):
    return (w * w).sum() / 2, WHAT
"""


def run(tmp_path: Path, what: str, *options: str) -> tuple[int, str]:
    path = tmp_path / "layers.py"
    path.write_text(CODE.replace("WHAT", what))
    result = CliRunner().invoke(app, ["check", str(path), "--float", "--seconds", "0.2", *options])
    return result.exit_code, result.stdout


@pytest.mark.parametrize(("what", "code", "verdict"), [("w.copy()", 0, "CONFORMS"), ("2 * w", 1, "FAILS")])
def test_verdict_and_exit_code(tmp_path: Path, what: str, code: int, verdict: str) -> None:
    exit_code, shown = run(tmp_path, what, "--json")
    answer = json.loads(shown)
    assert (exit_code, answer["verdict"]) == (code, verdict)
    assert [row["name"] for row in answer["gradients"]] == ["tanh_backward", "half_square"]


def test_what_people_read_says_that_nothing_is_proved(tmp_path: Path) -> None:
    code, shown = run(tmp_path, "w")
    assert code == 1
    assert "PROVED" not in shown
    assert "aliasing" in shown
    assert shown.endswith("1 of 2 gradients conform in floats: tested, not proved\n")


def test_a_test_has_no_certificates(tmp_path: Path) -> None:
    assert run(tmp_path, "w", "--certificates", str(tmp_path / "c"))[0] == 2
