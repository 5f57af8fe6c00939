import copy
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs.checker.counterexample import INSIDE
from proofs.claim import Certificate, Status
from proofs.theorems.theorem import Result, Step, Theorem, settle, settle_step
from tests.separation.rechecking import holds

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
)


def build(name: str) -> Theorem:
    found: Theorem = import_module(f"proofs.theorems.{name}").theorem()
    return found


theorem = cache(build)


@cache
def result(name: str) -> Result:
    return settle(theorem(name))


def certificate_steps() -> tuple[Step, ...]:
    return tuple(step for name in NAMES for step in theorem(name).steps if isinstance(step.subject, Certificate))


@pytest.mark.parametrize("name", NAMES)
def test_every_step_is_proved(name: str) -> None:
    found = result(name)
    assert found.theorem.name == name
    assert [verdict.status for verdict in found.verdicts] == [Status.PROVED] * len(found.theorem.steps)
    assert found.status is Status.PROVED


@pytest.mark.parametrize("name", NAMES)
def test_building_twice_gives_the_same(name: str) -> None:
    assert build(name) == theorem(name)


@pytest.mark.parametrize("name", NAMES)
def test_certificates_hold_by_an_independent_reading(name: str) -> None:
    assert all(holds(dict(step.subject.data)) for step in theorem(name).steps if isinstance(step.subject, Certificate))


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_equation_is_refuted(name: str) -> None:
    for step in theorem(name).steps:
        if not isinstance(step.subject, Certificate):
            wrong = replace(step, subject=replace(step.subject, rhs=step.subject.rhs + 1))
            assert settle_step(wrong, name=name).status is Status.REFUTED


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


FALSE = {
    "novikoff": ("updates", 1),
    "minimal": ("bias", 10**6),
    "resolution": ("steps", -1, 2, 0, 1),
    "separator": ("bias", 10**6),
    "farkas": ("multipliers", 0, 2),
    "census": ("threshold", 1),
    "reaches": ("final", 0, 7),
    "converges": ("final", 0, 7),
    "cycles": ("final", 0, 7),
    "stays": ("states", 0, 0, "1/2"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_false_certificate_turns_its_step_red_and_no_other(name: str) -> None:
    for number, step in enumerate(theorem(name).steps):
        if isinstance(step.subject, Certificate):
            *path, value = FALSE[str(step.subject.data.get("outcome", step.subject.kind))]
            wrong = replace(step, subject=Certificate(changed(step, tuple(path), value)))
            steps = theorem(name).steps
            broken = settle(replace(theorem(name), steps=(*steps[:number], wrong, *steps[number + 1 :])))
            answer = Status.REFUTED if step.subject.kind in INSIDE else Status.UNDECIDED
            assert broken.status is answer
            assert [verdict.status for verdict in broken.verdicts] == [
                answer if place == number else Status.PROVED for place in range(len(steps))
            ]


def test_the_numbers_that_the_theorems_state() -> None:
    assert theorem("perceptron_and").text.endswith("w = (2, 1), b = -3.")
    assert "11 updates" in theorem("perceptron_and").steps[-1].text
    assert theorem("perceptron_or").text.endswith("w = (1, 1), b = -1.")
    assert "5 updates" in theorem("perceptron_or").steps[-1].text
    assert theorem("two_input_functions").title.startswith("14 of the 16")
    assert theorem("two_input_functions").text.startswith("All but XOR (0110) and XNOR (1001)")
    assert theorem("three_input_functions").title.startswith("104 of the 256")
    assert "AND is w = (1, 1), b = -2, OR is w = (1, 1), b = -1" in theorem("and_or_weights").text


def test_the_unreachable_weights_are_right_and_not_among_the_states() -> None:
    subjects = [step.subject for step in theorem("perceptron_integers").steps]
    pairs = ((subjects[0], subjects[1]), (subjects[3], subjects[4]))
    for states, line in pairs:
        assert isinstance(states, Certificate)
        assert isinstance(line, Certificate)
        assert [*line.data["weights"], line.data["bias"]] not in states.data["states"]
        assert states.data["points"] == line.data["points"]
        assert states.data["labels"] == line.data["labels"]
