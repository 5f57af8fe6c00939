"""2 and 3. Statements and terms: checked once, turned into functions of a point, and evaluated there."""

from collections import Counter
from collections.abc import Callable
from decimal import localcontext
from fractions import Fraction
from functools import reduce
from hashlib import sha256
from json import dumps
from operator import add, mul, or_
from typing import Any, NamedTuple

from proofs.checker.arithmetic import FUNCTIONS, Interval, Number, context, differ, enclose, now, parts, pi, power, sign
from proofs.checker.reading import Fuel, Rejected, expect, read

DOMAINS = ("real", "positive", "nonzero", "simplex")
PAIRS = [("name", "name")]
FORM = {
    "sizes": "any",
    "indices": PAIRS,
    "arrays": [("name", ["name"], "name")],
    "definitions": [("name", PAIRS, "any")],
    "where": [("any", "name", "name")],
    "lhs": "any",
    "rhs": "any",
}
BITS, INDICES, DEPTH, DERIVATIVES = 4_000, 30, 200, 4
Env = dict[str, int]
Seeds = tuple[tuple[str, tuple[int, ...]], ...]


class Node(NamedTuple):
    """A term: how to evaluate it, and what that depends on."""

    run: Callable[["Point", Env, Seeds], Number]
    free: frozenset[str] = frozenset()
    arrays: frozenset[str] = frozenset()
    counts: Counter[tuple[str, str]] = Counter()
    """("index", dim): summation indices multiplied together; ("size", dim): degree; ("bits", ""): size of constants."""
    depth: int = 0
    nested: int = 0


class Statement:
    """The statement part of a certificate, with every name, index and dimension checked."""

    def __init__(self, data: Any, fuel: Fuel) -> None:
        fields = read(data, FORM, "statement", fuel)
        expect(isinstance(data["sizes"], dict), "sizes", "an object", data["sizes"])
        self.least = {read(dim, "name", "sizes", fuel): low for dim, low in data["sizes"].items()}
        read([*self.least.values()], [range(1, 9)], "sizes", fuel)
        self.fuel, self.opaque, self.kinks = fuel, False, False
        self.arrays: dict[str, tuple[list[str], str]] = {}
        self.definitions: dict[str, tuple[dict[str, str], Node]] = {}
        for name, dims, domain in fields["arrays"]:
            expect(name not in self.arrays and set(dims) <= set(self.least), "arrays", "a new name, known dims", name)
            expect(domain in DOMAINS and (domain != "simplex" or dims != []), name, f"a domain of {DOMAINS}", domain)
            self.arrays[name] = dims, domain
        for name, pairs, body in fields["definitions"]:
            expect(name not in self.arrays and name not in self.definitions, "definitions", "a new name", name)
            self.definitions[name] = self.scope(pairs), self.term(body, self.scope(pairs), 0)
        self.indices, self.where = self.scope(fields["indices"]), fields["where"]
        for relation, left, right in self.where:
            expect(relation in ("==", "!="), "where", "== or !=", relation)
            expect(self.dim(left, self.indices) == self.dim(right, self.indices), "where", "one dimension", [left, right])
        self.lhs, self.rhs = (self.term(fields[side], self.indices, 0) for side in ("lhs", "rhs"))
        self.counts = self.lhs.counts | self.rhs.counts
        self.bits = self.lhs.counts["bits", ""] + self.rhs.counts["bits", ""]
        self.digest = sha256(dumps(data, sort_keys=True).encode()).hexdigest()

    def scope(self, pairs: list[list[str]]) -> dict[str, str]:
        names = [name for name, _ in pairs]
        expect(len(set(names)) == len(names), "indices", "every name once", names)
        expect({dim for _, dim in pairs} <= set(self.least), "indices", "dimensions listed in sizes", pairs)
        return {name: dim for name, dim in pairs}

    def dim(self, index: Any, scope: dict[str, str]) -> str:
        expect(isinstance(index, str) and index in scope, "index", f"one of {', '.join(scope) or 'none'}", index)
        return scope[index]

    def node(self, run: Any, terms: list[Node], uses: Any = (), own: Any = (), join: Any = or_, times: int = 1) -> Node:
        counts = reduce(join, [t.counts for t in terms], Counter[tuple[str, str]]())
        counts["bits", ""] = sum(t.counts["bits", ""] for t in terms)
        counts = Counter({key: n * times for key, n in counts.items()}) + Counter(own)
        depth, nested = 1 + max([t.depth for t in terms], default=0), max([t.nested for t in terms], default=0)
        if counts["bits", ""] > BITS or depth > DEPTH or max([0, *(n for (k, _), n in counts.items() if k != "bits")]) > INDICES:
            raise Rejected(f"a term needs sizes above {INDICES}, nesting above {DEPTH} or constants above {BITS} bits")
        free, arrays = frozenset(uses).union(*[t.free for t in terms]), frozenset[str]().union(*[t.arrays for t in terms])
        return Node(run, free, arrays, counts, depth, nested)

    def term(self, data: Any, scope: dict[str, str], depth: int) -> Node:
        self.fuel.burn(1)
        expect(depth <= DEPTH, "term", f"nesting of at most {DEPTH}", "more")
        sub = lambda part: self.term(part, scope, depth + 1)
        match data:
            case ["num", value]:
                x = Fraction(read(value, "number", "num", self.fuel))
                bits = max(x.numerator.bit_length(), x.denominator.bit_length(), 1) - 1
                return self.node(lambda at, env, seeds: at.number(x), [], own={("bits", ""): bits})
            case ["pi"]:
                self.opaque = True
                return self.node(lambda at, env, seeds: pi(now().prec), [])
            case ["size", str(dim)] if dim in self.least:
                return self.node(lambda at, env, seeds: at.number(at.sizes[dim]), [], own={("size", dim): 1})
            case ["delta", i, j]:
                expect(self.dim(i, scope) == self.dim(j, scope), "delta", "two indices of one dimension", [i, j])
                return self.node(lambda at, env, seeds: int(env[i] == env[j]), [], uses=(i, j))
            case ["elem", str(name), [*indices]] if name in self.arrays:
                dims = [self.dim(i, scope) for i in indices]
                expect(dims == self.arrays[name][0], name, f"indices over {self.arrays[name][0]}", dims)
                run = lambda at, env, seeds: at.element((name, tuple([env[i] for i in indices])), seeds)
                return self.node(run, [], uses=indices)._replace(arrays=frozenset([name]))
            case ["elem", str(name), [*indices]] if name in self.definitions:
                parameters, body = self.definitions[name]
                dims = [self.dim(i, scope) for i in indices]
                expect(dims == [*parameters.values()], name, f"indices over {[*parameters.values()]}", dims)
                bind = lambda env: {p: env[i] for p, i in zip(parameters, indices, strict=True)}
                return self.node(lambda at, env, seeds: at.value(body, bind(env), seeds), [body])._replace(free=frozenset(indices))
            case ["sum", str(index), str(dim), body] if dim in self.least:
                read(index, "name", "sum", self.fuel)
                inner = self.term(body, {**scope, index: dim}, depth + 1)
                run = lambda at, env, seeds: at.fold(add, 0, (at.value(inner, {**env, index: k}, seeds) for k in range(at.sizes[dim])))
                return self.node(run, [inner], own={("index", dim): 1})._replace(free=inner.free - {index})
            case ["add" | "mul" as op, [*terms]]:
                nodes = [sub(part) for part in terms]
                join, start = (or_, 0) if op == "add" else (add, 1)
                fold = add if op == "add" else mul
                return self.node(lambda at, env, seeds: at.fold(fold, start, (at.value(n, env, seeds) for n in nodes)), nodes, join=join)
            case ["pow", base, exponent]:
                p, node = Fraction(read(exponent, "number", "pow", self.fuel)), sub(base)
                expect(max(abs(p.numerator), p.denominator) <= 64, "pow", "an exponent p/q with |p|, q <= 64", exponent)
                self.opaque |= p.denominator > 1
                times = abs(p.numerator) if p.denominator == 1 else max(1, abs(p.numerator))
                return self.node(lambda at, env, seeds: at.power(at.value(node, env, seeds), p), [node], times=times)
            case ["fn", str(f), argument] if f in FUNCTIONS:
                node, kink, self.opaque = sub(argument), f in ("relu", "abs"), True
                self.kinks |= kink
                return self.node(lambda at, env, seeds: at.apply(f, at.value(node, env, seeds), kink and node), [node])
            case ["diff", body, ["elem", str(name), [*indices]]] if name in self.arrays:
                by, node = sub(["elem", name, indices]), sub(body)
                dims = self.arrays[name][0]
                run = lambda at, env, seeds: at.derivative(node, env, seeds, (name, tuple([env[i] for i in indices])))
                result = self.node(run, [node], uses=indices, own=Counter(("index", dim) for dim in dims))
                expect(node.nested < DERIVATIVES, "diff", f"at most {DERIVATIVES} nested", node.nested + 1)
                return result._replace(nested=node.nested + 1, arrays=node.arrays | by.arrays)
        expect(False, "term", "a term of section 3 whose names are declared", data)
        raise AssertionError


class Point:
    """One choice of sizes and array values; evaluates terms there in enclosures of `digits` digits, or exactly."""

    def __init__(self, statement: Statement, sizes: dict[str, int], values: dict[Any, Fraction], digits: int) -> None:
        self.statement, self.sizes, self.values, self.digits = statement, sizes, values, digits
        self.memo: dict[Any, Number] = {}
        self.signs: dict[int, set[int]] = {}

    def sides(self, entry: Env) -> tuple[Number, Number, bool | None]:
        """Both sides, and whether they differ (`differ`). Raises ArithmeticError where a side is not defined."""
        with localcontext(context(self.digits)):
            left, right = (self.value(side, entry, ()) for side in (self.statement.lhs, self.statement.rhs))
            return left, right, differ(left, right)

    def value(self, node: Node, env: Env, seeds: Seeds) -> Number:
        relevant = tuple([seed if seed[0] in node.arrays else None for seed in seeds])
        key = (id(node), tuple([env[i] for i in sorted(node.free)]), relevant)
        if key not in self.memo:
            self.statement.fuel.burn(3 ** len(seeds) * (1 + self.digits // 160))
            self.memo[key] = node.run(self, env, seeds)
        return self.memo[key]

    def number(self, x: Fraction | int) -> Number:
        return enclose(x) if self.statement.opaque else x

    def element(self, which: Any, seeds: Seeds) -> Number:
        from proofs.checker.arithmetic import Dual

        x = self.number(self.values[which])
        for level, seed in enumerate(seeds):
            x = Dual(level, x, 1) if seed == which else x
        return x

    def fold(self, operation: Any, start: Number, values: Any) -> Number:
        for value in values:
            start = operation(start, value)
            self.charge(start)
        return start

    def charge(self, x: Number) -> None:
        while hasattr(x, "value"):
            x = x.value
        size = 0 if isinstance(x, Interval) else x.denominator.bit_length() + x.numerator.bit_length()
        self.statement.fuel.burn(1 + (size >> 10) ** 2)

    def power(self, x: Number, p: Fraction) -> Number:
        base = x
        while hasattr(base, "value"):
            base = base.value
        size = 0 if isinstance(base, Interval) else base.denominator.bit_length() + base.numerator.bit_length()
        self.statement.fuel.burn(1 + (size * abs(p.numerator) >> 10) ** 2)
        return power(x, p)

    def apply(self, f: str, x: Number, kink: Any) -> Number:
        self.statement.fuel.burn(10 * (1 + self.digits // 160))
        if kink:
            self.signs.setdefault(id(kink), set()).add(sign(x))
        return FUNCTIONS[f](x)

    def derivative(self, node: Node, env: Env, seeds: Seeds, by: Any) -> Number:
        return parts(self.value(node, env, (*seeds, by)), len(seeds))[1]
