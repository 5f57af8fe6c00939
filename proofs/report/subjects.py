"""What the kernels are asked about: the conclusions of theorems and claims by name, and certificates in files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from proofs.calculus.text import expression
from proofs.checker import CertificateError, check
from proofs.checker import load as load_certificate
from proofs.claim import Certificate
from proofs.derivations.declarations import declare, statement
from proofs.kernels.claims import CLAIMS
from proofs.kernels.conclusions import Subject, conclusions
from proofs.kernels.facts import AnyFact, facts
from proofs.theorems import load, names


class SubjectError(ValueError):
    """There is no theorem, claim or accepted certificate of that name."""


def every_name() -> tuple[str, ...]:
    """The theorems in reading order, then the claims."""
    return (*names(), *CLAIMS)


def named(names: Sequence[str] | None) -> list[tuple[str, tuple[Subject, ...]]]:
    """Each name, every one of them if none is given, with what it concludes. No two files have the same name here.

    Raises SubjectError.
    """
    chosen = dict.fromkeys(names or every_name())
    for name in chosen:
        if not name.endswith(".json") and name not in every_name():
            near = get_close_matches(name.lower(), every_name(), n=3, cutoff=0.5)
            hint = (
                f"did you mean {' or '.join(near)}?"
                if near
                else f"theorems are listed by `gradproof list`, claims are {', '.join(CLAIMS)}"
            )
            raise SubjectError(f"no theorem or claim is called {name!r}: {hint}")
    found: dict[str, tuple[Subject, ...]] = {}
    for given in chosen:
        name, concluded = _in_file(Path(given)) if given.endswith(".json") else (given, subjects(given))
        while name.lower() in map(str.lower, found):
            name += "_"
        found[name] = concluded
    return list(found.items())


def separability_facts(names: Sequence[str] | None) -> list[AnyFact]:
    """The facts about threshold units among what the names conclude. Raises SubjectError."""
    found: list[AnyFact] = []
    for name, concluded in named(names):
        certificates = [subject for subject in concluded if isinstance(subject, Certificate)]
        for number, certificate in enumerate(certificates, 1):
            found += facts(f"{name}_{number}", certificate.data)
    return found


def _in_file(path: Path) -> tuple[str, tuple[Subject, ...]]:
    try:
        data = load_certificate(path)
        check(data)
    except CertificateError as error:
        raise SubjectError(f"{path}: the checker does not accept it: {error}") from None
    return "file_" + re.sub(r"[^A-Za-z0-9_]", "_", path.stem), (Certificate(data),)


@cache
def subjects(name: str) -> tuple[Subject, ...]:
    """What a theorem concludes, without the lines between, or the equations of a claim. Raises KeyError."""
    if claim := CLAIMS.get(name):
        declared = declare(claim.indices, claim.arrays, claim.definitions, claim.domains)
        sides = [[expression(side, declared.names) for side in equation] for equation in claim.equations]
        return tuple(statement(lhs, rhs, (), declared) for lhs, rhs in sides)
    return conclusions([step.subject for step in load(name).steps])
