"""Functions of PyTorch and JAX as NumPy code: the framework's own forward and backward pass, held to a formula.

Neither framework is imported before it is asked for; install the extra ``gradproof[torch]`` or ``gradproof[jax]``. What
they compute is not followed, so the formula comes as NumPy code for the forward pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np

from proofs.capture import ShapeError, read_parameter
from proofs.conformance.checking import DTYPES, check
from proofs.conformance.report import Report
from proofs.conformance.subjects import vjp_subject
from proofs.gradients.registry import arranged
from proofs.gradients.statements import Domains

Function = Callable[..., Any]
CALL_SECONDS = 120.0
"""Long enough to compile at the first call, on a busy machine too."""


def check_torch(
    function: Function,
    formula: Function,
    shapes: Mapping[str, str],
    domains: Domains | None = None,
    *,
    dtypes: Sequence[str] = DTYPES,
    examples: int | None = None,
    seconds: float | None = None,
    random_seed: int = 0,
) -> Report:
    """Does a differentiable PyTorch function, or the ``apply`` of a `torch.autograd.Function`, conform to `formula`?

    `formula` is the forward pass in NumPy; other arguments as for `check_vjp`. Raises ImportError without PyTorch.
    """
    pair = torch_pair(function, _labels(formula, shapes))
    subject = replace(vjp_subject(*pair, shapes, domains, formula, dtypes), call_seconds=CALL_SECONDS)
    return check(subject, examples, seconds, random_seed)


def check_jax(
    function: Function,
    formula: Function,
    shapes: Mapping[str, str],
    domains: Domains | None = None,
    *,
    dtypes: Sequence[str] = DTYPES,
    examples: int | None = None,
    seconds: float | None = None,
    random_seed: int = 0,
) -> Report:
    """Does a differentiable JAX function, such as a `jax.custom_vjp`, conform to `formula`, the forward pass in NumPy?

    float64 is switched on while it runs. Raises ImportError without JAX.
    """
    pair = jax_pair(function, _labels(formula, shapes))
    subject = replace(vjp_subject(*pair, shapes, domains, formula, dtypes), call_seconds=CALL_SECONDS)
    return check(subject, examples, seconds, random_seed)


def torch_pair(function: Function, labels: frozenset[int] = frozenset()) -> tuple[Function, Function]:
    """``forward(*inputs)`` and ``backward(dout, *inputs)`` on NumPy arrays; the inputs at `labels` are integers."""
    torch = _framework("torch")

    def tensors(inputs: tuple[Any, ...]) -> list[Any]:
        found = []
        for place, x in enumerate(inputs):
            made = torch.from_numpy(np.array(x, dtype=np.int64 if place in labels else None))
            found.append(made if place in labels else made.requires_grad_())
        return found

    def forward(*inputs: Any) -> Any:
        with torch.no_grad():
            return _numpy(function(*tensors(inputs)))

    def backward(dout: Any, *inputs: Any) -> Any:
        given = tensors(inputs)
        wanted = [x for x in given if x.requires_grad]
        upstream = torch.from_numpy(np.array(dout))
        found = torch.autograd.grad(function(*given), wanted, upstream, allow_unused=True)
        grads = [torch.zeros_like(x) if g is None else g for x, g in zip(wanted, found, strict=True)]
        return tuple(_numpy(g) for g in grads)

    return _named(forward, function, "forward"), _named(backward, function, "backward")


def jax_pair(function: Function, labels: frozenset[int] = frozenset()) -> tuple[Function, Function]:
    """``forward(*inputs)`` and ``backward(dout, *inputs)`` on NumPy arrays; the inputs at `labels` are integers."""
    jax = _framework("jax")
    enable = jax.enable_x64 if hasattr(jax, "enable_x64") else import_module("jax.experimental").enable_x64

    def given(inputs: tuple[Any, ...]) -> list[Any]:
        return [jax.numpy.asarray(np.array(x, dtype=np.int32 if k in labels else None)) for k, x in enumerate(inputs)]

    def forward(*inputs: Any) -> Any:
        with enable(True):
            return _numpy(function(*given(inputs)))

    def backward(dout: Any, *inputs: Any) -> Any:
        with enable(True):
            arrays = given(inputs)
            real = [k for k in range(len(arrays)) if k not in labels]

            def by_real(*chosen: Any) -> Any:
                full = list(arrays)
                for place, x in zip(real, chosen, strict=True):
                    full[place] = x
                return function(*full)

            _, pull = jax.vjp(by_real, *(arrays[k] for k in real))
            return tuple(_numpy(g) for g in pull(jax.numpy.asarray(np.array(dout))))

    return _named(forward, function, "forward"), _named(backward, function, "backward")


def _numpy(x: Any) -> Any:
    if hasattr(x, "detach"):
        x = x.detach().numpy()
    return np.array(x)


def _labels(formula: Function, shapes: Mapping[str, str]) -> frozenset[int]:
    """The places of the parameters that hold labels."""
    try:
        ordered = arranged(formula, shapes)
    except ShapeError:
        ordered = dict(shapes)
    return frozenset(k for k, (n, text) in enumerate(ordered.items()) if read_parameter(n, text).classes is not None)


def _named(made: Function, function: Function, what: str) -> Function:
    made.__name__ = f"{getattr(function, '__name__', 'function')}_{what}"
    return made


def _framework(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise ImportError(f"{name} is not installed: pip install 'gradproof[{name}]'") from None
