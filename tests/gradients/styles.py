"""What the style tests share: a layer as somebody wrote it, and a form of its backward pass that is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from zlib import crc32

from proofs.claim import Status
from proofs.gradients import prove_gradient, prove_vjp

Function = Callable[..., Any]
SLOW = os.environ.get("GRADPROOF_SLOW") == "1"
ALL = "all "
TRIED = "only the sizes tried"


class Style(NamedTuple):
    """A forward and a backward pass, the shapes of the inputs, a wrong backward pass, and how the scope begins."""

    forward: Function
    backward: Function
    shapes: Mapping[str, str]
    wrong: Function
    scope: str = ALL
    domains: Mapping[str, str] | None = None


class LossStyle(NamedTuple):
    """A function that returns (loss, gradient), its shapes, the parameters differentiated by, and a wrong form."""

    function: Function
    shapes: Mapping[str, str]
    by: tuple[str, ...]
    wrong: Function
    scope: str = ALL


def check(style: Style, name: str) -> None:
    """The right form is proved with the scope stated; the wrong one, of one style in three by default, is refuted."""
    right = prove_vjp(style.forward, style.backward, style.shapes, style.domains)
    assert right.status is Status.PROVED, str(right)
    assert right.scope.text.startswith(style.scope), str(right)
    if not SLOW and crc32(name.encode()) % 3:
        return
    wrong = prove_vjp(style.forward, style.wrong, style.shapes, style.domains)
    assert wrong.status is Status.REFUTED, str(wrong)


def check_loss(style: LossStyle, name: str) -> None:
    """The same for a loss with its gradient."""
    right = prove_gradient(style.function, style.shapes, style.by)
    assert right.status is Status.PROVED, str(right)
    assert right.scope.text.startswith(style.scope), str(right)
    if not SLOW and crc32(name.encode()) % 3:
        return
    wrong = prove_gradient(style.wrong, style.shapes, style.by)
    assert wrong.status is Status.REFUTED, str(wrong)
