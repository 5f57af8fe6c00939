"""2 and 3. Statements and terms: what a term multiplies together, and its value and derivatives at a point."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal, getcontext, localcontext
from fractions import Fraction
from functools import lru_cache, reduce
from operator import add, mul, or_
from typing import Any, NamedTuple

from proofs.checker.balls import ABBREVIATIONS, CONTEXT, SLOPES, Ball, apply, exact, jet, parts, pi, power
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
Values = dict[Place, Fraction]


class Point:
    """Sizes and array values, with infinitesimals added to the elements `by`; at `plain` there are none. `known` are
    the uses that were evaluated, with the elements read for them."""

    def __init__(self, reader: Reader, sizes: Env, values: Values, digits: int, plain: "Point | None" = None) -> None:
        self.reader, self.sizes, self.values, self.digits, self.plain = reader, sizes, values, digits, plain or self
        self.by, self.cost = tuple[Place, ...](), (1 + digits // 200) ** 2
        self.known: dict[Place, tuple[Ball, set[Place]]] = {}
        self.beside: dict[Place, Point] = {}
        self.read: set[Place] = set()

    def burn(self, steps: int) -> None:
        self.reader.burn(steps * self.cost)

    def moved(self, place: Place) -> "Point":
        """This point with one more infinitesimal."""
        if place not in self.beside:
            beside = self.beside[place] = Point(self.reader, self.sizes, self.values, self.digits, self.plain)
            beside.by, beside.cost = (*self.by, place), 3 * self.cost
        return self.beside[place]


def at(sizes: Env, indices: Env) -> str:
    """Where, in words."""
    named = [f"{name} = {value}" for name, value in (*sizes.items(), *indices.items())]
    return f"at {', '.join(named)}" if named else "everywhere"


class Term(NamedTuple):
    """The most that a term multiplies together (section 5.1), its value, and what that costs outside sums and uses."""

    degree: Counter[str]
    at: Callable[[Point, Env], Ball]
    steps: int = 4


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

    def points(self, sizes: Env, values: Values) -> list[Point]:
        """The same point at three precisions."""
        return [Point(self.reader, sizes, values, factor * (80 + self.bits)) for factor in (1, 2, 4)]

    def differ(self, points: list[Point], entry: Env, patient: bool = False) -> bool:
        """Whether the sides cannot be equal (True) or agree to 50 digits (False, never if `patient`). Raises
        ArithmeticError where it cannot be told."""
        for point in points:
            with suppress(ArithmeticError), localcontext(CONTEXT, prec=point.digits):
                point.burn(sum(side.steps for side in self.sides))
                left, right = (side.at(point, entry) for side in self.sides)
                gap = left + exact(-1) * right
                if abs(gap.mid) > gap.rad:
                    return True
                if gap.rad <= Decimal("1e-50") * max(abs(left.mid), Decimal("1e-10")) and not patient:
                    return False
        raise ArithmeticError(f"sides not defined, or too close to tell, {at(points[0].sizes, entry)}")

    def term(self, term: Any, scope: dict[str, str]) -> Term:
        """A term of section 3 over the indices in `scope`, with their dimensions."""
        match term:
            case ["num", text]:
                x = self.reader.read(text, "number", "num")
                x, bits = (
                    x if x.denominator > 1 else int(x),
                    max(x.numerator.bit_length(), x.denominator.bit_length()) - 1,
                )
                known = lru_cache(maxsize=3)(lambda _digits: exact(x))
                return Term(Counter(bits=bits), lambda point, _: known(point.digits))
            case ["pi"]:
                return Term(Counter(function=1), lambda *_: pi(getcontext().prec))
            case ["size", str(dim)] if dim in self.least:
                return Term(Counter([f"size {dim}"]), lambda point, _: exact(point.sizes[dim]))
            case ["delta", str(i), str(j)] if scope[i] == scope[j]:
                return Term(Counter(), lambda _, env: exact(int(env[i] == env[j])))
            case ["elem", str(name), [*indices]] if [scope[i] for i in indices] == self.axes[name]:
                return self.element(name, indices)
            case ["sum", str(index), str(dim), part] if dim in self.least:
                body = self.term(part, scope | {index: dim})

                def total(point: Point, env: Env) -> Ball:
                    point.burn(point.sizes[dim] * body.steps)
                    return reduce(add, [body.at(point, env | {index: k}) for k in range(point.sizes[dim])])

                return Term(body.degree + Counter([f"sum {dim}"]), total)
            case ["add", [_, *_] as inside] | ["mul", [*inside]]:
                terms, adds = [self.term(part, scope) for part in (inside or [["num", 1]])], term[0] == "add"
                degree, join = reduce(or_ if adds else add, [t.degree for t in terms]), add if adds else mul
                steps = sum(t.steps for t in terms) + 4
                return Term(degree, lambda point, env: reduce(join, [t.at(point, env) for t in terms]), steps)
            case ["pow", part, exponent]:
                p, base = Fraction(self.reader.read(exponent, "number", "pow")), self.term(part, scope)
                need(max(abs(p.numerator), p.denominator) <= 64, "pow: expected an exponent p/q with |p|, q <= 64")
                degree = reduce(add, [base.degree] * abs(p.numerator), Counter(function=p.denominator - 1))
                return Term(degree, lambda *at: power(base.at(*at), p), base.steps + 20 * p.denominator)
            case ["fn", str(f), part] if f in ABBREVIATIONS or f in SLOPES:
                u, steps = self.term(part, scope), 1000 if f in ("sin", "cos", "erf") else 40
                counts = Counter(function=f != "inverse", kink=f in ("relu", "abs", "step", "sign"))
                return Term(u.degree | counts, lambda *at: apply(f, u.at(*at)), u.steps + steps)
            case ["diff", part, ["elem", str(name), [*indices]] as element] if name in self.arrays:
                body, _ = self.term(part, scope), self.term(element, scope)

                def derivative(point: Point, env: Env) -> Ball:
                    place, e = (name, tuple([env[i] for i in indices])), 1 << len(point.by)
                    value = body.at(point.moved(place), env)
                    return jet({k - e: ball for k, ball in parts(value).items() if k >= e})

                degree = body.degree + Counter([f"sum {dim}" for dim in self.axes[name]])
                return Term(degree, derivative, 4 * body.steps)
        raise Malformed(f"expected a term of section 3 over declared names, got {str(term)[:99]}")

    def element(self, name: str, indices: list[str]) -> Term:
        """An array element, or the use of a definition; plain where it reads no element with an infinitesimal."""
        names, body = self.definitions.get(name, ({}, None))
        if body is not None and name not in self.meanings:
            self.meanings[name] = self.term(body, names)
        meaning = self.meanings.get(name)

        def value(point: Point, env: Env) -> Ball:
            place = (name, tuple([env[i] for i in indices]))
            plain, read = point.plain.known.get(place) or use(point.plain, place)
            point.plain.read |= read
            if read.isdisjoint(point.by):
                return plain
            return (point.known.get(place) or use(point, place))[0]

        def use(point: Point, place: Place) -> tuple[Ball, set[Place]]:
            if meaning is None:
                infinitesimals = {1 << k: exact(1) for k, other in enumerate(point.by) if other == place}
                point.known[place] = jet({0: exact(point.values[place])} | infinitesimals), {place}
            else:
                outside, point.plain.read = point.plain.read, set()
                point.burn(meaning.steps)
                known = meaning.at(point, dict(zip(names, place[1], strict=True)))
                point.known[place] = known, point.plain.read
                point.plain.read = outside
            return point.known[place]

        return Term(meaning.degree if meaning else Counter(), value)
