"""Separators and Farkas multipliers by Z3, in exact linear arithmetic (QF_LRA).

Exactly one of the two exists (Motzkin's transposition theorem): w, b with w.x + b >= 0 on label 1 and < 0 on label 0,
or multipliers m >= 0 of equal, positive total on both labels with equal weighted sums of points (the hulls meet).
The multipliers are asked for as a satisfiability problem of their own and read from its model, never from a Z3 proof.
A fresh Z3 context each time makes the answer independent of what was solved before. Nothing here is a verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import z3

from proofs.deadline import stopping
from proofs.separation.data import MAX_SHOWN, DataSet, Number, Row, SeparationError, data_set

EFFORT = 30_000_000
"""Default limit in Z3's resource units: they count work, not time, so the answer does not depend on the machine."""

SECONDS = 10
"""Wall-clock guard beside `EFFORT`, whose units hardly notice how long the numbers are."""

MOST_NUMBERS = 150_000
"""Most coefficients in one problem: writing it down for Z3 takes longer than solving it."""


class EffortExceeded(SeparationError):
    """Z3 stopped at its limit without an answer: the claim stays undecided."""


@dataclass(frozen=True, slots=True)
class Separator:
    """w and b, meant to satisfy w.x + b >= 0 on label 1 and < 0 on label 0."""

    weights: tuple[Fraction, ...]
    bias: Fraction

    def score(self, point: Sequence[Fraction | int]) -> Fraction:
        """w.x + b"""
        return sum((w * x for w, x in zip(self.weights, point, strict=True)), start=self.bias)

    def output(self, point: Sequence[Fraction | int]) -> int:
        """1 where w.x + b >= 0, else 0."""
        return int(self.score(point) >= 0)


@dataclass(frozen=True, slots=True)
class Refutation:
    """One multiplier a row, coprime integers, meant to show that no separator exists."""

    multipliers: tuple[Fraction, ...]


def coprime(values: Sequence[Fraction]) -> Row:
    """The positive multiple of a vector whose entries are coprime integers (zero stays zero).

    Raises EffortExceeded when they are longer than a certificate may hold.
    """
    common = lcm(*(value.denominator for value in values))
    integers = [int(value * common) for value in values]
    divisor = gcd(*integers) or 1
    if any(abs(value) >= 10**MAX_SHOWN * divisor for value in integers):
        raise EffortExceeded(f"the weights have over {MAX_SHOWN} digits; scale the data")
    return tuple(Fraction(value // divisor) for value in integers)


def linear_solver(logic: str, effort: int) -> tuple[Any, Any]:
    """A Z3 solver for `logic` and its fresh context; the solver gives up after `effort` units or `SECONDS`."""
    context = z3.Context()
    solver = z3.SolverFor(logic, ctx=context)
    solver.set("rlimit", effort)
    solver.set("timeout", 1000 * SECONDS)
    return solver, context


def linear_form(coefficients: Sequence[Fraction], variables: Sequence[Any], start: Any) -> Any:
    """start + sum of coefficient * variable, zeros left out."""
    context = start.ctx
    used = [(c, v) for c, v in zip(coefficients, variables, strict=True) if c]
    return z3.Sum([start, *(v if c == 1 else z3.RealVal(str(c), context) * v for c, v in used)])


def refuse_large(data: DataSet, copies: int = 1) -> None:
    """Raises EffortExceeded when the rows, each written `copies` times, hold more than `MOST_NUMBERS` coefficients."""
    numbers = copies * sum(1 + sum(map(bool, point)) for point in data.points)
    if numbers > MOST_NUMBERS:
        raise EffortExceeded(f"the problem has {numbers} coefficients, and Z3 is given at most {MOST_NUMBERS}")


def model_values(solver: Any, variables: Sequence[Any]) -> Row:
    """The variables' exact values in the model just found; raises EffortExceeded beyond Python's limit on digits."""
    model = solver.model()
    try:
        return tuple(Fraction(model.eval(variable, model_completion=True).as_string()) for variable in variables)
    except ValueError as error:
        raise EffortExceeded(f"Z3's weights are too long to read ({error}); scale the data") from error


def satisfiable(solver: Any) -> bool:
    """Z3's answer; raises EffortExceeded when it gives none, KeyboardInterrupt when Ctrl-C reached it first."""
    with stopping(solver.ctx.interrupt):
        answer = solver.check()
    if answer == z3.unknown:
        why = solver.reason_unknown()
        if why == "interrupted from keyboard":
            raise KeyboardInterrupt
        raise EffortExceeded(f"Z3 gave up ({why}); raise the limit `effort` or scale the data")
    return bool(answer == z3.sat)


def separator(points: Sequence[Sequence[Number]], labels: Sequence[int], *, effort: int = EFFORT) -> Separator | None:
    """A separator in coprime integers, or None when there is none.

    It is asked for with w.x + b >= 1 and <= -1, which by scaling exists when any exists, so that no row lies on it.
    points: rows x features; labels: rows, 0 or 1. Raises SeparationError as `data_set` does, EffortExceeded.
    """
    data = data_set(points, labels)
    refuse_large(data)
    solver, context = linear_solver("QF_LRA", effort)
    weights = [z3.Real(f"w{column}", context) for column in range(data.dimension)]
    bias = z3.Real("b", context)
    for point, label in zip(data.points, data.labels, strict=True):
        score = linear_form(point, weights, bias)
        solver.add(score >= 1 if label else score <= -1)
    if not satisfiable(solver):
        return None
    *found, offset = coprime(model_values(solver, [*weights, bias]))
    return Separator(tuple(found), offset)


def farkas_multipliers(
    points: Sequence[Sequence[Number]], labels: Sequence[int], *, effort: int = EFFORT
) -> tuple[Fraction, ...] | None:
    """Farkas multipliers in coprime integers, one a row, or None when there are none.

    sum over label 1 of m_i (x_i, 1) = sum over label 0 of m_i (x_i, 1), m >= 0, not all zero.
    Raises SeparationError as `data_set` does, EffortExceeded.
    Source: Schrijver, Theory of Linear and Integer Programming, section 7.8 (Motzkin's transposition theorem).
    """
    data = data_set(points, labels)
    refuse_large(data)
    solver, context = linear_solver("QF_LRA", effort)
    multipliers = [z3.Real(f"m{row}", context) for row in range(len(data.points))]
    solver.add(*(m >= 0 for m in multipliers))
    rows = list(zip(data.points, data.labels, strict=True))
    zero, one = z3.RealVal(0, context), z3.RealVal(1, context)
    for label in (0, 1):
        solver.add(z3.Sum([zero, *(multipliers[row] for row in data.rows(label))]) == one)
    for column in range(data.dimension):
        signed = [point[column] if label else -point[column] for point, label in rows]
        solver.add(linear_form(signed, multipliers, zero) == 0)
    return coprime(model_values(solver, multipliers)) if satisfiable(solver) else None


def separate(
    points: Sequence[Sequence[Number]], labels: Sequence[int], *, effort: int = EFFORT
) -> Separator | Refutation:
    """A separator, or else the multipliers that show there is none.

    Raises SeparationError as `data_set` does, and when Z3 denies both (one of the two must exist); EffortExceeded.
    """
    found = separator(points, labels, effort=effort)
    if found is not None:
        return found
    multipliers = farkas_multipliers(points, labels, effort=effort)
    if multipliers is None:
        raise SeparationError("Z3 found neither a separator nor a refutation, which cannot be; please report the data")
    return Refutation(multipliers)
