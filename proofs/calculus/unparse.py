"""From normal forms back to terms, for people to read: bound indices get letters that are still free."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import count

from proofs.calculus.poly import Atom, Mono, Poly, dim_of
from proofs.calculus.terms import Add, Delta, Element, Fn, Index, Mul, Num, Pi, Pow, Size, Sum, Term

LETTERS = "klmpqrtuv"


def to_term(poly: Poly, taken: frozenset[str] = frozenset()) -> Term:
    """A term equal to `poly`; `taken` are names that bound indices must not get.

    Indices of a sum that the calculus has opened get letters too.
    """
    names = {index: index.partition("|")[2].lstrip(":") for index in poly.free}
    summed = sorted(index for index, name in names.items() if name.startswith("?"))
    letters = _fresh(taken | {name for index, name in names.items() if index not in summed})
    names |= dict(zip(summed, letters, strict=False))
    return _sum(poly, names, taken | set(names.values()))


def _fresh(taken: frozenset[str]) -> Iterator[str]:
    for number in count():
        for letter in LETTERS:
            name = letter if number == 0 else f"{letter}{number}"
            if name not in taken:
                yield name


def _sum(poly: Poly, names: Mapping[str, str], taken: frozenset[str]) -> Term:
    parts = tuple(_mono(mono, coefficient, names, taken) for mono, coefficient in poly.terms)
    if len(parts) == 1:
        return parts[0]
    return Add(parts) if parts else Num(Fraction(0))


def _mono(mono: Mono, coefficient: Fraction, names: Mapping[str, str], taken: frozenset[str]) -> Term:
    letters = dict(zip(mono.bound, _fresh(taken), strict=False))
    inside = {**names, **letters}
    used = taken | set(letters.values())
    outer = [_power(a, p, inside, used) for a, p in mono.factors if a.free.isdisjoint(mono.bound)]
    inner = [_power(a, p, inside, used) for a, p in mono.factors if not a.free.isdisjoint(mono.bound)]
    if inner:
        body = _product(inner)
        for index in reversed(mono.bound):
            body = Sum(Index(letters[index], dim_of(index)), body)
        outer.append(body)
    if coefficient != 1 or not outer:
        outer.insert(0, Num(coefficient))
    return _product(outer)


def _product(parts: list[Term]) -> Term:
    return parts[0] if len(parts) == 1 else Mul(tuple(parts))


def _power(atom: Atom, power: Fraction, names: Mapping[str, str], taken: frozenset[str]) -> Term:
    if atom.kind == "exp" and atom.inner is not None:
        exponent = _sum(Poly(((atom.inner.terms[0][0], power),)), names, taken)
        return Fn("exp", exponent)
    base = _atom(atom, names, taken)
    return base if power == 1 else Pow(base, power)


def _atom(atom: Atom, names: Mapping[str, str], taken: frozenset[str]) -> Term:
    match atom.kind:
        case "elem":
            return Element(atom.name, tuple(names[i] for i in atom.indices))
        case "delta":
            return Delta(names[atom.indices[0]], names[atom.indices[1]])
        case "size":
            return Size(atom.name)
        case "pi":
            return Pi()
        case "prime":
            return Num(Fraction(int(atom.name)))
    assert atom.inner is not None
    inner = _sum(atom.inner, names, taken)
    match atom.kind:
        case "group":
            return inner
        case "step":
            half = Mul((Fn("abs", inner), Pow(inner, Fraction(-1))))
            return Mul((Num(Fraction(1, 2)), Add((Num(Fraction(1)), half))))
        case _:
            return Fn(atom.name, inner)
