"""The layers and losses of numeric/ as results: every gradient proved from the code as it stands."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from proofs.claim import Certificate, Claim, Evidence, Status, Verdict, together
from proofs.gradients import Proof, prove_gradient, prove_vjp
from proofs.program import run
from proofs.theorems.library import LAYERS, LOSSES
from proofs.theorems.theorem import Result, Step, Theorem, show

SECONDS = 60.0
RULE = "run the code on arrays of symbolic size, and differentiate"


def settle_layer(name: str) -> Result:
    """The gradients of a layer or loss of the library, each a step with its own certificate. Raises KeyError."""
    if name in LOSSES:
        loss = LOSSES[name]
        return _result(name, (loss.function,), prove_gradient(loss.function, loss.shapes, loss.by, seconds=SECONDS))
    layer = LAYERS[name]
    proof = prove_vjp(layer.forward, layer.backward, layer.shapes, seconds=SECONDS)
    return _result(name, (layer.forward, layer.backward), proof)


def _result(name: str, functions: Sequence[Callable[..., Any]], proof: Proof) -> Result:
    """The proof as a theorem with one step a gradient; what hinders it is a step that is undecided."""
    code = (Evidence("code", "returns what was captured, on random arrays", "tested"),)
    kinks = tuple(Evidence("code", kink.text, "tested") for kink in proof.kinks)
    parts = {
        label: replace(verdict, claim=Claim(f"{name}.{number}", label), evidence=(*verdict.evidence, *code, *kinks))
        for number, (label, verdict) in enumerate(proof.parts.items(), 1)
    }
    if proof.obstacle:
        what = "the rest of it"
        parts[what] = Verdict(Claim(f"{name}.rest", what), Status.UNDECIDED, proof.scope, reason=proof.obstacle)
    steps = tuple(Step(RULE, f"gradient: {p}", v.certificate or Certificate({})) for p, v in parts.items())
    title = f"{name.replace('_', ' ')}: the gradients that the code computes"
    command = f"python -m proofs.theorems.layers {name}"
    text = f"{proof.text} ({', '.join(dict.fromkeys(_file(f) for f in functions))})"
    theorem = Theorem(name, title, text, "", proof.scope, steps, command=command)
    return Result(theorem, tuple(parts.values()))


def _file(function: Callable[..., Any]) -> str:
    """``numeric/normalisation.py``"""
    return f"{inspect.unwrap(function).__module__.replace('.', '/')}.py"


def main() -> None:
    """Settle the layers named on the command line, or all, and exit 0 (proved), 1 (refuted) or 3 (undecided)."""
    from rich.console import Console

    chosen = sys.argv[1:] or [*LAYERS, *LOSSES]
    if missing := [name for name in chosen if name not in LAYERS and name not in LOSSES]:
        sys.exit(f"no layer is called {missing[0]!r}; there are {', '.join([*LAYERS, *LOSSES])}")
    console, found = Console(highlight=False), []
    for name in chosen:
        found.append(settle_layer(name))
        show(found[-1], console)
    sys.exit({Status.PROVED: 0, Status.REFUTED: 1, Status.UNDECIDED: 3}[together([result.status for result in found])])


if __name__ == "__main__":
    run(main)
