"""`gradproof separate`: exit codes, certificates that verify again, pictures, messages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from proofs.separation.found import Deadline
from tests.test_cli import ROOT, gradproof, validator

IRIS = ROOT / "examples/iris.csv"


@pytest.mark.parametrize(
    ("positive", "code", "kind", "says"),
    [
        ("setosa", 0, "separator", "setosa: every score is >= 0"),
        ("virginica", 1, "farkas", "The sums are the same point"),
    ],
)
def test_a_class_of_iris(positive: str, code: int, kind: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    found, shown, _ = gradproof("separate", IRIS, "--label", "species", "--positive", positive, "--certificate", path)
    assert (found, says in shown, "exactly as written" in shown) == (code, True, True)
    assert json.loads(path.read_text())["kind"] == kind
    assert gradproof("verify", path)[0] == 0


def test_all_classes_of_iris(tmp_path: Path) -> None:
    code, shown, _ = gradproof("separate", IRIS, "--pairs", "--certificate", tmp_path / "folder")
    assert code == 1
    assert [line.split() for line in shown.splitlines()[1:]] == [
        ["setosa", "separable"],
        ["versicolor", "not", "separable", "virginica"],
        ["virginica", "not", "separable", "versicolor"],
    ]
    files = sorted((tmp_path / "folder").iterdir())
    assert len(files) == 6
    assert {gradproof("verify", path)[0] for path in files} == {0}


def test_json() -> None:
    schema: Draft202012Validator = validator("verdict")
    code, shown, error = gradproof("separate", IRIS, "--positive", "setosa", "--json")
    schema.validate(json.loads(shown))
    assert (code, error) == (0, "")
    code, shown, _ = gradproof("separate", IRIS, "--json")
    assert code == 1
    for verdict in json.loads(shown)["questions"].values():
        schema.validate(verdict)


def test_margin_and_likelihood_when_asked_for() -> None:
    code, shown, _ = gradproof("separate", IRIS, "--positive", "setosa", "--margin", "--likelihood")
    assert code == 0
    assert "margin: between 0.817" in shown
    assert "logistic regression: complete, the maximum likelihood estimate does not exist" in shown
    code, shown, _ = gradproof("separate", IRIS, "--positive", "virginica", "--margin", "--likelihood", "--json")
    details = json.loads(shown)["details"]
    assert (code, details["likelihood"]["kind"], "margin" in details) == (1, "overlap", False)


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_picture(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"iris.{form}"
    columns = "petal_length,petal_width"
    assert gradproof("separate", IRIS, "--positive", "setosa", "--columns", columns, "--plot", path)[0] == 0
    assert path.read_bytes()[:5] in (b"\x89PNG\r", b"<?xml")


@pytest.mark.parametrize(("table", "code"), [("0110", 1), ("0001", 0), ("majority 3", 0)])
def test_a_truth_table(table: str, code: int, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    assert gradproof("separate", "--truth-table", table, "--certificate", path)[0] == code
    assert gradproof("verify", path)[0] == 0


def test_a_limit_on_time_is_undecided_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Deadline, "after", lambda _: Deadline(0.0))
    path = tmp_path / "c.json"
    code, shown, _ = gradproof("separate", IRIS, "--positive", "setosa", "--seconds", "1", "--certificate", path)
    assert code == 3
    assert "the time allowed is over" in shown
    assert not path.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name a data file or give --truth-table"),
        ([IRIS, "--truth-table", "0110"], "and not both"),
        ([IRIS, "--label", "colour"], "label: expected one of sepal_length"),
        (
            [IRIS, "--positive", "rose"],
            "positive: expected one of the labels setosa, versicolor, virginica, got 'rose'",
        ),
        (["none.csv"], "cannot read none.csv: No such file"),
        ([IRIS, "--plot", "iris.txt"], "plot: expected a file ending in .png"),
        ([IRIS, "--plot", "iris.png"], "name one class with --positive"),
        ([IRIS, "--margin"], "margin: expected one question, got several"),
        ([IRIS, "--positive", "setosa", "--plot", "iris.png"], "expected two features"),
        (["--truth-table", "011"], "truth table"),
        (["--truth-table", "0110", "--positive", "1"], "positive: a truth table has no such thing"),
        (["--truth-table", "0110", "--plot", "p.png"], "plot: a truth table has no such thing"),
        ([IRIS, "--columns", ""], "columns: expected A,B,..."),
        ([IRIS, "--columns", ","], "columns: expected A,B,..."),
        ([IRIS, "--columns", "petal_width,"], "columns: expected A,B,..."),
        ([IRIS, "--columns", "petal_width,3"], "columns: 'petal_width' is there twice"),
        ([IRIS, "--columns", "species"], "columns: 'species' is the label"),
        ([IRIS, "--columns", "²"], "columns: expected one of sepal_length"),
        ([IRIS, "--label", "9" * 6000], "label: expected one of sepal_length"),
        ([IRIS, "--seconds", "nan"], "--seconds: expected a number > 0"),
        ([IRIS, "--certificate", IRIS], "is a file; name a folder"),
        ([IRIS, "--positive", "setosa", "--certificate", ROOT], "is a folder; name a file"),
    ],
)
def test_bad_input_exits_2_and_says_why(arguments: list[object], message: str) -> None:
    code, shown, error = gradproof("separate", *arguments)
    assert (code, shown) == (2, "")
    assert message in error
    assert not list(ROOT.glob("iris.*"))


def test_names_with_commas_and_mathematics_in_labels(tmp_path: Path) -> None:
    table, picture = tmp_path / "a.csv", tmp_path / "p.png"
    table.write_text('"a, b",$c$,id,y\n1,2,3,$\\frac\n4,5,7,b\n')
    assert gradproof("separate", table, "--columns", '"a, b", $c$', "--plot", picture)[0] == 0
    assert picture.stat().st_size


def test_a_picture_of_more_than_two_features_says_what_helps_and_nothing_is_written(tmp_path: Path) -> None:
    table, picture, certificate = tmp_path / "a.csv", tmp_path / "p.png", tmp_path / "c.json"
    table.write_text("a,b,c,y\n1,2,3,0\n4,5,7,1\n")
    code, _, error = gradproof("separate", str(table), "--plot", str(picture), "--certificate", str(certificate))
    assert code == 2
    assert "--columns A,B" in error
    assert not picture.exists()
    assert not certificate.exists()
