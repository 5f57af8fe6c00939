"""Claims about what a topology of threshold units represents: by weights of its own, and by one shared weight."""

from __future__ import annotations

from collections.abc import Sequence

from proofs.claim import Claim, Scope, Status, Verdict
from proofs.conclude import conclude
from proofs.networks.representation import Topology, count_representable, own_weights, representation_certificate
from proofs.separation import SeparationError

NAMES = {"0001": "AND", "0110": "XOR", "0111": "OR", "1000": "NOR", "1001": "XNOR", "1110": "NAND"}


def settle_representation(
    topology: Topology, *, enough: bool = True, name: str, text: str = "", repeat: str = ""
) -> Verdict:
    """Does one shared weight represent every function that weights of their own do (or, `enough` false, fewer)?

    REFUTED, or PROVED for fewer, comes with a function that tells them apart, and its weights.
    """
    found = count_representable(topology)
    missing = min(found.separating, key=lambda table: (table not in NAMES, table), default="")
    many = "as many functions as" if enough else "fewer functions than"
    claim = Claim(name, text or f"one shared weight represents {many} weights of their own, where {topology}")
    reason = f"{_many(found.free)} by weights of their own, {_many(found.shared)} by one shared weight"
    shown = f"{function_name(missing)} takes {weights_text(topology, missing)}" if missing else ""
    holds = enough == (not missing)
    return conclude(
        claim,
        Status.PROVED if holds else Status.REFUTED,
        representation_certificate([topology]),
        scope=_scope(topology),
        reason="; ".join(filter(None, (reason, shown if holds else ""))),
        counterexample="" if holds else f"{shown}, and no shared weight gives it",
        repeat=repeat,
    )


def settle_representable(
    topology: Topology,
    table: str,
    *,
    shared: bool = False,
    possible: bool = True,
    name: str,
    text: str = "",
    repeat: str = "",
) -> Verdict:
    """Does the topology compute the function with this table, by weights of their own or by one shared weight?

    Raises SeparationError unless `table` is as many digits 0 and 1 as the topology has rows.
    """
    found = count_representable(topology)
    rows = 2**topology.inputs
    if not isinstance(table, str) or len(table) != rows or set(table) - {"0", "1"}:
        raise SeparationError(f"table: expected {rows} digits 0 and 1 for {topology.inputs} inputs, got {table!r:.80}")
    by = "one shared weight" if shared else "weights of their own"
    claim = Claim(name, text or f"{function_name(table)} has {by}{'' if possible else ' nowhere'}, where {topology}")
    tables = found.shared if shared else found.free
    reason = f"{by}: {' '.join(tables)}"
    if table in found.free and not shared:
        reason = weights_text(topology, table)
    holds = possible == (table in tables)
    return conclude(
        claim,
        Status.PROVED if holds else Status.REFUTED,
        representation_certificate([topology]),
        scope=_scope(topology),
        reason=reason,
        repeat=repeat,
    )


def function_name(table: str) -> str:
    """``AND (0001)``, or the table alone."""
    return f"{NAMES[table]} ({table})" if table in NAMES else table


def weights_text(topology: Topology, table: str) -> str:
    """``h1 = [-1 + x1 + x2 >= 0], output = [h1 >= 0]``, edges of weight 0 left out."""
    names = [*topology.names]
    units = []
    for name, unit, weights in zip(
        [*names[topology.inputs + 1 :], "output"], topology.units, own_weights(topology, table), strict=True
    ):
        terms = [_term(weight, names[source]) for source, weight in zip(unit, weights, strict=True) if weight]
        units.append(f"{name} = [{' '.join(terms).removeprefix('+ ') or '0'} >= 0]")
    return ", ".join(units)


def _term(weight: int, name: str) -> str:
    size = "" if abs(weight) == 1 and name != "1" else f"{abs(weight)} "
    return f"{'-' if weight < 0 else '+'} {size}{'' if name == '1' else name}".rstrip()


def _many(tables: Sequence[str]) -> str:
    return f"{len(tables)} function{'s' * (len(tables) != 1)}"


def _scope(topology: Topology) -> Scope:
    return Scope(f"all real weights, at the {2**topology.inputs} inputs of 0 and 1")
