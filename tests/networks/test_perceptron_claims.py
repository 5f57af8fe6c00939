from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs.claim import Status, Verdict
from proofs.networks import run, settle_reachable, settle_run, settle_update_rule
from proofs.separation import SeparationError, TruthTable
from tests.separation.data_strategies import Data, data_sets
from tests.separation.rechecking import holds

AND, OR, XOR = (TruthTable.parse(text) for text in ("0001", "0111", "0110"))


def of(table: TruthTable) -> tuple[Sequence[Sequence[int]], Sequence[int]]:
    return table.points, table.labels


def certificate(verdict: Verdict) -> dict[str, Any]:
    assert verdict.certificate is not None
    return dict(verdict.certificate.data)


@pytest.mark.parametrize(("table", "final"), [(AND, [2, 1, -3]), (OR, ["1.0", 1, -1])])
def test_where_the_iteration_stops(table: TruthTable, final: list[Any]) -> None:
    assert settle_run(*of(table), outcome="converges", final=final, name="c")
    assert settle_run(*of(table), outcome="converges", name="c")


@pytest.mark.parametrize(
    ("table", "final", "truth"),
    [
        (AND, ["0.4", "0.4", "-0.6"], "it reaches w = (2, 1), b = -3 after 11 updates"),
        (OR, ["1.0", "1.0", "-0.1"], "it reaches w = (1, 1), b = -1 after 5 updates"),
    ],
)
def test_where_it_does_not_stop(table: TruthTable, final: list[Any], truth: str) -> None:
    verdict = settle_run(*of(table), outcome="converges", final=final, name="c")
    assert verdict.status is Status.REFUTED
    assert truth in verdict.reason
    assert certificate(verdict)["final"] != final
    assert holds(certificate(verdict))
    unreachable = settle_reachable(*of(table), final, name="c", reachable=False)
    assert unreachable
    assert "is not an integer" in unreachable.reason


@pytest.mark.parametrize(
    ("table", "bias", "status"), [(AND, 1, Status.REFUTED), (AND, -1, Status.PROVED), (OR, -1, Status.PROVED)]
)
def test_first_steps_of_the_problem_set(table: TruthTable, bias: int, status: Status) -> None:
    verdict = settle_run(*of(table), outcome="reaches", visits=1, final=[0, 0, bias], name="c")
    assert verdict.status is status


def test_a_wrong_state_is_told_the_right_one() -> None:
    verdict = settle_run(*of(AND), outcome="reaches", visits=1, final=[0, 0, 1], name="c")
    assert verdict.reason == "after 1 visit it is at w = (0, 0), b = -1, not at w = (0, 0), b = 1"
    assert not holds(certificate(verdict)["of"])


def test_xor_cycles_and_does_not_converge() -> None:
    assert settle_run(*of(XOR), outcome="cycles", name="c")
    assert settle_run(*of(XOR), outcome="converges", name="c").status is Status.REFUTED
    assert settle_run(*of(AND), outcome="cycles", name="c").status is Status.REFUTED


def test_too_short_a_run_is_undecided_unless_nothing_separates() -> None:
    assert settle_run(*of(AND), outcome="converges", name="c", most_visits=5).status is Status.UNDECIDED
    assert settle_run(*of(XOR), outcome="cycles", name="c", most_visits=5).status is Status.UNDECIDED
    verdict = settle_run(*of(XOR), outcome="converges", name="c", most_visits=5)
    assert verdict.status is Status.REFUTED
    assert certificate(verdict)["kind"] == "farkas"


@settings(max_examples=40)
@given(
    data_sets(most_rows=4, largest=2),
    st.integers(0, 12),
    st.sampled_from([1, "1/2"]),
    st.sampled_from([1, -1]),
    st.integers(-1, 1),
)
def test_states_on_the_way_are_settled(data: Data, visits: int, rate: Any, sign: int, shift: int) -> None:
    order = [*reversed(range(len(data[0])))]
    found = run(*data, rate=rate, sign=sign, order=order, most_visits=100)
    row = visits if visits < len(found.states) else 0
    final = [*found.states[row][:-1], found.states[row][-1] + shift]
    verdict = settle_run(*data, outcome="reaches", visits=row, final=final, rate=rate, sign=sign, order=order, name="c")
    assert verdict.status is (Status.REFUTED if shift else Status.PROVED)


@settings(max_examples=30)
@given(data_sets(most_rows=4, largest=1), st.lists(st.integers(-2, 2), min_size=4, max_size=4))
def test_reachability_is_settled_with_a_path_or_all_states(data: Data, numbers: list[int]) -> None:
    target = numbers[: len(data[0][0]) + 1]
    verdict = settle_reachable(*data, target, name="c")
    assert verdict.status is not Status.UNDECIDED
    assert holds(certificate(verdict))
    found = certificate(verdict)
    assert found["final"] == target if verdict else target not in found["states"]


def test_fractional_states_that_no_certificate_covers_are_undecided() -> None:
    assert settle_reachable(*of(AND), [0, 0, 7], name="c", rate="1/2").status is Status.UNDECIDED


def test_the_update_rule_with_plus_is_proved_and_with_minus_refuted() -> None:
    assert settle_update_rule(1, name="c")
    assert settle_update_rule(-1, name="c").status is Status.REFUTED


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"outcome": "reaches", "visits": 1}, "expected both"),
        ({"outcome": "reaches", "final": [0, 0, 0]}, "expected both"),
        ({"outcome": "reaches", "final": [0, 0, 0], "visits": -1}, "visits: expected an integer"),
        ({"outcome": "reaches", "final": [0, 0, 0], "visits": 10**9}, "visits: expected an integer"),
        ({"outcome": "converges", "final": [0, 0]}, "final: expected 2 weights, then the bias"),
        ({"outcome": "cycles", "final": [0, 0, 0]}, "leave `final` out"),
        ({"outcome": "stops"}, "outcome: expected"),
    ],
)
def test_bad_claims_are_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(SeparationError, match=message):
        settle_run(*of(AND), name="c", **settings)
    with pytest.raises(SeparationError, match="sign"):
        settle_update_rule(0, name="c")


def test_numbers_too_long_for_a_certificate_end_a_run() -> None:
    rows = [[f"1/{10**390 + 7 * k}"] for k in range(40)]
    labels = [k % 2 for k in range(40)]
    converges = settle_run(rows, labels, outcome="cycles", name="c")
    reaches = settle_run(rows, labels, outcome="reaches", visits=20_000, final=[0, 0], name="c")
    assert [converges.status, reaches.status] == [Status.UNDECIDED, Status.UNDECIDED]
    assert "about" in converges.reason
    assert "too long" in reaches.reason
