"""Sentences with plain-text mathematics in them, as a page shows them: ``s_i >= 0`` with a subscript and one sign."""

from __future__ import annotations

import re
from html import escape

from markupsafe import Markup

_SIGNS = {"&gt;=": "≥", "&lt;=": "≤", "!=": "≠", "&lt;-": "←", "delta_": "δ_", "sum_": "∑_"}
_SUBSCRIPT = re.compile(r"(?<![\w/])([A-Za-zδ∑]+)_(\d|[a-z]{1,2})(?!\w)")
_POWER = re.compile(r"\^(T|\d)(?!\w)")


def prose(text: str) -> Markup:
    """The text as HTML, escaped, with its subscripts, powers and signs set as a printed page has them."""
    said = escape(text)
    for plain, sign in _SIGNS.items():
        said = said.replace(plain, sign)
    said = _SUBSCRIPT.sub(r"\1<sub>\2</sub>", said)
    return Markup(_POWER.sub(r"<sup>\1</sup>", said))
