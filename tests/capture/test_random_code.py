"""Random NumPy expressions: what is captured for all sizes has NumPy's values at several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.capture.captured import compare

Code = Callable[[dict[str, Any]], Any]

SHAPES = {"x": "N D", "y": "N D", "b": "D", "c": "N", "w": "D D", "s": ""}

UNARY: dict[str, Callable[[Any], Any]] = {
    "negative": lambda a: -a,
    "tanh": np.tanh,
    "square": np.square,
    "abs": np.abs,
    "relu": lambda a: np.maximum(a, 0),
    "clip": lambda a: np.clip(a, -1, 1.5),
    "sigmoid": lambda a: 1 / (1 + np.exp(-np.tanh(a))),
    "root": lambda a: np.sqrt(1 + a * a),
    "positive": lambda a: (a > 0) * 1.0,
    "centre": lambda a: a - a.mean(axis=0),
    "rows": lambda a: a - a.sum(axis=1, keepdims=True) / a.shape[1],
    "largest": lambda a: a - a.max(axis=1, keepdims=True),
    "halved": lambda a: a.reshape(-1).reshape(a.shape) * 0.5,
    "transposed": lambda a: np.ascontiguousarray(a.T).T,
    "flat": lambda a: np.concatenate([a, a], axis=1)[:, : a.shape[1]],
    "mixed": lambda a: np.stack([a, 2 * a], axis=0).sum(axis=0),
    "masked": lambda a: np.where(a > 0.25, a, 0.1 * a),
    "where less": lambda a: np.where(a <= np.tanh(a[:, ::1]), 1.0, a),
    "cumulated": lambda a: np.cumsum(a, axis=1),
    "cumulated from the end": lambda a: np.cumsum(a[::-1], axis=0)[::-1],
    "backwards": lambda a: (np.tanh(a[:, ::-1]) + 1)[:, ::-1],
    "gram": lambda a: (a @ a.T) @ a / a.shape[0],
}
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - 2 * b,
    "multiply": lambda a, b: np.tanh(a) * b,
    "divide": lambda a, b: a / (1 + b * b),
    "maximum": np.maximum,
    "minimum": np.minimum,
    "greater": lambda a, b: np.where(a > b, a, b + 1),
    "both": lambda a, b: ((a > 0) & (b < 1)) * a,
    "either": lambda a, b: ((a > 0) | (b > 0)).astype(float) - b,
    "einsum": lambda a, b: np.einsum("nd,nd->n", a, b)[:, None] + b,
    "outer": lambda a, b: (a[:, :, None] * b[:, None, :]).sum(axis=2),
}
LEAVES: dict[str, Code] = {
    "x": lambda v: v["x"],
    "y": lambda v: v["y"],
    "b": lambda v: v["x"] + v["b"],
    "c": lambda v: v["y"] * v["c"][:, None],
    "w": lambda v: v["x"] @ v["w"],
    "s": lambda v: v["s"] * v["y"],
}


def written(a: Any, b: Any) -> Any:
    """In-place code on a copy."""
    z = a.copy()
    z += b
    z[b > 0] = 1
    z[a < 0] *= 2
    z[:, :] -= 0.5
    z.T[...] += 0.25
    return z


BINARY["written"] = written


def unary(name: str, inner: Code) -> Code:
    return lambda values: UNARY[name](inner(values))


def binary(name: str, left: Code, right: Code) -> Code:
    return lambda values: BINARY[name](left(values), right(values))


def trees(inner: st.SearchStrategy[Code]) -> st.SearchStrategy[Code]:
    return st.builds(unary, st.sampled_from(sorted(UNARY)), inner) | st.builds(
        binary, st.sampled_from(sorted(BINARY)), inner, inner
    )


CODE = st.recursive(st.sampled_from(sorted(LEAVES)).map(LEAVES.__getitem__), trees, max_leaves=6)


@settings(max_examples=150)
@given(CODE, st.integers(0, 1000))
def test_random_code_is_captured_faithfully(code: Code, seed: int) -> None:
    def function(*arrays: Any) -> Any:
        return code(dict(zip(SHAPES, arrays, strict=True)))

    assume(compare(function, SHAPES, seed=seed) > 0)
