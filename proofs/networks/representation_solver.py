"""Weights of a topology by Z3: all units in one problem of linear arithmetic."""

from __future__ import annotations

from fractions import Fraction

import z3

from proofs.networks.representation import Topology
from proofs.networks.representation_smt import smtlib, unknowns
from proofs.separation.solver import EFFORT, linear_solver, model_values, satisfiable


def find_weights(
    topology: Topology, table: str, *, shared: bool = False, effort: int = EFFORT
) -> tuple[tuple[Fraction, ...], ...] | None:
    """Weights for every value that each unit reads by which the output has this table, or None when Z3 says there are
    none. Raises EffortExceeded."""
    solver, context = linear_solver("QF_LRA", effort)
    solver.from_string(smtlib(topology, table, shared=shared))
    if not satisfiable(solver):
        return None
    names = unknowns(topology, shared=shared)
    return tuple(tuple(model_values(solver, [z3.Real(name, context) for name in unit])) for unit in names)
