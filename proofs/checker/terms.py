"""2 and 3. Statements and terms, and their values at a point; names, indices and dimensions are checked on the way."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import reduce
from operator import add, mul
from typing import Any

from proofs.checker.balls import context, exact, pi
from proofs.checker.reading import Malformed, Reader, Rejected, need

PAIRS = [["name", "name"]]
FORM = {"sizes": "any", "indices": PAIRS, "definitions": [["name", PAIRS, "any"]], "lhs": "any", "rhs": "any"}
FORM["arrays"] = [["name", ["name"], ("real", "positive", "nonzero", "simplex", "onehot")]]
FORM["where"] = [[("==", "!="), "name", "name"]]
ONE, MINUS, HALF = ["num", 1], ["num", -1], ["num", "1/2"]
Number = Any  # a Ball, or a Degree where only that is wanted; None is a 0 that is known without computing
Env = dict[str, tuple[str, int]]  # the dimension and the value of every index in scope
Seeds = tuple[tuple[str, tuple[int, ...]], ...]  # the array elements to differentiate by


def meaning(u: Any) -> dict[str, Any]:
    """Functions of u that abbreviate another term."""
    return {
        "sqrt": ["pow", u, "1/2"],
        "sigmoid": ["pow", ["add", [ONE, ["fn", "exp", ["mul", [MINUS, u]]]]], -1],
        "tanh": ["add", [MINUS, ["mul", [["num", 2], ["fn", "sigmoid", ["add", [u, u]]]]]]],
        "softplus": ["fn", "log", ["add", [ONE, ["fn", "exp", u]]]],
        "relu": ["mul", [HALF, ["add", [u, ["fn", "abs", u]]]]],
        "step": ["mul", [HALF, ["add", [ONE, ["fn", "sign", u]]]]],
        "cos": ["fn", "sin", ["add", [u, ["mul", [HALF, ["pi"]]]]]],
    }


def slope(u: Any, y: Any) -> dict[str, Any]:
    """The derivatives of the other functions at u, where their value is y."""
    return {
        "exp": y,
        "log": ["fn", "inverse", u],
        "inverse": ["mul", [MINUS, y, y]],
        "sin": ["fn", "cos", u],
        "erf": ["mul", [["num", 2], ["pow", ["pi"], "-1/2"], ["fn", "exp", ["mul", [MINUS, u, u]]]]],
        "abs": ["fn", "sign", u],
        "sign": ["num", 0],
    }


def power(u: Any, p: Fraction) -> Any:
    if p.denominator > 1:
        return ["fn", "exp", ["mul", [["num", str(p)], ["fn", "log", u]]]]
    return ["mul", [u] * p.numerator] if p >= 0 else ["fn", "inverse", ["mul", [u] * -p.numerator]]


ABBREVIATIONS, FUNCTIONS = meaning(ONE), slope(ONE, ONE)


class Degree:
    """In place of a number: the summation indices and sizes multiplied together, bits of constants, functions."""

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = Counter(counts)

    def __add__(self, other: "Degree") -> "Degree":
        return Degree(self.counts | other.counts)

    def __mul__(self, other: "Degree") -> "Degree":
        return Degree(self.counts + other.counts)

    def apply(self, f: str) -> "Degree":
        return self if f == "inverse" else Degree(self.counts | Counter(["function", f]))


class Statement:
    """The statement part of a certificate, and the degrees of its sides."""

    def __init__(self, data: Any, reader: Reader) -> None:
        fields = reader.read(data, FORM, "statement")
        self.kept: dict[Any, tuple[Any, Any]] = {}
        self.reader, self.where, self.sides = reader, fields["where"], (fields["lhs"], fields["rhs"])
        dims = {reader.read(dim, "name", "sizes"): range(1, 9) for dim in fields["sizes"]}
        self.least: dict[str, int] = reader.read(fields["sizes"], dims, "sizes")
        need(len(dims) <= 20, "sizes: expected at most 20 dimensions")
        self.indices = self.scope(fields["indices"])
        self.arrays = {name: (dims, domain) for name, dims, domain in fields["arrays"]}
        self.definitions = {name: (self.scope(pairs), body) for name, pairs, body in fields["definitions"]}
        declared = len(fields["arrays"]) + len(fields["definitions"])
        need(len({*self.arrays, *self.definitions}) == declared, "arrays and definitions: a name is declared twice")
        for name, (axes, domain) in self.arrays.items():
            axis = axes or domain not in ("simplex", "onehot")
            need({*axes} <= dims.keys() and axis, f"{name}: an axis is unknown or missing")
        same = all(self.indices[left] == self.indices[right] for _, left, right in self.where)
        need(same, "where: expected two free indices of one dimension")
        point = Point(self, dict.fromkeys(dims, 1), None)
        left, right = (point.value(side, point.env(dict.fromkeys(self.indices, 0)), ()) for side in self.sides)
        self.counts, self.bits = left.counts | right.counts, left.counts["bits"] + right.counts["bits"]
        need(
            self.bits <= 8000, "the constants, with powers and repeated uses counted in, have too many digits", Rejected
        )

    def scope(self, pairs: list[list[str]]) -> dict[str, str]:
        need({dim for _, dim in pairs} <= self.least.keys(), f"indices: unknown dimension in {pairs}"[:99])
        need(len({name for name, _ in pairs}) == len(pairs), f"indices: a name occurs twice in {pairs}"[:99])
        return {name: dim for name, dim in pairs}  # noqa: C416  (pairs are lists)

    def once(self, what: str, term: Any, make: Callable[[Any], Any]) -> Any:
        """`make(term)`, made once. The terms are kept, so that an id stays with its term."""
        if (what, id(term)) not in self.kept:
            self.kept[what, id(term)] = term, make(term)
        return self.kept[what, id(term)][1]

    def free(self, term: Any) -> list[Any]:
        """The indices that a term uses and does not bind itself."""
        match term:
            case ["elem", _, [*indices]] | ["delta", *indices]:
                return indices
            case ["sum", index, _, body]:
                return [i for i in self.once("free", body, self.free) if i != index]
        return [*{i for part in term if isinstance(part, list) for i in self.once("free", part, self.free)}]

    def allows(self, entry: dict[str, int]) -> bool:
        return all((entry[left] == entry[right]) == (relation == "==") for relation, left, right in self.where)


class Point:
    """Terms at one choice of sizes and array values; `values` None asks for Degrees."""

    def __init__(self, statement: Statement, sizes: dict[str, int], values: dict[Any, Fraction] | None) -> None:
        self.statement, self.sizes, self.values, self.digits = statement, sizes, values, 0
        self.memo: dict[Any, Number] = {}
        self.signs: dict[int, set[int]] = {}  # of the arguments of abs and sign

    def env(self, entry: dict[str, int]) -> Env:
        return {index: (dim, entry[index]) for index, dim in self.statement.indices.items()}

    def differ(self, entry: dict[str, int], patient: bool = False) -> bool:
        """Whether the sides cannot be equal (True) or agree to 50 digits (False, if `patient` only to all the digits
        there are). Raises ArithmeticError where it cannot be told."""
        reason, agree = "enclosed too widely", False
        for digits in [factor * (80 + self.statement.bits) for factor in (1, 2, 4)]:
            self.digits, self.memo = digits, self.memo if digits == self.digits else {}
            with localcontext(context(digits)):
                try:
                    left, right = (self.value(side, self.env(entry), ()) or exact(0) for side in self.statement.sides)
                    gap = left + exact(-1) * right
                    agree = gap.rad <= Decimal("1e-50") * max(abs(left.mid), Decimal("1e-10"))
                    if abs(gap.mid) > gap.rad or (agree and not patient):
                        return bool(abs(gap.mid) > gap.rad)
                except ArithmeticError as error:
                    reason = f"not defined: {error or type(error).__name__}"
        if not agree:
            raise ArithmeticError(f"at sizes {self.sizes}, indices {entry} a side is {reason}")
        return False

    def number(self, x: int | Fraction, what: str = "bits") -> Number:
        bits = max(x.numerator.bit_length(), x.denominator.bit_length()) - 1
        return Degree({what: bits if what == "bits" else 1}) if self.values is None else exact(x)

    def value(self, term: Any, env: Env, seeds: Seeds) -> Number:
        """The partial derivative of a term by all of `seeds`."""
        self.statement.reader.burn(8 + 8 * (self.digits // 400) ** 2)
        key = (id(term), seeds, *map(env.get, self.statement.once("free", term, self.statement.free)))
        if key not in self.memo:
            value = self.compute(term, env, seeds)
            self.memo = {key: value} if len(self.memo) > 100_000 else self.memo
            self.memo[key] = value
        return self.memo[key]

    def product(self, factors: list[tuple[Any, Seeds]], env: Env, seeds: Seeds) -> Number:
        """Leibniz: every factor takes a share of the seeds, in all ways; shares are bit masks."""
        if not seeds:
            values = [self.value(term, env, own) for term, own in factors]
            return None if None in values else reduce(mul, values, self.number(1))
        shares = [tuple([seed for k, seed in enumerate(seeds) if share >> k & 1]) for share in range(2 ** len(seeds))]
        done: dict[int, Number] = {0: self.number(1)}
        for term, own in factors:
            found = [(share, self.value(term, env, own + taken)) for share, taken in enumerate(shares)]
            before, done = done, {}
            for share, right in found:
                for taken, left in before.items() if right is not None else ():
                    if not taken & share:
                        both = taken | share
                        done[both] = done[both] + left * right if both in done else left * right
        return done.get(len(shares) - 1)

    def total(self, values: list[Number]) -> Number:
        known = [value for value in values if value is not None]
        return reduce(add, known) if known else None

    def compute(self, term: Any, env: Env, seeds: Seeds) -> Number:
        arrays, definitions, once = self.statement.arrays, self.statement.definitions, self.statement.once
        match term:
            case ["elem", str(name), [*indices]] if name in arrays and [env[i][0] for i in indices] == arrays[name][0]:
                place = (name, tuple([env[i][1] for i in indices]))
                if seeds:
                    return self.number(1) if seeds == (place,) else None
                return self.number(self.values[place] if self.values else 1)
            case ["elem", str(name), [*indices]] if name in definitions:
                scope, body = definitions[name]
                need([env[i][0] for i in indices] == [*scope.values()], f"{name}: expected indices {scope}")
                return self.value(body, dict(zip(scope, [env[i] for i in indices], strict=True)), seeds)
            case ["sum", str(index), str(dim), body] if dim in self.sizes:
                value = self.total([self.value(body, env | {index: (dim, k)}, seeds) for k in range(self.sizes[dim])])
                return value * self.number(1, f"sum {dim}") if value is not None and self.values is None else value
            case ["add", [_, *_] as terms]:
                return self.total([self.value(one, env, seeds) for one in terms])
            case ["mul", [*terms]]:
                return self.product([(one, ()) for one in terms], env, seeds)
            case ["num", x]:
                x = self.statement.reader.read(x, "number", "num")
                return None if seeds else self.number(x)
            case ["pi"]:
                return None if seeds else self.number(1, "function") if self.values is None else pi(self.digits)
            case ["size", str(dim)] if dim in self.sizes:
                return None if seeds else self.number(self.sizes[dim], f"size {dim}")
            case ["delta", str(i), str(j)] if env[i][0] == env[j][0]:
                return None if seeds else self.number(int(env[i] == env[j]))
            case ["pow", base, exponent]:
                p = Fraction(self.statement.reader.read(exponent, "number", "pow"))
                need(max(abs(p.numerator), p.denominator) <= 64, "pow: expected an exponent p/q with |p|, q <= 64")
                root = p > 0 and p.denominator > 1 and not seeds and self.values is not None
                if root and ((x := self.value(base, env, ())) is None or x.mid == x.rad == 0):
                    return self.number(0)
                return self.value(once("pow", term, lambda _: power(base, p)), env, seeds)
            case ["fn", str(f), u] if f in ABBREVIATIONS:
                return self.value(once("fn", term, lambda _: meaning(u)[f]), env, seeds)
            case ["fn", str(f), u] if f in FUNCTIONS and seeds:
                return self.product(
                    [(once("fn", term, lambda _: slope(u, term)[f]), ()), (u, seeds[:1])], env, seeds[1:]
                )
            case ["fn", str(f), u] if f in FUNCTIONS:
                x = self.value(u, env, ()) or self.number(0)
                if self.values is not None:
                    far = 5 + int(min(x.mid * x.mid, 40_000)) // 8 if f in ("sin", "erf") else 1
                    self.statement.reader.burn(100 * (1 + self.digits // 160) ** 2 * far)
                    if f in ("abs", "sign"):
                        self.signs.setdefault(id(u), set()).add((x.mid > x.rad) - (x.mid < -x.rad))
                return x.apply(f)
            case ["diff", body, ["elem", str(name), [*indices]] as by] if name in arrays and len(seeds) < 4:
                here = self.value(by, env, ()), self.value(body, env, seeds)  # no derivative where there is no value
                if self.values is None:
                    return reduce(mul, [self.number(1, f"sum {dim}") for dim in arrays[name][0]], here[1])
                return self.value(body, env, (*seeds, (name, tuple([env[i][1] for i in indices]))))
        raise Malformed(f"expected a term of section 3 over declared names, got {str(term)[:99]}")
