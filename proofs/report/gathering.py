"""Everything a report shows, settled now: theorems, what rests on what, audited documents, the trust table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from proofs.claim import Json, Status, together
from proofs.derivations import Audit, audit
from proofs.report.trust import Row, trust_table
from proofs.theorems import names, premises
from proofs.theorems.running import Progress, run, settle_named, silent
from proofs.theorems.theorem import Result


@dataclass(frozen=True, slots=True)
class Report:
    """Settled results in reading order, for each the names of those it rests on, audited documents, the trust table."""

    results: tuple[Result, ...]
    premises: Mapping[str, tuple[str, ...]]
    audits: tuple[Audit, ...]
    trust: tuple[Row, ...]

    @property
    def status(self) -> Status:
        """PROVED when every theorem is; what a document says wrongly is content, not failure."""
        return together([result.status for result in self.results])

    @property
    def steps(self) -> int:
        return sum(len(result.verdicts) for result in self.results)

    def count(self, status: Status) -> int:
        """How many theorems have this status."""
        return sum(result.status is status for result in self.results)

    def to_dict(self) -> Json:
        return {
            "schema": "gradproof-report-1",
            "verdict": self.status.value,
            "premises": {name: list(below) for name, below in self.premises.items()},
            "theorems": [result.to_dict() for result in self.results],
            "audits": [found.to_dict() for found in self.audits],
        }


def gather(documents: Sequence[Path] = (), progress: Progress = silent, chosen: Sequence[str] | None = None) -> Report:
    """Settle the `chosen` theorems (all by default) and audit the documents, in two processes.

    Raises proofs.derivations.InputError when a document cannot be read.
    """
    order = tuple(names() if chosen is None else chosen)
    audits: list[tuple[str, Callable[[], object]]] = [(path.name, partial(audit, path)) for path in documents]
    answers = run([*audits, *((name, partial(settle_named, name)) for name in order)], progress)
    known = premises()
    return Report(
        tuple(answers[len(audits) :]),
        {name: tuple(p for p in known[name] if p in order) for name in order},
        tuple(answers[: len(audits)]),
        trust_table(),
    )
