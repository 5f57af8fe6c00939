"""Code that is not followed is named with file and line: never guessed, never an exception from inside NumPy."""

# ruff: noqa: ARG005, E501  (a table)
from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from proofs.capture import NotCaptured
from tests.capture.captured import Function, recorded

X = {"x": "N D"}
PLAIN = np.zeros(3)
LABELS = {"x": "N C", "y": "N -> C"}


def stale(x: Any) -> Any:
    z = x * 1
    flat = z.reshape(-1)
    flat += 1
    return z + 0


def stale_flat(x: Any) -> Any:
    z = x * 1
    flat = z.ravel()
    z += 1
    return flat + 0


def rows(x: Any) -> Any:
    return sum(row for row in x)


def branch(x: Any) -> Any:
    return x if x.sum() > 0 else -x


def size_branch(x: Any) -> Any:
    return x if x.shape[0] > 10 else -x


def read_only(x: Any) -> Any:
    z = np.broadcast_to(x[None], (2, *x.shape))
    z += 1
    return z


def truncated(x: Any) -> Any:
    z = np.zeros(x.shape, dtype=int)
    z[...] = x
    return z


def hidden(x: Any) -> Any:
    try:
        return np.sort(x)
    except Exception:  # noqa: BLE001  (what users write)
        return x


def last_wins(x: Any, y: Any) -> Any:
    z = x.copy()
    z[y] = 1
    return z


def infinite_sum(x: Any) -> Any:
    return np.where(x > 0, x, -np.inf).sum()


def infinite_part(x: Any) -> Any:
    return np.where(x > 0, x, -np.inf)[:, None]


def another_mask(x: Any) -> Any:
    z = x.copy()
    z[x > 0] = x[x < 0]
    return z


ROWS: dict[str, tuple[Function, dict[str, str], str]] = {
    "sort": (lambda x: np.sort(x), X, r"np\.sort"),
    "inverse": (lambda x: np.linalg.inv(x), {"x": "N N"}, r"np\.inv"),
    "floor": (lambda x: np.floor(x), X, r"np\.floor"),
    "floor division": (lambda x: x // 2, X, r"np\.floor_divide"),
    "remainder": (lambda x: x % 2, X, r"np\.remainder"),
    "method": (lambda x: x.tolist(), X, r"ndarray\.tolist"),
    "no such attribute": (lambda x: x.no_such_thing, X, "AttributeError"),
    "float": (lambda x: float(x.sum()), X, "plain number"),
    "branch": (branch, X, "branch that depends on the values"),
    "branch on a size": (size_branch, X, "N > 10"),
    "loop": (rows, X, "loop over an axis of symbolic size"),
    "element": (lambda x: x[0], X, "picked by number"),
    "slice": (lambda x: x[1:], X, "slice"),
    "step": (lambda x: x[::2], X, "step"),
    "rounding": (lambda x: x.astype(int), X, "rounds"),
    "bytes wrap around": (lambda x: (x > 0).astype(np.uint8) - 1, X, "wraps around"),
    "bytes add up": (lambda x: (x > 0) * np.int8(100) + (x > 0) * np.int8(100), X, "wraps around"),
    "bytes in a product": (lambda x: (x > 0).astype(np.uint8) @ (x < 1).astype(np.uint8).T, X, "wraps around"),
    "bytes joined": (lambda x: np.concatenate([(x > 0).astype(np.uint8)] * 2) - 1, X, "wraps around"),
    "bytes summed": (lambda x: (x > 0).astype(np.uint8).sum() - 1, X, "wraps around"),
    "bytes written": (lambda x: np.zeros(x.shape, np.uint8).__isub__(1), X, "wraps around|into an array of integers"),
    "write through diag": (lambda x: np.diag(x.copy()).__iadd__(1), {"x": "N N"}, "read-only"),
    "truncated": (truncated, X, "written into an array of integers"),
    "truncated by full": (lambda x: np.full(x.shape, 0).__setitem__(..., x), X, "written into an array of integers"),
    "truncated like labels": (lambda m, x: np.zeros_like(m).__setitem__(..., x), {"m": "N -> 2", "x": "N"}, "of integers"),
    "truncated by where": (lambda x: np.where(x > 0, 1, 0).__setitem__(..., x), X, "into an array of integers"),
    "halved count": (lambda x: (x > 0).sum(axis=0).__itruediv__(2), X, "into an array of integers"),
    "places": (lambda x: np.where(x > 0), X, "one argument"),
    "any": (lambda x: np.any(x > 0), X, r"np\.any"),
    "allclose": (lambda x: np.allclose(x, 0), X, r"np\.allclose"),
    "unknown option": (lambda x: np.mean(x, where=x > 0), X, "where="),
    "no such option": (lambda x: np.sum(x, axes=1), X, "axes"),
    "no such axis": (lambda x: x.sum(axis=2), X, "axis 2"),
    "shapes": (lambda x: x + x.T, X, "do not broadcast"),
    "reshape": (lambda x: x.reshape(7, -1), X, "reshape"),
    "squeeze": (lambda x: np.squeeze(x), X, "squeeze"),
    "concatenate": (lambda x: np.concatenate([x, x[:, :, None]]), X, "axes"),
    "stale": (stale, X, "shares its memory"),
    "stale flat": (stale_flat, X, "shares its memory"),
    "read-only": (read_only, X, "read-only"),
    "randomness": (lambda x: x * np.random.rand(), X, "randomness"),
    "infinity": (lambda x: x * np.inf, X, "inf"),
    "minus infinity": (infinite_sum, X, "minus infinity"),
    "part of minus infinity": (infinite_part, X, "minus infinities"),
    "division by zero": (lambda x: x / 0, X, "division by zero"),
    "hidden": (hidden, X, r"np\.sort"),
    "text": (lambda x: f"{x}", X, "text"),
    "dtype": (lambda x: x if x.dtype == np.float32 else 2 * x, X, "dtype"),
    "two orders": (lambda x: x + x[::-1], X, "in its own order"),
    "order written": (lambda x: x.copy().__getitem__(slice(None, None, -1)).__iadd__(1), X, "used in this way"),
    "order of both axes": (lambda x: x[::-1, ::-1], X, "step"),
    "order in a product": (lambda x: x[::-1] @ x.T, X, "used in this way"),
    "order returned": (lambda x: np.maximum.reduce(x[::-1]), X, "used in this way"),
    "vectorize": (lambda x: np.vectorize(abs)(x), X, "vectorize"),
    "masks": (another_mask, X, "one mask and written by another"),
    "labels as numbers": (lambda x, y: x * y[:, None], LABELS, "number of classes is symbolic"),
    "labels as a branch": (lambda x, y: x if y[0] == 1 else -x, LABELS, "picked by number"),
    "labels along another axis": (lambda x, y: x[y], LABELS, "along"),
    "last label wins": (last_wins, {"x": "V D", "y": "N -> V"}, "last of several"),
    "labels written": (lambda x, y: y.__setitem__(0, 1), LABELS, "write to integer labels"),
    "real index": (lambda x: x[x], X, "real numbers"),
    "out": (lambda x: np.exp(x, out=PLAIN), {"x": "3"}, "plain array"),
    "matrix power": (lambda x: np.linalg.matrix_power(x, 2), {"x": "N N"}, "matrix_power"),
    "complex": (lambda x: x * 1j, X, "TypeError"),
    "object": (lambda x: x + "text", X, "TypeError"),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_what_is_not_followed_is_named_with_its_place(name: str) -> None:
    function, shapes, reason = ROWS[name]
    with pytest.raises(NotCaptured) as caught:
        recorded(function, shapes)
    assert re.search(reason, str(caught.value)), str(caught.value)
    assert re.match(r".*test_refusals\.py:\d+: ", str(caught.value)), str(caught.value)
