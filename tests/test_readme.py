"""README does what it says: every command and every Python line in it is run; its trust table is the computed one."""

from __future__ import annotations

import doctest
import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from proofs import derivations
from proofs.kernels.summary import recorded
from proofs.report import acceptance, gathering
from proofs.report.trust import in_markers, trust_table
from tests.test_cli import gradproof

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
COMMANDS = [line[2:] for kind, block in BLOCKS if kind == "console" for line in block.splitlines()]
REFUTING = {
    "audit examples/problem_set.toml",
    "audit examples/problem_set.toml --json",
    "check examples/layers.py",
    "separate examples/iris.csv --label species",
    "separate --truth-table 0110",
}


def test_every_block_is_of_a_kind_that_is_run() -> None:
    assert [kind for kind, _ in BLOCKS[:2]] == ["sh", "sh"]
    assert {kind for kind, _ in BLOCKS} == {"sh", "console", "pycon"}
    assert all(command.startswith("gradproof ") for command in COMMANDS)


def test_the_first_two_blocks_install_and_run_in_one_line_each() -> None:
    report, tests = (block.splitlines() for kind, block in BLOCKS if kind == "sh")
    assert len(report) == len(tests) == 1
    install = r"python3 -m venv \.venv && \.venv/bin/pip install -q -e "
    assert re.fullmatch(install + r"\. && \.venv/bin/gradproof report", report[0])
    assert re.fullmatch(install + r"'\.\[test\]' && \.venv/bin/python -m pytest", tests[0])


def test_the_commands_do_what_they_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    audited = cache(
        derivations.audit
    )  # once for all commands, here and in the report, whose theorems have their own test
    for module in (derivations, gathering):
        monkeypatch.setattr(module, "audit", lambda path, *_: audited(path))
    monkeypatch.setattr(gathering, "run", lambda jobs, _: [job() for _, job in jobs])
    monkeypatch.setattr(gathering, "names", lambda: ("xor", "xnor"))
    for command in COMMANDS:
        _, *arguments = shlex.split(command)
        code, shown, error = gradproof(*arguments)
        assert code == (" ".join(arguments) in REFUTING), f"{command}\n{shown}\n{error}"
        assert shown


def test_the_python_lines_answer_as_printed() -> None:
    example = doctest.DocTestParser().get_doctest(
        "".join(block for kind, block in BLOCKS if kind == "pycon"), {}, "README", "README.md", 0
    )
    assert doctest.DocTestRunner().run(example) == doctest.TestResults(failed=0, attempted=len(example.examples))


def test_every_file_it_names_exists() -> None:
    named = re.findall(r"\]\(([\w./]+)\)", README) + re.findall(r'src="([^"]+)"', README)
    named += re.findall(r"`((?:proofs|numeric|tests|examples)/[\w./]*)`", README)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_who_accepted_what_is_as_recorded() -> None:
    assert acceptance.in_markers(README, recorded().values()) == README, "python -m proofs.report.acceptance README.md"


def test_the_trust_table_is_the_computed_one() -> None:
    assert in_markers(README, trust_table()) == README, "renew it with: python -m proofs.report.trust README.md"
