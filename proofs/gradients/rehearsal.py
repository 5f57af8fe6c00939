"""The captured formulas held against the code itself, run on plain arrays: a test that the capture was faithful.

At one point of the smallest size, and at two with opposite signs of another. Where a formula has no value at a point
(a kink met identically, such as that of a batch of one) another has to do. The code runs twice on the same arrays, so
that state, time and randomness that its byte code did not show are met too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from proofs.calculus.dual import EvaluationError, Undefined
from proofs.capture import NotCaptured
from proofs.gradients.plain import concrete, drawn, evaluator, numbers_of, values_of
from proofs.gradients.recording import Recording, dimensions
from proofs.gradients.stage import PlainStage, Program
from proofs.gradients.statements import raised

TOLERANCE = 1e-6
SEED = 7


def disagreement(recording: Recording, program: Program, domains: Mapping[str, str]) -> str:
    """What the code on plain arrays does that the recording does not, or the empty text."""
    dims = dimensions(recording.parameters)
    larger = raised({d: 2 + n % 3 for n, d in enumerate(dims)}, domains)
    smallest = raised(dict.fromkeys(dims, 1), domains)
    points = [(smallest, 1), (larger, 1), (larger, -1)] if dims else [({}, 1), ({}, -1)]
    undefined: list[str] = []
    for sizes, sign in points:
        try:
            found = _at(recording, program, sizes, domains, sign)
        except Undefined as error:
            undefined.append(str(error))
            continue
        except (NotCaptured, EvaluationError, ArithmeticError) as error:
            if sign < 0:  # outside of where the code is defined, such as the logarithm of a number below 0
                continue
            found = str(error)
        if found:
            shown = ", ".join(f"{d} = {n}" for d, n in sizes.items())
            return f"the formula captured is not what the code computes{f' at {shown}' if shown else ''}: {found}"
    return (
        f"no point was found at which to compare code and formula: {undefined[0]}"
        if len(undefined) == len(points)
        else ""
    )


def _at(recording: Recording, program: Program, sizes: Mapping[str, int], domains: Mapping[str, str], sign: int) -> str:
    random = np.random.default_rng(SEED)
    given = drawn(random, recording.parameters, sizes, domains)
    real = [p.name for p in recording.parameters if p.classes is None and domains.get(p.name, "real") == "real"]
    given |= {name: sign * given[name] for name in real}
    stage = PlainStage(random)
    results = program(stage, {name: np.array(x) for name, x in given.items()})
    again = program(PlainStage(random, stage.drawn), {name: np.array(x) for name, x in given.items()})
    for name, value in recording.results.items():
        if name in results and (shape := _floats(results[name]).shape) != concrete(value.shape, sizes):
            return f"{name} has shape {shape}, not {concrete(value.shape, sizes)}"
    formula = evaluator(recording, sizes, numbers_of(recording, sizes, {**given, **stage.drawn}))
    for name, value in recording.results.items():
        if name not in results:
            return f"{name} is missing"
        actual, repeated = (_floats(r.get(name)) for r in (results, again))
        if not np.array_equal(actual, repeated, equal_nan=True):
            return f"{name} is another one when the code runs again on the same arrays"
        if sign < 0 and not np.isfinite(actual).all():
            return ""
        found = _difference(name, actual, values_of(value, sizes, formula))
        if found:
            return found
    return ""


def _floats(given: Any) -> Any:
    try:
        return np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise NotCaptured(f"a result of type {type(given).__name__}") from None


def _difference(name: str, actual: Any, expected: Any) -> str:
    wrong = ~(np.abs(actual - expected) <= TOLERANCE * (1 + np.abs(expected)))
    if not wrong.any():
        return ""
    at = tuple(int(k) for k in np.argwhere(wrong)[0])
    return f"{name}{list(at) if at else ''} is {actual[at]:.9g} there and {expected[at]:.9g} by the formula"
