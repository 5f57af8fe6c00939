"""Arrays with minus infinities, as masked attention uses them: finite where present, -inf elsewhere.

A masked score only takes part in what is done before its exponential, which is 0: what is present times the
exponential of the finite value. Anything else that is done with a minus infinity is not followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any

import numpy as np

from proofs.calculus.terms import Fn, Mul, Num, Pow, Size, Term
from proofs.capture import comparisons as c
from proofs.capture import values as v
from proofs.capture.arithmetic import UNIT, ZERO, minus, over, plus, times
from proofs.capture.array import Run, SymbolicArray, value_of
from proofs.capture.refusal import NotCaptured
from proofs.capture.values import Value

NOTHING, EVERYTHING = Value((), {(): ZERO}), Value((), {(): UNIT})


def is_absent(x: Any) -> bool:
    """Whether it is the number minus infinity."""
    return type(x) in (float, np.float64, np.float32) and float(x) == -inf


def has_absent(x: Any) -> bool:
    """Whether an array has places where it is minus infinity."""
    return isinstance(x, SymbolicArray) and x.present is not None


def call_with_absent(run: Run, ufunc: Any, inputs: Sequence[Any]) -> SymbolicArray:
    """A ufunc, or np.where, where an operand has minus infinities. Raises NotCaptured for all but a few."""
    parts = [_parts(run, x) for x in inputs]
    finite, present = [value for value, _ in parts], [there for _, there in parts]
    tape = run.tape

    def both() -> Value:
        return v.elementwise(tape, times, *present, kind="bit")

    if ufunc is np.where:
        whole = next((k for k in (1, 2) if is_absent(inputs[k])), 0)
        made = finite[3 - whole] if whole else v.elementwise(tape, c.chosen, *finite, kind="where")
        return run.array(made, present=v.elementwise(tape, c.chosen, finite[0], *present[1:], kind="bit"))
    if ufunc is np.exp:
        bare = v.elementwise(tape, lambda t: Fn("exp", t), *finite)
        return run.array(v.elementwise(tape, times, *present, bare, kind="times"))
    if ufunc is np.add:
        return run.array(v.elementwise(tape, plus, *finite), present=both())
    if ufunc is np.subtract and not _is_partial(inputs[1]):
        return run.array(v.elementwise(tape, minus, *finite), present=both())
    if ufunc in (np.multiply, np.true_divide):
        other = finite[1] if _is_partial(inputs[0]) else finite[0]
        scales = not (_is_partial(inputs[0]) and _is_partial(inputs[1])) and (
            ufunc is np.multiply or _is_partial(inputs[0])
        )
        if scales and all(_is_positive(t) for t in other.entries.values()):
            return run.array(v.elementwise(tape, times if ufunc is np.multiply else over, *finite), present=both())
    raise NotCaptured(f"np.{ufunc.__name__} of minus infinity")


def _is_partial(x: Any) -> bool:
    return has_absent(x) or is_absent(x)


def _parts(run: Run, x: Any) -> tuple[Value, Value]:
    """The finite values, and where they are present."""
    if is_absent(x):
        return NOTHING, NOTHING
    if isinstance(x, SymbolicArray) and x.present is not None:
        return x.finite, x.present
    return value_of(run, x), EVERYTHING


def _is_positive(t: Term) -> bool:
    match t:
        case Num(number):
            return number > 0
        case Size():
            return True
        case Pow(base, _):
            return _is_positive(base)
        case Mul(factors):
            return all(_is_positive(factor) for factor in factors)
    return False
