"""What cvc5 was told of a fact, written again from the fact itself, and its proof held against that."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from proofs.kernels.alethe import row_inequality, steps
from proofs.kernels.alethe_steps import Formula, Reading, compared, negated, recheck_steps
from proofs.kernels.facts import AnyFact, TopologyFact
from proofs.networks.representation import given
from proofs.networks.representation_smt import unknowns


def recheck(fact: AnyFact, proof: str) -> int:
    """How many steps of a refutation were gone through again. Raises ProofError where one does not follow."""
    if isinstance(fact, TopologyFact):
        first = fact.topology.inputs + 1
        hidden = range(first, first + fact.topology.hidden)
        booleans = {f"h{k}_{row}" for k in hidden for row in range(len(fact.table))}
        return recheck_steps(steps(proof), booleans, topology_assertions(fact))
    rows = (row_inequality(fact, number) for number in range(len(fact.points)))
    told = {compared(terms, "gt" if strict else "ge") for terms, strict in rows}
    return recheck_steps(steps(proof), (), told)


def topology_assertions(fact: TopologyFact) -> set[Formula]:
    """At each row: each hidden unit is 1 where its weighted sum is >= 0, and the output is what the table says."""
    reading, tables = Reading(()), given(fact.topology.inputs)
    names = unknowns(fact.topology, shared=fact.shared)
    first, last = len(tables), len(tables) + fact.topology.hidden
    found: set[Formula] = set()
    for row, digit in enumerate(fact.table):
        for k, (unit, weights) in enumerate(zip(fact.topology.units, names, strict=True), first):
            total: dict[Any, Fraction] = {}
            for source, weight in zip(unit, weights, strict=True):
                one = {weight: Fraction(1)}
                if source >= first:
                    one = reading.chosen(("lit", f"h{source}_{row}", True), one, {})
                for name, value in one.items() if source >= first or tables[source][row] == "1" else ():
                    total[name] = total.get(name, Fraction(0)) + value
            fires = compared(total, "ge")
            if k == last:
                found.add(fires if digit == "1" else negated(fires))
            else:
                own: Formula = ("lit", f"h{k}_{row}", True)
                found.add(reading.same(own, fires))
    return found
