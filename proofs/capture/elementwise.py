"""NumPy's ufuncs on symbolic arrays: one line a function, each in terms of the numbers at one position."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from proofs.calculus.terms import Fn, Num, Pow, Term
from proofs.capture import comparisons as c
from proofs.capture import values as v
from proofs.capture.absent import call_with_absent, has_absent, is_absent
from proofs.capture.arithmetic import UNIT, ZERO, minus, over, plus, power, root, times
from proofs.capture.array import Run, SymbolicArray, kind_of_operand, value_of
from proofs.capture.labels import SymbolicLabels, compare_labels
from proofs.capture.operators import Operators
from proofs.capture.products import matmul
from proofs.capture.refusal import NotCaptured
from proofs.capture.values import Tape, Value

HALF, TWO = Num(Fraction(1, 2)), Num(Fraction(2))


def exp(t: Term) -> Term:
    """exp(t)."""
    return UNIT if t == ZERO else Fn("exp", t)


def _log(t: Term) -> Term:
    return Fn("log", t)


def _sinh(t: Term, sign: Callable[[Term, Term], Term]) -> Term:
    return times(HALF, sign(exp(t), exp(minus(ZERO, t))))


REAL: dict[Any, Callable[..., Term]] = {
    np.add: plus,
    np.subtract: minus,
    np.multiply: times,
    np.true_divide: over,
    np.negative: lambda t: minus(ZERO, t),
    np.positive: lambda t: t,
    np.exp: exp,
    np.exp2: lambda t: exp(times(t, _log(TWO))),
    np.expm1: lambda t: minus(exp(t), UNIT),
    np.log: _log,
    np.log1p: lambda t: _log(plus(UNIT, t)),
    np.log2: lambda t: over(_log(t), _log(TWO)),
    np.log10: lambda t: over(_log(t), _log(Num(Fraction(10)))),
    np.sqrt: root,
    np.square: lambda t: Pow(t, Fraction(2)),
    np.reciprocal: lambda t: over(UNIT, t),
    np.power: power,
    np.float_power: power,
    np.tanh: lambda t: Fn("tanh", t),
    np.sinh: lambda t: _sinh(t, minus),
    np.cosh: lambda t: _sinh(t, plus),
    np.sin: lambda t: Fn("sin", t),
    np.cos: lambda t: Fn("cos", t),
    np.absolute: lambda t: Fn("abs", t),
    np.fabs: lambda t: Fn("abs", t),
    np.logaddexp: lambda a, b: _log(plus(exp(a), exp(b))),
    np.hypot: lambda a, b: root(plus(Pow(a, TWO.value), Pow(b, TWO.value))),
}
"""Functions of the numbers alone."""

BY_NAME: dict[str, Callable[..., Term]] = {
    "erf": lambda t: Fn("erf", t),
    "erfc": lambda t: minus(UNIT, Fn("erf", t)),
    "expit": lambda t: Fn("sigmoid", t),
    "log_expit": lambda t: minus(ZERO, Fn("softplus", minus(ZERO, t))),
}
"""Functions of scipy.special, which need not be installed."""

ON_TAPE: dict[Any, Callable[..., Term]] = {
    np.maximum: c.maximum,
    np.minimum: c.minimum,
    np.fmax: c.maximum,
    np.fmin: c.minimum,
    np.sign: c.sign,
    np.heaviside: lambda tape, t, at_zero: plus(c.greater(tape, t, ZERO), times(at_zero, c.equal(tape, t, ZERO))),
}
"""Functions that look at what their operands were made from."""

COMPARISONS: dict[Any, Callable[..., Term]] = {
    np.greater: c.greater,
    np.greater_equal: c.at_least,
    np.less: lambda tape, a, b: c.greater(tape, b, a),
    np.less_equal: lambda tape, a, b: c.at_least(tape, b, a),
    np.equal: c.equal,
    np.not_equal: lambda tape, a, b: c.negation(c.equal(tape, a, b)),
}

LOGICAL: dict[Any, Callable[..., Term]] = {
    np.logical_not: c.negation,
    np.logical_and: times,
    np.logical_or: lambda a, b: c.any_of((a, b)),
    np.logical_xor: lambda a, b: c.chosen(a, c.negation(b), b),
}
OF_REAL_NUMBERS = {np.isnan: ZERO, np.isinf: ZERO, np.isfinite: UNIT}
"""What is the same for all real numbers."""
BITWISE = {
    np.invert: np.logical_not,
    np.bitwise_and: np.logical_and,
    np.bitwise_or: np.logical_or,
    np.bitwise_xor: np.logical_xor,
}
OF_BOOLEANS = {
    np.add: np.logical_or,
    np.multiply: np.logical_and,
    np.maximum: np.logical_or,
    np.minimum: np.logical_and,
}
"""What arithmetic on two boolean arrays means to NumPy."""

WHOLE = {np.add, np.subtract, np.multiply, np.negative, np.positive, np.square, np.absolute}
"""Functions of integers that give integers."""

ORIGINS: dict[Any, str] = {
    np.add: "plus",
    np.subtract: "minus",
    np.negative: "minus",
    np.multiply: "times",
    np.true_divide: "over",
    np.maximum: "max",
    np.fmax: "max",
    np.minimum: "min",
    np.fmin: "min",
    np.exp: "exp",
    np.square: "square",
    np.absolute: "abs",
    np.fabs: "abs",
}


def call_ufunc(run: Run, ufunc: Any, method: str, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """A ufunc on symbolic arrays. Raises NotCaptured for what is not followed, naming it."""
    from proofs.capture.functions import call_method

    part = next((x for x in inputs if isinstance(x, Operators) and x.leads), None)
    if part is not None:
        return part.__array_ufunc__(ufunc, method, *inputs, **options)
    options = dict(options)
    out, where, dtype = options.pop("out", None), options.pop("where", True), options.pop("dtype", None)
    if options.pop("casting", "same_kind") not in ("same_kind", "safe", "no", "equiv"):
        raise NotCaptured(f"np.{ufunc.__name__} with casting=")
    if method != "__call__":
        return call_method(run, ufunc, method, inputs, {**options, "out": out, "where": where, "dtype": dtype})
    if options:
        raise NotCaptured(f"np.{ufunc.__name__} with {', '.join(options)}")
    made = apply(run, ufunc, inputs).astype(dtype) if dtype is not None else apply(run, ufunc, inputs)
    if where is not True:
        if out is None or not isinstance(out[0], SymbolicArray):
            raise NotCaptured(f"np.{ufunc.__name__} with where= and no out=")
        made = where_of(run, where, made, out[0])
    if out is None:
        return made
    if not isinstance(out[0], SymbolicArray):
        raise NotCaptured(f"np.{ufunc.__name__} with out= a plain array")
    out[0].accept(made)
    out[0].store(made)
    return out[0]


def apply(run: Run, ufunc: Any, inputs: Sequence[Any]) -> SymbolicArray:
    """A ufunc on whole arrays."""
    inputs = _widened(ufunc, inputs)
    ufunc = BITWISE.get(ufunc, ufunc) if all(is_boolean(x) for x in inputs) else ufunc
    if ufunc in BITWISE:
        raise NotCaptured(f"np.{ufunc.__name__} of numbers that are not true or false")
    if any(isinstance(x, SymbolicLabels) for x in inputs):
        if ufunc in COMPARISONS and (found := compare_labels(run, ufunc, *inputs)) is not None:
            return run.array(found, boolean=True)
        inputs = [x.numbers() if isinstance(x, SymbolicLabels) else x for x in inputs]
    if any(has_absent(x) or is_absent(x) for x in inputs):
        return call_with_absent(run, ufunc, inputs)
    if ufunc is np.matmul:
        return matmul(run, *inputs)
    if all(is_boolean(x) for x in inputs):
        if ufunc in (np.subtract, np.negative, np.positive, np.sign, np.absolute):
            raise NotCaptured(f"np.{ufunc.__name__} of true and false, which NumPy refuses or leaves boolean")
        ufunc = OF_BOOLEANS.get(ufunc, ufunc)
    operands = [value_of(run, x) for x in inputs]
    if ufunc in LOGICAL:
        bits = [truths(run.tape, x) for x in operands]
        return run.array(v.elementwise(run.tape, LOGICAL[ufunc], *bits, kind="bit"), boolean=True)
    if ufunc in OF_REAL_NUMBERS:
        return run.array(v.filled(operands[0].shape, OF_REAL_NUMBERS[ufunc]), boolean=True)
    if ufunc in COMPARISONS:
        return run.array(_on_tape(run.tape, COMPARISONS[ufunc], operands, "bit"), boolean=True)
    if ufunc in ON_TAPE:
        return run.array(_on_tape(run.tape, ON_TAPE[ufunc], operands, ORIGINS.get(ufunc, "")))
    rule = REAL.get(ufunc) or BY_NAME.get(ufunc.__name__)
    if rule is None:
        raise NotCaptured(f"np.{ufunc.__name__}")
    made = run.array(v.elementwise(run.tape, rule, *operands, kind=ORIGINS.get(ufunc, "")))
    if ufunc in WHOLE and all(kind_of_operand(x) != "real" for x in inputs):
        made.kind = "integer"
    return made


def _widened(ufunc: Any, inputs: Sequence[Any]) -> list[Any]:
    """Integers that wrap around as NumPy widens them where a real number meets them, or where they are compared."""
    kinds = [kind_of_operand(x) for x in inputs]
    if "narrow" not in kinds or not ("real" in kinds or ufunc in COMPARISONS or ufunc in LOGICAL):
        return list(inputs)
    return [_wide(x) if kind == "narrow" else x for x, kind in zip(inputs, kinds, strict=True)]


def _wide(x: Any) -> Any:
    return x.astype(float) if isinstance(x, SymbolicArray) else np.int64(x)


def _on_tape(tape: Tape, rule: Callable[..., Term], operands: Sequence[Value], kind: str) -> Value:
    return v.elementwise(tape, lambda *terms: rule(tape, *terms), *operands, kind=kind)


def is_boolean(x: Any) -> bool:
    """Whether NumPy would give it the dtype bool."""
    return kind_of_operand(x) == "boolean"


def truths(tape: Tape, value: Value) -> Value:
    """1 where a number is not 0, else 0."""
    if all(tape.is_bit(t) for t in value.entries.values()):
        return value
    return v.elementwise(tape, lambda t: c.truth(tape, t), value, kind="bit")


def where_of(run: Run, condition: Any, yes: Any, no: Any) -> SymbolicArray:
    """``np.where``: m * yes + (1 - m) * no for a mask m of zeros and ones."""
    if isinstance(condition, SymbolicLabels):
        condition = condition.numbers()
    mask = truths(run.tape, value_of(run, _wide(condition) if kind_of_operand(condition) == "narrow" else condition))
    if any(has_absent(x) or is_absent(x) for x in (yes, no)):
        return call_with_absent(run, np.where, (run.array(mask), yes, no))
    operands = [x.numbers() if isinstance(x, SymbolicLabels) else x for x in (yes, no)]
    boolean = all(is_boolean(x) for x in operands)
    values = (mask, *(value_of(run, x) for x in operands))
    made = run.array(v.elementwise(run.tape, c.chosen, *values, kind="bit" if boolean else "where"), boolean=boolean)
    if not boolean and all(kind_of_operand(x) != "real" for x in operands):
        made.kind = "integer"
    return made
