"""What every family of the zoo shares: a right backward pass is PROVED, a wrong one REFUTED by arrays that show it.

A refutation is met once more here, by the two functions alone: the gradient at the counterexample is compared with
finite differences, which know nothing of terms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from proofs import prove_gradient, prove_vjp
from proofs.claim import Status
from proofs.gradients import Proof

STEP = 1e-6
Function = Callable[..., Any]


def proved(forward: Function, backward: Function, shapes: Mapping[str, str], **options: Any) -> Proof:
    """Assert that `backward` is right."""
    proof = prove_vjp(forward, backward, shapes, **options)
    assert proof, proof
    return proof


def refuted(forward: Function, backward: Function, shapes: Mapping[str, str], **options: Any) -> Proof:
    """Assert that `backward` is wrong, and that the functions themselves disagree at the counterexample."""
    proof = prove_vjp(forward, backward, shapes, **options)
    assert proof.status is Status.REFUTED, proof
    for found in proof.counterexamples.values():
        inputs = {name: np.array(array) for name, array in found.inputs.items()}
        if "." in found.entry:
            assert found.returned != found.expected
            continue
        name, position = entry(found.entry)

        def objective(moved: Mapping[str, Any], upstream: Mapping[str, Any] = found.upstream) -> float:
            outs = outputs(forward, backward, moved)
            return float(sum(np.sum(o * d) for o, d in zip(outs, upstream.values(), strict=True)))

        returned = forward(*copies(inputs).values())
        cached = is_cached(returned, backward)
        rest = [returned[1]] if cached else list(copies(inputs).values())
        given = backward(*(np.array(d) for d in found.upstream.values()), *rest)
        real = [n for n in shapes if "->" not in shapes[n]]
        differs(gradient_of(given, name, real)[position], slope(objective, inputs, name, position), found.expected)
    return proof


def loss_proved(loss: Function, shapes: Mapping[str, str], wrt: Sequence[str], **options: Any) -> Proof:
    """Assert that the gradient `loss` returns is right."""
    proof = prove_gradient(loss, shapes, wrt, **options)
    assert proof, proof
    return proof


def loss_refuted(loss: Function, shapes: Mapping[str, str], wrt: Sequence[str], **options: Any) -> Proof:
    """Assert that the gradient `loss` returns is wrong, and that finite differences say so too."""
    proof = prove_gradient(loss, shapes, wrt, **options)
    assert proof.status is Status.REFUTED, proof
    for found in proof.counterexamples.values():
        inputs = {name: np.array(array) for name, array in found.inputs.items()}
        name, position = entry(found.entry)
        given = loss(*copies(inputs).values())[1]
        measured = slope(lambda moved: float(loss(*moved.values())[0]), inputs, name, position)
        differs(gradient_of(given, name, wrt)[position], measured, found.expected)
    return proof


def entry(text: str) -> tuple[str, tuple[int, ...]]:
    """``x[0, 1]`` as a name and a position."""
    name, _, rest = text.partition("[")
    return name, tuple(int(part) for part in rest.rstrip("]").split(",") if part)


def copies(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: np.array(array) for name, array in inputs.items()}


def is_cached(returned: Any, backward: Function) -> bool:
    count = backward.__code__.co_argcount - len(backward.__defaults__ or ())
    return isinstance(returned, tuple) and len(returned) == 2 and count == 2


def outputs(forward: Function, backward: Function, inputs: Mapping[str, Any]) -> tuple[Any, ...]:
    returned = forward(*copies(inputs).values())
    if is_cached(returned, backward):
        return (returned[0],)
    return returned if isinstance(returned, tuple) else (returned,)


def gradient_of(given: Any, name: str, names: Sequence[str]) -> Any:
    several = given if isinstance(given, (tuple, list)) else (given,)
    return np.asarray(several[list(names).index(name)], dtype=float)


def slope(objective: Callable[..., float], inputs: Mapping[str, Any], name: str, position: tuple[int, ...]) -> float:
    sides = []
    for step in (STEP, -STEP):
        moved = {n: np.array(a, dtype=float) if n == name else np.array(a) for n, a in inputs.items()}
        moved[name][position] += step
        sides.append(objective(moved))
    return (sides[0] - sides[1]) / (2 * STEP)


def differs(returned: float, measured: float, expected: float) -> None:
    """The counterexample's right value is what finite differences give, and the code's is not."""
    assert abs(measured - expected) <= 1e-3 * (1 + abs(expected))
    assert abs(returned - expected) > 1e-7 * (1 + abs(expected))
