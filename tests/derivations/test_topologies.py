"""Networks that share one weight, in documents: settled by their certificates, refused with the line and the fix."""

from __future__ import annotations

import pytest

from proofs.claim import Status
from proofs.derivations import InputError, Line, audit_text

XOR = """
inputs = 2
nodes = [["inverse", [1]], ["linear", [2]], ["square", [3, 4]], ["inverse", [1, 2]], ["relu", [6]],
         ["linear", [5, 7]], ["linear", [7, 8]]]
outputs = [9]
table = "0110"
"""


def line(text: str) -> Line:
    ((found,),) = [item.lines for item in audit_text(text).items]
    return found


@pytest.mark.parametrize(
    ("interval", "status"),
    [("[0.1, 2]", Status.PROVED), ("['-5/2', '-1/10']", Status.PROVED), ("[-2, 2]", Status.REFUTED)],
)
def test_an_interval_of_shared_weights_is_settled(interval: str, status: Status) -> None:
    found = line(f"[[shared_weight]]\n{XOR}\ninterval = {interval}")
    assert found.status is status
    assert found.text.endswith("the network computes the table 0110")
    assert ("at w = 0" in found.verdict.counterexample) == (status is Status.REFUTED)


@pytest.mark.parametrize(("claim", "status"), [("as many", Status.REFUTED), ("fewer", Status.PROVED)])
def test_what_one_shared_weight_represents_is_settled(claim: str, status: Status) -> None:
    found = line(f"[[representation]]\ninputs = 2\nunits = [[0, 1, 2]]\nclaim = '{claim}'")
    assert found.status is status
    assert "AND (0001) takes output" in found.verdict.counterexample + found.verdict.reason


def test_what_is_quoted_is_never_settled() -> None:
    found = line("[[quoted]]\ntext = '''it\nworks'''\nsource = 'a paper'\nsee = 'table 2'")
    assert (found.status, found.text) == (Status.UNDECIDED, "it works")
    assert found.verdict.reason == "quoted from a paper; see table 2"
    assert found.verdict.certificate is None


SHARED = "[[shared_weight]]\ninputs = 2\nnodes = {nodes}\noutputs = {outputs}\ntable = '0110'\ninterval = {interval}"
GOOD = {"nodes": '[["abs", [2]]]', "outputs": "[3]", "interval": "[1, 2]"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SHARED.format(**GOOD | {"nodes": '[["abs", [3]]]'}), "line 3: node 3: a cycle"),
        (SHARED.format(**GOOD | {"nodes": '[["foo", [2]]]'}), "line 3: node 3: expected an activation"),
        (SHARED.format(**GOOD | {"nodes": '[["abs", [2.5]]]'}), "line 3: node 3: expected numbers of values"),
        (SHARED.format(**GOOD | {"nodes": "3"}), "line 3: .*nodes: expected"),
        (SHARED.format(**GOOD | {"outputs": "[7]"}), "line 4: outputs: expected numbers of nodes"),
        (SHARED.format(**GOOD | {"interval": "[2, 1]"}), "line 6: interval: expected the lower end first"),
        (SHARED.format(**GOOD | {"interval": "[1, nan]"}), "line 6: interval: expected a finite"),
        (SHARED.format(**GOOD | {"interval": "3"}), "line 6: interval: expected a list"),
        ("[[shared_weight]]\ntable = '01'", "line 1: .*needs the key 'inputs'"),
        ("[[representation]]\ninputs = 3\nunits = [[0]]\nclaim = 'fewer'", "line 2: inputs: expected 1 to 2"),
        ("[[representation]]\ninputs = [2]\nunits = [[0]]\nclaim = 'fewer'", "line 2: inputs: expected 1 to 2"),
        ("[[representation]]\ninputs = 2\nunits = [[0, 9]]\nclaim = 'fewer'", "line 3: unit 1: expected some"),
        ("[[representation]]\ninputs = 2\nunits = [0.5]\nclaim = 'fewer'", "line 3: units: expected what each"),
        (
            "[[representation]]\ninputs = 2\nunits = [[0], [0], [0], [0]]\nclaim = 'fewer'",
            "line 3: units: expected an output and at most 2 hidden units before it, got 4 in all",
        ),
        ("[[representation]]\ninputs = 2\nunits = 7\nclaim = 'fewer'", "line 3: units: expected a list"),
        (
            "[[representation]]\ninputs = 2\nunits = [[0]]\nclaim = 'less'",
            "line 4: claim: expected 'as many' or 'fewer'",
        ),
        ("[[quoted]]\ntext = ''\nsource = 'a'", "line 2: .*neither may be empty"),
        ("[[quoted]]\ntext = 'a'", "line 1: .*needs the key 'source'"),
    ],
)
def test_bad_entries_name_the_line_and_the_fix(text: str, said: str) -> None:
    with pytest.raises(InputError, match=f"(?s){said}"):
        audit_text(text)
