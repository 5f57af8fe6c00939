"""The bridge between SymPy expressions and index terms, by structure alone: no text is ever parsed.

`to_sympy` writes a term with Indexed, Sum, KroneckerDelta, Derivative and SymPy's functions; `from_sympy` reads such
an expression. Both keep the meaning: an index ranges over first, ..., first + size - 1 with one `first` (1 or 0) for
the whole expression, and whatever has no exact counterpart on the other side is refused with a `BridgeError`. SymPy
itself is not trusted anywhere: what it makes of an expression between the two is for the calculus to judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import sympy
from sympy.core.relational import GreaterThan, LessThan, StrictGreaterThan, StrictLessThan

from proofs.calculus.terms import (
    Add,
    Array,
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
    Sum,
    Term,
)

MAX_NODES = 50_000
MAX_DEPTH = 200
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}\Z")
READ = {
    sympy.exp: "exp",
    sympy.log: "log",
    sympy.tanh: "tanh",
    sympy.Abs: "abs",
    sympy.erf: "erf",
    sympy.sin: "sin",
    sympy.cos: "cos",
    sympy.Heaviside: "step",
}
WRITE: Mapping[str, Callable[[sympy.Expr], sympy.Expr]] = {
    **{name: function for function, name in READ.items()},
    "sqrt": sympy.sqrt,
    "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)),
    "softplus": lambda x: sympy.log(1 + sympy.exp(x)),
    "relu": lambda x: sympy.Max(0, x),
    "step": sympy.Heaviside,
}


class BridgeError(ValueError):
    """An expression that has no exact counterpart on the other side."""


def size(dim: str) -> sympy.Symbol:
    """The size of a dimension, as to_sympy writes it: a positive integer symbol."""
    return sympy.Symbol(dim, integer=True, positive=True)


def index(name: str, dim: str, *, first: int = 1) -> sympy.Idx:
    """An index over first, ..., first + size(dim) - 1, as to_sympy writes it."""
    return sympy.Idx(name, (first, size(dim) + first - 1))


def array(name: str, domain: str = "real") -> sympy.IndexedBase:
    """A real array, as to_sympy writes it; SymPy is told when its elements are positive."""
    return sympy.IndexedBase(name, real=True, **({"positive": True} if domain in ("positive", "simplex") else {}))


def to_sympy(t: Term, *, indices: Iterable[Index] = (), arrays: Iterable[Array] = (), first: int = 1) -> sympy.Expr:
    """`t` as a SymPy expression; bound indices that would shadow another one get a name of their own.

    `indices` are the free indices of `t`, `arrays` may give domains (an array that is not listed is real).
    sigmoid, softplus and relu are written out as 1/(1 + exp(-x)), log(1 + exp(x)) and Max(0, x).
    Raises BridgeError for an index that is neither free nor bound, and when SymPy evaluates the result to something
    that is not a finite real expression.
    """
    free = {i.name: i for i in indices}
    domains = {a.name: a.domain for a in arrays}
    scope = {name: index(name, i.dim, first=first) for name, i in free.items()}
    expr = _write(t, _Writer(scope, domains, first, frozenset(free)))
    if expr.has(sympy.nan, sympy.zoo, sympy.oo, sympy.S.NegativeInfinity, sympy.I):
        raise BridgeError(f"the term has no finite real value: SymPy writes it as {expr}")
    return expr


@dataclass(frozen=True, slots=True)
class _Writer:
    scope: Mapping[str, sympy.Idx]
    domains: Mapping[str, str]
    first: int
    taken: frozenset[str]

    def idx(self, name: str) -> sympy.Idx:
        if name not in self.scope:
            raise BridgeError(f"index {name} is neither free nor bound: list it in `indices`")
        return self.scope[name]

    def bind(self, bound: Index) -> tuple[sympy.Idx, _Writer]:
        names = (bound.name, *(f"{bound.name}_{number}" for number in range(1, len(self.taken) + 1)))
        fresh = next(name for name in names if name not in self.taken)
        idx = index(fresh, bound.dim, first=self.first)
        return idx, replace(self, scope={**self.scope, bound.name: idx}, taken=self.taken | {fresh})


def _write(t: Term, at: _Writer) -> sympy.Expr:
    match t:
        case Num(value):
            return sympy.Rational(value.numerator, value.denominator)
        case Pi():
            return sympy.pi
        case Size(dim):
            return size(dim)
        case Element(name, ()):
            return sympy.Symbol(name, real=True, **({"positive": True} if at.domains.get(name) == "positive" else {}))
        case Element(name, names):
            return array(name, at.domains.get(name, "real"))[tuple(at.idx(i) for i in names)]
        case Delta(left, right):
            return sympy.KroneckerDelta(at.idx(left), at.idx(right))
        case Sum(bound, body):
            idx, inside = at.bind(bound)
            return sympy.Sum(_write(body, inside), (idx, at.first, size(bound.dim) + at.first - 1))
        case Add(terms):
            return sympy.Add(*(_write(x, at) for x in terms))
        case Mul(factors):
            return sympy.Mul(*(_write(x, at) for x in factors))
        case Pow(base, exponent):
            return sympy.Pow(_write(base, at), sympy.Rational(exponent.numerator, exponent.denominator))
        case Fn(name, argument):
            return WRITE[name](_write(argument, at))
        case Diff(body, by):
            return sympy.Derivative(_write(body, at), _write(by, at))


def from_sympy(expr: sympy.Basic, *, indices: Iterable[Index] = (), dims: Iterable[str] = (), first: int = 1) -> Term:
    """The index term that means what `expr` means.

    `indices` gives the dimension of every free index that is a plain symbol (an Idx with a range brings its own);
    `dims` names the symbols that are sizes, besides the upper ends of sums. Sums run over (k, first, first + n - 1).
    A Piecewise is read when its first condition holds for every value of the indices, as SymPy leaves it after
    contracting a Kronecker delta. Raises BridgeError for everything that is not listed in this module, for an index
    used as a number, for a range or a delta that mixes dimensions, and for two symbols that share a name.
    """
    if not isinstance(expr, sympy.Basic):
        raise BridgeError(f"expr: expected a SymPy expression, got {type(expr).__name__}; text is not read")
    if first not in (0, 1):
        raise BridgeError(f"first: expected 0 or 1, got {first!r}")
    _limit(expr)
    reader = _Reader(first, {i.name: i.dim for i in indices})
    for dim in (*dims, *reader.dim_of.values()):
        reader.sizes.add(dim)
    for node in sympy.preorder_traversal(expr):
        if isinstance(node, sympy.Sum):
            reader.sizes.update(reader.dim_between(lower, upper) for _, lower, upper in node.limits)
        elif isinstance(node, sympy.Idx) and node.lower is not None:
            reader.sizes.add(reader.dim_between(node.lower, node.upper))
    return reader.read(expr, {})


def _limit(expr: sympy.Basic) -> None:
    nodes, stack = 0, [(expr, 1)]
    while stack:
        node, depth = stack.pop()
        nodes += 1
        if nodes > MAX_NODES or depth > MAX_DEPTH:
            raise BridgeError(f"expr: more than {MAX_NODES} nodes or nested deeper than {MAX_DEPTH}; split it up")
        stack.extend((child, depth + 1) for child in node.args)


def _reading_order(factor: sympy.Expr) -> tuple[bool, bool]:
    """Sums come after single factors and what is below the bar comes last."""
    below = isinstance(factor, sympy.Pow) and factor.exp.is_negative is True
    return below, isinstance(factor, (sympy.Add, sympy.Sum))


def _leads_with_minus(summand: sympy.Expr) -> bool:
    return bool(summand.could_extract_minus_sign())


@dataclass(slots=True)
class _Reader:
    """Reads one expression; `meaning` remembers which SymPy object each name stands for."""

    first: int
    dim_of: dict[str, str]
    sizes: set[str] = field(default_factory=set)
    meaning: dict[str, sympy.Basic] = field(default_factory=dict)

    def name(self, label: sympy.Basic, whole: sympy.Basic) -> str:
        """The name of `whole` (a symbol, Idx or IndexedBase), refused when it already stands for something else."""
        name = str(label)
        if not isinstance(label, sympy.Symbol) or not NAME.match(name):
            raise BridgeError(f"{whole}: expected a name of letters, digits and _ (at most 40); rename it")
        if self.meaning.setdefault(name, whole) != whole:
            raise BridgeError(f"two different SymPy objects are called {name}; rename one of them")
        return name

    def dim_between(self, lower: Any, upper: Any) -> str:
        dim = upper - self.first + 1
        if lower != self.first or not isinstance(dim, sympy.Symbol):
            wanted = "1, n" if self.first == 1 else "0, n - 1"
            raise BridgeError(f"range {lower}, {upper}: expected {wanted} with a symbol n (first={self.first})")
        return self.name(dim, dim)

    def index(self, i: sympy.Basic, bound: Mapping[sympy.Basic, str]) -> Index:
        """The index `i` with its dimension, from its sum, its own range or `indices`."""
        if not isinstance(i, (sympy.Symbol, sympy.Idx)):
            raise BridgeError(
                f"index {i}: expected a plain index, got {type(i).__name__}; shifted indices are not read"
            )
        name = self.name(i.label if isinstance(i, sympy.Idx) else i, i)
        own = self.dim_between(i.lower, i.upper) if isinstance(i, sympy.Idx) and i.lower is not None else None
        given = bound.get(i, self.dim_of.get(name) if i not in bound else None)
        if given is not None and own is not None and given != own:
            raise BridgeError(f"index {name} ranges over {own} but is used over {given}")
        dim = given or own
        if dim is None:
            raise BridgeError(f"index {name} has no dimension: list it in `indices` or give its Idx a range")
        if name in self.sizes:
            raise BridgeError(f"{name} is used as an index and as a size; rename one of them")
        return Index(name, dim)

    def read(self, e: Any, bound: Mapping[sympy.Basic, str]) -> Term:
        match e:
            case sympy.Rational():
                return Num(Fraction(int(e.p), int(e.q)))
            case sympy.Indexed():
                base = e.base
                if base.shape is not None or base.offset != 0 or base.strides is not None:
                    raise BridgeError(
                        f"{base}: give the array no shape, offset or strides; its indices carry the dimensions"
                    )
                name = self.name(base.label, base)
                return Element(name, tuple(self.index(i, bound).name for i in e.indices))
            case sympy.Idx():
                raise BridgeError(f"index {e} is used as a number; only array elements and deltas carry indices")
            case sympy.Symbol():
                name = self.name(e, e)
                if e in bound or name in self.dim_of:
                    raise BridgeError(f"index {name} is used as a number; only array elements and deltas carry indices")
                return Size(name) if name in self.sizes else Element(name)
            case sympy.Add():
                return Add(tuple(self.read(x, bound) for x in sorted(e.args, key=_leads_with_minus)))
            case sympy.Mul():
                return Mul(tuple(self.read(x, bound) for x in sorted(e.args, key=_reading_order)))
            case sympy.Pow() if isinstance(e.exp, sympy.Rational):
                return Pow(self.read(e.base, bound), Fraction(int(e.exp.p), int(e.exp.q)))
            case sympy.Pow() if e.base.is_positive:
                return Fn("exp", Mul((self.read(e.exp, bound), Fn("log", self.read(e.base, bound)))))
            case sympy.KroneckerDelta():
                return self.read_delta(e, bound)
            case sympy.Sum():
                return self.read_sum(e, bound)
            case sympy.Derivative():
                return self.read_derivative(e, bound)
            case sympy.Piecewise():
                return self.read_piecewise(e, bound)
            case sympy.Max() if len(e.args) == 2 and sympy.S.Zero in e.args:
                (other,) = (x for x in e.args if x != 0)
                return Fn("relu", self.read(other, bound))
            case _ if e == sympy.pi:
                return Pi()
            case _ if e == sympy.E:
                return Fn("exp", Num(Fraction(1)))
            case _ if type(e) in READ and (len(e.args) == 1 or isinstance(e, sympy.Heaviside)):
                return Fn(READ[type(e)], self.read(e.args[0], bound))
            case sympy.Float():
                raise BridgeError(f"{e} is a floating-point number; write it as a Rational")
            case _:
                raise BridgeError(f"{type(e).__name__} is not an index term: {e}")

    def is_size(self, n: sympy.Basic, dim: str) -> bool:
        return isinstance(n, sympy.Symbol) and self.name(n, n) == dim

    def read_delta(self, e: Any, bound: Mapping[sympy.Basic, str]) -> Term:
        left, right = (self.index(i, bound) for i in e.args[:2])
        if left.dim != right.dim:
            raise BridgeError(f"{e}: {left.name} ranges over {left.dim}, {right.name} over {right.dim}")
        if len(e.args) > 2 and self.dim_between(*e.args[2]) != left.dim:
            raise BridgeError(f"{e}: its range is not that of {left.name}")
        return Delta(left.name, right.name)

    def read_sum(self, e: Any, bound: Mapping[sympy.Basic, str]) -> Term:
        """Sum(f, (k, ...), (l, ...)): the first limit is the innermost."""
        ranges = {k: self.dim_between(lower, upper) for k, lower, upper in e.limits}
        if len(ranges) < len(e.limits):
            raise BridgeError(f"{e}: one sum binds the same index twice; rename one of them")
        inside = {**bound, **ranges}
        found = self.read(e.function, inside)
        for k in ranges:
            found = Sum(self.index(k, inside), found)
        return found

    def read_derivative(self, e: Any, bound: Mapping[sympy.Basic, str]) -> Term:
        found = self.read(e.expr, bound)
        for variable, count in e.variable_count:
            by = self.read(variable, bound)
            if not isinstance(by, Element) or not isinstance(count, sympy.Integer) or not 1 <= count <= 4:
                raise BridgeError(
                    f"{e}: expected derivatives by array elements, at most 4 times, got {variable}, {count}"
                )
            for _ in range(int(count)):
                found = Diff(found, by)
        return found

    def read_piecewise(self, e: Any, bound: Mapping[sympy.Basic, str]) -> Term:
        """The first branch, if its condition says no more than that indices are in range."""
        value, condition = e.args[0]
        for part in sympy.And.make_args(condition):
            if part != sympy.true and not self.always(part, bound):
                raise BridgeError(f"the condition {part} is not implied by the ranges of the indices")
        return self.read(value, bound)

    def always(self, condition: Any, bound: Mapping[sympy.Basic, str]) -> bool:
        """Whether first <= j <= first + n - 1 implies `condition`, for one index j of dimension n."""
        match condition:
            case GreaterThan() | LessThan():
                slack = condition.gts - condition.lts
            case StrictGreaterThan() | StrictLessThan():
                slack = condition.gts - condition.lts - 1
            case _:
                return False
        for j in slack.free_symbols:
            if j in bound or isinstance(j, sympy.Idx) or str(j) in self.dim_of:
                dim = self.index(j, bound).dim
                room = [j - self.first, *(n + self.first - 1 - j for n in slack.free_symbols if self.is_size(n, dim))]
                if any(isinstance(slack - r, sympy.Integer) and slack - r >= 0 for r in room):
                    return True
        return False
