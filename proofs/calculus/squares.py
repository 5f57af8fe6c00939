"""Polynomials that are a number times a square: what shows that ``x**2 - 2*x + 1`` is not negative."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from proofs.calculus.poly import ONE, Atom, Mono, Poly, collect

MOST = 12
"""Terms of a root."""

_Vector = tuple[Fraction, ...]


def square_root(poly: Poly, multiply: Callable[[Poly, Poly], Poly]) -> tuple[Fraction, Poly] | None:
    """The number c and the polynomial q with ``poly = c * q**2``, if q has whole powers of atoms under no sum.

    The root is found term by term, leading term first, as if the atoms were independent; it is returned only if
    `multiply`, which knows all their relations, gives back `poly`.
    """
    whole = all(power.denominator == 1 for mono, _ in poly.terms for _, power in mono.factors)
    if not 3 <= len(poly.terms) <= MOST * (MOST + 1) // 2 or not whole or any(mono.bound for mono, _ in poly.terms):
        return None
    atoms = sorted({atom for mono, _ in poly.terms for atom, _ in mono.factors}, key=lambda atom: atom.key)
    left = {tuple(dict(mono.factors).get(atom, Fraction(0)) for atom in atoms): c for mono, c in poly.terms}
    leading = max(left)
    scaled = left[leading]
    left = {vector: c / scaled for vector, c in left.items()}
    root: dict[_Vector, Fraction] = {}
    while left:
        top = max(left)
        first = next(iter(root), None)
        vector = tuple(a / 2 for a in top) if first is None else tuple(a - b for a, b in zip(top, first, strict=True))
        if len(root) == MOST or any(p.denominator > 1 for p in vector) or (root and vector >= min(root)):
            return None
        new = ONE if first is None else left[top] / 2
        for other, c in (*((v, 2 * c) for v, c in root.items()), (vector, new)):
            both = tuple(a + b for a, b in zip(vector, other, strict=True))
            left[both] = left.get(both, Fraction(0)) - new * c
            if not left[both]:
                del left[both]
        root[vector] = new
    found = collect((_mono(atoms, vector), c) for vector, c in root.items())
    square = multiply(found, found)
    same = {mono: c * scaled for mono, c in square.terms} == dict(poly.terms)
    return (scaled, found) if same else None


def _mono(atoms: list[Atom], vector: _Vector) -> Mono:
    return Mono((), tuple((atom, power) for atom, power in zip(atoms, vector, strict=True) if power))
