"""From zero with rate 1 the perceptron's states on AND and OR are integers, whatever the order of visits.

So w = (0.4, 0.4), b = -0.6 for AND and w = (1, 1), b = -0.1 for OR, right as they are, are never reached.
"""

from __future__ import annotations

from fractions import Fraction

from proofs.claim import Scope
from proofs.networks import reachable_states, stays_certificate
from proofs.separation import Separator, TruthTable
from proofs.theorems import perceptron_and, perceptron_or
from proofs.theorems.formal_steps import AND, OR, run_of, separator_step
from proofs.theorems.theorem import Step, Theorem, main


def theorem() -> Theorem:
    """0.4 and -0.1 are unreachable: every reachable state is listed, and its entries are integers."""
    tenth = Fraction(1, 10)
    and_unit = Separator((4 * tenth, 4 * tenth), -6 * tenth)
    or_unit = Separator((Fraction(1), Fraction(1)), -tenth)
    return Theorem(
        name="perceptron_integers",
        title="The perceptron's states on AND and OR are integers",
        text=(
            "From zero with rate 1 every reachable state is a vector of integers, in any order of visits: "
            "w = (0.4, 0.4), b = -0.6 and w = (1, 1), b = -0.1 separate AND and OR, but are never reached."
        ),
        latex=r"(w, b) \in \mathbb{Z}^3 \;\Rightarrow\; (w, b) + (t - a)\,(x, 1) \in \mathbb{Z}^3",
        scope=Scope("this start and rate, every order of visits"),
        steps=(
            _all_states("AND", AND),
            separator_step("AND", AND, and_unit),
            perceptron_and.theorem().steps[-1],
            _all_states("OR", OR),
            separator_step("OR", OR, or_unit),
            perceptron_or.theorem().steps[-1],
        ),
    )


def _all_states(name: str, table: TruthTable) -> Step:
    states = reachable_states(table.points, table.labels)
    if states is None:
        raise ValueError(f"{name}: expected finitely many reachable states, got more than the search allows")
    text = f"{name}: whatever the order of visits, the state is one of {len(states)} integer vectors"
    return Step("follow every update", text, stays_certificate(run_of(table).rule, states))


if __name__ == "__main__":
    main(theorem)
