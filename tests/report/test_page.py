"""The HTML page: self-contained, the same bytes each time, each verdict in word and shape, hostile text inert."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from proofs.claim import Claim, Scope, Status, Verdict
from proofs.report import FILES, render
from proofs.report.gathering import Report
from proofs.report.page import to_html
from proofs.report.steps import steps
from proofs.theorems.theorem import Result, Step, settle
from tests.report.settled import JACOBIAN, plane, report, softmax, wrong

VOID = {"meta", "link", "br", "img", "hr", "input", "path", "circle", "rect"}
BROWSER = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000")
HOSTILE = "</p><script>alert(1)</script><img src=x onerror=alert(1)> \\end{document} {{ 7 * 7 }} | \"'&"


class Page(HTMLParser):
    """Every tag with its attributes, and a check that tags nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def settled() -> Report:
    return report(softmax(), plane())


def undecided(result: Result) -> Result:
    first = result.verdicts[0]
    return replace(result, verdicts=(Verdict(first.claim, Status.UNDECIDED, first.scope), *result.verdicts[1:]))


def test_the_page_is_well_formed_and_asks_nothing_of_a_network(settled: Report) -> None:
    text = to_html(settled).decode()
    page = Page(text)
    assert page.open == []
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object", "embed", "img", "form", "base"}
    for _, attributes in page.tags:
        assert not {name for name in attributes if name.startswith("on")}
        assert all(attributes.get(name, "#").startswith("#") for name in ("href", "src", "xlink:href"))
    assert "@import" not in text
    assert "url(" not in text.replace("url(#", "")


def test_every_link_has_its_place_and_no_place_is_named_twice(settled: Report) -> None:
    page = Page(to_html(settled).decode())
    places = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(places) == len(set(places))
    assert {attributes["href"][1:] for _, attributes in page.tags if "href" in attributes} <= set(places)


def test_headings_go_down_one_level_at_a_time(settled: Report) -> None:
    levels = [int(tag[1]) for tag, _ in Page(to_html(settled).decode()).tags if tag in ("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_pictures_and_formulas_have_words(settled: Report) -> None:
    page = Page(to_html(settled).decode())
    named = {"svg": "aria-label", "math": "alttext"}
    pictures = [(tag, attributes) for tag, attributes in page.tags if tag in named]
    assert {tag for tag, _ in pictures} == set(named)
    assert all(attributes.get(named[tag]) for tag, attributes in pictures)


def test_evidence_that_a_step_shares_with_the_one_above_is_said_once() -> None:
    theorem = softmax()
    first, second = (step.said for step in steps(settle(replace(theorem, steps=theorem.steps * 2))))
    assert first.startswith("calculus (proved): both sides reduce to ")
    assert second == "calculus (proved), checker (proved): as above"


@pytest.mark.parametrize("form", FILES)
def test_two_renderings_are_the_same_bytes(form: str, settled: Report) -> None:
    assert render(settled, form) == render(report(softmax(), plane()), form)


@pytest.mark.parametrize("form", FILES)
def test_every_status_has_its_word(form: str) -> None:
    bad = replace(softmax(), steps=(Step("no rule", "wrong", wrong(JACOBIAN)),), name="bad_one")
    three = report(bad, softmax(), plane())
    three = replace(three, results=(*three.results[:2], undecided(three.results[2])))
    text = render(three, form).decode()
    for status in Status:
        assert status.value in text
    if form == "html":
        kinds = [attributes.get("class", "") for tag, attributes in Page(text).tags if tag == "article"]
        assert kinds == ["refuted", "proved", "undecided"]


@pytest.mark.parametrize("form", FILES)
def test_hostile_text_stays_text(form: str) -> None:
    text = render(report(softmax(HOSTILE)), form).decode()
    if form == "html":
        assert "script" not in {tag for tag, _ in Page(text).tags}
        assert "&lt;script&gt;" in text
        assert "{{ 7 * 7 }}" in text
    if form == "latex":
        assert text.count("\\end{document}") == 1


def test_the_latex_closes_what_it_opens() -> None:
    text = render(report(softmax(HOSTILE), plane()), "latex").decode()
    opened = re.findall(r"\\begin\{(\w+)\}", text)
    assert opened
    assert sorted(opened) == sorted(re.findall(r"\\end\{(\w+)\}", text))
    bare = re.sub(r"\\[\\{}]", "", text)
    assert bare.count("{") == bare.count("}")
    assert text.count(r"\[") == text.count(r"\]")
    assert text.count(r"\(") == text.count(r"\)")


def test_an_unknown_format_is_named(settled: Report) -> None:
    with pytest.raises(ValueError, match=r"'docx'.*html, latex, json, md"):
        render(settled, "docx")


def test_a_report_without_theorems_or_document_says_so() -> None:
    empty = Report((), {}, (), ())
    assert empty.status is Status.UNDECIDED
    assert b"No document was audited" in to_html(empty)


def test_a_verdict_without_formula_is_shown_as_text() -> None:
    settled = report(plane())
    shown = Verdict(Claim("c", "nothing was shown <b>"), Status.UNDECIDED, Scope("the 4 points"), reason="too <long>")
    results = (replace(settled.results[0], verdicts=(shown, settled.results[0].verdicts[1])),)
    page = to_html(replace(settled, results=results)).decode()
    assert "too &lt;long&gt;" in page


@pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed")
def test_the_page_never_scrolls_sideways(settled: Report, tmp_path: Path) -> None:
    widths = (360, 768, 1440)
    measure = "<script>parent.postMessage([innerWidth, document.documentElement.scrollWidth], '*')</script>"
    (tmp_path / "page.html").write_bytes(to_html(settled) + measure.encode())
    frames = "".join(f"<iframe src='page.html' style='width:{w}px;height:900px;border:0'></iframe>" for w in widths)
    (tmp_path / "frames.html").write_text(
        f"{frames}<script>onmessage = e => document.title += e.data.join(' ') + ';'</script>"
    )
    dumped = subprocess.run(
        [*BROWSER, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", (tmp_path / "frames.html").as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    said = dumped.split("<title>")[1].split("</title>")[0].rstrip(";").split(";")
    content = {int(window): int(wide) for window, wide in map(str.split, said)}
    assert sorted(content) == sorted(widths)
    assert [window for window, wide in content.items() if wide > window] == []
