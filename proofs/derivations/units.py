"""``[[separator]]``, ``[[separable]]``, ``[[hidden_units]]`` and ``[[perceptron]]``: claims about threshold units."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from proofs.claim import Status, Verdict
from proofs.derivations.claims import Claims, Pending
from proofs.derivations.document import Entry
from proofs.derivations.settling import settle
from proofs.derivations.shown import shown
from proofs.networks import ThresholdNetwork, settle_hidden_units, settle_network, settle_run, settle_update_rule
from proofs.separation import (
    SeparationError,
    Separator,
    TruthTable,
    data_set,
    exact,
    settle_separable,
    settle_separator,
    show_vector,
)

Rows = tuple[list[list[Any]], list[Any]]

ROWS = ("name", "note", "table", "points", "labels")
UNIT = ("weights", "bias")
PERCEPTRON_CLAIMS = ("learning_rule", "first_step", "reaches", "converges_to", "never_stops")


def read_separator(entry: Entry) -> Claims:
    """Does this unit, or network with one hidden layer, output the labels?"""
    entry.check_keys((*ROWS, *UNIT, "hidden", "skip"), UNIT)
    points, labels = read_rows(entry)
    output = _unit(entry, entry.data)
    hidden = _list(entry, "hidden") if "hidden" in entry.data else []
    skip = entry.get_bool("skip", False)
    name = entry.get_text("name") or "separator"
    unit = f"w = {show_vector(output.weights)}, b = {show_vector((output.bias,))[1:-1]}"
    if hidden:
        network = ThresholdNetwork(tuple(_unit(entry, unit) for unit in hidden), output, skip)
        text = f"{network} computes {rows_named(entry)}"
        return one_claim(entry, name, text, partial(settle_network, points, labels, network, name=name, text=text))
    text = f"{unit} represents {rows_named(entry)}"
    return one_claim(
        entry,
        name,
        text,
        partial(settle_separator, points, labels, output.weights, output.bias, name=name, text=text),
    )


def read_separable(entry: Entry) -> Claims:
    """Is there a separating hyperplane, or (claim = false) is there none?"""
    entry.check_keys((*ROWS, "claim"))
    points, labels = read_rows(entry)
    claimed = entry.get_bool("claim", True)
    name = entry.get_text("name") or "separable"
    text = f"{'a' if claimed else 'no'} hyperplane separates {rows_named(entry)}"
    return one_claim(
        entry, name, text, partial(settle_separable, points, labels, separable=claimed, name=name, text=text)
    )


def read_hidden_units(entry: Entry) -> Claims:
    """Can a network with so many hidden threshold units compute the labels, or (claim = false) can none?"""
    entry.check_keys((*ROWS, "units", "skip", "claim"), ["units"])
    points, labels = read_rows(entry)
    units, skip, claimed = entry.data["units"], entry.get_bool("skip", False), entry.get_bool("claim", True)
    if isinstance(units, bool) or not isinstance(units, int):
        raise entry.fail(f"units: expected a whole number, got {shown(units)}", "units")
    name = entry.get_text("name") or "hidden units"
    plural = "1 hidden threshold unit" if units == 1 else f"{units} hidden threshold units"
    connection = "with" if skip else "without"
    text = f"{plural} {connection} a skip connection {'suffice' if claimed else 'cannot do'} for {rows_named(entry)}"
    text = text.replace("cannot do for", "cannot compute")
    if units == 1:
        text = text.replace("suffice for", "suffices for")
    return one_claim(
        entry,
        name,
        text,
        partial(settle_hidden_units, points, labels, units=units, skip=skip, possible=claimed, name=name, text=text),
    )


def read_perceptron(entry: Entry) -> Claims:
    """What an update rule is good for, and what its run does."""
    entry.check_keys((*ROWS, "order", "rate", "start", "rule", *PERCEPTRON_CLAIMS))
    points, labels = read_rows(entry)
    name = entry.get_text("name") or "perceptron"
    rule = entry.get_text("rule", "w + alpha*(t - a)*x")
    sign = _sign(entry, rule)
    run = partial(
        settle_run,
        points,
        labels,
        order=entry.data.get("order"),
        rate=entry.data.get("rate", 1),
        sign=sign,
        start=entry.data.get("start"),
    )
    for key in ("order", "start"):
        if key in entry.data:
            _list(entry, key)
    lines: list[Pending] = []
    for key in entry.data:
        if key in PERCEPTRON_CLAIMS:
            text, settled = _perceptron_claim(entry, key, rule, sign, run)
            lines.append(Pending(text, "", entry.line(key), partial(settled, name=f"{name}.{key}", text=text)))
    if not lines:
        raise entry.fail(f"[[perceptron]] claims nothing; add one of {', '.join(PERCEPTRON_CLAIMS)}")
    return Claims(entry, name, tuple(lines))


def _perceptron_claim(
    entry: Entry, key: str, rule: str, sign: int, run: Callable[..., Verdict]
) -> tuple[str, Callable[..., Verdict]]:
    """The text of one claim of a perceptron, and what settles it."""
    if key in ("learning_rule", "never_stops"):
        if not entry.get_bool(key, True):
            raise entry.fail(f"{key}: expected true; leave it out if it is not claimed", key)
        if key == "learning_rule":
            return f"w <- {rule} moves the score of an example towards its target", partial(_learning_rule, sign)
        return "the updates never stop", partial(run, outcome="cycles")
    claim = entry.data[key]
    if not isinstance(claim, Mapping):
        raise entry.fail(f"{key}: expected {{ weights = [...], bias = ... }}, got {shown(claim)}", key)
    extra = {"visits"} & set(claim) if key == "reaches" else set()
    unit = _unit(entry, {part: value for part, value in claim.items() if part not in extra}, key)
    state = (*unit.weights, unit.bias)
    written = f"w = {show_vector(unit.weights)}, b = {show_vector((unit.bias,))[1:-1]}"
    if key == "converges_to":
        return f"the iteration converges to {written}", partial(run, outcome="converges", final=state)
    if key == "reaches" and not extra:
        raise entry.fail("reaches: needs visits = the number of rows visited", key)
    visits = 1 if key == "first_step" else claim["visits"]
    said = "the first step leads" if key == "first_step" else f"{shown(visits)} visits lead"
    return f"{said} to {written}", partial(run, outcome="reaches", visits=visits, final=state)


def _learning_rule(sign: int, *, name: str, text: str) -> Verdict:
    """`settle_update_rule`, a counterexample to which says what its two sides are."""
    verdict = settle_update_rule(sign, name=name, text=text)
    if verdict.status is not Status.REFUTED:
        return verdict
    words = {"left side": "the update changes the score w.x + b by", "right side": "towards the target would be"}
    found = verdict.counterexample
    for side, meaning in words.items():
        found = found.replace(side, meaning)
    towards = "towards the target the score w.x + b would change by alpha*(t - a)*(x.x + 1)"
    return replace(verdict, counterexample=found, reason=towards)


def read_rows(entry: Entry) -> Rows:
    """The rows and labels of an entry, from a truth table or as listed."""
    if ("table" in entry.data) == ("points" in entry.data):
        raise entry.fail('give either table = "0110", or points = [[0, 0], ...] and labels = [0, ...]')
    try:
        if "table" in entry.data:
            table = TruthTable.parse(entry.get_text("table"))
            return [list(point) for point in table.points], list(table.labels)
        points, labels = _list(entry, "points"), _list(entry, "labels")
        data_set(points, labels)
    except SeparationError as error:
        raise entry.fail(str(error), "table" if "table" in entry.data else "points") from None
    return points, labels


def rows_named(entry: Entry) -> str:
    """What a claim calls the rows: ``the table 0110``."""
    return f"the table {entry.data['table']}" if "table" in entry.data else "the labels of the points"


def _list(entry: Entry, key: str) -> list[Any]:
    value = entry.data.get(key)
    if not isinstance(value, list):
        raise entry.fail(f"{key}: expected a list in [ ], got {shown(value)}", key)
    return value


def _unit(entry: Entry, table: Any, *keys: str) -> Separator:
    """The weights and bias under `keys`, or those of the entry itself."""
    if not isinstance(table, Mapping) or not set(UNIT) <= set(table):
        raise entry.fail(f"expected {{ weights = [...], bias = ... }}, got {shown(table)}", *keys)
    if keys and (unknown := sorted(set(table) - set(UNIT))):
        raise entry.fail(f"{keys[0]} has no key {unknown[0]!r:.60}; it has weights and bias", *keys)
    weights = table["weights"]
    if not isinstance(weights, list):
        raise entry.fail(f"weights: expected a list in [ ], got {shown(weights)}", *keys, "weights")
    try:
        return Separator(tuple(exact(weight, "weights") for weight in weights), exact(table["bias"], "bias"))
    except SeparationError as error:
        raise entry.fail(str(error), *keys, "bias" if str(error).startswith("bias") else "weights") from None


def _sign(entry: Entry, rule: str) -> int:
    """1 for ``w + alpha*(t - a)*x`` and what equals it, -1 for ``w - alpha*(t - a)*x``."""
    scalars: dict[str, list[str]] = {name: [] for name in ("w", "alpha", "t", "a", "x")}
    try:
        for sign, written in ((1, "w + alpha*(t - a)*x"), (-1, "w - alpha*(t - a)*x")):
            if settle(rule, written, arrays=scalars):
                return sign
    except ValueError as error:
        raise entry.fail(f"rule: {error}", "rule") from None
    raise entry.fail('rule: expected "w + alpha*(t - a)*x" or "w - alpha*(t - a)*x", or the like', "rule")


def one_claim(entry: Entry, name: str, text: str, settled: Callable[[], Verdict]) -> Claims:
    """An entry with one claim."""
    return Claims(entry, name, (Pending(text, "", entry.line(), settled),))
