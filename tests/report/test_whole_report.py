"""`gradproof report`, run as a user does: every theorem proved, one small page, the same bytes as any other run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from proofs.derivations import audit
from proofs.report.gathering import Report
from proofs.report.page import to_html
from proofs.report.trust import trust_table
from proofs.theorems import names, premises
from tests.report.settled import settled

WRONG = """
title = "two lines"
[[derivation]]
name = "square"
arrays = { x = [] }
lines = ["(x + 1)**2", "x**2 + 3*x + 1"]
"""


def test_it_writes_one_small_page(tmp_path: Path) -> None:
    """With GRADPROOF_SLOW=1 also that the page is the same, byte for byte, as one made here with other hashes."""
    document, output = tmp_path / "document.toml", tmp_path / "new" / "folder"
    document.write_text(WRONG)
    command = [sys.executable, "-m", "proofs.cli", "report", "--output", output, "--audit", document, "--json"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=300, env={**os.environ, "PYTHONHASHSEED": "1"}
    )
    assert done.returncode == 0, "wrong lines of a document are content"
    data = json.loads(done.stdout)
    assert (data["verdict"], data["theorems"], data["proved"]) == ("PROVED", len(names()), len(names()))
    assert data["written"] == [str(output / "index.html")]
    assert list(output.iterdir()) == [output / "index.html"]
    page = (output / "index.html").read_bytes()
    assert len(page) < 400_000
    assert b"should equal" in page
    if not os.environ.get("GRADPROOF_SLOW"):
        return
    below = {name: premises()[name] for name in names()}
    here = Report(tuple(map(settled, names())), below, (audit(document),), trust_table())
    assert page == to_html(here)
