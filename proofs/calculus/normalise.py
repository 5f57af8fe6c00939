"""From a statement's terms to normal forms, checking on the way that everything is defined on the whole domain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from fractions import Fraction
from math import inf

from proofs.calculus import sign
from proofs.calculus.algebra import Algebra, Context, DomainError
from proofs.calculus.derive import derivative
from proofs.calculus.poly import ONE, ZERO, Atom, Poly, TooLarge, add, dim_of, number, scale
from proofs.calculus.printing import to_text
from proofs.calculus.remedy import remedy
from proofs.calculus.sign import Sign
from proofs.calculus.terms import (
    Add,
    Definition,
    Delta,
    Diff,
    Element,
    Fn,
    Index,
    Mul,
    Num,
    Pi,
    Pow,
    Size,
    Statement,
    Sum,
    Term,
)

OPAQUE = ("sin", "cos", "erf")


@dataclass(frozen=True)
class Picked:
    """``sum over index of row * inside``, where `row` is an element of a one-hot row."""

    row: Atom
    index: str
    inside: Poly


class Normaliser:
    """Turns the terms of one statement into normal forms.

    Raises DomainError (a ValueError) where a term is not shown to be defined on the statement's whole domain.
    """

    def __init__(self, statement: Statement, *, assume_nonzero: bool = False, until: float = inf) -> None:
        self._statement = statement
        self._assume_nonzero = assume_nonzero
        self._merged = _merged_indices(statement)
        distinct = frozenset(
            frozenset((self._merged[w.left], self._merged[w.right])) for w in statement.where if not w.equal
        )
        self.algebra = Algebra(
            Context(
                domains={array.name: array.domain for array in statement.arrays},
                least={dim: statement.least_size(dim) for dim in statement.dims},
                distinct=distinct,
                until=until,
            )
        )
        self._arrays = {array.name: array for array in statement.arrays}
        self._definitions = {definition.name: definition for definition in statement.definitions}
        self._bodies: dict[str, Poly] = {}

    def about(self, statement: Statement) -> Normaliser:
        """One for another statement, which keeps what is known already where arrays and definitions are the same.

        Then the kinks of both are kept together, and the limit on work begins anew.
        """
        mine, other = ((s.arrays, s.definitions, s.where, s.least) for s in (self._statement, statement))
        if mine != other or statement.where:
            return Normaliser(statement, assume_nonzero=self._assume_nonzero, until=self.algebra.context.until)
        shared = copy(self)
        shared._statement, shared._merged = statement, _merged_indices(statement)
        shared.algebra.rest()
        return shared

    def __call__(self, term: Term) -> Poly:
        """The normal form of one side of the statement."""
        return self._poly(term, self._merged)

    def _poly(self, term: Term, scope: Mapping[str, str]) -> Poly:
        algebra = self.algebra
        match term:
            case Num(value):
                return number(value)
            case Pi():
                return Poly.of(Atom("pi"))
            case Size(dim):
                return Poly.of(Atom("size", dim))
            case Element(name, indices):
                return self._element(name, tuple(scope[index] for index in indices))
            case Delta(left, right):
                delta = Atom("delta", "", tuple(sorted((scope[left], scope[right]))))
                return algebra.product((), {delta: ONE}, ONE)
            case Sum(index, body):
                with algebra.scope() as level:
                    bound = f"{index.dim}|?{level}sum"
                    return algebra.bind(self._poly(body, {**scope, index.name: bound}), (bound,))
            case Add(terms):
                return add(*(self._poly(part, scope) for part in terms))
            case Mul(factors):
                return algebra.multiply(*(self._poly(part, scope) for part in factors))
            case Pow(base, exponent):
                return self._power(base, exponent, scope)
            case Fn(name, argument):
                return self._function(name, argument, scope)
            case Diff(body, by):
                return self._derivative(body, by, scope)

    def _element(self, name: str, indices: tuple[str, ...]) -> Poly:
        definition = self._definitions.get(name)
        if definition is None:
            return Poly.of(Atom("elem", name, indices))
        names = {_parameter(index): actual for index, actual in zip(definition.indices, indices, strict=True)}
        return self.algebra.substitute(self._body(definition), names)

    def _body(self, definition: Definition) -> Poly:
        """A definition's body, normalised once with its parameters as free indices."""
        if definition.name not in self._bodies:
            scope = {index.name: _parameter(index) for index in definition.indices}
            self._bodies[definition.name] = self._poly(definition.body, scope)
        return self._bodies[definition.name]

    def _power(self, base: Term, exponent: Fraction, scope: Mapping[str, str]) -> Poly:
        poly = self._poly(base, scope)
        if exponent.denominator == 1 and exponent >= 0:
            return self.algebra.power(poly, exponent)
        if (picked := self._picked(poly)) is not None:
            found = self.algebra.sign_of(picked.inside)
            if found == sign.POSITIVE:
                return self._put_back(picked, self.algebra.power(picked.inside, exponent, found))
        found = self._sign(base, poly)
        if exponent < 0 and 0 in found and self._assume_nonzero and poly.terms:
            self.algebra.note_kink(poly)
            found -= sign.ZERO_SIGN
        if exponent < 0 and 0 in found:
            fix = self._remedy(base, scope, lambda found: 0 not in found)
            raise DomainError(
                f"division by {to_text(base)}, which is not shown to be different from zero: "
                f"{fix or 'multiply both sides by it, or write an array declared nonzero in its place'}"
            )
        if exponent.denominator > 1 and -1 in found:
            fix = self._remedy(base, scope, lambda found: -1 not in found)
            raise DomainError(
                f"a root of {to_text(base)}, which is not shown to be >= 0: "
                f"{fix or 'write an array declared positive in its place'}"
            )
        return self.algebra.power(poly, exponent, found)

    def _function(self, name: str, argument: Term, scope: Mapping[str, str]) -> Poly:
        algebra = self.algebra
        if name == "sqrt":
            return self._power(argument, Fraction(1, 2), scope)
        poly = self._poly(argument, scope)
        match name:
            case "exp":
                return algebra.exp(poly)
            case "log" if (picked := self._picked(poly)) and self.algebra.sign_of(picked.inside) == sign.POSITIVE:
                return self._put_back(picked, algebra.log(picked.inside, sign.POSITIVE))
            case "log":
                found = self._sign(argument, poly)
                if found != sign.POSITIVE:
                    fix = self._remedy(argument, scope, lambda found: found == sign.POSITIVE)
                    raise DomainError(
                        f"the logarithm of {to_text(argument)}, which is not shown to be positive: "
                        f"{fix or 'write an array declared positive in its place'}"
                    )
                return algebra.log(poly, found)
            case "sigmoid":
                return algebra.power(add(number(1), algebra.exp(scale(poly, -ONE))), -ONE, sign.POSITIVE)
            case "tanh":
                below = algebra.power(add(number(1), algebra.exp(scale(poly, Fraction(2)))), -ONE, sign.POSITIVE)
                return add(number(1), scale(below, Fraction(-2)))
            case "softplus":
                return algebra.log(add(number(1), algebra.exp(poly)), sign.POSITIVE)
            case "step":
                algebra.note_kink(poly)
                return algebra.step(poly)
            case "relu" | "abs":
                found = self._sign(argument, poly)
                if -1 not in found:
                    return poly
                if 1 not in found:
                    return ZERO if name == "relu" else scale(poly, -ONE)
                return algebra.absolute(poly) if name == "abs" else algebra.multiply(poly, algebra.step(poly))
            case _:
                return algebra.function(name, poly)

    def _derivative(self, body: Term, by: Element, scope: Mapping[str, str]) -> Poly:
        if self._arrays[by.name].domain in ("simplex", "onehot"):
            raise DomainError(
                f"the elements of {by.name} sum to 1 and do not vary one at a time, so there is no derivative by "
                f"{to_text(by)}: declare {by.name} positive"
            )
        indices = tuple(scope[index] for index in by.indices)
        return derivative(self.algebra, self._poly(body, scope), by.name, indices)

    # One-hot rows: f(sum_c y_c g_c) = sum_c y_c f(g_c) -------------------------------------------------------------

    def _picked(self, poly: Poly) -> Picked | None:
        """``sum over c of y[..., c] * inside`` with y one-hot, if that is what `poly` is."""
        algebra = self.algebra
        level = len(poly.key)
        chosen: Atom | None = None
        parts = []
        for mono, coefficient in poly.terms:
            hot = [
                a
                for a, _ in mono.factors
                if a.kind == "elem" and algebra.context.domains.get(a.name) == "onehot" and a.indices[-1] in mono.bound
            ]
            if len(hot) != 1 or (chosen and (hot[0].name, hot[0].indices[:-1]) != (chosen.name, chosen.indices[:-1])):
                return None
            chosen = hot[0]
            if not set(chosen.indices[:-1]).isdisjoint(mono.bound):
                return None
            fixed = f"{dim_of(chosen.indices[-1])}|?hot{level}"
            names = {chosen.indices[-1]: fixed}
            with algebra.scope():
                rest = {algebra.rename(a, names): p for a, p in mono.factors if a is not chosen}
                bound = tuple(i for i in mono.bound if i != chosen.indices[-1])
                inner = {f: f"{dim_of(f)}|?hot{level}.{n}" for n, f in enumerate(bound)}
                renamed = {algebra.rename(a, inner): p for a, p in rest.items()}
                parts.append(algebra.product(tuple(inner.values()), renamed, coefficient))
        if chosen is None:
            return None
        return Picked(Atom("elem", chosen.name, (*chosen.indices[:-1], fixed)), fixed, add(*parts))

    def _put_back(self, picked: Picked, value: Poly) -> Poly:
        return self.algebra.bind(self.algebra.multiply(Poly.of(picked.row), value), (picked.index,))

    def _remedy(self, term: Term, scope: Mapping[str, str], fits: Callable[[Sign], bool]) -> str:
        """What to declare so that the sign of `term` fits, in words; empty if nothing helps."""
        free = {name: f"{dim_of(index)}|:{name}" if "?" in index else index for name, index in scope.items()}

        def helps(statement: Statement) -> bool:
            other = Normaliser(statement, assume_nonzero=self._assume_nonzero)
            try:
                return fits(other._sign(term, other._poly(term, free)))
            except (DomainError, TooLarge, RecursionError):
                return False

        return remedy(self._statement, term, helps)

    # Signs of terms as they are written, which multiplying out would hide ------------------------------------------

    def _sign(self, term: Term, poly: Poly) -> Sign:
        """The signs `term` can have, by its shape and by its normal form."""
        by_shape = self._shape_sign(term)
        by_form = self.algebra.sign_of(poly)
        return by_shape & by_form or by_shape

    def is_never_negative(self, definition: Definition) -> bool:
        """Whether what it defines is shown to be >= 0, by its shape."""
        return -1 not in self._shape_sign(definition.body)

    def _shape_sign(self, term: Term) -> Sign:
        match term:
            case Num(value):
                return sign.of_number(value)
            case Pi() | Size():
                return sign.POSITIVE
            case Element(name, _):
                if name in self._definitions:
                    return self._shape_sign(self._definitions[name].body)
                return sign.OF_DOMAIN[self._arrays[name].domain]
            case Delta():
                return sign.NONNEGATIVE
            case Sum(_, body):
                found = self._shape_sign(body)
                return found if len(found | sign.ZERO_SIGN) <= 2 else sign.ANY
            case Add(terms):
                total = sign.ZERO_SIGN
                for part in terms:
                    total = sign.plus(total, self._shape_sign(part))
                return total & self.algebra.sign_of(self(term)) if _of_sizes(term) else total
            case Mul(factors):
                total = sign.POSITIVE
                for part, count in Counter(factors).items():
                    total = sign.times(total, sign.to_power(self._shape_sign(part), Fraction(count)))
                return total
            case Pow(base, exponent):
                return sign.to_power(self._shape_sign(base), exponent)
            case Fn(name, argument):
                return self._function_sign(name, argument)
            case Diff():
                return sign.ANY

    def _function_sign(self, name: str, argument: Term) -> Sign:
        match name:
            case "exp" | "sigmoid" | "softplus":
                return sign.POSITIVE
            case "relu" | "abs":
                inner = self._shape_sign(argument)
                return sign.NONNEGATIVE if 0 in inner or (name == "relu" and -1 in inner) else sign.POSITIVE
            case "sqrt":
                return sign.NONNEGATIVE if 0 in self._shape_sign(argument) else sign.POSITIVE
            case "tanh" | "erf":
                return self._shape_sign(argument)
            case "step":
                return sign.NONNEGATIVE
            case _:
                return sign.ANY


def _of_sizes(term: Term) -> bool:
    """Whether a term is made of sizes and numbers alone."""
    match term:
        case Num() | Size():
            return True
        case Add(parts) | Mul(parts):
            return all(map(_of_sizes, parts))
        case _:
            return False


def _parameter(index: Index) -> str:
    """A definition's parameter as a free index that no statement can name."""
    return f"{index.dim}|:{index.name}"


def _merged_indices(statement: Statement) -> dict[str, str]:
    """The free indices, with those that `where` makes equal given one name."""
    merged = {index.name: f"{index.dim}|{index.name}" for index in statement.indices}
    for where in statement.where:
        if where.equal:
            old, new = sorted((merged[where.left], merged[where.right]))[::-1]
            merged = {name: new if target == old else target for name, target in merged.items()}
    return merged
