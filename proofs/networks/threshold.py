"""Networks of threshold units with one hidden layer: found by Z3, refuted by Farkas multipliers where that suffices.

The output unit reads the hidden units' outputs, followed by the row itself when there is a skip connection.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import z3

from proofs.claim import Certificate, Claim, Evidence, Status, Verdict
from proofs.conclude import conclude
from proofs.separation import (
    EffortExceeded,
    Number,
    Refutation,
    SeparationError,
    Separator,
    affine_text,
    data_set,
    farkas_certificate,
    farkas_sentence,
    separate,
    separator_certificate,
    settle_separable,
    show_vector,
)
from proofs.separation.certificates import counterexample
from proofs.separation.data import Row
from proofs.separation.settle import scope_of
from proofs.separation.solver import (
    EFFORT,
    coprime,
    linear_form,
    linear_solver,
    model_values,
    refuse_large,
    satisfiable,
)

MOST_UNITS = 16
MOST_PRODUCTS = 2_000_000


@dataclass(frozen=True, slots=True)
class ThresholdNetwork:
    """Hidden units, the output unit that reads them, and whether it also reads the row (after the hidden outputs)."""

    hidden: tuple[Separator, ...]
    output: Separator
    skip: bool = False

    def hidden_outputs(self, point: Row) -> Row:
        """h_k = 1 where w_k.x + b_k >= 0, else 0."""
        return tuple(Fraction(unit.output(point)) for unit in self.hidden)

    def __call__(self, point: Row) -> int:
        """The network's output, 0 or 1."""
        return self.output.output((*self.hidden_outputs(point), *(point if self.skip or not self.hidden else ())))

    def certificate(self, points: Sequence[Sequence[Number]], labels: Sequence[int]) -> Certificate:
        """The certificate of kind separator that this network computes the labels."""
        return separator_certificate(points, labels, self.output, self.hidden, skip=self.skip)

    def __str__(self) -> str:
        inside = [f"h{k}" for k in range(1, len(self.hidden) + 1)]
        units = [*zip(inside, self.hidden, strict=True), ("output", self.output)]
        features = [f"x{place}" for place in range(1, max(len(unit.weights) for _, unit in units) + 1)]
        lines = []
        for name, unit in units:
            reads = [*inside, *features] if name == "output" else features
            lines.append(f"{name} = [{affine_text(unit.weights, unit.bias, reads[: len(unit.weights)])} >= 0]")
        return ", ".join(lines)


def find_network(
    points: Sequence[Sequence[Number]], labels: Sequence[int], *, units: int, skip: bool = False, effort: int = EFFORT
) -> ThresholdNetwork | None:
    """A network of `units` hidden threshold units with these labels, in integers, or None when Z3 says there is none.

    All weights are unknowns of one problem in linear arithmetic, each hidden output of each row a Boolean unknown.
    Raises SeparationError as `data_set` does and when `units` is not 1 to 16; EffortExceeded.
    """
    data = data_set(points, labels)
    if isinstance(units, bool) or not isinstance(units, int) or not 1 <= units <= MOST_UNITS:
        raise SeparationError(f"units: expected 1 to {MOST_UNITS} hidden units, got {units!r}")
    refuse_large(data, units + skip)
    solver, context = linear_solver("QF_LRA", effort)
    zero = z3.RealVal(0, context)
    layer = [[z3.Real(f"w{k}_{place}", context) for place in range(data.dimension + 1)] for k in range(units)]
    reads = units + (data.dimension if skip else 0)
    out = [z3.Real(f"v{place}", context) for place in range(reads + 1)]
    for row, (point, label) in enumerate(zip(data.points, data.labels, strict=True)):
        terms = []
        for k, (*weights, bias) in enumerate(layer):
            fires = z3.Bool(f"h{k}_{row}", context)
            score = linear_form(point, weights, bias)
            solver.add(z3.If(fires, score >= 1, score <= -1))
            terms.append(z3.If(fires, out[k], zero))
        direct = linear_form(point, out[units:-1], out[-1]) if skip else out[-1]
        total = z3.Sum([direct, *terms])
        solver.add(total >= 1 if label else total <= -1)
    if not satisfiable(solver):
        return None
    return ThresholdNetwork(
        tuple(_unit(model_values(solver, unknowns)) for unknowns in layer), _unit(model_values(solver, out)), skip
    )


def _unit(vector: Row) -> Separator:
    *weights, bias = coprime(vector)
    return Separator(tuple(weights), bias)


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

    PROVED possible by a network. Impossible with one unit and no skip connection: the output then is constant, h or
    not h, so the labels would be separable, which Farkas multipliers refute (for not h, the same ones with the two
    sides exchanged). Other impossibilities rest on Z3's word alone and stay UNDECIDED. `units` 0 asks for a hyperplane.
    Raises SeparationError as `data_set` does and when `units` is not 0 to 16.
    """
    data = data_set(points, labels)
    scope = scope_of(data)
    count = "1 hidden threshold unit" if units == 1 else f"{units} hidden threshold units"
    shape = f"{count} {'with' if skip else 'without'} a skip connection"
    claim = Claim(name, text or f"{shape} {'can' if possible else 'cannot'} compute the labels")
    if units == 0:
        return settle_separable(
            points, labels, name=name, separable=possible, text=claim.text, repeat=repeat, effort=effort
        )
    try:
        network = find_network(points, labels, units=units, skip=skip, effort=effort)
        hyperplane = separate(points, labels, effort=effort) if network is None and units == 1 and not skip else None
    except EffortExceeded as error:
        return Verdict(claim, Status.UNDECIDED, scope, reason=str(error), repeat=repeat)
    if network is not None:
        return conclude(
            claim,
            Status.PROVED if possible else Status.REFUTED,
            network.certificate(points, labels),
            scope=scope,
            evidence=(Evidence("z3", "Z3 found the network", "assumed"),),
            reason=str(network),
            repeat=repeat,
        )
    denied = Evidence("z3", f"Z3 finds no weights for {shape}, all units taken together", "assumed")
    if not isinstance(hyperplane, Refutation):
        reason = "Z3 finds no such network, but no certificate of that is known here, so it does not count"
        return Verdict(claim, Status.UNDECIDED, scope, evidence=(denied,), reason=reason, repeat=repeat)
    why = "the output would be constant, h or not h, so the labels separable: "
    return conclude(
        claim,
        Status.REFUTED if possible else Status.PROVED,
        farkas_certificate(points, labels, hyperplane.multipliers),
        scope=scope,
        evidence=(denied,),
        reason=why + farkas_sentence(points, labels, hyperplane.multipliers),
        repeat=repeat,
    )
