"""Powers, exp, log and the other functions on normal forms, and the signs that allow them.

What it guarantees: every operation returns a polynomial equal to the one asked for, wherever both are defined, given
the domains in its `Context`. What it does not claim: that equal expressions always get equal forms (see equality.py).
"""

from __future__ import annotations

from fractions import Fraction

from proofs.calculus import sign
from proofs.calculus.poly import MAX_BITS, ONE, ZERO, Atom, Poly, TooLarge, add, bits, components, number, scale
from proofs.calculus.products import Context, Products
from proofs.calculus.sign import Sign
from proofs.calculus.squares import square_root

__all__ = ["Algebra", "Context", "DomainError"]

LARGEST_TRIAL_DIVISOR = 10_000


class DomainError(ValueError):
    """A term is not defined on the whole domain of its statement: a division by something that can be zero, say."""


class Algebra(Products):
    """All operations on normal forms in one context."""

    def rebuild(self, atom: Atom, power: Fraction, inner: Poly) -> Poly:
        """``atom ** power`` with another argument in place of its own, simplified."""
        match atom.kind:
            case "exp":
                return self.exp(scale(inner, power))
            case "group":
                return self.power(inner, power)
            case "step":
                return self.step(inner)
            case _:
                return self.power(self.function(atom.name, inner), power)

    # Signs -------------------------------------------------------------------------------------------------------

    def sign_of(self, poly: Poly) -> Sign:
        """The signs `poly` can have."""
        known = self.known.get(poly.key, sign.ANY)
        found = known & sign.sign_of_poly(poly, self._sign_of_atom, self.context.least) or known
        if {-1, 1} <= found and (square := self.square_root(poly)) is not None:
            found &= sign.times(sign.of_number(square[0]), sign.NONNEGATIVE)
        if len(found) > 1 and any(atom.kind == "group" and p < 0 for mono, _ in poly.terms for atom, p in mono.factors):
            _, factors, rest = self.content(poly, positive=True)
            found &= self.sign_of(rest) if factors else found  # 1 - 1/(1 + e^x) is e^x/(1 + e^x)
        return found

    def square_root(self, poly: Poly) -> tuple[Fraction, Poly] | None:
        """The number c and the polynomial q with ``poly = c * q**2``, if it is such a multiple of a square."""
        if poly.key not in self._roots:
            self._roots[poly.key] = square_root(poly, self.multiply)
        return self._roots[poly.key]

    def _sign_of_atom(self, atom: Atom) -> Sign:
        match atom.kind:
            case "exp" | "size" | "pi" | "prime":
                return sign.POSITIVE
            case "step" | "delta":
                return sign.NONNEGATIVE
            case "elem":
                return sign.OF_DOMAIN[self.context.domains.get(atom.name, "real")]
            case "group" if atom.inner is not None:
                return self.sign_of(atom.inner)
            case "fn" if atom.name == "erf" and atom.inner is not None:
                return self.sign_of(atom.inner)
            case _:
                return sign.ANY

    def note_kink(self, poly: Poly) -> None:
        """Remember that a derivative was taken which need not exist where `poly` is 0, unless it cannot be 0."""
        if 0 in self.sign_of(poly):
            self.kinks[poly.key] = poly

    # Powers ------------------------------------------------------------------------------------------------------

    def content(self, poly: Poly, *, positive: bool) -> tuple[Fraction, dict[Atom, Fraction], Poly]:
        """``poly = c * product(factors) * rest`` with nothing common left in `rest` and its first coefficient 1.

        With `positive`, only factors known to be positive are taken out and c > 0.
        """
        common: dict[Atom, Fraction] = {}
        rest = poly
        for _ in range(8):
            least = self._common(rest, positive=positive)
            if not least:
                break
            for atom, power in least.items():
                common[atom] = common.get(atom, Fraction(0)) + power
            rest = self.times_powers(rest, {a: -p for a, p in least.items()})
        leading = rest.terms[0][1]
        coefficient = abs(leading) if positive else leading
        return coefficient, {a: p for a, p in common.items() if p}, scale(rest, 1 / coefficient)

    def _common(self, poly: Poly, *, positive: bool) -> dict[Atom, Fraction]:
        """The least power of every atom over all products, where it is not 0 and the atom can be divided by."""
        least: dict[Atom, Fraction] = {}
        for mono, _ in poly.terms:
            for atom, power in mono.factors:
                if atom.kind not in ("step", "delta") and atom.free.isdisjoint(mono.bound):
                    least[atom] = min(least.get(atom, power), power)
        for mono, _ in poly.terms:
            present = {atom for atom, _ in mono.factors}
            for atom in least:
                if atom not in present:
                    least[atom] = min(least[atom], Fraction(0))
        return {
            atom: power
            for atom, power in least.items()
            if power and (not positive or self._sign_of_atom(atom) == sign.POSITIVE)
        }

    def power(self, poly: Poly, exponent: Fraction, known: Sign = sign.ANY) -> Poly:
        """``poly ** exponent``; `known` is the sign of `poly` if the caller has shown it.

        Raises DomainError for zero to a negative power and for a root of a negative number.
        """
        if exponent == 0:
            return number(1)
        if exponent.denominator == 1 and exponent > 0:
            return self._whole_power(poly, int(exponent))
        if not poly.terms:
            if exponent > 0:
                return ZERO
            raise DomainError("division by zero")
        fractional = exponent.denominator > 1
        coefficient, factors, rest = self.content(poly, positive=fractional)
        front = self.multiply(
            self._number_power(coefficient, exponent),
            self.product((), {atom: power * exponent for atom, power in factors.items()}, ONE),
        )
        if rest.constant == 1:
            return front
        if rest.constant is not None:
            raise DomainError(f"a fractional power of the negative number {rest.constant * coefficient}")
        outside = sign.of_number(coefficient)
        for atom, power in factors.items():
            outside = sign.times(outside, sign.to_power(self._sign_of_atom(atom), power))
        if outside in (sign.POSITIVE, frozenset((-1,))):
            self.learn(rest, sign.times(known, outside))
        return self.multiply(front, self._group_power(rest, exponent))

    def learn(self, poly: Poly, found: Sign) -> None:
        self.known[poly.key] = self.known.get(poly.key, sign.ANY) & found

    def _group_power(self, rest: Poly, exponent: Fraction) -> Poly:
        """A power of a polynomial without common factors."""
        if exponent % 1 == Fraction(1, 2) and (square := self.square_root(rest)) is not None and square[0] > 0:
            root = self.power(self.absolute(square[1]), exponent * 2)
            return self.multiply(self._number_power(square[0], exponent), root)
        if len(rest.terms) == 1:
            mono = rest.terms[0][0]
            if not mono.bound and exponent % 1 == Fraction(1, 2) and all(p % 2 == 0 for _, p in mono.factors):
                root = self.product((), {atom: power / 2 for atom, power in mono.factors}, ONE)
                return self.power(self.absolute(root), exponent * 2)
            parts = components(mono.bound, (atom for atom, _ in mono.factors))
            if exponent.denominator == 1 and len(parts) > 1:
                with self.scope():
                    bound, factors = self.open(mono)
                    groups = [
                        self.product(tuple(part), {a: p for a, p in factors.items() if a.free & part}, ONE)
                        for part in components(bound, factors)
                    ]
                    return self.multiply(*(self.power(group, exponent) for group in groups))
        return self.product((), {Atom("group", "", (), rest): exponent}, ONE)

    def _whole_power(self, poly: Poly, exponent: int) -> Poly:
        if exponent > 64 and len(poly.terms) > 1:
            raise TooLarge(f"the power {exponent} of a sum is not multiplied out")
        if len(poly.terms) == 1 and not poly.terms[0][0].bound:
            mono, coefficient = poly.terms[0]
            return self.product((), {a: p * exponent for a, p in mono.factors}, _short_power(coefficient, exponent))
        return self.multiply(*([poly] * exponent))

    def _number_power(self, base: Fraction, exponent: Fraction) -> Poly:
        if exponent.denominator == 1:
            return number(_short_power(base, int(exponent)))
        if base < 0:
            raise DomainError(f"a fractional power of the negative number {base}")
        factors = {Atom("prime", str(prime)): power * exponent for prime, power in prime_powers(base).items()}
        return self.product((), factors, ONE)

    # Functions ---------------------------------------------------------------------------------------------------

    def exp(self, poly: Poly) -> Poly:
        """exp of a sum as the product of the exps of its terms; exp(c log u) = u^c."""
        factors: dict[Atom, Fraction] = {}
        powers: list[Poly] = []
        for mono, coefficient in poly.terms:
            if len(mono.factors) == 1 and not mono.bound:
                (atom, power) = mono.factors[0]
                if atom.kind == "fn" and atom.name == "log" and power == 1 and atom.inner is not None:
                    powers.append(self.power(atom.inner, coefficient, sign.POSITIVE))
                    continue
            factors[Atom("exp", "", (), Poly(((mono, ONE),)))] = coefficient
        return self.multiply(self.product((), factors, ONE), *powers)

    def log(self, poly: Poly, known: Sign = sign.ANY) -> Poly:
        """log of a positive polynomial: of a product, the sum of the logs; log(exp(u)) = u.

        Raises DomainError when `poly` is a number that is not positive.
        """
        if not poly.terms:
            raise DomainError("the logarithm of zero")
        coefficient, factors, rest = self.content(poly, positive=True)
        parts = [
            scale(self._log_atom(number(prime)), Fraction(power)) for prime, power in prime_powers(coefficient).items()
        ]
        for atom, power in factors.items():
            if atom.kind == "exp" and atom.inner is not None:
                parts.append(scale(atom.inner, power))
            elif atom.kind == "group" and atom.inner is not None:
                parts.append(scale(self._log_atom(atom.inner), power))
            elif atom.kind == "prime":
                parts.append(scale(self._log_atom(number(int(atom.name))), power))
            else:
                parts.append(scale(self._log_atom(self.product((), {atom: ONE}, ONE)), power))
        if rest.constant is None:
            self.learn(rest, known)
            parts.append(self._log_atom(rest))
        elif rest.constant <= 0:
            raise DomainError("the logarithm of a negative number")
        return add(*parts)

    def _log_atom(self, poly: Poly) -> Poly:
        return self.product((), {Atom("fn", "log", (), poly): ONE}, ONE)

    def step(self, poly: Poly) -> Poly:
        """1 where `poly` > 0 and 0 where it is < 0; used only where its value at 0 does not matter."""
        found = self.sign_of(poly)
        if -1 not in found:
            return number(1)
        if 1 not in found:
            return ZERO
        _, _, rest = self.content(poly, positive=True)
        if rest.terms[0][1] < 0:
            return add(number(1), scale(self._step_atom(scale(rest, -ONE)), -ONE))
        return self._step_atom(rest)

    def _step_atom(self, poly: Poly) -> Poly:
        return self.product((), {Atom("step", "", (), poly): ONE}, ONE)

    def absolute(self, poly: Poly) -> Poly:
        """|poly| = poly * (2 step(poly) - 1)."""
        return self.multiply(poly, add(scale(self.step(poly), Fraction(2)), number(-1)))

    def function(self, name: str, poly: Poly) -> Poly:
        """erf, sin, cos (opaque, with their parity and value at 0) and log."""
        if name == "log":
            return self.log(poly)
        if not poly.terms:
            return number(1) if name == "cos" else ZERO
        return self.product((), {Atom("fn", name, (), poly): ONE}, ONE)


def _short_power(base: Fraction, exponent: int) -> Fraction:
    """``base ** exponent``. Raises TooLarge before it becomes long."""
    if abs(base) != 1 and abs(exponent) * bits(base) > 2 * MAX_BITS:
        raise TooLarge(f"the power {exponent} of a number is too long")
    return base**exponent


def prime_powers(value: Fraction) -> dict[int, int]:
    """The powers of primes in a positive rational; a factor without small divisors is kept whole."""
    found: dict[int, int] = {}
    for part, direction in ((value.numerator, 1), (value.denominator, -1)):
        divisor = 2
        while divisor * divisor <= part and divisor < LARGEST_TRIAL_DIVISOR:
            while part % divisor == 0:
                found[divisor] = found.get(divisor, 0) + direction
                part //= divisor
            divisor += 1
        if part > 1:
            found[part] = found.get(part, 0) + direction
    return found
