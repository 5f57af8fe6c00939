"""reshape: the factors of an array's axes, in order, grouped anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from proofs.calculus.terms import rename
from proofs.capture.array import Run
from proofs.capture.shapes import Axis, NotCaptured, Shape, number
from proofs.capture.values import Key, Value, keys_of, names_of


@dataclass(frozen=True)
class Factor:
    """A part of an axis: a dimension, or a digit of the block number (``block // below % size``)."""

    axis: int
    size: int
    dim: str = ""
    index: str = ""
    below: int = 1


def reshape(run: Run, value: Value, wanted: Sequence[int]) -> Value:
    """The same elements in row-major order under other axes. Raises NotCaptured where that is not a regrouping."""
    factors = [f for axis in range(len(value.shape)) for f in _factors(run, value.shape, axis)]
    whole = prod(f.size for f in factors)
    known = prod(number(n) for n in wanted if number(n) != -1)
    targets = [whole // known if number(n) == -1 else number(n) for n in wanted]
    if prod(targets) != whole:
        raise NotCaptured(f"reshape to {tuple(wanted)} of an array with another number of elements")
    groups = [_consume(factors, target) for target in targets]
    if any(f.size > 1 for f in factors):
        raise NotCaptured(f"reshape to {tuple(wanted)} that cuts through an axis of symbolic size")
    shape = tuple(_axis(group) for group in groups)
    entries = {}
    for key in keys_of(shape):
        own, names = _source(value.shape, groups, shape, key)
        entries[key] = rename(value.entries[own], names)
    return run.tape.define(shape, entries)


def _factors(run: Run, shape: Shape, axis: int) -> list[Factor]:
    blocks = shape[axis]
    if len(set(blocks)) > 1:
        raise NotCaptured("reshape of an axis made of different parts")
    digits = [Factor(axis, len(blocks))] if len(blocks) > 1 else []
    names = names_of(axis, blocks[0]) if blocks else ()
    return digits + [Factor(axis, run.sizes[d], d, n) for d, n in zip(blocks[0] if blocks else (), names, strict=True)]


def _consume(factors: list[Factor], target: int) -> list[Factor]:
    """The next factors whose sizes multiply to `target`, taken off the list; a digit is cut in two if need be."""
    group: list[Factor] = []
    while target > 1:
        if not factors:
            raise NotCaptured("reshape that cuts through an axis of symbolic size")
        factor = factors.pop(0)
        if target % factor.size == 0:
            group.append(factor)
            target //= factor.size
        elif not factor.dim and factor.size % target == 0:
            rest = factor.size // target
            group.append(Factor(factor.axis, target, below=factor.below * rest))
            factors.insert(0, Factor(factor.axis, rest, below=factor.below))
            target = 1
        else:
            raise NotCaptured("reshape that cuts through an axis of symbolic size")
    return group


def _axis(group: list[Factor]) -> Axis:
    first_dim = next((place for place, f in enumerate(group) if f.dim), len(group))
    if any(not f.dim for f in group[first_dim:]):
        raise NotCaptured("reshape that puts a concrete axis inside a symbolic one")
    return (tuple(f.dim for f in group if f.dim),) * prod(f.size for f in group if not f.dim)


def _source(old: Shape, groups: list[list[Factor]], shape: Shape, key: Key) -> tuple[Key, dict[str, str]]:
    """Which entry of the array reshaped is found at `key`, and the new names of its indices."""
    own = [0] * len(old)
    names: dict[str, str] = {}
    for place, (group, block) in enumerate(zip(groups, key, strict=True)):
        left = block
        for factor in reversed([f for f in group if not f.dim]):
            own[factor.axis] += left % factor.size * factor.below
            left //= factor.size
        names.update(zip((f.index for f in group if f.dim), names_of(place, shape[place][block]), strict=True))
    return tuple(own), names
