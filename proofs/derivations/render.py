"""An audit as a terminal shows it."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from proofs.claim import Status, Verdict
from proofs.derivations.findings import Audit, Item, Line
from proofs.derivations.findings import Table as Results


def render(audit: Audit) -> Group:
    """The document's title, every entry with its lines, and a last line that counts the verdicts."""
    lines = [line for item in audit.items for line in item.lines]
    counts = ", ".join(f"{sum(line.status is status for line in lines)} {status}" for status in Status)
    total = Text(f"{len(lines)} claim{'s' if len(lines) > 1 else ''}: {counts}")
    return Group(Text(audit.title, "bold"), *(_item(item) for item in audit.items), Text(), total)


def _item(item: Item) -> RenderableType:
    parts: list[RenderableType] = [Text(), Text.assemble((item.name, "bold"), (f"  line {item.number}", "dim"))]
    if item.note:
        parts.append(Text(f"  {item.note}", "dim"))
    if item.table:
        parts.append(_results(item.table))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    if item.start:
        table.add_row("", "", Text(item.start))
    for line in item.lines:
        table.add_row(Text(f"  {line.number}", "dim"), _mark(line.verdict), _line(line, equation=bool(item.start)))
    return Group(*parts, table)


def _results(results: Results) -> Table:
    """The numbers as they were written."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 2), header_style="dim")
    table.add_column(Text(results.by))
    for column in results.columns:
        table.add_column(Text(column), justify="right")
    for name, values in results.rows:
        table.add_row(Text(name), *map(Text, values))
    return table


def _mark(verdict: Verdict) -> Text:
    return Text(f"{verdict.status.mark} {verdict.status}", f"bold {verdict.status.colour}", no_wrap=True)


def _line(line: Line, *, equation: bool) -> Text:
    shown = Text(f"= {line.text}" if equation else line.text)
    if line.where:
        shown.append(f"   where {line.where}", "dim")
    if line.step is not None and line.step.status is not line.status:
        shown.append(f"\n  the step from the line before is {line.step.status}", line.step.status.colour)
    if line.inference:
        shown.append(f"\n  {line.inference.word}: {line.inference.text}", Status.UNDECIDED.colour)
    for text in (line.note, _why(line, equation=equation)):
        if text:
            shown.append(f"\n  {text}", "dim")
    return shown


def _why(line: Line, *, equation: bool) -> str:
    """What a reader needs to believe the verdict: an input, multipliers, weights, where the run goes."""
    if equation:
        return "" if line.status is Status.PROVED else line.failure or line.verdict.reason
    return line.verdict.counterexample or line.verdict.reason
