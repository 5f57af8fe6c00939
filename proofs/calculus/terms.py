"""Index terms as people write them: tensor elements, sums, deltas, functions, derivatives; and their JSON form.

Every index carries the name of its dimension and sizes stay symbolic. Terms are plain frozen data; nothing
here simplifies. `Statement` is an equation between two terms with everything needed to read it, and its JSON
is the statement part of an identity certificate (checker/FORMAT.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

FUNCTIONS = ("exp", "log", "sqrt", "tanh", "sigmoid", "softplus", "relu", "abs", "step", "erf", "sin", "cos")
DOMAINS = ("real", "positive", "nonzero", "simplex", "onehot")


@dataclass(frozen=True, slots=True)
class Index:
    """An index name and the dimension it runs over."""

    name: str
    dim: str


class _Algebra:
    """Python operators that build terms."""

    __slots__ = ()

    def __add__(self, other: TermLike) -> Term:
        return Add((self, term(other)))  # type: ignore[arg-type]

    def __radd__(self, other: TermLike) -> Term:
        return Add((term(other), self))  # type: ignore[arg-type]

    def __sub__(self, other: TermLike) -> Term:
        return Add((self, Mul((Num(Fraction(-1)), term(other)))))  # type: ignore[arg-type]

    def __rsub__(self, other: TermLike) -> Term:
        return Add((term(other), Mul((Num(Fraction(-1)), self))))  # type: ignore[arg-type]

    def __mul__(self, other: TermLike) -> Term:
        return Mul((self, term(other)))  # type: ignore[arg-type]

    def __rmul__(self, other: TermLike) -> Term:
        return Mul((term(other), self))  # type: ignore[arg-type]

    def __truediv__(self, other: TermLike) -> Term:
        return Mul((self, Pow(term(other), Fraction(-1))))  # type: ignore[arg-type]

    def __rtruediv__(self, other: TermLike) -> Term:
        return Mul((term(other), Pow(self, Fraction(-1))))  # type: ignore[arg-type]

    def __neg__(self) -> Term:
        return Mul((Num(Fraction(-1)), self))  # type: ignore[arg-type]

    def __pow__(self, exponent: int | Fraction) -> Term:
        return Pow(self, Fraction(exponent))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Num(_Algebra):
    """An exact rational number."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Pi(_Algebra):
    """The number pi."""


@dataclass(frozen=True, slots=True)
class Size(_Algebra):
    """A dimension's size used as a number."""

    dim: str


@dataclass(frozen=True, slots=True)
class Element(_Algebra):
    """An array element or a use of a definition: ``z[i]``, ``W[d,h]``, ``c`` (no indices)."""

    name: str
    indices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delta(_Algebra):
    """1 where both indices are equal, otherwise 0."""

    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Sum(_Algebra):
    """The sum of `body` over the bound index; the binding shadows an outer index of that name."""

    index: Index
    body: Term


@dataclass(frozen=True, slots=True)
class Add(_Algebra):
    """A sum of terms."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Mul(_Algebra):
    """A product of terms."""

    factors: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Pow(_Algebra):
    """A rational power."""

    base: Term
    exponent: Fraction


@dataclass(frozen=True, slots=True)
class Fn(_Algebra):
    """One of `FUNCTIONS` applied to a term."""

    name: str
    argument: Term


@dataclass(frozen=True, slots=True)
class Diff(_Algebra):
    """The partial derivative of `body` by one array element; definitions inside `body` are seen through."""

    body: Term
    by: Element


Term = Num | Pi | Size | Element | Delta | Sum | Add | Mul | Pow | Fn | Diff
TermLike = Term | int | Fraction


def term(value: TermLike) -> Term:
    """`value` itself, or the number it is."""
    return Num(Fraction(value)) if isinstance(value, (int, Fraction)) else value


@dataclass(frozen=True, slots=True)
class Array:
    """A real array: its name, the dimension of each axis, and the domain of its elements (one of `DOMAINS`)."""

    name: str
    dims: tuple[str, ...]
    domain: str = "real"


@dataclass(frozen=True, slots=True)
class Definition:
    """``name[indices] = body``; the body may use arrays and the definitions before it."""

    name: str
    indices: tuple[Index, ...]
    body: Term


@dataclass(frozen=True, slots=True)
class Where:
    """A side condition between two free indices: equal or different."""

    left: str
    right: str
    equal: bool

    def __str__(self) -> str:
        return f"{self.left} {'==' if self.equal else '!='} {self.right}"


@dataclass(frozen=True, slots=True)
class Statement:
    """``lhs = rhs`` for all values of the free indices that satisfy `where`, all arrays and all sizes >= `least`."""

    lhs: Term
    rhs: Term
    indices: tuple[Index, ...] = ()
    arrays: tuple[Array, ...] = ()
    definitions: tuple[Definition, ...] = ()
    where: tuple[Where, ...] = ()
    least: tuple[tuple[str, int], ...] = ()

    @property
    def dims(self) -> tuple[str, ...]:
        """Every dimension that occurs, in order of first mention."""
        found: dict[str, None] = {}
        for index in self.indices:
            found[index.dim] = None
        for array in self.arrays:
            found.update(dict.fromkeys(array.dims))
        for definition in self.definitions:
            found.update((index.dim, None) for index in definition.indices)
        for name, _ in self.least:
            found[name] = None
        return tuple(found)

    def least_size(self, dim: str) -> int:
        """The smallest size of `dim` that the statement speaks about."""
        return dict(self.least).get(dim, 1)

    def to_json(self) -> dict[str, Any]:
        """The statement part of a certificate."""
        return {
            "sizes": {dim: self.least_size(dim) for dim in self.dims},
            "indices": [[i.name, i.dim] for i in self.indices],
            "arrays": [[a.name, list(a.dims), a.domain] for a in self.arrays],
            "definitions": [[d.name, [[i.name, i.dim] for i in d.indices], to_json(d.body)] for d in self.definitions],
            "where": [["==" if w.equal else "!=", w.left, w.right] for w in self.where],
            "lhs": to_json(self.lhs),
            "rhs": to_json(self.rhs),
        }


def to_json(t: Term) -> list[Any]:
    """The prefix form of a term (checker/FORMAT.md, section 3)."""
    match t:
        case Num(value):
            return ["num", str(value)]
        case Pi():
            return ["pi"]
        case Size(dim):
            return ["size", dim]
        case Element(name, indices):
            return ["elem", name, list(indices)]
        case Delta(left, right):
            return ["delta", left, right]
        case Sum(index, body):
            return ["sum", index.name, index.dim, to_json(body)]
        case Add(terms):
            return ["add", [to_json(x) for x in terms]]
        case Mul(factors):
            return ["mul", [to_json(x) for x in factors]]
        case Pow(base, exponent):
            return ["pow", to_json(base), str(exponent)]
        case Fn(name, argument):
            return ["fn", name, to_json(argument)]
        case Diff(body, by):
            return ["diff", to_json(body), to_json(by)]


def children(t: Term) -> tuple[Term, ...]:
    """The direct subterms."""
    match t:
        case Sum(_, body):
            return (body,)
        case Add(terms):
            return terms
        case Mul(factors):
            return factors
        case Pow(base, _):
            return (base,)
        case Fn(_, argument):
            return (argument,)
        case Diff(body, by):
            return (body, by)
        case _:
            return ()


def subterms(statement: Statement) -> Iterator[Term]:
    """Every term of a statement and of its definitions, the sides themselves included."""
    pending = [statement.lhs, statement.rhs, *(definition.body for definition in statement.definitions)]
    while pending:
        t = pending.pop()
        yield t
        pending += children(t)


def without_unused(statement: Statement) -> Statement:
    """The statement without the definitions that neither side uses."""
    names: set[str] = set()
    pending = [statement.lhs, statement.rhs]
    bodies = {definition.name: definition.body for definition in statement.definitions}
    while pending:
        t = pending.pop()
        if isinstance(t, Element) and t.name in bodies and t.name not in names:
            names.add(t.name)
            pending.append(bodies[t.name])
        pending += children(t)
    return replace(statement, definitions=tuple(d for d in statement.definitions if d.name in names))


def rename(t: Term, names: Mapping[str, str]) -> Term:
    """`t` with free indices renamed; the caller sees to it that no new name is bound inside `t`."""
    match t:
        case Element(name, indices):
            return Element(name, tuple(names.get(i, i) for i in indices))
        case Delta(left, right):
            return Delta(names.get(left, left), names.get(right, right))
        case Sum(index, body):
            return Sum(index, rename(body, {k: v for k, v in names.items() if k != index.name}))
        case Add(terms):
            return Add(tuple(rename(x, names) for x in terms))
        case Mul(factors):
            return Mul(tuple(rename(x, names) for x in factors))
        case Pow(base, exponent):
            return Pow(rename(base, names), exponent)
        case Fn(name, argument):
            return Fn(name, rename(argument, names))
        case Diff(body, by):
            return Diff(rename(body, names), Element(by.name, tuple(names.get(i, i) for i in by.indices)))
        case _:
            return t
