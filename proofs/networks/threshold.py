"""Networks of threshold units with one hidden layer, and Z3's search for their weights.

The output unit reads the hidden units' outputs, followed by the row itself when there is a skip connection.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import z3

from proofs.claim import Certificate
from proofs.separation import Number, SeparationError, Separator, affine_text, data_set, separator_certificate
from proofs.separation.data import Row
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
