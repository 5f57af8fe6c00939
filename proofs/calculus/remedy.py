"""What to declare so that a term is defined: tried out, so that a message never advises what does not help."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from proofs.calculus.terms import (
    Array,
    Definition,
    Diff,
    Element,
    Fn,
    Index,
    Size,
    Statement,
    Sum,
    Term,
    subterms,
    without_unused,
)

LARGEST_LEAST = 8


def remedy(statement: Statement, term: Term, helps: Callable[[Statement], bool]) -> str:
    """What makes `helps` accept the statement: the weakest domains, else least sizes, else a sigmoid, whose values lie
    between 0 and 1; empty if nothing is found."""
    inside = list(subterms(without_unused(replace(statement, lhs=term, rhs=term))))
    used = {t.name for t in inside if isinstance(t, Element)}
    arrays = [a.name for a in statement.arrays if a.name in used and a.domain in ("real", "nonzero", "simplex")]
    for domain in ("nonzero", "positive"):
        if helps(_with_domain(statement, arrays, domain)):
            needed = arrays
            for name in arrays:
                fewer = [other for other in needed if other != name]
                needed = fewer if helps(_with_domain(statement, fewer, domain)) else needed
            return f"declare {' and '.join(needed)} {domain}"
    dims = {t.dim for t in inside if isinstance(t, Size)} | {t.index.dim for t in inside if isinstance(t, Sum)}
    for least in range(2, LARGEST_LEAST + 1):
        raised = {dim: max(least, statement.least_size(dim)) for dim in sorted(dims)}
        sizes = {dim: statement.least_size(dim) for dim in statement.dims} | raised
        if dims and helps(replace(statement, least=tuple(sizes.items()))):
            return f"declare {' and '.join(raised)} 'integer >= {least}'"
    fixed = {t.by.name for t in inside if isinstance(t, Diff)}
    for array in statement.arrays:
        varies = array.name in used - fixed and array.domain not in ("simplex", "onehot")
        if varies and helps(_as_sigmoid(statement, array)):
            between = f"if {array.name} lies between 0 and 1, write it as sigmoid(z) with z real"
            return f"write an array declared positive in its place or, {between}"
    return ""


def _as_sigmoid(statement: Statement, array: Array) -> Statement:
    """The statement with sigmoids of a real array in place of `array`."""
    logits = replace(array, name=f"logits of {array.name}", domain="real")
    indices = tuple(Index(f"axis {k}", dim) for k, dim in enumerate(array.dims))
    body = Fn("sigmoid", Element(logits.name, tuple(index.name for index in indices)))
    others = tuple(other for other in statement.arrays if other is not array)
    definitions = (Definition(array.name, indices, body), *statement.definitions)
    return replace(statement, arrays=(*others, logits), definitions=definitions)


def _with_domain(statement: Statement, names: Iterable[str], domain: str) -> Statement:
    arrays = tuple(replace(a, domain=domain) if a.name in names else a for a in statement.arrays)
    return replace(statement, arrays=arrays)
