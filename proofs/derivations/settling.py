"""One equation, written as text, settled: the engine of `gradproof audit`, from Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from proofs.calculus import settle_statement
from proofs.calculus.settle import scope_of
from proofs.calculus.text import InputError, expression, read_where
from proofs.claim import Claim, Status, Verdict
from proofs.deadline import OutOfTime, limited
from proofs.derivations.declarations import declare, statement
from proofs.derivations.shown import shown

SECONDS = 20.0
NOTHING: Mapping[str, Any] = MappingProxyType({})


def settle(
    lhs: str,
    rhs: str,
    *,
    indices: Mapping[str, str] = NOTHING,
    arrays: Mapping[str, Sequence[str]] = NOTHING,
    definitions: Mapping[str, str] = NOTHING,
    domains: Mapping[str, str] = NOTHING,
    where: str = "",
    name: str = "claim",
    seconds: float = SECONDS,
) -> Verdict:
    """Is ``lhs = rhs`` for all sizes, all arrays in their domains and all values of the free indices?

    indices: the free ones with their dimension, ``{"i": "n"}``.
    arrays: the dimension of each axis, ``{"z": ["n"], "c": []}`` (c is a scalar).
    definitions: ``{"s[i]": "exp(z[i]) / sum(exp(z[k]) for k in n)"}``, in any order.
    domains: ``{"z": "positive"}`` (or ``real``, ``nonzero``, ``simplex``), and of sizes ``{"n": "integer >= 2"}``.
    where: conditions between free indices, ``"i == j and i != k"``.
    seconds: after that long the answer is UNDECIDED (see `proofs.deadline`).
    The formulas are read by the grammar in `proofs.calculus.syntax` and never evaluated.

    Raises InputError for text that cannot be read, and proofs.calculus.DomainError where the claim divides by, or takes
    the logarithm or root of, something that its domains do not keep away from trouble; both are ValueErrors.
    """
    declared = declare(indices, arrays, definitions, domains)
    sides = []
    for about, text in (("lhs", lhs), ("rhs", rhs)):
        if not isinstance(text, str):
            raise InputError(f"{about}: expected text such as 'exp(z[i])', got {shown(text)}")
        try:
            sides.append(expression(text, declared.names))
        except InputError as error:
            raise InputError(f"{about}: {error}", (about,)) from None
    if not isinstance(where, str):
        raise InputError(f"where: expected text such as 'i == j', got {shown(where)}")
    conditions = read_where(where, declared.names.indices)
    claimed = statement(sides[0], sides[1], conditions, declared)
    try:
        with limited(seconds) as until:
            return settle_statement(claimed, name=name, until=until)
    except OutOfTime:
        reason = f"the time allowed has passed, {seconds:g} s: allow more with seconds="
        return Verdict(Claim(name, f"{lhs} = {rhs}"), Status.UNDECIDED, scope_of(claimed), reason=reason)
