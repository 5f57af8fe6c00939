"""Facts about threshold units decided again by cvc5 and Z3, from one text; what cvc5 says is checked, never believed.

cvc5 runs in two processes of its own, which a limit of time ends. Every step of its proof is gone through again
(`alethe_steps`), its weights are put in again; a line, and the multipliers of a single unit, go to the checker.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec
from time import monotonic
from typing import Literal

from proofs.checker import CertificateError, check
from proofs.claim import Json
from proofs.kernels import assertions
from proofs.kernels.alethe import ProofError, farkas_certificate
from proofs.kernels.facts import AnyFact, TopologyFact, smtlib
from proofs.networks.representation import computed_table
from proofs.networks.representation_smt import unknowns

PROCESSES = 2
SECONDS = 30.0
INSTALL = "pip install 'gradproof[cvc5]'"


class Cvc5Missing(RuntimeError):
    """The package cvc5 is not installed; the message says how to install it."""


class SolversDisagree(RuntimeError):
    """Z3 and cvc5 give opposite answers to one text: one is wrong. `files` holds what both were given and said."""

    def __init__(self, fact: AnyFact, said: dict[str, str]) -> None:
        super().__init__(f"{fact.name}: Z3 says {said['z3'].split()[0]}, cvc5 says {said['cvc5'].split()[0]}")
        self.files = {
            f"{fact.name}.smt2": smtlib(fact),
            f"{fact.name}.z3.txt": said["z3"],
            f"{fact.name}.cvc5.txt": said["cvc5"],
        }


@dataclass(frozen=True, slots=True)
class Opinion:
    """What cvc5 says of one fact: accepted with the checker's sentence about what it showed, or why not."""

    name: str
    word: Literal["accepted", "rejected", "unknown"]
    reason: str


def ask(facts: Sequence[AnyFact], *, seconds: float = SECONDS) -> tuple[Opinion, ...]:
    """cvc5's opinion of each fact, in order, within about `seconds`.

    Raises Cvc5Missing, and SolversDisagree when Z3 and cvc5 give opposite answers.
    """
    if find_spec("cvc5") is None:
        raise Cvc5Missing(f"cvc5 is not installed: {INSTALL}")
    end = monotonic() + seconds
    texts = [smtlib(fact) for fact in facts]
    replies: list[Json | None] = [None] * len(facts)
    with ThreadPoolExecutor(PROCESSES) as pool:
        shares = pool.map(lambda start: _replies(texts[start::PROCESSES], end), range(PROCESSES))
        for start, share in enumerate(shares):
            replies[start::PROCESSES] = share
    return tuple(_opinion(fact, reply, end) for fact, reply in zip(facts, replies, strict=True))


def _replies(texts: Sequence[str], end: float) -> list[Json | None]:
    """What cvc5 says to each text; None from where it was stopped or crashed."""
    if not texts:
        return []
    command = [sys.executable, "-m", "proofs.kernels.cvc5_process"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        said, _ = process.communicate("".join(json.dumps(text) + "\n" for text in texts), max(0.1, end - monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        said, _ = process.communicate()
    except BaseException:
        process.kill()
        process.wait()
        raise
    whole = said.splitlines()[: len(texts)] if said.endswith("\n") else said.splitlines()[:-1]
    found: list[Json | None] = [json.loads(line) for line in whole]
    return found + [None] * (len(texts) - len(found))


def _opinion(fact: AnyFact, reply: Json | None, end: float) -> Opinion:
    if reply is None or reply["answer"] not in ("sat", "unsat"):
        return Opinion(fact.name, "unknown", "cvc5 was stopped at its time limit, crashed or did not decide it")
    by_z3 = _z3_says(smtlib(fact), max(0.0, end - monotonic()))
    if by_z3 in ("sat", "unsat") and by_z3 != reply["answer"]:
        raise SolversDisagree(fact, {"z3": f"{by_z3}\n", "cvc5": f"{reply['answer']}\n{reply['shown']}\n"})
    if (reply["answer"] == "sat") != fact.separable:
        return Opinion(fact.name, "rejected", f"cvc5 says {reply['answer']}")
    try:
        says = _refuted(fact, reply["shown"]) if reply["answer"] == "unsat" else _found(fact, reply["shown"])
    except (CertificateError, ProofError) as error:
        return Opinion(fact.name, "rejected", f"what cvc5 gives as its reason was not accepted: {error}")
    return Opinion(fact.name, "accepted", says)


def _refuted(fact: AnyFact, proof: str) -> str:
    """Every step of the proof gone through again; for single units the checker adds up its multipliers too."""
    gone = f"{assertions.recheck(fact, proof)} steps gone through again"
    if isinstance(fact, TopologyFact):
        return gone
    return f"{check(farkas_certificate(fact, proof)).says}; {gone}"


def _found(fact: AnyFact, shown: str) -> str:
    """The weights put in again."""
    values = [str(value) for value in json.loads(shown)]
    if isinstance(fact, TopologyFact):
        names = unknowns(fact.topology, shared=fact.shared)
        known = dict(zip(dict.fromkeys(name for unit in names for name in unit), map(Fraction, values), strict=True))
        table = computed_table(fact.topology, [[known[name] for name in unit] for unit in names])
        if table != fact.table:
            raise ProofError(f"the weights give {table}")
        return f"the weights give {table}"
    fields = {"points": [[str(x) for x in point] for point in fact.points], "labels": [*fact.labels]}
    line = {"gradproof": 1, "kind": "separator", **fields, "weights": values[:-1], "bias": values[-1]}
    return check(line).says


def _z3_says(text: str, seconds: float) -> str:
    import z3

    context = z3.Context()
    solver = z3.SolverFor("QF_LRA", ctx=context)
    solver.set("timeout", max(1, int(seconds * 1000)))
    solver.from_string(text)
    return str(solver.check())
