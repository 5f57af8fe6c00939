"""certify_separable is right on data made to fool solvers, reads data as people have them, and says what it cannot."""

from __future__ import annotations

import json
import os
from collections import Counter
from fractions import Fraction
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from jsonschema import Draft202012Validator

import proofs
from proofs.checker import check
from proofs.claim import Status
from proofs.separation import Separation, SeparationError, Separations, certify_separable, exact, separator
from proofs.separation.finding import answers
from proofs.separation.found import NO_DEADLINE, Deadline, Multipliers, Weights
from tests.separation.adversarial import Case, cases, usual_float_rule
from tests.separation.data_strategies import Data, data_sets
from tests.separation.rechecking import holds

CASES = 10_000 if os.environ.get("GRADPROOF_SLOW") else 40
XOR = [[0, 0], [0, 1], [1, 0], [1, 1]]


def certified(points: Any, labels: Any, **options: Any) -> Separation:
    found = certify_separable(points, labels, **options)
    assert isinstance(found, Separation)
    return found


def shows(found: Separation, points: Any, labels: Any) -> bool:
    """Whether the weights or the multipliers hold on the data themselves, put in one by one."""
    rows = [[exact(x) for x in row] for row in points]
    wanted = [str(label) == found.positive for label in labels]
    if found.separable:
        assert found.weights is not None
        assert found.bias is not None
        sums = [sum(w * x for w, x in zip(found.weights, row, strict=True)) + found.bias for row in rows]
        return [value >= 0 for value in sums] == wanted
    weighted = dict(zip(found.support, found.multipliers, strict=True))
    sides = [[(m, rows[row]) for row, m in weighted.items() if wanted[row] is side] for side in (True, False)]
    points_met = [[sum(m * row[c] for m, row in side) for c in range(len(rows[0]))] for side in sides]
    totals = [sum(m for m, _ in side) for side in sides]
    return min(weighted.values()) > 0 and totals == [1, 1] and points_met[0] == points_met[1]


def test_the_verdict_is_never_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    """Against exact rational Z3; how often the usual rule in floats is wrong on the same cases is printed beside it."""
    seen: Counter[str] = Counter()

    @settings(max_examples=CASES, database=None, suppress_health_check=list(HealthCheck))
    @given(cases())
    @example(([[0.0], [1e-300], [1e300]], [0, 1, 1]))
    @example(([[1e-12, 1.0], [0.0, 1.0]], [1, 0]))
    @example(([[0.0], [1.0], [1 - 1e-10], [2.0]], [0, 0, 1, 1]))
    @example(([[0] * 4, [0] * 4, [0, -3, 0, 0], [0, 3, 0, 1], [0, 2.99999999, 0, 1]], [0, 0, 0, 0, 1]))
    def agrees(case: Case) -> None:
        points, labels = case
        found = certified(points, labels, positive=1 if 1 in labels else 0)
        separable = separator(points, labels) is not None
        assert found.separable is separable
        assert shows(found, points, labels)
        seen["cases"] += 1
        seen["separable"] += separable
        seen["usual float rule wrong"] += usual_float_rule(points, labels) is not separable

    agrees()
    with capsys.disabled():
        print(f"\n  certify_separable wrong 0 times; {dict(seen)}", end="")
    assert seen["separable"] not in (0, seen["cases"])


@given(data_sets(most_rows=12))
def test_every_way_of_answering_gives_the_same_answer(data: Data) -> None:
    points, labels = data
    found = certified(points, labels, positive=labels[0])
    for answer in answers(found.table, found.labels, NO_DEADLINE):
        assert isinstance(answer, Weights if found.separable else Multipliers)


@given(data_sets())
def test_certificates_hold(data: Data) -> None:
    certificate = certified(*data, positive=data[1][0]).certificate
    assert certificate is not None
    assert holds(dict(certificate.data))
    assert check(certificate.data).kind == certificate.kind


def test_large_data_have_packed_certificates_that_hold() -> None:
    rng = np.random.default_rng(7)
    points = rng.integers(-(10**6), 10**6, (300, 6)) / 1000
    for labels in (points @ [3, -1, 2, 0, 1, 5] > 0.5, rng.integers(0, 2, 300)):
        found = certified(points, labels)
        assert found.certificate is not None
        assert "columns" in found.certificate.data
        assert holds(dict(found.certificate.data))
        assert shows(found, points, labels)


def test_xor() -> None:
    found = certified(XOR, ["no", "yes", "yes", "no"])
    assert found.separable is False
    assert not found
    assert found.verdict.status is Status.REFUTED
    assert (found.support, set(found.multipliers)) == ((0, 1, 2, 3), {Fraction(1, 2)})
    assert found.weights is found.bias is found.margin is None
    assert "The sums are the same point" in found.explain()


def test_and() -> None:
    found = certified(XOR, [False, False, False, True])
    assert found.separable is True
    assert found
    assert found.support == found.multipliers == ()
    assert shows(found, XOR, [False, False, False, True])
    assert "True: every score is >= 0; closest to 0 is row 3" in found.explain()


@pytest.mark.parametrize("label", [0, "a", None.__class__])
def test_one_class_alone_is_separable(label: Any) -> None:
    assert certified([[3, 4], [3, 4]], [label, label]).separable


def test_a_point_with_both_labels_is_refuted_by_two_rows() -> None:
    found = certified([[5, 0.5], [7, "0.1"], [1, 2], ["7", "1/10"]], ["a", "a", "b", "b"])
    assert found.support == (1, 3)
    assert found.multipliers == (1, 1)


def test_text_and_doubles_are_different_numbers() -> None:
    assert certified([["0.1"], ["0.2"]], [0, 1]).verdict.scope.text.endswith("exactly as written")
    written, doubles = [["0.3"], ["0.3"]], [[0.1 + 0.2], [0.3]]
    assert certified(written, [0, 1]).separable is False
    assert certified(doubles, [0, 1]).separable is True
    assert "as the doubles they are" in certified(doubles, [0, 1]).verdict.scope.text


def test_the_larger_label_is_positive_unless_said() -> None:
    assert certified([[0], [1]], [2, 10]).positive == "10"
    assert certified([[0], [1]], ["2", "10"]).positive == "10"
    assert certified([[0], [1]], ["x", "b"]).positive == "x"
    assert certified([[0], [1]], ["x", "b"], positive="b").positive == "b"
    assert certified([[0], [1]], [1, "b"], positive="1").positive == "1"
    assert certified([[0], [1]], [1, "1"], positive="1").labels.tolist() == [False, True]


def test_more_classes_give_tables() -> None:
    found = certify_separable([[0, 0], [1, 0], [5, 0], [6, 0], [2, 3], [3, 3], [4, 0]], list("aabbccb"))
    assert isinstance(found, Separations)
    assert found.separable == {"a": True, "b": True, "c": True}
    assert [found.pairs[pair].separable for pair in (("a", "b"), ("a", "c"), ("b", "c"))] == [True] * 3
    middle = certify_separable([[0], [1], [2], [3]], list("abca"))
    assert isinstance(middle, Separations)
    assert middle.status is Status.REFUTED
    assert middle.separable == {"a": False, "b": False, "c": False}
    assert middle.pairs["a", "b"].support == (0, 1, 3)
    assert middle.pairs["a", "b"].positive == "b"
    assert ("a", "not separable", "b, c") in middle.rows()
    assert set(middle.to_dict()["questions"]) == {"separable." + k for k in ("0", "1", "2", "1.0", "2.0", "2.1")}
    assert certified([[0], [1], [2], [3]], list("abca"), positive="b").separable is False


def test_what_sklearn_and_frames_hold() -> None:
    bunch = {"data": np.array([[0.0], [1.0]]), "target": np.array([0, 1]), "feature_names": ["size"]}
    for found in (certify_separable(bunch), certify_separable((bunch["data"], bunch["target"]), columns=["size"])):
        assert isinstance(found, Separation)
        assert found.table.names == ("size",)
        assert found.separable
    frame = pytest.importorskip("pandas").DataFrame({"kind": ["u", "v"], "size": [1, 2]})
    assert certified(frame, "kind").table.names == ("size",)
    with pytest.raises(SeparationError, match="y: expected one of the columns kind, size, got 'colour'"):
        certify_separable(frame, "colour")


def test_limits_on_time_leave_it_undecided() -> None:
    rng = np.random.default_rng(0)
    found = certified(rng.integers(0, 9, (60, 12)), rng.integers(0, 2, 60), seconds=1e-9)
    assert found.separable is None
    assert found.verdict.status is Status.UNDECIDED
    assert "the time allowed is over" in found.explain()
    with pytest.raises(SeparationError, match="nothing was decided"):
        _ = found.likelihood


def test_a_guess_that_the_checker_refuses_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    from proofs.separation import certify

    def wrong_first(table: Any, labels: Any, deadline: Deadline, progress: Any) -> Any:
        yield Weights((0, 0), 0)
        yield Multipliers({0: 1, 1: 1})
        yield from answers(table, labels, deadline, progress)

    monkeypatch.setattr(certify, "answers", wrong_first)
    assert certified(XOR, [0, 0, 0, 1]).separable is True
    monkeypatch.setattr(certify, "answers", lambda *_: iter([Weights((0, 0), 0)]))
    refused = certified(XOR, [0, 0, 0, 1])
    assert refused.separable is None
    assert "the checker did not accept" in refused.verdict.reason


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 1, 0], "labels: expected 4, one for each row, got 3"),
        ([0, 1, None, 1], "row 2: the label is missing"),
        ([0.0, float("nan"), 1.0, 0.0], "row 1: the label is missing"),
        ([0, 1, np.datetime64("NaT"), 0], "row 2: the label is missing"),
        (["a", "", "b", "b"], "row 1: the label is missing"),
        ([[0], [1], [0], [1]], "row 0: expected one label"),
        ("abab", "labels: expected one for each row"),
        (5, "labels: expected one for each row"),
        (None, "y: expected the labels"),
    ],
)
def test_labels_that_cannot_be_read_are_named(labels: Any, message: str) -> None:
    with pytest.raises(SeparationError, match=message):
        certify_separable(XOR, labels)


def test_other_bad_arguments() -> None:
    with pytest.raises(SeparationError, match="positive: expected one of the labels 0, 1, got 2"):
        certify_separable(XOR, [0, 1, 1, 0], positive=2)
    with pytest.raises(SeparationError, match="seconds: expected a positive number"):
        certify_separable(XOR, [0, 1, 1, 0], seconds=0)
    with pytest.raises(SeparationError, match="at most 1000 classes, got 1001"):
        certify_separable([[0]] * 1001, range(1001))


def test_answers_as_json_and_html() -> None:
    schema = json.loads((files("proofs") / "verdict.schema.json").read_text())
    for labels in ([0, 1, 1, 0], [0, 0, 0, 1]):
        found = certified(XOR, labels)
        Draft202012Validator(schema).validate(json.loads(found.to_json()))
        assert found.verdict.status.value in found._repr_html_()
        assert str(found) == str(found.verdict)
    several = certify_separable([[0], [1], [2]], list("abc"))
    assert "<table>" in several._repr_html_()


@pytest.mark.parametrize("labels", [[0, 1, 1, 0], [0, 0, 0, 1]])
def test_pictures(labels: list[int]) -> None:
    assert certified(XOR, labels).plot().get_xlabel() == "x0"
    three = certified([[*row, 7] for row in XOR], labels)
    assert "by these two features alone" in three.plot(features=("x0", 2)).get_title()
    for features, message in ((None, "expected two of x0, x1, x2"), ((0, 9), "expected a name or number")):
        with pytest.raises(SeparationError, match=message):
            three.plot(features)


def test_it_is_offered_by_the_package_and_tells_how_far_it_is() -> None:
    said: list[str] = []
    assert proofs.certify_separable(XOR, [0, 1, 1, 0], progress=said.append).separable is False
    assert any("rows on the wrong side" in what for what in said)
