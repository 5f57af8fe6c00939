"""prove_vjp, prove_gradient, prove_equal: what code computes is captured and settled against its own derivative.

Guarantee: PROVED speaks of the real-number function that the captured code computes, for the sizes in the scope; the
capture is compared with the code itself on random arrays (tested, not proved). What was not followed is UNDECIDED.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from typing import Any

from proofs.calculus import DomainError, settle_statement
from proofs.calculus.terms import Array, Definition, Diff, Element, Index, Num, Statement, Sum, Term, rename
from proofs.capture import NotCaptured, Parameter, ShapeError, read_parameter
from proofs.capture.arithmetic import times
from proofs.capture.shapes import Shape
from proofs.capture.values import Key, Value, added, describe, indices_of, keys_of
from proofs.claim import Claim, Scope, Status, Verdict
from proofs.gradients.proof import Proof
from proofs.gradients.recording import Recording, dimensions, is_output, piece, record, record_at, upstream_arrays
from proofs.gradients.registry import arranged
from proofs.gradients.rehearsal import disagreement
from proofs.gradients.stage import Program, Stage

SIZES_TRIED = 4
OBJECTIVE = "objective"
Domains = Mapping[str, str]


def prove_vjp(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    shapes: Mapping[str, str],
    domains: Domains | None = None,
) -> Proof:
    """Is `backward` the vector-Jacobian product of `forward`, for all real inputs and all sizes?

    forward(*inputs) returns out, then backward(dout, *inputs); or (out, cache), then backward(dout, cache). The
    gradients come back in the order of the real-valued parameters or as a dict by name. shapes has one entry a
    parameter of forward, in order: ``{"x": "N D", "y": "N -> C", "c": ""}``. Raises ShapeError for shapes that cannot
    be read; whatever the code does otherwise is a verdict.
    """
    shapes = arranged(forward, shapes)
    parameters = _parameters(shapes, domains)
    takes_cache = len(_positional(backward)) == 2

    def program(stage: Stage, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        returned = stage.call(forward, *inputs.values())
        cached = isinstance(returned, tuple) and len(returned) == 2 and takes_cache
        outputs = (returned[0],) if cached else returned if isinstance(returned, tuple) else (returned,)
        results: dict[str, Any] = {}
        upstream = []
        for number, out in enumerate(outputs):
            label = "" if len(outputs) == 1 else str(number)
            results[f"out{label}"] = out
            upstream.append(stage.upstream(f"dout{label}", out))
        rest = (returned[1],) if cached else tuple(inputs.values())
        given = stage.call(backward, *upstream, *rest)
        return {**results, **_named(given, [p for p in parameters if p.classes is None])}

    return _prove(f"{_name(backward)} is the vjp of {_name(forward)}", parameters, program, domains or {}, ())


def prove_gradient(
    loss: Callable[..., Any],
    shapes: Mapping[str, str],
    wrt: Sequence[str],
    domains: Domains | None = None,
) -> Proof:
    """Does ``loss(*inputs)`` return (loss, gradient) with the gradient by the parameters `wrt`?

    The gradient is an array, a tuple in the order of `wrt`, or a dict by name. Raises ShapeError.
    """
    shapes = arranged(loss, shapes)
    parameters = _parameters(shapes, domains)
    unknown = [name for name in wrt if name not in shapes]
    if unknown or not wrt:
        raise ShapeError(f"wrt: expected some of {', '.join(shapes)}, got {list(wrt)}")

    def program(stage: Stage, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        returned = stage.call(loss, *inputs.values())
        if not isinstance(returned, tuple) or len(returned) < 2:
            raise NotCaptured("the function returns no (loss, gradient)")
        given = returned[1] if len(returned) == 2 else returned[1:]
        chosen = [next(p for p in parameters if p.name == name) for name in wrt]
        return {"out": returned[0], **_named(given, chosen)}

    return _prove(f"{_name(loss)} returns its gradient", parameters, program, domains or {}, tuple(wrt))


def prove_equal(
    f: Callable[..., Any], g: Callable[..., Any], shapes: Mapping[str, str], domains: Domains | None = None
) -> Proof:
    """Do two functions return the same array for all real inputs and all sizes? Raises ShapeError.

    Both take the parameters in the order of `f`.
    """
    shapes = arranged(f, shapes)
    parameters = _parameters(shapes, domains)

    def program(stage: Stage, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"out": stage.call(f, *inputs.values()), "other": stage.call(g, *inputs.values())}

    def pairs(recording: Recording) -> Iterator[tuple[str, Statement]]:
        left, right = recording.results["out"], recording.results["other"]
        if left.shape != right.shape:
            raise NotCaptured(f"the results have the shapes {describe(left.shape)} and {describe(right.shape)}")
        for key in keys_of(left.shape):
            yield _label("out", left.shape, key), _statement(recording, left, right, key, domains or {})

    return _settled(f"{_name(f)} equals {_name(g)}", parameters, program, domains or {}, pairs)


def _prove(text: str, parameters: list[Parameter], program: Program, domains: Domains, wrt: Sequence[str]) -> Proof:
    names = wrt or [p.name for p in parameters if p.classes is None]

    def pairs(recording: Recording) -> Iterator[tuple[str, Statement]]:
        objective = _objective(recording, bool(wrt))
        opened = replace(recording, definitions=(*recording.definitions, Definition(OBJECTIVE, (), objective)))
        for array in recording.opaque:
            indices = tuple(Index(f"i{n}", dim) for n, dim in enumerate(array.dims))
            by = Element(array.name, tuple(i.name for i in indices))
            yield f"independence of {array.name}", _plain(opened, Diff(Element(OBJECTIVE), by), ZERO, indices, domains)
        by_name = {p.name: p for p in recording.parameters}
        for name in names:
            if name not in recording.results:
                raise NotCaptured(f"no gradient of {name} came back")
            gradient, shape = recording.results[name], by_name[name].shape
            if gradient.shape != shape:
                raise NotCaptured(f"the gradient of {name} has shape {describe(gradient.shape)}, not {describe(shape)}")
            for key in keys_of(shape):
                yield _label(name, shape, key), _gradient_statement(opened, name, gradient, key, domains)

    return _settled(text, parameters, program, domains, pairs)


ZERO = Num(Fraction(0))


def _objective(recording: Recording, is_loss: bool) -> Term:
    """``sum out * dout`` over all outputs; the loss itself for a loss."""
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


def _gradient_statement(recording: Recording, name: str, gradient: Value, key: Key, domains: Domains) -> Statement:
    by = piece(name, gradient.shape, key)
    indices = indices_of(gradient.shape, key)
    return _plain(recording, Diff(Element(OBJECTIVE), by), gradient.entries[key], indices, domains)


def _statement(recording: Recording, left: Value, right: Value, key: Key, domains: Domains) -> Statement:
    return _plain(recording, left.entries[key], right.entries[key], indices_of(left.shape, key), domains)


def _plain(recording: Recording, lhs: Term, rhs: Term, indices: tuple[Index, ...], domains: Domains) -> Statement:
    """The statement with its free indices named after their dimensions, and only the definitions that it needs."""
    taken: dict[str, int] = {}
    names = {}
    arrays = [*recording.arrays, *recording.opaque, *upstream_arrays(recording)]
    used = {a.name for a in arrays} | {d.name for d in recording.definitions}
    for index in indices:
        letter = index.dim[0].lower()
        while letter in taken or letter in used:
            taken[index.dim] = taken.get(index.dim, 0) + 1
            letter = f"{index.dim[0].lower()}{taken[index.dim]}"
        taken[letter] = 1
        names[index.name] = letter
    lhs, rhs = (_renamed(t, names) for t in (lhs, rhs))
    free = tuple(Index(names[i.name], i.dim) for i in indices)
    in_domain = tuple(replace(a, domain=_domain(a, recording, domains)) for a in arrays)
    return Statement(lhs, rhs, free, in_domain, recording.definitions)


def _renamed(t: Term, names: Mapping[str, str]) -> Term:
    return (
        Diff(t.body, Element(t.by.name, tuple(names[i] for i in t.by.indices)))
        if isinstance(t, Diff)
        else rename(t, names)
    )


def _domain(array: Array, recording: Recording, domains: Domains) -> str:
    for p in recording.parameters:
        if array.name == p.name or array.name.startswith(f"{p.name}_"):
            return domains.get(p.name, array.domain)
    return array.domain


def _label(name: str, shape: Shape, key: Key) -> str:
    blocks = [str(block) for axis, block in enumerate(key) if len(shape[axis]) > 1]
    return f"{name}[{', '.join(blocks)}]" if blocks else name


def _settled(
    text: str,
    parameters: list[Parameter],
    program: Program,
    domains: Domains,
    pairs: Callable[[Recording], Iterator[tuple[str, Statement]]],
) -> Proof:
    """Settle for all sizes; where that is not followed, at a few sizes, and the scope says so."""
    try:
        recording = record(parameters, program)
        parts = _verdicts(text, recording, pairs)
        return Proof(text, _scope(parameters), parts, disagreement(recording, program, domains))
    except NotCaptured as error:
        reason = str(error)
    tried: list[str] = []
    all_parts: dict[str, Verdict] = {}
    dims = dimensions(parameters)
    for sizes in islice(_small_sizes(dims), SIZES_TRIED):
        shown = ", ".join(f"{d} = {n}" for d, n in sizes.items())
        try:
            recording = record_at(parameters, program, sizes)
            parts = _verdicts(text, recording, pairs)
            odd = disagreement(recording, program, domains)
        except NotCaptured as error:
            return Proof(text, _scope(parameters), {}, f"{reason}; at {shown}: {error}")
        found = Proof(text, Scope(f"only the sizes {shown}"), parts, odd)
        if found.status is Status.REFUTED:
            return found
        if found.status is not Status.PROVED:
            return replace(found, obstacle=f"{reason}; at {shown}: {found.reason}")
        tried.append(shown)
        all_parts |= {f"{name} at {shown}": verdict for name, verdict in parts.items()}
    if not tried:
        return Proof(text, _scope(parameters), {}, reason)
    return Proof(text, Scope(f"only the sizes tried: {'; '.join(tried)}"), all_parts, "", note=reason)


def _small_sizes(dims: Sequence[str]) -> Iterator[dict[str, int]]:
    if not dims:
        return
    yield dict.fromkeys(dims, 2)
    yield dict.fromkeys(dims, 1)
    if len(dims) > 1:
        yield {d: 1 + (n % 3 == 0) for n, d in enumerate(dims)}
        yield {d: 2 + (n % 2) for n, d in enumerate(dims)}
    else:
        yield dict.fromkeys(dims, 3)


def _verdicts(
    text: str, recording: Recording, pairs: Callable[[Recording], Iterator[tuple[str, Statement]]]
) -> dict[str, Verdict]:
    found = {}
    for name, statement in pairs(recording):
        try:
            verdict = settle_statement(statement, name=f"{text}: {name}", assume_nonzero=True)
        except DomainError as error:
            verdict = Verdict(Claim(name, text), Status.UNDECIDED, Scope("none"), reason=str(error))
        found[name] = verdict
    return found


def _scope(parameters: Sequence[Parameter]) -> Scope:
    dims = dimensions(parameters)
    return Scope(f"all {', '.join(dims)} >= 1" if dims else "all real values")


def _parameters(shapes: Mapping[str, str], domains: Domains | None) -> list[Parameter]:
    unknown = set(domains or {}) - set(shapes)
    if unknown:
        raise ShapeError(f"domains: {', '.join(sorted(unknown))} are not among the parameters {', '.join(shapes)}")
    wrong = {d for d in (domains or {}).values() if d not in ("real", "positive", "nonzero", "simplex")}
    if wrong:
        raise ShapeError(f"domains: {', '.join(sorted(wrong))}: expected real, positive, nonzero or simplex")
    return [read_parameter(name, text) for name, text in shapes.items()]


def _named(given: Any, parameters: Sequence[Parameter]) -> dict[str, Any]:
    """The gradients by parameter name."""
    names = [p.name for p in parameters]
    if isinstance(given, dict):
        return {n: given[k] for n in names for k in (n, f"d{n}", f"grad_{n}") if k in given}
    several = tuple(given) if isinstance(given, (tuple, list)) else (given,)
    if len(several) != len(names):
        raise NotCaptured(f"{len(several)} gradients came back for the {len(names)} parameters {', '.join(names)}")
    return {n: g for n, g in zip(names, several, strict=True) if g is not None}


def _positional(function: Callable[..., Any]) -> list[str]:
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [p.name for p in inspect.signature(function).parameters.values() if p.kind in kinds and p.default is p.empty]


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", "the function")
