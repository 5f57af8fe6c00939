"""`gradproof report`, run as a user does: every theorem proved, one small page, the same bytes as any other run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from proofs.derivations import audit
from proofs.report import gathering
from proofs.report.gathering import Report
from proofs.report.page import to_html
from proofs.report.trust import trust_table
from proofs.theorems import names, premises
from tests.report.settled import settled
from tests.test_cli import gradproof

WRONG = """
title = "two lines"
[[derivation]]
name = "square"
arrays = { x = [] }
lines = ["(x + 1)**2", "x**2 + 3*x + 1"]
"""


SLOW = os.environ.get("GRADPROOF_SLOW") == "1"


def written(output: Path, document: Path) -> dict[str, Any]:
    """What the command says in a process of its own, with other hashes than here."""
    command = [sys.executable, "-m", "proofs.cli", "report", "--output", output, "--audit", document, "--json"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=300, env={**os.environ, "PYTHONHASHSEED": "1"}
    )
    assert done.returncode == 0, "wrong lines of a document are content"
    return dict(json.loads(done.stdout))


def written_here(output: Path, document: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The same in this process, each theorem settled once for all tests."""

    def run(jobs: Sequence[tuple[str, Callable[[], Any]]], _: Any) -> list[Any]:
        return [settled(name) if name in names() else job() for name, job in jobs]

    monkeypatch.setattr(gathering, "run", run)
    code, shown, _ = gradproof("report", "--output", output, "--audit", document, "--json")
    assert code == 0
    return dict(json.loads(shown))


def test_it_writes_one_small_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With GRADPROOF_SLOW=1 in a process of its own, and the page is the same, byte for byte, as one made here."""
    document, output = tmp_path / "document.toml", tmp_path / "new" / "folder"
    document.write_text(WRONG)
    data = written(output, document) if SLOW else written_here(output, document, monkeypatch)
    assert (data["verdict"], data["theorems"], data["proved"]) == ("PROVED", len(names()), len(names()))
    assert data["written"] == [str(output / "index.html")]
    assert list(output.iterdir()) == [output / "index.html"]
    page = (output / "index.html").read_bytes()
    assert len(page) < 400_000
    assert b"should equal" in page
    if SLOW:
        below = {name: premises()[name] for name in names()}
        here = Report(tuple(map(settled, names())), below, (audit(document),), trust_table())
        assert page == to_html(here)
