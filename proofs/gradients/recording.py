"""Code captured at two sets of sizes and made general: what is left depends on the sizes by name, not by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import Any

from proofs.calculus.terms import (
    Add,
    Array,
    Definition,
    Diff,
    Element,
    Fn,
    Mul,
    Num,
    Pow,
    Size,
    Sum,
    Term,
    term,
)
from proofs.capture import NotCaptured, Parameter, Run, symbolic
from proofs.capture.array import SymbolicArray, value_of
from proofs.capture.shapes import Shape, dims_of, made_concrete
from proofs.capture.values import Value, indices_of, keys_of
from proofs.gradients.stage import Program, SymbolicStage

FIRST = (101, 103, 107, 109, 113, 127, 131, 137, 139, 149)
SECOND = (211, 223, 227, 229, 233, 239, 241, 251, 257, 263)
"""Sizes that nobody writes: a number that changes with them was computed from them."""


@dataclass(frozen=True)
class Recording:
    """What a program computes: its inputs as arrays, the definitions in order, and the named results."""

    parameters: tuple[Parameter, ...]
    arrays: tuple[Array, ...]
    opaque: tuple[Array, ...]
    definitions: tuple[Definition, ...]
    results: Mapping[str, Value]
    sizes: Mapping[str, int]


def record(parameters: Sequence[Parameter], program: Program) -> Recording:
    """`program` for all sizes. Raises NotCaptured when it is not the same computation at two sets of sizes."""
    dims = dimensions(parameters)
    if len(dims) > len(FIRST):
        raise NotCaptured(f"{len(dims)} dimensions: at most {len(FIRST)} are followed")
    first = _once(parameters, program, dict(zip(dims, FIRST, strict=False)))
    second = _once(parameters, program, dict(zip(dims, SECOND, strict=False)))
    return generalised(first, second)


def record_at(parameters: Sequence[Parameter], program: Program, sizes: Mapping[str, int]) -> Recording:
    """`program` at the given sizes, where loops and picked elements can be followed."""
    concrete = [
        replace(
            p,
            shape=tuple(made_concrete(axis, sizes) for axis in p.shape),
            classes=None if p.classes is None else made_concrete(p.classes, sizes),
        )
        for p in parameters
    ]
    return replace(_once(concrete, program, {}), sizes=sizes)


def dimensions(parameters: Sequence[Parameter]) -> list[str]:
    """The dimensions of the parameters, in order of first mention."""
    found: dict[str, None] = {}
    for p in parameters:
        shape: Shape = (*p.shape, p.classes) if p.classes is not None else p.shape
        for axis in shape:
            found.update(dict.fromkeys(sorted(dims_of((axis,)), key=lambda d: [d in b for b in axis], reverse=True)))
    return list(found)


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


def _once(parameters: Sequence[Parameter], program: Program, sizes: Mapping[str, int]) -> Recording:
    run = Run(sizes)
    inputs: dict[str, Any] = {}
    arrays: list[Array] = []
    for p in parameters:
        inputs[p.name], own = symbolic(run, p)
        arrays += own
    results = program(SymbolicStage(run), inputs)
    for name, given in inputs.items():
        if isinstance(given, SymbolicArray) and given.writes:
            raise NotCaptured(f"the code changes its input {name}: later reads of it see other numbers")
    return Recording(
        tuple(parameters),
        tuple(arrays),
        tuple(array for found, _ in run.opaque.values() for array in found),
        tuple(run.tape.definitions),
        {name: value_of(run, given) for name, given in results.items()},
        {},
    )


def generalised(first: Recording, second: Recording) -> Recording:
    """One recording from two: constants that differ become expressions in the sizes. Raises NotCaptured."""
    same = "the code does something else at other sizes"
    if len(first.definitions) != len(second.definitions) or first.results.keys() != second.results.keys():
        raise NotCaptured(same)
    dims = dimensions(first.parameters)
    sizes = (dict(zip(dims, FIRST, strict=False)), dict(zip(dims, SECOND, strict=False)))
    definitions = []
    for a, b in zip(first.definitions, second.definitions, strict=True):
        if a.name != b.name or a.indices != b.indices:
            raise NotCaptured(same)
        definitions.append(Definition(a.name, a.indices, _merged(a.body, b.body, sizes)))
    results = {}
    for name, value in first.results.items():
        other = second.results[name]
        if value.shape != other.shape:
            raise NotCaptured(same)
        results[name] = Value(value.shape, {k: _merged(t, other.entries[k], sizes) for k, t in value.entries.items()})
    return replace(first, definitions=tuple(definitions), results=results)


Sizes = tuple[Mapping[str, int], Mapping[str, int]]


def _merged(a: Term, b: Term, sizes: Sizes) -> Term:
    if a == b:
        return a
    match a, b:
        case Num(x), Num(y):
            return _size_constant(x, y, sizes)
        case Sum(i, body), Sum(j, other) if i == j:
            return Sum(i, _merged(body, other, sizes))
        case Add(xs), Add(ys) if len(xs) == len(ys):
            return Add(tuple(_merged(x, y, sizes) for x, y in zip(xs, ys, strict=True)))
        case Mul(xs), Mul(ys) if len(xs) == len(ys):
            return Mul(tuple(_merged(x, y, sizes) for x, y in zip(xs, ys, strict=True)))
        case Pow(x, p), Pow(y, q) if p == q:
            return Pow(_merged(x, y, sizes), p)
        case Fn(f, x), Fn(g, y) if f == g:
            return Fn(f, _merged(x, y, sizes))
        case Diff(x, by), Diff(y, other_by) if by == other_by:
            return Diff(_merged(x, y, sizes), by)
    raise NotCaptured("the code does something else at other sizes")


def _size_constant(x: Fraction, y: Fraction, sizes: Sizes) -> Term:
    """The expression c * D^e (products of up to three sizes, e one of 1, -1, 1/2, -1/2) + m with values x and y."""
    for count in (1, 2, 3):
        for names in combinations_with_replacement(sorted(sizes[0]), count):
            at = [_product(names, s) for s in sizes]
            for exponent in (Fraction(1), Fraction(-1), Fraction(1, 2), Fraction(-1, 2)):
                powers = [p ** float(exponent) for p in at]
                ratio = float(x) / powers[0]
                small = Fraction(ratio).limit_denominator(64)
                if abs(small.numerator) <= 64 and all(
                    _near(float(small) * power, float(value)) for power, value in zip(powers, (x, y), strict=True)
                ):
                    return term(small) * _power(names, exponent)
    for name in sorted(sizes[0]):
        gaps = [value - s[name] for value, s in zip((x, y), sizes, strict=True)]
        if gaps[0] == gaps[1] and abs(gaps[0]) <= 16:
            return Size(name) + term(gaps[0])
        near = [
            Fraction(1 / float(v)).limit_denominator(10**4) - s[name] for v, s in zip((x, y), sizes, strict=True) if v
        ]
        if len(near) == 2 and near[0] == near[1] and abs(near[0]) <= 16:
            return Pow(Size(name) + term(near[0]), Fraction(-1))
    raise NotCaptured(f"a constant that depends on the sizes in a way not recognised ({float(x):g}, then {float(y):g})")


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-14 * max(abs(a), abs(b))


def _product(names: Sequence[str], sizes: Mapping[str, int]) -> int:
    total = 1
    for name in names:
        total *= sizes[name]
    return total


def _power(names: Sequence[str], exponent: Fraction) -> Term:
    product: Term = Size(names[0]) if len(names) == 1 else Mul(tuple(Size(n) for n in names))
    return product if exponent == 1 else Pow(product, exponent)
