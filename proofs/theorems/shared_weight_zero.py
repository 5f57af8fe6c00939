"""With every weight 0 a network ignores its inputs, so no interval of shared weights that contains 0 can work."""

from __future__ import annotations

from fractions import Fraction

from proofs.calculus.terms import Array, Element, Index, Num, Statement, Sum
from proofs.claim import Scope
from proofs.theorems.theorem import Step, Theorem, main


def theorem() -> Theorem:
    """A node reads any number of values, whatever they are, and its argument is 0."""
    return Theorem(
        name="shared_weight_zero",
        title="A network whose weights are all 0 ignores its inputs",
        text=(
            "With the shared weight 0 the argument of every node is 0, however many values it reads and whatever they "
            "are. So each node has the value f(0), the outputs are the same for all inputs, and on a table with two "
            "different labels one of them is wrong: no interval of shared weights that contains 0 can work, whatever "
            "the topology. (The argument of one node is proved; that it holds for all of them is the word 'every'.)"
        ),
        latex=r"0 \cdot \sum_{j=1}^{n} x_j = 0, \qquad f\Bigl(0 \cdot \sum_j x_j\Bigr) = f(0)",
        scope=Scope("all numbers n of values that a node reads, all real values; every activation and topology"),
        steps=(_step(),),
        source="Gaier and Ha, Weight Agnostic Neural Networks, 2019 (arXiv 1906.04358)",
    )


def _step() -> Step:
    j, zero = Index("j", "n"), Num(Fraction(0))
    sides = Statement(zero * Sum(j, Element("x", ("j",))), zero, arrays=(Array("x", ("n",)),))
    return Step("multiply by 0", "0 times the sum of any n numbers is 0", sides)


if __name__ == "__main__":
    main(theorem)
