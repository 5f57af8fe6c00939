"""Triangular masks: ones on and below the diagonal, of symbolic sizes an opaque matrix of zeros and ones."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

from proofs.calculus.terms import Fn, Num
from proofs.capture import values as v
from proofs.capture.arithmetic import UNIT, ZERO, minus, plus, times
from proofs.capture.array import Run, SymbolicArray, value_of
from proofs.capture.refusal import NotCaptured
from proofs.capture.shapes import Axis
from proofs.capture.values import Value


def lower(run: Run, rows: Axis, columns: Axis) -> Value:
    """1 where the column is not beyond the row, else 0: written out for concrete axes.

    For symbolic ones 1 on the diagonal, so that no row is empty, and the step of an unknown matrix off it.
    """
    if not any(rows) and not any(columns):
        places = product(range(len(rows)), range(len(columns)))
        return Value((rows, columns), {(i, j): UNIT if j <= i else ZERO for i, j in places})
    if rows != columns or len(rows) != 1 or len(rows[0]) != 1:
        raise NotCaptured(f"a triangular mask over the sizes {v.describe((rows, columns))}")
    beyond = v.elementwise(run.tape, lambda t, same: times(minus(UNIT, same), Fn("step", t)), *_masks(run, rows))
    return v.elementwise(run.tape, plus, v.identity(run.tape, rows), beyond, kind="bit")


def _masks(run: Run, axis: Axis) -> tuple[Value, Value]:
    return run.stand_in("lower", (axis, axis)), v.identity(run.tape, axis)


def triangle(run: Run, rows: Axis, columns: Axis, k: int = 0) -> Value:
    """``np.tri``: 1 where the column is at most `k` beyond the row."""
    if not any(rows) and not any(columns):
        places = product(range(len(rows)), range(len(columns)))
        return Value((rows, columns), {(i, j): Num(Fraction(j - i <= k)) for i, j in places})
    if k not in (0, -1):
        raise NotCaptured(f"a triangular mask {k} off the diagonal")
    found = lower(run, rows, columns)
    if k == 0:
        return found
    return v.elementwise(run.tape, minus, found, v.identity(run.tape, rows), kind="bit")


def part(run: Run, array: Any, k: Any = 0, *, below: bool) -> SymbolicArray:
    """``np.tril`` and ``np.triu`` of the last two axes."""
    from proofs.capture.elementwise import where_of

    given = array if isinstance(array, SymbolicArray) else run.array(value_of(run, array))
    shape = given.axes
    if len(shape) < 2:
        raise NotCaptured("np.tril or np.triu of a vector")
    mask = run.array(triangle(run, shape[-2], shape[-1], int(k) - (not below)), boolean=True)
    nothing = run.array(v.constant(0), boolean=given.boolean)
    return where_of(run, mask if below else ~mask, given, nothing)


def compared(run: Run, left: Axis, symbol: str) -> Value:
    """``arange(n)[:, None] <symbol> arange(n)`` as zeros and ones."""
    beyond = {">=": 0, ">": -1, "<": 0, "<=": -1}[symbol]
    found = triangle(run, left, left, beyond)
    if symbol in (">=", ">"):
        return found
    return v.elementwise(run.tape, lambda t: minus(UNIT, t), found, kind="bit")
