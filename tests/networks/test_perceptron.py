from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs.networks import Run, reachable_states, run
from proofs.separation import SeparationError, TruthTable, separator
from tests.separation.data_strategies import Data, data_sets

AND, OR, XOR = (TruthTable.parse(text) for text in ("0001", "0111", "0110"))


def run_of(table: TruthTable, sign: int = 1, most_visits: int = 100) -> Run:
    return run(table.points, table.labels, sign=sign, most_visits=most_visits)


@pytest.mark.parametrize(("table", "updates", "final"), [(AND, 11, (2, 1, -3)), (OR, 5, (1, 1, -1))])
def test_and_and_or_from_zero(table: TruthTable, updates: int, final: tuple[int, ...]) -> None:
    found = run_of(table)
    assert found.outcome == "converges"
    assert found.updates == updates
    assert found.final == tuple(map(Fraction, final))


def test_xor_returns_to_an_earlier_state() -> None:
    found = run_of(XOR)
    assert found.outcome == "cycles"
    assert found.states[found.visits] == found.states[found.visits - found.period * len(found.order)]


def test_the_first_step_depends_on_the_sign() -> None:
    assert list(run_of(AND).states[1]) == [0, 0, -1]
    assert list(run_of(AND, sign=-1, most_visits=1).states[1]) == [0, 0, 1]


@settings(max_examples=50)
@given(data_sets(most_rows=5, largest=2), st.fractions(Fraction(1, 3), 3, max_denominator=3))
def test_every_step_of_a_run_follows_the_rule(data: Data, rate: Fraction) -> None:
    points, labels = data
    found = run(points, labels, rate=rate, most_visits=200)
    for visit, (before, after) in enumerate(zip(found.states, found.states[1:], strict=False)):
        row = found.order[visit % len(found.order)]
        x = [*points[row], 1]
        output = int(sum(w * v for w, v in zip(before, x, strict=True)) >= 0)
        error = labels[row] - output
        assert after == tuple(w + rate * error * v for w, v in zip(before, x, strict=True))
    assert found.updates == sum(a != b for a, b in zip(found.states, found.states[1:], strict=False))


@settings(max_examples=50)
@given(data_sets(most_rows=5, largest=2), st.randoms())
def test_a_run_ends_as_separability_says(data: Data, random: object) -> None:
    order = list(range(len(data[0])))
    random.shuffle(order)  # type: ignore[attr-defined]
    found = run(*data, order=[*order, order[0]])
    assert found.outcome == ("cycles" if separator(*data) is None else "converges")


@settings(max_examples=30)
@given(data_sets(most_rows=4, largest=1), st.integers(1, 2))
def test_a_run_stays_among_the_reachable_states(data: Data, rate: int) -> None:
    states = reachable_states(*data, rate=rate)
    if states is not None:
        assert set(run(*data, rate=rate).states) <= states.keys()
        rule = run(*data, rate=rate).rule
        for state, path in states.items():
            reached = rule.start
            for row in path:
                reached = rule.step(reached, row)
            assert reached == state


def test_a_search_for_too_many_states_gives_up() -> None:
    assert reachable_states(AND.points, AND.labels, most=10) is None


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"rate": 0}, "rate: expected a positive"),
        ({"rate": "nan"}, "rate: expected a finite"),
        ({"sign": 0}, "sign: expected 1"),
        ({"sign": True}, "sign: expected 1"),
        ({"start": [0, 0]}, "start: expected 2 weights, then the bias"),
        ({"order": [0, 1, 2]}, "row 3 is missing"),
        ({"order": [0, 1, 2, 4]}, "order: expected row numbers 0 to 3"),
        ({"order": [0, 1, 2, -1]}, "order: expected row numbers 0 to 3"),
        ({"order": []}, "row 0 is missing"),
    ],
)
def test_bad_settings_are_named(settings: dict[str, object], message: str) -> None:
    with pytest.raises(SeparationError, match=message):
        run(AND.points, AND.labels, **settings)  # type: ignore[arg-type]
