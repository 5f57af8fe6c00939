"""The answer of this room: does floating-point code conform to a formula, how near to the limit, and where not."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from proofs.claim import Json
from proofs.conformance.cases import Case, shown
from proofs.conformance.running import Finding

LONGEST = 100
MADE: deque[Report] = deque(maxlen=1000)
"""The last reports, for the pytest plugin to take."""


class Conformance(Enum):
    """What testing can say; none of it is a proof."""

    CONFORMS = "CONFORMS"
    FAILS = "FAILS"
    UNDECIDED = "UNDECIDED"

    @property
    def mark(self) -> str:
        return {"CONFORMS": "✓", "FAILS": "✗", "UNDECIDED": "?"}[self.value]

    @property
    def colour(self) -> str:
        return {"CONFORMS": "cyan", "FAILS": "red", "UNDECIDED": "yellow"}[self.value]


@dataclass(frozen=True)
class Failure:
    """The smallest input met on which the code is wrong."""

    case: Case
    findings: tuple[Finding, ...]
    diagnosis: str
    call: str

    @property
    def lines(self) -> list[str]:
        """NumPy code that makes the arrays, and the call."""
        return [*(f"{name} = {literal(a, self.case.layout)}" for name, a in self.case.arrays.items()), self.call]


@dataclass(frozen=True)
class Report:
    """Whether code conforms: true in a condition only when it does.

    `examples` points were tried and `compared` numbers held to the formula; `ratio` is the largest error met over the
    error allowed, at `worst`. `confirmed` counts the points at which the second oracle agreed with the first.
    """

    text: str
    status: Conformance
    examples: int = 0
    compared: int = 0
    ratio: float = 0.0
    worst: str = ""
    dtypes: tuple[str, ...] = ()
    confirmed: int = 0
    failure: Failure | None = None
    reason: str = ""
    seconds: float = 0.0

    def __bool__(self) -> bool:
        return self.status is Conformance.CONFORMS

    def __str__(self) -> str:
        lines = [f"{self.status.mark} {self.status.value}  {self.text}"]
        if self.failure is None:
            lines.append(f"    tested:   {self.examples} inputs, {self.compared} numbers, {', '.join(self.dtypes)}")
            if self:
                lines.append(f"    accuracy: the largest error is {self.ratio:.2g} of what is allowed, in {self.worst}")
            lines.append(f"    oracles:  two agree at {self.confirmed} points" if self.confirmed else "")
            lines.append(f"    reason:   {self.reason}" if self.reason else "")
            return "\n".join(filter(None, lines))
        found, case = self.failure.findings[0], self.failure.case
        lines.append(f"    looks like: {self.failure.diagnosis}")
        lines.append(f"    met at:     {case.dtype}, {shown(case.sizes)}" + _layout(case))
        lines.append(
            f"    wrong:      {found.entry} {found.what}" if found.kind != "value" else f"    wrong:      {found.entry}"
        )
        if found.kind == "value":
            lines.append(f"    got:        {found.got!r}")
            lines.append(f"    right:      {found.right}" + _over(found.ratio))
        paste = [_short(line) for line in self.failure.lines]
        lines += [f"    {'paste:' if k == 0 else '':<12}{line}" for k, line in enumerate(paste[-8:])]
        return "\n".join(lines)

    __repr__ = __str__

    def to_dict(self) -> Json:
        """The report as plain JSON data; the arrays of a failure are whole."""
        found: dict[str, Any] = {
            "schema": "gradproof-conformance-1",
            "text": self.text,
            "verdict": self.status.value,
            "examples": self.examples,
            "compared": self.compared,
            "ratio": _json(self.ratio),
            "worst": self.worst,
            "dtypes": list(self.dtypes),
            "confirmed": self.confirmed,
            "reason": self.reason,
            "seconds": round(self.seconds, 3),
        }
        if self.failure is not None:
            case = self.failure.case
            found["failure"] = {
                "diagnosis": self.failure.diagnosis,
                "sizes": dict(case.sizes),
                "dtype": case.dtype,
                "layout": case.layout,
                "same": case.same,
                "arrays": {n: np.asarray(a, dtype=float).tolist() for n, a in case.laid_out().items()},
                "findings": [_finding(f) for f in self.failure.findings],
                "lines": self.failure.lines,
            }
        return found


def noted(report: Report) -> Report:
    """The report, which the pytest plugin can now take."""
    MADE.append(report)
    return report


def literal(array: Any, layout: str = "C") -> str:
    """NumPy code for an array, its dtype and its layout included."""
    kind = array.dtype.name
    wanted = f'np.array({array.tolist()}, "{kind}")'
    if array.ndim == 0:
        return f"np.{kind}({array.item()!r})" if kind != "bfloat16" else wanted
    if array.size == 0:
        wanted = f'np.zeros({array.shape}, "{kind}")'
    return wanted if layout == "C" else f'laid_out({wanted}, "{layout}")'


def _layout(case: Case) -> str:
    return (f", {case.layout} arrays" if case.layout != "C" else "") + (", one array passed twice" if case.same else "")


def _over(ratio: float) -> str:
    return f"  (off by {ratio:.3g} times that)" if np.isfinite(ratio) else ""


def _short(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 24]} ... ({len(line)} characters)"


def _json(x: float) -> Any:
    return x if np.isfinite(x) else str(x)


def _finding(found: Finding) -> Mapping[str, Any]:
    return {
        "kind": found.kind,
        "entry": found.entry,
        "what": found.what,
        "got": _json(found.got),
        "right": found.right,
        "ratio": _json(found.ratio),
    }
