"""Steps that the formal results share: each turns what Z3 or an exact run found into a certificate."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from proofs.calculus.terms import Add, Array, Element, Num, Statement, Term
from proofs.claim import Evidence, Scope
from proofs.networks import Run, run
from proofs.networks.perceptron_claims import converges_certificate, describe, reaches_certificate, show_state
from proofs.separation import (
    Separator,
    TruthTable,
    farkas_certificate,
    farkas_multipliers,
    farkas_sentence,
    separator_certificate,
    show,
    show_vector,
)
from proofs.theorems.theorem import Step

AND = TruthTable.parse("0001")
OR = TruthTable.parse("0111")
XOR = TruthTable.parse("0110")
XNOR = TruthTable.parse("1001")

ALL_WEIGHTS = Scope("all real weights and biases, at the inputs of the truth table")
W1, W2, B = Element("w1"), Element("w2"), Element("b")


def line_text(unit: Separator) -> str:
    """``w = (1, 1), b = -2``"""
    return f"w = {show_vector(unit.weights)}, b = {show(unit.bias)}"


def separator_step(name: str, table: TruthTable, unit: Separator, evidence: tuple[Evidence, ...] = ()) -> Step:
    """`unit` is 1 exactly where the table is 1."""
    text = f"{line_text(unit)} has w.x + b >= 0 exactly where {name} is 1"
    return Step("put in every input", text, separator_certificate(table.points, table.labels, unit), evidence)


def refutation_step(name: str, table: TruthTable) -> Step:
    """No hyperplane separates the table; the text is the refutation, to be added up by hand.

    Raises ValueError when Z3 finds no multipliers, which means that the table is separable.
    """
    multipliers = farkas_multipliers(table.points, table.labels)
    if multipliers is None:
        raise ValueError(f"{name}: expected a table without a separator, got {table}, which has one")
    certificate = farkas_certificate(table.points, table.labels, multipliers)
    text = f"{name} has no separator: {farkas_sentence(table.points, table.labels, multipliers)}"
    return Step("add the inequalities", text, certificate, (Evidence("z3", "Z3 found the multipliers", "assumed"),))


def score(table: TruthTable, row: int) -> Term:
    """w.x + b at a row of a table of two inputs, with the unknowns w1, w2, b."""
    present = [weight for weight, x in zip((W1, W2), table.points[row], strict=True) if x]
    return Add((*present, B)) if present else B


def addition_step(text: str, combination: Term, result: Term) -> Step:
    """A combination of scores adds up to `result`, for all w1, w2, b."""
    unknowns = tuple(Array(unknown.name, ()) for unknown in (W1, W2, B))
    return Step("collect the terms", text, Statement(combination, result, arrays=unknowns))


def zero() -> Term:
    """The number 0 as a term."""
    return Num(Fraction(0))


def run_of(table: TruthTable) -> Run:
    """The perceptron from zero with rate 1, visiting the inputs in the order of the table."""
    return run(table.points, table.labels)


def first_step(name: str, found: Run) -> Step:
    """The state after the first visit."""
    target, output = found.rule.data.labels[0], found.rule.output(found.rule.start, 0)
    text = (
        f"first step of {name}, at x = {show_vector(found.rule.data.points[0])}: output {output}, target {target}, "
        f"so the state becomes {show_state(found.states[1])}"
    )
    return Step("apply the update", text, reaches_certificate(found.rule, found.order, 1, found.states[1]))


def converges_step(name: str, found: Run) -> Step:
    """The run comes to rest, and where."""
    return Step("run in exact arithmetic", f"{name}: {describe(found)}", converges_certificate(found))


def inputs_text(order: Sequence[int], table: TruthTable) -> str:
    """``00, 01, 10, 11``"""
    return ", ".join("".join(map(str, table.points[row])) for row in order)
