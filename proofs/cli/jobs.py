"""The gradients that `gradproof check` is asked to settle, found in the user's files, and settled one by one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from proofs.capture import ShapeError
from proofs.claim import Scope
from proofs.cli.targets import TargetError, entries, function_in, split_target
from proofs.cli.terminal import Progress
from proofs.gradients import Proof, prove_gradient, prove_vjp
from proofs.gradients.registry import Pair, arranged, registered

_NOTHING = (
    "{name} registers no gradient; write @vjp_of(forward, shapes={{...}}) above a backward function (from proofs "
    "import vjp_of), or name one: gradproof check {source}:backward --forward forward --shapes 'x: N D'"
)
Load = Callable[[str], ModuleType]


@dataclass(frozen=True, slots=True)
class Job:
    """One gradient to settle: the function that computes it, where that stands, and how to settle it."""

    name: str
    place: str
    prove: Callable[[], Proof]


def registered_jobs(load: Load, targets: Sequence[str]) -> list[Job]:
    """What the targets register when they are imported, imports of their own included. Raises TargetError."""
    before = len(registered())
    chosen: dict[int, Pair] = {}
    for target in targets:
        source, function = split_target(target)
        known = len(registered())
        module = load(source)
        wanted = function_in(module, source, function) if function else None
        ours = registered()[known:]
        ours += tuple(p for p in registered()[before:known] if p.backward.__module__ == module.__name__)
        found = {id(pair): pair for pair in ours if wanted in (None, pair.backward)}
        if not found:
            raise TargetError(_NOTHING.format(name=target, source=source))
        chosen |= found
    return [_job(pair.backward, partial(_prove_pair, pair)) for pair in chosen.values()]


def named_job(load: Load, target: str, forward: str, wrt: str, shapes: str, domains: str) -> Job:
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
        by = [part.strip() for part in wrt.split(",") if part.strip()]
        return _job(function, lambda: prove_gradient(function, arranged(function, given), by, restricted))
    forward_source, forward_name = split_target(forward)
    forward_source, forward_name = (forward_source, forward_name) if forward_name else (source, forward)
    original = function_in(load(forward_source), forward_source, forward_name)
    return _job(function, lambda: prove_vjp(original, function, arranged(original, given), restricted))


def settled(jobs: Sequence[Job], progress: Progress) -> list[Proof]:
    """The answer to each job, in order. Raises TargetError for shapes and domains that do not fit."""
    found = []
    for number, job in enumerate(jobs):
        progress(number, len(jobs), job.name)
        try:
            found.append(job.prove())
        except ShapeError as error:
            raise TargetError(f"{job.name}: {error}") from None
        except SystemExit as error:
            found.append(Proof(job.name, Scope("none"), {}, f"the code ends the program with exit code {error.code}"))
    return found


def _prove_pair(pair: Pair) -> Proof:
    return prove_vjp(pair.forward, pair.backward, pair.shapes, pair.domains)


def _job(function: Callable[..., Any], prove: Callable[[], Proof]) -> Job:
    code = getattr(inspect.unwrap(function), "__code__", None)
    place = ""
    if code is not None:
        path = Path(code.co_filename)
        here = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
        place = f"{here}:{code.co_firstlineno}"
    return Job(getattr(function, "__qualname__", repr(function)), place, prove)
