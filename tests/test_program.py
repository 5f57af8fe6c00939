"""No accident of a terminal looks like a verdict: a reader that is gone, an encoding that lacks a sign."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from proofs.program import in_ascii

ROOT = Path(__file__).parents[1]
RICH = "proofs.cli", "list"
PLAIN = "proofs.cli", "list", "--json"


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="there is no SIGPIPE here")
@pytest.mark.parametrize("command", [RICH, PLAIN])
def test_a_command_whose_reader_is_gone_ends_as_other_tools_do(command: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=ROOT, stdout=gone, stderr=subprocess.PIPE, timeout=60, check=False
        )
    assert done.returncode == -signal.SIGPIPE
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
@pytest.mark.parametrize("command", [RICH, ("proofs.cli", "verify", "nope")])
def test_an_answer_that_cannot_be_written_is_no_verdict(command: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            stdout=full,
            stderr=full if "verify" in command else subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr in (None, b"error: cannot write the answer: No space left on device\n")


def test_a_theorem_alone_on_a_terminal_that_shows_ascii() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "proofs.theorems.xor"],
        cwd=ROOT,
        env={"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    shown = done.stdout.decode("ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert shown.splitlines()[-1] == "+ PROVED  XOR has no linear separator"
    assert "\\" not in shown


def test_without_any_stdout_a_command_still_says_its_verdict_by_its_exit_code() -> None:
    script = "import sys; sys.stdout = None\nfrom proofs.program import run\nrun(lambda: print(1, file=sys.stdout))"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=60, check=False).returncode == 0


@pytest.mark.parametrize(
    ("text", "shown"),
    [("✓✗?", "+x?"), ("x₁ ≥ −2", "x1 >= -2"), ("x²", "x^2"), ("é … ‘a’", "e ... 'a'"), ("≮≠∂", "\\u226e!=d")],
)
def test_signs_in_ascii(text: str, shown: str) -> None:
    assert "".join(c if c.isascii() else in_ascii(c) for c in text) == shown


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
def test_code_that_ends_the_process_passes_for_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "ends.py"
    path.write_text("import os\nos._exit(0)\n")
    done = subprocess.run(
        [sys.executable, "-m", "proofs.cli", "check", str(path), "--json"],
        cwd=ROOT, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert b"ended the process" in done.stderr
    assert b'"error"' in done.stdout
