"""prove_vjp, prove_gradient, prove_equal: what code computes is captured and settled against its own derivative.

Guarantee: PROVED speaks of the real-number function that the captured code computes, for the sizes in the scope; the
capture is compared with the code itself on random arrays (tested, not proved). What was not followed is UNDECIDED.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from proofs.capture import NotCaptured, Parameter, ShapeError, read_parameter
from proofs.gradients.equations import Question
from proofs.gradients.methods import paired
from proofs.gradients.proof import Proof
from proofs.gradients.recording import Recording, clash, dimensions
from proofs.gradients.registry import arranged
from proofs.gradients.settling import settled
from proofs.gradients.stage import Program, Stage
from proofs.gradients.statements import LEAST_SIZE, Domains, Part, equality_parts, gradient_parts

SECONDS = 20.0


def prove_vjp(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    shapes: Mapping[str, str],
    domains: Domains | None = None,
    *,
    seconds: float = SECONDS,
) -> Proof:
    """Is `backward` the vector-Jacobian product of `forward`, for all real inputs and all sizes?

    forward(*inputs) returns out, then backward(dout, *inputs); or (out, cache), then backward(dout, cache); in the
    place of out there may be several, each with its own dout. The gradients come back in the order of the
    real-valued parameters or as a dict by name. shapes has one entry a parameter of forward, in order: ``{"x": "N
    D", "y": "N -> C", "c": ""}``. domains names what a parameter may hold (real, positive, nonzero, simplex), or the
    least size of a dimension: ``{"x": "positive", "N": "integer >= 2"}``. After `seconds` the answer is UNDECIDED with
    what was reached, also where the code never returns (`proofs.deadline` says where that holds). Raises ShapeError
    for shapes that cannot be read and ValueError for no `seconds`; whatever else happens is a verdict.
    """
    shapes = in_order_of_parameters(forward, shapes)
    parameters = parameters_of(shapes, domains)
    program = Vjp(*paired(forward, backward), parameters)

    def parts(recording: Recording, domains: Domains) -> Iterator[Part]:
        return gradient_parts(recording, [p.name for p in parameters if p.classes is None], False, domains)

    text = f"{_name(backward)} is the vjp of {_name(forward)}"
    return settled(
        Question(text, (forward, backward), parameters, program, parts, domains or {}, program.text), seconds
    )


def prove_gradient(
    loss: Callable[..., Any],
    shapes: Mapping[str, str],
    wrt: Sequence[str],
    domains: Domains | None = None,
    *,
    seconds: float = SECONDS,
) -> Proof:
    """Does ``loss(*inputs)`` return (loss, gradient) with the gradient by the parameters `wrt`?

    The gradient is an array, a tuple in the order of `wrt`, or a dict by name. Raises ShapeError.
    """
    shapes = in_order_of_parameters(loss, shapes)
    parameters = parameters_of(shapes, domains)
    program = loss_program(loss, chosen_from(parameters, wrt))

    def parts(recording: Recording, domains: Domains) -> Iterator[Part]:
        return gradient_parts(recording, wrt, True, domains)

    call = f"loss, gradient = {_name(loss)}({', '.join(shapes)})"
    text = f"{_name(loss)} returns its gradient"
    return settled(Question(text, (loss,), parameters, program, parts, domains or {}, lambda: call), seconds)


def prove_equal(
    f: Callable[..., Any],
    g: Callable[..., Any],
    shapes: Mapping[str, str],
    domains: Domains | None = None,
    *,
    seconds: float = SECONDS,
) -> Proof:
    """Do two functions return the same array for all real inputs and all sizes? Raises ShapeError."""
    shapes = in_order_of_parameters(f, shapes)
    parameters = parameters_of(shapes, domains)

    def program(stage: Stage, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        out = stage.kept(stage.call(f, *inputs.values()))
        return {"out": out, "other": stage.call(g, *inputs.values())}

    def parts(recording: Recording, domains: Domains) -> Iterator[Part]:
        return equality_parts(recording, domains)

    arguments = ", ".join(shapes)
    call = f"{_name(f)}({arguments}) - {_name(g)}({arguments})"
    text = f"{_name(f)} equals {_name(g)}"
    return settled(Question(text, (f, g), parameters, program, parts, domains or {}, lambda: call), seconds)


@dataclass
class Vjp:
    """Calls forward, then backward with the cache or the inputs; `returned` is what the forward call last gave."""

    forward: Callable[..., Any]
    backward: Callable[..., Any]
    parameters: list[Parameter]
    names: tuple[str, ...] = field(default=())
    cached: bool = False

    def __call__(self, stage: Stage, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        returned = stage.call(self.forward, *inputs.values())
        several = returned if isinstance(returned, tuple) else (returned,)
        self.cached = len(several) > 1 and len(positional_names(self.backward)) == len(several)
        outputs = several[:-1] if self.cached else several
        results: dict[str, Any] = {}
        upstream = []
        for number, out in enumerate(outputs):
            label = "" if len(outputs) == 1 else str(number)
            results[f"out{label}"] = stage.kept(out)
            upstream.append(stage.upstream(f"dout{label}", out))
        self.names = tuple(f"d{name}" for name in results)
        rest = several[-1:] if self.cached else tuple(inputs.values())
        given = stage.call(self.backward, *upstream, *rest)
        return {**results, **gradients_by_name(given, [p for p in self.parameters if p.classes is None])}

    def text(self) -> str:
        """The calls as code."""
        arguments = ", ".join(p.name for p in self.parameters)
        upstream = ", ".join(self.names)
        if self.cached:
            outputs = ", ".join(name[1:] for name in self.names)
            return f"{outputs}, cache = {_name(self.forward)}({arguments}); {_name(self.backward)}({upstream}, cache)"
        return f"{_name(self.backward)}({upstream}, {arguments})"


def chosen_from(parameters: Sequence[Parameter], wrt: Sequence[str]) -> list[Parameter]:
    """The parameters that a loss is differentiated by. Raises ShapeError."""
    named = {p.name: p for p in parameters}
    if not wrt or not set(wrt) <= named.keys() or len(set(wrt)) < len(wrt):
        raise ShapeError(f"wrt: expected some of {', '.join(named)}, each once, got {list(wrt)}")
    chosen = [named[name] for name in wrt]
    if labels := [p.name for p in chosen if p.classes is not None]:
        raise ShapeError(f"wrt: {', '.join(labels)}: labels are integers, and nothing is differentiated by them")
    return chosen


def loss_program(loss: Callable[..., Any], chosen: Sequence[Parameter]) -> Program:
    """What a loss that returns (loss, gradient) computes, by name."""

    def program(stage: Stage, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        returned = stage.call(loss, *inputs.values())
        if not isinstance(returned, tuple) or len(returned) < 2:
            raise NotCaptured("the function returns no (loss, gradient)")
        given = returned[1] if len(returned) == 2 else returned[1:]
        return {"out": returned[0], **gradients_by_name(given, chosen)}

    return program


def in_order_of_parameters(function: Callable[..., Any], shapes: Mapping[str, str]) -> Mapping[str, str]:
    """`shapes` in the order of the parameters; names of one's own are taken by place if no name is out of its place."""
    try:
        return arranged(function, shapes)
    except ShapeError:
        names = list(inspect.signature(function).parameters)
        if any(name in names and names.index(name) != place for place, name in enumerate(shapes)):
            raise
        return shapes


def parameters_of(shapes: Mapping[str, str], domains: Domains | None) -> list[Parameter]:
    parameters = [read_parameter(name, text) for name, text in shapes.items()]
    dims = dimensions(parameters)
    for name, text in (domains or {}).items():
        if name in shapes and text not in ("real", "positive", "nonzero", "simplex"):
            raise ShapeError(f"domains: {name}: {text}: expected real, positive, nonzero or simplex")
        if name not in shapes and name not in dims:
            sizes = f" and the dimensions {', '.join(dims)}" if dims else ""
            raise ShapeError(f"domains: {name} is not among the parameters {', '.join(shapes)}{sizes}")
        if name not in shapes and not LEAST_SIZE.fullmatch(text):
            raise ShapeError(f"domains: {name}: {text}: expected a least size of the dimension, such as 'integer >= 2'")
    if clash(parameters):
        raise ShapeError(clash(parameters))
    return parameters


def gradients_by_name(given: Any, parameters: Sequence[Parameter]) -> dict[str, Any]:
    """The gradients by parameter name."""
    names = [p.name for p in parameters]
    if isinstance(given, dict):
        return {n: given[k] for n in names for k in (n, f"d{n}", f"grad_{n}") if k in given}
    several = tuple(given) if isinstance(given, (tuple, list)) else (given,)
    if len(several) != len(names):
        raise NotCaptured(f"{len(several)} gradients came back for the {len(names)} parameters {', '.join(names)}")
    return {n: g for n, g in zip(names, several, strict=True) if g is not None}


def positional_names(function: Callable[..., Any]) -> list[str]:
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p.name for p in parameters if p.kind in kinds and p.default is p.empty]


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", "the function")
