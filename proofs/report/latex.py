"""The report as a LaTeX article that pdflatex, xelatex and lualatex compile."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from proofs.claim import Status
from proofs.report.documents import correction, facts, findings, given_latex, inferred, why
from proofs.report.gathering import Report
from proofs.report.steps import Shown, assumptions, evidence, steps
from proofs.report.trust import HEADS, Row
from proofs.theorems.theorem import Result

if TYPE_CHECKING:
    from proofs.derivations import Audit, Item, Line

PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage{iftex}
\ifPDFTeX\usepackage[T1]{fontenc}\usepackage[utf8]{inputenc}\fi
\usepackage{amsmath,amssymb,xcolor,longtable,array}
\usepackage[margin=25mm]{geometry}
\definecolor{proved}{HTML}{15613A}
\definecolor{refuted}{HTML}{A31D18}
\definecolor{undecided}{HTML}{765000}
\newcommand{\verdict}[2]{\textcolor{#1}{\textsf{\textbf{\small #2}}}}
\allowdisplaybreaks
\emergencystretch=3em
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
"""
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    **{c: rf"\{c}" for c in "&%$#_{}"},
}
_MATHS = {
    "≥": r"\geq", "≤": r"\leq", "≠": r"\neq", "−": "-", "·": r"\cdot", "×": r"\times", "→": r"\to", "∂": r"\partial",
    "α": r"\alpha", "δ": r"\delta", "λ": r"\lambda", "∞": r"\infty", "₁": "_1", "₂": "_2", "₃": "_3", "∈": r"\in",
}  # fmt: skip
SAFE = (*_SPECIAL.values(), *_MATHS.values(), r"\relax")
"""Every command that `plain` may write."""
_MARKS = {"PROVED": r"$\checkmark$", "REFUTED": r"$\times$", "UNDECIDED": "?"}
_TOKEN = re.compile(r"[\\~^<>|\"'`&%$#_{}]|[^\x00-\x7f]")
_ACCENTED = re.compile(r"[À-ÖØ-öø-ÿ–—‘’“”]")


def plain(text: str) -> str:
    """Any text as LaTeX that prints it and does nothing else."""
    return _TOKEN.sub(_token, " ".join(text.split()))


def _token(match: re.Match[str]) -> str:
    character = match[0]
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character in _MATHS:
        return f"$\\relax {_MATHS[character]}$"
    return character if _ACCENTED.match(character) else f"[U+{ord(character):04X}]"


def to_latex(report: Report) -> bytes:
    """The whole article as UTF-8; a pure function of the report."""
    proved = report.count(Status.PROVED)
    parts = [
        PREAMBLE,
        "\\title{gradproof report}\n\\author{}\\date{}\n\\begin{document}\n\\maketitle\n",
        f"{proved} of {len(report.results)} theorems proved, {report.steps} steps.\n",
        "\\section{Verdicts}\n\\begin{longtable}{@{}l>{\\raggedright}p{0.62\\linewidth}r@{}}\n"
        + "".join(map(_row, report.results))
        + "\\end{longtable}\n",
        "\\section{Results}\n",
        *(_result(result, report.premises[result.theorem.name]) for result in report.results),
        "\\section{The audited document}\n",
        *([] if report.audits else ["No document was audited in this report.\n"]),
        *(part for document in report.audits for part in _document(document)),
        "\\section{What a verdict rests on}\n",
        *(_trust(row) for row in report.trust),
        "\\end{document}\n",
    ]
    return "\n".join(parts).encode()


def verdict(status: Status) -> str:
    """The verdict's mark and word in its colour."""
    return f"\\verdict{{{status.lower()}}}{{{_MARKS[status.value]} {status}}}"


def _row(result: Result) -> str:
    theorem = result.theorem
    text = f"{plain(theorem.title)} ({plain(theorem.scope.text)})"
    return f"{verdict(result.status)} & {text} & {len(result.verdicts)} \\\\\n"


def _facts(facts: Iterable[tuple[str, str]]) -> str:
    return "".join(f"\\textsf{{\\small {label}:}} {plain(text)}\\par\n" for label, text in facts if text)


def _result(result: Result, premises: Iterable[str]) -> str:
    theorem = result.theorem
    parts = [f"\\subsection{{{plain(theorem.title)}}}\n{verdict(result.status)}\\par\n{plain(theorem.text)}\n"]
    if theorem.latex:
        parts.append(f"\\[ {theorem.latex} \\]\n")
    facts = [("scope", theorem.scope.text), ("assuming", assumptions(result)), ("rests on", ", ".join(premises))]
    facts += [("evidence", evidence(result)), ("source", theorem.source), ("repeat", theorem.repeat)]
    parts.append(_facts(facts))
    parts.append("\\begin{enumerate}\n" + "".join(map(_step, steps(result))) + "\\end{enumerate}\n")
    return "".join(parts)


def _step(step: Shown) -> str:
    item = f"\\item {plain(step.rule)} {verdict(step.verdict.status)}\\par\n"
    if step.text:
        item += plain(step.text) + "\\par\n"
    if step.latex:
        item += f"{{\\small \\(\\displaystyle {step.latex} \\)}}\\par\n"
    return item + _facts((label, text) for label, text in step.verdict.rows() if label in ("reason", "counterexample"))


def _document(document: Audit) -> list[str]:
    parts = [f"\\textbf{{{plain(document.title)}}}\n"]
    for item in document.items:
        parts.append(f"\\subsection{{{plain(item.name)}}}\n{verdict(item.status)}\\par\n")
        if item.start_latex:
            parts.append(f"\\[ {item.start_latex} \\]\n")
        if item.given:
            parts.append(f"\\[ {given_latex(item)} \\]\n")
        parts += _numbers(item)
        parts.append(_facts(facts(item)))
        lines = "".join(_line(item, line) for line in item.lines)
        parts.append(f"\\begin{{itemize}}\n{lines}\\end{{itemize}}\n")
    return parts


def _numbers(item: Item) -> list[str]:
    """A results table, over as many pages as it needs; nothing for other entries."""
    if item.table is None:
        return []
    rows = [[item.table.by, *item.table.columns], *([name, *values] for name, values in item.table.rows)]
    body = "".join(" & ".join(map(plain, row)) + " \\\\\n" for row in rows)
    return [f"\\begin{{longtable}}{{@{{}}l*{{{len(item.table.columns)}}}{{r}}@{{}}}}\n{body}\\end{{longtable}}\n"]


def _line(item: Item, line: Line) -> str:
    formula = f"\\(\\displaystyle {'= ' if item.start else ''}{line.latex} \\)"
    said = f"\\item {verdict(line.status)} {formula if line.latex else plain(line.text)}"
    said += f" where {plain(line.where)}\\par\n" if line.where else "\\par\n"
    said += "".join(f"{plain(text)}\\par\n" for text in (inferred(line), why(line), *findings(line)) if text)
    if line.status is Status.REFUTED and (right := correction(item, line)).text:
        said += f"it should equal \\({right.latex}\\)\\par\n"
    return said


def _trust(row: Row) -> str:
    texts = (row.proved, row.by, row.tested, row.assumed, f"{row.code} ({row.lines} lines)" if row.lines else row.code)
    return f"\\textbf{{{plain(row.claim)}}}\\par\n{_facts(zip(HEADS[1:], texts, strict=True))}\\medskip\n"
