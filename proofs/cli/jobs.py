"""The gradients that `gradproof check` is asked to settle, found in the user's files, and settled one by one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from proofs.capture import ShapeError
from proofs.claim import Scope
from proofs.cli.targets import TargetError, entries, function_in, split_target
from proofs.cli.terminal import Progress
from proofs.gradients import Proof, prove_gradient, prove_vjp
from proofs.gradients.registry import Loss, Pair, arranged, registered

_NOTHING = (
    "{name} registers no gradient; write @vjp_of(forward, shapes={{...}}) above a backward function or "
    "@gradient_of(shapes={{...}}, wrt=[...]) above a loss (both from proofs), or name a function: gradproof check "
    "{source}:backward --forward forward --shapes 'x: N D'"
)
Load = Callable[[str], ModuleType]


class By(NamedTuple):
    """What answers for a backward function and for a loss: a proof, or a test of its floats."""

    vjp: Callable[..., Any]
    gradient: Callable[..., Any]


PROOF = By(prove_vjp, prove_gradient)


@dataclass(frozen=True, slots=True)
class Job:
    """One gradient to settle: the function that computes it, where that stands, and what answers within seconds."""

    name: str
    place: str
    prove: Callable[[float], Any]


def registered_jobs(load: Load, targets: Sequence[str], by: By = PROOF) -> list[Job]:
    """What the targets register when they are imported, imports of their own included. Raises TargetError."""
    before = len(registered())
    chosen: dict[int, Pair | Loss] = {}
    for target in targets:
        source, function = split_target(target)
        known = len(registered())
        module = load(source)
        wanted = function_in(module, source, function) if function else None
        ours = registered()[known:]
        ours += tuple(p for p in registered()[before:known] if p.function.__module__ == module.__name__)
        found = {id(entry): entry for entry in ours if wanted in (None, entry.function)}
        if not found:
            raise TargetError(_NOTHING.format(name=target, source=source))
        chosen |= found
    return [_job(entry.function, partial(_prove, entry, by)) for entry in chosen.values()]


def named_job(load: Load, target: str, forward: str, wrt: str, shapes: str, domains: str, by: By = PROOF) -> Job:
    """The function `target` as the vjp of `forward`, or as a loss with its gradient by `wrt`. Raises TargetError."""
    source, name = split_target(target)
    if not name:
        raise TargetError(f"{target} names no function; write {target}:function")
    if bool(forward) == bool(wrt):
        raise TargetError("name either --forward, for a backward function, or --gradient, for a loss, and not both")
    if not shapes:
        raise TargetError("--shapes is missing; write --shapes 'x: N D, w: D M', every parameter with its shape")
    given, restricted = entries("--shapes", shapes), entries("--domains", domains) if domains else {}
    function = function_in(load(source), source, name)
    if wrt:
        names = [part.strip() for part in wrt.split(",") if part.strip()]
        return _job(function, lambda s: by.gradient(function, arranged(function, given), names, restricted, seconds=s))
    forward_source, forward_name = split_target(forward)
    forward_source, forward_name = (forward_source, forward_name) if forward_name else (source, forward)
    original = function_in(load(forward_source), forward_source, forward_name)
    return _job(function, lambda s: by.vjp(original, function, arranged(original, given), restricted, seconds=s))


def settled(jobs: Sequence[Job], seconds: float, progress: Progress) -> list[Proof]:
    """The answer to each job, in order, each within `seconds`. Raises TargetError for shapes that do not fit."""
    found = []
    for number, job in enumerate(jobs):
        progress(number, len(jobs), job.name)
        try:
            found.append(job.prove(seconds))
        except ShapeError as error:
            raise TargetError(f"{job.name}: {error}") from None
        except SystemExit as error:
            found.append(Proof(job.name, Scope("none"), {}, f"the code ends the program with exit code {error.code}"))
    return found


def _prove(entry: Pair | Loss, by: By, seconds: float) -> Any:
    if isinstance(entry, Loss):
        return by.gradient(entry.function, entry.shapes, entry.wrt, entry.domains, seconds=seconds)
    return by.vjp(entry.forward, entry.backward, entry.shapes, entry.domains, seconds=seconds)


def _job(function: Callable[..., Any], prove: Callable[[float], Any]) -> Job:
    code = getattr(inspect.unwrap(function), "__code__", None)
    place = ""
    if code is not None:
        path = Path(code.co_filename)
        here = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
        place = f"{here}:{code.co_firstlineno}"
    name = getattr(function, "__qualname__", type(function).__qualname__)
    return Job(" ".join(name.split()), place, prove)
