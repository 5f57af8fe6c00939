"""Data as people have them, read, asked about and settled: every answer goes through the checker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofs.claim import Certificate, Claim, Json, Scope, Status, Verdict
from proofs.conclude import conclude
from proofs.separation import packing
from proofs.separation.data import SeparationError
from proofs.separation.finding import Progress, answers, silent
from proofs.separation.found import Deadline, Multipliers, Weights
from proofs.separation.labels import chosen, classes, read_labels
from proofs.separation.separation import MOST_LISTED, Separation, Separations
from proofs.separation.solver import EffortExceeded
from proofs.separation.tables import Table, read_table


def certify_separable(
    X: Any,
    y: Any = None,
    *,
    positive: Any = None,
    columns: Sequence[str] | None = None,
    seconds: float | None = None,
    name: str = "separable",
    repeat: str = "",
    progress: Progress = silent,
) -> Separation | Separations:
    """Is there a hyperplane with w.x + b >= 0 on one class and < 0 on the other? Proved or refuted, exactly.

    X (rows x features): nested lists, a NumPy array of any real dtype, a pandas or polars frame; entries may be
    Fractions, Decimals and texts such as ``"0.1"`` or ``"-3/7"``. Floats are the doubles they are. y (rows): labels of
    any kind, or the name of a frame's column. Instead of both: what `sklearn.datasets` loads, or a pair (X, y).
    `positive`: the class that wants >= 0, against all others; of two classes it is the larger one. More than two
    classes without `positive` give `Separations`. One class alone is separable. `columns`: names of the features, in a
    frame the features to take. `seconds`: the answer may be UNDECIDED after that long for each question; without it, it
    never is. Raises SeparationError, naming row and column, for what cannot be read.
    """
    X, y, columns = _unpacked(X, y, columns)
    table = read_table(X, columns)
    return settle_table(
        table,
        read_labels(y, table.rows),
        positive=positive,
        seconds=seconds,
        name=name,
        repeat=repeat,
        progress=progress,
    )


def _unpacked(points: Any, labels: Any, columns: Sequence[str] | None) -> tuple[Any, Any, Sequence[str] | None]:
    if labels is None and isinstance(points, Mapping) and {"data", "target"} <= points.keys():
        names = points.get("feature_names") if columns is None else columns
        data = points["data"]
        return data, points["target"], None if hasattr(data, "columns") and columns is None else names
    if labels is None and isinstance(points, tuple) and len(points) == 2:
        return points[0], points[1], columns
    if labels is None:
        raise SeparationError("y: expected the labels, one for each row, got nothing; write certify_separable(X, y)")
    if isinstance(labels, str) and hasattr(points, "columns"):
        names = [str(name) for name in points.columns]
        if labels not in names:
            raise SeparationError(f"y: expected one of the columns {', '.join(names)}, got {labels!r}")
        column = points[points.columns[names.index(labels)]]
        return points, column, [name for name in names if name != labels] if columns is None else columns
    return points, labels, columns


def settle_table(
    table: Table,
    labels: list[Any],
    *,
    positive: Any = None,
    seconds: float | None = None,
    name: str = "separable",
    repeat: str = "",
    progress: Progress = silent,
) -> Separation | Separations:
    """`certify_separable` for what is read already."""
    if seconds is not None and not seconds > 0:
        raise SeparationError(f"seconds: expected a positive number or None, got {seconds!r}")
    found = classes(labels)
    number = {label: place for place, label in enumerate(found)}
    codes = np.array([number[label] for label in labels])

    def ask(high: Any, low: Any) -> Separation:
        """`high` against `low`, or against the rest."""
        others = [label for label in found if label != high] if low is None else [low]
        rows = np.flatnonzero(np.isin(codes, [number[label] for label in (high, *others)]))
        part = table if len(rows) == table.rows else table.take(rows)
        against = "the rest" if len(others) != 1 else str(others[0])
        question = f"{name}.{number[high]}" + ("" if low is None else f".{number[low]}") if len(found) > 2 else name
        progress(f"{high} against {against}")
        return _settled(
            part, codes[rows] == number[high], str(high), against, rows, question, seconds, repeat, progress
        )

    if positive is not None:
        return ask(chosen(found, positive), None)
    return ask(found[-1], None) if len(found) <= 2 else Separations(ask, tuple(found))


def _settled(
    table: Table,
    labels: NDArray[np.bool_],
    positive: str,
    negative: str,
    rows: NDArray[np.intp],
    name: str,
    seconds: float | None,
    repeat: str,
    progress: Progress,
) -> Separation:
    text = f"a hyperplane w.x + b = 0 separates {positive} (w.x + b >= 0) from {negative} (w.x + b < 0)"
    claim = Claim(name, text)
    scope = Scope(
        f"the {table.rows} rows given, {table.reading}" if table.rows > 1 else f"the one row given, {table.reading}"
    )
    reason = ""
    try:
        for found in answers(table, labels, Deadline.after(seconds), progress):
            status, certificate, reason, details = _told(table, labels, found, rows)
            verdict = conclude(claim, status, certificate, scope=scope, reason=reason, repeat=repeat, details=details)
            reason = verdict.reason
            if verdict.status is not Status.UNDECIDED:
                return Separation(verdict, table, labels, positive, negative, rows, found, seconds)
    except EffortExceeded as error:
        reason = str(error)
    undecided = Verdict(claim, Status.UNDECIDED, scope, reason=reason, repeat=repeat)
    return Separation(undecided, table, labels, positive, negative, rows, None, seconds)


def _told(
    table: Table, labels: NDArray[np.bool_], found: Weights | Multipliers, rows: NDArray[np.intp]
) -> tuple[Status, Certificate, str, Json]:
    """The status to conclude, the certificate, the reason and the details."""
    if isinstance(found, Weights):
        weights, bias = packing.integer_weights(table, found)
        certificate = packing.separator(table, labels, weights, bias)
        details = {"separable": True, "weights": [*map(str, weights)], "bias": str(bias), "columns": [*table.names]}
        which = f"the {len(weights)} features" if len(weights) > 1 else "the one feature"
        alone = "" if 0 < labels.sum() < len(labels) else "; all rows are of one class, which needs no weights"
        return Status.PROVED, certificate, f"integer weights for {which}{alone}", details
    by_row = dict(sorted(found.by_row.items()))
    support = [int(rows[row]) for row in by_row]
    total = sum(m for row, m in by_row.items() if labels[row])
    listed = ", ".join(map(str, support[:MOST_LISTED])) + (", ..." if len(support) > MOST_LISTED else "")
    reason = f"the hulls of the two classes meet: {len(support)} rows show it ({listed})"
    details = {
        "separable": False,
        "support": support,
        "multipliers": [hex(m) for m in by_row.values()],
        "total": hex(total),
    }
    return Status.REFUTED, packing.farkas(table, labels, found), reason, details
