"""11. Polynomials in one variable with rational coefficients: signs, divisors, and how many real roots."""

from fractions import Fraction
from itertools import pairwise, zip_longest
from typing import Any

from proofs.checker.reading import Reader, Rejected, need

MOST = 200  # the largest degree
Poly = list[Any]  # the coefficients, the constant first and the last one not 0; [] is 0


def plus(p: Poly, q: Poly, factor: int, reader: Reader) -> Poly:
    """p + factor q"""
    total = [a + factor * b for a, b in zip_longest(p, q, fillvalue=0)]
    spend(1 + len(total), total, reader)
    return trim(total)


def trim(p: Poly) -> Poly:
    while p and not p[-1]:
        p.pop()
    return p


def times(p: Poly, q: Poly, reader: Reader) -> Poly:
    total = [0] * max(len(p) + len(q) - 1, 0)
    for j, a in enumerate(p):
        for k, b in enumerate(q):
            total[j + k] += a * b
        spend(len(q), total, reader)
    return trim(total)


def spend(steps: int, p: Poly, reader: Reader, f: Poly | tuple[()] = ()) -> None:
    """So many operations on numbers as long as those of p and f; bounds the degree of p too."""
    need(len(p) <= 2 * MOST + 2, f"a degree above {MOST}", Rejected)
    bits = max((x.numerator.bit_length() + x.denominator.bit_length() for x in (*p, *f)), default=0)
    reader.burn(steps * (3 + (bits >> 7) ** 2))


def side(p: Poly, x: Any, reader: Reader) -> int:
    """The sign of p(x)."""
    total: Any = 0
    for a in reversed(p):
        total = total * x + a
        spend(1, [total, x], reader)
    return int(total > 0) - int(total < 0)


def divide(p: Poly, f: Poly, reader: Reader) -> tuple[Poly, Poly]:
    """The quotient and the remainder of p by f, which is not 0."""
    rest, quotient = list(p), []
    while len(rest) >= len(f):
        spend(len(f), rest, reader, f)
        quotient.append(Fraction(rest[-1]) / f[-1])
        for k in range(1, len(f) + 1):
            rest[-k] -= quotient[-1] * f[-k]
        rest.pop()
    return quotient[::-1], trim(rest)


def divisors(p: Poly, factors: list[Poly], reader: Reader) -> set[int]:
    """Which of the factors divide p, that is a constant times powers of them; everything divides 0."""
    found = set(range(len(factors))) if not p else set()
    for k, f in enumerate(factors):
        while len(p) >= len(f):
            quotient, rest = divide(p, f, reader)
            if rest:
                break
            p, found = quotient, found | {k}
    need(len(p) <= 1, "a polynomial whose sign matters is no product of the factors", Rejected)
    return found


def real_roots(f: Poly, reader: Reader) -> int:
    """How many different real roots f has (Sturm 1829)."""
    chain = [f, trim([k * a for k, a in enumerate(f)][1:])]
    while chain[-1]:
        rest = divide(chain[-2], chain[-1], reader)[1]
        chain.append([-a / abs(rest[-1]) for a in rest])
    below, above = [[p[-1] * s ** (len(p) - 1) for p in chain[:-1]] for s in (-1, 1)]
    changes = [sum(bool(a * b < 0) for a, b in pairwise(ends)) for ends in (below, above)]
    return changes[0] - changes[1]


def isolate(factors: list[Poly], samples: list[Any], reader: Reader) -> list[int]:
    """The factor that has a root between each sample and the next, where there is one root and no other."""
    need(samples and all(a < b for a, b in pairwise(samples)), "samples: expected numbers in increasing order")
    crossed: list[list[int]] = [[] for _ in samples[1:]]
    for k, f in enumerate(factors):
        need(len(f) > 1 and f[-1] != 0, "factors: expected at least two coefficients, the last one not 0")
        sides = [side(f, x, reader) for x in samples]
        gaps = [gap for gap, (a, b) in enumerate(pairwise(sides)) if a * b < 0]
        apart = 0 not in sides and len(gaps) == real_roots(f, reader)
        need(apart, f"factor {k} has a root at a sample, or two between samples", Rejected)
        for gap in gaps:
            crossed[gap].append(k)
    need(all(len(found) == 1 for found in crossed), "not exactly one factor has a root between two samples", Rejected)
    return [found[0] for found in crossed]
