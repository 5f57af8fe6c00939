"""The words every room speaks: Claim, Scope, Assumption, Evidence, Certificate, Verdict.

A verdict has one of three statuses. PROVED and REFUTED can only be constructed together with a
certificate and the checker's word that it accepted it; everything else is UNDECIDED. Facts about
real numbers (`proved`), facts about program runs (`tested`) and what another program says and nothing
rests on (`assumed`) are different words here, and stay different in every output.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from html import escape
from typing import Any, Literal

SCHEMA = "gradproof-verdict-1"
SHOWN = {"proved": "proved", "tested": "tested", "assumed": "suggested, not relied on"}
"""The kinds of evidence as a reader is told of them: nothing is taken for granted on a solver's word."""

Json = dict[str, Any]


class Status(StrEnum):
    """What is known about a claim."""

    PROVED = "PROVED"
    REFUTED = "REFUTED"
    UNDECIDED = "UNDECIDED"

    @property
    def mark(self) -> str:
        """A shape that tells the status without colour."""
        return {"PROVED": "✓", "REFUTED": "✗", "UNDECIDED": "?"}[self.value]

    @property
    def colour(self) -> str:
        """The colour name used by terminal output."""
        return {"PROVED": "green", "REFUTED": "red", "UNDECIDED": "yellow"}[self.value]


def together(statuses: list[Status]) -> Status:
    """The status of a claim that rests on all of `statuses`: REFUTED if one is, PROVED if all are.

    No statuses at all is UNDECIDED: nothing was shown.
    """
    if Status.REFUTED in statuses:
        return Status.REFUTED
    if statuses and all(status is Status.PROVED for status in statuses):
        return Status.PROVED
    return Status.UNDECIDED


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement to be settled: a short name, one line of text, and the same in LaTeX if it is a formula."""

    name: str
    text: str
    latex: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """For which sizes the verdict speaks, for example ``all n >= 1`` or ``the 4 points given``."""

    text: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something the verdict takes for granted, and where it came from.

    `origin` is ``domain`` (the user said so), ``kink`` (points left out because a derivative does not
    exist there) or ``postulate`` (a rule of the calculus that is not derived from exp, log and sqrt).
    """

    text: str
    origin: Literal["domain", "kink", "postulate"] = "domain"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One independent reason to believe a verdict, or (``assumed``) a hint that led to it and that nothing rests on.

    `layer` names who says so (``checker``, ``calculus``, ``sympy``, ``z3``, ``tests``); `word` says of
    which kind the reason is, and the three kinds are never mixed.
    """

    layer: str
    detail: str
    word: Literal["proved", "tested", "assumed"] = "proved"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A self-contained JSON object that `proofs.checker` re-checks on its own."""

    data: Mapping[str, Any]

    @property
    def kind(self) -> str:
        return str(self.data["kind"])

    def to_text(self) -> str:
        """The certificate as deterministic JSON text."""
        return json.dumps(self.data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found out about a claim. True in a condition only when PROVED.

    Raises ValueError when PROVED or REFUTED is asked for without a certificate that the checker accepted.
    """

    claim: Claim
    status: Status
    scope: Scope
    assumptions: tuple[Assumption, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    certificate: Certificate | None = None
    reason: str = ""
    counterexample: str = ""
    repeat: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        accepted = any(e.layer == "checker" and e.word == "proved" for e in self.evidence)
        if self.status is not Status.UNDECIDED and (self.certificate is None or not accepted):
            raise ValueError(f"{self.status} needs a certificate that the checker accepted")

    def __bool__(self) -> bool:
        return self.status is Status.PROVED

    def to_dict(self) -> Json:
        """The verdict as plain JSON data following the published schema `proofs/verdict.schema.json`."""
        return {
            "schema": SCHEMA,
            "claim": {"name": self.claim.name, "text": self.claim.text, "latex": self.claim.latex},
            "verdict": self.status.value,
            "scope": self.scope.text,
            "assumptions": [{"text": a.text, "origin": a.origin} for a in self.assumptions],
            "evidence": [{"layer": e.layer, "word": e.word, "detail": e.detail} for e in self.evidence],
            "certificate": None if self.certificate is None else dict(self.certificate.data),
            "reason": self.reason,
            "counterexample": self.counterexample,
            "repeat": self.repeat,
            "details": dict(self.details),
        }

    def to_json(self) -> str:
        """`to_dict` as deterministic text."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False)

    def rows(self) -> tuple[tuple[str, str], ...]:
        """The parts a reader wants to see, as (label, text), empty ones left out."""
        wanted = (
            ("scope", self.scope.text),
            ("assuming", "; ".join(a.text for a in self.assumptions)),
            ("reason", self.reason),
            ("counterexample", self.counterexample),
            *((f"{e.layer} {SHOWN[e.word]}", e.detail) for e in self.evidence),
            ("repeat", self.repeat),
        )
        return tuple((label, text) for label, text in wanted if text)

    def __str__(self) -> str:
        head = f"{self.status.mark} {self.status}  {self.claim.text}"
        return "\n".join([head, *(f"    {label}: {text}" for label, text in self.rows())])

    def __rich__(self) -> str:
        from rich.markup import escape as quoted

        head = f"[bold {self.status.colour}]{self.status.mark} {self.status}[/]  {quoted(self.claim.text)}"
        return "\n".join([head, *(f"    [dim]{label}:[/] {quoted(text)}" for label, text in self.rows())])

    def _repr_html_(self) -> str:
        colour = {"PROVED": "#1a7f37", "REFUTED": "#cf222e", "UNDECIDED": "#9a6700"}[self.status.value]
        rows = "".join(
            f"<tr><th style='text-align:left'>{escape(label)}</th><td style='text-align:left'>{escape(text)}</td></tr>"
            for label, text in self.rows()
        )
        return (
            f"<div><strong style='color:{colour}'>{self.status.mark} {self.status}</strong> "
            f"<code>{escape(self.claim.text)}</code><table>{rows}</table></div>"
        )
