"""Hypothesis without deadlines: no test asserts how long it takes."""

from hypothesis import settings

settings.register_profile("gradproof", deadline=None)
settings.load_profile("gradproof")
