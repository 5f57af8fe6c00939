"""``[[shared_weight]]``, ``[[representation]]`` and ``[[quoted]]``: what is said of networks that share one weight.

The first two are settled by certificates. The third holds what somebody measured or recommends: it is shown as quoted,
with its source, and is never settled.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from proofs.claim import Claim, Scope, Status, Verdict
from proofs.derivations.claims import Claims
from proofs.derivations.document import Entry
from proofs.derivations.shown import shown
from proofs.derivations.units import ROWS, one_claim, read_rows, rows_named
from proofs.networks import representation, representation_claims
from proofs.networks.shared import read_topology, settle_shared_weight
from proofs.networks.shared.settling import interval_of, interval_text
from proofs.separation import SeparationError

NETWORK = ("inputs", "nodes", "outputs")
CLAIMS = ("as many", "fewer")
QUOTED = Scope("quoted: nothing here settles it")


def read_shared_weight(entry: Entry) -> Claims:
    """Does a network compute the labels for every shared weight of an interval?"""
    entry.check_keys((*ROWS, *NETWORK, "interval"), (*NETWORK, "interval"))
    points, labels = read_rows(entry)
    topology = {"gradproof_topology": 1, **{key: entry.data[key] for key in NETWORK}}
    name = entry.get_text("name") or "shared weight"
    try:
        network = read_topology(json.dumps(topology, default=str))
        low, high = interval_of(_list(entry, "interval"))
    except SeparationError as error:
        key = next((key for key in (*NETWORK, "interval") if str(error).startswith(key)), "nodes")
        raise entry.fail(str(error), key) from None
    text = f"for every shared weight w in {interval_text(low, high)} the network computes {rows_named(entry)}"
    settled = partial(settle_shared_weight, network, points, labels, interval=(low, high), name=name, text=text)
    return one_claim(entry, name, text, settled)


def read_representation(entry: Entry) -> Claims:
    """On these units, does one shared weight represent as many functions as weights of their own, or fewer?"""
    entry.check_keys(("name", "note", "inputs", "units", "claim"), ("inputs", "units", "claim"))
    claim, units = entry.get_text("claim"), _list(entry, "units")
    if claim not in CLAIMS:
        raise entry.fail(f"claim: expected {' or '.join(map(repr, CLAIMS))}, got {shown(claim)}", "claim")
    try:
        if not all(isinstance(unit, list) and all(type(value) is int for value in unit) for unit in units):
            raise SeparationError(f"units: expected what each unit reads, such as [[0, 1, 2]], got {shown(units)}")
        topology = representation.Topology(entry.data["inputs"], tuple(tuple(unit) for unit in units))
    except (SeparationError, TypeError) as error:
        key = "inputs" if str(error).startswith("inputs") else "units"
        raise entry.fail(str(error), key) from None
    name = entry.get_text("name") or "representation"
    many = "as many functions as" if claim == "as many" else "fewer functions than"
    text = f"one shared weight represents {many} weights of their own, where {topology}"
    settled = partial(
        representation_claims.settle_representation, topology, enough=claim == "as many", name=name, text=text
    )
    return one_claim(entry, name, text, settled)


def read_quoted(entry: Entry) -> Claims:
    """A measurement or a recommendation as its author words it: UNDECIDED, with where to look."""
    entry.check_keys(("name", "note", "text", "source", "see"), ("text", "source"))
    text, source, see = (" ".join(entry.get_text(key).split()) for key in ("text", "source", "see"))
    if not text or not source:
        raise entry.fail("[[quoted]] needs a text and its source; neither may be empty", "text" if source else "source")
    name = entry.get_text("name") or "quoted"
    reason = f"quoted from {source}" + (f"; see {see}" if see else "")
    verdict = Verdict(Claim(name, text), Status.UNDECIDED, QUOTED, reason=reason)
    return one_claim(entry, name, text, lambda: verdict)


def _list(entry: Entry, key: str) -> list[Any]:
    value = entry.data[key]
    if not isinstance(value, list):
        raise entry.fail(f"{key}: expected a list in [ ], got {shown(value)}", key)
    return value
