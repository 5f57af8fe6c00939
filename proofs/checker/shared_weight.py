"""11. Shared weight: for exactly which w a network computes the labels when each of its connections has weight w."""

from bisect import bisect_left
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from itertools import groupby
from typing import Any

from proofs.checker.polynomials import MOST, Poly, divisors, isolate, plus, side, times
from proofs.checker.reading import Reader, Rejected, need
from proofs.checker.topology import NETWORK, network

LINE = NETWORK | {"factors": [["number"]], "samples": ["number"], "cells": [range(-1, 100_000)]}
FORMS = (LINE, LINE | {"interval": ["number", "number"], "every": (False, True)})
Sign = Callable[[Poly], int]


def check(fields: dict[str, Any], reader: Reader) -> str:
    topology, rows, labels = network(fields, reader)
    factors, samples, cells = fields["factors"], fields["samples"], fields["cells"]
    breaks = isolate(factors, samples, reader)
    need(len(cells) == 2 * len(breaks) + 1, f"cells: expected {2 * len(breaks) + 1}, around and at the break points")
    known: dict[tuple[Any, ...], set[int]] = {}
    for cell, wrong in enumerate(cells):
        need(wrong < len(rows), f"cells: expected -1 or a row below {len(rows)}")

        def sign(p: Poly, cell: int = cell) -> int:
            if tuple(p) not in known:
                known[tuple(p)] = divisors(p, factors, reader)
            zero = cell % 2 and breaks[cell // 2] in known[tuple(p)]
            return 0 if zero else side(p, samples[cell // 2], reader)

        for row in [wrong] if wrong >= 0 else range(len(rows)):
            right = computes(outputs(topology, rows[row], sign, reader), labels[row], sign, reader)
            need(right == (wrong < 0), f"cell {cell}: row {row} has the other answer", Rejected)
    names = [name(factors[k], *samples[gap : gap + 2]) for gap, k in enumerate(breaks)]
    said = f"the {len(rows)} labels are computed exactly for {runs(cells, names)}"
    if "interval" in fields:
        low, high = (place(x, factors, samples, breaks, reader) for x in fields["interval"])
        need(fields["interval"][0] <= fields["interval"][1], "interval: expected the lower end first")
        every = max(cells[low : high + 1]) < 0
        need(every == fields["every"], "every: expected the other answer", Rejected)
        said += f", and so {'' if every else 'not '}for every w in [{', '.join(map(str, fields['interval']))}]"
    return said


def outputs(topology: dict[str, Any], row: list[Any], sign: Sign, reader: Reader) -> list[Poly]:
    """The outputs where the signs are these. If the last node is the only output, its sign is that of what is given."""
    reader.burn(len(row))
    values: list[Poly] = [[x] if x else [] for x in row]
    last = topology["inputs"] + len(topology["nodes"])
    for number, (f, sources) in enumerate(topology["nodes"], len(values)):
        total: Poly = reduce(lambda p, source: plus(p, values[source], 1, reader), sources, [])
        need(len(total) <= MOST, f"node {number}: a degree above {MOST}", Rejected)
        if number == last and topology["outputs"] == [last]:
            f = {"tanh": "linear", "gaussian": "positive", "sigmoid": "positive"}.get(f, f)
        values.append(activated(f, [0, *total] if total else [], sign, reader))
    return [values[k] for k in topology["outputs"]]


def activated(f: str, z: Poly, sign: Sign, reader: Reader) -> Poly:
    if f == "square":
        return times(z, z, reader)
    if f in ("step", "positive"):
        return [1] if f == "positive" or sign(z) > 0 else []
    if f == "relu":
        return z if sign(z) > 0 else []
    need(f in ("linear", "inverse", "abs"), f"{f} is no piecewise polynomial", Rejected)
    return plus([], z, {"linear": 1, "inverse": -1}.get(f) or sign(z), reader)


def computes(out: list[Poly], label: int, sign: Sign, reader: Reader) -> bool:
    """The only output is positive exactly for label 1; of several, that of the label is larger than every other."""
    if len(out) == 1:
        return (sign(out[0]) > 0) == (label == 1)
    return all(sign(plus(out[label], other, -1, reader)) > 0 for k, other in enumerate(out) if k != label)


def place(x: Any, factors: list[Poly], samples: list[Any], breaks: list[int], reader: Reader) -> int:
    """The cell that holds x: even ones are open intervals, odd ones break points."""
    gap = bisect_left(samples, x)
    if not 0 < gap < len(samples):
        return 2 * min(gap, len(breaks))
    f = factors[breaks[gap - 1]]
    return 2 * gap - 1 - side(f, x, reader) * side(f, samples[gap - 1], reader)


def name(f: Poly, low: Any, high: Any) -> str:
    if len(f) == 2:
        return str(Fraction(-f[0]) / f[1])
    terms = [f"{a}{' w' * (k > 0)}{f'^{k}' * (k > 1)}" for k, a in enumerate(f) if a]
    return f"the root of {' + '.join(terms)} between {low} and {high}"


def runs(cells: list[int], names: list[str]) -> str:
    """The cells marked -1, neighbours taken together."""
    ends, said = ["-inf", *names, "inf"], []
    for wrong, group in groupby(range(len(cells)), key=lambda cell: cells[cell] >= 0):
        first, *_, last = [*group] * 2
        left, right = ends[(first + 1) // 2], ends[last // 2 + 1]
        shown = (
            f"w = {left}" if first == last and first % 2 else f"w in {'(['[first % 2]}{left}, {right}{')]'[last % 2]}"
        )
        said += [] if wrong else [shown]
    return "; ".join(said) or "no w"
