"""What separation means for logistic regression: complete, quasi-complete or overlapping (Albert and Anderson 1984).

With signed rows z = +-(x, 1), let F be the rows that have z.u = 0 in every direction u with z.u >= 0 on all rows. F is
empty: complete separation. F is everything: overlap, and the maximum likelihood estimate exists. Otherwise the
separation is quasi-complete. A coefficient goes to infinity, along such a direction, unless the rows F determine it.
All of this is linear algebra in exact integers; which parts a certificate shows is said in `shown`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np
from flint import fmpz_mat
from numpy.typing import NDArray

from proofs.checker import CertificateError, check
from proofs.claim import Certificate, Json
from proofs.separation import packing
from proofs.separation.finding import answers
from proofs.separation.found import Deadline, Multipliers, Weights
from proofs.separation.repair import pivots, signed_digits
from proofs.separation.solver import EffortExceeded
from proofs.separation.tables import Table, read_table

INTERCEPT = "intercept"
Vector = list[int]


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The maximum likelihood estimate of logistic regression on the rows.

    kind: ``complete``, ``quasi-complete`` or ``overlap``; only with overlap does the estimate exist.
    diverging: the coefficients, ``intercept`` among them, that go to infinity, and the sign (1, -1) along `direction`.
    undetermined: coefficients that the rows leave open at any estimate, their columns being collinear.
    touching: the rows F that no direction moves off the boundary. direction: a direction of recession, integers for the
    coefficients and then the intercept, empty with overlap. certificates: what the checker accepted; shown: of what.
    """

    kind: str
    diverging: dict[str, int]
    undetermined: tuple[str, ...]
    touching: tuple[int, ...]
    direction: tuple[int, ...]
    certificates: tuple[Certificate, ...]
    shown: str

    def __str__(self) -> str:
        signs = {1: "+", -1: "-", 0: "+-"}
        exists = "exists" if self.kind == "overlap" else "does not exist"
        parts = [f"logistic regression: {self.kind}, the maximum likelihood estimate {exists}"]
        if self.diverging:
            parts.append("to infinity: " + ", ".join(f"{name} ({signs[way]})" for name, way in self.diverging.items()))
        if self.undetermined:
            parts.append("left open by collinear columns: " + ", ".join(self.undetermined))
        return "; ".join([*parts, self.shown])

    def to_dict(self) -> Json:
        """As plain JSON data, without the certificates."""
        return {
            "kind": self.kind,
            "diverging": self.diverging,
            "undetermined": list(self.undetermined),
            "touching": list(self.touching),
            "direction": [*map(str, self.direction)],
            "shown": self.shown,
        }


def likelihood(
    table: Table, labels: NDArray[np.bool_], found: Weights | Multipliers, certificate: Certificate, deadline: Deadline
) -> Likelihood:
    """What `found`, whose `certificate` was accepted, and what else there is to find say. Raises EffortExceeded."""
    rows = signed_rows(table, labels)
    if isinstance(found, Weights):
        weights, bias = packing.integer_weights(table, found)
        kernel = _identity(len(rows[0]))
        direction = (*weights, bias)
        if all(value == 0 for value in direction[:-1]):
            direction = (*weights, 1 if labels[0] else -1)
        words = "complete separation follows from the separator, which the checker accepted"
        return _told("complete", table, rows, kernel, (), direction, (certificate,), words)
    touching = set(found.by_row)
    kernel = _kernel([rows[row] for row in sorted(touching)])
    while kernel:
        reduced = {n: _times(rows[n], kernel) for n in range(table.rows) if n not in touching}
        touching |= {n for n, vector in reduced.items() if not any(vector)}
        reduced = {n: vector for n, vector in reduced.items() if any(vector)}
        if not reduced:
            break
        answer = _strictly_positive(list(reduced.values()), deadline)
        if isinstance(answer, list):
            moving = _combined(kernel, answer)
            proof = _direction_certificate(rows, touching, moving)
            words = "the checker accepted that nothing separates, and the direction with its sign on every row"
            return _told(
                "quasi-complete", table, rows, kernel, tuple(sorted(touching)), _on_entries(table, moving),
                (certificate, proof), words,
            )  # fmt: skip
        places = list(reduced)
        touching |= {places[place] for place in answer}
        kernel = _kernel([rows[row] for row in sorted(touching)])
    words = (
        "that nothing separates was accepted by the checker; that no direction is left on the boundary either is exact "
        "linear algebra, which the checker does not repeat"
    )
    return _told("overlap", table, rows, kernel, tuple(range(table.rows)), (), (certificate,), words)


def signed_rows(table: Table, labels: NDArray[np.bool_]) -> list[Vector]:
    """+-(digits, 1) for every row, columns of constants as zeros."""
    return signed_digits(table, labels, np.arange(table.rows), every=True)


def _told(
    kind: str,
    table: Table,
    rows: list[Vector],
    kernel: list[Vector],
    touching: tuple[int, ...],
    direction: tuple[int, ...],
    certificates: tuple[Certificate, ...],
    shown: str,
) -> Likelihood:
    """`kernel`: a basis of the directions, on the digits, that the touching rows leave open."""
    names = [*table.names, INTERCEPT]
    open_, free = _moved(table, kernel), _moved(table, _kernel(rows))
    diverging = {names[place]: _sign(direction[place]) for place in sorted(open_ - free)} if direction else {}
    undetermined = tuple(names[place] for place in sorted(free))
    return Likelihood(kind, diverging, undetermined, touching, direction, certificates, shown)


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def _moved(table: Table, basis: list[Vector]) -> set[int]:
    """The coefficients on the entries, and the intercept, that some direction of the basis changes."""
    moved = [_on_entries(table, vector) for vector in basis]
    return {place for vector in moved for place, value in enumerate(vector) if value}


def _on_entries(table: Table, vector: Sequence[int]) -> tuple[int, ...]:
    """A direction on the digits as coprime integers on the entries."""
    weights, bias = packing.integer_weights(table, Weights(tuple(vector[:-1]), vector[-1]))
    return (*weights, bias)


def _identity(size: int) -> list[Vector]:
    return [[int(place == other) for other in range(size)] for place in range(size)]


def _kernel(rows: list[Vector]) -> list[Vector]:
    """A basis of the integer vectors v with row.v = 0 for all rows; independent rows are chosen modulo a prime."""
    transposed = [list(column) for column in zip(*rows, strict=True)]
    independent = [rows[place] for place in pivots(transposed)]
    if len(independent) == len(rows[0]):
        return []
    basis, rank = fmpz_mat(independent).nullspace() if independent else (None, 0)
    columns = _identity(len(rows[0])) if basis is None else [
        [int(value) for value in column] for column in zip(*basis.table(), strict=True)
    ][:rank]  # fmt: skip
    exact = [vector for vector in columns if not any(_dot(row, vector) for row in rows)]
    if len(exact) != len(columns):
        return _kernel_of_all(rows)
    return [[value // (gcd(*vector) or 1) for value in vector] for vector in exact]


def _kernel_of_all(rows: list[Vector]) -> list[Vector]:
    """The same without a prime."""
    basis, rank = fmpz_mat(rows).nullspace()
    return [[int(value) for value in column] for column in zip(*basis.table(), strict=True)][:rank]


def _dot(left: Sequence[int], right: Sequence[int]) -> int:
    return sum(a * b for a, b in zip(left, right, strict=True))


def _times(row: Vector, kernel: list[Vector]) -> Vector:
    return [_dot(row, vector) for vector in kernel]


def _combined(kernel: list[Vector], coefficients: list[int]) -> Vector:
    return [_dot(column, coefficients) for column in zip(*kernel, strict=True)]


def _strictly_positive(vectors: list[Vector], deadline: Deadline) -> list[int] | set[int]:
    """Integers c with vector.c > 0 for every vector, or places of vectors that some positive combination sums to 0.

    Asked as a separation of the vectors from their negatives, which a bias does not help.
    """
    both = read_table([*vectors, *([-value for value in vector] for vector in vectors)])
    labels = np.arange(both.rows) < len(vectors)
    for answer in answers(both, labels, deadline):
        if isinstance(answer, Multipliers):
            try:
                check(packing.farkas(both, labels, answer).data)
            except CertificateError:
                continue
            return {place % len(vectors) for place in answer.by_row}
        weights, _ = packing.integer_weights(both, answer)
        if all(_dot(vector, weights) > 0 for vector in vectors):
            return list(weights)
    raise EffortExceeded("no direction was found; please report the data")


def _direction_certificate(rows: list[Vector], touching: set[int], direction: Vector) -> Certificate:
    """The separator -u, bias 0, on the signed rows +-(digits, 1) and the negatives of the touching ones: label 0
    (z.u > 0) on the rows that do not touch, label 1 (z.u <= 0 and z.u >= 0) on the others. Raises CertificateError."""
    negated = [[-value for value in rows[number]] for number in sorted(touching)]
    signed = read_table([*rows, *negated])
    labels = np.array([*(number in touching for number in range(len(rows))), *(True for _ in negated)])
    proof = packing.separator(signed, labels, [-value for value in direction], 0)
    check(proof.data)
    return proof
