"""Labels of any kind: read, missing ones refused, classes in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from proofs.separation.data import SeparationError, exact
from proofs.separation.tables import plain_row

MOST_CLASSES = 1_000


def read_labels(labels: Any, rows: int, where: Callable[[int], str] = plain_row) -> list[Any]:
    """One label for each row, as plain Python values. Raises SeparationError where one is missing."""
    if hasattr(labels, "to_numpy"):
        labels = labels.to_numpy()
    if hasattr(labels, "tolist"):
        labels = labels.tolist()
    if isinstance(labels, (str, bytes)) or not isinstance(labels, Iterable):
        raise SeparationError(f"labels: expected one for each row, got {labels!r:.80}")
    read = list(labels)
    for row, label in enumerate(read):
        if isinstance(label, (list, dict, set)):
            raise SeparationError(f"{where(row)}: expected one label, got {label!r:.80}")
        if label is None or label == "" or type(label).__name__ in ("NAType", "NaTType") or label != label:
            raise SeparationError(f"{where(row)}: the label is missing; give it, or leave the row out")
    if len(read) != rows:
        raise SeparationError(f"labels: expected {rows}, one for each row, got {len(read)}")
    return read


def classes(labels: Iterable[Any]) -> list[Any]:
    """The different labels in order: numbers, and texts that are all numbers, by value, otherwise as Python sorts them.

    Raises SeparationError for more than 1,000 of them: the column then is no label.
    """
    found = set(labels)
    if len(found) > MOST_CLASSES:
        raise SeparationError(
            f"labels: expected at most {MOST_CLASSES} classes, got {len(found)}; is it the label column?"
        )
    try:
        return sorted(found, key=exact) if all(isinstance(label, str) for label in found) else sorted(found)
    except (SeparationError, TypeError):
        return sorted(found, key=lambda label: (type(label).__name__, str(label)))


def chosen(found: list[Any], positive: Any) -> Any:
    """The class called `positive`, itself or as text. Raises SeparationError when there is none."""
    same = [label for label in found if type(label) is type(positive) and label == positive]
    alike = [label for label in found if label == positive or str(label) == str(positive)]
    if same or alike:
        return (same or alike)[0]
    known = ", ".join(map(str, found[:20]))
    raise SeparationError(f"positive: expected one of the labels {known}, got {positive!r}")
