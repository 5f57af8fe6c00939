"""A stronger statement that is easier to check: what does not depend on the differentiated array may be anything.

In ``diff(objective, W[d, h]) = ...`` a sum that the objective is made of, and that W is not in, becomes an array of
real numbers, or the square of one if it is never negative. What holds for all of them holds for the sum. It may be
false where the other side knows how the sum was made; then no more is lost than the time of trying it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

from proofs.calculus.terms import (
    Array,
    Definition,
    Diff,
    Element,
    Pow,
    Statement,
    Sum,
    Term,
    children,
    subterms,
    without_unused,
)


def widened(statement: Statement, is_never_negative: Callable[[Definition], bool]) -> Statement | None:
    """`statement` with such sums as arrays, without what is not needed then; None where there are none."""
    if not isinstance(statement.lhs, Diff):
        return None
    bodies = {definition.name: definition for definition in statement.definitions}
    moving = _dependent(statement)
    inside = _reached(statement.lhs.body, bodies)
    free = {name for name in inside - moving if any(isinstance(t, Sum) for t in _parts(bodies[name].body))}
    if not free:
        return None
    arrays = list(statement.arrays)
    kept = []
    for definition in statement.definitions:
        if definition.name not in free:
            kept.append(definition)
            continue
        squared = is_never_negative(definition)
        name = f"{definition.name}_root" if squared else definition.name
        arrays.append(Array(name, tuple(index.dim for index in definition.indices)))
        if squared:
            root = Element(name, tuple(index.name for index in definition.indices))
            kept.append(replace(definition, body=Pow(root, Fraction(2))))
    wider = without_unused(replace(statement, arrays=tuple(arrays), definitions=tuple(kept)))
    terms = (wider.lhs, wider.rhs, *(d.body for d in wider.definitions))
    used = {t.name for term in terms for t in _parts(term) if isinstance(t, Element)}
    return replace(wider, arrays=tuple(array for array in wider.arrays if array.name in used))


def _dependent(statement: Statement) -> set[str]:
    """The arrays that anything is differentiated by, and the definitions that depend on them."""
    uses = {d.name: {t.name for t in _parts(d.body) if isinstance(t, Element)} for d in statement.definitions}
    found: set[str] = set()
    more = {t.by.name for t in subterms(statement) if isinstance(t, Diff)}
    while more:
        found |= more
        more = {name for name, used in uses.items() if used & found} - found
    return found


def _reached(term: Term, bodies: Mapping[str, Definition]) -> set[str]:
    """The definitions that a term rests on."""
    found: set[str] = set()
    pending = [term]
    while pending:
        for t in _parts(pending.pop()):
            if isinstance(t, Element) and t.name in bodies and t.name not in found:
                found.add(t.name)
                pending.append(bodies[t.name].body)
    return found


def _parts(t: Term) -> list[Term]:
    """`t` and everything in it."""
    found = [t]
    for part in found:
        found += children(part)
    return found
