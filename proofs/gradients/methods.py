"""forward and backward of one object, ``layer.forward(x)`` and ``layer.backward(dout)``, as two functions with a cache.

Every forward pass works on a copy of the object as it was given, and backward on that copy: what forward leaves in the
object is there for its backward pass. Both run twice: an object that answers otherwise when it has been used before, or
goes on counting, keeps state from call to call and is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature
from types import MethodType
from typing import Any

import numpy as np

from proofs.capture import NotCaptured, SymbolicArray
from proofs.gradients.purity import is_constant
from proofs.gradients.state import attributes_of

Function = Callable[..., Any]


def paired(forward: Function, backward: Function) -> tuple[Function, Function]:
    """The two as forward(*inputs) -> (out, object) and backward(dout, object); other functions as they are.

    A backward method that takes the inputs again is left as it is; ``backward(dout=1)`` is given a dout.
    """
    if isinstance(backward, MethodType) and forward is backward.__self__:
        forward = MethodType(type(forward).__call__, forward)
    if not (isinstance(forward, MethodType) and isinstance(backward, MethodType)):
        return forward, backward
    owner, upstream = forward.__self__, _positional(backward)
    if owner is not backward.__self__ or isinstance(owner, type) or len(upstream) > max(len(_positional(forward)), 1):
        return forward, backward

    def forward_of_copy(*given: Any) -> tuple[Any, ...]:
        made = object.__new__(type(owner))
        for name, value in attributes_of(owner).items():
            object.__setattr__(made, name, value)
        returned = _twice(forward, made, given)
        return (*returned, made) if isinstance(returned, tuple) else (returned, made)

    def backward_of_copy(*given: Any) -> Any:
        return _twice(backward, given[-1], given[:-1])

    upstream = upstream or [*signature(backward).parameters.values()][:1]
    by_place = [p.replace(kind=Parameter.POSITIONAL_ONLY, default=Parameter.empty) for p in upstream]
    own = Parameter("layer", Parameter.POSITIONAL_ONLY)
    backward_of_copy.__signature__ = signature(backward).replace(parameters=[*by_place, own])  # type: ignore[attr-defined]
    pair: list[tuple[Any, MethodType]] = [(forward_of_copy, forward), (backward_of_copy, backward)]
    for made, method in pair:
        made.__name__, made.__wrapped__ = method.__name__, method
    return forward_of_copy, backward_of_copy


def _positional(method: Function) -> list[Parameter]:
    kinds = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    return [p for p in signature(method).parameters.values() if p.kind in kinds and p.default is p.empty]


def _twice(method: MethodType, made: Any, given: tuple[Any, ...]) -> Any:
    """What the method returns on an object, new and used. Raises NotCaptured where that is not the same."""
    code = method.__func__.__code__
    name = f"{code.co_filename}:{code.co_firstlineno}: {type(made).__name__}.{method.__name__}"
    first = _frozen(method.__func__(made, *given))
    constants = {key: value for key, value in attributes_of(made).items() if is_constant(value)}
    returned = method.__func__(made, *given)
    if not _same(first, _frozen(returned)):
        raise NotCaptured(f"{name} answers otherwise when it is called again: the object keeps state")
    for key, value in attributes_of(made).items():
        if key in constants and not _same(constants[key], value):
            raise NotCaptured(f"{name} changes {key} on every call: the object keeps state")
    return returned


def _frozen(returned: Any) -> Any:
    """What came back as it is now, for comparison."""
    if type(returned) is SymbolicArray:
        return (returned.finite, returned.present)
    if isinstance(returned, (tuple, list)):
        return tuple(_frozen(part) for part in returned)
    if isinstance(returned, dict):
        return tuple((key, _frozen(part)) for key, part in returned.items())
    return np.array(returned) if isinstance(returned, (np.ndarray, np.generic, float)) else returned


def _same(first: Any, second: Any) -> bool:
    if isinstance(first, tuple) and isinstance(second, tuple):
        return len(first) == len(second) and all(map(_same, first, second))
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        return np.array_equal(first, second, equal_nan=True)
    return type(first) is type(second) and bool(first == second)
