"""Whether two normal forms are equal for all sizes.

`vanishes` answers True only when the difference is zero: it clears denominators, takes sums apart over the index on
which a denominator depends, tells opaque functions with equal arguments apart no longer, and splits the cases i = j
and i != j, and those of a step: 1 and 0. False means no more than: not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import combinations

from proofs.calculus.algebra import Algebra
from proofs.calculus.poly import ONE, ZERO, Atom, Mono, Poly, add, number, scale

MAX_DEPTH = 24


def vanishes(algebra: Algebra, poly: Poly, depth: int = 0) -> bool:
    """Whether `poly` is shown to be zero wherever it is defined."""
    if not poly.terms:
        return True
    if depth > MAX_DEPTH or poly.constant is not None:
        return False
    denominator = _free_denominator(poly)
    if denominator is not None:
        atom, power = denominator
        return vanishes(algebra, algebra.times_powers(poly, {atom: Fraction(-(power // 1))}), depth + 1)
    merged = _merge_opaque(algebra, poly, depth)
    if merged is not None:
        return vanishes(algebra, merged, depth + 1)
    if _integrands_vanish(algebra, poly, depth):
        return True
    return _cases_vanish(algebra, poly, depth)


def _free_denominator(poly: Poly) -> tuple[Atom, Fraction] | None:
    """A group or size under a negative power that does not depend on a summation index of its product."""
    lowest: dict[Atom, Fraction] = {}
    for mono, _ in poly.terms:
        for atom, power in mono.factors:
            if atom.kind in ("group", "size") and power < 0 and atom.free.isdisjoint(mono.bound):
                lowest[atom] = min(lowest.get(atom, power), power)
    if not lowest:
        return None
    return min(lowest.items(), key=lambda entry: (-entry[0].height, entry[0].key))


def _merge_opaque(algebra: Algebra, poly: Poly, depth: int) -> Poly | None:
    """`poly` with one group or opaque function replaced by another whose argument is shown to be the same, or None."""
    found: dict[str, dict[str, Atom]] = {}
    for mono, _ in poly.terms:
        for atom, _power in mono.factors:
            if atom.kind in ("fn", "step", "group", "exp") and atom.free.isdisjoint(mono.bound):
                found.setdefault(f"{atom.kind}.{atom.name}", {})[atom.key] = atom
    for atoms in found.values():
        for kept, dropped in combinations([atoms[key] for key in sorted(atoms)], 2):
            if kept.free == dropped.free and kept.inner is not None and dropped.inner is not None:
                difference = add(kept.inner, scale(dropped.inner, -ONE))
                if _comparable(kept, dropped) and vanishes(algebra, difference, depth + 4):
                    return _replace(algebra, poly, dropped, kept)
    return None


def _comparable(first: Atom, second: Atom) -> bool:
    """Whether comparing two arguments can tell more than their normal forms did: a denominator occurs in one."""
    return "group" in first.key[len("group") :] or "group" in second.key[len("group") :]


def _replace(algebra: Algebra, poly: Poly, old: Atom, new: Atom) -> Poly:
    """`poly` with the atom `old`, where it does not depend on a summation index, replaced by `new`."""
    terms = []
    for mono, coefficient in poly.terms:
        with algebra.scope():
            bound, factors = algebra.open(mono)
            changed: dict[Atom, Fraction] = {}
            for atom, power in factors.items():
                target = new if atom == old else atom
                changed[target] = changed.get(target, Fraction(0)) + power
            terms.append(algebra.product(bound, changed, coefficient))
    return add(*terms)


def _integrands_vanish(algebra: Algebra, poly: Poly, depth: int) -> bool:
    """Whether `poly`, written as one sum over an index of some dimension, has a summand that vanishes."""
    for dim in sorted({index.partition("|")[0] for mono, _ in poly.terms for index in mono.bound}):
        with algebra.scope() as level:
            summands = [_summand(algebra, mono, dim, f"{dim}|?{level}fixed") for mono, _ in poly.terms]
            parts = [scale(s, c) for s, (_, c) in zip(summands, poly.terms, strict=True) if s is not None]
            if len(parts) == len(summands) and vanishes(algebra, add(*parts), depth + 1):
                return True
    return False


def _summand(algebra: Algebra, mono: Mono, dim: str, fixed: str) -> Poly | None:
    """What `mono` sums over one of its indices of `dim`, now called `fixed`, or None if it is not clear which.

    It is the index that the most complicated denominator depends on, else the only one, else that of the sum of 1 which
    the size is.
    """
    bound, factors = algebra.open(mono)
    candidates = [index for index in bound if index.startswith(f"{dim}|")]
    below = {
        index: max((a.height, algebra.rename(a, {index: fixed}).key) for a in factors if _divides(a, factors, index))
        for index in candidates
        if any(_divides(a, factors, index) for a in factors)
    }
    chosen = [index for index in below if below[index] == max(below.values())] or candidates
    if not chosen:
        size = Atom("size", dim)
        return algebra.product(bound, {**factors, size: factors[size] - 1}, ONE) if factors.get(size, 0) >= 1 else None
    if len(chosen) > 1:
        return None
    inside = {algebra.rename(a, {chosen[0]: fixed}): p for a, p in factors.items()}
    return algebra.product(tuple(i for i in bound if i != chosen[0]), inside, ONE)


def _divides(atom: Atom, factors: Mapping[Atom, Fraction], index: str) -> bool:
    return atom.kind == "group" and factors[atom] < 0 and index in atom.free


def _cases_vanish(algebra: Algebra, poly: Poly, depth: int) -> bool:
    """Whether `poly` vanishes in both cases of a delta inside a function (i = j, i != j), or of a step (1, 0)."""
    pair = _nested_delta(poly)
    if pair is not None and frozenset(pair) not in algebra.context.distinct:
        left, right = pair
        equal = algebra.substitute(poly, {right: left})
        apart = _decided(algebra, poly, lambda atom: ZERO if atom.kind == "delta" and atom.indices == pair else None)
        return vanishes(algebra, equal, depth + 1) and vanishes(algebra, apart, depth + 1)
    inner = _step_argument(poly)
    return inner is not None and all(_case_vanishes(algebra, poly, inner, sign, depth) for sign in (1, -1))


def _case_vanishes(algebra: Algebra, poly: Poly, inner: Poly, sign: int, depth: int) -> bool:
    """Whether `poly` vanishes where `inner` has the given sign, if that can be together with the cases it is in."""
    step = Atom("step", "", (), inner)
    known = [_known_step(step, *case) for case in algebra.cases]
    if (ZERO if sign > 0 else number(1)) in known:
        return True
    algebra.cases.append((inner, sign))
    try:
        return vanishes(algebra, _decided(algebra, poly, lambda atom: _known_step(atom, inner, sign)), depth + 1)
    finally:
        algebra.cases.pop()


def _nested_delta(poly: Poly) -> tuple[str, str] | None:
    """A delta between two free indices of `poly`, at any depth."""
    for mono, _ in poly.terms:
        for atom, _power in mono.factors:
            if atom.kind == "delta" and set(atom.indices) <= poly.free:
                return atom.indices[0], atom.indices[1]
            inner = _nested_delta(atom.inner) if atom.inner is not None else None
            if inner is not None and set(inner) <= poly.free:
                return inner
    return None


def _step_argument(poly: Poly) -> Poly | None:
    """The argument of a step that does not depend on a summation index, at any depth, innermost first."""
    for mono, _ in poly.terms:
        for atom, _power in mono.factors:
            if atom.inner is not None and (found := _step_argument(atom.inner)) is not None and found.free <= poly.free:
                return found
            if atom.kind == "step" and atom.inner is not None and atom.inner.free <= poly.free:
                return atom.inner
    return None


def _known_step(atom: Atom, inner: Poly, sign: int) -> Poly | None:
    """The value of a step of a * inner + b where `inner` has the given sign, if that decides it."""
    if atom.kind != "step" or atom.inner is None:
        return None
    ratio = _ratio(atom.inner, inner)
    offset = add(atom.inner, scale(inner, -ratio)).constant if ratio else None
    if offset is None or (offset and (offset > 0) != (ratio * sign > 0)):
        return None
    return number(1) if ratio * sign > 0 else ZERO


def _ratio(poly: Poly, other: Poly) -> Fraction:
    """The quotient of the coefficients of the first product in `other` that is not 1, 0 where `poly` has none."""
    mono, coefficient = next((entry for entry in other.terms if entry[0].factors), other.terms[0])
    return dict(poly.terms).get(mono, Fraction(0)) / coefficient


def _decided(algebra: Algebra, poly: Poly, decide: Callable[[Atom], Poly | None]) -> Poly:
    """`poly` with every atom for which `decide` knows a value replaced by it, at every depth."""
    terms = []
    for mono, coefficient in poly.terms:
        with algebra.scope():
            bound, factors = algebra.open(mono)
            parts = [_power_decided(algebra, atom, power, decide) for atom, power in factors.items()]
            terms.append(scale(algebra.bind(algebra.multiply(*parts), bound), coefficient))
    return add(*terms)


def _power_decided(algebra: Algebra, atom: Atom, power: Fraction, decide: Callable[[Atom], Poly | None]) -> Poly:
    value = decide(atom)
    if value is not None:
        return algebra.power(value, power)
    if atom.inner is None:
        return algebra.product((), {atom: power}, ONE)
    return algebra.rebuild(atom, power, _decided(algebra, atom.inner, decide))
