"""Plain arrays for a recording: drawn at random or read off a counterexample, cut into the blocks of its terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import numpy as np

from proofs.calculus.dual import Floats
from proofs.calculus.evaluate import Evaluator
from proofs.calculus.terms import Array, Num, Statement
from proofs.capture import Parameter
from proofs.capture.array import StandIn
from proofs.capture.labels import label_axes, label_values, labels_from
from proofs.capture.shapes import Shape, plain
from proofs.capture.values import Key, Value, keys_of
from proofs.gradients.recording import Recording, upstream_arrays

Numbers = Mapping[str, list[Fraction]]
"""For every array of a statement its elements in row-major order."""


@dataclass(frozen=True)
class Place:
    """An entry of an array: its position, and the block with its indices that it is in the terms."""

    position: tuple[int, ...]
    key: Key
    indices: Mapping[str, int]


def drawn(
    random: np.random.Generator, parameters: tuple[Parameter, ...], sizes: Mapping[str, int], domains: Mapping[str, str]
) -> dict[str, Any]:
    """An input for every parameter: on a grid fine enough that no two are equal, or labels."""
    return {p.name: _draw(random, p, sizes, domains.get(p.name, "real")) for p in parameters}


def _draw(random: np.random.Generator, p: Parameter, sizes: Mapping[str, int], domain: str) -> Any:
    shape = concrete(p.shape, sizes)
    if p.classes is not None:
        return random.integers(0, plain(p.classes, sizes), shape)
    numbers = random.integers(-(2**21), 2**21, shape) / 2**20 + 2.0**-22
    if domain != "real":
        numbers = np.abs(numbers) + 0.125
    return numbers / numbers.sum(axis=-1, keepdims=True) if domain == "simplex" else numbers


def concrete(shape: Shape, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """A shape in numbers."""
    return tuple(plain(axis, sizes) for axis in shape)


def numbers_of(recording: Recording, sizes: Mapping[str, int], arrays: Mapping[str, Any]) -> dict[str, list[Fraction]]:
    """Inputs and upstream gradients as the elements of the statement's arrays; opaque shifts are 0."""
    found: dict[str, list[Fraction]] = {}
    parameters = {p.name: p for p in recording.parameters}
    for name, array in arrays.items():
        p = parameters.get(name)
        if p is not None and p.classes is not None:
            array, shape = label_values(p, array, plain(p.classes, sizes)), label_axes(p)
        else:
            shape = p.shape if p is not None else recording.results[name[1:]].shape
        found |= cut_up(name, shape, sizes, array)
    for opaque in recording.opaque:
        found[opaque.name] = [Fraction(0)] * prod(sizes[d] for d in opaque.dims)
    for made in recording.stand_ins:
        found |= cut_up(stem(made), made.shape, sizes, _stood_for(recording, made, sizes, found))
    return found


def stem(made: StandIn) -> str:
    """The name of the whole array, from that of its first block."""
    return made.arrays[0].name.removesuffix(_suffix(made.shape, next(iter(keys_of(made.shape)))))


def _stood_for(recording: Recording, made: StandIn, sizes: Mapping[str, int], numbers: Numbers) -> Any:
    """What the code has in the place of an array that stands for it; `numbers` holds all arrays made before."""
    shape = concrete(made.shape, sizes)
    if made.of is None:
        return np.where(np.tri(shape[0], shape[1]) > 0, 1, -1)
    missing = {a.name: [Fraction(0)] * prod(sizes[d] for d in a.dims) for a in recording.arrays}
    of = values_of(made.of, sizes, evaluator(recording, sizes, missing | dict(numbers)))
    return np.eye(shape[-1])[(of if made.kind == "largest" else -of).argmax(axis=-1)]


def array_of(name: str, shape: Shape, sizes: Mapping[str, int], numbers: Mapping[str, Any]) -> Any:
    """The whole array that blocks were cut from; a block that is no array, as labels of one class are none, is 0."""
    array = np.zeros(concrete(shape, sizes))
    for key in keys_of(shape):
        slices = _slices(shape, key, sizes)
        if name + _suffix(shape, key) in numbers:
            block = np.array([float(Fraction(x)) for x in numbers[name + _suffix(shape, key)]])
            array[slices] = block.reshape(array[slices].shape)
    return array


def inputs_of(recording: Recording, sizes: Mapping[str, int], numbers: Mapping[str, Any]) -> dict[str, Any]:
    """What to call the code with: the elements of a counterexample as arrays, one-hot arrays as labels."""
    given = {}
    for p in recording.parameters:
        if p.classes is None:
            given[p.name] = array_of(p.name, p.shape, sizes, numbers)
        else:
            made_from = array_of(p.name, label_axes(p), sizes, numbers)
            given[p.name] = labels_from(p, made_from, plain(p.classes, sizes))
    return given


def cut_up(name: str, shape: Shape, sizes: Mapping[str, int], array: Any) -> dict[str, list[Fraction]]:
    """The elements of the blocks of an array, by the names of the blocks."""
    return {
        name + _suffix(shape, key): [
            Fraction(float(x)) for x in np.asarray(array, dtype=float)[_slices(shape, key, sizes)].ravel()
        ]
        for key in keys_of(shape)
    }


def _suffix(shape: Shape, key: Key) -> str:
    return "".join(f"_{block}" for axis, block in enumerate(key) if len(shape[axis]) > 1)


def _slices(shape: Shape, key: Key, sizes: Mapping[str, int]) -> tuple[slice, ...]:
    starts = [plain(shape[axis][:block], sizes) for axis, block in enumerate(key)]
    lengths = [plain((shape[axis][block],), sizes) for axis, block in enumerate(key)]
    return tuple(slice(start, start + length) for start, length in zip(starts, lengths, strict=True))


def places(shape: Shape, sizes: Mapping[str, int]) -> list[Place]:
    """Every entry of an array."""
    found = []
    for key in keys_of(shape):
        blocks = [shape[axis][block] for axis, block in enumerate(key)]
        names = [f"a{axis}_{factor}" for axis, block in enumerate(blocks) for factor in range(len(block))]
        entries = product(*(range(sizes[d]) for block in blocks for d in block))
        found += [Place(position_of(shape, key, at, sizes), key, dict(zip(names, at, strict=True))) for at in entries]
    return found


def position_of(shape: Shape, key: Key, at: tuple[int, ...], sizes: Mapping[str, int]) -> tuple[int, ...]:
    """Where the entry with the indices `at` of the block `key` stands in the whole array."""
    place, position = 0, []
    for axis, block in enumerate(key):
        offset = 0
        for dim in shape[axis][block]:
            offset = offset * sizes[dim] + at[place]
            place += 1
        position.append(plain(shape[axis][:block], sizes) + offset)
    return tuple(position)


def evaluator(recording: Recording, sizes: Mapping[str, int], numbers: Numbers) -> Evaluator:
    """Evaluates the recording's terms in floats at given elements."""
    arrays: tuple[Array, ...] = (*recording.arrays, *recording.opaque, *upstream_arrays(recording))
    statement = Statement(Num(Fraction(0)), Num(Fraction(0)), (), arrays, recording.definitions)
    return Evaluator(statement, sizes, numbers, Floats())


def values_of(value: Value, sizes: Mapping[str, int], at: Evaluator) -> Any:
    """A recorded value as an array."""
    array = np.zeros(concrete(value.shape, sizes))
    for place in places(value.shape, sizes):
        array[place.position] = float(at.value(value.entries[place.key], place.indices))
    return array
