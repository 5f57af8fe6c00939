"""What code returns where the derivative does not exist, against the Clarke subdifferential.

At a point where an argument of relu, abs or a comparison is 0 the subdifferential is the segment between the gradients
on the two sides, which are the code's own (they are proved there). What the code returns must lie on that segment.
Tested in floating point at one point a kink, not proved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from proofs.calculus.dual import EvaluationError
from proofs.calculus.terms import Element, Fn, Term, children
from proofs.capture import NotCaptured
from proofs.gradients.plain import drawn, evaluator, numbers_of, places
from proofs.gradients.recording import Recording, dimensions, is_output
from proofs.gradients.stage import PlainStage, Program
from proofs.gradients.statements import raised

KINKED = ("relu", "abs", "step")
MOST_KINKS = 8
MOST_ENTRIES = 24
STEP = 2.0**-20
CLEAR = 1e-4


@dataclass(frozen=True)
class Kink:
    """What was found at one kink: a sentence, whether the code's answer lies in the subdifferential, and the point."""

    text: str
    inside: bool
    sizes: Mapping[str, int] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    upstream: Mapping[str, Any] = field(default_factory=dict)


def conventions(recording: Recording, program: Program, domains: Mapping[str, str]) -> list[Kink]:
    """The code's answer at a point of every kink, as far as such a point is found by moving one entry."""
    dims = dimensions(recording.parameters)
    sizes = raised({d: 2 + n % 2 for n, d in enumerate(dims)}, domains)
    found: dict[str, Kink] = {}
    for term, indices in _kinked(recording):
        try:
            kink = _at(recording, program, domains, sizes, term, indices)
        except (NotCaptured, EvaluationError, ArithmeticError):
            continue
        if kink is not None:
            found.setdefault(kink.text, kink)
    return list(found.values())


def _kinked(recording: Recording) -> Iterator[tuple[Term, Mapping[str, int]]]:
    """The arguments that may be 0 in what the outputs, then the gradients, are made of, under their first indices."""
    bodies = {d.name: d for d in recording.definitions}
    named = sorted(recording.results.items(), key=lambda result: is_output(result[0]))
    pending: list[Term] = [t for _, value in named for t in value.entries.values()]
    seen: set[str | Term] = set()
    count = 0
    while pending:
        t = pending.pop()
        if isinstance(t, Element) and t.name in bodies and t.name not in seen:
            seen.add(t.name)
            definition = bodies[t.name]
            for inner in _functions(definition.body):
                if count < MOST_KINKS and inner not in seen:
                    seen.add(inner)
                    count += 1
                    yield inner, {index.name: 0 for index in definition.indices}
            pending.append(definition.body)
        pending += children(t)


def _functions(t: Term) -> Iterator[Term]:
    if isinstance(t, Fn) and t.name in KINKED:
        yield t.argument
    for child in children(t):
        yield from _functions(child)


def _at(
    recording: Recording,
    program: Program,
    domains: Mapping[str, str],
    sizes: Mapping[str, int],
    term: Term,
    indices: Mapping[str, int],
) -> Kink | None:
    random = np.random.default_rng(3)
    inputs = drawn(random, recording.parameters, sizes, domains)
    first = PlainStage(random)
    program(first, {n: np.array(x) for n, x in inputs.items()})
    upstream = {name: np.abs(array) + 1.0 for name, array in first.drawn.items()}

    def argument(given: Mapping[str, Any]) -> float:
        numbers = numbers_of(recording, sizes, {**given, **upstream})
        return float(evaluator(recording, sizes, numbers).value(term, indices))

    def gradient(given: Mapping[str, Any]) -> dict[str, Any]:
        results = program(PlainStage(random, upstream), {n: np.array(x) for n, x in given.items()})
        return {n: np.asarray(r, dtype=float) for n, r in results.items() if not is_output(n)}

    place = _zero(recording, sizes, inputs, argument)
    if place is None:
        return None
    name, position, value = place
    here, above, below = (gradient(_moved(inputs, name, position, value + step)) for step in (0.0, STEP, -STEP))
    at = f"{name}[{', '.join(map(str, position))}] = {value:.6g}" if position else f"{name} = {value:.6g}"
    kink = _compared(at, here, above, below)
    return kink and replace(kink, sizes=sizes, inputs=_moved(inputs, name, position, value), upstream=upstream)


def _zero(
    recording: Recording, sizes: Mapping[str, int], inputs: Mapping[str, Any], argument: Any
) -> tuple[str, tuple[int, ...], float] | None:
    """An entry, and the value of it at which the argument is exactly 0."""
    tried = 0
    for p in recording.parameters:
        if p.classes is not None:
            continue
        for place in places(p.shape, sizes):
            tried += 1
            if tried > MOST_ENTRIES:
                return None
            start = float(inputs[p.name][place.position])
            at = [argument(_moved(inputs, p.name, place.position, start + step)) for step in (0.0, 1.0, 2.0)]
            slope = at[1] - at[0]
            if slope == 0 or abs(at[2] - 2 * at[1] + at[0]) > 1e-9 * (1 + abs(at[2])):
                continue
            value = start - at[0] / slope
            if argument(_moved(inputs, p.name, place.position, value)) == 0:
                return p.name, place.position, value
    return None


def _moved(inputs: Mapping[str, Any], name: str, position: tuple[int, ...], value: float) -> dict[str, Any]:
    moved = {n: np.array(x) for n, x in inputs.items()}
    moved[name][position] = value
    return moved


def _compared(at: str, here: Mapping[str, Any], above: Mapping[str, Any], below: Mapping[str, Any]) -> Kink | None:
    """Whether the gradient at the kink lies between those on its two sides."""
    names = [n for n in here if here[n].shape == above[n].shape]
    centre, upper, lower = (np.concatenate([g[n].ravel() for n in names]) for g in (here, above, below))
    entries = [(n, at) for n in names for at in np.ndindex(here[n].shape)]
    scale = 1 + float(np.max(np.abs(np.concatenate([upper, lower])), initial=0.0))
    across = upper - lower
    gap = float(np.max(np.abs(across), initial=0.0))
    if not np.all(np.isfinite(np.concatenate([centre, upper, lower]))):
        return None
    share = float((centre - lower) @ across / (across @ across)) if gap > CLEAR * scale else 0.0
    off = np.abs(centre - lower - share * across)
    inside = -CLEAR <= share <= 1 + CLEAR and float(np.max(off, initial=0.0)) <= CLEAR * scale
    if gap <= CLEAR * scale and inside:
        return None
    widest = int(np.argmax(off)) if not inside and np.max(off) > CLEAR * scale else int(np.argmax(np.abs(across)))
    name, position = entries[widest]
    shown = f"{name}[{', '.join(map(str, position))}]" if position else name
    low, high = sorted((float(lower[widest]), float(upper[widest])))
    where = f"inside [{low:.4g}, {high:.4g}]" if inside else "outside the Clarke subdifferential: "
    if not inside:
        where += (
            f"a segment whose ends have {low:.4g} and {high:.4g} there" if gap > CLEAR * scale else f"only {low:.4g}"
        )
    return Kink(f"at {at} the code returns {float(centre[widest]):.4g} for the gradient of {shown}, {where}", inside)
