"""Statements about index terms as Coq text, for all sizes: what is exported, and nothing but printing.

An array is a function from numbers below its sizes to R, a sum runs over the numbers below a size, a definition takes
the sizes and arrays it needs. A derivative is that of the function of one updated element; a statement asserts that
every derivative in it exists. Names carry their kind (``d_`` size, ``a_`` array, ``i_`` index, ``f_`` definition), so
that none is a word of Coq. Every compound is in parentheses: `proofs.kernels.reading` reads the text back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from proofs.calculus.terms import (
    Add,
    Array,
    Definition,
    Delta,
    Diff,
    Element,
    Fn,
    Mul,
    Num,
    Pi,
    Pow,
    Size,
    Statement,
    Sum,
    Term,
    Where,
    children,
)

FUNCTIONS = {
    **{name: name for name in ("exp", "tanh", "sigmoid", "softplus", "sin", "cos")},
    "log": "ln",
    "abs": "Rabs",
}
MOST_AXES = 3
MOST_RESTRICTED = 2


class Unsupported(ValueError):
    """A statement that this export does not put into Coq."""


def used_definitions(statement: Statement) -> tuple[Definition, ...]:
    """The definitions that either side needs, in the order in which they are made."""
    names = {*_names(statement.lhs), *_names(statement.rhs)}
    used: list[Definition] = []
    for definition in reversed(statement.definitions):
        if definition.name in names:
            names.update(_names(definition.body))
            used.insert(0, definition)
    return tuple(used)


def exported(statement: Statement) -> Statement:
    """The statement as it is exported: without definitions that neither side needs, and roots as powers."""
    used = tuple(replace(d, body=_rooted(d.body)) for d in used_definitions(statement))
    return replace(statement, lhs=_rooted(statement.lhs), rhs=_rooted(statement.rhs), definitions=used)


def _rooted(t: Term) -> Term:
    match t:
        case Fn("sqrt", argument):
            return Pow(_rooted(argument), Fraction(1, 2))
        case Fn(name, argument):
            return Fn(name, _rooted(argument))
        case Sum(index, body):
            return Sum(index, _rooted(body))
        case Add(terms):
            return Add(tuple(map(_rooted, terms)))
        case Mul(factors):
            return Mul(tuple(map(_rooted, factors)))
        case Pow(base, exponent):
            return Pow(_rooted(base), exponent)
        case Diff(body, by):
            return Diff(_rooted(body), by)
        case _:
            return t


def _names(t: Term) -> Iterator[str]:
    if isinstance(t, Element):
        yield t.name
    for child in children(t):
        yield from _names(child)


def _dims(t: Term) -> Iterator[str]:
    if isinstance(t, Sum):
        yield t.index.dim
    if isinstance(t, Size):
        yield t.dim
    for child in children(t):
        yield from _dims(child)


@dataclass(frozen=True)
class Printer:
    """Prints the terms of one statement; `arrays` are what the arrays' names stand for at this place."""

    statement: Statement
    arrays: Mapping[str, str] = field(default_factory=dict)
    updated: frozenset[str] = frozenset()
    variables: int = 0
    around: tuple[str, ...] = ()

    @cached_property
    def needs(self) -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """The sizes, in alphabetical order, and the arrays that each definition needs."""
        found: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        arrays = [array.name for array in self.statement.arrays]
        for definition in self.statement.definitions:
            names, dims = {*_names(definition.body)}, {*_dims(definition.body)}
            for inner in names & found.keys():
                dims.update(found[inner][0])
                names.update(found[inner][1])
            sizes = tuple(sorted(dims))
            found[definition.name] = sizes, tuple(name for name in arrays if name in names)
        return found

    def definition(self, definition: Definition) -> str:
        """``Definition f_s (d_n : nat) (a_z : nat -> R) (i_i : nat) : R := ... .``"""
        sizes, arrays = self.needs[definition.name]
        kinds = {array.name: array for array in self.statement.arrays}
        binders = [f"(d_{dim} : nat)" for dim in sizes]
        binders += [f"(a_{name} : {_type(kinds[name])})" for name in arrays]
        binders += [f"(i_{index.name} : nat)" for index in definition.indices]
        return f"Definition {' '.join([f'f_{definition.name}', *binders])} : R := {self.term(definition.body)}."

    def array(self, name: str) -> str:
        return self.arrays.get(name, f"a_{name}")

    def element(self, t: Element) -> str:
        indices = [f"i_{index}" for index in t.indices]
        if t.name not in self.needs:
            return f"({' '.join([self.array(t.name), *indices])})" if indices else self.array(t.name)
        sizes, arrays = self.needs[t.name]
        parts = [f"f_{t.name}", *(f"d_{dim}" for dim in sizes), *map(self.array, arrays), *indices]
        return f"({' '.join(parts)})" if len(parts) > 1 else parts[0]

    def varied(self, by: Element) -> tuple[Printer, str, str]:
        """The printer inside a derivative, its variable, and the point at which the derivative is taken."""
        variable = f"t{self.variables + 1}"
        old = self.array(by.name)
        indices = [f"i_{index}" for index in by.indices]
        if len(indices) > MOST_AXES:
            raise Unsupported(f"{by.name}: arrays of more than {MOST_AXES} axes are not exported")
        new = f"({' '.join([f'upd{len(indices)}', old, *indices, variable])})" if indices else variable
        inside = replace(
            self,
            arrays={**self.arrays, by.name: new},
            updated=self.updated | {*by.indices},
            variables=self.variables + 1,
            around=(*self.around, f"(forall ({variable} : R), "),
        )
        return inside, variable, self.element(by)

    def function(self, t: Diff) -> str:
        """``(fun t1 => body) point``"""
        inside, variable, point = self.varied(t.by)
        return f"(fun {variable} => {inside.term(t.body)}) {point}"

    def term(self, t: Term) -> str:
        match t:
            case Num(value):
                return _number(value)
            case Pi():
                return "PI"
            case Size(dim):
                return f"(INR d_{dim})"
            case Element():
                return self.element(t)
            case Delta(left, right):
                return f"(delta i_{left} i_{right})"
            case Sum(index, body):
                inside = self.under(t)
                return f"(sum d_{index.dim} (fun i_{index.name} => {inside.term(body)}))"
            case Add(terms) if len(terms) > 1:
                return f"({' + '.join(map(self.term, terms))})"
            case Mul(factors) if len(factors) > 1:
                return f"({' * '.join(map(self.term, factors))})"
            case Pow(base, exponent):
                return self.power(self.term(base), exponent)
            case Fn(name, argument) if name in FUNCTIONS:
                return f"({FUNCTIONS[name]} {self.term(argument)})"
            case Diff():
                return f"(Derive {self.function(t)})"
            case Fn(name):
                raise Unsupported(f"{name} is not exported; exported functions are {', '.join(FUNCTIONS)}")
            case _:
                raise Unsupported("a sum or product of fewer than two parts is not exported")

    def under(self, t: Sum) -> Printer:
        """The printer inside a sum."""
        if t.index.name in self.updated:
            raise Unsupported(f"the index {t.index.name} of a sum hides one that is differentiated by; rename it")
        binder = f"(forall (i_{t.index.name} : nat), (i_{t.index.name} < d_{t.index.dim})%nat -> "
        return replace(self, around=(*self.around, binder))

    def power(self, base: str, exponent: Fraction) -> str:
        match exponent.numerator, exponent.denominator:
            case -1, 1:
                return f"(/ {base})"
            case k, 1 if k >= 0:
                return f"({base} ^ {k})"
            case k, 1:
                return f"(inv_pow {base} {-k})"
            case 1, 2:
                return f"(sqrt {base})"
            case -1, 2:
                return f"(inv_sqrt {base})"
        raise Unsupported(f"the exponent {exponent} is not exported; whole ones, 1/2 and -1/2 are")

    def existence(self, t: Term) -> Iterator[str]:
        """That each derivative in `t` exists, wherever `t` takes it."""
        match t:
            case Diff(body, by):
                yield "".join(self.around) + f"(ex_derive {self.function(t)})" + ")" * len(self.around)
                yield from self.varied(by)[0].existence(body)
            case Sum(_, body):
                yield from self.under(t).existence(body)
            case _:
                for child in children(t):
                    yield from self.existence(child)


def _number(value: Fraction) -> str:
    size = f"({abs(value.numerator)} / {value.denominator})" if value.denominator > 1 else str(abs(value.numerator))
    return f"(- {size})" if value < 0 else size


def _type(array: Array) -> str:
    if len(array.dims) > MOST_AXES:
        raise Unsupported(f"{array.name}: arrays of more than {MOST_AXES} axes are not exported")
    return " -> ".join(["nat"] * len(array.dims) + ["R"])


def _condition(where: Where) -> str:
    return f"(i_{where.left} {'=' if where.equal else '<>'} i_{where.right}) ->"


def formal(statement: Statement, name: str) -> tuple[tuple[str, ...], str]:
    """The definitions and the proposition of an `exported` statement, as ``Definition ...`` and ``Theorem NAME : ...``.

    Raises Unsupported for functions, powers and arrays that are not exported.
    """
    printer = Printer(statement)
    lines = [printer.definition(definition) for definition in statement.definitions]
    dims = sorted(statement.dims)
    binders = [f"(d_{dim} : nat)" for dim in dims]
    binders += [f"(a_{array.name} : {_type(array)})" for array in statement.arrays]
    binders += [f"(i_{index.name} : nat)" for index in statement.indices]
    given = [f"({statement.least_size(dim)} <= d_{dim})%nat ->" for dim in dims]
    for array in statement.arrays:
        if array.domain != "real":
            if len(array.dims) > MOST_RESTRICTED:
                raise Unsupported(f"{array.name}: the domain {array.domain} of so many axes is not exported")
            parts = [f"{array.domain}{len(array.dims)}", *(f"d_{dim}" for dim in array.dims), f"a_{array.name}"]
            given.append(f"({' '.join(parts)}) ->")
    given += [f"(i_{index.name} < d_{index.dim})%nat ->" for index in statement.indices]
    given += map(_condition, statement.where)
    lhs, rhs = statement.lhs, statement.rhs
    inner = [*printer.existence(rhs)]
    if isinstance(lhs, Diff):
        inner = [*printer.varied(lhs.by)[0].existence(lhs.body), *inner]
        main = f"(is_derive {printer.function(lhs)} {printer.term(rhs)})"
    else:
        inner = [*printer.existence(lhs), *inner]
        main = f"({printer.term(lhs)} = {printer.term(rhs)})"
    joined = " /\\ ".join([*inner, main])
    conclusion = f"({joined})" if inner else main
    head = f"Theorem {name} : forall {' '.join(binders)}," if binders else f"Theorem {name} :"
    return tuple(lines), "\n  ".join([head, *given, f"{conclusion}."])
