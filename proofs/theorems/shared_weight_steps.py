"""Steps about networks that share one weight: for exactly which w, for every w of an interval, and not at 0."""

from __future__ import annotations

from fractions import Fraction

from proofs.networks.shared import Topology
from proofs.networks.shared.cover import Part, cover_certificate
from proofs.networks.shared.exact import find_line, line_certificate
from proofs.networks.shared.pieces import union_text
from proofs.networks.shared.topology import task
from proofs.separation import TruthTable, show, show_vector
from proofs.separation.found import NO_DEADLINE
from proofs.theorems.theorem import Step

LOW, HIGH = Fraction(1, 10), Fraction(2)


def set_step(name: str, topology: Topology, table: TruthTable) -> Step:
    """For exactly which shared weights the topology computes the table."""
    given = task(topology, table.points, table.labels)
    line = find_line(given, NO_DEADLINE)
    text = f"the network computes {name} exactly for {union_text(line.pieces)}"
    return Step("break the line at the roots", text, line_certificate(given, line))


def every_step(name: str, topology: Topology, table: TruthTable, low: Fraction, high: Fraction) -> Step:
    """Whether it does for every w from `low` to `high`."""
    given = task(topology, table.points, table.labels)
    line = find_line(given, NO_DEADLINE)
    word = "computes" if line.every(low, high) else "does not compute"
    text = f"the network {word} {name} for every w in [{show(low)}, {show(high)}]"
    return Step("look at the cells of the interval", text, line_certificate(given, line, (low, high)))


def zero_step(name: str, topology: Topology, table: TruthTable) -> Step:
    """The first row that is wrong at w = 0, where every answer is 0 or every answer is 1."""
    given = task(topology, table.points, table.labels)
    line = find_line(given, NO_DEADLINE)
    row = line.cells[line.cell(Fraction(0))]
    text = (
        f"at w = 0 the answer at {show_vector(given.points[row])} is {1 - given.labels[row]}, and {name} is "
        f"{given.labels[row]}: no interval that contains 0 works"
    )
    return Step("put in w = 0", text, cover_certificate(given, [Part(Fraction(0), Fraction(0), row)], 1))
