"""What capture raises: a shape that cannot be read, and code that is not followed."""

from __future__ import annotations

from typing import ClassVar


class ShapeError(ValueError):
    """A shape that cannot be read; the message names the parameter and the fix."""


class NotCaptured(Exception):
    """Code did something that symbolic arrays do not follow; the claim is UNDECIDED for this reason.

    The first one made while code runs is remembered: code that catches it goes on with a guess, and is refused all the
    same when it returns.
    """

    first: ClassVar[NotCaptured | None] = None

    def __init__(self, text: str) -> None:
        super().__init__(text)
        if NotCaptured.first is None:
            NotCaptured.first = self
