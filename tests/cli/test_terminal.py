"""What the commands share: texts that no terminal obeys, pure JSON, places that may be written and that may not."""

from __future__ import annotations

import io
import json
import os
import socket
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.cli.terminal import new_console, print_json, progress_bar, visible
from tests.test_cli import gradproof, python

OBEYED = "\x1b\x9b\x07\r\x7f\u202e\u2066\u200b\u2028\udc80\U000e0041"
UNIX = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no devices and pipes in folders here")
LONG = "a" * 300


@given(st.text() | st.text(OBEYED + "a\n\t"))
def test_a_text_is_shown_without_anything_to_obey(text: str) -> None:
    shown = visible(text)
    assert not set(shown) & set(OBEYED)
    assert visible(shown) == shown
    assert shown == text or not text.isprintable()


def test_what_rich_shows_is_the_text_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stdout", shown)
    new_console().print("\x1b[2J\u202e:x: a[0]", markup=False)
    assert shown.getvalue() == "\\x1b[2J\\u202e:x: a[0]\n"


@given(st.text() | st.text(OBEYED))
def test_json_is_what_was_given_and_nothing_to_obey(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", shown := io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
        print_json({"text": text})
        shown.seek(0)
        written = shown.read()
    assert json.loads(written) == {"text": text}
    assert visible(written) == written


def test_a_name_in_progress_is_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar("reading") as progress:
        progress(0, 1, "[/dim] [bold].csv")
    assert "[/dim] [bold].csv" in terminal.getvalue()


def test_wrong_usage_is_json_too() -> None:
    done = python("-m", "proofs.cli", "census", "10", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"] in done.stderr


def test_the_version_is_said_also_without_an_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [])
    code, shown, _ = gradproof("--version")
    assert (code, shown) == (0, "gradproof, run from its source without being installed\n")


@pytest.mark.parametrize(
    "command",
    [
        ["prove", "xor", "--certificates", LONG],
        ["network", "--truth-table", "0110", "--certificate", LONG],
        ["network", "--truth-table", "0110", "--plot", f"{LONG}.svg"],
        ["census", "3", "--certificate", LONG],
        ["separate", "--truth-table", "0110", "--certificate", LONG],
        ["report", "--output", LONG],
        ["export", "coq", "xor", "--output", LONG],
        ["export", "smtlib", "xor", "--output", LONG],
        ["kernel", "cvc5", "xor", "--keep", LONG],
        ["check", f"{LONG}.py"],
        ["check", "a.py", "--certificates", LONG],
        ["audit", LONG],
        ["verify", LONG],
        ["separate", LONG],
        ["export", "coq", f"{LONG}.json"],
    ],
)
def test_a_name_too_long_is_answered(command: list[str]) -> None:
    code, shown, error = gradproof(*command)
    assert (code, shown) == (2, "")
    assert "too long" in error.lower()


def test_a_name_as_long_as_allowed_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 255)
    assert gradproof("separate", "--truth-table", "0110", "--certificate", path)[0] == 1
    assert gradproof("verify", path)[0] == 0


@UNIX
def test_what_is_no_file_or_folder_is_refused_or_written_through(tmp_path: Path) -> None:
    command = ("separate", "--truth-table", "0110", "--certificate")
    assert gradproof(*command, "/dev/null")[0] == 1
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    code, _, error = gradproof(*command, "/dev/full")
    assert (code, "cannot write /dev/full: No space left" in error) == (2, True)
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)
    code, _, error = gradproof(*command, tmp_path)
    assert (code, f"{tmp_path} is a folder" in error) == (2, True)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "s"))
        code, _, error = gradproof(*command, tmp_path / "s")
        assert (code, "it is a socket" in error) == (2, True)
    for folder in ("/dev/null", tmp_path / "s", tmp_path / "s" / "below"):
        code, _, error = gradproof("prove", "xor", "--certificates", folder)
        assert (code, "name a folder" in error or "is not a folder" in error) == (2, True)


@UNIX
def test_the_answer_and_the_certificate_go_into_the_same_redirected_file(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with path.open("wb") as out:
        done = python(
            "-m",
            "proofs.cli",
            "separate",
            "--truth-table",
            "0110",
            "--json",
            "--certificate",
            "/dev/stdout",
            stdout=out,
        )
    decoder, text = json.JSONDecoder(), path.read_text()
    certificate, end = decoder.raw_decode(text)
    answer, _ = decoder.raw_decode(text[end:].lstrip())
    assert (done.returncode, certificate["kind"], answer["verdict"]) == (1, "farkas", "REFUTED")


def test_certificates_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    paths = [tmp_path / place for place in ("a/x.json", "b/x.json", "a/X.json", "a/x_.json")]
    for path, table in zip(paths, ("0110", "0001", "1001", "0111"), strict=True):
        gradproof("separate", "--truth-table", table, "--certificate", path)
    code, shown, _ = gradproof("export", "smtlib", *paths, "--output", tmp_path / "out", "--json")
    written = [Path(name) for name in json.loads(shown)["written"]]
    assert (code, len({path.name.lower() for path in written})) == (0, 4)
    assert len({path.read_text() for path in written}) == 4


def test_facts_are_asked_for_where_there_are_none(tmp_path: Path) -> None:
    for command in (["export", "smtlib", "softmax_jacobian", "--output", tmp_path], ["kernel", "cvc5", "softmax_sum"]):
        code, _, error = gradproof(*command)
        assert (code, "points can or cannot be separated" in error) == (2, True)
    assert not list(tmp_path.iterdir())
    code, _, error = gradproof("verify", tmp_path)
    assert (code, "no .json file" in error) == (2, True)
