"""The certified accuracy on the digits: a few rows on a short interval, and by GRADPROOF_SLOW=1 the whole test set."""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path

import pytest

from proofs.checker import check_file

FILE = Path(__file__).parents[2] / "examples" / "certified_accuracy.py"


def run(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [FILE.name, *options])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(FILE), run_name="__main__")
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_a_few_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = ("--certificates", str(tmp_path / "certificates"))
    said = run(capsys, "--rows", "6", "--interval", "1:1.02", "--seconds", "5", *files)
    assert "PROVED  at least 5 of 6 rows" in said
    (path,) = (tmp_path / "certificates").iterdir()
    assert "for every w in [1, 51/50] at least 5 of 6 rows are as labelled" in check_file(path).says


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--rows", "0"), "--rows must be at least 1, got 0"),
        (("--seconds", "nan"), "--seconds must be a number > 0"),
        (("--interval", "1:0.5"), "--interval: expected the lower end first, got 1 and 0.5"),
        (("--interval", "1"), "--interval: expected two numbers"),
        (("--interval", "a:b"), "--interval: expected a finite decimal"),
    ],
)
def test_wrong_options_exit_2(options: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [FILE.name, *options])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(FILE), run_name="__main__")
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.skipif(not os.environ.get("GRADPROOF_SLOW"), reason="about a minute: set GRADPROOF_SLOW=1")
def test_the_whole_test_set(capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "--seconds", "300")
    assert "PROVED  at least" in said
    assert "of 359 rows" in said
