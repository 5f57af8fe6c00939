"""Certificates of finite facts as Coq text over Z, each with its proof by computation, and read back.

`formal` states what a certificate claims; the multipliers, lines and runs that show it go into the proof alone.
Rows are integers over one common denominator, units have a denominator of their own (integers.v).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from proofs.kernels import networks, shared
from proofs.kernels.formal import Unsupported
from proofs.kernels.reading import Tree, Unreadable, need, trees
from proofs.kernels.tables import MOST_NUMBERS
from proofs.kernels.writing import COMPUTE, Stated, integer, listed, rows_text, vector, weights_text

Fields = Mapping[str, Any]


def _unit(fields: Fields) -> str:
    values = [Fraction(x) for x in (*fields["weights"], fields["bias"])]
    scale = lcm(*(x.denominator for x in values))
    return f"({scale}, {weights_text([x * scale for x in values])})"


def formal(data: Fields) -> tuple[Stated, ...]:
    """What an accepted certificate says: over Z, and over R as well where the real weights make a difference.

    Raises Unsupported for kinds that are not exported and for tables of over 20,000 numbers. Packed tables have to be
    written out before (`proofs.kernels.tables`).
    """
    kind = str(data["kind"])
    if kind == "census" and "functions" in data:
        return (_census(data),)
    if kind == "representation":
        return networks.representation(data)
    if kind not in _KINDS or "points" not in data:
        exported = ", ".join(("census", "representation", *_KINDS))
        raise Unsupported(f"certificates of kind {kind} in this form are not exported; {exported} are")
    points = [[Fraction(x) for x in point] for point in data["points"]]
    if sum(map(len, points)) > MOST_NUMBERS:
        raise Unsupported(f"a table of more than {MOST_NUMBERS:,} numbers is not exported")
    return _KINDS[kind](data, points, data["labels"])


def refuse_unknown(data: Fields) -> None:
    """Raises Unsupported for an accepted certificate that the library's own way of deciding may not cover."""
    if data["kind"] in ("shared_weight", "shared_cover"):
        shared.need_signs(data)


def _separator(data: Fields, points: list[list[Fraction]], labels: list[int]) -> tuple[Stated, ...]:
    den = lcm(*(x.denominator for point in points for x in point))
    skip = data.get("skip", "hidden" not in data)
    hidden = listed([_unit(unit) for unit in data.get("hidden", ())])
    claim = f"(computes {den} {rows_text(points, labels, den)} {hidden} {str(skip).lower()} {_unit(data)})"
    return (Stated(claim, f"apply computes_sound; {COMPUTE}"),)


def _farkas(data: Fields, points: list[list[Fraction]], labels: list[int]) -> tuple[Stated, ...]:
    den = lcm(*(x.denominator for point in points for x in point))
    multipliers = [Fraction(x) for x in data["multipliers"]]
    scale = lcm(*(x.denominator for x in multipliers))
    whole = [x * scale for x in multipliers]
    shrink = gcd(*map(int, whole)) or 1
    ms, rows = vector([x / shrink for x in whole]), rows_text(points, labels, den)
    return tuple(
        Stated(f"(inseparable{field} {den} {rows})", f"apply (farkas_sound{field} _ _ {ms}); {COMPUTE}")
        for field in ("", "R")
    )


def _perceptron(data: Fields, points: list[list[Fraction]], labels: list[int]) -> tuple[Stated, ...]:
    rate = integer(Fraction(data["rate"]) * data["sign"])
    start = weights_text([Fraction(x) for x in data["start"]])
    if data["outcome"] == "stays":
        rows = rows_text(points, labels)
        states = listed([weights_text([Fraction(x) for x in state]) for state in data["states"]])
        return tuple(
            Stated(f"(stays{field} {rate} {start} {rows} {states})", f"apply stays_sound{field}; {COMPUTE}")
            for field in ("", "R")
        )
    order = [int(row) for row in data["order"]]
    whole, left = divmod(int(data["visits"]), len(order))
    visited = rows_text([points[row] for row in order], [labels[row] for row in order])
    if data["outcome"] == "cycles":
        period = int(data["period"])
        proof = f"apply (cycles_sound _ _ _ {whole - period}%nat {period}%nat); {COMPUTE}"
        return (Stated(f"(never_stops {rate} {start} {visited})", proof),)
    rest = rows_text([points[row] for row in order[:left]], [labels[row] for row in order[:left]])
    final = weights_text([Fraction(x) for x in data["final"]])
    run = f"{rate} {start} {visited} {rest} {whole}%nat {final}"
    if data["outcome"] == "reaches":
        return (Stated(f"(reaches {run})", COMPUTE),)
    return (Stated(f"(converges {run})", "split; [vm_compute; reflexivity|repeat constructor]"),)


def _novikoff(data: Fields, points: list[list[Fraction]], labels: list[int]) -> tuple[Stated, ...]:
    unit = [Fraction(x) for x in (*data["weights"], data["bias"])]
    scale = lcm(*(x.denominator for x in unit))
    line = [x * scale for x in unit]
    scores = [sum(w * x for w, x in zip(line, [*point, Fraction(1)], strict=True)) for point in points]
    margin = min(score if label else -score for score, label in zip(scores, labels, strict=True))
    radius = max(sum(x * x for x in point) + 1 for point in points)
    most = integer(Fraction(data["updates"]))
    found, rows = f"{weights_text(line)} {integer(margin)} {integer(radius)}", rows_text(points, labels)
    return tuple(
        Stated(f"(updates_at_most{field} {rows} {most})", f"apply (novikoff_sound{field} _ {found}); {COMPUTE}")
        for field in ("", "R")
    )


def _minimal(data: Fields, points: list[list[Fraction]], labels: list[int]) -> tuple[Stated, ...]:
    unit = weights_text([Fraction(x) for x in (*data["weights"], data["bias"])])
    kind = f"{str(data['measure'] == 'max').lower()} {str(data['count_bias']).lower()}"
    counted = [*data["weights"], *([data["bias"]] if data["count_bias"] else [])]
    tree = _tree(data["tree"], len(points[0])) if any(map(Fraction, counted)) else "(Leaf [])"
    proof = f"apply (smallest_sound _ _ _ _ _ {tree}); {COMPUTE}"
    return (Stated(f"(smallest 1 {rows_text(points, labels)} {kind} {unit})", proof),)


def _tree(tree: Any, weights: int) -> str:
    """A case's multipliers as integers, or the two cases on either side of a bound of one weight or the bias."""
    if isinstance(tree, dict):
        place = tree["place"]
        side = weights_text([Fraction(other == place) for other in range(weights + 1)])
        cases = f"{_tree(tree['low'], weights)} {_tree(tree['high'], weights)}"
        return f"(Branch {side} {integer(Fraction(tree['below']))} {cases})"
    scale = lcm(*(Fraction(multiplier).denominator for _, multiplier in tree))
    leaf = [f"({number}%nat, {integer(Fraction(multiplier) * scale)})" for number, multiplier in tree]
    return f"(Leaf {listed(leaf)})"


def _census(data: Fields) -> Stated:
    """The tables in the order of `words`: lexicographic, as the digits of a table are."""
    witnesses = [_witness(data["functions"][table]) for table in sorted(data["functions"])]
    proof = f"apply (census_sound _ {listed(witnesses)}); {COMPUTE}"
    return Stated(f"(threshold_functions {data['inputs']}%nat {data['threshold']}%nat)", proof)


def _witness(entry: Fields) -> str:
    if "multipliers" not in entry:
        return f"inl {_unit(entry).partition(', ')[2][:-1]}"
    multipliers = [Fraction(x) for x in entry["multipliers"]]
    return f"inr {vector([x * lcm(*(m.denominator for m in multipliers)) for x in multipliers])}"


_KINDS = {
    "separator": _separator,
    "farkas": _farkas,
    "perceptron": _perceptron,
    "novikoff": _novikoff,
    "minimal": _minimal,
    "resolution": networks.resolution,
    "shared_weight": shared.shared_weight,
    "shared_cover": shared.shared_cover,
}


def read_back(theorem: str) -> tuple[str, list[Any]]:
    """The word and the arguments of ``Theorem NAME : (word argument ...).`` as lists, tuples and numbers."""
    words = trees(re.sub(r"%nat\b", "", theorem))
    need(len(words) == 5 and words[0] == "Theorem" and words[2] == ":" and words[4] == ".", "expected one Theorem")
    body = words[3]
    need(isinstance(body, list) and body and isinstance(body[0], str), "expected a word and its arguments")
    assert isinstance(body, list)
    return str(body[0]), [_value(tree) for tree in body[1:]]


def _value(tree: Tree) -> Any:
    match tree:
        case "true" | "false":
            return tree == "true"
        case str() if tree.lower() in shared.ACTIVATIONS:
            return tree
        case str() if tree.isdigit():
            return int(tree)
        case ["-", str(number)] if number.isdigit():
            return -int(number)
        case ["["]:
            return []
        case ["[", *parts] if len(parts) % 2 and set(map(str, parts[1::2])) <= {";"}:
            return [_value(part) for part in parts[::2]]
        case [left, ",", right]:
            return _value(left), _value(right)
    raise Unreadable(f"not a number, list or pair: {str(tree)[:60]}")


def same(theorem: str, data: Fields) -> None:
    """Raises Unreadable where a theorem as text does not say what the certificate claims."""
    word, given = read_back(theorem)
    if data["kind"] == "representation":
        networks.same_representation(word, given, data)
        return
    if data["kind"] == "census":
        need(
            (word, given) == ("threshold_functions", [data["inputs"], data["threshold"]]), "not the certificate's count"
        )
        return
    points = [tuple(Fraction(x) for x in point) for point in data["points"]]
    table = [(point, bool(label)) for point, label in zip(points, data["labels"], strict=True)]
    kind = str(data["kind"])
    if kind in ("shared_weight", "shared_cover"):
        shared.same_shared(word, given, data, table)
        return
    words = {
        "separator": ("computes",),
        "farkas": ("inseparable", "inseparableR"),
        "novikoff": ("updates_at_most", "updates_at_mostR"),
        "minimal": ("smallest",),
        "resolution": ("too_fewR",),
    }
    if kind != "perceptron":
        need(word in words[kind], f"{word} is not what a {kind} certificate claims")
    match word, given:
        case "computes", [den, rows, hidden, skip, output]:
            need(_table(rows, den) == table, "the rows read back are not the certificate's")
            need(skip == data.get("skip", "hidden" not in data), "skip read back is not the certificate's")
            need([*map(_line, hidden)] == [*map(_own, data.get("hidden", ()))], "the hidden units are not its own")
            need(_line(output) == _own(data), "the output unit read back is not the certificate's")
        case "inseparable" | "inseparableR", [den, rows]:
            need(_table(rows, den) == table, "the rows read back are not the certificate's")
        case "updates_at_most" | "updates_at_mostR", [rows, most]:
            need(_table(rows, 1) == table and most == Fraction(data["updates"]), "not the certificate's bound")
        case "too_fewR", [den, rows, units, skip]:
            need(_table(rows, den) == table, "the rows read back are not the certificate's")
            need((units, skip) == (data["units"], data["skip"]), "other hidden units, or another use of the row")
        case "smallest", [den, rows, largest, bias, unit]:
            need(_table(rows, den) == table, "the rows read back are not the certificate's")
            need((largest, bias) == (data["measure"] == "max", data["count_bias"]), "the size is measured otherwise")
            need(_state(unit) == _own(data), "the weights read back are not the certificate's")
        case _, [rate, start, *rest] if kind == "perceptron":
            need(rate == data["sign"] * Fraction(data["rate"]), "the rate read back is not the certificate's")
            need(_state(start) == [Fraction(x) for x in data["start"]], "the start is not the certificate's")
            _same_run(word, rest, data, table)
        case _:
            raise Unreadable(f"not a statement about a {kind} certificate: {word}")


def _same_run(word: str, rest: list[Any], data: Fields, table: list[tuple[tuple[Fraction, ...], bool]]) -> None:
    order = [table[row] for row in data.get("order", ())]
    outcome = {"stays": "stays", "staysR": "stays", "never_stops": "cycles"}.get(word, word)
    need(outcome == data["outcome"], f"{word} is not the outcome {data['outcome']}")
    match rest:
        case [rows, states] if outcome == "stays":
            listed = [[Fraction(x) for x in state] for state in data["states"]]
            need(_table(rows, 1) == table and [*map(_state, states)] == listed, "not the certificate's states")
        case [rows] if outcome == "cycles":
            need(_table(rows, 1) == order, "the order read back is not the certificate's")
        case [rows, left, whole, final]:
            visits = whole * len(order) + len(left)
            need(_table(rows, 1) == order and _table(left, 1) == order[: len(left)], "not the certificate's order")
            need(len(left) < len(order) and visits == data["visits"], "not the certificate's number of visits")
            need(_state(final) == [Fraction(x) for x in data["final"]], "not the certificate's final state")
        case _:
            raise Unreadable(f"not a statement about a run: {word}")


def _table(rows: list[Any], den: int) -> list[tuple[tuple[Fraction, ...], bool]]:
    need(den > 0, "a denominator is not positive")
    return [(tuple(Fraction(x, den) for x in point), label) for point, label in rows]


def _state(state: tuple[list[int], int]) -> list[Fraction]:
    return [Fraction(x) for x in (*state[0], state[1])]


def _line(unit: tuple[int, tuple[list[int], int]]) -> list[Fraction]:
    need(unit[0] > 0, "a denominator is not positive")
    return [x / unit[0] for x in _state(unit[1])]


def _own(fields: Fields) -> list[Fraction]:
    return [Fraction(x) for x in (*fields["weights"], fields["bias"])]
