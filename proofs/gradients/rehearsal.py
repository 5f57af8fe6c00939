"""The captured formulas held against the code itself, run on plain arrays: a test that the capture was faithful."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import numpy as np

from proofs.calculus.dual import Floats
from proofs.calculus.evaluate import EvaluationError, Evaluator
from proofs.calculus.terms import Array, Num, Statement
from proofs.capture import NotCaptured, Parameter
from proofs.capture.shapes import Shape, plain
from proofs.capture.values import Key, keys_of
from proofs.gradients.recording import Recording, dimensions, upstream_arrays
from proofs.gradients.stage import PlainStage, Program

TOLERANCE = 1e-6


def disagreement(recording: Recording, program: Program, domains: Mapping[str, str]) -> str:
    """What the code on plain arrays does that the recording does not, or the empty text."""
    dims = dimensions(recording.parameters)
    choices = [dict.fromkeys(dims, 1), {d: 2 + n % 3 for n, d in enumerate(dims)}] if dims else [{}]
    for sizes in choices:
        try:
            found = _at(recording, program, sizes, domains)
        except (NotCaptured, EvaluationError) as error:
            found = str(error)
        if found:
            shown = ", ".join(f"{d} = {n}" for d, n in sizes.items())
            return f"the formula captured is not what the code computes{f' at {shown}' if shown else ''}: {found}"
    return ""


def _at(
    recording: Recording,
    program: Program,
    sizes: Mapping[str, int],
    domains: Mapping[str, str],
) -> str:
    stage = PlainStage(np.random.default_rng(7))
    inputs, values = {}, {}
    for p in recording.parameters:
        inputs[p.name], hot = _draw(stage.random, p, sizes, domains.get(p.name, "real"))
        axes = (*p.shape, p.classes) if p.classes is not None else p.shape
        values |= _pieces(p.name, axes, sizes, hot)
    given = {name: np.array(x) for name, x in inputs.items()}
    results = program(stage, {name: x.copy() for name, x in given.items()})
    for name, array in stage.drawn.items():
        values |= _pieces(name, recording.results[f"out{name[4:]}"].shape, sizes, array)
    for opaque in recording.opaque:
        values[opaque.name] = [Fraction(0)] * prod(sizes[d] for d in opaque.dims)
    arrays: tuple[Array, ...] = (*recording.arrays, *recording.opaque, *upstream_arrays(recording))
    statement = Statement(Num(Fraction(0)), Num(Fraction(0)), (), arrays, recording.definitions)
    evaluator = Evaluator(statement, sizes, values, Floats())
    for name, value in recording.results.items():
        if name not in results:
            return f"{name} is missing"
        actual = np.asarray(results[name], dtype=float)
        wanted = tuple(plain(axis, sizes) for axis in value.shape)
        if actual.shape != wanted:
            return f"{name} has shape {actual.shape}, not {wanted}"
        for key in keys_of(value.shape):
            blocks = [value.shape[axis][block] for axis, block in enumerate(key)]
            for at in product(*(range(sizes[d]) for block in blocks for d in block)):
                names = [f"a{axis}_{f}" for axis, block in enumerate(blocks) for f in range(len(block))]
                expected = float(evaluator.value(value.entries[key], dict(zip(names, at, strict=True))))
                here = float(actual[_position(value.shape, key, at, sizes)])
                if not abs(here - expected) <= TOLERANCE * (1 + abs(expected)):
                    return f"{name} is {here:.9g} there and {expected:.9g} by the formula"
    return ""


def _draw(random: np.random.Generator, p: Parameter, sizes: Mapping[str, int], domain: str) -> tuple[Any, Any]:
    """An input, and what its arrays hold: itself, or the one-hot array of labels."""
    shape = tuple(plain(axis, sizes) for axis in p.shape)
    if p.classes is not None:
        classes = plain(p.classes, sizes)
        labels = random.integers(0, classes, shape)
        return labels, np.eye(classes)[labels]
    numbers = random.integers(-16, 17, shape) / 8.0 + 1 / 32
    if domain != "real":
        numbers = np.abs(numbers) + 0.125
    if domain == "simplex":
        numbers = numbers / numbers.sum(axis=-1, keepdims=True)
    return numbers, numbers


def _pieces(name: str, shape: Shape, sizes: Mapping[str, int], array: Any) -> dict[str, list[Fraction]]:
    """An array cut into the arrays its blocks are called."""
    found = {}
    for key in keys_of(shape):
        suffix = "".join(f"_{block}" for axis, block in enumerate(key) if len(shape[axis]) > 1)
        cut = []
        for axis, block in enumerate(key):
            start = plain(shape[axis][:block], sizes)
            cut.append(slice(start, start + plain((shape[axis][block],), sizes)))
        found[name + suffix] = [Fraction(float(x)) for x in np.asarray(array, dtype=float)[tuple(cut)].ravel()]
    return found


def _position(shape: Shape, key: Key, at: tuple[int, ...], sizes: Mapping[str, int]) -> tuple[int, ...]:
    """Where an entry of a block stands in the whole array."""
    place, position = 0, []
    for axis, block in enumerate(key):
        offset = 0
        for dim in shape[axis][block]:
            offset = offset * sizes[dim] + at[place]
            place += 1
        position.append(plain(shape[axis][:block], sizes) + offset)
    return tuple(position)
