"""Python's operators as NumPy's functions."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from proofs.capture.refusal import NotCaptured
from proofs.capture.sizes import is_number


def _inside() -> str:
    """Which function of NumPy, written in Python, has asked."""
    frame, name = sys._getframe(2), ""
    while frame is not None and frame.f_globals.get("__name__", "").startswith("numpy"):
        name, above = f" in {frame.f_code.co_qualname}", frame.f_back
        if above is None:
            break
        frame = above
    return name


class Operators:
    """Arithmetic, comparison and logic of arrays; what NumPy would not take is left to the other operand.

    One that `leads` decides what becomes of an operation with a whole array.
    """

    __array_priority__ = 1000.0
    leads = False
    __hash__ = None  # type: ignore[assignment]

    def _call(self, ufunc: Any, *operands: Any) -> Any:
        if any(not (isinstance(x, (Operators, np.ndarray, list, tuple)) or is_number(x)) for x in operands):
            return NotImplemented
        return self.__array_ufunc__(ufunc, "__call__", *operands)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        raise NotImplementedError

    def __add__(self, other: Any) -> Any:
        return self._call(np.add, self, other)

    def __radd__(self, other: Any) -> Any:
        return self._call(np.add, other, self)

    def __sub__(self, other: Any) -> Any:
        return self._call(np.subtract, self, other)

    def __rsub__(self, other: Any) -> Any:
        return self._call(np.subtract, other, self)

    def __mul__(self, other: Any) -> Any:
        return self._call(np.multiply, self, other)

    def __rmul__(self, other: Any) -> Any:
        return self._call(np.multiply, other, self)

    def __truediv__(self, other: Any) -> Any:
        return self._call(np.true_divide, self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._call(np.true_divide, other, self)

    def __floordiv__(self, other: Any) -> Any:
        return self._call(np.floor_divide, self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return self._call(np.floor_divide, other, self)

    def __mod__(self, other: Any) -> Any:
        return self._call(np.remainder, self, other)

    def __rmod__(self, other: Any) -> Any:
        return self._call(np.remainder, other, self)

    def __pow__(self, other: Any) -> Any:
        return self._call(np.power, self, other)

    def __rpow__(self, other: Any) -> Any:
        return self._call(np.power, other, self)

    def __matmul__(self, other: Any) -> Any:
        return self._call(np.matmul, self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return self._call(np.matmul, other, self)

    def __neg__(self) -> Any:
        return self._call(np.negative, self)

    def __pos__(self) -> Any:
        return self._call(np.positive, self)

    def __abs__(self) -> Any:
        return self._call(np.absolute, self)

    def __gt__(self, other: Any) -> Any:
        return self._call(np.greater, self, other)

    def __ge__(self, other: Any) -> Any:
        return self._call(np.greater_equal, self, other)

    def __lt__(self, other: Any) -> Any:
        return self._call(np.less, self, other)

    def __le__(self, other: Any) -> Any:
        return self._call(np.less_equal, self, other)

    def __eq__(self, other: object) -> Any:
        return self._call(np.equal, self, other)

    def __ne__(self, other: object) -> Any:
        return self._call(np.not_equal, self, other)

    def __invert__(self) -> Any:
        return self._call(np.invert, self)

    def __and__(self, other: Any) -> Any:
        return self._call(np.bitwise_and, self, other)

    def __or__(self, other: Any) -> Any:
        return self._call(np.bitwise_or, self, other)

    def __xor__(self, other: Any) -> Any:
        return self._call(np.bitwise_xor, self, other)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise NotCaptured(f"a conversion to a plain NumPy array{_inside()}")

    def __bool__(self) -> bool:
        raise NotCaptured("a Python branch that depends on the values of an array")

    def __float__(self) -> float:
        raise NotCaptured("a plain number made of a symbolic one")

    __int__ = __index__ = __complex__ = __float__

    def __str__(self) -> str:
        raise NotCaptured("the text of an array")

    def __format__(self, spec: str) -> str:
        raise NotCaptured("the text of an array")
