"""What a symbolic array holds: for every block of its axes a term over the axes' indices; and operations on that.

The index of factor f of axis a is called ``a{a}_{f}``. Every result is written down as a definition on the tape, so
terms stay small and shared work stays shared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import inf
from time import monotonic

from proofs.calculus.terms import Add, Definition, Delta, Element, Index, Mul, Num, Size, Sum, Term, rename
from proofs.capture.arithmetic import UNIT, ZERO
from proofs.capture.shapes import ONE, Axis, Block, NotCaptured, Shape

Key = tuple[int, ...]
MAX_DEFINITIONS = 4_000
MAX_ENTRIES = 4_096


@dataclass(frozen=True)
class Value:
    """The terms of an array; every key of `entries` names a block of each axis."""

    shape: Shape
    entries: Mapping[Key, Term]


@dataclass(frozen=True)
class Origin:
    """What an element was made from: the kind of operation, and its operands under the definition's index names."""

    kind: str
    indices: tuple[str, ...]
    parts: tuple[Term, ...]


@dataclass
class Tape:
    """Everything written down while code runs: definitions in order, where they come from, and which are 0 or 1.

    Nothing is written down after the time `until` (of `time.monotonic`).
    """

    definitions: list[Definition] = field(default_factory=list)
    origins: dict[str, Origin] = field(default_factory=dict)
    bits: set[str] = field(default_factory=set)
    known: dict[tuple[tuple[Index, ...], Term], str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    fresh: int = 0
    until: float = inf

    def name(self, letter: str) -> str:
        """A name not used before, nor taken by a parameter."""
        self.fresh += 1
        while f"{letter}{self.fresh}" in self.taken:
            self.fresh += 1
        return f"{letter}{self.fresh}"

    def define(
        self, shape: Shape, entries: Mapping[Key, Term], kind: str = "", parts: Sequence[Mapping[Key, Term]] = ()
    ) -> Value:
        """The value with each term that is more than a number or an element replaced by a definition.

        With `kind`, what is new remembers that it was made from the entries of `parts`; kind ``bit`` means 0 or 1.
        """
        if len(entries) > MAX_ENTRIES or len(self.definitions) > MAX_DEFINITIONS:
            raise NotCaptured(f"more than {MAX_DEFINITIONS} intermediate results: use smaller concrete sizes")
        if monotonic() > self.until:
            raise NotCaptured(f"the time allowed has passed after {len(self.definitions)} intermediate results")
        made: dict[Key, Term] = {}
        for key, term in entries.items():
            if isinstance(term, (Num, Element, Size)):
                made[key] = term
                continue
            indices = indices_of(shape, key)
            names = tuple(index.name for index in indices)
            name = self.known.get((indices, term), "")
            if not name:
                name = self.known[indices, term] = self.name("t")
                self.definitions.append(Definition(name, indices, term))
            if kind == "bit":
                self.bits.add(name)
            elif kind:
                self.origins[name] = Origin(kind, names, tuple(part[key] for part in parts))
            made[key] = Element(name, names)
        return Value(shape, made)

    def origin(self, t: Term) -> tuple[str, tuple[Term, ...]]:
        """The kind of operation that made `t`, and its operands; ``("", ())`` where that was not kept."""
        found = self.origins.get(t.name) if isinstance(t, Element) else None
        if found is None or not isinstance(t, Element):
            return "", ()
        names = dict(zip(found.indices, t.indices, strict=True))
        return found.kind, tuple(rename(part, names) for part in found.parts)

    def is_bit(self, t: Term) -> bool:
        """Whether `t` is known to be 0 or 1."""
        return t.value in (0, 1) if isinstance(t, Num) else isinstance(t, Element) and t.name in self.bits


def names_of(axis: int, block: Block) -> tuple[str, ...]:
    """The index names of one block of one axis."""
    return tuple(f"a{axis}_{factor}" for factor in range(len(block)))


def indices_of(shape: Shape, key: Key) -> tuple[Index, ...]:
    """The free indices of the entry `key`."""
    return tuple(
        Index(name, dim)
        for axis, (blocks, block) in enumerate(zip(shape, key, strict=True))
        for name, dim in zip(names_of(axis, blocks[block]), blocks[block], strict=True)
    )


def keys_of(shape: Shape) -> Iterable[Key]:
    """Every combination of blocks."""
    return product(*(range(len(axis)) for axis in shape))


def constant(value: Fraction | int) -> Value:
    """A number."""
    return Value((), {(): Num(Fraction(value))})


def filled(shape: Shape, term: Term) -> Value:
    """An array of one term without indices."""
    return Value(shape, dict.fromkeys(keys_of(shape), term))


def shifted(term: Term, axes: Mapping[int, int], shape: Shape, key: Key) -> Term:
    """`term` with the indices of axis a renamed to those of axis ``axes[a]``."""
    names = {
        old: new
        for axis, target in axes.items()
        for old, new in zip(
            names_of(axis, shape[axis][key[axis]]), names_of(target, shape[axis][key[axis]]), strict=True
        )
        if old != new
    }
    return rename(term, names) if names else term


def describe(shape: Shape) -> str:
    """A shape for messages: ``(N, 4*H)``."""

    def size(axis: Axis) -> str:
        if len(set(axis)) == 1:
            count = [str(len(axis))] if len(axis) > 1 or not axis[0] else []
            return "*".join([*count, *axis[0]])
        return "+".join("*".join(block) or "1" for block in axis) or "0"

    return f"({', '.join(size(axis) for axis in shape)})"


def broadcast(*shapes: Shape) -> Shape:
    """The shape NumPy's rules give. Raises NotCaptured where they would refuse, or where it depends on a size."""
    rank = max(len(shape) for shape in shapes)
    result: list[Axis] = []
    for place in range(rank):
        axes = [s[len(s) - rank + place] for s in shapes if len(s) - rank + place >= 0]
        wide = [axis for axis in axes if axis != ONE]
        if any(axis != wide[0] for axis in wide):
            raise NotCaptured(f"the shapes {' and '.join(describe(s) for s in shapes)} do not broadcast for all sizes")
        result.append(wide[0] if wide else ONE)
    return tuple(result)


def stretched(value: Value, shape: Shape) -> dict[Key, Term]:
    """The entries of `value` under the names of the shape it is broadcast to."""
    lead = len(shape) - len(value.shape)
    moves = {axis: axis + lead for axis in range(len(value.shape))}
    entries = {}
    for key in keys_of(shape):
        own = tuple(0 if value.shape[axis] == ONE else key[axis + lead] for axis in range(len(value.shape)))
        entries[key] = shifted(value.entries[own], moves, value.shape, own)
    return entries


def elementwise(tape: Tape, operation: Callable[..., Term], *values: Value, kind: str = "") -> Value:
    """`operation` on broadcast values; `kind` as for `Tape.define`."""
    shape = broadcast(*(value.shape for value in values))
    parts = [stretched(value, shape) for value in values]
    entries = {key: operation(*(part[key] for part in parts)) for key in keys_of(shape)}
    return tape.define(shape, entries, kind, parts)


def transpose(tape: Tape, value: Value, order: Sequence[int]) -> Value:
    """Axis ``order[k]`` becomes axis k."""
    moves = {old: new for new, old in enumerate(order)}
    shape = tuple(value.shape[old] for old in order)
    entries = {}
    for key, term in value.entries.items():
        entries[tuple(key[old] for old in order)] = shifted(term, moves, value.shape, key)
    return tape.define(shape, entries)


def total(tape: Tape, value: Value, axes: Sequence[int], keepdims: bool) -> Value:
    """The sum over some axes."""
    kept = [axis for axis in range(len(value.shape)) if axis not in axes]
    shape = tuple(ONE if axis in axes else value.shape[axis] for axis in range(len(value.shape)))
    if not keepdims:
        shape = tuple(value.shape[axis] for axis in kept)
    moves = {axis: axis if keepdims else place for place, axis in enumerate(kept)}
    parts: dict[Key, list[Term]] = {key: [] for key in keys_of(shape)}
    for key, term in value.entries.items():
        target = tuple(0 if axis in axes else key[axis] for axis in range(len(key)))
        target = target if keepdims else tuple(key[axis] for axis in kept)
        if term == ZERO:
            continue
        bound: list[Index] = []
        names = {}
        for axis in axes:
            block = value.shape[axis][key[axis]]
            for factor, (name, dim) in enumerate(zip(names_of(axis, block), block, strict=True)):
                names[name] = f"s{axis}_{factor}"
                bound.append(Index(names[name], dim))
        for axis, place in moves.items():
            block = value.shape[axis][key[axis]]
            names.update(zip(names_of(axis, block), names_of(place, block), strict=True))
        summed = rename(term, names)
        for index in bound:
            summed = Sum(index, summed)
        parts[target].append(summed)
    return tape.define(shape, {key: added(terms) for key, terms in parts.items()})


def added(terms: Sequence[Term]) -> Term:
    """The sum of terms, 0 for none."""
    if not terms:
        return Num(Fraction(0))
    return terms[0] if len(terms) == 1 else Add(tuple(terms))


def multiplied(factors: Sequence[Term]) -> Term:
    """The product of factors, ones left out."""
    if ZERO in factors:
        return ZERO
    kept = tuple(factor for factor in factors if factor != UNIT)
    return kept[0] if len(kept) == 1 else Mul(kept) if kept else UNIT


def contract(tape: Tape, inputs: Sequence[tuple[str, Value]], output: str) -> Value:
    """einsum: letters name axes; letters not in `output` are summed over."""
    axes: dict[str, Axis] = {}
    for letters, value in inputs:
        if len(letters) != len(value.shape):
            raise NotCaptured(f"einsum: {letters!r} names {len(letters)} axes of an array with {len(value.shape)}")
        for letter, axis in zip(letters, value.shape, strict=True):
            if axes.setdefault(letter, axis) != axis:
                raise NotCaptured(f"einsum: axis {letter!r} has the sizes {describe((axes[letter], axis))}")
    summed = [letter for letter in axes if letter not in output]
    order = [*output, *summed]
    shape = tuple(axes[letter] for letter in order)
    entries = {}
    for key in keys_of(shape):
        block = dict(zip(order, key, strict=True))
        factors = []
        for letters, value in inputs:
            own = tuple(block[letter] for letter in letters)
            moves = {place: order.index(letter) for place, letter in enumerate(letters)}
            factors.append(shifted(value.entries[own], moves, value.shape, own))
        entries[key] = multiplied(factors)
    return total(tape, Value(shape, entries), range(len(output), len(order)), keepdims=False)


def identity(tape: Tape, axis: Axis) -> Value:
    """The unit matrix over one axis."""
    entries: dict[Key, Term] = {}
    for i, j in product(range(len(axis)), repeat=2):
        if i != j:
            entries[i, j] = Num(Fraction(0))
            continue
        pairs = zip(names_of(0, axis[i]), names_of(1, axis[i]), strict=True)
        deltas = tuple(Delta(left, right) for left, right in pairs)
        entries[i, j] = Mul(deltas) if len(deltas) > 1 else deltas[0] if deltas else Num(Fraction(1))
    return tape.define((axis, axis), entries)


def join(tape: Tape, values: Sequence[Value], axis: int) -> Value:
    """Concatenation along an axis."""
    shapes = {v.shape[:axis] + v.shape[axis + 1 :] for v in values}
    if len(shapes) > 1:
        raise NotCaptured(f"concatenate: the shapes {', '.join(describe(v.shape) for v in values)} differ off the axis")
    joined: Axis = tuple(block for v in values for block in v.shape[axis])
    entries, offset = {}, 0
    for v in values:
        for key, term in v.entries.items():
            entries[(*key[:axis], key[axis] + offset, *key[axis + 1 :])] = term
        offset += len(v.shape[axis])
    first = values[0].shape
    return tape.define((*first[:axis], joined, *first[axis + 1 :]), entries)
