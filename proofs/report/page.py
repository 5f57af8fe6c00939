"""The report as one HTML page: no script, no network, readable on a phone, in print and in the dark."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from proofs.claim import Status
from proofs.report import acceptance
from proofs.report.documents import (
    anchor,
    correction,
    counts,
    facts,
    findings,
    given_latex,
    inferred,
    lines_of,
    marks,
    repeat,
    why,
)
from proofs.report.figures import figures
from proofs.report.gathering import Report
from proofs.report.graph import dependency_graph
from proofs.report.mathml import mathml
from proofs.report.prose import prose
from proofs.report.steps import assumptions, evidence, shortened, steps
from proofs.report.trust import HEADS, checker_size

_HERE = Path(__file__).parent


def _tiles(report: Report) -> list[dict[str, Any]]:
    """The numbers at the top: theorems, steps and the document's lines, by status."""
    theorems = [result.status for result in report.results]
    proofs = [verdict.status for result in report.results for verdict in result.verdicts]
    lines = [line.status for document in report.audits for line in lines_of(document)]
    shown = [("theorems", theorems, Status.PROVED), ("steps", proofs, Status.PROVED)]
    shown += [("theorems", theorems, status) for status in (Status.REFUTED, Status.UNDECIDED) if status in theorems]
    shown += [("lines of the document", lines, status) for status in Status if status in lines]
    return [
        {
            "kind": status.lower(),
            "label": f"{what} {status.lower()}",
            "count": found.count(status),
            "of": len(found),
        }
        for what, found, status in shown
    ]


def _formula(latex: str, text: str = "", block: bool = False) -> Markup:
    return Markup(mathml(latex, text, block=block))


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.filters |= {"math": _formula, "shortened": shortened, "prose": prose}
    return environment.get_template("page.html")


def to_html(report: Report) -> bytes:
    """The whole page as UTF-8; a pure function of the report."""
    status = {result.theorem.name: result.status for result in report.results}
    page = _template().render(
        report=report,
        css=Markup((_HERE / "style.css").read_text(encoding="utf-8")),
        graph=Markup(dependency_graph(report.premises, status)),
        tiles=_tiles(report),
        steps=steps,
        figures=figures,
        assumptions=assumptions,
        evidence=evidence,
        documents=report.audits,
        lines_of=lines_of,
        counts=counts,
        facts=facts,
        given_latex=given_latex,
        inferred=inferred,
        marks=marks,
        why=why,
        anchor=anchor,
        correction=correction,
        findings=findings,
        repeat=repeat,
        trust_heads=HEADS,
        accepted=acceptance.table(report.results),
        accepted_heads=acceptance.HEADS,
        checker_size=checker_size(),
        **{word.value: word for word in Status},
    )
    return page.encode()
