"""The plugin's profile option, its table at the end, and its property in JUnit files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from proofs.conformance import plugin, profiles
from tests.conformance import planted

pytest_plugins = "pytester"

SUITE = """
from proofs.conformance import check_vjp
from tests.conformance import planted

SHAPES = {"x": "N D"}


def test_right():
    assert check_vjp(planted.tanh, planted.tanh_backward, SHAPES, examples=0, seconds=0.1)


def test_wrong():
    assert check_vjp(planted.tanh, planted.tanh_with_the_wrong_sign, SHAPES)


def test_nothing():
    pass
"""
QUIET = ("-p", "no:gradproof", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly")


WRONG = f"{planted.tanh_with_the_wrong_sign.__name__} is the vjp of {planted.tanh.__name__}: the wrong sign"


@pytest.fixture
def default_profile() -> Iterator[None]:
    before = settings.get_current_profile_name()
    yield
    settings.load_profile(before)
    profiles._in_force[:] = [profiles.PROFILES["default"]]


@pytest.mark.usefixtures("default_profile")
def test_profile_table_and_property(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SUITE)
    result = pytester.runpytest_inprocess(*QUIET, "--gradproof-profile=quick", "--junitxml=found.xml", plugins=[plugin])
    result.assert_outcomes(passed=2, failed=1)
    assert profiles.current() == profiles.PROFILES["quick"]
    assert settings.get_current_profile_name() == "gradproof-quick"

    shown = result.stdout.str()
    table = shown.partition("gradproof: floats tested against formulas")[2].splitlines()
    assert [line.split()[1] for line in table[1:3]] == ["CONFORMS", "FAILS"]
    assert f"✗ FAILS     {WRONG}" in table
    assert "E           looks like: the wrong sign" in shown

    junit = (pytester.path / "found.xml").read_text()
    assert junit.count('<property name="gradproof"') == 2
    assert WRONG in junit


def test_the_options_name_the_profiles() -> None:
    assert tuple(profiles.PROFILES) == plugin._PROFILES
