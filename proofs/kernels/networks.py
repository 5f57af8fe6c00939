"""Certificates about networks of threshold units as Coq text over R (clauses.v, topologies.v), and read back.

As in `finite`, the clauses, weights and multipliers go into the proof alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from proofs.kernels.facts import MOST_TOPOLOGIES
from proofs.kernels.formal import Unsupported
from proofs.kernels.reading import need
from proofs.kernels.writing import COMPUTE, Stated, integer, listed, rows_text, vector

Fields = Mapping[str, Any]


def resolution(data: Fields, points: list[list[Fraction]], labels: list[int]) -> tuple[Stated, ...]:
    """That so many hidden units are too few, by the clauses of the certificate."""
    den = lcm(*(x.denominator for point in points for x in point))
    steps = listed(
        f"({vector(clause)}, {_rule(clause, rule, given, len(points))})" for clause, rule, given in data["steps"]
    )
    claim = f"(too_fewR {den} {rows_text(points, labels, den)} {data['units']}%nat {str(data['skip']).lower()})"
    return (Stated(claim, f"apply (too_few_sound _ _ _ _ {steps}); {COMPUTE}"),)


def _rule(clause: Sequence[int], rule: str, given: Sequence[Any], rows: int) -> str:
    places = [divmod(abs(literal) - 1, rows) for literal in clause]
    match rule:
        case "first":
            return "First"
        case "order":
            return f"order {min(unit for unit, _ in places)} {max(row for _, row in places)}"
        case "unit":
            return f"Unit {vector(_scaled(given))}"
        case "output":
            chosen = zip(dict.fromkeys(row for _, row in places), _scaled(given), strict=True)
            return f"output {listed(f'({row}, {integer(multiplier)})' for row, multiplier in chosen)}"
    return f"resolve {vector(given)}"


def _scaled(numbers: Sequence[Any]) -> list[Fraction]:
    """The numbers times their least common denominator."""
    values = [Fraction(number) for number in numbers]
    return [value * lcm(*(other.denominator for other in values)) for value in values]


def representation(data: Fields) -> tuple[Stated, ...]:
    """For each topology, which functions it has. Raises Unsupported for more than 20 topologies."""
    if len(data["topologies"]) > MOST_TOPOLOGIES:
        raise Unsupported(f"more than {MOST_TOPOLOGIES} topologies in one certificate are not exported")
    entries = listed(
        f"Build_entry {_tables(entry['tables'])} {listed(vector(_scaled(w)) for w in entry['weights'])} "
        f"{listed(vector(_scaled(m)) for m in entry['multipliers'])}"
        for entry in data["reading"]
    )
    return tuple(
        Stated(
            f"(representsR {data['inputs']}%nat {listed(listed(f'{s}%nat' for s in unit) for unit in told['units'])} "
            f"{_tables(told['free'])} {_tables(told['shared'])})",
            f"apply (represents_sound _ _ _ _ {entries}); {COMPUTE}",
        )
        for told in data["topologies"]
    )


def _tables(tables: Sequence[str]) -> str:
    return listed(listed("true" if digit == "1" else "false" for digit in table) for table in tables)


def same_representation(word: str, given: list[Any], data: Fields) -> None:
    """Raises Unreadable where what was read is not what the certificate says of one of its topologies."""
    told = [
        [
            data["inputs"],
            one["units"],
            *([[digit == "1" for digit in t] for t in one[name]] for name in ("free", "shared")),
        ]
        for one in data["topologies"]
    ]
    need(word == "representsR" and given in told, "not what the certificate says of a topology")
