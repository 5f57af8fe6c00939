"""The examples that train run in quick mode: tables on stdout, a figure with the same bytes every time."""

from __future__ import annotations

import importlib
import math
import os
import re
import runpy
import signal
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
ROWS = {"learning_rates": 4, "regularization": 5, "tune": 12}


def run(name: str, *options: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(EXAMPLES)
        patch.setattr(sys, "argv", [f"{name}.py", "--quick", "--seeds", "1", *options])
        runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")


@pytest.mark.parametrize("name", ROWS)
def test_an_example_prints_its_tables_and_draws(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run(name)
    shown = capsys.readouterr().out
    assert sum(line.startswith("| ") for line in shown.splitlines()) == 2 * (ROWS[name] + 2)
    assert "Not as in the document: digits-8x8 in place of MNIST, 1/20 of the steps" in shown
    assert "are away from these" not in shown
    assert "epoch" not in shown
    assert "39 steps" in shown
    assert "391 steps" in shown
    tests = [float(share) for share in re.findall(r"(\.\d{3}) \(\.\d{3}-\.\d{3}\)(?=[^()]*$)", shown, re.MULTILINE)]
    assert len(tests) == 2 * ROWS[name]
    assert max(tests) - min(tests) > 0.2  # something is learned, and the setting matters
    figure = tmp_path / "results" / name / f"{name}.png"
    drawn = figure.read_bytes()
    assert drawn.startswith(b"\x89PNG")
    if name == "tune":
        run(name)  # from the finished runs
        assert capsys.readouterr().out == shown
        assert figure.read_bytes() == drawn


def test_a_tie_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(EXAMPLES)
    best_of = importlib.import_module("tune").best_of
    ends = {"a": [0.1, 0.1], "b": [0.2, 0.0], "c": [math.nan, 0.9], "d": [0.0, 0.1]}
    assert best_of({key: np.array(values) for key, values in ends.items()}) == ["a", "b"]


def test_a_comparison_is_made_with_what_can_be_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(EXAMPLES)
    sweeping = importlib.import_module("sweeping")
    assert sweeping.differences(Namespace(data="mnist", quick=False)) == ""
    assert sweeping.differences(Namespace(data="mnist-5k", quick=False)) == "5,000 rows of MNIST in place of 70,000"


@pytest.mark.parametrize(("ends", "low"), [([0.1, 0.1], 0.0), ([0.94, 0.88], 0.7), ([0.94, math.nan], 0.8)])
def test_every_final_accuracy_is_in_the_panel(ends: list[float], low: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(EXAMPLES)
    sweeping = importlib.import_module("sweeping")
    _, (axes, _) = sweeping.figure(2)
    sweeping.show_ends(axes, [np.array([end]) for end in ends])
    assert axes.get_ylim() == pytest.approx((low, 1.01))


def test_wrong_data_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        run("learning_rates", "--data", "nowhere")
    assert ended.value.code == 2
    assert "error: data: expected mnist-5k, digits-8x8 or a folder of IDX files, got nowhere" in capsys.readouterr().err


@pytest.mark.skipif("GRADPROOF_SLOW" not in os.environ, reason="starts processes; GRADPROOF_SLOW=1 runs it")
def test_a_killed_sweep_goes_on(tmp_path: Path) -> None:
    command = [sys.executable, str(EXAMPLES / "regularization.py"), "--quick", "--workers", "2", "--results"]
    options = {"env": os.environ | {"PYTHONPATH": str(EXAMPLES.parent)}, "text": True, "stdout": subprocess.PIPE}
    whole = subprocess.run([*command, str(tmp_path / "whole")], check=True, **options).stdout
    killed = tmp_path / "killed"
    with subprocess.Popen([*command, str(killed)], start_new_session=True, **options) as first:
        while len(list(killed.glob("*.json"))) < 3:
            assert first.poll() is None
        os.killpg(first.pid, signal.SIGKILL)  # its worker processes too, which would go on writing
    before = {path: path.read_bytes() for path in killed.glob("*.json")}
    assert 3 <= len(before) < 20
    again = subprocess.run([*command, str(killed)], check=True, **options).stdout
    assert again.replace(str(killed), str(tmp_path / "whole")) == whole
    assert all(path.read_bytes() == content for path, content in before.items())
    kept, ended = (
        {path.name: path.read_bytes() for path in (tmp_path / name).glob("[!.]*")} for name in ("whole", "killed")
    )
    assert kept == ended  # but for a file that was being written when the process was killed, which has a hidden name
