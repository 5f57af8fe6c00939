"""What is to be shown about a recording, as equations: one for every block of every gradient.

A function with outputs out_k has the objective ``sum_k sum out_k * dout_k``; its vector-Jacobian product by x[n, d]
is the derivative of the objective by x[n, d]. A loss is its own objective.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from proofs.calculus.terms import Array, Definition, Diff, Element, Index, Num, Statement, Sum, Term, children, rename
from proofs.capture import NotCaptured
from proofs.capture.arithmetic import times
from proofs.capture.shapes import Shape
from proofs.capture.values import Key, Value, added, describe, indices_of, keys_of
from proofs.gradients.recording import Recording, is_output, piece, upstream_arrays

OBJECTIVE = "objective"
ZERO = Num(Fraction(0))
Domains = Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """One equation: the result and the block it is about, and the name of a shift it must not depend on, if any."""

    label: str
    statement: Statement
    result: str = ""
    key: Key = ()


def gradient_parts(recording: Recording, names: Sequence[str], is_loss: bool, domains: Domains) -> Iterator[Part]:
    """The derivative of the objective by each of `names` is what came back. Raises NotCaptured for a wrong shape."""
    objective = _objective(recording, is_loss)
    opened = replace(recording, definitions=(*recording.definitions, Definition(OBJECTIVE, (), objective)))
    for array in recording.opaque:
        indices = tuple(Index(f"i{n}", dim) for n, dim in enumerate(array.dims))
        by = Element(array.name, tuple(i.name for i in indices))
        independent = _plain(opened, Diff(Element(OBJECTIVE), by), ZERO, indices, domains)
        yield Part(f"independence of {array.name}", independent)
    by_name = {p.name: p for p in recording.parameters}
    for name in names:
        if name not in recording.results:
            raise NotCaptured(f"no gradient of {name} came back")
        gradient, shape = recording.results[name], by_name[name].shape
        if gradient.shape != shape:
            raise NotCaptured(f"the gradient of {name} has shape {describe(gradient.shape)}, not {describe(shape)}")
        for key in keys_of(shape):
            derivative = Diff(Element(OBJECTIVE), piece(name, shape, key))
            statement = _plain(opened, derivative, gradient.entries[key], indices_of(shape, key), domains)
            yield Part(label(name, shape, key), statement, name, key)


def equality_parts(recording: Recording, domains: Domains) -> Iterator[Part]:
    """``out`` and ``other`` are equal. Raises NotCaptured when their shapes differ."""
    left, right = recording.results["out"], recording.results["other"]
    if left.shape != right.shape:
        raise NotCaptured(f"the results have the shapes {describe(left.shape)} and {describe(right.shape)}")
    for key in keys_of(left.shape):
        statement = _plain(recording, left.entries[key], right.entries[key], indices_of(left.shape, key), domains)
        yield Part(label("out", left.shape, key), statement, "other", key)


def label(name: str, shape: Shape, key: Key) -> str:
    """``x``, or ``x[0, 1]`` where axes are made of several blocks."""
    blocks = [str(block) for axis, block in enumerate(key) if len(shape[axis]) > 1]
    return f"{name}[{', '.join(blocks)}]" if blocks else name


def _objective(recording: Recording, is_loss: bool) -> Term:
    parts: list[Term] = []
    for name, value in recording.results.items():
        if not is_output(name):
            continue
        if is_loss and value.shape:
            raise NotCaptured(f"the loss has shape {describe(value.shape)}, not that of a number")
        for key in keys_of(value.shape):
            t = value.entries[key]
            if not is_loss:
                t = times(t, piece(f"d{name}", value.shape, key))
            for index in indices_of(value.shape, key):
                t = Sum(index, t)
            parts.append(t)
    return added(parts)


def _plain(recording: Recording, lhs: Term, rhs: Term, indices: tuple[Index, ...], domains: Domains) -> Statement:
    """The statement with its free indices named after their dimensions."""
    arrays = [*recording.arrays, *recording.opaque, *upstream_arrays(recording)]
    taken = {a.name for a in arrays} | {d.name for d in recording.definitions}
    names: dict[str, str] = {}
    for index in indices:
        letter = index.dim[0].lower()
        choices = (f"{letter}{number or ''}" for number in range(len(taken) + 1))
        names[index.name] = next(choice for choice in choices if choice not in taken)
        taken.add(names[index.name])
    free = tuple(Index(names[i.name], i.dim) for i in indices)
    in_domain = tuple(replace(a, domain=_domain(a, recording, domains)) for a in arrays)
    left, right = _renamed(lhs, names), _renamed(rhs, names)
    return Statement(left, right, free, in_domain, _used(recording.definitions, (left, right)))


def _used(definitions: Sequence[Definition], sides: tuple[Term, ...]) -> tuple[Definition, ...]:
    """The definitions that the sides rest on, in order."""
    wanted = {name for side in sides for name in _names(side)}
    kept = []
    for definition in reversed(definitions):
        if definition.name in wanted:
            kept.append(definition)
            wanted |= _names(definition.body)
    return tuple(reversed(kept))


def _names(t: Term) -> set[str]:
    own = {t.name} if isinstance(t, Element) else set()
    return own.union(*(_names(child) for child in children(t)))


def _renamed(t: Term, names: Mapping[str, str]) -> Term:
    if isinstance(t, Diff):
        return Diff(t.body, Element(t.by.name, tuple(names[i] for i in t.by.indices)))
    return rename(t, names)


def _domain(array: Array, recording: Recording, domains: Domains) -> str:
    for p in recording.parameters:
        if array.name in {piece(p.name, p.shape, key).name for key in keys_of(p.shape)}:
            return domains.get(p.name, array.domain)
    return array.domain


def blocks_of(recording: Recording, name: str) -> Value:
    """A parameter as the value of its own elements, an upstream gradient as that of its output's shape."""
    for p in recording.parameters:
        if p.name == name:
            shape = p.shape if p.classes is None else (*p.shape, p.classes)
            return Value(shape, {key: piece(name, shape, key) for key in keys_of(shape)})
    shape = recording.results[name[1:]].shape
    return Value(shape, {key: piece(name, shape, key) for key in keys_of(shape)})
