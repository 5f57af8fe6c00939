"""`gradproof shared`: exit codes, certificates that verify again, pictures, messages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from proofs.checker import check_file
from tests.test_cli import ROOT, gradproof, validator

XOR, PARITY = (ROOT / "examples" / "topologies" / f"{name}.json" for name in ("xor", "parity3"))
THREE = {
    "gradproof_topology": 1,
    "inputs": 2,
    "nodes": [["tanh", [1]], ["tanh", [2]], ["gaussian", [1, 2]]],
    "outputs": [3, 4, 5],
}


def test_the_exact_set_with_its_certificate_and_picture(tmp_path: Path) -> None:
    certificate, picture = tmp_path / "xor.json", tmp_path / "xor.svg"
    code, shown, _ = gradproof("shared", XOR, "--truth-table", "0110", "--certificate", certificate, "--plot", picture)
    assert code == 0
    assert "PROVED  the network computes the labels exactly for w in (-inf, 0) or (0, inf)" in shown
    assert check_file(certificate).kind == "shared_weight"
    assert b"<svg" in picture.read_bytes()


@pytest.mark.parametrize(("interval", "code", "word"), [("0.1:2", 0, "PROVED"), ("-2:2", 1, "REFUTED")])
def test_an_interval(interval: str, code: int, word: str) -> None:
    found, shown, _ = gradproof("shared", PARITY, "--truth-table", "parity 3", "--interval", interval, "--json")
    data = json.loads(shown)
    validator("verdict").validate(data)
    assert (found, data["verdict"]) == (code, word)


def test_the_accuracy_on_a_file(tmp_path: Path) -> None:
    (tmp_path / "three.json").write_text(json.dumps(THREE))
    rows = ["16,0,0", "0,16,1", "0,-16,2", "8,2,0", "2,8,1", "-8,-4,2", "2,8,0"]
    (tmp_path / "rows.csv").write_text("\n".join(["a,b,digit", *rows]) + "\n")
    asked = ("shared", tmp_path / "three.json", "--data", tmp_path / "rows.csv", "--label", "digit", "--scale", "1/16")
    folder = tmp_path / "certificates"
    code, shown, _ = gradproof(
        *asked, "--interval", "2:3", "--accuracy", "--certificate", folder, "--plot", tmp_path / "a.png"
    )
    assert (code, "PROVED" in shown, "of 7 rows" in shown) == (0, True, True)
    assert [check_file(path).kind for path in folder.iterdir()] == ["shared_cover"]
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert "Fraction" not in shown
    assert "    w from 2 to 3: " in shown
    code, shown, _ = gradproof(*asked, "--interval", "2:3", "--accuracy", "--json")
    assert json.loads(shown)["schema"] == "gradproof-accuracy-1"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((XOR,), "name a data file with --data or give --truth-table"),
        ((XOR, "--truth-table", "011"), "truth table"),
        ((XOR, "--truth-table", "parity 3"), "row 0: expected 2 numbers"),
        ((XOR, "--truth-table", "0110", "--interval", "2:1"), "lower end first"),
        ((XOR, "--truth-table", "0110", "--interval", "a:1"), "interval: expected a finite decimal"),
        (
            (XOR, "--truth-table", "0110", "--interval", "1"),
            "interval: expected two numbers, got '1'; write --interval",
        ),
        (
            (XOR, "--truth-table", "0110", "--window", "1"),
            "window: expected two numbers, got '1'; write --window",
        ),
        ((XOR, "--truth-table", "0110", "--window", "1:0"), "window: expected the lower end first"),
        ((XOR, "--truth-table", "0110", "--window", "0:1", "--interval", "0:1"), "give one of them"),
        ((XOR, "--truth-table", "0110", "--accuracy"), "expected an interval"),
        ((XOR, "--truth-table", "0110", "--plot", "a.gif"), "plot: expected a file ending in"),
        ((XOR, "--truth-table", "0110", "--seconds", "0"), "--seconds: expected a number > 0"),
        ((ROOT / "none.json", "--truth-table", "0110"), "cannot read"),
        ((ROOT / "examples" / "iris.csv", "--truth-table", "0110"), "topology"),
    ],
)
def test_wrong_input_exits_2(arguments: tuple[object, ...], message: str) -> None:
    code, shown, error = gradproof("shared", *arguments)
    assert (code, shown) == (2, "")
    assert message in error


def test_a_window(tmp_path: Path) -> None:
    (tmp_path / "bent.json").write_text(json.dumps(THREE | {"nodes": [["sin", [1]]], "outputs": [3]}))
    asked = ("--truth-table", "0011", "--window")
    code, shown, _ = gradproof("shared", tmp_path / "bent.json", *asked, "0.25:0.75")
    assert code == 0
    assert "of the w in [0.25, 0.75], the network computes the labels for w in [0.25, 0.75]" in shown


def test_help_says_where_the_format_is_and_what_sin_is() -> None:
    _, shown, _ = gradproof("shared", "--help")
    assert "examples/topologies/README.md" in shown
    assert "sin(pi x)" in shown
    assert "--window" in shown
