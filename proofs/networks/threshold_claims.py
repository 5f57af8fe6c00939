"""Claims about networks of threshold units: this one computes the labels, so many units can, the fewest that can."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from proofs.claim import Certificate, Claim, Evidence, Json, Status, Verdict, together
from proofs.conclude import conclude
from proofs.deadline import OutOfTime, limited
from proofs.networks.layers import refute_units, resolution_certificate, resolution_sentence
from proofs.networks.threshold import MOST_UNITS, ThresholdNetwork, find_network
from proofs.separation import (
    EffortExceeded,
    Number,
    SeparationError,
    Separator,
    data_set,
    farkas_certificate,
    farkas_sentence,
    separate,
    show_vector,
)
from proofs.separation.certificates import counterexample
from proofs.separation.settle import scope_of
from proofs.separation.solver import EFFORT

MOST_PRODUCTS = 2_000_000


def settle_network(
    points: Sequence[Sequence[Number]],
    labels: Sequence[int],
    network: ThresholdNetwork,
    *,
    name: str,
    text: str = "",
    repeat: str = "",
) -> Verdict:
    """Does this network output 1 exactly on the rows of label 1? REFUTED names the first row where it does not.

    UNDECIDED when that takes more than `MOST_PRODUCTS` products. Raises SeparationError as `data_set` does, and when
    a unit has not one weight for each input it reads.
    """
    data = data_set(points, labels)
    reads = len(network.hidden) + (data.dimension if network.skip or not network.hidden else 0)
    wanted = [*((f"hidden unit {k}", unit, data.dimension) for k, unit in enumerate(network.hidden, 1))]
    for what, unit, inputs in [*wanted, ("output unit", network.output, reads)]:
        if len(unit.weights) != inputs:
            raise SeparationError(f"{what}: expected {inputs} weights, one for each input, got {len(unit.weights)}")
    claim = Claim(name, text or f"{network} computes the labels")
    products = len(data.points) * sum(len(unit.weights) + 1 for unit in (*network.hidden, network.output))
    if products > MOST_PRODUCTS:
        reason = f"this takes {products} products, and at most {MOST_PRODUCTS} are worked out"
        return Verdict(claim, Status.UNDECIDED, scope_of(data), reason=reason, repeat=repeat)
    certificate = network.certificate(points, labels)
    for row, (point, label) in enumerate(zip(data.points, data.labels, strict=True)):
        if network(point) != label:
            found = f"at row {row}, x = {show_vector(point)}, the output is {1 - label}, but the label is {label}"
            against = counterexample(certificate)
            return conclude(
                claim,
                Status.REFUTED,
                against,
                scope=scope_of(data),
                reason=found,
                counterexample=found,
                repeat=repeat,
            )
    return conclude(claim, Status.PROVED, certificate, scope=scope_of(data), repeat=repeat)


class Answer(NamedTuple):
    """What was found out about a number of hidden units: a network, or None; the certificate, and in words why."""

    network: ThresholdNetwork | None
    certificate: Certificate
    reason: str
    evidence: tuple[Evidence, ...] = ()


def hidden_units(
    points: Sequence[Sequence[Number]], labels: Sequence[int], *, units: int, skip: bool = False, effort: int = EFFORT
) -> Answer:
    """A network of `units` hidden threshold units with these labels, or why there is none; 0 units are a hyperplane.

    Z3 looks for the network; where it finds none, clauses refute it (`refute_units`). Nothing here is a verdict.
    Raises SeparationError as `data_set` does and when `units` is not 0 to 16; EffortExceeded.
    """
    if isinstance(units, bool) or not isinstance(units, int) or not 0 <= units <= MOST_UNITS:
        raise SeparationError(f"units: expected 0 to {MOST_UNITS} hidden units, got {units!r}")
    if units == 0:
        line = separate(points, labels, effort=effort)
        if isinstance(line, Separator):
            return _found(points, labels, ThresholdNetwork((), line))
        why = farkas_sentence(points, labels, line.multipliers)
        return Answer(None, farkas_certificate(points, labels, line.multipliers), why)
    denied: tuple[Evidence, ...] = ()
    try:
        network = find_network(points, labels, units=units, skip=skip, effort=effort)
        denied = (Evidence("z3", "Z3 finds no weights for all units taken together", "assumed"),)
    except EffortExceeded:
        network = None
    found = network or refute_units(points, labels, units=units, skip=skip, effort=effort)
    if isinstance(found, ThresholdNetwork):
        return _found(points, labels, found)
    certificate = resolution_certificate(points, labels, units, skip, found)
    return Answer(None, certificate, resolution_sentence(points, labels, found), denied)


def _found(points: Sequence[Sequence[Number]], labels: Sequence[int], network: ThresholdNetwork) -> Answer:
    evidence = (Evidence("z3", "Z3 found the weights", "assumed"),)
    return Answer(network, network.certificate(points, labels), str(network), evidence)


def settle_hidden_units(
    points: Sequence[Sequence[Number]],
    labels: Sequence[int],
    *,
    units: int,
    skip: bool = False,
    possible: bool = True,
    name: str,
    text: str = "",
    repeat: str = "",
    effort: int = EFFORT,
) -> Verdict:
    """Can (or, with ``possible=False``, can no) network with `units` hidden threshold units compute the labels?

    Possible by a network, impossible by clauses on the units' outputs that end in a contradiction (certificate kind
    resolution), UNDECIDED where `effort` does not suffice. `units` 0 asks for a hyperplane.
    Raises SeparationError as `data_set` does and when `units` is not 0 to 16.
    """
    claim = Claim(name, text or f"{_shape(units, skip)} {'can' if possible else 'cannot'} compute the labels")
    scope = scope_of(data_set(points, labels))
    try:
        answer = hidden_units(points, labels, units=units, skip=skip, effort=effort)
    except EffortExceeded as error:
        return Verdict(claim, Status.UNDECIDED, scope, reason=str(error), repeat=repeat)
    holds = possible == (answer.network is not None)
    return conclude(
        claim,
        Status.PROVED if holds else Status.REFUTED,
        answer.certificate,
        scope=scope,
        evidence=answer.evidence,
        reason=answer.reason,
        repeat=repeat,
    )


def _shape(units: int, skip: bool) -> str:
    if units == 0:
        return "a threshold unit without hidden units"
    count = "1 hidden threshold unit" if units == 1 else f"{units} hidden threshold units"
    return f"{count} {'with' if skip else 'without'} a skip connection"


@dataclass(frozen=True, slots=True)
class SmallestNetwork:
    """The network found with the fewest hidden units, if any, and the verdicts: it computes the labels, fewer cannot.

    `fewer[k]` is the verdict that k hidden units cannot; one that is UNDECIDED leaves open whether the network is
    smallest.
    """

    network: ThresholdNetwork | None
    enough: Verdict | None
    fewer: tuple[Verdict, ...]

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        return (*self.fewer, self.enough) if self.enough else self.fewer

    @property
    def status(self) -> Status:
        """PROVED when the network computes the labels and every smaller number of units was refuted."""
        return together([verdict.status for verdict in self.verdicts]) if self.enough else Status.UNDECIDED

    def to_dict(self) -> Json:
        """Plain JSON data: the number of units, null if no network was found, and every verdict."""
        return {
            "schema": "gradproof-network-1",
            "verdict": self.status.value,
            "units": None if self.network is None else len(self.network.hidden),
            "verdicts": [verdict.to_dict() for verdict in self.verdicts],
        }

    def __str__(self) -> str:
        return "\n".join(map(str, self.verdicts))


def smallest_network(
    points: Sequence[Sequence[Number]],
    labels: Sequence[int],
    *,
    skip: bool = False,
    name: str = "smallest network",
    most: int = MOST_UNITS,
    repeat: str = "",
    effort: int = EFFORT,
    seconds: float | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> SmallestNetwork:
    """The least number of hidden threshold units that compute the labels, from 0 to `most`, settled one by one.

    points: rows x features; labels: rows, 0 or 1; with `skip` the output unit also reads the row. `progress` is
    called with each number of units before it is tried. The number tried when `seconds` have passed is UNDECIDED, and
    the last (see `proofs.deadline` for what may take longer).
    Raises SeparationError as `data_set` does and when `most` is not 0 to 16.
    """
    scope = scope_of(data_set(points, labels))
    if isinstance(most, bool) or not isinstance(most, int) or not 0 <= most <= MOST_UNITS:
        raise SeparationError(f"most: expected 0 to {MOST_UNITS} hidden units, got {most!r}")
    fewer: list[Verdict] = []

    def undecided(units: int, reason: str) -> Verdict:
        claim = Claim(name, f"{_shape(units, skip)} cannot compute the labels")
        return Verdict(claim, Status.UNDECIDED, scope, reason=reason, repeat=repeat)

    try:
        with limited(inf if seconds is None else seconds):
            for units in range(most + 1):
                progress(units)
                try:
                    answer = hidden_units(points, labels, units=units, skip=skip, effort=effort)
                except EffortExceeded as error:
                    fewer.append(undecided(units, str(error)))
                    continue
                verdict = conclude(
                    Claim(name, f"{_shape(units, skip)} {'can' if answer.network else 'cannot'} compute the labels"),
                    Status.PROVED,
                    answer.certificate,
                    scope=scope,
                    evidence=answer.evidence,
                    reason=answer.reason,
                    repeat=repeat,
                )
                if answer.network:
                    return SmallestNetwork(answer.network, verdict, tuple(fewer))
                fewer.append(verdict)
    except OutOfTime:
        if seconds is None:
            raise
        fewer.append(undecided(len(fewer), "the time allowed is over; allow more seconds"))
    return SmallestNetwork(None, None, tuple(fewer))
