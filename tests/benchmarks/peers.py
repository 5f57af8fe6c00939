"""The planted gradient bugs before other people's gradient checkers, each used as its documentation shows.

Inputs are normal random arrays; sizes are small and all different, as in tests people write. Labels,
which checkers do not vary, are fixed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from proofs.capture import read_parameter
from proofs.capture.shapes import plain
from proofs.gradients.plain import concrete
from proofs.gradients.recording import dimensions
from tests.conformance.planted import Layer


@dataclass(frozen=True)
class Problem:
    """A layer at random inputs: `value` of the real inputs, `pull` of an upstream gradient and the real inputs."""

    inputs: tuple[Any, ...]
    value: Callable[..., Any]
    pull: Callable[..., tuple[Any, ...]]


def problem(layer: Layer, seed: int, dtype: str = "float64") -> Problem:
    """The layer at the random inputs of a seed."""
    random = np.random.default_rng(seed)
    parameters = [read_parameter(name, text) for name, text in layer.shapes.items()]
    sizes = {d: 4 + k for k, d in enumerate(dimensions(parameters))}
    every = {
        p.name: random.integers(0, plain(p.classes, sizes), concrete(p.shape, sizes))
        if p.classes is not None
        else random.normal(size=concrete(p.shape, sizes)).astype(dtype)
        for p in parameters
    }
    wrt = layer.wrt or [p.name for p in parameters if p.classes is None]

    def full(chosen: tuple[Any, ...]) -> Mapping[str, Any]:
        return {**every, **dict(zip(wrt, (np.array(x) for x in chosen), strict=True))}

    def value(*chosen: Any) -> Any:
        returned = layer.forward(*full(chosen).values())
        return np.asarray(returned[0] if layer.backward is None else returned)

    def pull(dout: Any, *chosen: Any) -> tuple[Any, ...]:
        if layer.backward is None:
            found = layer.forward(*full(chosen).values())[1:]
            return tuple(np.asarray(dout) * np.asarray(g) for g in found)
        found = layer.backward(np.array(dout), *full(chosen).values())
        return tuple(found) if isinstance(found, tuple) else (found,)

    return Problem(tuple(every[name] for name in wrt), value, pull)


def torch_gradcheck(given: Problem, fast: bool = False) -> bool:
    """Whether torch.autograd.gradcheck accepts the layer."""
    import torch

    class Function(torch.autograd.Function):
        @staticmethod
        def forward(context: Any, *tensors: Any) -> Any:
            context.save_for_backward(*tensors)
            return torch.from_numpy(np.array(given.value(*(t.detach().numpy() for t in tensors))))

        @staticmethod
        def backward(context: Any, dout: Any) -> Any:
            found = given.pull(dout.numpy(), *(t.detach().numpy() for t in context.saved_tensors))
            return tuple(torch.from_numpy(np.asarray(g)) for g in found)

    tensors = [torch.from_numpy(np.array(x)).requires_grad_() for x in given.inputs]
    return bool(torch.autograd.gradcheck(Function.apply, tensors, fast_mode=fast))


def torch_gradcheck_fast(given: Problem) -> bool:
    """Whether its fast mode accepts the layer."""
    return torch_gradcheck(given, fast=True)


def jax_check_grads(given: Problem) -> bool:
    """Whether jax.test_util.check_grads accepts the layer."""
    import jax
    from jax.test_util import check_grads

    def shape_of(x: Any) -> Any:
        return jax.ShapeDtypeStruct(x.shape, x.dtype)

    @jax.custom_vjp
    def function(*inputs: Any) -> Any:
        return jax.pure_callback(given.value, shape_of(given.value(*given.inputs)), *inputs)

    def backward(inputs: Any, dout: Any) -> Any:
        shapes = tuple(shape_of(x) for x in given.inputs)
        return jax.pure_callback(lambda d, *xs: given.pull(d, *xs), shapes, dout, *inputs)

    function.defvjp(lambda *inputs: (function(*inputs), inputs), backward)
    enable = jax.enable_x64 if hasattr(jax, "enable_x64") else jax.experimental.enable_x64
    with enable(True):
        check_grads(function, given.inputs, order=1, modes=["rev"])
    return True


def autograd_check_grads(given: Problem) -> bool:
    """Whether autograd.test_util.check_grads accepts the layer."""
    from autograd.extend import defvjp, primitive
    from autograd.test_util import check_grads

    @primitive
    def function(*inputs: Any) -> Any:
        return np.array(given.value(*inputs))

    defvjp(
        function,
        *((lambda _out, *inputs, k=k: lambda g: given.pull(g, *inputs)[k]) for k in range(len(given.inputs))),
    )
    check_grads(function, modes=["rev"], order=1)(*given.inputs)
    return True


def scipy_check_grad(given: Problem) -> bool:
    """Whether scipy.optimize.check_grad finds an error below 1e-6 of the gradient's norm."""
    from scipy.optimize import check_grad

    cuts = np.cumsum([x.size for x in given.inputs])[:-1]
    upstream = np.random.default_rng(9).normal(size=given.value(*given.inputs).shape)

    def parts(flat: Any) -> list[Any]:
        return [p.reshape(x.shape) for p, x in zip(np.split(flat, cuts), given.inputs, strict=True)]

    def gradient(flat: Any) -> Any:
        found = given.pull(upstream, *parts(flat))
        return np.concatenate([np.asarray(g, dtype=float).ravel() for g in found])

    start = np.concatenate([x.ravel() for x in given.inputs])
    off = check_grad(lambda flat: float((given.value(*parts(flat)) * upstream).sum()), gradient, start)
    return bool(off <= 1e-5 * (1 + np.linalg.norm(gradient(start))))


PEERS: dict[str, Callable[[Problem], bool]] = {
    "torch.autograd.gradcheck": torch_gradcheck,
    "torch.autograd.gradcheck, fast": torch_gradcheck_fast,
    "jax.test_util.check_grads": jax_check_grads,
    "autograd check_grads": autograd_check_grads,
    "scipy.optimize.check_grad": scipy_check_grad,
}


def accepts(peer: Callable[[Problem], bool], layer: Layer, seed: int, dtype: str = "float64") -> bool:
    """Whether a checker finds nothing wrong; whatever it raises is that it does."""
    try:
        return peer(problem(layer, seed, dtype))
    except Exception:  # noqa: BLE001  (checkers say so by errors of many types)
        return False
