"""A failing case made small: fewer entries, the plain layout, numbers that read well, as long as it still fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import monotonic

import numpy as np

from proofs.capture.shapes import plain
from proofs.conformance.cases import Case, Space
from proofs.gradients.plain import concrete

MOST_ENTRIES = 40
"""Arrays with more entries than these are made smaller only as a whole."""


def shrunk(case: Case, space: Space, fails: Callable[[Case], bool], until: float) -> Case:
    """The smallest case met by greedy steps until the time `until`."""
    found = True
    while found and monotonic() < until:
        found = False
        for smaller in _smaller(case, space):
            if monotonic() > until:
                break
            if fails(smaller):
                case, found = smaller, True
                break
    return case


def _smaller(case: Case, space: Space) -> Iterator[Case]:
    """Simpler cases, the boldest steps first."""
    for dim, n in case.sizes.items():
        for size in dict.fromkeys((1, 2, n // 2, n - 1)):
            if 0 < size < n:
                yield _cut(case, space, {**case.sizes, dim: size})
    if case.layout != "C":
        yield replace(case, layout="C")
    if case.layout != "C" or case.same:
        yield case.plain()
    for name, array in case.arrays.items():
        if array.dtype.kind in "iu":
            plainer = [np.zeros_like(array)]
        elif space.domains.get(name, "real") != "real":
            continue
        else:
            numbers = array.astype(np.float64)
            plainer = [np.zeros_like(array), np.ones_like(array), np.round(numbers).astype(array.dtype)]
            plainer.append(np.round(numbers, 1).astype(array.dtype))
        for other in plainer:
            if other.tobytes() != array.tobytes() and _simplicity(other) < _simplicity(array):
                yield replace(case, arrays={**case.arrays, name: other})
        if array.dtype.kind in "iu" or not 1 < array.size <= MOST_ENTRIES:
            continue
        for k in range(array.size):
            for value in (0, 1):
                other = np.array(array)
                other.flat[k] = value
                if _simplicity(other) < _simplicity(array):
                    yield replace(case, arrays={**case.arrays, name: other})


def _simplicity(array: np.typing.NDArray[np.generic]) -> tuple[int, int]:
    """Fewer digits, then fewer entries that are not 0."""
    numbers = array.astype(np.float64).ravel()
    return sum(len(repr(float(x))) for x in numbers), int(np.count_nonzero(numbers))


def _cut(case: Case, space: Space, sizes: dict[str, int]) -> Case:
    """The first rows and columns of every array; labels stay below the number of classes."""
    shapes = {p.name: concrete(p.shape, sizes) for p in space.parameters} | dict(space.upstream(sizes))
    classes = {p.name: plain(p.classes, sizes) for p in space.parameters if p.classes is not None}
    arrays = {}
    for name, array in case.arrays.items():
        part = np.array(array[tuple(slice(n) for n in shapes[name])])
        arrays[name] = np.minimum(part, classes[name] - 1).astype(part.dtype) if name in classes else part
        if space.domains.get(name) == "simplex":
            rows = part.astype(np.float64)
            rows = np.where(rows.sum(axis=-1, keepdims=True) > 0, rows, 1.0)
            arrays[name] = (rows / rows.sum(axis=-1, keepdims=True)).astype(part.dtype)
    return replace(case, sizes=sizes, arrays=arrays)
