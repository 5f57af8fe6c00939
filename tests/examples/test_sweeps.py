"""The examples that train run in quick mode: tables on stdout, a figure with the same bytes every time."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

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
    figure = tmp_path / "results" / name / f"{name}.png"
    drawn = figure.read_bytes()
    assert drawn.startswith(b"\x89PNG")
    if name == "tune":
        run(name)  # from the finished runs
        assert capsys.readouterr().out == shown
        assert figure.read_bytes() == drawn


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
    with subprocess.Popen([*command, str(killed)], **options) as first:
        while len(list(killed.glob("*.json"))) < 3:
            assert first.poll() is None
        first.kill()
    before = {path: path.read_bytes() for path in killed.glob("*.json")}
    assert 3 <= len(before) < 20
    again = subprocess.run([*command, str(killed)], check=True, **options).stdout
    assert again.replace(str(killed), str(tmp_path / "whole")) == whole
    assert all(path.read_bytes() == content for path, content in before.items())
    kept, ended = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("whole", "killed")
    )
    assert kept == ended
