"""Claims about the shared weight: for every w of an interval the labels are computed, or for exactly which w."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from proofs.claim import Claim, Json, Scope, Status, Verdict
from proofs.conclude import conclude
from proofs.networks.shared.cover import OPEN, Judge, Part, cover_certificate, find_cover, joined, unsettled, wrong_at
from proofs.networks.shared.exact import Line, TooManyPieces, find_line, line_certificate
from proofs.networks.shared.pieces import Piece, settled_text, union_text, weight_text
from proofs.networks.shared.topology import Task, Topology, TopologyError, task
from proofs.separation import EffortExceeded, Number, exact, show_vector
from proofs.separation.found import Deadline

SECONDS = 20.0
WINDOW = (Fraction(-4), Fraction(4))
"""Where the set is looked for when the activations are not piecewise polynomial and no interval is given."""
GAPS = 1_000
"""A set is enclosed where what is open is at most so small a part of the window; else it is undecided."""
Interval = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True, repr=False)
class SharedWeightSet:
    """For which shared weights the labels are computed: `right`, `wrong` where they are not, and the verdict.

    Where `exact`, `right` is the whole set on the real line and `wrong` is empty, its complement. Otherwise both lie
    in `window`, of which `open` is what is not settled, and nothing is said about the rest. The certificate is for
    `right` and `wrong`; where the verdict is UNDECIDED there is none.
    """

    task: Task
    right: tuple[Piece, ...]
    wrong: tuple[Piece, ...]
    open: tuple[Piece, ...]
    window: Interval | None
    verdict: Verdict

    @property
    def exact(self) -> bool:
        return self.window is None

    def __contains__(self, w: Number) -> bool:
        """Whether w is in the set for certain."""
        return any(piece.contains(exact(w, "w")) for piece in self.right)

    def __repr__(self) -> str:
        return f"<SharedWeightSet {self.verdict.status}: {self.verdict.claim.text}>"

    def __str__(self) -> str:
        return str(self.verdict)

    def __rich__(self) -> str:
        return self.verdict.__rich__()

    def _repr_html_(self) -> str:
        return self.verdict._repr_html_()

    def to_dict(self) -> Json:
        return self.verdict.to_dict()


def interval_of(interval: Sequence[Number], what: str = "interval") -> Interval:
    """Two numbers, the lower one first, read exactly. Raises TopologyError."""
    if isinstance(interval, (str, bytes)) or not hasattr(interval, "__len__") or len(interval) != 2:
        raise TopologyError(f"{what}: expected two numbers, got {interval!r:.80}; write ('0.1', 2)")
    low, high = (exact(x, what) for x in interval)
    if low > high:
        raise TopologyError(f"{what}: expected the lower end first, got {weight_text(low)} and {weight_text(high)}")
    return low, high


def interval_text(low: Fraction, high: Fraction) -> str:
    return f"[{weight_text(low)}, {weight_text(high)}]"


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

    The topology comes from `Topology.of` or `read_topology`, both in `proofs`. Activations linear, step, inverse, abs,
    relu and square, and any monotone or positive one at the only output: exactly, over the whole line (certificate kind
    shared_weight). Others: by enclosures on parts of the interval (kind shared_cover), REFUTED at a rational w;
    UNDECIDED where `seconds` or halving run out. A tie of outputs is not right. Raises TopologyError or SeparationError
    for rows, labels or an interval that cannot be read.
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

    Where activations are not piecewise polynomial: enclosures of the set inside `window`, from inside and outside, the
    gaps between them named; UNDECIDED where these are more than 1/1000 of the window. The topology comes from
    `Topology.of` or `read_topology`, both in `proofs`. Raises as `settle_shared_weight`.
    """
    given = task(topology, points, labels)
    low, high = interval_of(window, "window")
    asked = _Question(Claim(name, text), given, repeat, seconds)
    line = asked.line()
    if line is not None:
        verdict = asked.titled(f"the network computes the labels exactly for {union_text(line.pieces)}").by_line(line)
        return SharedWeightSet(given, line.pieces, (), (), None, verdict)
    parts = find_cover(asked.judge(), low, high)
    right, wrong, left = joined(parts), joined(parts, right=False), unsettled(parts)
    verdict = _enclosed(asked, parts, interval_text(low, high))
    return SharedWeightSet(given, right, wrong, left, (low, high), verdict)


def _enclosed(asked: _Question, parts: Sequence[Part], window: str) -> Verdict:
    """The verdict on a window: PROVED only where all of it but small gaps is settled, and then the text names them."""
    right, wrong = joined(parts), joined(parts, right=False)
    inside, outside = settled_text(right), settled_text(wrong)
    left = settled_text(unsettled(parts), outward=True)
    gaps = sum((part.high - part.low for part in parts if part.cell == OPEN), Fraction(0))
    if not (right or wrong) or gaps * GAPS > parts[-1].high - parts[0].low:
        reason = f"enclosed so far: the labels are computed for {inside}, and not for {outside}; open: {left}"
        if not (right or wrong):
            reason = (
                "nothing was settled: not enough time, or answers too close to tell, as where two outputs are equal"
            )
        about = asked.titled(f"the w in {window} for which the network computes the labels")
        return about.undecided(parts, f"{reason}; give more time, or a window of what is settled")
    said = [f"computes the labels for {inside}"] if right or left == "no w" else []
    if wrong and (right or left != "no w"):
        said.append(f"does not for {outside}" if said else f"does not compute the labels for {outside}")
    found = asked.claim.text or f"of the w in {window}, the network {' and '.join(said)}"
    found += f"; open: {left}" if left != "no w" else ""
    return replace(asked, claim=replace(asked.claim, text=found)).by_parts(parts, Status.PROVED)


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
        right, left = settled_text(joined(parts)), settled_text(unsettled(parts), outward=True)
        reason = f"the time allowed, or halving parts, was not enough: enclosed only for {right}; open: {left}"
        return self.undecided(parts, reason)

    def undecided(self, parts: Sequence[Part], reason: str) -> Verdict:
        return Verdict(
            self.claim,
            Status.UNDECIDED,
            scope_of(self.task),
            reason=reason,
            repeat=self.repeat,
            details=_details(parts),
        )

    def by_parts(self, parts: Sequence[Part], status: Status) -> Verdict:
        """A verdict from a cover on which every row is right, or wrong, or nothing is said."""
        certificate = cover_certificate(self.task, parts, len(self.task.points))
        wrong = parts[0] if status is Status.REFUTED else None
        return conclude(
            self.claim,
            status,
            certificate,
            scope=scope_of(self.task),
            counterexample=_failure(self.task, weight_text(wrong.low), wrong.cell) if wrong else "",
            repeat=self.repeat,
            details=_details(parts),
        )


def _details(parts: Sequence[Part]) -> Json:
    """What is right, wrong and open, with exact ends."""
    found = {"set": joined(parts), "wrong": joined(parts, right=False), "open": unsettled(parts)}
    return {"exact": False} | {name: [piece.to_dict() for piece in pieces] for name, pieces in found.items()}


def _failure(given: Task, w: object, row: int) -> str:
    label = given.labels[row]
    said = f"is {1 - label}" if len(given.topology.outputs) == 1 else "is another class, or a tie"
    return f"at w = {w} the answer at row {row}, x = {show_vector(given.points[row])}, {said}, and the label is {label}"
