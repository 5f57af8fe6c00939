"""Wider statements: what holds for them holds for the narrow ones, and nothing that is differentiated is freed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from proofs.calculus.normalise import Normaliser
from proofs.calculus.settle import settle_statement
from proofs.calculus.terms import Array, Definition, Diff, Element, Fn, Index, Mul, Num, Pow, Statement, Sum, Term
from proofs.calculus.widening import widened
from proofs.checker import Refuted, check
from proofs.claim import Status

N, K = Index("i", "n"), Index("k", "n")
X, W, A, B, C = (Element(name, ("k",)) for name in "xwabc")
XW = Definition("xw", (), Sum(K, Mul((X, W))))
SQUARES = Definition("squares", (), Sum(K, Pow(X, Fraction(2))))
ARRAYS = tuple(Array(name, ("n",)) for name in "xwabc")


def of(objective: Term, by: str, right: Term, *definitions: Definition) -> Statement:
    whole = Definition("objective", (), objective)
    derivative = Diff(Element("objective"), Element(by, ("i",)))
    return Statement(derivative, right, (N,), ARRAYS, (*definitions, whole))


def names(statement: Statement | None) -> set[str]:
    assert statement is not None
    return {array.name for array in statement.arrays}


def test_sums_that_do_not_matter_become_arrays_and_what_they_were_made_of_is_gone() -> None:
    plain = of(Sum(K, Mul((Element("xw"), A))), "a", Element("xw"), XW)
    assert names(widened(plain, lambda _: False)) == {"xw", "a"}
    squared = of(Sum(K, Mul((Element("squares"), A))), "a", Element("squares"), SQUARES)
    wide = widened(squared, lambda _: True)
    assert names(wide) == {"squares_root", "a"}
    assert wide is not None
    assert [d.body for d in wide.definitions if d.name == "squares"] == [Pow(Element("squares_root"), Fraction(2))]


def test_what_is_differentiated_is_not_freed() -> None:
    plain = of(Mul((Element("xw"), Element("squares"))), "x", Num(Fraction(0)), XW, SQUARES)
    assert widened(plain, lambda _: False) is None
    inner = Definition("inner", (), Diff(Sum(K, Mul((Element("xw"), A))), Element("w", ("k",))))
    nested = of(Sum(K, Mul((Element("inner"), B))), "b", Num(Fraction(0)), XW, inner)
    assert "xw" not in {a.name for a in (widened(nested, lambda _: False) or nested).arrays}


def test_a_verdict_says_what_its_certificate_is_about() -> None:
    statement = of(Sum(K, Mul((Element("xw"), A))), "a", Element("xw"), XW)
    narrow, wide = (settle_statement(statement, widen=widen) for widen in (False, True))
    assert narrow.status is wide.status is Status.PROVED
    assert narrow.scope == wide.scope
    assert wide.certificate is not None
    assert [row[0] for row in wide.certificate.data["statement"]["arrays"]] == ["a", "xw"]
    assert any("any numbers in the place of xw" in e.detail for e in wide.evidence)
    assert not any("any numbers" in e.detail for e in narrow.evidence)


@pytest.mark.parametrize("widen", [False, True])
def test_a_relation_that_the_right_side_needs_is_kept(widen: bool) -> None:
    """The derivative of ``squares * a`` by a, written out again: false for any number in the place of ``squares``."""
    statement = of(Sum(K, Mul((Element("squares"), A))), "a", SQUARES.body, SQUARES)
    verdict = settle_statement(statement, widen=widen)
    assert verdict.status is Status.PROVED
    assert not any("any numbers" in e.detail for e in verdict.evidence)
    wide = widened(statement, lambda _: True)
    assert wide is not None
    with pytest.raises(Refuted):
        check({"gradproof": 1, "kind": "identity", "statement": wide.to_json()})


def test_what_is_false_stays_false() -> None:
    statement = of(Sum(K, Mul((Element("xw"), Fn("tanh", A)))), "a", Element("xw"), XW)
    assert settle_statement(statement, widen=True).status is Status.REFUTED


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_what_is_known_from_one_statement_changes_no_other(order: tuple[int, ...]) -> None:
    """A normaliser that is lent finds what a new one finds, also after a statement that is false or kinked."""
    kinked = Definition("kinked", (), Sum(K, Mul((Fn("relu", A), X))))
    objective = Mul((Element("kinked"), Element("xw")))
    statements = [
        of(objective, "w", Mul((Element("kinked"), Element("x", ("i",)))), XW, kinked),
        of(objective, "w", Mul((Element("kinked"), Element("w", ("i",)))), XW, kinked),
        of(objective, "a", Mul((Fn("step", Element("a", ("i",))), Element("x", ("i",)), Element("xw"))), XW, kinked),
    ]
    lent = Normaliser(statements[order[0]])
    for place in order:
        alone = settle_statement(statements[place])
        assert settle_statement(statements[place], normaliser=lent).status is alone.status
        assert alone.status is (Status.REFUTED if place == 1 else Status.PROVED)


def test_definitions_may_come_in_any_order() -> None:
    late = Definition("late", (), Sum(K, Mul((Element("xw"), A))))
    for definitions in ((late, XW), (XW, late)):
        assert widened(of(Element("late"), "x", Num(Fraction(0)), *definitions), lambda _: False) is None
