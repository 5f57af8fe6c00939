"""What the results of a call must be: the captured formula, and its derivative, at the very arrays of the call.

First oracle: the terms of the forward pass evaluated in balls whose precision rises until they are under 1 % of what
rounding may do (rounding.py); gradients by the rules of the calculus, from the formula, not from backward code.
Second oracle: the remainder ``F(x + hv) - F(x) - h <g, v>`` of the formula alone must shrink as h^2; no
differentiation rule is in it. They must agree, or the run ends with OracleError. At a kink, where no derivative
exists, gradients are those met a hair's breadth away on several sides, and what lies between them is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import numpy as np
from flint import arb, ctx

from proofs.calculus.dual import Balls, EvaluationError, Undefined
from proofs.calculus.evaluate import Evaluator
from proofs.calculus.terms import Array, Element, Num, Statement, Sum, Term, children
from proofs.capture import NotCaptured, Parameter
from proofs.capture.values import keys_of
from proofs.conformance.accuracy import FUNCTION_ULPS
from proofs.conformance.expected import Expected, between, expected, unjudged
from proofs.conformance.rounding import Kink, Rounding
from proofs.gradients.plain import concrete, cut_up, numbers_of, places, stem
from proofs.gradients.recording import Recording, is_output, piece, upstream_arrays

Numbers = dict[str, list[Fraction]]
PRECISIONS = (160, 640, 2560)
HAIR = 400
MOST_SIDES = 32
EXTRA_SIDES = 4


class OracleError(Exception):
    """The two oracles contradict each other: the tool is wrong, not the code that is tested."""


@dataclass(frozen=True)
class Formula:
    """A forward pass as terms, and what its gradients are asked for."""

    recording: Recording
    is_loss: bool = False

    @property
    def outputs(self) -> list[str]:
        return [name for name in self.recording.results if is_output(name)]

    @property
    def mixed(self) -> frozenset[str]:
        """The dimensions of which a step keeps one index and sums over another: no batches."""
        return frozenset(
            dim for d in self.recording.definitions for dim in {i.dim for i in d.indices} & set(_summed(d.body))
        )

    @property
    def varying(self) -> frozenset[str]:
        """The arrays that the real-valued parameters are cut into."""
        real = [p for p in self.recording.parameters if p.classes is None]
        return frozenset(name for p in real for _, name in _blocks(p.name, p.shape))

    def shape(self, name: str, sizes: Mapping[str, int]) -> tuple[int, ...]:
        """The shape of an output, or of the gradient by a parameter."""
        for p in self.recording.parameters:
            if p.name == name:
                return concrete(p.shape, sizes)
        return concrete(self.recording.results[name].shape, sizes)

    def at(
        self, arrays: Mapping[str, Any], sizes: Mapping[str, int], wrt: Sequence[str], info: Any
    ) -> dict[str, Expected]:
        """What comes back for `arrays` (inputs and upstream gradients), by name. Raises Undefined."""
        numbers = self.numbers(arrays, sizes)
        for precision in PRECISIONS:
            with ctx.workprec(precision):
                found = self._at(numbers, sizes, wrt, info)
                if all(x.sharp.all() for x in found.values()):
                    break
        if self.recording.opaque:
            self._refuse_dependence(numbers, sizes, wrt, info, found)
        return {name: replace(x, judged=x.judged & x.sharp) for name, x in found.items()}

    def _refuse_dependence(
        self, numbers: Numbers, sizes: Mapping[str, int], wrt: Sequence[str], info: Any, found: Mapping[str, Expected]
    ) -> None:
        """Raise NotCaptured where a result depends on a maximum whose place is not known."""
        others = {a.name: [Fraction(1, 3)] * len(numbers[a.name]) for a in self.recording.opaque}
        with ctx.workprec(PRECISIONS[0]):
            again = self._at(numbers | others, sizes, wrt, info)
        for name, x in found.items():
            pairs = zip(x.exact.ravel(), again[name].exact.ravel(), strict=True)
            if not all(a.overlaps(b) for a, b in pairs if a.is_finite() and b.is_finite()):
                raise NotCaptured(f"{name} depends on a largest element that is not followed")

    def _at(self, numbers: Numbers, sizes: Mapping[str, int], wrt: Sequence[str], info: Any) -> dict[str, Expected]:
        point = _Point(self, sizes, numbers, Rounding(info, FUNCTION_ULPS))
        if 0 in sizes.values():
            point.evaluate_all()
        found = {name: expected(self.shape(name, sizes), point.output(name), info) for name in self.outputs}
        if not wrt:
            return found
        tie = bool(self.recording.stand_ins) and self._tied(numbers, sizes)
        try:
            if tie:
                raise Kink("a tie")
            gradients = point.gradients(wrt)
        except Kink:
            return found | self._around(numbers, sizes, wrt, info)
        return found | {n: expected(self.shape(n, sizes), g, info) for n, g in gradients.items()}

    def _around(self, numbers: Numbers, sizes: Mapping[str, int], wrt: Sequence[str], info: Any) -> dict[str, Expected]:
        """The gradients a hair's breadth off a kink, on several sides, and all between them.

        Steps go up along the entries and are turned round from side to side: every entry moves up and down, and is
        once the largest of any it is tied with.
        """
        moving = sorted(self.varying)
        most = max(len(numbers[name]) for name in moving)
        if most > MOST_SIDES:
            return {name: unjudged(self.shape(name, sizes)) for name in wrt}
        random = np.random.default_rng(11)
        several = []
        for side in range(most + EXTRA_SIDES):
            moved = dict(numbers)
            for name in moving:
                count = len(numbers[name])
                turned = 4 * ((np.arange(count) + side) % count) - 2 * count + 1
                steps = turned if side < most else random.integers(-(2**20), 2**20, count)
                pairs = zip(numbers[name], steps.tolist(), strict=True)
                moved[name] = [x + Fraction(step, 2**HAIR) for x, step in pairs]
            with ctx.workprec(ctx.prec + HAIR + 64):
                moved |= self._stood_for(moved, sizes)
                point = _Point(self, sizes, moved, Rounding(info, FUNCTION_ULPS))
                several.append({n: expected(self.shape(n, sizes), g, info) for n, g in point.gradients(wrt).items()})
        return {name: between([found[name] for found in several]) for name in wrt}

    def numbers(self, arrays: Mapping[str, Any], sizes: Mapping[str, int]) -> Numbers:
        """The arrays as elements of the terms, exactly."""
        with np.errstate(all="ignore"):
            try:
                found = numbers_of(replace(self.recording, stand_ins=()), sizes, arrays)
            except (ValueError, OverflowError) as error:
                raise Undefined(str(error)) from None
        return found | self._stood_for(found, sizes)

    def _stood_for(self, numbers: Numbers, sizes: Mapping[str, int]) -> Numbers:
        """The arrays that stand for masks and for where a largest element is (the first of several)."""
        found = dict(numbers)
        for made in self.recording.stand_ins:
            shape = concrete(made.shape, sizes)
            if made.of is None:
                array = np.where(np.tri(shape[0], shape[1]) > 0, 1, -1)
            else:
                array = np.zeros(shape)
                for row, values in self._rows(made, found, sizes):
                    array[(*row, _largest(values, made.kind)[0])] = 1
            found |= cut_up(stem(made), made.shape, sizes, array)
        return found

    def _rows(
        self, made: Any, numbers: Numbers, sizes: Mapping[str, int]
    ) -> Iterator[tuple[tuple[int, ...], list[Any]]]:
        """The rows over which a largest element is taken."""
        shape = concrete(made.shape, sizes)
        missing = {a.name: [Fraction(0)] * prod(sizes[d] for d in a.dims) for a in self.recording.arrays}
        at = Evaluator(statement_of(self.recording), sizes, missing | numbers, Balls())
        values = np.empty(shape, dtype=object)
        for place in places(made.of.shape, sizes):
            values[place.position] = arb(at.value(made.of.entries[place.key], place.indices))
        for row in np.ndindex(shape[:-1]):
            if not shape[-1]:
                raise Undefined("the largest of no elements")
            yield row, list(values[row])

    def _tied(self, numbers: Numbers, sizes: Mapping[str, int]) -> bool:
        return any(
            len(_largest(values, made.kind)) > 1
            for made in self.recording.stand_ins
            if made.of is not None
            for _, values in self._rows(made, numbers, sizes)
        )

    def objective(self, numbers: Numbers, sizes: Mapping[str, int]) -> Any:
        """``sum out * upstream`` (or the loss) in plain balls: no derivative, no rounding."""
        at = Evaluator(statement_of(self.recording), sizes, numbers, Balls())
        total = arb(0)
        for name in self.outputs:
            value = self.recording.results[name]
            upstream = None if self.is_loss else _whole(f"d{name}", value.shape, sizes, numbers)
            for place in places(value.shape, sizes):
                factor = arb(1) if upstream is None else _arb(upstream[place.position])
                total += factor * _arb(at.value(value.entries[place.key], place.indices))
        return total

    def confirm(self, arrays: Mapping[str, Any], sizes: Mapping[str, int], found: Mapping[str, Expected]) -> bool:
        """Hold gradients to the second oracle at one point; False where it has nothing to say. Raises OracleError."""
        wrt = [p for p in self.recording.parameters if p.name in found]
        numbers = self.numbers(arrays, sizes)
        random = np.random.default_rng(13)
        with ctx.workprec(800):
            slope, size = arb(0), arb(0)
            ways: dict[str, list[Fraction]] = {}
            for p in wrt:
                way = random.integers(-8, 9, concrete(p.shape, sizes))
                ways |= cut_up(p.name, p.shape, sizes, way)
                terms = [_arb(g) * int(w) for g, w in zip(found[p.name].exact.ravel(), way.ravel(), strict=True)]
                slope, size = slope + sum(terms, arb(0)), size + sum(map(abs, terms), arb(0))
            if not slope.is_finite():
                return False
            try:
                here = self.objective(numbers, sizes)
                first, second = (self._remainder(numbers, ways, sizes, here, slope, k) for k in (100, 101))
            except (EvaluationError, ArithmeticError):
                return False
            noise = slope.rad() * 2 + (1 + size) * arb(2) ** -60
            halves = abs(second) - abs(first) * arb("0.51") <= noise * arb(2) ** 100
            if first.is_finite() and second.is_finite() and not halves:
                raise OracleError(
                    f"the slope of the formula is not its derivative: remainders {first.str(5)}, {second.str(5)}"
                )
        return True

    def _remainder(
        self, numbers: Numbers, ways: Mapping[str, Any], sizes: Mapping[str, int], here: Any, slope: Any, k: int
    ) -> Any:
        """``(F(x + hv) - F(x) - h <g, v>) / h`` times 2^100 for h = 2^-k."""
        moved = dict(numbers)
        for name, way in ways.items():
            moved[name] = [x + w * Fraction(1, 2**k) for x, w in zip(numbers[name], way, strict=True)]
        moved |= self._stood_for(moved, sizes)
        step = arb(2) ** -k
        return ((self.objective(moved, sizes) - here) / step - slope) * arb(2) ** 100


class _Point(Evaluator):
    """The formula at one point, on a tape."""

    def __init__(self, formula: Formula, sizes: Mapping[str, int], numbers: Numbers, field: Rounding) -> None:
        self.formula, self.rounding = formula, field
        self.varying, self.all_sizes = formula.varying, sizes
        statement = statement_of(formula.recording)
        self.arrays = statement.arrays
        super().__init__(statement, sizes, numbers, field)
        self.numbers = numbers

    def _elements(self, name: str, value: Any) -> Iterator[Any]:
        array = next(a for a in self.arrays if a.name == name)
        places = product(*(range(self.size(dim)) for dim in array.dims))
        for where, number in zip(places, value, strict=True):
            yield (name, where), self.rounding.entry(number, varies=name in self.varying)

    def evaluate_all(self) -> None:
        """Every step of the code, also those no result depends on. Raises Undefined, as for the mean of nothing."""
        for definition in self.formula.recording.definitions:
            names = [i.name for i in definition.indices]
            for at in np.ndindex(*(self.size(i.dim) for i in definition.indices)):
                self.value(Element(definition.name, tuple(names)), dict(zip(names, at, strict=True)))

    def output(self, name: str) -> Any:
        """The values of an output, as an array."""
        value = self.formula.recording.results[name]
        array = np.empty(concrete(value.shape, self.all_sizes), dtype=object)
        for place in places(value.shape, self.all_sizes):
            array[place.position] = self.value(value.entries[place.key], place.indices)
        return array

    def gradients(self, wrt: Sequence[str]) -> dict[str, Any]:
        """The derivatives of the objective by the parameters `wrt`, as arrays."""
        seeds = []
        for name in self.formula.outputs:
            out = self.output(name)
            shape = self.formula.recording.results[name].shape
            if self.formula.is_loss:
                upstream: Any = np.full(out.shape, Fraction(1), dtype=object)
            else:
                upstream = _whole(f"d{name}", shape, self.all_sizes, self.numbers)
            for at in np.ndindex(out.shape):
                given = self.rounding.entry(Fraction(upstream[at]), varies=False)
                if not self.formula.is_loss:
                    given.error = self.rounding.half_unit(given.value)
                seeds.append((out[at], given))
        by_name = {p.name: p for p in self.formula.recording.parameters}
        arrays = {n: _elements_of(self, by_name[n]) for n in wrt}
        flat = [x for array in arrays.values() for x in array.ravel()]
        found = iter(self.rounding.gradients(seeds, flat))
        for array in arrays.values():
            for at in np.ndindex(array.shape):
                array[at] = next(found)
        return arrays


def _elements_of(point: _Point, p: Parameter) -> Any:
    array = np.empty(concrete(p.shape, point.all_sizes), dtype=object)
    for place in places(p.shape, point.all_sizes):
        array[place.position] = point.value(piece(p.name, p.shape, place.key), place.indices)
    return array


def statement_of(recording: Recording) -> Statement:
    """The recording's definitions and arrays, to evaluate terms in."""
    arrays: tuple[Array, ...] = (*recording.arrays, *recording.opaque, *upstream_arrays(recording))
    zero = Num(Fraction(0))
    return Statement(zero, zero, (), arrays, recording.definitions)


def _whole(name: str, shape: Any, sizes: Mapping[str, int], numbers: Numbers) -> Any:
    """An array put together again from its blocks, as exact numbers."""
    array = np.empty(concrete(shape, sizes), dtype=object)
    blocks = {key: iter(numbers[block]) for key, block in _blocks(name, shape)}
    for place in places(shape, sizes):
        array[place.position] = next(blocks[place.key])
    return array


def _blocks(name: str, shape: Any) -> Iterator[tuple[Any, str]]:
    yield from ((key, piece(name, shape, key).name) for key in keys_of(shape))


def _largest(values: Sequence[Any], kind: str) -> list[int]:
    """Where the largest (smallest) are, as far as can be told."""
    signed = values if kind == "largest" else [-x for x in values]
    top = signed[0]
    for x in signed[1:]:
        top = x if x > top else top
    return [k for k, x in enumerate(signed) if not x < top]


def _arb(x: Any) -> Any:
    if isinstance(x, Fraction):
        return arb(x.numerator) / x.denominator
    return arb(x)


def _summed(t: Term) -> Iterator[str]:
    if isinstance(t, Sum):
        yield t.index.dim
    for child in children(t):
        yield from _summed(child)
