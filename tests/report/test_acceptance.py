"""The table of who accepted which theorem: from the record, about theorems as they stand, and made again by kernels."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from importlib.util import find_spec

import pytest

from proofs.kernels.summary import Accepted, recorded
from proofs.report import acceptance
from proofs.report.subjects import every_name
from proofs.theorems import load
from proofs.theorems.theorem import Result

SLOW = bool(os.environ.get("GRADPROOF_SLOW"))
KERNELS = shutil.which("coqc") is not None and find_spec("cvc5") is not None
ONE = Accepted("xor", "0", {"farkas": 1, "identity": 2}, True, 1, 2, 5, ("classic",), 1, 1, 300)


def test_what_is_recorded_are_theorems_and_claims() -> None:
    assert recorded()
    assert {*recorded()} <= {*every_name()}


def test_a_row_says_who_accepted_what() -> None:
    (row,) = acceptance.rows([ONE])
    assert row[:3] == ("xor", "1 farkas, 2 identity", "found it")
    assert row[3] == "1 over Z; 2 over R: classic; 1 conclusion not exported"
    assert row[4] == "1 fact"
    assert row[5] == "300 examples"
    assert int(row[6]) > 1000


def test_the_table_goes_between_its_marks() -> None:
    text = f"a\n{acceptance.BEGIN}old\n{acceptance.END}\nb\n"
    made = acceptance.in_markers(text, [ONE])
    assert "| xor |" in made
    assert "old" not in made
    assert acceptance.in_markers(made, [ONE]) == made
    with pytest.raises(ValueError, match="expected the lines"):
        acceptance.in_markers("no marks", [ONE])


def test_a_theorem_that_changed_is_not_listed() -> None:
    theorem = load("l2_gradient")
    assert acceptance.still_valid(Result(theorem, ())) == recorded()["l2_gradient"]
    assert acceptance.still_valid(Result(replace(theorem, steps=theorem.steps[:-1]), ())) is None
    assert acceptance.still_valid(Result(replace(theorem, name="another"), ())) is None


@pytest.mark.skipif(not KERNELS, reason="needs coqc and the package cvc5")
@pytest.mark.skipif(not SLOW, reason="takes minutes: set GRADPROOF_SLOW=1")
def test_the_record_is_what_everybody_says_again() -> None:
    assert {one.name: one for one in acceptance.ask_everybody()} == recorded()
