"""The report as Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from proofs.claim import Status
from proofs.report import acceptance
from proofs.report.documents import correction, facts, findings, inferred, why
from proofs.report.gathering import Report
from proofs.report.steps import assumptions, evidence, steps
from proofs.report.trust import as_markdown
from proofs.theorems.theorem import Result

if TYPE_CHECKING:
    from proofs.derivations import Audit, Item, Line


def to_json(report: Report) -> bytes:
    """Every verdict with its certificate, as UTF-8 JSON."""
    return (json.dumps(report.to_dict(), indent=1, ensure_ascii=False) + "\n").encode()


def to_markdown(report: Report) -> bytes:
    """The report as Markdown, formulas as ``$$ LaTeX $$``."""
    parts = [
        "# gradproof report\n",
        f"{report.count(Status.PROVED)} of {len(report.results)} theorems proved, {report.steps} steps.\n",
        "## Verdicts\n",
        "| verdict | result | scope | steps |\n| --- | --- | --- | ---: |\n" + "".join(map(_row, report.results)),
        "## Results\n",
        *(_result(result, report.premises[result.theorem.name]) for result in report.results),
        *([] if report.audits else ["## The audited document\n", "No document was audited in this report.\n"]),
        *(part for document in report.audits for part in _document(document)),
        "## What a verdict rests on\n",
        as_markdown(report.trust),
        acceptance.as_markdown(found for result in report.results if (found := acceptance.still_valid(result))),
    ]
    return "\n".join(parts).encode()


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _row(result: Result) -> str:
    theorem = result.theorem
    return (
        f"| {result.status.mark} {result.status} | {_cell(theorem.title)} | {_cell(theorem.scope.text)} "
        f"| {len(result.verdicts)} |\n"
    )


def _result(result: Result, premises: Iterable[str]) -> str:
    theorem = result.theorem
    lines = [f"### {theorem.title}: {result.status.mark} {result.status}\n", theorem.text + "\n"]
    if theorem.latex:
        lines.append(f"$$ {theorem.latex} $$\n")
    facts = [("scope", theorem.scope.text), ("assuming", assumptions(result)), ("rests on", ", ".join(premises))]
    facts += [("evidence", evidence(result)), ("source", theorem.source), ("repeat", f"`{theorem.repeat}`")]
    lines.append("".join(f"- {label}: {text}\n" for label, text in facts if text))
    for number, step in enumerate(steps(result), 1):
        verdict = step.verdict
        said = f"`{step.alt}`" if step.latex else _cell(step.text)
        lines.append(f"{number}. {verdict.status.mark} {verdict.status} ({step.rule}): {said}")
        facts = [(label, text) for label, text in verdict.rows() if label in ("reason", "counterexample")]
        lines += [f"   - {label}: {_cell(text)}" for label, text in facts]
    return "\n".join(lines) + "\n"


def _document(document: Audit) -> list[str]:
    parts = [f"## The audited document: {document.title}\n"]
    for item in document.items:
        parts.append(f"### {item.name}: {item.status.mark} {item.status}\n")
        if item.start:
            parts.append(f"`{item.start}`\n")
        parts += [f"- with `{each.text}`" for each in item.given]
        parts += _numbers(item)
        parts += [f"- {label}: {_cell(text)}" for label, text in facts(item)]
        parts.append("")
        parts += [_line(item, line) for line in item.lines]
        parts.append("")
    return parts


def _numbers(item: Item) -> list[str]:
    """A results table as Markdown, with an empty line after it; nothing for other entries."""
    if item.table is None:
        return []
    heads = [item.table.by, *item.table.columns]
    rows = [heads, ["---", *["---:"] * (len(heads) - 1)], *([name, *values] for name, values in item.table.rows)]
    return [*(f"| {' | '.join(map(_cell, row))} |" for row in rows), ""]


def _line(item: Item, line: Line) -> str:
    text = f"`= {line.text}`" if item.start else _cell(line.text)
    condition = f" where `{line.where}`" if line.where else ""
    rows = [f"- {line.status.mark} {line.status} line {line.number}: {text}{condition}"]
    rows += [f"  - {_cell(said)}" for said in (inferred(line), why(line), *findings(line)) if said]
    if line.status is Status.REFUTED and (right := correction(item, line)).text:
        rows.append(f"  - it should equal `{right.text}`")
    return "\n".join(rows)
