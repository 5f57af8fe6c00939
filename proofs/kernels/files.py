"""What Coq is given: one module a theorem, with data, statements, short proofs and twins; every statement read back.

The text prints a line before and after each theorem, its axioms, and how each twin's proof failed; `proofs.kernels.coq`
reads these lines. The libraries, written by hand, go beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import islice

from proofs.calculus import Statement
from proofs.calculus.printing import statement_text
from proofs.claim import Certificate
from proofs.kernels import comparing, finite, formal
from proofs.kernels.conclusions import Subject
from proofs.kernels.scripts import SCRIPTS
from proofs.kernels.tables import written_out
from proofs.kernels.twins import certificate_twins, twins

LIBRARIES = ("integers.v", "library.v", "clauses.v", "topologies.v", "shared.v")
HEADER = """(* Written by gradproof. Compile integers.v, library.v, clauses.v, topologies.v, shared.v, then this file *)
Require Import shared.
"""
DEFAULT = "intros; ring"
CERTIFICATE_TWINS = 2


@dataclass(frozen=True, slots=True)
class Part:
    """One theorem as Coq text: how many of its statements are over Z and over R, its twins, and what was left out."""

    name: str
    text: str
    over_z: int
    over_r: int
    twins: int
    left_out: tuple[str, ...] = ()

    @property
    def statements(self) -> int:
        return self.over_z + self.over_r


@dataclass(frozen=True, slots=True)
class _Claim:
    """One proposition over Z or R, whose text has numbers of Z or R: definitions, ``Theorem holds : ...``, its tactic,
    its twins in the same form, and the claim in words of its own for a reader."""

    scope: str
    numbers: str
    definitions: tuple[str, ...]
    theorem: str
    proof: str
    twins: tuple[tuple[tuple[str, ...], str], ...]
    comment: str = ""


def libraries() -> dict[str, str]:
    """The hand-written libraries, in the order in which they are compiled."""
    room = files("proofs.kernels")
    return {name: room.joinpath(name).read_text(encoding="utf-8") for name in LIBRARIES}


def part(name: str, subjects: Sequence[Subject]) -> Part:
    """The Coq text of what a theorem concludes. What is not exported is named in `left_out`.

    Raises proofs.kernels.reading.Unreadable where a statement, read back, is not the claim: an error of ours.
    """
    claims: list[_Claim] = []
    left_out: list[str] = []
    scripts = iter(SCRIPTS.get(name, ()))
    for number, subject in enumerate(subjects, 1):
        try:
            if isinstance(subject, Statement):
                claims.append(_equation(subject, next(scripts, DEFAULT)))
            else:
                claims += _computed(subject)
        except formal.Unsupported as reason:
            left_out.append(f"conclusion {number}: {reason}")
    lines = [f"Module {name}.", _mark("begin", name)]
    for place, claim in enumerate(claims, 1):
        lines += _module(f"claim_{place}", claim)
    places = {
        scope: [f"claim_{place}.holds" for place, claim in enumerate(claims, 1) if claim.scope == scope]
        for scope in "ZR"
    }
    for scope, proofs in places.items():
        if proofs:
            lines += [f"Definition over_{scope} := ({', '.join(proofs)}).", _mark(f"axioms over_{scope}", name)]
            lines += [f"Print Assumptions over_{scope}."]
    lines += [_mark("end", name), f"End {name}.", ""]
    twins_made = sum(len(claim.twins) for claim in claims)
    return Part(name, "\n".join(lines), len(places["Z"]), len(places["R"]), twins_made, tuple(left_out))


def _mark(what: str, name: str) -> str:
    return f'Goal True. idtac "gradproof: {what} {name}". Abort.'


def _equation(statement: Statement, script: str) -> _Claim:
    claim = formal.exported(statement)
    definitions, theorem = formal.formal(claim, "holds")
    comparing.same(definitions, theorem, claim)
    others = tuple(formal.formal(formal.exported(twin), "holds") for twin in twins(statement))
    return _Claim("R", "R", definitions, theorem, script, others, statement_text(statement))


def _computed(certificate: Certificate) -> list[_Claim]:
    data = written_out(certificate.data)
    stated = finite.formal(data)
    finite.refuse_unknown(data)
    found: list[_Claim] = []
    for place, one in enumerate(stated):
        theorem = f"Theorem holds : {one.proposition}."
        finite.same(theorem, data)
        scope = "R" if finite.read_back(theorem)[0].endswith("R") else "Z"
        wrong = (finite.formal(twin)[place].proposition for twin in certificate_twins(data))
        differ = islice((twin for twin in wrong if twin != one.proposition), CERTIFICATE_TWINS)
        others = tuple(((), f"Theorem holds : {twin}.") for twin in differ)
        found.append(_Claim(scope, "Z", (), theorem, one.proof, others))
    return found


def _module(name: str, claim: _Claim) -> list[str]:
    shown = [] if any(mark in claim.comment for mark in ("(*", "*)", '"')) else [f"(* {claim.comment} *)"]
    lines = [f"Module {name}.", f"Local Open Scope {claim.numbers}_scope.", *claim.definitions]
    lines += [*(shown if claim.comment else []), claim.theorem]
    lines += [f"Proof. solve [{claim.proof}]. Qed."]
    for place, (definitions, theorem) in enumerate(claim.twins, 1):
        goal = "Goal" + theorem.removeprefix("Theorem holds :")
        lines += [f"Module twin_{place}.", *definitions, goal, f"Fail solve [{claim.proof}].", "Abort."]
        lines += [f"End twin_{place}."]
    return [*lines, f"End {name}."]


def whole(parts: Sequence[Part]) -> str:
    """One file that proves several theorems."""
    return HEADER + "\n" + "\n".join(part.text for part in parts)
