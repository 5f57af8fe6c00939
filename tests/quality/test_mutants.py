"""Mutants of every layer of the library: none that differs from the right one at a generic point is PROVED.

By default a seeded sample; all of them (some minutes) with GRADPROOF_SLOW=1.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from types import FunctionType
from typing import Any

import numpy as np
import pytest

import numeric
from numeric import convolution
from proofs import prove_gradient, prove_vjp
from proofs.capture import Parameter, read_parameter
from proofs.claim import Status
from proofs.gradients import Proof
from proofs.theorems.library import LAYERS, LOSSES, Layer, Loss
from tests.quality.mutation import Mutant, mutants

SLOW = os.environ.get("GRADPROOF_SLOW") == "1"
SAMPLE = 14
SECONDS = 5.0 if SLOW else 1.5
SIZES = dict(zip("NDCMHETSVRABFG", (3, 4, 5, 2, 3, 2, 4, 5, 6, 2, 3, 4, 5, 6), strict=True))
WRAPPED: Mapping[str, tuple[Callable[..., Any], Callable[[Any], Any]]] = {
    "affine": (numeric.affine_backward, lambda mutant: lambda d, x, w, b: mutant(d, x, w)),  # noqa: ARG005
    "average_pool": (convolution.average_pool_backward, lambda mutant: lambda d, x: mutant(d)),  # noqa: ARG005
}


@dataclass(frozen=True)
class Case:
    """A mutant of the backward pass of a layer, or of a loss with its gradient."""

    name: str
    mutant: Mutant
    entry: Layer | Loss

    @cached_property
    def function(self) -> Callable[..., Any]:
        made = self.mutant.function
        return WRAPPED[self.name][1](made) if self.name in WRAPPED else made

    def proof(self) -> Proof:
        if isinstance(self.entry, Loss):
            return prove_gradient(self.function, self.entry.shapes, self.entry.by, seconds=SECONDS)
        return prove_vjp(self.entry.forward, self.function, self.entry.shapes, seconds=SECONDS)

    def __str__(self) -> str:
        return f"{self.name}: {self.mutant.kind}, {self.mutant.where}"


def cases() -> Iterator[Case]:
    for name, layer in LAYERS.items():
        backward = WRAPPED[name][0] if name in WRAPPED else layer.backward
        if isinstance(backward, FunctionType) and backward.__module__.startswith("numeric"):
            yield from (Case(name, m, layer) for m in mutants(backward))
    for name, loss in LOSSES.items():
        if isinstance(loss.function, FunctionType):
            yield from (Case(name, m, loss) for m in mutants(loss.function))


CASES = list(cases())
CHOSEN = CASES if SLOW else Random(20).sample(CASES, SAMPLE)


def test_there_are_many_mutants_of_many_kinds() -> None:
    assert len(CASES) >= 500
    assert len({case.name for case in CASES}) >= 40
    assert len({case.mutant.kind for case in CASES}) >= 12


@pytest.mark.parametrize("case", CHOSEN, ids=str)
def test_a_proved_mutant_is_the_right_function(case: Case) -> None:
    proof = case.proof()
    if proof.status is not Status.PROVED:
        return
    for seed in range(3):
        returned, right = both(case, np.random.default_rng(seed))
        for a, b in zip(returned, right, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5, err_msg=f"PROVED, but wrong: {case}\n{proof}")


def both(case: Case, random: np.random.Generator) -> tuple[list[Any], list[Any]]:
    """The gradients that the mutant returns at a random point, and those of finite differences."""
    parameters = [read_parameter(name, text) for name, text in case.entry.shapes.items()]
    inputs = {p.name: draw(p, random) for p in parameters}
    if isinstance(case.entry, Loss):
        given = case.function(*copies(inputs).values())[1]
        wanted = case.entry.by
        weights: list[Any] = [1.0]
    else:
        outs = outputs(case, inputs)
        weights = [random.normal(size=np.shape(out)) for out in outs]
        returned = case.entry.forward(*copies(inputs).values())
        rest = [returned[1]] if is_cached(case, returned) else list(copies(inputs).values())
        given = case.function(*weights, *rest)
        wanted = [p.name for p in parameters if p.classes is None]
    several = list(given) if isinstance(given, (tuple, list)) else [given]
    return several, [slopes(case, inputs, name, weights) for name in wanted]


def draw(p: Parameter, random: np.random.Generator) -> Any:
    shape = tuple(size(axis) for axis in p.shape)
    if p.classes is not None:
        labels = random.integers(0, size(p.classes), shape)
        if size(p.classes) == 2:
            labels[..., 0] = 1  # no mask that leaves nothing
        return labels
    return random.normal(size=shape) if shape else np.array(random.uniform(0.3, 0.9))


def size(axis: Any) -> int:
    return sum(int(np.prod([SIZES[name] for name in block])) for block in axis)


def copies(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: np.array(array) for name, array in inputs.items()}


def is_cached(case: Case, returned: Any) -> bool:
    count = case.function.__code__.co_argcount - len(case.function.__defaults__ or ())
    return isinstance(returned, tuple) and len(returned) == 2 and count == 2


def outputs(case: Case, inputs: Mapping[str, Any]) -> list[Any]:
    if isinstance(case.entry, Loss):
        return [case.function(*copies(inputs).values())[0]]
    returned = case.entry.forward(*copies(inputs).values())
    if is_cached(case, returned):
        return [returned[0]]
    return list(returned) if isinstance(returned, tuple) else [returned]


def slopes(case: Case, inputs: Mapping[str, Any], name: str, weights: list[Any], step: float = 1e-6) -> Any:
    """The derivative of the weighted sum of outputs by every element of one input."""
    found = np.zeros(np.shape(inputs[name]))
    for position in np.ndindex(found.shape):
        sides = []
        for move in (step, -step):
            moved = copies(inputs)
            moved[name][position] += move
            sides.append(sum(float(np.sum(o * w)) for o, w in zip(outputs(case, moved), weights, strict=True)))
        found[position] = (sides[0] - sides[1]) / (2 * step)
    return found
