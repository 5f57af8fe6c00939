"""Values as messages show them: as a document writes them, and short."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice

LONGEST = 60


def shown(value: object) -> str:
    """A value as TOML writes it, cut after `LONGEST` characters; of anything else its representation."""
    text = _written(value, 4)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _written(value: object, depth: int) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return repr(value[:LONGEST])
        case Decimal() | datetime() | date() | time():
            return str(value)
        case list() | tuple() | Mapping() if not depth:
            return "..."
        case list() | tuple():
            return f"[{', '.join(_written(part, depth - 1) for part in value[:LONGEST])}]"
        case Mapping():
            pairs = (f"{key} = {_written(part, depth - 1)}" for key, part in islice(value.items(), LONGEST))
            return f"{{ {', '.join(pairs)} }}" if value else "{}"
        case _:
            return f"{value!r:.{LONGEST}}"
