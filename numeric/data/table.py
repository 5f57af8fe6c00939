"""Fisher's iris flowers, embedded."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Table(NamedTuple):
    """x (N, D) float64, labels (N,) int64 in range(len(names)), the names of the classes and of the columns of x."""

    x: NDArray[np.float64]
    labels: NDArray[np.int64]
    names: tuple[str, ...]
    columns: tuple[str, ...]


@cache
def iris() -> Table:
    """150 flowers, 50 of each of three species, four lengths in centimetres (Fisher 1936); the arrays are read-only."""
    with Path(__file__).with_name("iris.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    names = tuple(dict.fromkeys(row[-1] for row in rows))
    x = np.array([[float(value) for value in row[:-1]] for row in rows])
    labels = np.array([names.index(row[-1]) for row in rows], dtype=np.int64)
    x.flags.writeable = labels.flags.writeable = False
    return Table(x, labels, names, tuple(header[:-1]))
