"""Tests of the tests: every planted bug is caught, for the reason it was planted for.

That the right functions pass the same checks, with more examples, is what tests/numeric/ holds.
"""

import pytest

from tests.conforming import Nonconforming, check
from tests.implementations import ALL
from tests.quality.plants import PLANTS


def test_there_are_many_plants_of_many_families():
    assert len(PLANTS) >= 24
    assert len({plant.family for plant in PLANTS}) >= 20
    assert len({plant.function.__name__ for plant in PLANTS}) == len(PLANTS)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.function.__name__)
def test_planted_bug_is_caught(plant):
    with pytest.raises(Nonconforming, match=plant.symptom):
        check(plant.function, ALL[plant.instead_of].specification, shrink=False)
