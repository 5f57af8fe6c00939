import copy
import os
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs.claim import Certificate, Status
from proofs.theorems.theorem import Step, Theorem, settle_step
from tests.report.settled import settled
from tests.separation.rechecking import holds

SLOW = os.environ.get("GRADPROOF_SLOW") == "1"
NAMES = (
    "xor",
    "xnor",
    "and_or_weights",
    "two_input_functions",
    "three_input_functions",
    "perceptron_and",
    "perceptron_or",
    "perceptron_integers",
    "perceptron_sign",
    "perceptron_xor",
    "hidden_units",
    "novikoff",
    "representation",
)


def build(name: str) -> Theorem:
    found: Theorem = import_module(f"proofs.theorems.{name}").theorem()
    return found


def theorem(name: str) -> Theorem:
    return settled(name).theorem


def certificate_steps() -> tuple[Step, ...]:
    return tuple(step for name in NAMES for step in theorem(name).steps if isinstance(step.subject, Certificate))


@pytest.mark.parametrize("name", NAMES)
def test_every_step_is_proved(name: str) -> None:
    found = settled(name)
    assert found.theorem.name == name
    assert [verdict.status for verdict in found.verdicts] == [Status.PROVED] * len(found.theorem.steps)
    assert found.status is Status.PROVED


@pytest.mark.parametrize("name", [name for name in NAMES if SLOW or name != "three_input_functions"])
def test_building_twice_gives_the_same(name: str) -> None:
    assert build(name) == theorem(name)


@pytest.mark.parametrize("name", NAMES)
def test_certificates_hold_by_an_independent_reading(name: str) -> None:
    assert all(holds(dict(step.subject.data)) for step in theorem(name).steps if isinstance(step.subject, Certificate))


def numbers_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of every number below `value`, that of the format's version left out."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        if type(inner) is int or (isinstance(inner, str) and inner.lstrip("-").replace("/", "").isdigit()):
            if key != "gradproof":
                yield (*path, key)
        else:
            yield from numbers_in(inner, (*path, key))


def changed(step: Step, path: tuple[Any, ...], number: Any) -> dict[str, Any]:
    """The step's certificate with one number replaced."""
    data: dict[str, Any] = copy.deepcopy(dict(step.subject.data))  # type: ignore[union-attr]
    target: Any = data
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = number
    return data


def true(data: dict[str, Any]) -> bool:
    """Whether a changed certificate still holds; a malformed one does not."""
    try:
        return holds(data)
    except (AssertionError, ValueError, LookupError, ZeroDivisionError, TypeError):
        return False


@settings(max_examples=200)
@given(st.data())
def test_a_changed_number_is_caught_unless_it_stays_true(data: st.DataObject) -> None:
    step = data.draw(st.sampled_from(certificate_steps()))
    path = data.draw(st.sampled_from(list(numbers_in(step.subject.data))))  # type: ignore[union-attr]
    number = data.draw(st.one_of(st.integers(-4, 4), st.sampled_from(["1/2", "-7/3", 1000])))
    corrupt = changed(step, path, number)
    verdict = settle_step(replace(step, subject=Certificate(corrupt)), name="corrupt")
    assert bool(verdict) == true(corrupt)


def test_the_numbers_that_the_theorems_state() -> None:
    assert theorem("perceptron_and").text.endswith("w = (2, 1), b = -3.")
    assert "11 updates" in theorem("perceptron_and").steps[-1].text
    assert theorem("perceptron_or").text.endswith("w = (1, 1), b = -1.")
    assert "5 updates" in theorem("perceptron_or").steps[-1].text
    assert theorem("two_input_functions").title.startswith("14 of the 16")
    assert theorem("two_input_functions").text.startswith("All but XOR (0110) and XNOR (1001)")
    assert theorem("three_input_functions").title.startswith("104 of the 256")
    assert "AND is w = (1, 1), b = -2, OR is w = (1, 1), b = -1" in theorem("and_or_weights").text


def test_the_topologies_are_counted() -> None:
    assert "14 of the 16 functions by weights of their own, AND among them, and 2" in theorem("representation").text
    assert "AND (0001) by output = [- 2 + x1 + x2 >= 0]" in theorem("representation").steps[1].text
    counts = settled("representation_counts")
    assert counts.status is Status.PROVED
    assert counts.theorem.title == "On 653 of 663 small topologies a shared weight has fewer functions"
    assert "all 16 functions by weights of their own; XOR (0110), XNOR (1001), NAND (1110)" in counts.theorem.text
    assert "of 1351 topologies of 2 inputs, all with up to 2 hidden" in counts.verdicts[1].evidence[-1].detail


def test_the_unreachable_weights_are_right_and_not_among_the_states() -> None:
    subjects = [step.subject for step in theorem("perceptron_integers").steps]
    pairs = ((subjects[0], subjects[1]), (subjects[3], subjects[4]))
    for states, line in pairs:
        assert isinstance(states, Certificate)
        assert isinstance(line, Certificate)
        assert [*line.data["weights"], line.data["bias"]] not in states.data["states"]
        assert states.data["points"] == line.data["points"]
        assert states.data["labels"] == line.data["labels"]
