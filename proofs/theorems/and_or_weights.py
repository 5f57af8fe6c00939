"""Weights for AND and OR found by Z3, and the smallest integer ones, with the reason why nothing smaller works."""

from __future__ import annotations

from proofs.claim import Evidence, Scope
from proofs.separation import Separator, Smallest, TruthTable, affine_text, separate, smallest_integer_weights
from proofs.theorems.formal_steps import (
    AND,
    OR,
    W1,
    W2,
    B,
    addition_step,
    line_text,
    score,
    separator_step,
)
from proofs.theorems.theorem import Step, Theorem, main


def theorem() -> Theorem:
    """The smallest integer weights: least in max(|w1|, |w2|, |b|), then in |w1| + |w2| + |b|."""
    least_and, least_or = _smallest("AND", AND), _smallest("OR", OR)
    return Theorem(
        name="and_or_weights",
        title="Weights for AND and OR, and the smallest integer ones",
        text=(
            f"AND is {line_text(least_and.separator)}, OR is {line_text(least_or.separator)}: integer weights with a "
            "smaller largest absolute value, or the same and a smaller sum of absolute values, do not exist."
        ),
        latex=rf"x_1 \wedge x_2 = [{_latex(least_and)} \ge 0], \qquad x_1 \vee x_2 = [{_latex(least_or)} \ge 0]",
        scope=Scope("all integer weights and biases, at the four inputs"),
        steps=(*_found("AND", AND, least_and), *_least_and(), *_found("OR", OR, least_or), *_least_or()),
    )


def _smallest(name: str, table: TruthTable) -> Smallest:
    smallest = smallest_integer_weights(table.points, table.labels)
    if smallest is None:
        raise ValueError(f"{name}: expected a separable table, got {table}")
    return smallest


def _latex(smallest: Smallest) -> str:
    return affine_text(smallest.separator.weights, smallest.separator.bias, ("x_1", "x_2"))


def _found(name: str, table: TruthTable, smallest: Smallest) -> tuple[Step, ...]:
    found = separate(table.points, table.labels)
    if not isinstance(found, Separator):
        raise ValueError(f"{name}: expected a separable table, got {table}")
    by_solver = (Evidence("z3", "Z3 found the weights", "assumed"),)
    return (
        separator_step(name, table, found, by_solver),
        separator_step(name, table, smallest.separator, smallest.evidence),
    )


def _least_and() -> tuple[Step, ...]:
    """In integers a score < 0 is <= -1."""
    at01, at10, at11 = (score(AND, row) for row in (1, 2, 3))
    return (
        addition_step("AND, integers: w1 >= 1, being score(11) >= 0 minus score(01) <= -1", at11 - at01, W1),
        addition_step("AND, integers: w2 >= 1, being score(11) >= 0 minus score(10) <= -1", at11 - at10, W2),
        addition_step(
            "AND, integers: b <= -2, being score(01) <= -1 plus score(10) <= -1 minus score(11) >= 0; "
            "so the largest absolute value is at least 2 and the sum at least 4",
            at01 + at10 - at11,
            B,
        ),
    )


def _least_or() -> tuple[Step, ...]:
    at00, at01, at10 = (score(OR, row) for row in (0, 1, 2))
    return (
        addition_step("OR, integers: w1 >= 1, being score(10) >= 0 minus score(00) <= -1", at10 - at00, W1),
        addition_step("OR, integers: w2 >= 1, being score(01) >= 0 minus score(00) <= -1", at01 - at00, W2),
        addition_step(
            "OR, integers: b <= -1, being score(00); "
            "so the largest absolute value is at least 1 and the sum at least 3",
            at00,
            B,
        ),
    )


if __name__ == "__main__":
    main(theorem)
