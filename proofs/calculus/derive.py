"""The partial derivative of a normal form by one array element, for symbolic sizes.

Every rule follows from those of exp, log, powers and products, except those listed in postulates.py.
"""

from __future__ import annotations

from fractions import Fraction

from proofs.calculus.algebra import Algebra
from proofs.calculus.poly import ONE, ZERO, Atom, Poly, add, number, scale

TWO = Fraction(2)


def derivative(algebra: Algebra, poly: Poly, array: str, indices: tuple[str, ...]) -> Poly:
    """d poly / d array[indices]; `indices` may be free indices of `poly`."""
    if array not in poly.arrays:
        return ZERO
    terms = []
    for mono, coefficient in poly.terms:
        with algebra.scope():
            bound, factors = algebra.open(mono)
            for atom, power in factors.items():
                if array in atom.arrays:
                    rest = algebra.product((), {**factors, atom: Fraction(0)}, coefficient)
                    inner = _of_power(algebra, atom, power, array, indices)
                    terms.append(algebra.bind(algebra.multiply(rest, inner), bound))
    return add(*terms)


def _of_power(algebra: Algebra, atom: Atom, power: Fraction, array: str, indices: tuple[str, ...]) -> Poly:
    """The derivative of ``atom ** power``; where it exists only off a zero of something, that is noted as a kink."""
    if atom.inner is not None and atom.kind == "exp":
        same = algebra.product((), {atom: power}, power)
        return algebra.multiply(same, derivative(algebra, atom.inner, array, indices))
    if atom.inner is not None and (atom.kind == "step" or (power.denominator > 1 and power < 1)):
        algebra.note_kink(atom.inner)
    lowered = algebra.product((), {atom: power - 1}, power)
    return algebra.multiply(lowered, _of_atom(algebra, atom, array, indices))


def _of_atom(algebra: Algebra, atom: Atom, array: str, indices: tuple[str, ...]) -> Poly:
    if atom.inner is None:
        pairs = zip(atom.indices, indices, strict=True)
        deltas = [Poly.of(Atom("delta", "", tuple(sorted(pair)))) for pair in pairs]
        return algebra.multiply(*deltas)
    inside = derivative(algebra, atom.inner, array, indices)
    match atom.kind, atom.name:
        case "group", _:
            return inside
        case "step", _:
            return ZERO
        case "fn", "log":
            return algebra.multiply(inside, algebra.power(atom.inner, -ONE))
        case "fn", "sin":
            return algebra.multiply(inside, algebra.function("cos", atom.inner))
        case "fn", "cos":
            return algebra.multiply(inside, scale(algebra.function("sin", atom.inner), -ONE))
        case _:
            square = algebra.multiply(atom.inner, atom.inner)
            bell = algebra.multiply(algebra.exp(scale(square, -ONE)), number(2))
            root_pi = algebra.product((), {Atom("pi"): Fraction(-1, 2)}, ONE)
            return algebra.multiply(inside, bell, root_pi)
