"""Code captured at two sets of sizes, alike: what it does depends on the sizes by name, not by number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from proofs.calculus.terms import Array, Definition, Element
from proofs.capture import NotCaptured, Parameter, Run, symbolic
from proofs.capture.array import StandIn, value_of
from proofs.capture.shapes import Shape, dims_of, made_concrete
from proofs.capture.values import Tape, Value, indices_of, keys_of
from proofs.gradients.stage import Program, SymbolicStage

RESERVED = re.compile(r"objective|other|d?out\d*(_\d+)*")
"""What outputs, upstream gradients and their sum are called."""

FIRST = (101, 103, 107, 109, 113, 127, 131, 137, 139, 149)
SECOND = (211, 223, 227, 229, 233, 239, 241, 251, 257, 263)
"""Sizes that nobody writes: what happens to be equal at the first set is not at the second."""


@dataclass(frozen=True)
class Recording:
    """What a program computes: its inputs as arrays, the definitions in order, and the named results.

    `least` holds the dimensions that are larger than 1 in what is to be shown, with their least sizes.
    """

    parameters: tuple[Parameter, ...]
    arrays: tuple[Array, ...]
    opaque: tuple[Array, ...]
    definitions: tuple[Definition, ...]
    results: Mapping[str, Value]
    sizes: Mapping[str, int]
    stand_ins: tuple[StandIn, ...] = ()
    least: tuple[tuple[str, int], ...] = ()


def record(parameters: Sequence[Parameter], program: Program, until: float = inf, *, exact: bool = False) -> Recording:
    """`program` for all sizes, stopped at the time `until`. Raises NotCaptured when it differs at two sets of sizes.

    A maximum is an unknown number, with `exact` the largest element.
    """
    dims = dimensions(parameters)
    if len(dims) > len(FIRST):
        raise NotCaptured(f"{len(dims)} dimensions: at most {len(FIRST)} are followed")
    first = _once(parameters, program, dict(zip(dims, FIRST, strict=False)), until, exact)
    second = _once(parameters, program, dict(zip(dims, SECOND, strict=False)), until, exact)
    return same(first, second)


def record_at(
    parameters: Sequence[Parameter],
    program: Program,
    sizes: Mapping[str, int],
    until: float = inf,
    *,
    exact: bool = False,
) -> Recording:
    """`program` at the given sizes, where loops and picked elements can be followed."""
    concrete = [
        replace(
            p,
            shape=tuple(made_concrete(axis, sizes) for axis in p.shape),
            classes=None if p.classes is None else made_concrete(p.classes, sizes),
        )
        for p in parameters
    ]
    return replace(_once(concrete, program, {}, until, exact), sizes=sizes)


def dimensions(parameters: Sequence[Parameter]) -> list[str]:
    """The dimensions of the parameters, in order of first mention."""
    found: dict[str, None] = {}
    for p in parameters:
        shape: Shape = (*p.shape, p.classes) if p.classes is not None else p.shape
        for axis in shape:
            found.update(dict.fromkeys(sorted(dims_of((axis,)), key=lambda d: [d in b for b in axis], reverse=True)))
    return list(found)


def clash(parameters: Sequence[Parameter]) -> str:
    """Why the parameters cannot be called what they are called: two arrays would have one name. Empty if they can."""
    found: dict[str, str] = {}
    for p in parameters:
        shape: Shape = (*p.shape, p.classes) if p.classes is not None else p.shape
        for name in {p.name, *(piece(p.name, shape, key).name for key in keys_of(shape))}:
            if RESERVED.fullmatch(name) or found.setdefault(name, p.name) != p.name:
                return f"shapes[{p.name!r}]: the name {name!r} is taken; give the parameter another one"
    return ""


def is_output(name: str) -> bool:
    """Whether a result is an output of the function, not a gradient."""
    return name == "out" or (name.startswith("out") and name[3:].isdecimal())


def piece(name: str, shape: Shape, key: tuple[int, ...]) -> Element:
    """The element of the array that an entry of a parameter is: an axis of several blocks is several arrays."""
    suffix = "".join(f"_{block}" for axis, block in enumerate(key) if len(shape[axis]) > 1)
    return Element(name + suffix, tuple(index.name for index in indices_of(shape, key)))


def upstream_arrays(recording: Recording) -> list[Array]:
    """The arrays of the upstream gradients ``dout``."""
    return [
        Array(piece(f"d{name}", value.shape, key).name, tuple(i.dim for i in indices_of(value.shape, key)))
        for name, value in recording.results.items()
        if is_output(name)
        for key in keys_of(value.shape)
    ]


def _once(
    parameters: Sequence[Parameter], program: Program, sizes: Mapping[str, int], until: float, exact: bool
) -> Recording:
    if clash(parameters):
        raise NotCaptured(clash(parameters))
    run = Run(sizes, Tape(until=until), exact)
    inputs: dict[str, Any] = {}
    arrays: list[Array] = []
    for p in parameters:
        inputs[p.name], own = symbolic(run, p)
        arrays += own
    results = program(SymbolicStage(run), inputs)
    values = {name: value_of(run, given) for name, given in results.items()}
    stand_ins = tuple(run.stand_ins.values())
    return Recording(
        tuple(parameters),
        (*arrays, *(array for made in stand_ins for array in made.arrays)),
        tuple(array for found, _ in run.opaque.values() for array in found),
        tuple(run.tape.definitions),
        values,
        {},
        stand_ins,
    )


def same(first: Recording, second: Recording) -> Recording:
    """The recording that two runs at different sizes agree on. Raises NotCaptured when the code did something else."""
    if first.definitions != second.definitions or first.results != second.results or first.arrays != second.arrays:
        raise NotCaptured("the code does something else at other sizes")
    return first
