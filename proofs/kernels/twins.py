"""Mutated twins: what a claim becomes when one sign, factor, index or number in it is changed. Kernels reject them.

A twin is proved by its claim's own script, so that its rejection shows that the script does not prove everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from proofs.calculus.terms import (
    Add,
    Delta,
    Diff,
    Element,
    Fn,
    Index,
    Mul,
    Num,
    Pow,
    Statement,
    Sum,
    Term,
)
from proofs.checker import CertificateError, check

Fields = Mapping[str, Any]
_ONE, _TWO, _MINUS_ONE, _ZERO = (Num(Fraction(x)) for x in (1, 2, -1, 0))


def twins(statement: Statement) -> tuple[Statement, ...]:
    """The statement with its right side negated, doubled, and with another free index in one place.

    Where the right side is 0, it is 1 instead. The new index is free, of the dimension of the one whose place it takes.
    """
    if statement.rhs == _ZERO:
        return (replace(statement, rhs=_ONE),)
    changed = [replace(statement, rhs=Mul((factor, statement.rhs))) for factor in (_MINUS_ONE, _TWO)]
    free = {index.name: index.dim for index in statement.indices}
    fresh = next(
        name for name in ("w", *(f"w{k}" for k in range(99))) if name not in free and name not in statement.dims
    )
    for index in statement.indices:
        moved = _moved(statement.rhs, index.name, fresh)
        if moved is not None:
            indices = (*statement.indices, Index(fresh, free[index.name]))
            changed.append(replace(statement, rhs=moved, indices=indices))
            break
    return tuple(changed)


def _moved(t: Term, old: str, new: str) -> Term | None:
    """`t` with the first free use of the index `old` replaced, None if it has none."""
    match t:
        case Element(name, indices) if old in indices:
            place = indices.index(old)
            return Element(name, (*indices[:place], new, *indices[place + 1 :]))
        case Delta(left, right) if old in (left, right):
            return Delta(new, right) if left == old else Delta(left, new)
        case Sum(index, body) if index.name not in (old, new):
            moved = _moved(body, old, new)
            return None if moved is None else Sum(index, moved)
        case Add(parts) | Mul(parts):
            for place, part in enumerate(parts):
                moved = _moved(part, old, new)
                if moved is not None:
                    return type(t)((*parts[:place], moved, *parts[place + 1 :]))
            return None
        case Pow(base, exponent):
            moved = _moved(base, old, new)
            return None if moved is None else Pow(moved, exponent)
        case Fn(name, argument):
            moved = _moved(argument, old, new)
            return None if moved is None else Fn(name, moved)
        case Diff(body, by):
            moved = _moved(body, old, new)
            return None if moved is None else Diff(moved, by)
        case _:
            return None


def certificate_twins(data: Fields) -> Iterator[Fields]:
    """The certificates that differ by one number or label, and that the checker rejects."""
    return (twin for twin in _changed(data) if not _accepted(twin))


def _of_shared_weight(data: Fields) -> Iterator[Fields]:
    """Another answer in a cell, about the interval, or about another row: what these say is false, whatever is true."""
    for place, row in enumerate(data["cells"]):
        others = (0,) if row < 0 else (-1,) if "cuts" not in data else range(len(data["points"]))
        for other in others:
            yield {**data, "cells": [*data["cells"][:place], other, *data["cells"][place + 1 :]]}
    if "every" in data:
        yield {**data, "every": not data["every"]}


def _changed(data: Fields) -> Iterator[Fields]:
    if "cells" in data:
        yield from _of_shared_weight(data)
        return
    for name in ("final", "states", "updates"):
        if name in data:
            yield {**data, name: _higher(data[name]) if name != "updates" else -1}
    if "measure" in data:
        yield {**data, "bias": Fraction(data["bias"]).numerator + 1}
        doubled = [2 * Fraction(weight).numerator for weight in (*data["weights"], data["bias"])]
        yield {**data, "weights": doubled[:-1], "bias": doubled[-1]}
    for place, told in enumerate(data.get("topologies", ())):
        for name in ("free", "shared"):
            one = {**told, name: told[name][:-1]}
            yield {**data, "topologies": [*data["topologies"][:place], one, *data["topologies"][place + 1 :]]}
    if "threshold" in data:
        yield {**data, "threshold": data["threshold"] + 1}
        yield {**data, "threshold": data["threshold"] - 1}
    for row, label in enumerate(data.get("labels", ())):
        yield {**data, "labels": [*data["labels"][:row], 1 - label, *data["labels"][row + 1 :]]}
    for row, point in enumerate(data.get("points", ())):
        yield {**data, "points": [*data["points"][:row], _higher(point), *data["points"][row + 1 :]]}


def _higher(values: Any) -> Any:
    """A list of numbers, or of such lists, with the very first number one higher."""
    first, *rest = values
    if isinstance(first, list):
        return [_higher(first), *rest]
    higher = Fraction(first) + 1
    return [higher.numerator if higher.denominator == 1 else str(higher), *rest]


def _accepted(data: Fields) -> bool:
    try:
        check(data)
    except CertificateError:
        return False
    return True
