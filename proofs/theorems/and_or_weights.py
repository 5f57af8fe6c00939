"""Weights for AND and OR found by Z3, and the smallest integer ones, with certificates that nothing smaller works."""

from __future__ import annotations

from proofs.claim import Evidence, Scope
from proofs.separation import Separator, Smallest, TruthTable, affine_text, separate, smallest_integer_weights
from proofs.theorems.formal_steps import AND, OR, line_text, separator_step
from proofs.theorems.theorem import Step, Theorem, main

SOLVER = (Evidence("z3", "Z3 found the weights", "assumed"),)


def theorem() -> Theorem:
    """The smallest integer weights: least in |w1| + |w2|, and still so when the bias is counted."""
    least_and, least_or = _smallest("AND", AND), _smallest("OR", OR)
    return Theorem(
        name="and_or_weights",
        title="Weights for AND and OR, and the smallest integer ones",
        text=(
            f"AND is {line_text(least_and[0].separator)}, OR is {line_text(least_or[0].separator)}: integer weights "
            "with a smaller |w1| + |w2|, or a smaller |w1| + |w2| + |b|, do not exist."
        ),
        latex=rf"x_1 \wedge x_2 = [{_latex(least_and[0])} \ge 0], \qquad x_1 \vee x_2 = [{_latex(least_or[0])} \ge 0]",
        scope=Scope("all integer weights and biases, at the four inputs"),
        steps=(*_steps("AND", AND, least_and), *_steps("OR", OR, least_or)),
        source="Muroga, Threshold Logic and Its Applications, 1971",
    )


def _smallest(name: str, table: TruthTable) -> tuple[Smallest, Smallest]:
    """Without and with the bias counted, by the same weights."""
    first, second = (
        smallest_integer_weights(table.points, table.labels, count_bias=count_bias) for count_bias in (False, True)
    )
    if first is None or second is None or first.separator != second.separator:
        raise ValueError(f"{name}: expected one smallest separator by both measures, got {first} and {second}")
    return first, second


def _latex(smallest: Smallest) -> str:
    return affine_text(smallest.separator.weights, smallest.separator.bias, ("x_1", "x_2"))


def _steps(name: str, table: TruthTable, least: tuple[Smallest, Smallest]) -> tuple[Step, ...]:
    found = separate(table.points, table.labels)
    if not isinstance(found, Separator):
        raise ValueError(f"{name}: expected a separable table, got {table}")
    smallest = (
        Step(
            "add the inequalities",
            f"{name}, {line_text(one.separator)}: in integers {one.meaning} is at least {one.size}, as "
            f"{one.reason(table.points, table.labels)}",
            one.certificate(table.points, table.labels),
            SOLVER,
        )
        for one in least
    )
    return (separator_step(name, table, found, SOLVER), *smallest)


if __name__ == "__main__":
    main(theorem)
