"""Who accepted what, as it was last recorded (accepted.json), and a digest that tells whether that is out of date."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from proofs.calculus import Statement
from proofs.kernels.conclusions import Subject
from proofs.kernels.files import libraries
from proofs.kernels.scripts import SCRIPTS

RECORD = "accepted.json"


@dataclass(frozen=True, slots=True)
class Accepted:
    """One theorem or claim: its steps by kind of certificate, whether Z3 found some, what Coq and cvc5 accept of it.

    Coq accepts statements over Z without axioms, and over R with `axioms`; `left_out` conclusions were not put to it;
    `facts` is the number cvc5 decided; `examples` that of the random examples at which its conclusions were tried in
    floating point (report/examples.py); `digest` is that of the theorem when this was recorded.
    """

    name: str
    digest: str
    kinds: Mapping[str, int]
    z3: bool
    over_z: int
    over_r: int
    twins: int
    axioms: tuple[str, ...]
    left_out: int
    facts: int
    examples: int = 0


def digest(name: str, subjects: Sequence[Subject]) -> str:
    """A digest of what Coq was asked: the conclusions, their proofs, the libraries."""
    data = [s.to_json() if isinstance(s, Statement) else dict(s.data) for s in subjects]
    text = json.dumps([data, SCRIPTS.get(name, ()), libraries()], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def recorded() -> Mapping[str, Accepted]:
    """What was recorded, by theorem; nothing if there is no record."""
    path = files("proofs.kernels").joinpath(RECORD)
    if not path.is_file():
        return {}
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {row["name"]: Accepted(**{**row, "axioms": tuple(row["axioms"])}) for row in rows}


def record(rows: Iterable[Accepted]) -> tuple[Path, bytes]:
    """The file that holds the record, and what goes into it."""
    text = json.dumps([asdict(row) for row in rows], indent=1) + "\n"
    return Path(__file__).parent / RECORD, text.encode()
