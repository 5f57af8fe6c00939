"""A refuted gradient as something to look at: the arrays to paste, the wrong entry, both formulas and their difference.

The checker's enclosures decide that the equation fails. Here the code itself runs on that counterexample: what it
returns must be the right side, and finite differences of the function the left side; otherwise nothing is refuted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import isfinite
from typing import Any

import numpy as np

from proofs.calculus.algebra import DomainError
from proofs.calculus.dual import EvaluationError, Floats
from proofs.calculus.evaluate import Evaluator
from proofs.calculus.normalise import Normaliser
from proofs.calculus.poly import ONE, TooLarge, add, scale
from proofs.calculus.printing import to_text
from proofs.calculus.terms import Diff, Statement
from proofs.calculus.unparse import to_term
from proofs.capture import NotCaptured
from proofs.claim import Verdict
from proofs.gradients.plain import array_of, inputs_of, position_of
from proofs.gradients.recording import Recording, is_output
from proofs.gradients.stage import PlainStage, Program
from proofs.gradients.statements import Part

STEP = 2.0**-20
CLOSE = 1e-3
LONGEST = 300


@dataclass(frozen=True)
class Counterexample:
    """Inputs on which the code is wrong in `entry`: it returns `returned`, `expected` would be right."""

    inputs: Mapping[str, Any]
    upstream: Mapping[str, Any]
    entry: str
    expected: float
    returned: float
    statement: Statement
    told: tuple[str, str, str] | None = None

    @cached_property
    def formulas(self) -> tuple[str, str, str]:
        """What is right, what the code computes, and the latter less the former: in index notation unless `told`."""
        return self.told or _forms(self.statement)

    @property
    def lines(self) -> list[str]:
        """The arrays as NumPy code."""
        return [f"{name} = {_literal(array)}" for name, array in {**self.inputs, **self.upstream}.items()]

    def to_dict(self) -> dict[str, Any]:
        arrays = {**self.inputs, **self.upstream}
        return {
            "arrays": {name: np.asarray(array).tolist() for name, array in arrays.items()},
            "entry": self.entry,
            "expected": self.expected,
            "returned": self.returned,
            "right": self.formulas[0],
            "code": self.formulas[1],
            "difference": self.formulas[2],
        }


def confirmed(recording: Recording, program: Program, part: Part, verdict: Verdict) -> Counterexample:
    """The counterexample of a refuted part, met by the code itself. Raises NotCaptured where it is not."""
    assert verdict.certificate is not None
    found = verdict.certificate.data
    numbers: dict[str, list[Fraction]] = {n: [Fraction(x) for x in xs] for n, xs in found["values"].items()}
    sizes, indices = dict(found["sizes"]), dict(found["indices"])
    inputs = inputs_of(recording, sizes, numbers)
    outputs = [name for name in recording.results if is_output(name)]
    names = {array.name for array in part.statement.arrays}
    upstream = {
        f"d{name}": array_of(f"d{name}", recording.results[name].shape, sizes, numbers)
        for name in outputs
        if any(n == f"d{name}" or n.startswith(f"d{name}_") for n in names & numbers.keys())
    }
    at = Evaluator(part.statement, sizes, numbers, Floats())
    try:
        expected, wanted = (float(at.value(side, indices)) for side in (part.statement.lhs, part.statement.rhs))
    except (EvaluationError, ArithmeticError) as error:
        raise NotCaptured(f"the counterexample cannot be evaluated: {error}") from None
    if part.aspect:
        return _of_shape(program, part, inputs, upstream, expected)
    shape = next((p.shape for p in recording.parameters if p.name == part.result), recording.results[part.result].shape)
    position = position_of(shape, part.key, tuple(indices[i.name] for i in part.statement.indices), sizes)
    results, drawn = _run(program, inputs, upstream)
    returned = float(np.asarray(results[part.result], dtype=float)[position])
    if isinstance(part.statement.lhs, Diff):
        is_loss = not drawn
        measured = _measured(program, inputs, upstream, part.result, position, is_loss)
        shown = {name: array for name, array in upstream.items() if name in drawn}
    else:
        measured, shown = float(np.asarray(results["out"], dtype=float)[position]), {}
    if not _close(returned, wanted) or not _close(measured, expected):
        raise NotCaptured(
            f"a candidate counterexample was not met by the code itself: it returns {returned:.6g} (formula "
            f"{wanted:.6g}), the function changes by {measured:.6g} (formula {expected:.6g})"
        )
    entry = f"{part.result}[{', '.join(map(str, position))}]" if position else part.result
    return Counterexample(inputs, shown, entry, expected, returned, part.statement)


def _of_shape(
    program: Program, part: Part, inputs: Mapping[str, Any], upstream: Mapping[str, Any], expected: float
) -> Counterexample:
    """The counterexample where a result has another shape than it should."""
    results, drawn = _run(program, inputs, upstream)
    shape = np.shape(results[part.result])
    returned = len(shape) if part.aspect == "ndim" else shape[int(part.aspect[6:-1])]
    if returned == expected:
        raise NotCaptured(f"{part.label}: the code itself returns the shape {shape}")
    shown = {name: array for name, array in upstream.items() if name in drawn}
    return Counterexample(inputs, shown, f"{part.result}.{part.aspect}", expected, returned, part.statement)


def _run(
    program: Program, inputs: Mapping[str, Any], upstream: Mapping[str, Any]
) -> tuple[Mapping[str, Any], set[str]]:
    stage = PlainStage(np.random.default_rng(0), upstream)
    results = program(stage, {name: np.array(array) for name, array in inputs.items()})
    return results, set(stage.drawn)


def _measured(
    program: Program,
    inputs: Mapping[str, Any],
    upstream: Mapping[str, Any],
    name: str,
    position: tuple[int, ...],
    is_loss: bool,
) -> float:
    """The slope of the objective along one entry, from the code run on both sides of it."""
    objectives = []
    for step in (STEP, -STEP):
        moved = {n: np.array(array) for n, array in inputs.items()}
        moved[name][position] += step
        results, _ = _run(program, moved, upstream)
        outputs = {n: np.asarray(out, dtype=float) for n, out in results.items() if is_output(n)}
        objectives.append(sum(float(np.sum(o if is_loss else o * upstream[f"d{n}"])) for n, o in outputs.items()))
    return (objectives[0] - objectives[1]) / (2 * STEP)


def _close(a: float, b: float) -> bool:
    return isfinite(a) and isfinite(b) and abs(a - b) <= CLOSE * (1 + abs(b))


def _forms(statement: Statement) -> tuple[str, str, str]:
    """Both sides and their difference in index notation."""
    normaliser = Normaliser(statement, assume_nonzero=True)
    try:
        left, right = normaliser(statement.lhs), normaliser(statement.rhs)
        difference = add(right, scale(left, -ONE))
        texts = [to_text(to_term(p)) if len(p.key) < 20 * LONGEST else "" for p in (left, right, difference)]
    except (TooLarge, DomainError, RecursionError):
        texts = ["", "", ""]
    left_text, right_text, gap = (t if 0 < len(t) <= LONGEST else "a formula too long to be shown" for t in texts)
    return left_text, right_text, gap


def _literal(array: Any) -> str:
    found = np.asarray(array)
    return repr(found.item()) if found.ndim == 0 else f"np.array({found.tolist()})"
