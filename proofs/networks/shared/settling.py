"""Claims about the shared weight: for every w of an interval the labels are computed, or for exactly which w."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from proofs.claim import Claim, Json, Scope, Status, Verdict
from proofs.conclude import conclude
from proofs.networks.shared.cover import OPEN, Judge, Part, cover_certificate, find_cover, joined, wrong_at
from proofs.networks.shared.exact import Line, TooManyPieces, find_line, line_certificate
from proofs.networks.shared.pieces import Piece, union_text
from proofs.networks.shared.topology import Task, Topology, TopologyError, task
from proofs.separation import EffortExceeded, Number, exact, show, show_vector
from proofs.separation.found import Deadline

SECONDS = 20.0
WINDOW = (Fraction(-4), Fraction(4))
"""Where the set is looked for when the activations are not piecewise polynomial and no interval is given."""
Interval = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class SharedWeightSet:
    """For which shared weights the labels are computed: `right` for certain, `wrong` for certain not, and the verdict.

    Where `exact`, `right` is the whole set on the real line and `wrong` is empty, its complement. Otherwise both lie
    in `window`, and nothing is said about the rest.
    """

    task: Task
    right: tuple[Piece, ...]
    wrong: tuple[Piece, ...]
    window: Interval | None
    verdict: Verdict

    @property
    def exact(self) -> bool:
        return self.window is None

    def __contains__(self, w: Number) -> bool:
        """Whether w is in the set for certain."""
        return any(piece.contains(exact(w, "w")) for piece in self.right)

    def to_dict(self) -> Json:
        return self.verdict.to_dict()


def interval_of(interval: Sequence[Number]) -> Interval:
    """Two numbers, the lower one first, read exactly. Raises TopologyError."""
    if isinstance(interval, (str, bytes)) or len(interval) != 2:
        raise TopologyError(f"interval: expected two numbers, got {interval!r:.80}; write (0.1, 2)")
    low, high = (exact(x, "interval") for x in interval)
    if low > high:
        raise TopologyError(f"interval: expected the lower end first, got {show(low)} and {show(high)}")
    return low, high


def interval_text(low: Fraction, high: Fraction) -> str:
    return f"[{show(low)}, {show(high)}]"


def scope_of(given: Task) -> Scope:
    """The rows the claim is about, and what counts as an answer."""
    several = len(given.topology.outputs) > 1
    says = "the class of the largest output" if several else "1 where the output is > 0, else 0"
    return Scope(f"the {len(given.points)} rows given; the network says {says}; every connection has the weight w")


def settle_shared_weight(
    topology: Topology,
    points: Sequence[Sequence[Number]],
    labels: Sequence[int],
    *,
    interval: Sequence[Number] | None = None,
    seconds: float | None = SECONDS,
    name: str = "shared_weight",
    text: str = "",
    repeat: str = "",
) -> Verdict:
    """Does the network compute the labels for every shared weight w of `interval`? Without one, for exactly which w?

    Activations linear, step, inverse, abs, relu and square, and any monotone or positive one at the only output:
    exactly, over the whole line (certificate kind shared_weight). Others: by enclosures on parts of the interval (kind
    shared_cover), REFUTED at a rational w; UNDECIDED where `seconds` or halving run out. A tie of outputs is not right.
    Raises TopologyError or SeparationError for rows, labels or an interval that cannot be read.
    """
    given = task(topology, points, labels)
    if interval is None:
        return shared_weight_set(topology, points, labels, seconds=seconds, name=name, text=text, repeat=repeat).verdict
    low, high = interval_of(interval)
    claim = Claim(name, text or f"for every w in {interval_text(low, high)} the network computes the labels")
    asked = _Question(claim, given, repeat, seconds)
    line = asked.line()
    verdict = asked.by_line(line, (low, high)) if line is not None else None
    return verdict if verdict is not None and verdict.status is not Status.UNDECIDED else asked.by_cover(low, high)


def shared_weight_set(
    topology: Topology,
    points: Sequence[Sequence[Number]],
    labels: Sequence[int],
    *,
    window: Sequence[Number] = WINDOW,
    seconds: float | None = SECONDS,
    name: str = "shared_weight",
    text: str = "",
    repeat: str = "",
) -> SharedWeightSet:
    """For exactly which shared weights the labels are computed, as intervals and points with algebraic ends.

    Where activations are not piecewise polynomial: enclosures of the set inside `window`, from inside and outside.
    Raises as `settle_shared_weight`.
    """
    given = task(topology, points, labels)
    low, high = interval_of(window)
    asked = _Question(Claim(name, text), given, repeat, seconds)
    line = asked.line()
    if line is not None:
        verdict = asked.titled(f"the network computes the labels exactly for {union_text(line.pieces)}").by_line(line)
        return SharedWeightSet(given, line.pieces, (), None, verdict)
    parts = find_cover(asked.judge(), low, high)
    right, wrong = joined(parts), joined(parts, right=False)
    inside = f"of the w in {interval_text(low, high)}, the network computes the labels"
    if not right and not wrong:
        claim = Claim(name, text or f"{inside} for some")
        verdict = Verdict(claim, Status.UNDECIDED, scope_of(given), reason="nothing was settled in time", repeat=repeat)
    else:
        found = f"{inside} for {union_text(right)}, and not for {union_text(wrong)}"
        verdict = asked.titled(found).by_parts(parts, Status.PROVED)
    return SharedWeightSet(given, right, wrong, (low, high), verdict)


@dataclass(frozen=True, slots=True)
class _Question:
    claim: Claim
    task: Task
    repeat: str
    seconds: float | None

    def titled(self, text: str) -> _Question:
        """With this text, where none was given."""
        return self if self.claim.text else replace(self, claim=replace(self.claim, text=text))

    def line(self) -> Line | None:
        """The whole line, or None where it has no polynomials, takes half the time, or degrees are too high."""
        if not self.task.topology.exact:
            return None
        try:
            return find_line(self.task, self._half())
        except (EffortExceeded, TooManyPieces):
            return None

    def judge(self) -> Judge:
        return Judge(self.task, self._half())

    def _half(self) -> Deadline:
        return Deadline.after(None if self.seconds is None else self.seconds / 2)

    def by_line(self, line: Line, interval: Interval | None = None) -> Verdict:
        certificate = line_certificate(self.task, line, interval)
        details = {"set": [piece.to_dict() for piece in line.pieces], "exact": True}
        holds = interval is None or line.every(*interval)
        whole = f"the labels are computed exactly for {union_text(line.pieces)}"
        return conclude(
            self.claim,
            Status.PROVED if holds else Status.REFUTED,
            certificate,
            scope=scope_of(self.task),
            reason=whole if interval is not None else "",
            counterexample="" if interval is None or holds else _failure(self.task, *line.failure(*interval)),
            repeat=self.repeat,
            details=details,
        )

    def by_cover(self, low: Fraction, high: Fraction) -> Verdict:
        judge = self.judge()
        try:
            wrong = wrong_at(judge, low, high)
        except EffortExceeded:
            wrong = None
        parts = [wrong] if wrong else find_cover(judge, low, high)
        wrong = next((part for part in parts if part.cell >= 0), None)
        if wrong is not None:
            return self.by_parts([wrong], Status.REFUTED)
        if all(part.cell != OPEN for part in parts):
            return self.by_parts(parts, Status.PROVED)
        right = union_text(joined(parts))
        reason = f"shown for {right}; the time allowed, or halving parts, was not enough for the rest"
        details = {"set": [piece.to_dict() for piece in joined(parts)], "exact": False}
        return Verdict(
            self.claim, Status.UNDECIDED, scope_of(self.task), reason=reason, repeat=self.repeat, details=details
        )

    def by_parts(self, parts: Sequence[Part], status: Status) -> Verdict:
        """A verdict from a cover on which every row is right, or wrong, or nothing is said."""
        certificate = cover_certificate(self.task, parts, len(self.task.points))
        details = {"set": [piece.to_dict() for piece in joined(parts)], "exact": False}
        wrong = parts[0] if status is Status.REFUTED else None
        return conclude(
            self.claim,
            status,
            certificate,
            scope=scope_of(self.task),
            counterexample=_failure(self.task, show(wrong.low), wrong.cell) if wrong else "",
            repeat=self.repeat,
            details=details,
        )


def _failure(given: Task, w: object, row: int) -> str:
    label = given.labels[row]
    said = f"is {1 - label}" if len(given.topology.outputs) == 1 else "is another class, or a tie"
    return f"at w = {w} the answer at row {row}, x = {show_vector(given.points[row])}, {said}, and the label is {label}"
