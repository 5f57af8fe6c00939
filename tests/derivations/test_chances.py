"""The chances beside an inference, against counting every case and against exact sums."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.derivations import chances
from proofs.derivations.printed import Printed

PRINTED = st.integers(0, 2).flatmap(lambda p: st.integers(0, 10**p).map(lambda d: Printed(d, p, f"{d}/10^{p}")))


def prints(count: int, size: int, places: int) -> set[int]:
    """The digits that count/size can be printed with, straight from the definition."""
    return {
        d for d in range(10**places + 1) if abs(Fraction(count, size) - Fraction(d, 10**places)) * 10**places * 2 <= 1
    }


@given(PRINTED, st.integers(1, 40))
def test_the_counts_of_a_printed_number_are_those_that_print_it(value: Printed, size: int) -> None:
    assert list(value.counts(size)) == [k for k in range(size + 1) if value.digits in prints(k, size, value.places)]


@given(st.integers(0, 2), st.integers(1, 60), st.integers(1, 20))
def test_the_chance_of_multiples_is_the_share_of_counts_that_print_like_one(places: int, size: int, part: int) -> None:
    multiples = set().union(*(prints(j, part, places) for j in range(part + 1)))
    alike = [k for k in range(size + 1) if prints(k, size, places) & multiples]
    value = Printed(0, places, "0")
    assert chances.of_multiples([value, value], size, part) == Fraction(len(alike), size + 1)


@given(PRINTED, st.integers(1, 60), st.data())
def test_the_chance_of_a_share_is_the_share_of_counts_that_print_like_one(
    value: Printed, size: int, data: st.DataObject
) -> None:
    counts = data.draw(st.lists(st.integers(0, size), min_size=1, max_size=4))
    shares = set().union(*(prints(c, size, value.places) for c in counts))
    alike = [k for k in range(size + 1) if prints(k, size, value.places) & shares]
    assert chances.of_shares([value], size, counts) == Fraction(len(alike), size + 1)


def test_different_values_multiply_and_equal_ones_count_once() -> None:
    one, other = Printed(75, 2, "0.75"), Printed(9375, 4, "0.9375")
    both = chances.of_multiples([one, other], 50_000, 16)
    assert both == chances.of_multiples([one], 50_000, 16) * chances.of_multiples([other], 50_000, 16)
    assert chances.of_multiples([one, one, other], 50_000, 16) == both
    assert chances.of_multiples([one], 50_000, 100) == 1


@pytest.mark.parametrize("count", [900, 1000, 1028, 1060])
def test_guessing_is_near_the_binomial(count: int) -> None:
    exact = 10 * Fraction(comb(10_000, count) * 9 ** (10_000 - count), 10**10_000)
    assert chances.of_a_guess(Printed(count, 4, ""), 10_000, 10) == pytest.approx(float(exact), rel=0.15)


@pytest.mark.parametrize(("digits", "size"), [(716, 500), (114, 500), (500, 300)])
def test_agreement_is_near_the_sum_over_all_counts(digits: int, size: int) -> None:
    p = digits / 1000
    mass = [comb(size, k) * p**k * (1 - p) ** (size - k) for k in range(size + 1)]
    exact = sum(m * m for m in mass)
    assert chances.of_agreement([Printed(digits, 3, "")], (size, size)) == pytest.approx(exact, rel=0.02)


def test_agreement_at_the_ends_says_nothing() -> None:
    assert chances.of_agreement([Printed(10, 1, "1.0"), Printed(0, 1, "0.0")], (50, 60)) == 1


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (Fraction(1, 591), "1 in 590"),
        (Fraction(17, 10_001), "1 in 580"),
        (Fraction(1, 12), "1 in 12"),
        (0.0861, "1 in 11"),
        (Fraction(2, 3), "66 times in 100"),
        (Fraction(1), "always"),
        (0.0, "practically never"),
        (1e-300, "practically never"),
        (Fraction(1, 78_123_456), "1 in 78,000,000"),
    ],
)
def test_chances_are_said_as_people_say_them(chance: chances.Chance, said: str) -> None:
    assert chances.about(chance) == said
