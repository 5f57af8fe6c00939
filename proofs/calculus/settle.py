"""Settles an equation between index terms: equal normal forms and the checker's evaluation, or a counterexample."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from math import inf

from proofs.calculus.equality import vanishes
from proofs.calculus.normalise import Normaliser
from proofs.calculus.poly import ONE, Poly, TooLarge, add, scale
from proofs.calculus.postulates import used
from proofs.calculus.printing import statement_latex, statement_text, to_text
from proofs.calculus.search import counterexamples
from proofs.calculus.terms import Statement, without_unused
from proofs.calculus.unparse import to_term
from proofs.calculus.widening import widened
from proofs.claim import Assumption, Certificate, Claim, Evidence, Scope, Status, Verdict
from proofs.conclude import conclude

LONGEST_SHOWN = 400
POINTS_OFFERED = 8
LONGEST_KEY = 20 * LONGEST_SHOWN


def settle_statement(
    statement: Statement,
    *,
    name: str = "",
    repeat: str = "",
    assume_nonzero: bool = False,
    until: float = inf,
    normaliser: Normaliser | None = None,
    refute: bool = True,
    widen: bool = False,
) -> Verdict:
    """The verdict on ``lhs = rhs`` for all sizes, all arrays in their domains and all indices that satisfy `where`.

    PROVED needs both equal normal forms and a certificate that the checker accepted; REFUTED a point at which the
    checker's enclosures of the two sides do not meet. Raises DomainError where a side is not defined everywhere; with
    `assume_nonzero`, a divisor that is not shown to differ from zero becomes an assumption instead. The normal forms
    are given up at the time `until` (of `time.monotonic`). A `normaliser` of an earlier statement, which has these two
    settings, lends what it knows. Without `refute` no counterexample is looked for. With `widen` the certificate
    may say more than was asked (see `proofs.calculus.widening`), which the checker settles faster.
    """
    needed = without_unused(statement)
    text = statement_text(needed)
    claim = Claim(name or text, text, statement_latex(needed))
    if normaliser is None:
        normaliser = Normaliser(statement, assume_nonzero=assume_nonzero, until=until)
    normaliser = normaliser.about(statement)
    answer = Verdict(claim, Status.UNDECIDED, scope_of(statement), _domain_assumptions(needed), repeat=repeat)
    both, obstacle = _both_sides(normaliser, statement)
    if not obstacle:
        return _proved(needed, normaliser, both, answer, widen=widen)
    answer = replace(answer, reason=f"{obstacle}; no counterexample was met")
    return _refuted(needed, answer, obstacle) if refute else answer


def _both_sides(normaliser: Normaliser, statement: Statement) -> tuple[str, str]:
    """The normal form that both sides have, or else why they are not shown to have one."""
    try:
        left, right = normaliser(statement.lhs), normaliser(statement.rhs)
        difference = add(left, scale(right, -ONE))
        equal = vanishes(normaliser.algebra, difference)
        return (_shown(right), "") if equal else ("", f"the normal forms differ by {_shown(difference)}")
    except TooLarge as error:
        return "", f"{error}"
    except RecursionError:
        return "", "with its definitions written out it is nested too deeply"


def _proved(needed: Statement, normaliser: Normaliser, both: str, answer: Verdict, *, widen: bool) -> Verdict:
    """PROVED if the checker accepts the identity: a wider one first, where that is asked for."""
    wider = widened(needed, normaliser.is_never_negative) if widen else None
    evidence = (Evidence("calculus", f"both sides reduce to {both}"),)
    asked: list[tuple[Statement, tuple[Evidence, ...]]] = [(needed, evidence)]
    if wider is not None:
        asked.insert(0, (wider, (*evidence, Evidence("calculus", _more_said(needed, wider)))))
    for statement, reasons in asked:
        answer = conclude(
            answer.claim,
            Status.PROVED,
            _identity(statement),
            scope=answer.scope,
            assumptions=(*_domain_assumptions(needed), *_kinks(normaliser)),
            evidence=reasons,
            repeat=answer.repeat,
        )
        if answer:
            break
    return answer


def _refuted(needed: Statement, answer: Verdict, obstacle: str) -> Verdict:
    """REFUTED at the first of some points that the checker accepts as a counterexample, or the answer as it is."""
    for point in islice(counterexamples(needed), POINTS_OFFERED):
        answer = conclude(
            answer.claim,
            Status.REFUTED,
            Certificate(point.certificate(needed)),
            scope=answer.scope,
            assumptions=answer.assumptions,
            reason=obstacle,
            counterexample=point.describe(needed),
            repeat=answer.repeat,
        )
        if answer.status is Status.REFUTED:
            break
    return answer


def _identity(statement: Statement) -> Certificate:
    return Certificate({"gradproof": 1, "kind": "identity", "statement": statement.to_json()})


def _more_said(statement: Statement, wider: Statement) -> str:
    """Which definitions of `statement` are arrays in `wider`."""
    known = {array.name for array in statement.arrays}
    names = ", ".join(array.name for array in wider.arrays if array.name not in known)
    return f"the certificate says so for any numbers in the place of {names}, which the derivative does not depend on"


def scope_of(statement: Statement) -> Scope:
    """For which sizes a statement speaks, in words."""
    sizes = ", ".join(f"{dim} >= {statement.least_size(dim)}" for dim in statement.dims)
    return Scope(f"all {sizes}" if sizes else "all real values")


def _domain_assumptions(statement: Statement) -> tuple[Assumption, ...]:
    domains = [Assumption(f"{array.name} is {array.domain}") for array in statement.arrays if array.domain != "real"]
    return (*domains, *(Assumption(text, "postulate") for text in used(statement)))


def _kinks(normaliser: Normaliser) -> tuple[Assumption, ...]:
    """Where derivatives need not exist and steps jump."""
    kinks = {_shown(poly) for poly in normaliser.algebra.kinks.values()}
    return tuple(Assumption(f"{text} != 0", "kink") for text in sorted(kinks))


def _shown(poly: Poly) -> str:
    """A normal form as text, cut where it is too long to be read, not even written where it is far too long."""
    if len(poly.key) > LONGEST_KEY:
        return f"a normal form of {len(poly.terms)} terms, too long to be shown"
    text = to_text(to_term(poly))
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}... ({len(poly.terms)} terms)"
