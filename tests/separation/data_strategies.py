"""Small labelled integer data, and a second opinion on whether a hyperplane separates them."""

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

Data = tuple[list[list[int]], list[int]]


@st.composite
def data_sets(draw: st.DrawFn, most_rows: int = 8, largest: int = 3) -> Data:
    """Rows of 1 to 3 small integers with labels; duplicates, opposite labels and a single class all occur."""
    dimension = draw(st.integers(1, 3))
    row = st.lists(st.integers(-largest, largest), min_size=dimension, max_size=dimension)
    points = draw(st.lists(row, min_size=1, max_size=most_rows))
    labels = draw(st.lists(st.integers(0, 1), min_size=len(points), max_size=len(points)))
    return points, labels


def largest_margin(points: Sequence[Sequence[int]], labels: Sequence[int]) -> float:
    """The largest t with w.x + b >= t on label 1 and <= -t on label 0, all of |w|, |b| <= 1, by floating-point LP.

    For small integers it is either 0 or far from it, so the float decides.
    """
    signs = np.where(np.array(labels) == 1, 1.0, -1.0)
    rows = np.column_stack([np.array(points, float), np.ones(len(labels))]) * signs[:, None]
    columns = rows.shape[1]
    answer = linprog(
        np.append(np.zeros(columns), -1.0),
        A_ub=np.column_stack([-rows, np.ones(len(labels))]),
        b_ub=np.zeros(len(labels)),
        bounds=[*[(-1, 1)] * columns, (None, 1)],
    )
    assert answer.fun is not None
    return -float(answer.fun)
