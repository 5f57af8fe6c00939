"""Plain-text mathematics in sentences, set for a page."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.report.prose import prose


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("all n >= 1", "all n ≥ 1"),
        ("s_i (delta_ij - s_j)", "s<sub>i</sub> (δ<sub>ij</sub> - s<sub>j</sub>)"),
        ("diag(s) - s s^T", "diag(s) - s s<sup>T</sup>"),
        ("w <- w - a, b < 1", "w ← w - a, b &lt; 1"),
        ("python -m proofs.theorems.softmax_psd", "python -m proofs.theorems.softmax_psd"),
    ],
)
def test_subscripts_powers_and_signs_are_set(text: str, shown: str) -> None:
    assert prose(text) == shown


@given(st.text(alphabet="abs_i^T2<>&\"'=!- /\\", max_size=40))
def test_no_text_becomes_markup_of_its_own(text: str) -> None:
    left = re.sub(r"</?su[bp]>", "", prose(text))
    assert "<" not in left
    assert len(unescape(left)) <= len(text)
