"""Recorded proofs gone through step by step; one wrong word in them is found, and what does not follow is refused."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.kernels import alethe_steps, assertions
from proofs.kernels.alethe import ProofError
from proofs.kernels.alethe_steps import Formula, adds_up, compared, contradictory, negated
from proofs.kernels.facts import Fact, TopologyFact, facts
from proofs.networks.representation import Topology
from tests.kernels.certificates import HALVES, XOR

HERE = Path(__file__).parent
XOR_PROOF = (HERE / "xor.alethe").read_text(encoding="utf-8")
AND_PROOF = (HERE / "shared_and.alethe").read_text(encoding="utf-8")
AND = TopologyFact("and", Topology.full(2, 1), "0001", shared=True, separable=False)


def xor() -> Fact:
    (fact,) = facts("xor", XOR)
    assert isinstance(fact, Fact)
    return fact


def test_the_recorded_proofs_follow_step_by_step() -> None:
    assert assertions.recheck(xor(), XOR_PROOF) == 114
    assert assertions.recheck(AND, AND_PROOF) == 50


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (":args (1/1 1/1 1/1 1/1 1/1)", ":args (1/1 1/1 1/1 2/1 1/1)"),
        (":args (1/1 1/1 1/1 1/1 1/1)", ":args (1/1 1/1 1/1 1/1)"),
        ("(assume row0 (! (< b 0/1)", "(assume row0 (! (<= b 0/1)"),
        ("(step t42 (cl @p_22)", "(step t42 (cl @p_21)"),
        (":premises (t32 t41 row3)", ":premises (t32 t41)"),
        (":premises (t32 t41 row3)", ":premises (t32 t41 t7.t11)"),
        ("(step t7 (cl @p_30 @p_26 @p_27 @p_29 false)", "(step t7 (cl @p_30 @p_26 @p_27 false)"),
        ("(step t34 (cl (= @p_5 w1))", "(step t34 (cl (= @p_5 w2))"),
        ("(step t54 (cl)", "(step t53 (cl)"),
        ("(step t54 (cl) :rule resolution :premises (t31 t42 t46 t50 t53))", ""),
    ],
)
def test_a_changed_proof_of_xor_is_refused(old: str, new: str) -> None:
    assert XOR_PROOF.count(old) == 1
    with pytest.raises(ProofError):
        assertions.recheck(xor(), XOR_PROOF.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(assume row3 (! (>=", "(assume row3 (! (<"),
        ("(= h3_2 @p_6)", "(= h3_2 @p_5)"),
        ("(cl (= (* 1/1 (- @p_28 0/1)) (* 3/1 (- w 0/1))))", "(cl (= (* 1/1 (- @p_28 0/1)) (* 2/1 (- w 0/1))))"),
        (":premises (t10 t11 t4)", ":premises (t11 t4)"),
        (":premises (t32 t37 t38)", ":premises (t32 t38)"),
        (":premises (t30 t40)", ":premises (t30)"),
    ],
)
def test_a_changed_proof_about_a_topology_is_refused(old: str, new: str) -> None:
    assert AND_PROOF.count(old) == 1
    with pytest.raises(ProofError):
        assertions.recheck(AND, AND_PROOF.replace(old, new))


def test_a_proof_of_another_fact_is_refused() -> None:
    (halves,) = facts("halves", HALVES)
    for fact, proof in ((halves, XOR_PROOF), (AND, XOR_PROOF), (xor(), AND_PROOF)):
        with pytest.raises(ProofError):
            assertions.recheck(fact, proof)
    other = TopologyFact("or", Topology.full(2, 1), "0111", shared=True, separable=False)
    with pytest.raises(ProofError, match="is not an assertion"):
        assertions.recheck(other, AND_PROOF)


ATOMS = ("p", "q", "r")
LITERALS: st.SearchStrategy[Formula] = st.builds(
    lambda atom, sign: ("lit", atom, sign), st.sampled_from(ATOMS), st.booleans()
)
FORMULAS = st.recursive(
    LITERALS,
    lambda parts: st.builds(
        lambda word, some: (word, *some), st.sampled_from(["and", "or"]), st.lists(parts, max_size=3)
    ),
    max_leaves=12,
)


def holds(formula: Formula, truth: dict[str, bool]) -> bool:
    if formula[0] == "lit":
        return bool(truth[formula[1]] == formula[2])
    return (all if formula[0] == "and" else any)(holds(part, truth) for part in formula[1:])


@given(st.lists(FORMULAS, max_size=4))
def test_contradictions_are_those_of_the_truth_table(formulas: list[Formula]) -> None:
    every = [dict(zip(ATOMS, values, strict=True)) for values in product((False, True), repeat=len(ATOMS))]
    satisfied = [truth for truth in every if all(holds(formula, truth) for formula in formulas)]
    assert contradictory(formulas) == (not satisfied)
    assert all(holds(negated(f), truth) != holds(f, truth) for f in formulas for truth in every)


def test_too_many_cases_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alethe_steps, "MOST_SPLITS", 2)
    cases: list[Formula] = [
        ("or", ("lit", a, x), ("lit", b, y)) for a, b, x, y in product("pq", "rs", (True, False), (True, False))
    ]
    with pytest.raises(ProofError, match="too many cases"):
        contradictory(cases)


@given(st.fractions(-5, 5), st.fractions(-5, 5), st.fractions(-5, 5), st.sampled_from(["ge", "gt", "eq"]))
def test_the_normal_form_of_an_inequality_keeps_its_truth(a: Fraction, b: Fraction, x: Fraction, kind: str) -> None:
    atom = compared({"x": a, "": b}, kind)
    value = a * x + b
    right = {"ge": value >= 0, "gt": value > 0, "eq": value == 0}[kind]
    if atom[0] != "lit":
        assert right == (atom == ("and",))
        return
    word, form = atom[1]
    known = sum(k * (x if name else 1) for name, k in form)
    assert right == ({"ge": known >= 0, "gt": known > 0, "eq": known == 0}[word] == atom[2])


def test_inequalities_add_up_only_with_their_multipliers() -> None:
    above, below = ({"x": Fraction(2), "": Fraction(-1)}, "ge"), ({"x": Fraction(-3)}, "ge")
    assert adds_up([above, below], [Fraction(3), Fraction(2)])
    assert adds_up([above, below], [Fraction(-3), Fraction(2)])
    assert not adds_up([above, below], [Fraction(2), Fraction(2)])
    zero = ({"x": Fraction(1)}, "ge"), ({"x": Fraction(-1)}, "ge"), ({"x": Fraction(-1)}, "gt")
    assert adds_up([zero[0], zero[2]], [Fraction(1)] * 2)
    assert not adds_up([zero[0], zero[1]], [Fraction(1)] * 2)
    assert adds_up([zero[0], ({"x": Fraction(1), "": Fraction(1)}, "eq")], [Fraction(1), Fraction(1)])
