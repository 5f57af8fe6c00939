"""Products of atoms under bound indices: renaming, substitution, contraction of deltas, multiplication, summation.

What it guarantees: every operation returns a polynomial equal to the one asked for, wherever both are defined, given
the domains in its `Context`. Powers and functions, which products fall back on, are added in algebra.py.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from time import monotonic

from proofs.calculus import sign
from proofs.calculus.poly import (
    ONE,
    UNIT,
    ZERO,
    Atom,
    Factors,
    Mono,
    Poly,
    TooLarge,
    add,
    components,
    dim_of,
    label,
    number,
    scale,
)
from proofs.calculus.sign import Sign


@dataclass(frozen=True)
class Context:
    """What is known about a statement's arrays, sizes and indices, and how much work may be done."""

    domains: Mapping[str, str]
    least: Mapping[str, int]
    distinct: frozenset[frozenset[str]] = frozenset()
    max_terms: int = 3_000
    max_work: int = 100_000
    until: float = inf
    """When to stop, by `time.monotonic`."""


PARITY = {"sin": -1, "erf": -1, "cos": 1}
MOST_TURNED = 4


def _turned(factors: Factors, atom: Atom, coefficient: Fraction) -> tuple[dict[Atom, Fraction], Fraction]:
    """The factors with ``f(u)`` written as ``f(-u)``, and the coefficient with the sign that this brings."""
    assert atom.inner is not None
    other = Atom(atom.kind, atom.name, (), scale(atom.inner, -ONE))
    power = factors[atom]
    turned = {kept: p for kept, p in factors.items() if kept != atom}
    turned[other] = turned.get(other, Fraction(0)) + power
    return turned, coefficient * PARITY[atom.name] ** (power.numerator % 2)


class Products(ABC):
    """Operations on normal forms in one context; holds nothing but caches, a work counter and observations.

    `kinks` are polynomials where a derivative that was taken need not exist if they are 0;
    `known` are signs shown for a polynomial by its shape before it was multiplied out;
    `cases` are the signs that the case in hand supposes.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.kinks: dict[str, Poly] = {}
        self.known: dict[str, Sign] = {}
        self.cases: list[tuple[Poly, int]] = []
        self._work = 0
        self._level = 0
        self._products: dict[tuple[str, str], Poly] = {}
        self._renamings: dict[tuple[Atom, tuple[tuple[str, str], ...]], Atom] = {}
        self._substitutions: dict[tuple[str, tuple[tuple[str, str], ...]], Poly] = {}
        self._roots: dict[str, tuple[Fraction, Poly] | None] = {}
        self._replacements: dict[tuple[Atom, Fraction, tuple[tuple[str, str], ...]], Poly] = {}

    # Temporary index names ---------------------------------------------------------------------------------------

    @contextmanager
    def scope(self) -> Iterator[int]:
        """A level whose temporary index names no operation in progress uses."""
        self._level += 1
        try:
            yield self._level
        finally:
            self._level -= 1

    def open(self, mono: Mono, tag: str = "") -> tuple[tuple[str, ...], dict[Atom, Fraction]]:
        """A product with its bound indices renamed to temporary ones of the current level."""
        names = {index: f"{dim_of(index)}|?{self._level}{tag}.{rank}" for rank, index in enumerate(mono.bound)}
        return tuple(names.values()), {self.rename(atom, names): power for atom, power in mono.factors}

    # Substitution of indices -------------------------------------------------------------------------------------

    def rename(self, atom: Atom, names: Mapping[str, str]) -> Atom:
        """`atom` under a renaming of its free indices that keeps different indices different."""
        changes = tuple((index, names[index]) for index in sorted(atom.free) if index in names)
        if not changes:
            return atom
        found = self._renamings.get((atom, changes))
        if found is None:
            if atom.inner is None:
                indices = tuple(names.get(index, index) for index in atom.indices)
                found = Atom(atom.kind, atom.name, tuple(sorted(indices)) if atom.kind == "delta" else indices)
            else:
                found = Atom(atom.kind, atom.name, (), self.substitute(atom.inner, names))
            self._renamings[atom, changes] = found
        return found

    def substitute(self, poly: Poly, names: Mapping[str, str]) -> Poly:
        """`poly` with free indices replaced, which may make different indices equal."""
        names = {old: new for old, new in names.items() if old in poly.free}
        if not names:
            return poly
        key = (poly.key, tuple(sorted(names.items())))
        found = self._substitutions.get(key)
        if found is None:
            merging = len(set(names.values())) < len(names) or any(
                new in poly.free and new not in names for new in names.values()
            )
            one = self._merged if merging else self._renamed
            found = add(*(scale(one(mono, names), coefficient) for mono, coefficient in poly.terms))
            self._substitutions[key] = found
            if poly.key in self.known:
                self.learn(found, self.known[poly.key])
        return found

    def _renamed(self, mono: Mono, names: Mapping[str, str]) -> Poly:
        return self._canonical(mono.bound, {self.rename(atom, names): power for atom, power in mono.factors}, ONE)

    def _merged(self, mono: Mono, names: Mapping[str, str]) -> Poly:
        with self.scope():
            bound, factors = self.open(mono)
            return self.bind(self.multiply(*(self._replaced(a, p, names) for a, p in factors.items())), bound)

    def _replaced(self, atom: Atom, power: Fraction, names: Mapping[str, str]) -> Poly:
        """``atom ** power`` with free indices replaced, simplified again."""
        if atom.inner is None or names.keys().isdisjoint(atom.free):
            return self.product((), {self.rename(atom, names): power}, ONE)
        key = (atom, power, tuple(sorted(names.items())))
        if key not in self._replacements:
            self._replacements[key] = self.rebuild(atom, power, self.substitute(atom.inner, names))
        return self._replacements[key]

    @abstractmethod
    def rebuild(self, atom: Atom, power: Fraction, inner: Poly) -> Poly:
        """``atom ** power`` with another argument in place of its own, simplified."""

    @abstractmethod
    def power(self, poly: Poly, exponent: Fraction, known: Sign = sign.ANY) -> Poly:
        """``poly ** exponent``."""

    @abstractmethod
    def learn(self, poly: Poly, found: Sign) -> None:
        """Remember a sign that was shown for `poly`."""

    def rest(self) -> None:
        """Begin the count of work anew."""
        self._work = 0

    def _spend(self, steps: int) -> None:
        self._work += steps
        if self._work > self.context.max_work:
            raise TooLarge(f"more than {self.context.max_work} steps were needed")
        if self.context.until < inf and monotonic() > self.context.until:
            raise TooLarge(f"the time allowed has passed after {self._work} steps")

    # Products ----------------------------------------------------------------------------------------------------

    def multiply(self, *polys: Poly) -> Poly:
        """The product of polynomials."""
        total = number(1)
        for poly in polys:
            if len(total.terms) * len(poly.terms) > 4 * self.context.max_terms:
                raise TooLarge(f"a product would have {len(total.terms) * len(poly.terms)} terms")
            self._spend(len(total.terms) * len(poly.terms))
            products = (scale(self._times(m, n), a * b) for m, a in total.terms for n, b in poly.terms)
            total = self._limited(add(*products))
        return total

    def _times(self, left: Mono, right: Mono) -> Poly:
        if left is UNIT or right is UNIT:
            return Poly(((right if left is UNIT else left, ONE),))
        key = (left.key, right.key) if left.key <= right.key else (right.key, left.key)
        found = self._products.get(key)
        if found is None:
            with self.scope():
                bound, factors = self.open(left, "l")
                more, others = self.open(right, "r")
                for atom, power in others.items():
                    factors[atom] = factors.get(atom, Fraction(0)) + power
                found = self.product((*bound, *more), factors, ONE)
            self._products[key] = found
        return found

    def bind(self, poly: Poly, bound: Iterable[str]) -> Poly:
        """The sum of `poly` over temporary indices that are free in it."""
        bound = tuple(bound)
        if not bound:
            return poly
        with self.scope():
            terms = []
            for mono, coefficient in poly.terms:
                inside, factors = self.open(mono)
                terms.append(self.product((*bound, *inside), factors, coefficient))
            return self._limited(add(*terms))

    def product(self, bound: tuple[str, ...], factors: Factors, coefficient: Fraction) -> Poly:
        """A product of powers of atoms summed over `bound` (temporary names), simplified.

        Rules, in this order: contract deltas; step^k = step; roots of primes; multiply out whole powers of groups;
        sin^2 = 1 - cos^2; y_i y_j = delta_ij y_i in a one-hot row; sum of 1 = size; a * 1/a = 1 for whole sums; a
        simplex row or a one-hot row sums to 1; canonical labels.
        """
        self._spend(3)
        kept: dict[Atom, Fraction] = {}
        scalar = coefficient  # with the whole powers of primes; what starts anew from `factors` still has them there
        for atom, power in factors.items():
            if not power:
                continue
            if atom.kind == "delta" and not self._is_settled(atom, bound, factors):
                return self._contract(atom, bound, factors, coefficient)
            if atom.kind in ("step", "delta"):
                kept[atom] = ONE
            elif atom.kind == "elem" and self.context.domains.get(atom.name) == "onehot":
                if (other := self._same_row(atom, kept)) is not None:
                    pair = Atom("delta", "", tuple(sorted((atom.indices[-1], other.indices[-1]))))
                    return self.product(bound, {**factors, atom: Fraction(0), pair: ONE}, coefficient)
                kept[atom] = ONE
            elif atom.kind == "prime" and not 0 < power < 1:
                scalar *= Fraction(int(atom.name)) ** (power // 1)
                if power % 1:
                    kept[atom] = power % 1
            elif atom.kind == "group" and power >= 1 and atom.inner is not None:
                rest = {**factors, atom: power % 1}
                return self._expand(self.power(atom.inner, Fraction(power // 1)), bound, rest, coefficient)
            elif atom.kind == "fn" and atom.name == "sin" and power >= 2 and atom.inner is not None:
                cosine = Atom("fn", "cos", (), atom.inner)
                square = add(number(1), self.product((), {cosine: Fraction(2)}, -ONE))
                return self._expand(square, bound, {**factors, atom: power - 2}, coefficient)
            else:
                kept[atom] = power
        return self._labelled(bound, kept, scalar)

    def times_powers(self, poly: Poly, powers: Factors) -> Poly:
        """``poly`` times powers of atoms, the exponents of each atom added up before anything is multiplied out."""
        return self._expand(poly, (), powers, ONE)

    def _expand(self, poly: Poly, bound: tuple[str, ...], rest: Factors, coefficient: Fraction) -> Poly:
        """``coefficient * (sum over bound of poly * rest)``."""
        with self.scope():
            terms = []
            for mono, own in poly.terms:
                inside, factors = self.open(mono)
                for atom, power in rest.items():
                    factors[atom] = factors.get(atom, Fraction(0)) + power
                terms.append(self.product((*bound, *inside), factors, coefficient * own))
            return self._limited(add(*terms))

    def _is_settled(self, delta: Atom, bound: tuple[str, ...], factors: Factors) -> bool:
        """Whether a delta between two free indices has been used on everything else in its product."""
        left, right = delta.indices
        if left == right or left in bound or right in bound or frozenset((left, right)) in self.context.distinct:
            return False
        return not any(right in atom.free for atom in factors if atom is not delta)

    def _contract(self, delta: Atom, bound: tuple[str, ...], factors: Factors, coefficient: Fraction) -> Poly:
        """Use a delta: a bound index becomes the other one; of two free indices the first name stays everywhere."""
        left, right = delta.indices
        if frozenset((left, right)) in self.context.distinct:
            return ZERO
        rest = {atom: power for atom, power in factors.items() if atom is not delta}
        if left == right:
            return self.product(bound, rest, coefficient)
        old, new = (left, right) if left in bound and right not in bound else (right, left)
        with self.scope():
            untouched = {atom: power for atom, power in rest.items() if old not in atom.free}
            total = self.product((), untouched, coefficient)
            for atom, power in rest.items():
                if old in atom.free:
                    total = self.multiply(total, self._replaced(atom, power, {old: new}))
            if old not in bound:
                total = self.multiply(total, Poly.of(delta))
            return self.bind(total, (index for index in bound if index != old))

    def _labelled(self, bound: tuple[str, ...], factors: dict[Atom, Fraction], coefficient: Fraction) -> Poly:
        """The last rules for a product without unsettled deltas, and its canonical labels."""
        remaining = list(bound)
        for index in bound:
            holders = [atom for atom in factors if index in atom.free]
            if not holders:
                size = Atom("size", dim_of(index))
                factors[size] = factors.get(size, Fraction(0)) + 1
            elif not (len(holders) == 1 and factors[holders[0]] == 1 and self._is_simplex_row(holders[0], index)):
                continue
            else:
                del factors[holders[0]]
                return self.product(tuple(i for i in remaining if i != index), factors, coefficient)
            remaining.remove(index)
        for group, power in list(factors.items()):
            if group.kind == "group" and power < 0 and group.inner is not None and len(group.inner.terms) == 1:
                whole = group.inner.terms[0][0]
                for part in components([i for i in remaining if i not in group.free], factors):
                    own = {a: p for a, p in factors.items() if a.free & part}
                    if len(part) == len(whole.bound) and label(part, own, self.rename) == whole:
                        left = {a: p for a, p in factors.items() if a not in own} | {group: power + 1}
                        return self.product(tuple(i for i in remaining if i not in part), left, coefficient)
        return self._canonical(remaining, {atom: power for atom, power in factors.items() if power}, coefficient)

    def _canonical(self, bound: Iterable[str], factors: Factors, coefficient: Fraction) -> Poly:
        """The product with its canonical labels, whichever way round the arguments of odd and even functions stand.

        Of all ways to write it with the arguments u or -u the one with the first key is kept; a product that this
        shows to be its own opposite is 0.
        """
        bound = tuple(bound)
        turning = []
        for atom, power in factors.items():
            if atom.kind == "fn" and atom.name in PARITY and power.denominator == 1 and atom.inner is not None:
                if not atom.free.isdisjoint(bound):
                    turning.append(atom)
                elif atom.inner.terms[0][1] < 0:
                    return self.product(bound, *_turned(factors, atom, coefficient))
        ways = [(dict(factors), coefficient)]
        for atom in turning if len(turning) <= MOST_TURNED else ():
            ways += [_turned(way, atom, c) for way, c in ways]
            if len(ways[-1][0]) < len(factors):
                return self.product(bound, *ways[-1])
        found = [(label(bound, way, self.rename), c) for way, c in ways]
        first = min(found, key=lambda entry: entry[0].key)
        return ZERO if (first[0], -first[1]) in found else Poly((first,))

    def _same_row(self, atom: Atom, kept: Factors) -> Atom | None:
        """Another element of the same row of a one-hot array: at most one of the two is 1."""
        for other in kept:
            if other.kind == "elem" and other.name == atom.name and other.indices[:-1] == atom.indices[:-1]:
                return other
        return None

    def _is_simplex_row(self, atom: Atom, index: str) -> bool:
        return (
            atom.kind == "elem"
            and self.context.domains.get(atom.name) in ("simplex", "onehot")
            and atom.indices[-1] == index
            and index not in atom.indices[:-1]
        )

    def _limited(self, poly: Poly) -> Poly:
        if len(poly.terms) > self.context.max_terms:
            raise TooLarge(f"an expression grew beyond {self.context.max_terms} terms")
        return poly
