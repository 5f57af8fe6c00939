"""Sizes that remember their names, and numbers worked out from them, as user code sees them.

Neither is an int or a float: a float would work out ``1.0 / n`` or ``64.0 < n`` by itself, and the name of the size
would be lost without a word. Both pass ``isinstance``; whatever would turn them into plain numbers raises NotCaptured.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import inf, isfinite
from typing import Any, NoReturn

import numpy as np

from proofs.calculus.printing import to_text
from proofs.calculus.terms import Add, Mul, Num, Size, Term
from proofs.capture.arithmetic import minus, over, plus, power, times
from proofs.capture.constants import exact
from proofs.capture.refusal import NotCaptured

Block = tuple[str, ...]
Polynomial = tuple[tuple[Block, Fraction], ...]


def _refused(what: str) -> Callable[..., NoReturn]:
    def refuse(self: Any, *_: Any, **__: Any) -> NoReturn:
        raise NotCaptured(f"{what} of {self!r}, which is not the same for all sizes")

    return refuse


class _Number:
    """What sizes and numbers worked out from them share: exact arithmetic, and no way to become a plain number."""

    @property
    def term(self) -> Term:
        raise NotImplementedError

    @property
    def text(self) -> str:
        """The expression, for messages."""
        raise NotImplementedError

    def __repr__(self) -> str:
        """The expression where this package asks for it; other code could branch on it."""
        if not sys._getframe(1).f_globals.get("__name__", "").startswith("proofs."):
            raise NotCaptured(f"the text of {self.text}, which is not the same for all sizes")
        return self.text

    def _with(self, other: Any, operation: Callable[[Term, Term], Term], swapped: bool = False) -> Any:
        if not is_number(other):
            return NotImplemented
        own, given = self.term, term_of(other)
        return Measured(operation(given, own) if swapped else operation(own, given))

    def __add__(self, other: Any) -> Any:
        return self._with(other, plus)

    def __sub__(self, other: Any) -> Any:
        return self._with(other, minus)

    def __rsub__(self, other: Any) -> Any:
        return self._with(other, minus, swapped=True)

    def __mul__(self, other: Any) -> Any:
        return self._with(other, times)

    def __truediv__(self, other: Any) -> Any:
        return self._with(other, over)

    def __rtruediv__(self, other: Any) -> Any:
        return self._with(other, over, swapped=True)

    def __pow__(self, other: Any, *_: Any) -> Any:
        return self._with(other, power)

    def __rpow__(self, other: Any) -> Any:
        return self._with(other, power, swapped=True)

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self) -> Any:
        return self * -1

    def __pos__(self) -> Any:
        return self

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        from proofs.capture.elementwise import REAL

        if not all(is_number(x) for x in inputs):
            if any(hasattr(x, "run") for x in inputs):
                return NotImplemented
            raise NotCaptured(f"np.{ufunc.__name__} of a size and a plain array")
        if ufunc not in REAL or method != "__call__" or options:
            raise NotCaptured(f"np.{ufunc.__name__} of a size")
        if ufunc in _EXACT:
            left, right = (x.item() if isinstance(x, np.generic) else x for x in inputs)
            return _EXACT[ufunc](left, right)
        return Measured(REAL[ufunc](*(term_of(x) for x in inputs)))

    __hash__ = _refused("a look-up by the value")
    __int__ = __index__ = __trunc__ = _refused("the whole number")
    __float__ = __complex__ = __array__ = _refused("the plain number")
    __str__ = __format__ = _refused("the text")
    __and__ = __or__ = __xor__ = __lshift__ = __rshift__ = __invert__ = _refused("the bits")
    __rand__ = __ror__ = __rxor__ = __rlshift__ = __rrshift__ = _refused("the bits")
    __mod__ = __rmod__ = __divmod__ = __rdivmod__ = __rfloordiv__ = __floordiv__ = _refused("the whole quotient")
    __round__ = __floor__ = __ceil__ = _refused("the nearest whole number")

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__") or not (hasattr(int, name) or hasattr(float, name)):
            raise AttributeError(name)
        raise NotCaptured(f".{name} of {self!r}, which is not the same for all sizes")


class Measured(_Number):
    """A real number worked out from sizes, such as ``1 / n`` or ``sqrt(d)``."""

    def __init__(self, term: Term) -> None:
        self._term = term

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return float

    @property
    def term(self) -> Term:
        return self._term

    @property
    def text(self) -> str:
        return to_text(self._term)

    __lt__ = __le__ = __gt__ = __ge__ = __bool__ = _refused("a Python branch on the value")
    __eq__ = __ne__ = _refused("a Python branch on the value")


class Dim(_Number):
    """A size: a polynomial in the dimensions, and its value in the run at hand."""

    def __init__(self, value: int, terms: Polynomial) -> None:
        self.value, self.terms = value, terms

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return int

    @property
    def term(self) -> Term:
        return size_term(self)

    def __add__(self, other: Any) -> Any:
        return _combined(self, other, 1) if isinstance(other, int) else super().__add__(other)

    def __sub__(self, other: Any) -> Any:
        return _combined(self, other, -1) if isinstance(other, int) else super().__sub__(other)

    def __rsub__(self, other: Any) -> Any:
        return _combined(_times(self, -1), other, 1) if isinstance(other, int) else super().__rsub__(other)

    def __mul__(self, other: Any) -> Any:
        return _times(self, other) if isinstance(other, int) else super().__mul__(other)

    def __pow__(self, other: Any, *_: Any) -> Any:
        if isinstance(other, Dim) or not isinstance(other, int) or not 0 <= other <= 4:
            return super().__pow__(other)
        power: Any = 1
        for _factor in range(other):
            power = self * power
        return power

    def __floordiv__(self, other: Any) -> Any:
        quotient = _quotient(self, other) if isinstance(other, int) else None
        if quotient is None:
            raise NotCaptured(f"{self!r} // {other!r}, which is not one expression for all sizes")
        return quotient

    def __mod__(self, other: Any) -> Any:
        if not isinstance(other, int) or _quotient(self, other) is None:
            raise NotCaptured(f"{self!r} % {other!r}, which is not the same for all sizes")
        return 0

    def __rfloordiv__(self, other: Any) -> Any:
        raise NotCaptured(f"{other!r} // {self!r}, which is not one expression for all sizes")

    def __rmod__(self, other: Any) -> Any:
        raise NotCaptured(f"{other!r} % {self!r}, which is not the same for all sizes")

    def __neg__(self) -> Any:
        return _times(self, -1)

    def __abs__(self) -> Any:
        return self if self > 0 else -self

    __radd__, __rmul__ = __add__, __mul__

    # Comparisons: those whose answer is the same for all sizes >= 1 are answered, the others are no longer one proof.

    def __lt__(self, other: Any) -> Any:
        return _compared(self, other, "<", lambda low, high: True if high < 0 else False if low >= 0 else None)

    def __le__(self, other: Any) -> Any:
        return _compared(self, other, "<=", lambda low, high: True if high <= 0 else False if low > 0 else None)

    def __gt__(self, other: Any) -> Any:
        return _compared(self, other, ">", lambda low, high: True if low > 0 else False if high <= 0 else None)

    def __ge__(self, other: Any) -> Any:
        return _compared(self, other, ">=", lambda low, high: True if low >= 0 else False if high < 0 else None)

    def __eq__(self, other: object) -> Any:
        return _compared(self, other, "==", _equal)

    def __ne__(self, other: object) -> Any:
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    def __bool__(self) -> bool:
        return bool(self > 0)

    __hash__ = _Number.__hash__  # type: ignore[assignment]
    __round__ = __floor__ = __ceil__ = __pos__ = lambda self, *_: self

    @property
    def text(self) -> str:
        return "+".join("*".join([*([str(n)] if n != 1 or not b else []), *b]) for b, n in self.terms)


def _equal(low: float | Fraction, high: float | Fraction) -> bool | None:
    return False if low > 0 or high < 0 else True if low == high == 0 else None


def _compared(
    left: Dim, right: Any, symbol: str, answer: Callable[[float | Fraction, float | Fraction], bool | None]
) -> Any:
    """The answer to a comparison if it is the same for all sizes >= 1. Raises NotCaptured otherwise."""
    if not is_number(right):
        return NotImplemented
    found = None
    gap = _gap(left, right)
    if gap is not None:
        constant = sum((n for b, n in gap if not b), Fraction(0))
        growing = [n for b, n in gap if b]
        at_one = constant + sum(growing, Fraction(0))
        low = at_one if all(n > 0 for n in growing) else -inf
        high = at_one if all(n < 0 for n in growing) else inf
        found = answer(low, high)
    if found is None:
        raise NotCaptured(f"a Python branch on a size: {left!r} {symbol} {right!r} is not the same for all sizes")
    return found


def _gap(left: Dim, right: Any) -> Polynomial | None:
    if isinstance(right, Measured):
        return None
    if isinstance(right, (Dim, int)):
        return terms_of(_combined(left, right, -1))
    if not isfinite(right):
        return None
    total = dict(left.terms)
    total[()] = total.get((), Fraction(0)) - Fraction(float(right))
    return tuple(total.items())


def is_number(given: Any) -> bool:
    """Whether something is a real number: a plain one, a size, or one worked out from sizes."""
    return isinstance(given, (int, float, np.integer, np.floating, np.bool_))


def is_symbolic(given: Any) -> bool:
    """Whether a number depends on sizes."""
    return isinstance(given, _Number)


def term_of(number: Any) -> Term:
    """A number as a term. Raises NotCaptured for nan and infinity."""
    return number.term if isinstance(number, _Number) else exact(number)


def number(size: Any) -> int:
    """The value that a size has in the run at hand."""
    return size.value if isinstance(size, Dim) else int(size)


def dim(value: int, terms: Mapping[Block, Fraction]) -> Any:
    """A `Dim`, or a plain int if no dimension is left in it."""
    kept = tuple(sorted((block, count) for block, count in terms.items() if count))
    return Dim(value, kept) if any(block for block, _ in kept) else value


def terms_of(size: Any) -> Polynomial:
    """The polynomial a size is the value of."""
    if isinstance(size, Dim):
        return size.terms
    return (((), Fraction(int(size))),) if size else ()


def size_term(size: Any) -> Term:
    """A size as a term."""
    if not isinstance(size, Dim):
        return Num(Fraction(int(size)))
    parts: list[Term] = []
    for block, count in size.terms:
        factors: list[Term] = [Size(name) for name in block]
        if count != 1 or not factors:
            factors.insert(0, Num(count))
        parts.append(factors[0] if len(factors) == 1 else Mul(tuple(factors)))
    return parts[0] if len(parts) == 1 else Add(tuple(parts))


def _combined(left: Any, right: Any, sign: int) -> Any:
    total = dict(terms_of(left))
    for block, count in terms_of(right):
        total[block] = total.get(block, Fraction(0)) + sign * count
    return dim(number(left) + sign * number(right), total)


def _times(left: Any, right: Any) -> Any:
    total: dict[Block, Fraction] = {}
    for a, m in terms_of(left):
        for b, n in terms_of(right):
            key = tuple(sorted(a + b))
            total[key] = total.get(key, Fraction(0)) + m * n
    return dim(number(left) * number(right), total)


def _quotient(left: Any, right: Any) -> Any:
    """The exact quotient by a single product, or None."""
    divisor = terms_of(right)
    if len(divisor) != 1:
        return None
    (block, count) = divisor[0]
    total: dict[Block, Fraction] = {}
    for a, m in terms_of(left):
        rest = list(a)
        for name in block:
            if name not in rest:
                return None
            rest.remove(name)
        total[tuple(rest)] = m / count
        if total[tuple(rest)].denominator > 1:
            return None
    return dim(number(left) // number(right), total)


_EXACT: Mapping[Any, Callable[[Any, Any], Any]] = {
    np.add: lambda a, b: a + b,
    np.subtract: lambda a, b: a - b,
    np.multiply: lambda a, b: a * b,
}

__all__ = [
    "Block",
    "Dim",
    "Measured",
    "Polynomial",
    "dim",
    "is_number",
    "is_symbolic",
    "number",
    "size_term",
    "term_of",
    "terms_of",
]
