"""The update with a minus sign, w <- w - alpha (t - a) x, moves the score of its example away from the target."""

from __future__ import annotations

from proofs.claim import Scope
from proofs.networks import run, update_statement
from proofs.theorems import perceptron_and
from proofs.theorems.formal_steps import AND, first_step
from proofs.theorems.theorem import Step, Theorem, main


def theorem() -> Theorem:
    """The score w.x + b changes by -alpha (t - a) (x.x + 1), the opposite sign of t - a, for all sizes of x."""
    return Theorem(
        name="perceptron_sign",
        title="With a minus sign the perceptron update moves away from the target",
        text=(
            "After w <- w - alpha (t - a) x, b <- b - alpha (t - a) the score w.x + b of that example has changed by "
            "-alpha (t - a) (x.x + 1): down where the target is above the output, up where it is below."
        ),
        latex=r"\Delta(w \cdot x + b) = -\alpha\,(t - a)\,(x \cdot x + 1)",
        scope=Scope("all sizes D >= 1 of x, all real w, b, x, t, a, all alpha > 0"),
        steps=(
            Step(
                "put in the update",
                "with minus, the score changes by -alpha (t - a) (x.x + 1), away from the target",
                update_statement(-1, claimed=-1),
            ),
            Step(
                "put in the update",
                "with plus, the score changes by +alpha (t - a) (x.x + 1), towards the target",
                update_statement(1, claimed=1),
            ),
            first_step("AND with minus", run(AND.points, AND.labels, sign=-1, most_visits=len(AND.points))),
            perceptron_and.theorem().steps[0],
        ),
    )


if __name__ == "__main__":
    main(theorem)
