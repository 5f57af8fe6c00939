"""The table of all small topologies: how many functions each has by weights of its own, and by one shared weight.

Topologies that differ by the order of the inputs or of the hidden units have as many functions each, and share a line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from proofs.networks.representation import MOST_HIDDEN, MOST_INPUTS, Topology, count_representable, topologies


@dataclass(frozen=True, slots=True)
class Line:
    """One topology, how many it stands for, and how many functions it has by own weights and by a shared one."""

    topology: Topology
    members: int
    free: int
    shared: int


def lines(inputs: int = MOST_INPUTS, hidden: int = MOST_HIDDEN) -> tuple[Line, ...]:
    """All topologies with at most `hidden` hidden units in which every unit reads something and every hidden unit is
    read, the smaller ones first. Raises SeparationError as `topologies` does."""
    members = Counter(topology.renamed() for topology in topologies(inputs, hidden))
    found = []
    for topology in sorted(members, key=lambda one: (one.hidden, one.edges, one.units)):
        counted = count_representable(topology)
        found.append(Line(topology, members[topology], len(counted.free), len(counted.shared)))
    return tuple(found)


def summary(found: Sequence[Line]) -> list[tuple[int, int, int, int]]:
    """(hidden units, functions by own weights, by a shared weight, number of lines), in this order."""
    counts = Counter((line.topology.hidden, line.free, line.shared) for line in found)
    return [(*key, counts[key]) for key in sorted(counts)]


def summary_text(found: Sequence[Line]) -> str:
    """``with no hidden unit: 14 and 2 (1 topology); ...``"""
    parts = []
    for hidden, group in groupby(summary(found), key=lambda row: row[0]):
        many = f"{hidden or 'no'} hidden unit{'s' * (hidden > 1)}"
        parts.append(f"{many}: {', '.join(f'{free}/{shared} on {times}' for _, free, shared, times in group)}")
    return "; ".join(parts)


def as_markdown(found: Sequence[Line]) -> str:
    """The lines as a Markdown table."""
    heads = ("topology", "alike", "functions by own weights", "by a shared weight")
    rows = [(str(line.topology), str(line.members), str(line.free), str(line.shared)) for line in found]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (heads, ("---", *["---:"] * 3), *rows))
