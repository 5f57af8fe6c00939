"""A recorded proof of cvc5: its Farkas step added up again, and what is wrong with a proof said."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.checker import CertificateError, check
from proofs.kernels.alethe import ProofError, farkas_certificate, linear, trees
from proofs.kernels.facts import Fact, facts, smtlib
from tests.kernels.certificates import HALVES, TWO_UNITS, XOR

PROOF = (Path(__file__).parent / "xor.alethe").read_text(encoding="utf-8")
(FACT,) = facts("xor", XOR)


def test_the_recorded_proof_is_accepted() -> None:
    assert check(farkas_certificate(FACT, PROOF)).kind == "farkas"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (":rule la_generic", ":rule hole"),
        (":rule la_generic", ":rule lia_generic"),
        (":args (1/1 1/1 1/1 1/1 1/1)", ":args (1/1 1/1 1/1 1/1)"),
        ("(assume row0 (! (< b 0/1)", "(assume row0 (! (<= b 0/1)"),
        ("(assume row1", "(assume row4"),
        (":premises (t1 t2", ":premises (t1 t999"),
    ],
)
def test_a_proof_with_a_hole_or_another_assumption_is_refused(old: str, new: str) -> None:
    assert old in PROOF
    with pytest.raises(ProofError):
        farkas_certificate(FACT, PROOF.replace(old, new, 1))


def test_a_proof_without_its_end_is_refused() -> None:
    for lines in ([], [*PROOF.splitlines()[:-3], ")"]):
        with pytest.raises(ProofError):
            farkas_certificate(FACT, "\n".join(lines))


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("new", ["2/1", "1/3", "0/1", "7/5"])
def test_a_changed_multiplier_is_rejected(place: int, new: str) -> None:
    changed = ["1/1"] * 5
    changed[place] = new
    text = PROOF.replace(":args (1/1 1/1 1/1 1/1 1/1)", f":args ({' '.join(changed)})")
    with pytest.raises(CertificateError):
        check(farkas_certificate(FACT, text))


@given(st.text("()!:@_abc01 -+*/<=>.\n", max_size=60))
def test_any_text_is_refused_in_our_words(text: str) -> None:
    with pytest.raises(ProofError):
        farkas_certificate(FACT, text)


@given(st.lists(st.tuples(st.fractions(-9, 9, max_denominator=9), st.sampled_from("xyz")), min_size=1, max_size=5))
def test_a_linear_term_has_its_coefficients(parts: list[tuple[Fraction, str]]) -> None:
    text = " ".join(f"(* {value.numerator}/{value.denominator} {name})" for value, name in parts)
    (tree,) = trees(f"(+ {text})")
    totals = {name: sum((v for v, n in parts if n == name), Fraction(0)) for _, name in parts}
    assert linear(tree) == {name: total for name, total in totals.items() if total}


def test_facts_are_those_about_single_units() -> None:
    assert [*facts("network", TWO_UNITS)] == []
    (fact,) = facts("halves", HALVES)
    assert not fact.separable
    text = smtlib(fact)
    assert re.findall(r"named row(\d+)", text) == ["0", "1", "2"]
    assert "(/ 1.0 3.0)" in text
    assert isinstance(fact, Fact)
