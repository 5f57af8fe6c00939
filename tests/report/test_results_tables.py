"""Results tables in the report: the numbers, which of them a line speaks about, what is likely in its own words."""

from __future__ import annotations

import re

import pytest

from proofs.derivations import audit_text
from proofs.report.documents import inferred, marks
from proofs.report.gathering import Report
from proofs.report.latex import to_latex
from proofs.report.page import to_html
from proofs.report.text import to_markdown

DOCUMENT = audit_text("""
title = "t"
[[results]]
name = "Accuracy"
by = "rate <1>"
columns = ["a|b", "<b>", "c_1"]
accuracy.training = [0.9375, 0.75, 0.0625]
accuracy.test = [0.8993, 0.50, 0.90]
sizes = { training = 50_000, test = 300 }
batch = 64
epochs = 2
""")
(ITEM,) = DOCUMENT.items
REPORT = Report((), {}, (DOCUMENT,), ())


def test_cells_are_marked_by_what_their_lines_say() -> None:
    doubted = {("training", place): "undecided" for place in range(3)}
    assert marks(ITEM) == {**doubted, ("test", 0): "refuted"}


def test_the_page_shows_numbers_marks_and_likely_findings() -> None:
    page = to_html(REPORT).decode()
    assert re.findall(r'<td class="n"><span(?: class="(\w+)")?>([\d.]+)</span>', page) == [
        ("undecided", "0.9375"),
        ("undecided", "0.75"),
        ("undecided", "0.0625"),
        ("refuted", "0.8993"),
        ("", "0.50"),
        ("", "0.90"),
    ]
    assert '<p class="likely">likely: it is the accuracy of the last mini-batch' in page
    assert "<b>" not in page
    assert "&lt;b&gt;" in page
    steps = page.count('<p class="counter">')
    assert steps == 1, "only what is refuted is shown in red"


def test_a_table_of_one_column_without_a_name_has_no_heads() -> None:
    text = "[[results]]\naccuracy = { test = [0.5] }\nsizes = { test = 10 }"
    assert (
        "<thead>"
        not in to_html(Report((), {}, (audit_text(text),), ())).decode().split('table class="numbers"')[1][:20]
    )


@pytest.mark.parametrize("write", [to_markdown, to_latex])
def test_the_other_formats_have_the_numbers_and_the_word(write: object) -> None:
    assert callable(write)
    text = write(REPORT).decode()
    assert "0.9375" in text
    assert "likely: it is the accuracy of the last mini-batch of a pass, 16 rows" in text
    assert "a|b" not in text


def test_only_lines_with_an_inference_have_the_word() -> None:
    assert [bool(inferred(line)) for line in ITEM.lines] == [False, False, True, False, False]
