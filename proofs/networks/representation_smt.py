"""The question whether a topology has a function, as SMT-LIB text in linear arithmetic for any solver.

The hidden outputs at each row are Boolean unknowns; an edge from a hidden unit adds its weight or nothing.
"""

from __future__ import annotations

from proofs.networks.representation import Topology, given


def unknowns(topology: Topology, *, shared: bool = False) -> list[list[str]]:
    """The names of the weights, one for each value that each unit reads: ``w3_1`` from value 1 to unit 3, or ``w``."""
    units = enumerate(topology.units, topology.inputs + 1)
    return [["w" if shared else f"w{k}_{source}" for source in unit] for k, unit in units]


def smtlib(topology: Topology, table: str, *, shared: bool = False) -> str:
    """Satisfiable if and only if the topology has the function with this table.

    ``unitK_R`` says when unit K is 1 at row R, ``rowR`` what the output is to be there.
    """
    tables, first = given(topology.inputs), topology.inputs + 1
    names = unknowns(topology, shared=shared)
    hidden = [f"h{k}_{row}" for k in range(first, first + topology.hidden) for row in range(len(table))]
    reals = dict.fromkeys(name for unit in names for name in unit)
    lines = ["(set-logic QF_LRA)", *(f"(declare-const {name} Real)" for name in reals)]
    lines += [f"(declare-const {name} Bool)" for name in hidden]
    for row, digit in enumerate(table):
        for k, (unit, weights) in enumerate(zip(topology.units, names, strict=True), first):
            terms = []
            for source, weight in zip(unit, weights, strict=True):
                if source >= first:
                    terms.append(f"(ite h{source}_{row} {weight} 0.0)")
                elif tables[source][row] == "1":
                    terms.append(weight)
            total = f"(+ {' '.join(terms)})" if len(terms) > 1 else "".join(terms) or "0.0"
            if k < first + topology.hidden:
                lines.append(f"(assert (! (= h{k}_{row} (>= {total} 0.0)) :named unit{k}_{row}))")
            else:
                lines.append(f"(assert (! ({'>=' if digit == '1' else '<'} {total} 0.0) :named row{row}))")
    return "\n".join([*lines, "(check-sat)", ""])
