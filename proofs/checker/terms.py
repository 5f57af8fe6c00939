"""2 and 3. Statements and terms: what a term multiplies together, and its value and derivatives at a point."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal, getcontext, localcontext
from fractions import Fraction
from functools import reduce
from operator import add, mul, or_
from typing import Any, NamedTuple

from proofs.checker.balls import ABBREVIATIONS, CONTEXT, SLOPES, Jet, exact, number, pi, power
from proofs.checker.reading import Malformed, Reader, Rejected, need

DOMAINS: dict[str, Callable[[Any], bool]] = {
    "real": lambda _: True,
    "positive": lambda x: x > 0,
    "nonzero": lambda x: x != 0,
    "simplex": lambda x: x >= 0,
    "onehot": lambda x: x in (0, 1),
}
PAIRS = [["name", "name"]]
FORM = {"sizes": "any", "indices": PAIRS, "definitions": [["name", PAIRS, "any"]], "lhs": "any", "rhs": "any"}
FORM |= {"arrays": [["name", ["name"], tuple(DOMAINS)]], "where": [[("==", "!="), "name", "name"]]}
Env = dict[str, int]  # the value of every index in scope
Place = tuple[str, tuple[int, ...]]  # an element of an array, or a definition at some indices


class Point(NamedTuple):
    """Sizes and array values; values of definitions already known there; the elements that carry infinitesimals."""

    reader: Reader
    sizes: dict[str, int]
    values: dict[Place, Fraction]
    known: dict[Any, Jet]
    by: tuple[Place, ...] = ()


class Term(NamedTuple):
    """The most that a term multiplies together (section 5.1), the rule for its value, and the steps that it costs."""

    degree: Counter[str]
    rule: Callable[[Point, Env], Jet]
    steps: int = 4

    def at(self, point: Point, env: Env) -> Jet:
        point.reader.burn(self.steps * (1 + getcontext().prec // 200) ** 2 * 3 ** len(point.by))
        return self.rule(point, env)


class Statement:
    """The statement part of a certificate, with its sides as Terms. Raises Malformed or Rejected."""

    def __init__(self, data: Any, reader: Reader) -> None:
        fields = reader.read(data, FORM, "statement")
        dims = {reader.read(dim, "name", "sizes"): range(1, 9) for dim in fields["sizes"]}
        self.least: dict[str, int] = reader.read(fields["sizes"], dims, "sizes")
        need(len(dims) <= 20, "sizes: expected at most 20 dimensions")
        self.reader, self.where, self.indices = reader, fields["where"], self.scope(fields["indices"])
        same = all(self.indices[left] == self.indices[right] for _, left, right in self.where)
        need(same, "where: expected two free indices of one dimension")
        self.arrays = {name: (axes, domain) for name, axes, domain in fields["arrays"]}
        self.definitions = {name: (self.scope(pairs), body) for name, pairs, body in fields["definitions"]}
        self.axes = {name: axes for name, (axes, _) in self.arrays.items()}
        self.axes |= {name: [*scope.values()] for name, (scope, _) in self.definitions.items()}
        declared = len(fields["arrays"]) + len(fields["definitions"])
        need(len(self.axes) == declared, "arrays and definitions: a name is declared twice")
        self.meanings: dict[str, Term] = {}
        self.sides = [self.term(fields[side], self.indices) for side in ("lhs", "rhs")]
        self.degree = self.sides[0].degree | self.sides[1].degree
        self.bits = sum(side.degree["bits"] for side in self.sides)
        need(self.bits <= 8000, "the constants, powers and repeated uses counted in, have too many digits", Rejected)

    def scope(self, pairs: list[list[str]]) -> dict[str, str]:
        scope = dict(pairs)
        good = {*scope.values()} <= self.least.keys() and len(scope) == len(pairs)
        need(good, f"indices: an unknown dimension or a name that occurs twice in {pairs}"[:99])
        return scope

    def allows(self, entry: Env) -> bool:
        return all((entry[left] == entry[right]) == (relation == "==") for relation, left, right in self.where)

    def differ(self, point: Point, entry: Env, patient: bool = False) -> bool:
        """Whether the sides cannot be equal (True) or agree to 50 digits (False, never if `patient`). Raises
        ArithmeticError where it cannot be told."""
        for factor in (1, 2, 4):
            with suppress(ArithmeticError), localcontext(CONTEXT, prec=factor * (80 + self.bits)):
                left, right = (side.at(point, entry).get(0, exact(0)) for side in self.sides)
                gap = left + exact(-1) * right
                if abs(gap.mid) > gap.rad:
                    return True
                if gap.rad <= Decimal("1e-50") * max(abs(left.mid), Decimal("1e-10")) and not patient:
                    return False
        raise ArithmeticError(f"sides not defined, or too close to tell, at sizes {point.sizes}, indices {entry}")

    def term(self, term: Any, scope: dict[str, str]) -> Term:
        """A term of section 3 over the indices in `scope`, with their dimensions."""
        match term:
            case ["num", text]:
                x = self.reader.read(text, "number", "num")
                bits = max(x.numerator.bit_length(), x.denominator.bit_length()) - 1
                return Term(Counter(bits=bits), lambda *_: number(x))
            case ["pi"]:
                return Term(Counter(function=1), lambda *_: pi(getcontext().prec))
            case ["size", str(dim)] if dim in self.least:
                return Term(Counter([f"size {dim}"]), lambda point, _: number(point.sizes[dim]))
            case ["delta", str(i), str(j)] if scope[i] == scope[j]:
                return Term(Counter(), lambda _, env: number(int(env[i] == env[j])))
            case ["elem", str(name), [*indices]] if [scope[i] for i in indices] == self.axes[name]:
                return self.element(name, indices)
            case ["sum", str(index), str(dim), part] if dim in self.least:
                body = self.term(part, scope | {index: dim})

                def total(point: Point, env: Env) -> Jet:
                    return reduce(add, [body.at(point, env | {index: k}) for k in range(point.sizes[dim])])

                return Term(body.degree + Counter([f"sum {dim}"]), total)
            case ["add", [_, *_] as parts]:
                terms = [self.term(part, scope) for part in parts]
                return Term(reduce(or_, [t.degree for t in terms]), lambda *at: reduce(add, [t.at(*at) for t in terms]))
            case ["mul", [*parts]]:
                terms = [self.term(part, scope) for part in (parts or [["num", 1]])]
                return Term(reduce(add, [t.degree for t in terms]), lambda *at: reduce(mul, [t.at(*at) for t in terms]))
            case ["pow", part, exponent]:
                p, base = Fraction(self.reader.read(exponent, "number", "pow")), self.term(part, scope)
                need(max(abs(p.numerator), p.denominator) <= 64, "pow: expected an exponent p/q with |p|, q <= 64")
                degree = reduce(add, [base.degree] * abs(p.numerator), Counter(function=p.denominator - 1))
                return Term(degree, lambda *at: power(base.at(*at), p))
            case ["fn", str(f), part] if f in ABBREVIATIONS or f in SLOPES:
                u, steps = self.term(part, scope), 1000 if f in ("sin", "cos", "erf") else 40
                counts = Counter(function=f != "inverse", kink=f in ("relu", "abs", "step", "sign"))
                return Term(u.degree | counts, lambda *at: u.at(*at).apply(f), steps)
            case ["diff", part, ["elem", str(name), [*indices]] as element] if name in self.arrays:
                body, _ = self.term(part, scope), self.term(element, scope)

                def derivative(point: Point, env: Env) -> Jet:
                    place, e = (name, tuple([env[i] for i in indices])), 1 << len(point.by)
                    jet = body.at(point._replace(by=(*point.by, place)), env)
                    return Jet({k - e: ball for k, ball in jet.items() if k >= e})

                return Term(body.degree + Counter([f"sum {dim}" for dim in self.axes[name]]), derivative)
        raise Malformed(f"expected a term of section 3 over declared names, got {str(term)[:99]}")

    def element(self, name: str, indices: list[str]) -> Term:
        """An array element, or the use of a definition."""
        names, body = self.definitions.get(name, ({}, None))
        if body is not None and name not in self.meanings:
            self.meanings[name] = self.term(body, names)
        meaning = self.meanings.get(name)

        def value(point: Point, env: Env) -> Jet:
            place = (name, tuple([env[i] for i in indices]))
            if meaning is None:
                infinitesimals = {1 << k: exact(1) for k, other in enumerate(point.by) if other == place}
                return Jet({0: exact(point.values[place])} | infinitesimals)
            if (key := (place, point.by, getcontext().prec)) not in point.known:
                point.known[key] = meaning.at(point, dict(zip(names, place[1], strict=True)))
            return point.known[key]

        return Term(meaning.degree if meaning else Counter(), value)
