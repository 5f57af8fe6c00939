"""Values of the calculus in normal form: polynomials in atoms under bound indices, equal exactly when their keys are.

An index is the string ``dim|name``. Free indices carry the user's name; the bound indices of a product are named
``dim|height.rank``, where `height` is larger than that of every bound index nested in one of its atoms, so that no
substitution can capture. `label` chooses the ranks: colour refinement, individualising only inside what stays
symmetric, connected components apart. Two products that differ only in the names of bound indices get the same key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Generic, TypeVar, overload

ONE = Fraction(1)
MAX_BITS = 5_000
"""Longest numerator or denominator of a coefficient; quotients of two of them still print."""

T = TypeVar("T")


class lazy(Generic[T]):
    """A property computed once: functools.cached_property without its lock, which costs a quarter of a proof."""

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self.compute = compute

    @overload
    def __get__(self, instance: None, owner: type) -> lazy[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> lazy[T] | T:
        if instance is None:
            return self
        value = instance.__dict__[self.compute.__name__] = self.compute(instance)
        return value


class TooLarge(Exception):
    """An expression outgrew the limits of the calculus; the claim stays UNDECIDED."""


def dim_of(index: str) -> str:
    """The dimension an index runs over."""
    return index.partition("|")[0]


@dataclass(frozen=True, eq=False)
class Atom:
    """An indivisible factor.

    kind: ``elem`` (array element), ``delta``, ``size``, ``pi``, ``prime`` (a prime number under a root),
    ``exp`` (of one product), ``fn`` (opaque function of a polynomial), ``step`` (1 where it is > 0, else 0),
    ``group`` (a polynomial kept whole because it stands under a power that cannot be multiplied out).
    """

    kind: str
    name: str = ""
    indices: tuple[str, ...] = ()
    inner: Poly | None = None

    @lazy
    def key(self) -> str:
        inner = "" if self.inner is None else "(" + self.inner.key + ")"
        return f"{self.kind}.{self.name}[{','.join(self.indices)}]{inner}"

    @lazy
    def free(self) -> frozenset[str]:
        return frozenset(self.indices) if self.inner is None else self.inner.free

    @lazy
    def height(self) -> int:
        return 0 if self.inner is None else self.inner.height

    @lazy
    def arrays(self) -> frozenset[str]:
        """The arrays whose elements occur."""
        if self.inner is not None:
            return self.inner.arrays
        return frozenset([self.name]) if self.kind == "elem" else frozenset()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Atom) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


Factors = Mapping[Atom, Fraction]
Powers = list[tuple[Atom, Fraction]]
Renaming = Callable[[Atom, Mapping[str, str]], Atom]


@dataclass(frozen=True, eq=False)
class Mono:
    """A product of powers of atoms, summed over its bound indices."""

    bound: tuple[str, ...]
    factors: tuple[tuple[Atom, Fraction], ...]

    @lazy
    def key(self) -> str:
        powers = "*".join(atom.key if power == 1 else f"{atom.key}^{power}" for atom, power in self.factors)
        return f"{{{','.join(self.bound)}}}{powers}" if self.bound else powers

    @lazy
    def free(self) -> frozenset[str]:
        return frozenset().union(*(atom.free for atom, _ in self.factors)) - frozenset(self.bound)

    @lazy
    def height(self) -> int:
        nested = max((atom.height for atom, _ in self.factors), default=0)
        return nested + 1 if self.bound else nested

    @lazy
    def arrays(self) -> frozenset[str]:
        return frozenset().union(*(atom.arrays for atom, _ in self.factors))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mono) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@dataclass(frozen=True, eq=False)
class Poly:
    """A sum of rational coefficients times products, sorted by key."""

    terms: tuple[tuple[Mono, Fraction], ...]

    @lazy
    def key(self) -> str:
        return "+".join(f"{coefficient}*{mono.key}" for mono, coefficient in self.terms)

    @lazy
    def free(self) -> frozenset[str]:
        return frozenset().union(*(mono.free for mono, _ in self.terms))

    @lazy
    def height(self) -> int:
        return max((mono.height for mono, _ in self.terms), default=0)

    @lazy
    def arrays(self) -> frozenset[str]:
        return frozenset().union(*(mono.arrays for mono, _ in self.terms))

    @staticmethod
    def of(atom: Atom) -> Poly:
        """A single atom, as it stands."""
        return Poly(((Mono((), ((atom, ONE),)), ONE),))

    @property
    def constant(self) -> Fraction | None:
        """The rational number this is, or None."""
        if not self.terms:
            return Fraction(0)
        if len(self.terms) == 1 and self.terms[0][0] == UNIT:
            return self.terms[0][1]
        return None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Poly) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


UNIT = Mono((), ())
ZERO = Poly(())


def collect(terms: Iterable[tuple[Mono, Fraction]]) -> Poly:
    """The sum of `terms` with like products added up and zeros dropped."""
    totals: dict[Mono, Fraction] = {}
    for mono, coefficient in terms:
        totals[mono] = totals.get(mono, Fraction(0)) + coefficient
    if any(bits(coefficient) > MAX_BITS for coefficient in totals.values()):
        raise TooLarge(f"a number grew beyond {MAX_BITS} bits")
    return Poly(tuple(sorted(((m, c) for m, c in totals.items() if c), key=lambda entry: entry[0].key)))


def bits(value: Fraction) -> int:
    """The length of the longer one of numerator and denominator."""
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def number(value: int | Fraction) -> Poly:
    """A rational constant."""
    return Poly(((UNIT, Fraction(value)),)) if value else ZERO


def add(*polys: Poly) -> Poly:
    """The sum of polynomials."""
    return collect(entry for poly in polys for entry in poly.terms)


def scale(poly: Poly, factor: Fraction) -> Poly:
    """The product with a rational number."""
    return Poly(tuple((mono, coefficient * factor) for mono, coefficient in poly.terms)) if factor else ZERO


def components(bound: Iterable[str], atoms: Iterable[Atom]) -> list[set[str]]:
    """The bound indices, grouped by the atoms that connect them."""
    groups: list[set[str]] = [{index} for index in bound]
    for atom in atoms:
        touched = [group for group in groups if group & atom.free]
        if len(touched) > 1:
            groups = [group for group in groups if not group & atom.free]
            groups.append(set().union(*touched))
    return groups


def signature(atom: Atom, colours: Mapping[str, str]) -> str:
    """A description of `atom` that depends on its free indices only through their colours."""
    if not any(index in colours for index in atom.free):
        return atom.key
    if atom.inner is None:
        return f"{atom.kind}.{atom.name}[{','.join(colours.get(i, i) for i in atom.indices)}]"
    parts = []
    for mono, coefficient in atom.inner.terms:
        inside = {**colours, **{index: f"{dim_of(index)}|_" for index in mono.bound}}
        powers = sorted(f"{signature(a, inside)}^{p}" for a, p in mono.factors)
        parts.append(f"{coefficient}*{len(mono.bound)}*{'*'.join(powers)}")
    return f"{atom.kind}.{atom.name}({'+'.join(sorted(parts))})"


def _refine(colours: dict[str, str], factors: list[tuple[Atom, Fraction]]) -> dict[str, str]:
    """Colours made finer until they are stable: an index is told apart by the atoms it occurs in."""
    while True:
        found = {}
        for index, colour in colours.items():
            marked = {**colours, index: "*"}
            near = sorted(f"{signature(a, marked)}^{p}" for a, p in factors if index in a.free)
            found[index] = f"{colour}<{'*'.join(near)}"
        ranks = {text: rank for rank, text in enumerate(sorted(set(found.values())))}
        finer = {index: f"{dim_of(index)}|c{ranks[text]:03d}" for index, text in found.items()}
        if len(ranks) == len(set(colours.values())):
            return finer
        colours = finer


def orders(indices: list[str], factors: list[tuple[Atom, Fraction]], budget: int) -> list[list[str]]:
    """The orders of one component's bound indices among which the canonical one is found by comparing keys."""
    if len(indices) == 1:
        return [indices]
    pending = [_refine({index: f"{dim_of(index)}|c" for index in indices}, factors)]
    done: list[list[str]] = []
    while pending:
        colours = pending.pop()
        classes: dict[str, list[str]] = {}
        for index in sorted(colours):
            classes.setdefault(colours[index], []).append(index)
        tied = [members for _, members in sorted(classes.items()) if len(members) > 1]
        if not tied:
            done.append(sorted(colours, key=lambda index: colours[index]))
            if len(done) > budget:
                raise TooLarge("too many symmetric summation indices in one product")
            continue
        pending += [_refine({**colours, chosen: colours[chosen] + "!"}, factors) for chosen in tied[0]]
    return done


def label(
    bound: Iterable[str],
    factors: Factors,
    rename: Renaming,
    budget: int = 720,
) -> Mono:
    """The product with canonically named bound indices. `rename` renames an atom's free indices one to one."""
    bound = tuple(bound)
    if not bound:
        return Mono((), tuple(sorted(factors.items(), key=_by_key)))
    height = 1 + max((atom.height for atom in factors), default=0)
    placed = []
    for group in components(bound, factors):
        own = [(a, p) for a, p in factors.items() if not a.free.isdisjoint(group)]
        placed.append(_placed(orders(sorted(group), own, budget), own, height, rename))
    if len(placed) > 1:
        placed.sort(key=lambda entry: entry[0] or _text(entry[1], entry[2], height, rename))
    order = [index for _, group_order, _ in placed for index in group_order]
    names = {index: f"{dim_of(index)}|{height}.{rank}" for rank, index in enumerate(order)}
    renamed = [(rename(a, names), p) for a, p in factors.items()]
    return Mono(tuple(names[i] for i in order), tuple(sorted(renamed, key=_by_key)))


def _by_key(entry: tuple[Atom, Fraction]) -> str:
    return entry[0].key


def _placed(found: list[list[str]], own: Powers, height: int, rename: Renaming) -> tuple[str, list[str], Powers]:
    """The order among `found` whose text comes first; the text is empty where there was no choice."""
    if len(found) == 1:
        return "", found[0], own
    return min((_text(order, own, height, rename), order, own) for order in found)


def _text(order: list[str], own: Powers, height: int, rename: Renaming) -> str:
    """What a connected part of a product looks like with its bound indices in this order."""
    names = {index: f"{dim_of(index)}|{height}.~{rank}" for rank, index in enumerate(order)}
    return "*".join(sorted(f"{rename(a, names).key}^{p}" for a, p in own))
