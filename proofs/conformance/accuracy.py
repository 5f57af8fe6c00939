"""How accurate the platform's elementary functions are taken to be, in units in the last place, and what they are.

NumPy holds its vector loops to 4 ulp; C libraries do better (Innocente and Zimmermann, Accuracy of Mathematical
Functions in Single, Double, Double Extended, and Quadruple Precision, 2024, table 1: at most 3 for all of these but the
Bessel and gamma functions). `measured` says what the platform at hand really does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, ctx

FUNCTION_ULPS: Mapping[str, int] = {
    **dict.fromkeys(("exp", "log", "tanh", "erf", "sin", "cos", "power"), 4),
    **dict.fromkeys(("sigmoid", "softplus"), 8),
}
"""The error taken for granted of each function, in units in the last place."""
SAMPLES = 400


@dataclass(frozen=True)
class Accuracy:
    """The largest error met of one function in one dtype, beside what is taken for granted."""

    function: str
    dtype: str
    ulps: float
    assumed: int

    def __bool__(self) -> bool:
        return self.ulps <= self.assumed


def measured(dtypes: tuple[str, ...] = ("float32", "float64"), samples: int = SAMPLES) -> list[Accuracy]:
    """The errors of NumPy's exp, log, tanh, sin and cos at seeded points of all magnitudes, against balls."""
    functions: dict[str, Callable[[Any], Any]] = {
        "exp": np.exp, "log": np.log, "tanh": np.tanh, "sin": np.sin, "cos": np.cos
    }  # fmt: skip
    return [
        Accuracy(name, dtype, _largest_error(name, f, np.dtype(dtype), samples), FUNCTION_ULPS[name])
        for name, f in functions.items()
        for dtype in dtypes
    ]


def _largest_error(name: str, f: Callable[[Any], Any], dtype: np.dtype[Any], samples: int) -> float:
    random = np.random.default_rng(17)
    spread = {"exp": 80.0, "log": 1e6, "tanh": 10.0}.get(name, 100.0)
    x = np.concatenate([random.uniform(-1, 1, samples // 2) * spread, random.normal(size=samples // 2)])
    x = (np.abs(x) if name == "log" else x).astype(dtype)
    with np.errstate(all="ignore"):
        got = f(x)
    worst = 0.0
    with ctx.workprec(200):
        for a, b in zip(x.tolist(), got.tolist(), strict=True):
            exact = getattr(arb(a), name)()
            ulp = float(np.spacing(np.abs(dtype.type(float(exact)))))
            worst = max(worst, abs(float((arb(b) - exact) / ulp)))
    return worst
