"""Is a statement, as read back from Coq text, the claim that was to be exported? Word for word, nothing simplified."""

from __future__ import annotations

from collections.abc import Sequence

from proofs.calculus.terms import Statement
from proofs.kernels.reading import Unreadable, need, read


def same(definitions: Sequence[str], theorem: str, claim: Statement) -> None:
    """Raises Unreadable, naming the part, where the text does not say what `claim` says."""
    found = read(definitions, theorem)
    need(found.lhs == claim.lhs, "the left side read back is not the claim's")
    need(found.rhs == claim.rhs, "the right side read back is not the claim's")
    need(found.indices == claim.indices, "the free indices read back are not the claim's")
    need(found.where == claim.where, "the conditions read back are not the claim's")
    need(found.least == {dim: claim.least_size(dim) for dim in claim.dims}, "the sizes read back are not the claim's")
    arrays = {
        array.name: (len(array.dims), ("real",) if array.domain == "real" else (array.domain, *array.dims))
        for array in claim.arrays
    }
    need(found.arrays == arrays, "the arrays read back are not the claim's")
    made = tuple((d.name, tuple(index.name for index in d.indices), d.body) for d in claim.definitions)
    need(found.definitions == made, "the definitions read back are not the claim's")


def says(definitions: Sequence[str], theorem: str, claim: Statement) -> bool:
    """Whether `same` finds nothing to object to."""
    try:
        same(definitions, theorem, claim)
    except Unreadable:
        return False
    return True
