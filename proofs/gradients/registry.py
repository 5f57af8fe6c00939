"""`vjp_of` and `gradient_of`: functions say in their own file which derivative they compute, for `gradproof check`.

Registering proves nothing and changes nothing: the function comes back as it was.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from proofs.capture import ShapeError

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Pair:
    """A backward function, the forward function it belongs to, and the shapes and domains of its parameters."""

    forward: Callable[..., Any]
    backward: Callable[..., Any]
    shapes: Mapping[str, str]
    domains: Mapping[str, str]

    @property
    def function(self) -> Callable[..., Any]:
        return self.backward


@dataclass(frozen=True)
class Loss:
    """A function that returns (loss, gradient by `wrt`), and the shapes and domains of its parameters."""

    function: Callable[..., Any]
    shapes: Mapping[str, str]
    wrt: tuple[str, ...]
    domains: Mapping[str, str]


_REGISTERED: list[Pair | Loss] = []


def vjp_of(
    forward: Callable[..., Any], shapes: Mapping[str, str], domains: Mapping[str, str] | None = None
) -> Callable[[Function], Function]:
    """Decorate the vector-Jacobian product of `forward`; `shapes` and `domains` as in `prove_vjp`.

    ``@vjp_of(affine, shapes={"x": "N D", "w": "D M", "b": "M"})`` above ``def affine_backward(dout, x, w, b)``. Raises
    ShapeError when `shapes` does not name the parameters of `forward`.
    """
    in_order = arranged(forward, shapes)

    def register(backward: Function) -> Function:
        _REGISTERED.append(Pair(forward, backward, in_order, dict(domains or {})))
        return backward

    return register


def gradient_of(
    shapes: Mapping[str, str], wrt: Sequence[str], domains: Mapping[str, str] | None = None
) -> Callable[[Function], Function]:
    """Decorate a function that returns (loss, gradient by the parameters `wrt`); the rest as in `prove_gradient`.

    ``@gradient_of(shapes={"w": "D", "x": "N D", "t": "N"}, wrt=["w"])`` above ``def squared_error(w, x, t)``. Raises
    ShapeError when `shapes` does not name the parameters of the function, or `wrt` names none of them.
    """

    def register(function: Function) -> Function:
        in_order = arranged(function, shapes)
        if isinstance(wrt, str) or not wrt or not set(wrt) <= set(in_order):
            raise ShapeError(f"wrt: expected a list of some of {', '.join(in_order)}, got {wrt!r}")
        _REGISTERED.append(Loss(function, in_order, tuple(wrt), dict(domains or {})))
        return function

    return register


def registered() -> tuple[Pair | Loss, ...]:
    """Every function registered so far, in order."""
    return tuple(_REGISTERED)


def arranged(function: Callable[..., Any], shapes: Mapping[str, str]) -> dict[str, str]:
    """`shapes` in the order of the function's parameters, which are passed by position.

    Raises ShapeError for a name the function does not have, and for a parameter left without a shape. A function that
    names no parameters to its callers (``*args``, NumPy's own functions) gets `shapes` as they are.
    """
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return dict(shapes)
    if any(p.kind in (p.POSITIONAL_ONLY, p.VAR_POSITIONAL) for p in parameters):
        return dict(shapes)
    name = getattr(function, "__name__", "the function")
    places = {p.name: p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD}
    known = ", ".join(places) or "none"
    for wanted in shapes:
        if wanted not in places:
            raise ShapeError(f"shapes: {wanted!r} is no parameter of {name}; its parameters are: {known}")
    last = max((n for n, place in enumerate(places) if place in shapes), default=-1)
    for number, place in enumerate(places.values()):
        if place.name not in shapes and (place.default is place.empty or number < last):
            raise ShapeError(f"shapes: {place.name!r} of {name} has no shape; add it, '' for a number")
    return {place: shapes[place] for place in places if place in shapes}
