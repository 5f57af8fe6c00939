"""Facts about threshold units inside certificates, and their text for SMT solvers (SMT-LIB 2.6, linear arithmetic)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from proofs.kernels.tables import written_out
from proofs.networks import representation_smt
from proofs.networks.representation import MOST_HIDDEN, MOST_INPUTS, Topology

MOST_NUMBERS = 4_000
MOST_TOPOLOGIES = 20

Row = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """The rows have a separator, or have none, as a certificate says that the checker accepted."""

    name: str
    points: tuple[Row, ...]
    labels: tuple[int, ...]
    separable: bool

    @property
    def unknowns(self) -> tuple[str, ...]:
        return (*(f"w{place}" for place in range(1, len(self.points[0]) + 1)), "b")


@dataclass(frozen=True, slots=True)
class TopologyFact:
    """A topology has the function with this table, or has it not, by weights of its own or by one shared weight."""

    name: str
    topology: Topology
    table: str
    shared: bool
    separable: bool


AnyFact = Fact | TopologyFact


def facts(name: str, data: Mapping[str, Any]) -> Iterator[AnyFact]:
    """The facts in a certificate: about single units, of kind farkas, separator without hidden units, or census; and of
    kind representation, one for each function of each topology.

    Tables of more than 4,000 numbers, and topologies that are more than 20 or larger than `Topology` has, are passed
    over.
    """
    data = written_out(data)
    kind = data["kind"]
    if kind == "census" and "functions" in data:
        points = tuple(tuple(map(Fraction, row)) for row in product((0, 1), repeat=data["inputs"]))
        for table, entry in data["functions"].items():
            yield Fact(f"{name}_{table}", points, tuple(map(int, table)), "weights" in entry)
    elif kind == "representation" and len(data["topologies"]) <= MOST_TOPOLOGIES:
        yield from _of_topologies(name, data)
    elif (kind == "farkas" or (kind == "separator" and "hidden" not in data)) and "points" in data:
        rows = tuple(tuple(map(Fraction, point)) for point in data["points"])
        if sum(map(len, rows)) <= MOST_NUMBERS:
            yield Fact(name, rows, tuple(data["labels"]), kind == "separator")


def _of_topologies(name: str, data: Mapping[str, Any]) -> Iterator[TopologyFact]:
    tables = ["".join(digits) for digits in product("01", repeat=2 ** data["inputs"])]
    for number, told in enumerate(data["topologies"], 1):
        if data["inputs"] > MOST_INPUTS or len(told["units"]) > MOST_HIDDEN + 1:
            continue
        topology = Topology(data["inputs"], tuple(map(tuple, told["units"])))
        for by, table in product(("free", "shared"), tables):
            yield TopologyFact(f"{name}_{number}_{by}_{table}", topology, table, by == "shared", table in told[by])


def smtlib(fact: AnyFact) -> str:
    """The question as text, satisfiable if and only if the answer is yes, with the answer expected as a comment."""
    if isinstance(fact, TopologyFact):
        text = representation_smt.smtlib(fact.topology, fact.table, shared=fact.shared)
        return f"; expected: {'sat' if fact.separable else 'unsat'}\n{text}"
    return _separability(fact)


def _separability(fact: Fact) -> str:
    """``rowK`` says w.x + b >= 0 at a row of label 1, < 0 at one of label 0: satisfiable if and only if separable."""
    lines = [f"; expected: {'sat' if fact.separable else 'unsat'}", "(set-logic QF_LRA)"]
    lines += [f"(declare-const {unknown} Real)" for unknown in fact.unknowns]
    for number, (point, label) in enumerate(zip(fact.points, fact.labels, strict=True)):
        lines.append(f"(assert (! ({'>=' if label else '<'} {_score(point, fact.unknowns)} 0) :named row{number}))")
    return "\n".join([*lines, "(check-sat)", ""])


def _score(point: Sequence[Fraction], unknowns: Sequence[str]) -> str:
    *weights, bias = unknowns
    terms = [f"(* {_real(x)} {weight})" for x, weight in zip(point, weights, strict=True) if x]
    return f"(+ {' '.join([*terms, bias])})" if terms else bias


def _real(value: Fraction) -> str:
    size = f"{abs(value.numerator)}.0"
    size = f"(/ {size} {value.denominator}.0)" if value.denominator > 1 else size
    return f"(- {size})" if value < 0 else size
