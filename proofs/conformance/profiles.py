"""How much is tried: the profile in force gives the number of drawn examples and the time for one function."""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "gradproof-"


@dataclass(frozen=True)
class Profile:
    """Drawn examples after the corners, and seconds for one function."""

    examples: int
    seconds: float


PROFILES = {"quick": Profile(5, 2.0), "default": Profile(25, 5.0), "thorough": Profile(500, 120.0)}
_in_force = [PROFILES["default"]]


def current() -> Profile:
    """The profile in force."""
    return _in_force[-1]


def use(name: str) -> None:
    """Put a profile in force, for Hypothesis tests too, whose profiles are called ``gradproof-quick`` and so on."""
    from hypothesis import settings

    for known, profile in PROFILES.items():
        settings.register_profile(PREFIX + known, max_examples=profile.examples, deadline=None)
    settings.load_profile(PREFIX + name)
    _in_force[:] = [PROFILES[name]]
