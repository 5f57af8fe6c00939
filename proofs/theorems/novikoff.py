"""What an update does to the two quantities of Novikoff, and the bound on the updates that follows for AND."""

from __future__ import annotations

from fractions import Fraction

from proofs.calculus import Statement
from proofs.calculus.terms import Array, Element, Index, Num, Sum, Term
from proofs.claim import Scope
from proofs.networks import perceptron_bound
from proofs.theorems import perceptron_and
from proofs.theorems.formal_steps import AND
from proofs.theorems.theorem import Step, Theorem, main

D, E = Index("d", "D"), Index("e", "D")
U, V, Z = Element("u", ("d",)), Element("v", ("d",)), Element("z", ("d",))
R, S = Element("r"), Element("s")


def theorem() -> Theorem:
    """The identities that Novikoff's proof adds up, for all sizes; the sum itself, update by update, is not a step."""
    bound = perceptron_bound(AND.points, AND.labels)
    if bound.bound.certificate is None or bound.updates is None:
        raise ValueError(f"AND: expected a separable table, got {AND}")
    change: Term = R * S * Z
    return Theorem(
        name="novikoff",
        title="The identities behind Novikoff's bound, and the bound for AND",
        text=(
            "With z = (x, 1) and s = 1 or -1 by the label, an update v <- v + r s z adds r s u.z to u.v and "
            "2 r s v.z + r^2 s^2 z.z to v.v; and (u.v)^2 falls short of (u.u)(v.v) by a sum of squares. "
            f"On AND, from zero, the perceptron is updated at most {bound.updates} times."
        ),
        latex=r"u \cdot v_{k+1} = u \cdot v_k + r s\, u \cdot z, \qquad "
        r"|v_{k+1}|^2 = |v_k|^2 + 2 r s\, v_k \cdot z + r^2 s^2 |z|^2",
        scope=Scope("all sizes D >= 1, all real u, v, z, r, s; AND at its four inputs, any rate, any order"),
        steps=(
            _step("put in the update", "u.v grows by r s u.z", dot(U, V + change), dot(U, V) + R * S * dot(U, Z)),
            _step(
                "put in the update",
                "v.v grows by 2 r s v.z, which is not positive where z is classified wrong, and r^2 s^2 z.z",
                dot(V + change, V + change),
                dot(V, V) + Num(Fraction(2)) * R * S * dot(V, Z) + R * R * S * S * dot(Z, Z),
            ),
            _step(
                "collect the terms",
                "(u.u)(v.v) - (u.v)^2 is half the sum of all (u_d v_e - u_e v_d)^2 (Lagrange), so not negative",
                dot(U, U) * dot(V, V) - dot(U, V) * dot(U, V),
                _half_squares(),
            ),
            Step(
                "compare with the margin",
                f"{bound.bound.claim.text} on AND: {bound.bound.reason}",
                bound.bound.certificate,
            ),
            perceptron_and.theorem().steps[-1],
        ),
        source="Novikoff, On convergence proofs on perceptrons, 1962",
    )


def dot(left: Term, right: Term) -> Term:
    """The sum over d of left * right."""
    return Sum(D, left * right)


def _half_squares() -> Term:
    across = U * Element("v", ("e",)) - Element("u", ("e",)) * V
    return Num(Fraction(1, 2)) * Sum(D, Sum(E, across * across))


def _step(rule: str, text: str, left: Term, right: Term) -> Step:
    arrays = (*(Array(name, ("D",)) for name in ("u", "v", "z")), Array("r", ()), Array("s", ()))
    return Step(rule, text, Statement(left, right, arrays=arrays))


if __name__ == "__main__":
    main(theorem)
