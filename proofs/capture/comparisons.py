"""Comparisons, followed through max, min, where and masks to what they really compare.

``np.maximum(x, 0) > 0`` is the step of x, not that of a number that is 0 on half of the line. What is left is
``step(a - b)``: exact wherever a and b differ, which they do almost everywhere unless one was made from the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from proofs.calculus.terms import Fn, Num, Term
from proofs.capture.arithmetic import UNIT, ZERO, heaviside, minus, over, plus, times
from proofs.capture.refusal import NotCaptured
from proofs.capture.values import Tape

DEEPEST = 12


def negation(p: Term) -> Term:
    """not p."""
    return minus(UNIT, p)


def all_of(bits: Iterable[Term]) -> Term:
    """1 where all are 1."""
    product: Term = UNIT
    for bit in bits:
        product = times(product, bit)
    return product


def any_of(bits: Iterable[Term]) -> Term:
    """1 where one is 1."""
    return negation(all_of(negation(bit) for bit in bits))


def chosen(m: Term, yes: Term, no: Term) -> Term:
    """yes where the bit m is 1, else no."""
    if isinstance(m, Num):
        return yes if m.value else no
    if yes == no:
        return yes
    return plus(times(m, yes), times(negation(m), no))


def greater(tape: Tape, a: Term, b: Term, depth: int = 0) -> Term:
    """1 where a > b, else 0."""
    if depth > DEEPEST:
        raise NotCaptured("a comparison of numbers made of too many cases")
    if a == b:
        return ZERO
    for left, one, other in ((True, a, b), (False, b, a)):
        kind, parts = ("bit", ()) if tape.is_bit(one) and not isinstance(one, Num) else tape.origin(one)

        def compared(t: Term, left: bool = left, other: Term = other) -> Term:
            return greater(tape, t, other, depth + 1) if left else greater(tape, other, t, depth + 1)

        match kind:
            case "bit":
                return chosen(one, compared(UNIT), compared(ZERO))
            case "where":
                return chosen(parts[0], compared(parts[1]), compared(parts[2]))
            case "times" if any(tape.is_bit(part) for part in parts):
                bit, factor = parts if tape.is_bit(parts[0]) else (parts[1], parts[0])
                return chosen(bit, compared(factor), compared(ZERO))
            case "max" | "min":
                found = [compared(part) for part in parts]
                return any_of(found) if (kind == "max") == left else all_of(found)
    solved = _solved(tape, a, b, depth)
    return heaviside(minus(a, b)) if solved is None else solved


def _solved(tape: Tape, a: Term, b: Term, depth: int) -> Term | None:
    """A comparison with a number, made one of the operand inside; None where nothing is inside."""
    if isinstance(a, Num):
        (kind, parts), number, upwards = tape.origin(b), a, False
    elif isinstance(b, Num):
        (kind, parts), number, upwards = tape.origin(a), b, True
    else:
        return None

    def compared(t: Term, bound: Term, same: bool = True) -> Term:
        return greater(tape, t, bound, depth + 1) if upwards == same else greater(tape, bound, t, depth + 1)

    numbers = [part for part in parts if isinstance(part, Num)]
    others = [part for part in parts if not isinstance(part, Num)]
    match kind:
        case "exp" if number.value <= 0:
            return UNIT if upwards else ZERO
        case "square" | "abs" if number.value <= 0:
            return (truth(tape, parts[0]) if number.value == 0 else UNIT) if upwards else ZERO
        case "minus" if len(parts) == 1:
            return compared(parts[0], Num(-number.value), same=False)
        case "plus" if len(numbers) == len(others) == 1:
            return compared(others[0], minus(number, numbers[0]))
        case "minus" if len(numbers) == len(others) == 1 and isinstance(parts[1], Num):
            return compared(others[0], plus(number, numbers[0]))
        case "minus" if len(numbers) == len(others) == 1:
            return compared(others[0], minus(numbers[0], number), same=False)
        case "times" if len(numbers) == len(others) == 1 and numbers[0].value:
            return compared(others[0], over(number, numbers[0]), same=numbers[0].value > 0)
        case "over" if len(numbers) == len(others) == 1 and isinstance(parts[1], Num):
            return compared(others[0], times(number, numbers[0]), same=numbers[0].value > 0)
    return None


def at_least(tape: Tape, a: Term, b: Term) -> Term:
    """1 where a >= b, else 0."""
    return negation(greater(tape, b, a))


def equal(tape: Tape, a: Term, b: Term) -> Term:
    """1 where a = b, else 0."""
    if tape.is_bit(a) and tape.is_bit(b):
        return chosen(a, b, negation(b))
    return minus(at_least(tape, a, b), greater(tape, a, b))


def truth(tape: Tape, t: Term) -> Term:
    """1 where t is not 0, else 0: what NumPy takes a number for in a condition."""
    return t if tape.is_bit(t) else negation(equal(tape, t, ZERO))


def maximum(tape: Tape, a: Term, b: Term) -> Term:
    """The larger one; min(x, hi) with a number below hi is kept flat, as for ``clip``."""
    kind, parts = tape.origin(a)
    if kind == "min" and _between(b, parts):
        x, high = parts if isinstance(parts[1], Num) else parts[::-1]
        return clamp(x, b, high)
    return plus(b, Fn("relu", minus(a, b))) if not _number(a, b) else (a if _gap(a, b) > 0 else b)


def minimum(tape: Tape, a: Term, b: Term) -> Term:
    """The smaller one; max(x, lo) with a number above lo is kept flat, as for ``clip``."""
    kind, parts = tape.origin(a)
    if kind == "max" and _between(parts[0] if isinstance(parts[0], Num) else parts[1], (*parts, b)):
        x, low = parts if isinstance(parts[1], Num) else parts[::-1]
        return clamp(x, low, b)
    return minus(b, Fn("relu", minus(b, a))) if not _number(a, b) else (b if _gap(a, b) > 0 else a)


def clamp(x: Term, low: Term, high: Term) -> Term:
    """min(max(x, low), high) for numbers low <= high: ``low + relu(x - low) - relu(x - high)``."""
    return minus(plus(low, Fn("relu", minus(x, low))), Fn("relu", minus(x, high)))


def sign(tape: Tape, t: Term) -> Term:
    """-1, 0 or 1."""
    return minus(greater(tape, t, ZERO), greater(tape, ZERO, t))


def _number(a: Term, b: Term) -> bool:
    return isinstance(a, Num) and isinstance(b, Num)


def _gap(a: Term, b: Term) -> Fraction:
    return a.value - b.value if isinstance(a, Num) and isinstance(b, Num) else Fraction(0)


def _between(low: Term, parts: tuple[Term, ...]) -> bool:
    """Whether of `parts` one is no number and the others are numbers, none of them below the number `low`."""
    numbers = [part for part in parts if isinstance(part, Num)]
    return (
        isinstance(low, Num)
        and len(parts) - len(numbers) == 1
        and bool(numbers)
        and all(part.value >= low.value for part in numbers)
    )
