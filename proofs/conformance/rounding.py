"""Exact values with what rounding may do to them: running error analysis on the calculus' own terms, both directions.

A `Rounded` encloses the exact value of a subterm and bounds how far the floats of one evaluation may be from it.
Standard model (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. 2002, section 2.2): with u = eps / 2
and eta the smallest normal number (what is smaller, many platforms flush to 0), ``fl(a op b) = (a op b)(1 + d) + e``,
``|d| <= u``, ``|e| <= eta``; no error where operands are exact and the result is a float. Errors of operands are
carried on (section 3.3):

- a sum of m terms, in any order: ``(m - 1) u sum |t|`` (to first order; section 4.2), plus the errors of the terms;
- ``|ab - a'b'| <= |a| e_b + |b| e_a + e_a e_b``;
- a function f: ``e sup |f'|``, the supremum over the whole ball ``value +- e`` (mean value theorem), plus the units
  in the last place its implementation may be off (accuracy.py);
- a slope may be computed from the rounded value of the function, as ``1 - y^2`` of tanh, or of the sum with constants
  that it goes into, as ``s (1 - s)`` with ``s = 1 / (1 + exp(-x))``: everybody does so, and loses that much.

Nothing is of first order only but the sum's own (m - 1) u. Exponents are unbounded: that a float would overflow is
kept as `lost` where polynomial arithmetic of the inputs does it, which no algorithm can help, and not where exp does:
a shift avoids that. `Rounding.gradients` runs the tape backwards with the differentiation rules of the calculus; its
products and sums are rounded, and bounded, like all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from proofs.calculus import dual
from proofs.calculus.dual import Balls, Dual, Undefined

Ball = Any
"""An arb."""

BALLS = Balls()
EXACT = arb(0)
SHALLOW = ("relu", "abs", "step")
GROWING = ("exp",)


class Kink(Undefined):
    """A derivative was asked for where there is none."""


class Rounded:
    """`value` encloses the exact number, `error` bounds what rounding adds; `parents` are its slopes by what it is of.

    `grown` tells that exp is in it; `lost` that a float may have overflowed where exp is not. `pending` terms with
    absolute values adding up to `scale` are still being added. `within` is the largest sum with constants it is in.
    """

    __slots__ = ("adjoint", "error", "field", "grown", "lost", "parents", "pending", "scale", "value", "within")

    def __init__(
        self,
        field: Rounding,
        value: Ball,
        error: Ball = EXACT,
        parents: tuple[tuple[Rounded, Any], ...] | list[tuple[Rounded, Any]] = (),
        grown: bool = False,
        lost: bool = False,
    ) -> None:
        self.field, self.value, self.error, self.parents = field, value, error, parents
        self.grown, self.lost = grown, lost
        self.pending = 0
        self.scale: Ball = None
        self.adjoint: Any = None
        self.within: Ball = EXACT

    def __add__(self, other: Any) -> Any:
        if isinstance(other, int):
            if other == 0:
                return self
            other = self.field.rational(Fraction(other))
        total = self if self.pending else self.field.opened(self)
        return total.plus(other)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, int):
            if other == 0:
                return 0
            if other == 1:
                return self
            other = self.field.rational(Fraction(other))
        return self.field.product(self, other)

    __radd__ = __add__
    __rmul__ = __mul__

    def plus(self, other: Rounded) -> Rounded:
        """This open sum with one more term, in place."""
        if other.value == 0 and other.error == 0 and other.adjoint is None:
            return self
        self.value = self.value + other.value
        self.error = self.error + other.error
        self.scale = self.scale + abs(other.value)
        self.pending += 1
        self.grown |= other.grown
        self.lost |= other.lost
        self.parents.append((other, 1))  # type: ignore[union-attr]
        return self

    @property
    def reach(self) -> Ball:
        """The ball of all numbers that floats may have here."""
        return self.value + arb(0, self.error.abs_upper())

    @property
    def beyond(self) -> bool:
        """Whether floats may have an infinity here."""
        return bool(abs(self.value) + self.error > self.field.largest)

    def __gt__(self, other: Any) -> bool:
        return bool(self.value > (other.value if isinstance(other, Rounded) else other))

    def __lt__(self, other: Any) -> bool:
        return bool(self.value < (other.value if isinstance(other, Rounded) else other))


class Rounding(Balls):
    """The numbers an `Evaluator` computes with: exact values and bounds on the rounding of floats of one dtype."""

    def __init__(self, info: Any, function_ulps: Mapping[str, int]) -> None:
        self.unit = arb(float(info.eps)) / 2
        self.tiny = arb(float(info.tiny))
        self.largest = arb(float(info.max))
        self.bits = int(info.nmant) + 1
        self.ulps = function_ulps
        self.tape: list[Rounded] = []
        self._constants: dict[tuple[int, int], Rounded] = {}

    def rational(self, value: Fraction) -> Rounded:
        """A constant of the formula: rounded where it is no float."""
        key = value.numerator, value.denominator
        if key not in self._constants:
            self._constants[key] = self.fitted(arb(BALLS.rational(value)))
        return self._constants[key]

    def entry(self, value: Fraction, varies: bool) -> Rounded:
        """An element of an array; one that `varies` is differentiated by, and known to u."""
        ball = arb(fmpq(value.numerator, value.denominator))
        return self.noted(Rounded(self, ball, self.half_unit(ball))) if varies else Rounded(self, ball)

    def half_unit(self, ball: Ball) -> Ball:
        """How far an input is known."""
        size = abs(ball)
        return self.tiny if EXACT < size < self.tiny else self.unit * size

    def pi(self) -> Rounded:
        return self.fitted(arb.pi())

    def complete(self, x: Any) -> Any:
        if not isinstance(x, Rounded) or not x.pending:
            return x
        if x.error != 0 or x.pending > 2 or not self.is_float(x.value):
            x.error = x.error + (x.pending - 1) * self.unit * x.scale
        x.pending = 0
        x.lost |= not x.grown and bool(x.scale > self.largest)
        x.parents = tuple((p, s) for p, s in x.parents if p.adjoint is not None)
        if len(x.parents) == 1:
            only = x.parents[0][0]
            only.within = only.within.max(x.scale)
        return self.noted(x) if x.parents else x

    def opened(self, first: Rounded) -> Rounded:
        """A sum of one term, to which others are added."""
        made = Rounded(self, first.value, first.error, [(first, 1)], first.grown, first.lost)
        made.pending, made.scale = 1, abs(first.value)
        return made

    def product(self, a: Rounded, b: Rounded) -> Rounded:
        value = a.value * b.value
        if a.error == 0 and b.error == 0:
            error = EXACT
        else:
            error = abs(a.value) * b.error + abs(b.value) * a.error + a.error * b.error
        slopes = tuple((p, s) for p, s in ((a, b), (b, a)) if p.adjoint is not None)
        plain = not slopes and a.error == 0 and b.error == 0
        return self.made(value, error, slopes, a.grown or b.grown, a.lost or b.lost, 1, plain)

    def power(self, x: Rounded, exponent: Fraction) -> Rounded:
        value = arb(BALLS.power(x.value, exponent))
        root = 1 if exponent in (-1, 2, Fraction(1, 2), Fraction(-1, 2)) else 2 * self.ulps["power"]

        def slope(field: Balls, at: Any) -> Any:
            return dual.power(field, Dual(0, at, field.rational(Fraction(1))), exponent).slope

        if exponent.denominator != 1 and x.value == 0 and x.error == 0:
            return Rounded(self, value)
        return self.applied("power", x, value, slope, root)

    def function(self, name: str, x: Rounded) -> Rounded:
        if name == "sqrt":
            return self.power(x, Fraction(1, 2))
        if name == "step" and x.value == 0:
            value: Ball = EXACT
        else:
            value = arb(BALLS.function(name, x.value))
        if name in SHALLOW:
            return self._bent(name, x, value)

        def slope(field: Balls, at: Any) -> Any:
            return dual.apply(field, name, Dual(0, at, field.rational(Fraction(1)))).slope

        return self.applied(name, x, value, slope, 2 * self.ulps.get(name, 1))

    def applied(self, name: str, x: Rounded, value: Ball, slope: Callable[[Balls, Any], Any], rounds: int) -> Rounded:
        """A function of `x`, off by `rounds` * u of itself."""
        error = EXACT
        if x.error != 0:
            try:
                error = x.error * abs(arb(slope(BALLS, x.reach))).abs_upper()
            except Undefined:
                error = arb.pos_inf()
        slopes = ((x, (name, slope)),) if x.adjoint is not None else ()
        plain = x.error == 0 and not slopes
        return self.made(value, error, slopes, x.grown or name in GROWING, x.lost, rounds, plain)

    def made(
        self, value: Ball, error: Ball, slopes: tuple[Any, ...], grown: bool, lost: bool, rounds: int, plain: bool
    ) -> Rounded:
        """The result of one operation, rounded `rounds` times; a `plain` one is exact where it is a float."""
        if not value.is_finite():
            raise Undefined("the enclosure is not finite: overflow, or too little precision")
        if not (plain and self.is_float(value)) and not value.is_zero():
            error = error + rounds * (self.unit * abs(value) + self.tiny)
        if not error.is_finite():
            error = arb.pos_inf()
        lost = lost or (not grown and bool(abs(value) > self.largest))
        made = Rounded(self, value, error, slopes, grown, lost)
        return self.noted(made) if slopes else made

    def lift(self, x: Any) -> Rounded:
        """A result of an evaluation, which may be a plain 0 or 1."""
        return x if isinstance(x, Rounded) else self.rational(Fraction(x))

    def fitted(self, value: Ball) -> Rounded:
        return Rounded(self, value, EXACT if self.is_float(value) else self.unit * abs(value))

    def is_float(self, value: Ball) -> bool:
        """Whether a value is known exactly and a float of the dtype."""
        if not value.is_exact():
            return False
        if value == 0:
            return True
        mantissa, _ = value.man_exp()
        return (
            int(mantissa).bit_length() <= self.bits
            and bool(abs(value) >= self.tiny)
            and bool(abs(value) <= self.largest)
        )

    def noted(self, x: Rounded) -> Rounded:
        """`x`, on the tape."""
        x.adjoint = 0
        self.tape.append(x)
        return x

    def _bent(self, name: str, x: Rounded, value: Ball) -> Rounded:
        """relu, abs and step: exact; where rounding may cross 0 the slope, and the step, is either of two."""
        crosses = x.error != 0 and not (abs(x.value) > x.error)
        error = x.error if name != "step" else arb.pos_inf() if crosses else EXACT
        slopes = ((x, (name, crosses)),) if x.adjoint is not None and name != "step" else ()
        made = Rounded(self, value, error, slopes, x.grown, x.lost)
        if name == "step" and x.adjoint is not None and x.value == 0:
            made.parents = ((x, (name, crosses)),)
        return self.noted(made) if made.parents else made

    def gradients(self, outputs: Iterable[tuple[Any, Rounded]], inputs: Iterable[Rounded]) -> list[Any]:
        """The derivatives of ``sum out * upstream`` by `inputs`. Raises Kink."""
        tape, self.tape = self.tape, []
        for node in tape:
            node.adjoint = 0
        for out, upstream in outputs:
            if isinstance(out, Rounded) and out.adjoint is not None:
                out.adjoint = self.complete(out.adjoint + upstream)
        order = {id(node): node for node in tape}
        for node in reversed(order.values()):
            given = self.complete(node.adjoint)
            node.adjoint = given
            if isinstance(given, int) and given == 0:
                continue
            for parent, slope in node.parents:
                parent.adjoint = parent.adjoint + self._through(given, slope, parent, node)
        return [self.complete(x.adjoint) for x in inputs]

    def _through(self, given: Any, slope: Any, parent: Rounded, node: Rounded) -> Any:
        """What a node passes on to one of its parents."""
        match slope:
            case int():
                return given
            case Rounded():
                return given * self._constant(slope)
            case (name, bool() as crosses):
                return given * self._side(name, crosses, parent)
            case (name, rule):
                factor = self._constant(rule(self, self._constant(parent)))
                factor.error = factor.error + self._recovered(name, node)
                return given * factor

    def _recovered(self, name: str, node: Rounded) -> Ball:
        """What a slope loses that is computed from the rounded value `node` of the function."""
        y = abs(node.value)
        match name:
            case "tanh":
                return 2 * y * (node.error + self.unit * y)
            case "sigmoid":
                return abs(1 - 2 * node.value) * node.error + 2 * self.unit * y
            case "exp":
                return self.unit * node.within
            case _:
                return EXACT

    def _side(self, name: str, crosses: bool, x: Rounded) -> Any:
        if x.value == 0 or x.value.contains(0):
            raise Kink(f"the derivative of {name} at 0")
        sign = 1 if x.value > 0 else -1
        if name == "relu":
            sign = (sign + 1) // 2
        if not crosses:
            return sign
        return Rounded(self, arb(sign), arb(1 if name == "relu" else 2))

    def _constant(self, x: Any) -> Any:
        """A number as it is, not differentiated again."""
        return Rounded(self, x.value, x.error, (), x.grown, x.lost) if isinstance(x, Rounded) else x
