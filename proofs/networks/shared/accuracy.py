"""How many rows are answered as labelled for every shared weight of an interval: a certified lower bound.

The interval is cut into parts; on each, the rows are counted that are right for every w in it (of several outputs, that
of the label is larger than every other by a strict margin). The bound is the least count. The part with the least count
is halved, as long as there is time.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from itertools import groupby, pairwise
from math import isfinite
from time import monotonic

from proofs.claim import Claim, Json, Status, Verdict, together
from proofs.conclude import conclude
from proofs.networks.shared.cover import RIGHT, SAMPLES, Judge, Part, cover_certificate, right_rows
from proofs.networks.shared.pieces import nearest, plain
from proofs.networks.shared.settling import interval_of, interval_text, scope_of
from proofs.networks.shared.topology import Task, Topology, task
from proofs.separation import Number
from proofs.separation.found import Deadline

PARTS = 8
"""So many parts to begin with, each as many times longer than the one before as the interval allows."""
MOST_LINES = 40
SHORTEST = 2**12
"""A part is not halved once the interval is so many times longer."""
MOST_STEPS = 3_500_000
"""What a certificate may cost the checker; longer covers are written as several."""


def _silent(what: str) -> None:
    pass


@dataclass(frozen=True, slots=True, repr=False)
class Accuracy:
    """A lower bound of the accuracy on an interval of shared weights: the rows found right on each part, one verdict
    for each certificate, and the least accuracy at the weights tried in floating point, which no bound can exceed
    (rounding aside).

    A certificate says that `least` rows are right on its parts, not more, and nothing where it was not accepted.
    """

    task: Task
    interval: tuple[Fraction, Fraction]
    parts: tuple[tuple[Fraction, Fraction, int], ...]
    sampled: float
    verdicts: tuple[Verdict, ...]

    @property
    def rows(self) -> int:
        return len(self.task.points)

    @property
    def least(self) -> int:
        """At least so many rows are right for every w of the interval, if PROVED."""
        return min(count for _, _, count in self.parts)

    @property
    def status(self) -> Status:
        return together([verdict.status for verdict in self.verdicts])

    @property
    def share(self) -> Fraction:
        """The bound as a share of the rows."""
        return Fraction(self.least, self.rows)

    @property
    def proved(self) -> list[tuple[Fraction, Fraction]]:
        """The intervals with an accepted certificate for `least` rows."""
        found = [one.certificate for one in self.verdicts if one and one.certificate is not None]
        cuts = [certificate.data["cuts"] for certificate in found]
        return [(Fraction(part[0]), Fraction(part[-1])) for part in cuts]

    def _text(self) -> str:
        about = (
            f"at least {self.least} of {self.rows} rows ({float(self.share):.2%}) are right for every w in "
            f"{interval_text(*self.interval)}"
        )
        return f"{about}; the least at the weights tried, in floating point, is {self.sampled:.2%}"

    def _lines(self) -> list[str]:
        """The rows found right on each part, neighbours with as many taken together."""
        runs = [list(run) for _, run in groupby(self.parts, key=lambda part: part[2])]
        lines = [f"w from {nearest(run[0][0]):.6g} to {nearest(run[-1][1]):.6g}: {run[0][2]} rows" for run in runs]
        more = [f"and {len(runs) - MOST_LINES} more parts"] if len(runs) > MOST_LINES else []
        return ["found right, part by part, ends rounded:", *lines[:MOST_LINES], *more]

    def __repr__(self) -> str:
        return f"<Accuracy {self.status}: {self._text()}>"

    def __str__(self) -> str:
        return "\n    ".join([f"{self.status.mark} {self.status}  {self._text()}", *self._lines()])

    def __rich__(self) -> str:
        from rich.markup import escape as quoted

        head = f"[bold {self.status.colour}]{self.status.mark} {self.status}[/]  {quoted(self._text())}"
        return "\n    ".join([head, *map(quoted, self._lines())])

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"

    def to_dict(self) -> Json:
        parts = [{"low": plain(a), "high": plain(b), "right": count} for a, b, count in self.parts]
        return {
            "schema": "gradproof-accuracy-1",
            "verdict": self.status.value,
            "interval": [plain(x) for x in self.interval],
            "rows": self.rows,
            "least": self.least,
            "sampled": self.sampled,
            "parts": parts,
            "verdicts": [verdict.to_dict() for verdict in self.verdicts],
        }


def certified_accuracy(
    topology: Topology,
    points: Sequence[Sequence[Number]],
    labels: Sequence[int],
    interval: Sequence[Number],
    *,
    seconds: float | None = 60.0,
    name: str = "accuracy",
    repeat: str = "",
    progress: Callable[[str], None] = _silent,
) -> Accuracy:
    """A lower bound of the number of rows that are right, the same for every shared weight of `interval`.

    `seconds` is for finding and checking together; the first parts are judged whatever it takes. Certificates are of
    kind shared_cover.
    The topology comes from `Topology.of` or `read_topology`, both in `proofs`. Raises TopologyError or SeparationError
    as `settle_shared_weight`.
    """
    given = task(topology, points, labels)
    low, high = interval_of(interval)
    tried = right_rows(given, [low + (high - low) * Fraction(k, SAMPLES - 1) for k in range(SAMPLES)])
    parts = _refined(Judge(given, Deadline()), low, high, int(tried.sum(axis=1).min()), seconds, progress)
    progress("checking the certificates")
    least = min(part.right for part in parts)
    verdicts = tuple(
        _verdict(given, group, least, f"{name}.{number}", repeat) for number, group in enumerate(_groups(parts), 1)
    )
    counted = tuple((part.low, part.high, part.right) for part in parts)
    return Accuracy(given, (low, high), counted, float(tried.mean(axis=1).min()), verdicts)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A part; for each row whether it is right there, wrong (False) or open (None), and what saying so cost."""

    low: Fraction
    high: Fraction
    answers: Mapping[int, tuple[bool | None, int]]

    @property
    def right(self) -> int:
        return sum(answer is True for answer, _ in self.answers.values())

    @property
    def open(self) -> list[int]:
        return [row for row, (answer, _) in self.answers.items() if answer is None]

    @property
    def steps(self) -> int:
        return sum(cost for _, cost in self.answers.values())


def _refined(
    judge: Judge,
    low: Fraction,
    high: Fraction,
    most: int,
    seconds: float | None,
    progress: Callable[[str], None],
) -> list[_Counted]:
    """Parts of the interval in order. The one with the fewest right rows was halved until it had `most`, which floating
    point finds, was short, or `seconds` would not be enough to judge all parts once more."""
    began = monotonic()
    ends = _steps(low, high)
    heap: list[tuple[int, Fraction, _Counted]] = []
    for number, (a, b) in enumerate(pairwise(ends), 1):
        progress(f"part {number} of {len(ends) - 1}")
        heapq.heappush(heap, _entry(_counted(judge, a, b)))
    steps = sum(part.steps for *_, part in heap)
    while True:
        part = heap[0][-1]
        spent = monotonic() - began
        if seconds is not None and spent * (1 + steps / judge.steps) > seconds:
            break
        if part.right >= most or not part.open or (part.high - part.low) * SHORTEST < high - low:
            break
        progress(f"at least {part.right} rows, on {len(heap)} parts")
        heapq.heappop(heap)
        middle = (part.low + part.high) / 2
        halves = [_counted(judge, a, b, part) for a, b in ((part.low, middle), (middle, part.high))]
        for half in halves:
            heapq.heappush(heap, _entry(half))
        steps += sum(half.steps for half in halves) - part.steps
    return sorted((part for *_, part in heap), key=lambda part: part.low)


def _entry(part: _Counted) -> tuple[int, Fraction, _Counted]:
    return part.right, part.low, part


def _steps(low: Fraction, high: Fraction) -> list[Fraction]:
    """The ends of the first parts: in equal ratios where the interval does not hold 0, else of equal lengths."""
    if low * high > 0 and isfinite(nearest(high / low)):
        ratio = float(high / low) ** (1 / PARTS)
        inner = [low * Fraction(ratio**k).limit_denominator(10_000) for k in range(1, PARTS)]
    else:
        inner = [low + (high - low) * Fraction(k, PARTS) for k in range(1, PARTS)]
    return [low, *(w for w in inner if low < w < high), high] if low < high else [low, high]


def _counted(judge: Judge, low: Fraction, high: Fraction, within: _Counted | None = None) -> _Counted:
    """A part judged; what is known on a part around it is not asked again."""
    answers = dict(within.answers) if within else {}
    for row in within.open if within else range(len(judge.task.points)):
        before = judge.steps
        answers[row] = judge(row, low, high), judge.steps - before
    return _Counted(low, high, answers)


def _groups(parts: Sequence[_Counted]) -> list[list[_Counted]]:
    """Neighbouring parts that one certificate can hold within the checker's limit on steps."""
    groups: list[list[_Counted]] = []
    total = MOST_STEPS
    for part in parts:
        if total + part.steps > MOST_STEPS:
            groups.append([])
            total = 0
        groups[-1].append(part)
        total += part.steps
    return groups


def _verdict(given: Task, parts: Sequence[_Counted], least: int, name: str, repeat: str) -> Verdict:
    where = interval_text(parts[0].low, parts[-1].high)
    claim = Claim(name, f"for every w in {where} at least {least} of {len(given.points)} rows are as labelled")
    if not least:
        return Verdict(claim, Status.UNDECIDED, scope_of(given), reason="no row was shown right", repeat=repeat)
    certificate = cover_certificate(given, [Part(part.low, part.high, RIGHT) for part in parts], least)
    return conclude(claim, Status.PROVED, certificate, scope=scope_of(given), repeat=repeat)
