"""What is exported to Coq is read back as the claim it was, and as nothing else."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.calculus.terms import Array, Diff, Element, Fn, Index, Pow, Statement, Sum
from proofs.kernels.claims import CLAIMS
from proofs.kernels.comparing import same, says
from proofs.kernels.files import part
from proofs.kernels.formal import Unsupported, exported, formal
from proofs.kernels.reading import Unreadable
from proofs.report.subjects import subjects
from tests.kernels.statements import STATEMENTS

SOFTMAX = "softmax_jacobian"


def written(statement: Statement) -> tuple[tuple[str, ...], str, Statement]:
    claim = exported(statement)
    return *formal(claim, "holds"), claim


@given(STATEMENTS)
def test_a_statement_is_read_back(statement: Statement) -> None:
    try:
        definitions, theorem, claim = written(statement)
    except Unsupported:
        return
    same(definitions, theorem, claim)


@given(STATEMENTS, STATEMENTS)
def test_another_statement_is_not(statement: Statement, other: Statement) -> None:
    try:
        definitions, theorem, claim = written(statement)
    except Unsupported:
        return
    assert says(definitions, theorem, exported(other)) == (exported(other) == claim)


@given(STATEMENTS, st.data())
def test_a_changed_word_is_noticed(statement: Statement, data: st.DataObject) -> None:
    try:
        definitions, theorem, claim = written(statement)
    except Unsupported:
        return
    words = re.findall(r"%?\w+|/\\|[-=:<]?[>=]|\S", theorem)
    assert says(definitions, " ".join(words), claim)
    place = data.draw(st.integers(3, len(words) - 1))
    new = data.draw(st.sampled_from([*words[3:], "", "/", "Derive", "(", "i_w", "0"]))
    changed = [*words[:place], new, *words[place + 1 :]]
    assert says(definitions, " ".join(changed), claim) == (changed == words)


@pytest.mark.parametrize("name", [*CLAIMS, SOFTMAX])
def test_every_claim_is_exported_whole(name: str) -> None:
    found = part(name, subjects(name))
    assert found.statements == len(subjects(name))
    assert not found.left_out
    assert found.twins >= found.statements


def jacobian() -> tuple[tuple[str, ...], str, Statement]:
    statement = subjects(SOFTMAX)[0]
    assert isinstance(statement, Statement)
    return written(statement)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("is_derive (fun t1", "is_derive (fun t2"),
        ("(upd1 a_z i_j t1)", "a_z"),
        ("(upd1 a_z i_j t1)", "(upd1 a_z i_i t1)"),
        ("(a_z i_j)", "(a_z i_i)"),
        ("(- 1)", "1"),
        ("(i_i < d_n)%nat ->", ""),
        ("(1 <= d_n)%nat ->", "(2 <= d_n)%nat ->"),
        ("(1 <= d_n)%nat ->", "(1 <= d_n)%nat -> (i_i = i_j) ->"),
        ("(1 <= d_n)%nat ->", "(1 <= d_n)%nat -> False ->"),
        ("(f_s d_n a_z i_i)", "(f_s d_n a_z i_j)"),
        ("(delta i_i i_j)", "(delta i_j i_i)"),
    ],
)
def test_a_weaker_or_other_theorem_is_not_the_claim(old: str, new: str) -> None:
    definitions, theorem, claim = jacobian()
    assert old in theorem
    assert says(definitions, theorem, claim)
    assert not says(definitions, theorem.replace(old, new), claim)


def test_another_definition_is_not_the_claim() -> None:
    definitions, theorem, claim = jacobian()
    assert not says([definitions[0].replace("exp", "cos")], theorem, claim)
    assert not says([], theorem, claim)


@pytest.mark.parametrize("name", ["cross_entropy_hessian", "softmax_row_sums"])
def test_existence_is_stated_for_every_inner_derivative(name: str) -> None:
    statement = subjects(name)[0]
    assert isinstance(statement, Statement)
    definitions, theorem, claim = written(statement)
    begin = theorem.index("(forall (i_j" if name == "softmax_row_sums" else "(forall (t1")
    end = theorem.index(" /\\ ")
    without = theorem[:begin].removesuffix("(") + theorem[end + 4 :].replace(")).", ").")
    with pytest.raises(Unreadable):
        same(definitions, without, claim)


def test_what_is_not_exported_is_named() -> None:
    erf = Statement(Fn("erf", Element("x")), Element("x"), arrays=(Array("x", ()),))
    with pytest.raises(Unsupported, match="erf"):
        formal(exported(erf), "holds")
    over_j = Sum(Index("j", "n"), Element("z", ("j",)))
    hidden = Statement(Diff(over_j, Element("z", ("j",))), over_j, (Index("j", "n"),), (Array("z", ("n",)),))
    with pytest.raises(Unsupported, match="hides"):
        formal(exported(hidden), "holds")


def test_roots_are_written_in_one_way() -> None:
    root = Statement(Fn("sqrt", Element("x")), Pow(Element("x"), Fraction(1, 2)), arrays=(Array("x", (), "positive"),))
    assert exported(root).lhs == exported(root).rhs
