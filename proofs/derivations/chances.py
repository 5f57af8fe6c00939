"""How often a pattern in printed numbers arises by chance under another explanation: exact where it is a Fraction.

Nothing here is a proof. A chance belongs to a model, and the model is named beside it wherever it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from math import pi, prod, sqrt
from statistics import NormalDist

from proofs.derivations.printed import Printed

Chance = Fraction | float


def of_multiples(values: Iterable[Printed], size: int, part: int) -> Fraction:
    """The chance that shares of `size` rows, every count equally likely, all print as multiples of 1/`part` do.

    prod over the values of #{k : k/size prints like some j/part, 0 <= j <= part} / (size + 1), with as many digits as
    each value has. Values printed alike count once: they may be one run.
    """
    places = [value.places for value in _different(values)]
    return prod((Fraction(_like_multiples(digits, size, part), size + 1) for digits in places), start=Fraction(1))


@lru_cache(maxsize=64)
def _like_multiples(places: int, size: int, part: int) -> int:
    unit = 10**places
    if part >= unit:  # closed intervals as wide as the gap between multiples, or wider: each holds one
        return size + 1
    near = {(2 * j * unit + part + side) // (2 * part) for j in range(part + 1) for side in (0, -1)}
    return _size_of_union(Printed(digits, places, "").counts(size) for digits in near)


def of_shares(values: Iterable[Printed], size: int, counts: Sequence[int]) -> Fraction:
    """The chance that any of the values prints like one of counts/size, every count equally likely: at most the sum."""
    alike = (_like_counts(value.places, size, tuple(counts)) for value in _different(values))
    return min(Fraction(1), sum((Fraction(many, size + 1) for many in alike), Fraction(0)))


def of_a_guess(value: Printed, size: int, classes: int) -> float:
    """The chance that guessing one of the classes at random, row by row, prints this value, once for each class.

    Normal approximation to the binomial distribution of `size` trials with success 1/classes; at most 1.
    """
    share = 1 / classes
    right = NormalDist(size * share, sqrt(size * share * (1 - share)))
    counts = value.counts(size)
    return min(1.0, classes * (right.cdf(counts.stop - 0.5) - right.cdf(counts.start - 0.5)))


def of_agreement(values: Iterable[Printed], sizes: tuple[int, int]) -> float:
    """The chance that two separate sets of these sizes print the same values, the printed ones being the true ones.

    prod over the values of w / (s sqrt(2 pi)), the normal density at 0 of the difference, s^2 = p (1 - p) (1/N + 1/M),
    times the coarsest step w of 10^-places, 1/N and 1/M; at most 1. Values printed alike count once.
    """
    chance = 1.0
    for value in _different(values):
        p = float(value.value)
        spread = sqrt(p * (1 - p) * (1 / sizes[0] + 1 / sizes[1]))
        step = max(10.0**-value.places, 1 / sizes[0], 1 / sizes[1])
        chance *= min(1.0, step / (spread * sqrt(2 * pi))) if spread else 1.0
    return chance


def _different(values: Iterable[Printed]) -> list[Printed]:
    return list({(value.digits, value.places): value for value in values}.values())


@lru_cache(maxsize=64)
def _like_counts(places: int, size: int, counts: tuple[int, ...]) -> int:
    """How many counts print, with so many digits, as one of the given counts can print."""
    unit = 10**places
    near = {(2 * count * unit + size + side) // (2 * size) for count in counts for side in (0, -1)}
    return _size_of_union(Printed(digits, places, "").counts(size) for digits in near)


def _merged(ranges: Iterable[range]) -> list[tuple[int, int]]:
    """First and last numbers of the stretches that the ranges cover together."""
    stretches: list[tuple[int, int]] = []
    for first, last in sorted((r.start, r.stop - 1) for r in ranges if r):
        if stretches and first <= stretches[-1][1] + 1:
            stretches[-1] = stretches[-1][0], max(last, stretches[-1][1])
        else:
            stretches.append((first, last))
    return stretches


def _size_of_union(ranges: Iterable[range]) -> int:
    return sum(last - first + 1 for first, last in _merged(ranges))


def about(chance: Chance) -> str:
    """A chance as people say it: ``1 in 590``, two digits, rounded towards the more frequent."""
    if chance < 1e-12:
        return "practically never"
    whole = int(1 / Fraction(chance))
    if whole <= 1:
        return "always" if chance >= 1 else f"{int(100 * Fraction(chance))} times in 100"
    cut = 10 ** max(0, len(str(whole)) - 2)
    return f"1 in {whole // cut * cut:,}"
