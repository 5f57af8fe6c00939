"""cvc5 asked: its proofs and lines go to the checker, and a disagreement with Z3 is an error of its own."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from proofs.kernels import smt
from proofs.kernels.facts import Fact, TopologyFact, facts, smtlib
from proofs.networks.representation import Topology
from tests.kernels.certificates import AND, HALVES, PARITY, XOR
from tests.test_cli import gradproof

FACTS = [*facts("xor", XOR), *facts("and", AND), *facts("halves", HALVES), *facts("parity", PARITY)]
PROOF = (Path(__file__).parent / "xor.alethe").read_text(encoding="utf-8")
needs_cvc5 = pytest.mark.skipif(find_spec("cvc5") is None, reason="the package cvc5 is not installed (extra [cvc5])")


@needs_cvc5
def test_cvc5_decides_the_facts_and_the_checker_accepts_its_reasons() -> None:
    opinions = smt.ask(FACTS)
    assert [opinion.word for opinion in opinions] == ["accepted"] * 4
    assert "no weights and bias separate" in opinions[0].reason
    assert "is 1 exactly where the label is 1" in opinions[1].reason


@needs_cvc5
def test_a_false_fact_is_rejected() -> None:
    wrong = [Fact(fact.name, fact.points, fact.labels, not fact.separable) for fact in FACTS]
    assert [opinion.word for opinion in smt.ask(wrong)] == ["rejected"] * 4


UNIT, LAYER = Topology.full(2, 0), Topology.full(2, 1)
TOPOLOGY_FACTS = [
    TopologyFact("own", UNIT, "0001", shared=False, separable=True),
    TopologyFact("own_xor", UNIT, "0110", shared=False, separable=False),
    TopologyFact("shared", LAYER, "0001", shared=True, separable=False),
    TopologyFact("shared_one", LAYER, "1111", shared=True, separable=True),
]


@needs_cvc5
def test_cvc5_decides_what_topologies_represent_and_its_steps_are_gone_through() -> None:
    opinions = smt.ask(TOPOLOGY_FACTS)
    assert [opinion.word for opinion in opinions] == ["accepted"] * 4
    assert opinions[0].reason == "the weights give 0001"
    assert "steps gone through again" in opinions[2].reason
    wrong = [replace(fact, separable=not fact.separable) for fact in TOPOLOGY_FACTS]
    assert [opinion.word for opinion in smt.ask(wrong)] == ["rejected"] * 4


def test_wrong_weights_or_another_proof_about_a_topology_are_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    reply(monkeypatch, {"answer": "sat", "shown": '["1", "1", "1"]'})
    assert smt.ask(TOPOLOGY_FACTS[:1])[0] == smt.Opinion(
        "own", "rejected", "what cvc5 gives as its reason was not accepted: the weights give 1111"
    )
    reply(monkeypatch, {"answer": "unsat", "shown": PROOF})
    assert smt.ask(TOPOLOGY_FACTS[2:3])[0].word == "rejected"


def reply(monkeypatch: pytest.MonkeyPatch, *said: dict[str, str] | None) -> None:
    monkeypatch.setattr(smt, "find_spec", lambda _: True)
    monkeypatch.setattr(smt, "_replies", lambda texts, _: [*said][: len(texts)])


def test_a_disagreement_keeps_what_both_were_given_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    reply(monkeypatch, {"answer": "sat", "shown": '["1", "1", "1"]'})
    with pytest.raises(smt.SolversDisagree, match="Z3 says unsat, cvc5 says sat") as caught:
        smt.ask(FACTS[:1])
    assert caught.value.files.keys() == {"xor.smt2", "xor.z3.txt", "xor.cvc5.txt"}
    assert caught.value.files["xor.smt2"] == smtlib(FACTS[0])


def test_the_command_writes_a_disagreement_down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    reply(monkeypatch, {"answer": "sat", "shown": '["1", "1", "1"]'})
    code, _, stderr = gradproof("kernel", "cvc5", "xor", "--keep", tmp_path / "kept")
    assert code == 70
    assert "Z3 says unsat" in stderr
    assert len([*(tmp_path / "kept").iterdir()]) == 3


def test_a_wrong_line_or_proof_of_cvc5_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    reply(monkeypatch, {"answer": "unsat", "shown": PROOF.replace("la_generic", "hole")})
    assert smt.ask(FACTS[:1])[0].word == "rejected"
    reply(monkeypatch, {"answer": "sat", "shown": '["1", "1", "1"]'})
    assert smt.ask(FACTS[1:2])[0].word == "rejected"


def test_a_stopped_or_crashed_cvc5_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    reply(monkeypatch, None)
    assert smt.ask(FACTS[:1])[0].word == "unknown"


def test_a_process_that_dies_answers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smt.sys, "executable", "/bin/false")
    assert smt._replies(["(check-sat)"], smt.monotonic() + 5) == [None]


def test_a_missing_cvc5_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smt, "find_spec", lambda _: None)
    code, _, stderr = gradproof("kernel", "cvc5", "xor")
    assert code == 2
    assert "pip install" in stderr


def test_facts_are_exported(tmp_path: Path) -> None:
    code, stdout, _ = gradproof("export", "smtlib", "xor", "--output", tmp_path)
    assert (code, stdout.split(" in ")[0]) == (0, "1 fact")
    assert "(check-sat)" in (tmp_path / "xor_1.smt2").read_text()
