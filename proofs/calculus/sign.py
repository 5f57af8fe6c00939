"""Which signs a value can have: the analysis that allows a division, a root, a logarithm or the removal of |.|.

A `Sign` is the set of signs (-1, 0, 1) that have not been ruled out; the full set says nothing. Sums run over
non-empty dimensions. The analysis is structural and sound: it never rules out a sign that occurs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from proofs.calculus.poly import Atom, Mono, Poly

Sign = frozenset[int]

ANY: Sign = frozenset((-1, 0, 1))
POSITIVE: Sign = frozenset((1,))
NONNEGATIVE: Sign = frozenset((0, 1))
NONZERO: Sign = frozenset((-1, 1))
ZERO_SIGN: Sign = frozenset((0,))

OF_DOMAIN: Mapping[str, Sign] = {
    "real": ANY,
    "positive": POSITIVE,
    "nonzero": NONZERO,
    "simplex": NONNEGATIVE,
    "onehot": NONNEGATIVE,
}


def of_number(value: Fraction) -> Sign:
    """The sign of a rational number."""
    return frozenset(((value > 0) - (value < 0),))


def times(left: Sign, right: Sign) -> Sign:
    """The signs of a product."""
    return frozenset(a * b for a in left for b in right)


def plus(left: Sign, right: Sign) -> Sign:
    """The signs of a sum."""
    return frozenset(s for a in left for b in right for s in ((a, b) if a * b < 0 else (a or b,))) | (
        ZERO_SIGN if any(a * b < 0 for a in left for b in right) else frozenset()
    )


def to_power(base: Sign, exponent: Fraction) -> Sign:
    """The signs of a power, where it is defined."""
    if exponent == 0:
        return POSITIVE
    if exponent.denominator > 1:
        return base & NONNEGATIVE or ANY
    return frozenset(s * s for s in base) if exponent % 2 == 0 else base


def sign_of_poly(poly: Poly, of_atom: Callable[[Atom], Sign], least: Mapping[str, int]) -> Sign:
    """The signs a polynomial can have, given those of its atoms and the least sizes."""
    total = ZERO_SIGN
    for mono, coefficient in poly.terms:
        total = plus(total, times(of_number(coefficient), _sign_of_mono(mono, of_atom)))
    if 0 in total and poly.terms and all(a.kind == "size" and p > 0 for m, _ in poly.terms for a, p in m.factors):
        return total & _sign_in_sizes(poly, least)
    return total


def _sign_of_mono(mono: Mono, of_atom: Callable[[Atom], Sign]) -> Sign:
    sign = POSITIVE
    for atom, power in mono.factors:
        sign = times(sign, to_power(of_atom(atom), power))
    if mono.bound and len(sign | ZERO_SIGN) > 2:
        return ANY
    return sign


def _sign_in_sizes(poly: Poly, least: Mapping[str, int]) -> Sign:
    """The sign of a polynomial in sizes alone, by writing every size as its least value plus something >= 0."""
    shifted: dict[tuple[tuple[str, int], ...], Fraction] = {}
    for mono, coefficient in poly.terms:
        partial: dict[tuple[tuple[str, int], ...], Fraction] = {(): coefficient}
        for atom, power in mono.factors:
            if power.denominator > 1:
                return ANY
            for _ in range(int(power)):
                grown: dict[tuple[tuple[str, int], ...], Fraction] = {}
                for powers, c in partial.items():
                    counts = dict(powers)
                    raised = tuple(sorted({**counts, atom.name: counts.get(atom.name, 0) + 1}.items()))
                    grown[raised] = grown.get(raised, Fraction(0)) + c
                    grown[powers] = grown.get(powers, Fraction(0)) + c * least.get(atom.name, 1)
                partial = grown
        for powers, c in partial.items():
            shifted[powers] = shifted.get(powers, Fraction(0)) + c
    constant = shifted.pop((), Fraction(0))
    rest = set(shifted.values())
    if all(c >= 0 for c in rest) and constant >= 0:
        return POSITIVE if constant > 0 else NONNEGATIVE
    if all(c <= 0 for c in rest) and constant <= 0:
        return frozenset((-1,)) if constant < 0 else frozenset((-1, 0))
    return ANY
