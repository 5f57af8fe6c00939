"""The hand check of every claim in examples/problem_set.toml; the document holds the claims, this file the answers."""

from pathlib import Path

import pytest

from proofs.claim import Status
from proofs.derivations import Audit, Item, audit
from proofs.networks.shared import read_topology

PROBLEM_SET = Path(__file__).parents[2] / "examples" / "problem_set.toml"
YES, NO, OPEN = Status.PROVED, Status.REFUTED, Status.UNDECIDED

HAND_CHECK: dict[str, list[Status]] = {
    "Softmax Jacobian on the diagonal": [YES, NO, YES],
    "Softmax Jacobian off the diagonal": [YES, YES],
    "Softmax Jacobian, all entries": [YES, YES],
    "The softmax Jacobian is symmetric": [YES],
    "The rows of the softmax Jacobian sum to zero": [YES],
    "The softmax Jacobian is positive semidefinite": [YES, YES, YES],
    "Softmax is unchanged by a shift": [YES],
    "Gradient of logsumexp": [YES, YES],
    "Hessian of logsumexp": [YES],
    "Jacobian of log-softmax": [YES, YES],
    "Hessian of log-softmax": [YES],
    "Gradient of cross-entropy": [YES, YES],
    "Hessian of cross-entropy": [YES],
    "Hessian of softmax": [YES],
    "The update rule on the AND page": [NO],
    "The update rule on the OR page": [YES],
    "The perceptron on AND, from zero, alpha = 1": [NO, NO],
    "A line for AND": [YES],
    "The perceptron on OR, from zero, alpha = 1": [YES, NO],
    "A line for OR": [YES],
    "XOR has no separating line": [YES],
    "XOR needs more than one hidden unit": [YES],
    "Two hidden units suffice for XOR": [YES],
    "With a skip connection one hidden unit suffices for XOR": [YES],
    "Weights are sampled, not trained": [OPEN],
    "How the search works": [OPEN],
    "A found network can be tuned": [OPEN],
    "High-dimensional data": [OPEN],
    "A fixed choice of weights represents as much as trained weights: one unit": [NO],
    "A fixed choice of weights represents as much as trained weights: two hidden units": [NO],
    "XOR with one shared weight": [YES],
    "Parity of three inputs with one shared weight": [YES],
    "Accuracy by learning rate": [YES, YES, OPEN, YES, YES, OPEN, OPEN],
    "Accuracy by regularisation": [YES, YES, OPEN, YES, YES, OPEN, YES, OPEN],
    "Tuned": [YES, YES],
}


@pytest.fixture(scope="module")
def settled() -> Audit:
    return audit(PROBLEM_SET)


def _item(settled: Audit, name: str) -> Item:
    (found,) = [item for item in settled.items if item.name == name]
    return found


def test_every_verdict_is_that_of_the_hand_check(settled: Audit) -> None:
    assert {item.name: [line.status for line in item.lines] for item in settled.items} == HAND_CHECK
    assert settled.status is NO


def test_the_wrong_line_is_named_and_the_right_conclusion_after_it_is_proved(settled: Audit) -> None:
    right, wrong, conclusion = _item(settled, "Softmax Jacobian on the diagonal").lines
    source = PROBLEM_SET.read_text(encoding="utf-8").splitlines()
    assert wrong.text in source[wrong.number - 1]
    assert wrong.verdict.counterexample
    assert wrong.step is not None
    assert wrong.step.status is NO
    assert conclusion.step is not None
    assert conclusion.step.status is NO
    assert conclusion.status is YES
    assert right.step is None


def test_refuted_runs_say_what_the_run_really_does(settled: Audit) -> None:
    and_step, and_end = _item(settled, "The perceptron on AND, from zero, alpha = 1").lines
    assert "b = -1" in and_step.verdict.reason
    assert "w = (2, 1), b = -3" in and_end.verdict.reason
    assert "w = (1, 1), b = -1" in _item(settled, "The perceptron on OR, from zero, alpha = 1").lines[1].verdict.reason


def test_every_line_stands_where_the_audit_says(settled: Audit) -> None:
    source = PROBLEM_SET.read_text(encoding="utf-8").splitlines()
    for item in settled.items:
        assert source[item.number - 1] == f"[[{item.kind}]]"
        for line in item.lines:
            if item.kind == "derivation":
                assert line.text in source[line.number - 1]


def test_every_settled_claim_carries_a_certificate(settled: Audit) -> None:
    for item in settled.items:
        for line in item.lines:
            for verdict in (line.verdict, line.step):
                assert verdict is None or (verdict.certificate is None) == (verdict.status is OPEN)


def test_the_dictionary_carries_the_words_of_the_verdicts(settled: Audit) -> None:
    data = settled.to_dict()
    words = [[line["verdict"] for line in item["lines"]] for item in data["items"]]
    assert words == [[status.value for status in statuses] for statuses in HAND_CHECK.values()]
    assert data["verdict"] == "REFUTED"
    steps = [line["step"] for line in data["items"][0]["lines"]]
    assert steps == [None, "REFUTED", "REFUTED"]


def test_what_the_tables_give_away_is_what_the_hand_check_found(settled: Audit) -> None:
    by_rate, by_penalty = (_item(settled, f"Accuracy by {what}") for what in ("learning rate", "regularisation"))
    for item in (by_rate, by_penalty):
        (multiples,) = [line for line in item.lines if "multiple" in line.text]
        assert multiples.text == "training: every value is a multiple of 1/16, rounded; 50,000 = 781 * 64 + 16"
    inferred = [
        (line.text, line.inference.word, line.inference.text)
        for item in (by_rate, by_penalty, _item(settled, "Tuned"))
        for line in item.lines
        if line.inference
    ]
    last = ("training is the accuracy on all 50,000 rows", "likely")
    assert inferred == [
        (*last, "it is the accuracy of the last mini-batch of a pass, 16 rows"),
        ("test: the network at learning rate 0.01 gives more than one answer", "likely", "it answers 7 to every row"),
        (*last, "it is the accuracy of the last mini-batch of a pass, 16 rows"),
        ("validation and test are two measurements", "likely", "they are one measurement under two names"),
        (
            "test: the network at regularisation 1, 0.1 gives more than one answer",
            "likely",
            "it answers 1 to every row",
        ),
    ]


@pytest.mark.parametrize(
    ("name", "file"),
    [("XOR with one shared weight", "xor"), ("Parity of three inputs with one shared weight", "parity3")],
)
def test_the_topologies_are_those_of_the_files_they_name(settled: Audit, name: str, file: str) -> None:
    (line,) = _item(settled, name).lines
    assert line.verdict.certificate is not None
    topology = read_topology(PROBLEM_SET.parent / "topologies" / f"{file}.json")
    assert line.verdict.certificate.data["topology"] == topology.to_dict()


def test_what_is_likely_is_never_proved(settled: Audit) -> None:
    lines = [line for item in settled.items for line in item.lines if line.inference]
    assert lines
    assert {line.status for line in lines} == {OPEN}
