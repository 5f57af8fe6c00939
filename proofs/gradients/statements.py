"""What is to be shown about a recording, as equations: one for every block of every gradient.

A function with outputs out_k has the objective ``sum_k sum out_k * dout_k``; its vector-Jacobian product by x[n, d]
is the derivative of the objective by x[n, d]. A loss is its own objective.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from proofs.calculus.terms import Definition, Diff, Element, Index, Num, Statement, Sum, Term, rename
from proofs.capture import NotCaptured
from proofs.capture.arithmetic import times
from proofs.capture.shapes import Axis, Shape, dim, polynomial
from proofs.capture.sizes import size_term
from proofs.capture.values import Key, added, describe, indices_of, keys_of
from proofs.gradients.recording import Recording, is_output, piece, upstream_arrays

OBJECTIVE = "objective"
ZERO = Num(Fraction(0))
LEAST_SIZE = re.compile(r"integer >= ([1-8])")
Domains = Mapping[str, str]
"""By the name of a parameter the numbers it may hold; by that of a dimension its least size, ``integer >= 2``."""


def least_sizes(domains: Domains) -> dict[str, int]:
    """The least sizes that are declared: those of the dimensions not named are 1."""
    found = {name: LEAST_SIZE.fullmatch(text) for name, text in domains.items()}
    return {name: int(match[1]) for name, match in found.items() if match}


def raised(sizes: Mapping[str, int], domains: Domains) -> dict[str, int]:
    """The sizes, each at least as large as it is declared to be."""
    least = least_sizes(domains)
    return {dim: max(size, least.get(dim, 0)) for dim, size in sizes.items()}


@dataclass(frozen=True)
class Part:
    """One equation: the result and the block it is about, or the `aspect` of its shape (``ndim``, ``shape[0]``)."""

    label: str
    statement: Statement
    result: str = ""
    key: Key = ()
    aspect: str = ""


def gradient_parts(recording: Recording, names: Sequence[str], is_loss: bool, domains: Domains) -> Iterator[Part]:
    """The derivative of the objective by each of `names` is what came back; where shapes differ, that they do not."""
    recording = _restricted(recording, domains)
    objective = objective_of(recording, is_loss)
    opened = replace(recording, definitions=(*recording.definitions, Definition(OBJECTIVE, (), objective)))
    for array in recording.opaque:
        indices = tuple(Index(f"i{n}", dim) for n, dim in enumerate(array.dims))
        by = Element(array.name, tuple(i.name for i in indices))
        independent = _plain(opened, Diff(Element(OBJECTIVE), by), ZERO, indices)
        yield Part(f"independence of {array.name}", independent)
    by_name = {p.name: p for p in recording.parameters}
    for name in names:
        if name not in recording.results:
            raise NotCaptured(f"no gradient of {name} came back")
        gradient, shape = recording.results[name], by_name[name].shape
        if gradient.shape != shape:
            yield _shape_part(recording, name, gradient.shape, shape)
            continue
        for key in keys_of(shape):
            derivative = Diff(Element(OBJECTIVE), piece(name, shape, key))
            statement = _plain(opened, derivative, gradient.entries[key], indices_of(shape, key))
            yield Part(label(name, shape, key), statement, name, key)


def equality_parts(recording: Recording, domains: Domains) -> Iterator[Part]:
    """``out`` and ``other`` are equal; where their shapes differ, that they do not."""
    recording = _restricted(recording, domains)
    left, right = recording.results["out"], recording.results["other"]
    if left.shape != right.shape:
        yield _shape_part(recording, "other", right.shape, left.shape)
        return
    for key in keys_of(left.shape):
        statement = _plain(recording, left.entries[key], right.entries[key], indices_of(left.shape, key))
        yield Part(label("out", left.shape, key), statement, "other", key)


def _shape_part(recording: Recording, name: str, given: Shape, wanted: Shape) -> Part:
    """The first difference between two shapes as an equation. Raises NotCaptured where sizes do not tell them apart."""
    aspect = "ndim"
    sides: tuple[Term, Term] = Num(Fraction(len(given))), Num(Fraction(len(wanted)))
    if len(given) == len(wanted):
        sizes = [(sum_of_sizes(a), sum_of_sizes(b)) for a, b in zip(given, wanted, strict=True)]
        axis = next((k for k, (a, b) in enumerate(sizes) if a != b), None)
        if axis is None:
            raise NotCaptured(
                f"{name} has shape {describe(given)} in another order of its parts than {describe(wanted)}"
            )
        aspect, sides = f"shape[{axis}]", sizes[axis]
    text = f"the shape {describe(given)} of {name} is {describe(wanted)}"
    return Part(text, _plain(recording, sides[1], sides[0], ()), name, (), aspect)


def sum_of_sizes(axis: Axis) -> Term:
    """The size of an axis as a term."""
    return size_term(dim(axis.count(()), dict(polynomial(axis))))


def label(name: str, shape: Shape, key: Key) -> str:
    """``x``, or ``x[0, 1]`` where axes are made of several blocks."""
    blocks = [str(block) for axis, block in enumerate(key) if len(shape[axis]) > 1]
    return f"{name}[{', '.join(blocks)}]" if blocks else name


def objective_of(recording: Recording, is_loss: bool) -> Term:
    """The number that is differentiated: the loss, or the outputs against the gradients by them. Raises NotCaptured."""
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


def _plain(recording: Recording, lhs: Term, rhs: Term, indices: tuple[Index, ...]) -> Statement:
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
    left, right = _renamed(lhs, names), _renamed(rhs, names)
    statement = Statement(left, right, free, tuple(arrays), recording.definitions)
    dims = statement.dims
    return replace(statement, least=tuple((dim, size) for dim, size in recording.least if dim in dims))


def _renamed(t: Term, names: Mapping[str, str]) -> Term:
    if isinstance(t, Diff):
        return Diff(t.body, Element(t.by.name, tuple(names[i] for i in t.by.indices)))
    return rename(t, names)


def _restricted(recording: Recording, domains: Domains) -> Recording:
    """The recording with the arrays of parameters in their domains, and no size below its least one."""
    wanted = {
        piece(p.name, p.shape, key).name: domains[p.name]
        for p in recording.parameters
        if p.name in domains
        for key in keys_of(p.shape)
    }
    arrays = tuple(replace(a, domain=wanted.get(a.name, a.domain)) for a in recording.arrays)
    return replace(recording, arrays=arrays, least=tuple(least_sizes(domains).items()))
