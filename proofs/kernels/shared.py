"""Certificates about networks that share one weight as Coq text over R (shared.v), and read back.

What is exported has one output, piecewise polynomial activations, integer rows, and at most one break point, a rational
one; on either side the signs of polynomials are those of their coefficients, or nothing is exported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from proofs.kernels.formal import Unsupported
from proofs.kernels.reading import need
from proofs.kernels.writing import COMPUTE, Stated, integer, listed, rows_text

Fields = Mapping[str, Any]
Poly = tuple[Fraction, ...]
ACTIVATIONS = ("linear", "inverse", "abs", "relu", "step", "square")


def shared_weight(data: Fields, points: list[list[Fraction]], labels: list[int]) -> tuple[Stated, ...]:
    """For exactly which w the rows are right; with an interval, that they all are for each w in it, or where not."""
    place, flags = _break(data)
    network = f"{_network(data)} {rows_text(points, labels)}"
    cells = f"{_ratio(place)} {' '.join(str(flag).lower() for flag in flags)}"
    found = [Stated(f"(exactlyR {network} {cells})", f"apply exactly_sound; {COMPUTE}")]
    if "interval" in data:
        low, high = map(Fraction, data["interval"])
        ends = f"{_ratio(low)} {_ratio(high)}"
        if data["every"]:
            proof = f"apply (everywhere_sound _ _ _ _ _ {cells}); {COMPUTE}"
            found.append(Stated(f"(everywhereR {network} {ends})", proof))
        else:
            inside = [w for w in (low, high, place) if low <= w <= high]
            wrong = next((w for w in inside if not flags[1 + (w > place) - (w < place)]), low)
            found.append(_somewhere_wrong(network, low, high, wrong))
    return tuple(found)


def shared_cover(data: Fields, points: list[list[Fraction]], labels: list[int]) -> tuple[Stated, ...]:
    """That a row is wrong at a point. Raises Unsupported for cells that are longer or say something else."""
    found = []
    for (low, high), row in zip(pairwise(data["cuts"]), data["cells"], strict=True):
        if row < 0 or Fraction(low) != Fraction(high):
            raise Unsupported("covers are exported where each cell is a point at which a row is wrong")
        w = Fraction(low)
        network = f"{_network(data)} {rows_text(points[row : row + 1], labels[row : row + 1])}"
        found.append(_somewhere_wrong(network, w, w, w))
    return tuple(found)


def _somewhere_wrong(network: str, low: Fraction, high: Fraction, w: Fraction) -> Stated:
    proof = f"apply (somewhere_wrong_sound _ _ _ _ _ {_ratio(w)}); {COMPUTE}"
    return Stated(f"(somewhere_wrongR {network} {_ratio(low)} {_ratio(high)})", proof)


def _break(data: Fields) -> tuple[Fraction, tuple[bool, bool, bool]]:
    """The break point, 0 where there is none, and whether all rows are right below, at and above it."""
    right = [row < 0 for row in data["cells"]]
    if len(right) == 1:
        return Fraction(0), (right[0], right[0], right[0])
    low, high = (Fraction(x) for x in (data["samples"][0], data["samples"][-1]))
    roots = [-Fraction(f[0]) / Fraction(f[1]) for f in data["factors"] if len(f) == 2]
    inside = [root for root in roots if low < root < high]
    if len(right) > 3 or len(inside) != 1:
        raise Unsupported("networks with more than one break point, or one that is not rational, are not exported")
    return inside[0], (right[0], right[1], right[2])


def _network(data: Fields) -> str:
    """The nodes with what they read, and the output."""
    topology = data["topology"]
    if len(topology["outputs"]) != 1 or any(f not in ACTIVATIONS for f, _ in topology["nodes"]):
        raise Unsupported(f"networks with one output and the activations {', '.join(ACTIVATIONS)} are exported")
    nodes = (f"({f.capitalize()}, {listed(f'{s}%nat' for s in sources)})" for f, sources in topology["nodes"])
    return f"{listed(nodes)} {topology['outputs'][0]}%nat"


def _ratio(value: Fraction) -> str:
    return f"({integer(value.numerator)}, {value.denominator})"


def need_signs(data: Fields) -> None:
    """Raises Unsupported where the signs of coefficients do not tell the answers below, at and above the break."""
    if data["kind"] == "shared_weight":
        place, flags = _break(data)
        for slope, flag in zip((-1, 0, 1), flags, strict=True):
            _need_region(data, range(len(data["points"])), (place, Fraction(slope)), flag)
    for low, row in zip(data.get("cuts", ()), data["cells"], strict=False):
        if data["kind"] == "shared_cover" and row >= 0:
            _need_region(data, (row,), (Fraction(low),), False)


def _need_region(data: Fields, rows: Iterable[int], w: Poly, right: bool) -> None:
    """The same for w = c + e t and all t > 0."""
    _network(data)
    answers = []
    for row in rows:
        point, label = [Fraction(x) for x in data["points"][row]], data["labels"][row]
        values: list[Poly | None] = [(Fraction(1),), *((x,) for x in point)]
        for f, sources in data["topology"]["nodes"]:
            read = [values[source] for source in sources]
            known = [value for value in read if value is not None]
            values.append(_activated(f, _times(w, _plus(known))) if len(known) == len(read) else None)
        value = values[data["topology"]["outputs"][0]]
        sign = None if value is None else _sign(value)
        answers.append(None if sign is None else (sign > 0) == (label == 1))
    if (None in answers and (right or False not in answers)) or (all(answers) != right):
        raise Unsupported("the signs of the coefficients do not tell the network's answers")


def _plus(parts: Sequence[Poly]) -> Poly:
    degree = max(map(len, parts), default=0)
    return tuple(sum((part[k] for part in parts if k < len(part)), Fraction(0)) for k in range(degree))


def _times(left: Poly, right: Poly) -> Poly:
    return _plus([(*(Fraction(0),) * k, *(a * b for b in right)) for k, a in enumerate(left)])


def _sign(value: Poly) -> int | None:
    """1 or 0: the coefficients make the polynomial > 0 for every t > 0, or <= 0; None where their signs are mixed."""
    if all(a <= 0 for a in value):
        return 0
    return 1 if all(a >= 0 for a in value) else None


def _activated(f: str, z: Poly) -> Poly | None:
    if f == "square":
        return _times(z, z)
    if f in ("linear", "inverse"):
        return z if f == "linear" else tuple(-a for a in z)
    sign = _sign(z)
    if sign is None:
        return None
    if f == "step":
        return (Fraction(1),) if sign else ()
    return z if sign else tuple(-a for a in z) if f == "abs" else ()


def same_shared(word: str, given: list[Any], data: Fields, table: list[tuple[tuple[Fraction, ...], bool]]) -> None:
    """Raises Unreadable where what was read is not what the certificate says."""
    topology = data["topology"]
    nodes = [(f.capitalize(), [*sources]) for f, sources in topology["nodes"]]
    need(len(given) > 4 and (given[0], given[1]) == (nodes, topology["outputs"][0]), "not the certificate's network")
    rows = [(tuple(map(Fraction, point)), label) for point, label in given[2]]
    ends = [_number(pair) for pair in given[3:5] if isinstance(pair, tuple)]
    if data["kind"] == "shared_cover":
        cells = zip(pairwise(data["cuts"]), data["cells"], strict=True)
        said = [([table[row]], [Fraction(low), Fraction(high)]) for (low, high), row in cells if row >= 0]
        need(word == "somewhere_wrongR" and (rows, ends) in said, "not a cell of the certificate")
        return
    need(rows == table, "the rows read back are not the certificate's")
    match word, given[3:]:
        case "exactlyR", [_, *flags]:
            need((ends[0], tuple(flags)) == _break(data), "not the certificate's cells")
        case (("everywhereR" | "somewhere_wrongR"), [_, _]):
            need([*map(Fraction, data["interval"])] == ends, "not the certificate's interval")
            need(data["every"] == (word == "everywhereR"), "not the certificate's answer")
        case _:
            need(False, f"not a statement about a shared weight: {word}")


def _number(pair: tuple[int, int]) -> Fraction:
    need(pair[1] > 0, "a denominator is not positive")
    return Fraction(*pair)
