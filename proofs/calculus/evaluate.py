"""The value of a term at given sizes, indices and array values: rigorous (arb balls) or fast (floats).

Definitions are looked up and remembered, sums are added up once for every value of their free indices, derivatives are
taken by dual numbers through everything. A ball encloses the exact real value; a float promises nothing. Where the term
has no value, `Undefined` is raised, and so it is where balls are too wide to tell (a divisor that may be zero): raise
the precision then. At most `WORK` subterms are visited.
"""

# ruff: noqa: ARG005  (a table of visitors: every entry has the same parameters)
from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from flint import arb, ctx

from proofs.calculus.dual import Balls, Dual, EvaluationError, Field, Floats, Number, Undefined, apply, power, slope
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
    children,
)

WORK = 2_000_000

Values = Mapping[str, Any]
"""For each array its elements, flat in row-major order or nested, as Fraction, int or float (floats are exact)."""

_Seed = tuple[str, tuple[int, ...]]


def evaluate(
    statement: Statement,
    term: Term,
    sizes: Mapping[str, int],
    values: Values,
    indices: Mapping[str, int] | None = None,
    precision: int = 128,
) -> Any:
    """An arb ball that encloses `term`, read in `statement`, computed with `precision` bits.

    Sizes may be 0 (empty sums are 0); indices count from 0. Raises Undefined, or EvaluationError when a size, an
    array, an element or an index is missing.
    """
    with ctx.workprec(precision):
        return _ball(Evaluator(statement, sizes, values, Balls()).value(term, indices or {}))


def evaluate_array(
    statement: Statement,
    term: Term,
    free: tuple[Index, ...],
    sizes: Mapping[str, int],
    values: Values,
    indices: Mapping[str, int] | None = None,
    precision: int = 128,
) -> list[Any]:
    """`evaluate` at every value of the indices `free`, flat in row-major order; shared work is done once."""
    with ctx.workprec(precision):
        evaluator = Evaluator(statement, sizes, values, Balls())
        ranges = [range(evaluator.size(index.dim)) for index in free]
        names = [index.name for index in free]
        return [
            _ball(evaluator.value(term, {**(indices or {}), **dict(zip(names, at, strict=True))}))
            for at in itertools.product(*ranges)
        ]


def evaluate_float(
    statement: Statement,
    term: Term,
    sizes: Mapping[str, int],
    values: Values,
    indices: Mapping[str, int] | None = None,
) -> float:
    """Roughly the value of `term`, with no promise about rounding; nan where it is undefined or overflows."""
    try:
        value = float(Evaluator(statement, sizes, values, Floats()).value(term, indices or {}))
    except (Undefined, ArithmeticError):
        return math.nan
    return value if math.isfinite(value) else math.nan


def _ball(x: Number) -> Any:
    ball = arb(x)
    if not ball.is_finite():
        raise Undefined("the enclosure is not finite: overflow, or too little precision")
    return ball


class Evaluator:
    """One point: the sizes and values fixed, any number of terms and indices evaluated with shared work."""

    def __init__(self, statement: Statement, sizes: Mapping[str, int], values: Values, field: Field) -> None:
        self._field = field
        self._sizes = sizes
        self._definitions = {d.name: (place, d) for place, d in enumerate(statement.definitions)}
        self._dims = {a.name: a.dims for a in statement.arrays}
        self._values: dict[_Seed, Number] = {}
        for array in statement.arrays:
            if array.name in values:
                self._values.update(self._elements(array.name, values[array.name]))
        self._seeds: tuple[_Seed, ...] = ()
        self._visible = len(statement.definitions)
        self._known: dict[tuple[Any, ...], Number] = {}
        self._free: dict[int, tuple[Term, tuple[str, ...]]] = {}
        self.work_left = WORK

    def size(self, dim: str) -> int:
        """The size of the dimension `dim`."""
        try:
            return self._sizes[dim]
        except KeyError:
            raise EvaluationError(f"sizes has no {dim!r}; give the size of every dimension") from None

    def value(self, term: Term, indices: Mapping[str, int]) -> Number:
        """The value of `term` with its free indices given, in the numbers of the field (0 and 1 may be ints)."""
        try:
            return self.at(term, indices)
        except RecursionError:
            raise EvaluationError("the term is nested too deeply to evaluate; use a flatter one") from None

    def at(self, term: Term, indices: Mapping[str, int]) -> Number:
        """`value` of a subterm, inside the open derivatives."""
        self.work_left -= 1
        if self.work_left < 0:
            raise EvaluationError(f"evaluation takes more than {WORK} steps; use smaller sizes")
        return _VISIT[type(term)](self, term, indices)

    def _elements(self, name: str, value: Any) -> Iterator[tuple[_Seed, Number]]:
        numbers = [self._field.rational(x) for x in _fractions(name, value)]
        places = list(itertools.product(*(range(self.size(dim)) for dim in self._dims[name])))
        if len(numbers) != len(places):
            raise EvaluationError(f"values[{name!r}] has {len(numbers)} elements; its sizes ask for {len(places)}")
        return (((name, where), number) for where, number in zip(places, numbers, strict=True))

    def _index(self, name: str, indices: Mapping[str, int]) -> int:
        try:
            return indices[name]
        except KeyError:
            raise EvaluationError(f"index {name!r} has no value; give it in indices") from None

    def _element(self, term: Element, indices: Mapping[str, int]) -> Number:
        where = tuple(self._index(i, indices) for i in term.indices)
        place, definition = self._definitions.get(term.name, (-1, None))
        if definition is not None:
            return self._defined(place, definition, where)
        found: _Seed = (term.name, where)
        if found not in self._values:
            raise EvaluationError(self._missing(*found))
        number = self._values[found]
        for level, seed in enumerate(self._seeds):
            if seed == found:
                number = Dual(level, number, self._field.rational(Fraction(1)))
        return number

    def _missing(self, name: str, where: tuple[int, ...]) -> str:
        dims = self._dims.get(name)
        if dims is None:
            return f"{name!r} is neither an array nor an earlier definition of the statement"
        if len(dims) != len(where):
            return f"{name!r} has {len(dims)} axes, not {len(where)}"
        for dim, i in zip(dims, where, strict=True):
            if not 0 <= i < self.size(dim):
                return f"index {i} of {name!r} is outside 0..{self.size(dim) - 1} ({dim})"
        return f"values has no {name!r}; give every array that is used"

    def _defined(self, place: int, definition: Definition, where: tuple[int, ...]) -> Number:
        if place >= self._visible:
            raise EvaluationError(f"the definition of {definition.name!r} is used before it is complete")
        key = (definition.name, where, self._seeds)
        if key not in self._known:
            if len(where) != len(definition.indices):
                raise EvaluationError(f"{definition.name!r} has {len(definition.indices)} indices, not {len(where)}")
            names = {index.name: i for index, i in zip(definition.indices, where, strict=True)}
            visible, self._visible = self._visible, place
            try:
                self._known[key] = self.at(definition.body, names)
            finally:
                self._visible = visible
        return self._known[key]

    def _sum(self, term: Sum, indices: Mapping[str, int]) -> Number:
        key = (id(term), tuple(indices.get(i) for i in self._free_of(term)), self._seeds)
        if key not in self._known:
            inner = dict(indices)
            total: Number = 0
            for i in range(self.size(term.index.dim)):
                inner[term.index.name] = i
                total = total + self.at(term.body, inner)
            self._known[key] = self._field.complete(total)
        return self._known[key]

    def _free_of(self, term: Term) -> tuple[str, ...]:
        if id(term) not in self._free:
            self._free[id(term)] = (term, tuple(sorted(_free_indices(term))))
        return self._free[id(term)][1]

    def _add(self, term: Add, indices: Mapping[str, int]) -> Number:
        total: Number = 0
        for x in term.terms:
            total = total + self.at(x, indices)
        return self._field.complete(total)

    def _mul(self, term: Mul, indices: Mapping[str, int]) -> Number:
        product: Number = 1
        for x in term.factors:
            product = product * self.at(x, indices)
        return self._field.complete(product)

    def _real(self, term: Term, indices: Mapping[str, int]) -> Number:
        x = self.at(term, indices)
        return self._field.rational(Fraction(x)) if isinstance(x, int) else x

    def _diff(self, term: Diff, indices: Mapping[str, int]) -> Number:
        where = tuple(self._index(i, indices) for i in term.by.indices)
        if term.by.name in self._definitions:
            raise EvaluationError(f"a derivative is taken by an array element; {term.by.name!r} is a definition")
        if (term.by.name, where) not in self._values:
            raise EvaluationError(self._missing(term.by.name, where))
        level, outer = len(self._seeds), self._seeds
        self._seeds = (*outer, (term.by.name, where))
        try:
            return slope(self.at(term.body, indices), level)
        finally:
            self._seeds = outer


_VISIT: dict[type, Callable[[Evaluator, Any, Mapping[str, int]], Number]] = {
    Num:     lambda self, t, at: self._field.rational(t.value),
    Pi:      lambda self, t, at: self._field.pi(),
    Size:    lambda self, t, at: self._field.rational(Fraction(self.size(t.dim))),
    Element: Evaluator._element,
    Delta:   lambda self, t, at: int(self._index(t.left, at) == self._index(t.right, at)),
    Sum:     Evaluator._sum,
    Add:     Evaluator._add,
    Mul:     Evaluator._mul,
    Pow:     lambda self, t, at: power(self._field, self._real(t.base, at), t.exponent),
    Fn:      lambda self, t, at: apply(self._field, t.name, self._real(t.argument, at)),
    Diff:    Evaluator._diff,
}  # fmt: skip


def _free_indices(term: Term) -> set[str]:
    match term:
        case Element(_, indices):
            return set(indices)
        case Delta(left, right):
            return {left, right}
        case Sum(index, body):
            return _free_indices(body) - {index.name}
        case _:
            return set().union(*(_free_indices(x) for x in children(term)))


def _fractions(name: str, value: Any) -> Iterator[Fraction]:
    if isinstance(value, (list, tuple)):
        for x in value:
            yield from _fractions(name, x)
        return
    if not isinstance(value, (Fraction, int, float)) or (isinstance(value, float) and not math.isfinite(value)):
        raise EvaluationError(f"values[{name!r}] holds {value!r:.80}; expected finite Fractions, ints or floats")
    yield Fraction(value)
