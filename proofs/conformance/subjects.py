"""Code under test made ready to be tried: how to call it, the formula it is held to, and the space of its inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from proofs.capture import NotCaptured, Parameter
from proofs.conformance.cases import Space
from proofs.conformance.judging import Formulas, Subject
from proofs.gradients.methods import paired
from proofs.gradients.plain import concrete
from proofs.gradients.proving import (
    Vjp,
    chosen_from,
    in_order_of_parameters,
    loss_program,
    parameters_of,
    positional_names,
)
from proofs.gradients.recording import is_output
from proofs.gradients.stage import Program, Stage
from proofs.gradients.statements import Domains

FIRST = -1
"""Of what a loss with its gradient returns, the formula is the first."""


def vjp_subject(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    shapes: Mapping[str, str],
    domains: Domains | None,
    formula: Callable[..., Any] | None,
    dtypes: Sequence[str],
) -> Subject:
    """The code of `check_vjp`, ready to be tried."""
    shapes = in_order_of_parameters(formula or forward, shapes)
    parameters = parameters_of(shapes, domains)
    text = f"{_name(backward)} is the vjp of {_name(forward)}"
    forward, backward = paired(forward, backward)
    program = Vjp(forward, backward, parameters)
    taken = len(positional_names(backward)) if formula is None else 0
    made = Formulas(parameters, _forward_program(formula or forward, taken), False)
    wrt = tuple(p.name for p in parameters if p.classes is None)

    def call() -> str:
        return program.text() if program.names else f"{_name(backward)}(dout, {', '.join(shapes)})"

    return _subject(text, program, made, parameters, domains, dtypes, wrt, call)


def gradient_subject(
    loss: Callable[..., Any],
    shapes: Mapping[str, str],
    wrt: Sequence[str],
    domains: Domains | None,
    formula: Callable[..., Any] | None,
    dtypes: Sequence[str],
) -> Subject:
    """The code of `check_gradient`, ready to be tried."""
    shapes = in_order_of_parameters(loss if formula is None else formula, shapes)
    parameters = parameters_of(shapes, domains)
    program = loss_program(loss, chosen_from(parameters, wrt))

    def call() -> str:
        return f"{_name(loss)}({', '.join(shapes)})"

    made = Formulas(parameters, _forward_program(formula or loss, FIRST), True)
    names = tuple(wrt)
    return _subject(f"{_name(loss)} returns its gradient", program, made, parameters, domains, dtypes, names, call)


def forward_subject(
    f: Callable[..., Any],
    formula: Callable[..., Any],
    shapes: Mapping[str, str],
    domains: Domains | None,
    dtypes: Sequence[str],
) -> Subject:
    """The code of `check_forward`, ready to be tried."""
    shapes = in_order_of_parameters(formula, shapes)
    parameters = parameters_of(shapes, domains)
    made = Formulas(parameters, _forward_program(formula), False)

    def call() -> str:
        return f"{_name(f)}({', '.join(shapes)})"

    text = f"{_name(f)} computes {_name(formula)}"
    return _subject(text, _forward_program(f), made, parameters, domains, dtypes, (), call)


def _subject(
    text: str,
    program: Program,
    formulas: Formulas,
    parameters: Sequence[Parameter],
    domains: Domains | None,
    dtypes: Sequence[str],
    wrt: tuple[str, ...],
    call: Callable[[], str],
) -> Subject:
    def upstream(sizes: Mapping[str, int]) -> dict[str, tuple[int, ...]]:
        if not wrt or formulas.is_loss:
            return {}
        try:
            results = formulas.at(sizes).recording.results
        except NotCaptured:
            return {}
        return {f"d{name}": concrete(v.shape, sizes) for name, v in results.items() if is_output(name)}

    def mixed() -> frozenset[str]:
        try:
            return formulas.at(space.usual()).mixed
        except NotCaptured:
            return frozenset(space.dims)

    space = Space(tuple(parameters), dict(domains or {}), upstream, tuple(dtypes), mixed)
    return Subject(text, program, formulas, space, wrt, call)


def _forward_program(function: Callable[..., Any], taken: int = 0) -> Program:
    """Calls a forward pass and names its outputs: all that it returns, or `FIRST`, or all but the cache.

    As in `prove_vjp` the last of several is a cache where a backward function takes as many arguments (`taken`).
    """

    def program(stage: Stage, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        returned = stage.call(function, *inputs.values())
        outputs = returned if isinstance(returned, tuple) else (returned,)
        if taken == FIRST:
            outputs = outputs[:1]
        elif 1 < len(outputs) == taken:
            outputs = outputs[:-1]
        names = ["out"] if len(outputs) == 1 else [f"out{k}" for k in range(len(outputs))]
        return {name: stage.kept(out) for name, out in zip(names, outputs, strict=True)}

    return program


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", "the code")
