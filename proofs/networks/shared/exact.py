"""The exact set of shared weights for networks of piecewise polynomials: break points, cells, certificate.

On each row every value is a polynomial in w between the real roots of polynomials whose signs decide what |x|, relu and
step do. These are factored into irreducible polynomials (python-flint); their real roots break the line into cells,
open intervals and points, on each of which every answer stays the same. Untrusted: the checker repeats every step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache, partial
from itertools import groupby, pairwise
from math import ceil, floor

from flint import arb, ctx, fmpq, fmpq_poly, fmpz_poly

from proofs.claim import Certificate
from proofs.networks.shared.pieces import Bound, Piece, plain
from proofs.networks.shared.topology import SAME_SIGN, Row, Task, Topology
from proofs.separation import show
from proofs.separation.found import Deadline

RIGHT = -1
BITS = 64
"""Bits at which roots are first enclosed, and doubled until they are apart."""
MOST_DEGREE = 200

Factor = tuple[int, ...]
"""An irreducible polynomial by its integer coefficients, the constant one first."""


class TooManyPieces(Exception):
    """A polynomial has a higher degree than the checker reads."""


@dataclass(frozen=True)
class Line:
    """The real roots of some factors in order, a sample below, between and above them, and what holds on each cell:
    the number of a row whose answer is wrong there, or `RIGHT`. Even cells are open intervals, odd ones the roots.
    """

    factors: tuple[Factor, ...]
    breaks: tuple[Bound, ...]
    samples: tuple[Fraction, ...]
    cells: tuple[int, ...]

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Where every answer is right."""
        ends = [None, *self.breaks, None]
        found = []
        for wrong, group in groupby(range(len(self.cells)), key=lambda cell: self.cells[cell] != RIGHT):
            cells = list(group)
            if not wrong:
                low, high = ends[(cells[0] + 1) // 2], ends[cells[-1] // 2 + 1]
                found.append(Piece(low, high, bool(cells[0] % 2), bool(cells[-1] % 2)))
        return tuple(found)

    def cell(self, w: Fraction) -> int:
        """The cell that holds w."""
        for number, found in enumerate(self.breaks):
            side = found.side(w)
            if side <= 0:
                return 2 * number + 1 + side
        return 2 * len(self.breaks)

    def every(self, low: Fraction, high: Fraction) -> bool:
        """Whether every answer is right for each w from `low` to `high`."""
        return all(cell == RIGHT for cell in self.cells[self.cell(low) : self.cell(high) + 1])

    def failure(self, low: Fraction, high: Fraction) -> tuple[str, int]:
        """Where from `low` to `high` an answer is wrong, and the row. Raises StopIteration where it never is."""
        first, last = self.cell(low), self.cell(high)
        cell = next(cell for cell in range(first, last + 1) if self.cells[cell] != RIGHT)
        inside = {first: show(low), last: show(high)}.get(cell, show(self.samples[cell // 2]))
        found = self.breaks[cell // 2] if cell % 2 else None
        return str(found) if found else inside, self.cells[cell]


def find_line(task: Task, deadline: Deadline) -> Line:
    """The cells of the whole line and what holds on them. The topology must be `exact`.

    Raises EffortExceeded past the deadline, TooManyPieces for a degree above 200.
    """
    factors: set[Factor] = {(0, 1)}
    for last in (False, True):
        while True:
            line, needed = _sweep(task, factors, deadline)
            if last and needed <= factors:
                return line
            if needed <= factors:
                factors = needed
                break
            factors |= needed
    raise AssertionError


def _sweep(task: Task, factors: set[Factor], deadline: Deadline) -> tuple[Line, set[Factor]]:
    """The cells between the roots of these factors, judged at their samples, and the factors that judging needs."""
    ordered = tuple(sorted(factors, key=lambda factor: (len(factor), factor)))
    breaks = _isolate(ordered)
    samples = _samples(breaks)
    needed: set[Factor] = set()
    cells: list[int] = []
    for number in range(2 * len(breaks) + 1):
        at = breaks[number // 2].factor if number % 2 else None
        judge = partial(_judge, task, deadline, samples[number // 2], at)
        answers = {}
        first = [cells[-1]] if cells and cells[-1] != RIGHT else []
        for row in [*first, *range(len(task.points))]:
            answers[row] = judge(row)
            if not answers[row][0]:
                break
        wrong = next((row for row, (right, _) in answers.items() if not right), RIGHT)
        for row, (_, used) in answers.items():
            if wrong in (RIGHT, row):
                needed |= used
        cells.append(wrong)
    return Line(ordered, breaks, samples, tuple(cells)), needed


def _judge(task: Task, deadline: Deadline, sample: Fraction, at: Factor | None, row: int) -> tuple[bool, set[Factor]]:
    """Whether the row's answer is right, as far as the signs at the sample go, and the factors of what has a sign."""
    deadline.check()
    used: set[Factor] = set()
    x = _fmpq(sample)

    def sign(p: fmpq_poly) -> int:
        if p.degree() < 1:
            return int(p[0] > 0) - int(p[0] < 0)
        factors = _factors(p)
        used.update(factors)
        if at in factors:
            return 0
        value = p(x)
        return int(value > 0) - int(value < 0)

    out = _outputs(task.topology, task.points[row], sign)
    label = task.labels[row]
    if len(out) == 1:
        return (sign(out[0]) > 0) == (label == 1), used
    return all(sign(out[label] - other) > 0 for k, other in enumerate(out) if k != label), used


def _outputs(topology: Topology, row: Row, sign: Callable[[fmpq_poly], int]) -> list[fmpq_poly]:
    """The outputs as polynomials in w where the signs are these; the last one, if alone, up to a positive factor."""
    values = [fmpq_poly([1]), *(fmpq_poly([_fmpq(x)]) for x in row)]
    last = topology.inputs + len(topology.nodes)
    for number, (activation, sources) in enumerate(topology.nodes, topology.inputs + 1):
        z = sum((values[source] for source in sources), fmpq_poly()) * fmpq_poly([0, 1])
        if number == last and topology.outputs == (last,):
            activation = SAME_SIGN.get(activation, activation)
        values.append(_activated(activation, z, sign))
        if values[-1].degree() > MOST_DEGREE:
            raise TooManyPieces(f"node {number} has a degree above {MOST_DEGREE}")
    return [values[output] for output in topology.outputs]


def _activated(activation: str, z: fmpq_poly, sign: Callable[[fmpq_poly], int]) -> fmpq_poly:
    match activation:
        case "linear":
            return z
        case "inverse":
            return -z
        case "square":
            return z * z
        case "abs":
            return z * sign(z)
        case "relu":
            return z if sign(z) > 0 else fmpq_poly()
        case "step":
            return fmpq_poly([1 if sign(z) > 0 else 0])
        case "positive":
            return fmpq_poly([1])
    raise ValueError(f"{activation} is no piecewise polynomial")


def _fmpq(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)


def _factors(p: fmpq_poly) -> frozenset[Factor]:
    """The irreducible factors of a polynomial that is not constant."""
    return _factored(tuple(int(a) for a in p.numer().coeffs()))


@lru_cache(maxsize=100_000)
def _factored(coefficients: tuple[int, ...]) -> frozenset[Factor]:
    return frozenset(tuple(int(a) for a in f.coeffs()) for f, _ in fmpz_poly(list(coefficients)).factor()[1])


def _isolate(factors: Sequence[Factor]) -> tuple[Bound, ...]:
    """The real roots in order, in enclosures that do not meet."""
    bits = BITS
    while True:
        found = sorted((root for f in factors for root in _roots(f, bits)), key=lambda root: (root.low, root.high))
        if all(left.high < right.low for left, right in pairwise(found)):
            return tuple(found)
        bits *= 2


@lru_cache(maxsize=10_000)
def _roots(factor: Factor, bits: int) -> tuple[Bound, ...]:
    if len(factor) == 2:
        root = Fraction(-factor[0], factor[1])
        return (Bound(factor, root, root),)
    with ctx.workprec(bits):
        real = [root.real for root, _ in fmpz_poly(list(factor)).complex_roots() if root.imag == 0]
        return tuple(Bound(factor, _dyadic(x.lower()), _dyadic(x.upper())) for x in real)


def _dyadic(x: arb) -> Fraction:
    mantissa, exponent = x.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _samples(breaks: Sequence[Bound]) -> tuple[Fraction, ...]:
    if not breaks:
        return (Fraction(1),)
    between = [_short(left.high, right.low) for left, right in pairwise(breaks)]
    return (Fraction(floor(breaks[0].low) - 1), *between, Fraction(ceil(breaks[-1].high) + 1))


def _short(low: Fraction, high: Fraction) -> Fraction:
    """A number between two, with a small power of two as denominator."""
    scale = 1
    while (number := floor(low * scale) + 1) >= high * scale:
        scale *= 2
    return Fraction(number, scale)


def line_certificate(task: Task, line: Line, interval: tuple[Fraction, Fraction] | None = None) -> Certificate:
    """Kind shared_weight: for exactly which w the labels are computed; with an interval, whether for all of it."""
    data = {"gradproof": 1, "kind": "shared_weight", **task.fields(), "factors": [list(f) for f in line.factors]}
    data |= {"samples": [plain(x) for x in line.samples], "cells": list(line.cells)}
    if interval is not None:
        data |= {"interval": [plain(x) for x in interval], "every": line.every(*interval)}
    return Certificate(data)
