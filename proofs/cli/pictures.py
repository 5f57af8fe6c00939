"""Pictures that commands write: which files they may be, and their bytes."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from proofs.cli.terminal import fail, refuse_folder

ENDINGS = (".png", ".svg", ".pdf")


def refuse_picture(plot: Path | None, as_json: bool) -> None:
    """Exit 2, before any work, where a file cannot be a picture."""
    if plot is not None and plot.suffix.lower() not in ENDINGS:
        fail(f"plot: expected a file ending in {', '.join(ENDINGS)}, got {plot.name}", as_json)
    refuse_folder(plot, as_json)


def picture(draw: Callable[[], Any], plot: Path) -> bytes:
    """What `draw`, which returns Matplotlib's axes, draws; texts stay as they are, a $ begins no formula."""
    from matplotlib import rc_context

    buffer = io.BytesIO()
    with rc_context({"text.parse_math": False}):
        draw().figure.savefig(buffer, format=plot.suffix[1:].lower(), dpi=150)
    return buffer.getvalue()
