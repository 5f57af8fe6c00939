"""11. Shared cover: how many rows a network answers as labelled for every w of an interval, by enclosures."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import reduce
from itertools import groupby, pairwise
from operator import add, attrgetter
from typing import Any

from proofs.checker.balls import CONTEXT, Ball, Jet, apply, exact, jet, parts, pi
from proofs.checker.reading import Reader, Rejected, need
from proofs.checker.topology import AT_ZERO, NETWORK, network

FORMS = (NETWORK | {"cuts": ["number"], "cells": [range(-2, 100_000)], "least": range(1, 100_001)},)
DIGITS = 25
AT: dict[str, Callable[[Ball], Ball]] = {
    "gaussian": lambda x: apply("exp", exact(Fraction(-1, 2)) * x * x),
    "tanh": lambda x: apply("tanh", x),
    "sigmoid": lambda x: apply("sigmoid", x),
    "sin": lambda x: apply("sin", x * pi(DIGITS)),
    "cos": lambda x: apply("cos", x * pi(DIGITS)),
}
SLOPES: dict[str, Callable[[Ball, Ball], Ball]] = {  # at x with the value y
    "gaussian": lambda x, y: exact(-1) * x * y,
    "tanh": lambda _, y: exact(1) + exact(-1) * y * y,
    "sigmoid": lambda _, y: y * (exact(1) + exact(-1) * y),
    "sin": lambda x, _: pi(DIGITS) * enclosed("cos", x),
    "cos": lambda x, _: exact(-1) * pi(DIGITS) * enclosed("sin", x),
}
ANY, UNIT, WIDE = Ball(Decimal("0.5"), Decimal("0.5")), Ball(Decimal(0), Decimal(1)), Ball(Decimal(0), Decimal(4))
BOUNDS = {"gaussian": (ANY, UNIT), "tanh": (UNIT, ANY), "sigmoid": (ANY, ANY), "sin": (UNIT, WIDE), "cos": (UNIT, WIDE)}
BOUNDS |= {"step": (ANY, ANY), "abs": (ANY, UNIT), "relu": (ANY, ANY)}  # of the value, and of the slope
COSTS = {"gaussian": 40, "tanh": 40, "sigmoid": 40, "sin": 100, "cos": 100}
SAID = ("nothing is said", "at least {} of {} rows are as labelled", "some row is wrong")


def check(fields: dict[str, Any], reader: Reader) -> str:
    topology, rows, labels = network(fields, reader)
    cuts, cells, least = fields["cuts"], fields["cells"], fields["least"]
    need(cells and len(cuts) == len(cells) + 1, "cuts, cells: expected at least one cell, and a cut on each side of it")
    for number, ((low, high), cell) in enumerate(zip(pairwise(cuts), cells, strict=True)):
        need(low <= high and cell < len(rows), f"expected cuts in order, and cells -2, -1 or a row below {len(rows)}")
        asked = [cell] if cell >= 0 else range(len(rows) if cell == -1 else 0)
        answers = [answer(topology, rows[row], labels[row], low, high, reader) for row in asked]
        good = answers == [False] if cell >= 0 else cell == -2 or answers.count(True) >= least
        need(good, f"cell {number}: {answers.count(True)} rows are shown right", Rejected)
    said, end = list[str](), 0
    for cell, group in groupby(min(cell, 0) for cell in cells):
        start, end = end, end + len([*group])
        where = f"for every w in [{cuts[start]}, {cuts[end]}]" if cuts[start] < cuts[end] else f"at w = {cuts[end]}"
        said.append(f"{where} {SAID[cell + 2].format(least, len(rows))}")
    return "; ".join(said)


def answer(topology: dict[str, Any], row: list[Any], label: int, low: Any, high: Any, reader: Reader) -> bool | None:
    """Whether the row is right for every w from `low` to `high`, or for none; None where it cannot be told."""
    nodes = sum(2 + len(sources) + COSTS.get(f, 0) for f, sources in topology["nodes"])
    reader.burn(steps := len(row) + nodes + 2 * len(topology["outputs"]))
    with suppress(ArithmeticError), localcontext(CONTEXT, prec=DIGITS):
        middle, half = exact(Fraction(low + high, 2)), Ball(Decimal(0), exact(Fraction(high - low, 2)).mid)
        found = right(margins(topology, row, label, middle + half), topology, label)
        if found is not None or low == high:
            return found
        reader.burn(5 * steps)
        # The mean value theorem: the values in the middle, and the slopes on the whole interval.
        slopes = margins(topology, row, label, Jet({0: middle + half, 1: exact(1)}))
        values = zip(margins(topology, row, label, middle), slopes, strict=True)
        return right([value + half * parts(slope).get(1, exact(0)) for value, slope in values], topology, label)
    return None


def right(margins: list[Ball], topology: dict[str, Any], label: int) -> bool | None:
    """Whether all margins are positive, as they should be unless the only output's label is 0."""
    wanted = label == 1 or len(topology["outputs"]) > 1
    if all(margin.mid > margin.rad for margin in margins):
        return wanted
    return not wanted if any(-margin.mid >= margin.rad for margin in margins) else None


def margins(topology: dict[str, Any], row: list[Any], label: int, w: Ball) -> list[Ball]:
    """The only output; of several, by how much that of the label is larger than each other."""
    values = [*map(exact, row)]
    for f, sources in topology["nodes"]:
        values.append(activated(f, w * reduce(add, [values[source] for source in sources], exact(0))))
    out = [values[k] for k in topology["outputs"]]
    return [out[label] + exact(-1) * other for k, other in enumerate(out) if k != label] if len(out) > 1 else out


def activated(f: str, z: Ball) -> Ball:
    """f(z), with its slope if z is a Jet; where f bends within z, or z is too wide, from bounds of f."""
    x = parts(z)[0]
    if x.mid == x.rad == 0:
        return exact(AT_ZERO[f])
    if f == "square":
        return z * z
    if f in ("linear", "inverse") or (f in ("abs", "relu") and x.mid >= x.rad) or (f == "abs" and -x.mid >= x.rad):
        return exact(-1) * z if f == "inverse" or (f == "abs" and x.mid < 0) else z
    if f in ("step", "relu") and (-x.mid >= x.rad or x.mid > x.rad):
        return exact(int(x.mid > x.rad))
    if f == "step" and z is not x:
        raise ArithmeticError("a jump has no slope")
    value, slope = BOUNDS[f]
    if f in ("abs", "relu"):
        value = value * Ball((x.mid if f == "relu" else abs(x.mid)) + x.rad)
    with suppress(ArithmeticError):
        value = min(value, enclosed(f, x) if f in AT else value, key=attrgetter("rad"))
        slope = SLOPES[f](x, value) if f in AT and z is not x else slope
    return jet({0: value} | {k: slope * part for k, part in parts(z).items() if k})


def enclosed(f: str, x: Ball) -> Ball:
    """The values of f on x: tanh and sigmoid rise, the Gaussian falls away from 0, sin and cos have slopes up to pi."""
    if f in ("sin", "cos"):
        return AT[f](Ball(x.mid)) + pi(DIGITS) * Ball(Decimal(0), x.rad)
    far, near = abs(x.mid) + x.rad, max(abs(x.mid) - x.rad, Decimal(0))
    low, high = (AT[f](Ball(end)) for end in ((far, near) if f == "gaussian" else (x.mid - x.rad, x.mid + x.rad)))
    below, above = low.mid - low.rad, high.mid + high.rad
    return Ball((below + above) / 2, (above - below) / 2)
