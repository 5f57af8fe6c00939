"""Captured formulas held against NumPy itself at several sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from proofs.calculus.dual import Undefined
from proofs.capture import read_parameter
from proofs.gradients.plain import concrete, drawn, evaluator, numbers_of, values_of
from proofs.gradients.recording import Recording, dimensions, record
from proofs.gradients.stage import PlainStage, Stage

Function = Callable[..., Any]
Shapes = Mapping[str, str]


def recorded(function: Function, shapes: Shapes) -> Recording:
    """What `function` computes, captured for all sizes; a maximum is the largest element."""
    parameters = [read_parameter(name, text) for name, text in shapes.items()]

    def program(stage: Stage, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"out": stage.call(function, *inputs.values())}

    return record(parameters, program, exact=True)


def compare(function: Function, shapes: Shapes, positive: bool = False, seed: int = 0) -> int:
    """The captured formula has the shape and values that `function` has on plain arrays: at how many sizes it was so.

    A size at which a comparison is one of equal numbers, as of a mean with its only element, says nothing.
    """
    recording = recorded(function, shapes)
    value = recording.results["out"]
    names = dimensions(recording.parameters)
    domains = dict.fromkeys(shapes, "positive") if positive else {}
    compared = 0
    for number, sizes in enumerate(({d: 2 + n for n, d in enumerate(names)}, dict.fromkeys(names, 1))):
        random = np.random.default_rng(seed + number)
        inputs = drawn(random, recording.parameters, sizes, domains)
        actual = np.asarray(PlainStage(random).call(function, *(np.copy(x) for x in inputs.values())), dtype=float)
        assert concrete(value.shape, sizes) == actual.shape
        given = numbers_of(recording, sizes, {**inputs, "dout": np.zeros(actual.shape)})
        try:
            found = values_of(value, sizes, evaluator(recording, sizes, given))
        except Undefined:
            continue
        np.testing.assert_allclose(found, actual, rtol=1e-9, atol=1e-9)
        compared += 1
    return compared
