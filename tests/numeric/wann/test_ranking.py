import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from numeric.wann.ranking import crowding, fronts, ranked

OBJECTIVES = hnp.arrays(np.float64, st.tuples(st.integers(1, 25), st.just(2)), elements=st.integers(-4, 4))


def dominates(a, b):
    return (a >= b).all() and (a > b).any()


@given(OBJECTIVES)
def test_fronts_are_those_of_the_definition(objectives):
    left = set(range(len(objectives)))
    for front in fronts(objectives):
        undominated = {k for k in left if not any(dominates(objectives[j], objectives[k]) for j in left)}
        assert set(front) == undominated
        assert len(front) == len(undominated)
        left -= undominated
    assert not left


@given(OBJECTIVES)
def test_no_row_is_ranked_before_one_that_dominates_it(objectives):
    order = ranked(objectives)
    assert sorted(order) == list(range(len(objectives)))
    for place, k in enumerate(order):
        assert not any(dominates(objectives[j], objectives[k]) for j in order[place + 1 :])


def test_the_ends_of_a_front_come_first_then_the_loneliest():
    objectives = np.array([[0.0, 10.0], [1.0, 9.0], [2.0, 8.5], [7.0, 3.0], [10.0, 0.0]])
    assert crowding(objectives).tolist() == [np.inf, 0.2 + 0.15, 0.6 + 0.6, 0.8 + 0.85, np.inf]
    assert ranked(objectives) == [4, 0, 3, 2, 1]


def test_equal_rows_do_not_dominate_each_other():
    assert fronts(np.zeros((3, 2))) == [[0, 1, 2]]
    assert np.isinf(crowding(np.zeros((3, 2)))).sum() == 2
