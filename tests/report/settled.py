"""A small settled report made by hand: two stand-in theorems, one of them about the plane."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from functools import cache

from proofs.calculus.terms import Array, Definition, Delta, Diff, Element, Fn, Index, Num, Statement, Sum
from proofs.claim import Certificate, Scope, Status
from proofs.report.gathering import Report
from proofs.report.trust import Row
from proofs.theorems import load
from proofs.theorems.theorem import Result, Step, Theorem, settle

i, j, k = Index("i", "n"), Index("j", "n"), Index("k", "n")
z_i, z_j, s_i, s_j = Element("z", ("i",)), Element("z", ("j",)), Element("s", ("i",)), Element("s", ("j",))
SOFTMAX = Definition("s", (i,), Fn("exp", z_i) / Sum(k, Fn("exp", Element("z", ("k",)))))
JACOBIAN = Statement(Diff(s_i, z_j), s_i * (Delta("i", "j") - s_j), (i, j), (Array("z", ("n",)),), (SOFTMAX,))
XOR = Certificate(
    {
        "gradproof": 1,
        "kind": "farkas",
        "points": [[0, 0], [0, 1], [1, 0], [1, 1]],
        "labels": [0, 1, 1, 0],
        "multipliers": [1, 1, 1, 1],
    }
)
TWO_LINES = Certificate(
    {
        "gradproof": 1,
        "kind": "separator",
        "points": [[0, 0], [0, 1], [1, 0], [1, 1]],
        "labels": [0, 1, 1, 0],
        "hidden": [{"weights": [2, 2], "bias": -1}, {"weights": [-2, -2], "bias": 3}],
        "weights": [1, 1],
        "bias": -2,
    }
)
ROW = Row("a claim", "something", "the checker", "", "", "checker", 300)


def softmax(text: str = "The Jacobian of softmax.") -> Theorem:
    return Theorem(
        "softmax_jacobian",
        "Softmax Jacobian",
        text,
        r"\frac{\partial s_i}{\partial z_j} = s_i (\delta_{ij} - s_j)",
        Scope("all n >= 1"),
        (Step("quotient rule", "the derivative of softmax", JACOBIAN),),
    )


def plane() -> Theorem:
    return Theorem(
        "stand_in",
        "XOR",
        "No line, but two lines.",
        "",
        Scope("the 4 points"),
        (Step("add the inequalities", "no line separates XOR", XOR), Step("two units", "two lines do", TWO_LINES)),
    )


def wrong(statement: Statement) -> Statement:
    """The statement with 1 added to its right-hand side."""
    return replace(statement, rhs=statement.rhs + Num(Fraction(1)))


@cache
def settled(name: str) -> Result:
    """A theorem of the project, settled once for all tests that look at it."""
    return settle(load(name))


def report(*theorems: Theorem) -> Report:
    """The theorems settled, each resting on the one before."""
    results = tuple(settle(theorem) for theorem in theorems)
    names = [theorem.name for theorem in theorems]
    premises = {name: (before,) if before else () for name, before in zip(names, [None, *names], strict=False)}
    return Report(results, premises, (), (ROW,))


def statuses(result: Result) -> list[Status]:
    return [verdict.status for verdict in result.verdicts]


def corners() -> list[tuple[int, int]]:
    return list(itertools.product((0, 1), repeat=2))
