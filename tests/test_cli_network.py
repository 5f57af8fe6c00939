"""`gradproof network`: the answer, its JSON, its certificates, and what is refused."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from proofs.checker import check_file
from tests.test_cli import gradproof, validator


def test_xor_needs_two_hidden_units() -> None:
    code, shown, _ = gradproof("network", "--truth-table", "0110")
    assert code == 0
    assert [line.split("  ")[1] for line in shown.splitlines() if line.startswith("✓ PROVED")] == [
        "a threshold unit without hidden units cannot compute the labels",
        "1 hidden threshold unit without a skip connection cannot compute the labels",
        "2 hidden threshold units without a skip connection can compute the labels",
    ]
    assert "a contradiction, by" in shown


def test_its_json_and_certificates(tmp_path: Path) -> None:
    folder = tmp_path / "certificates"
    code, shown, _ = gradproof("network", "--truth-table", "a ^ b", "--skip", "--json", "--certificate", folder)
    data = json.loads(shown)
    assert (code, data["schema"], data["verdict"], data["units"]) == (0, "gradproof-network-1", "PROVED", 1)
    for verdict in data["verdicts"]:
        validator("verdict").validate(verdict)
    assert [check_file(path).kind for path in sorted(folder.iterdir())] == ["farkas", "separator"]


def test_too_few_units_are_undecided() -> None:
    assert gradproof("network", "--truth-table", "0110", "--most", "1")[0] == 3


def test_a_limit_on_time_is_undecided_and_what_was_settled_before_stays(tmp_path: Path) -> None:
    command = ("network", "--truth-table", "parity 6", "--seconds", "0.5", "--certificate", tmp_path, "--json")
    code, shown, _ = gradproof(*command)
    verdicts = json.loads(shown)["verdicts"]
    assert code == 3
    assert "the time allowed is over" in verdicts[-1]["reason"]
    assert {verdict["verdict"] for verdict in verdicts[:-1]} <= {"PROVED"}
    assert len(list(tmp_path.iterdir())) == len(verdicts) - 1
    assert gradproof("network", "--truth-table", "0110", "--seconds", "0")[0] == 2


@pytest.mark.parametrize("table", ["011", "", "a &"])
def test_a_bad_table_exits_2(table: str) -> None:
    code, _, message = gradproof("network", "--truth-table", table)
    assert code == 2
    assert "error: " in message


def test_a_network_of_two_inputs_is_drawn(tmp_path: Path) -> None:
    picture = tmp_path / "xor.svg"
    assert gradproof("network", "--truth-table", "0110", "--plot", picture)[0] == 0
    drawn = ElementTree.parse(picture).getroot()
    names = [part.tag.rpartition("}")[2] + ":" + part.get("class", "") for part in drawn.iter()]
    assert (names.count("path:line"), names.count("circle:on"), names.count("circle:off")) == (2, 2, 2)
    code, _, message = gradproof("network", "--truth-table", "parity 3", "--plot", tmp_path / "no.svg")
    assert (code, "plot: expected" in message, (tmp_path / "no.svg").exists()) == (2, True, False)
