"""What kind of bug a failure looks like, in a sentence, from probes that change one thing about the case at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from proofs.conformance.cases import Case, Space, shown, spread
from proofs.conformance.judging import Outcome
from proofs.conformance.running import Finding

TEXTS = {
    "aliasing": "aliasing: memory is handed out that somebody else holds",
    "stale state": "stale state: a call depends on, or changes, another one",
    "input changed": "an input is overwritten",
    "dtype": "the dtype of the inputs is not kept",
    "hangs": "an endless loop, or one that is far too long",
    "results": "what comes back is not what was asked for",
    "kink": "outside the Clarke subdifferential: a tie's gradient is given several times",
}
LARGE = 10.0
Fails = Callable[[Case], bool]


def diagnosis(case: Case, outcome: Outcome, space: Space, fails: Fails) -> str:
    """What the bug looks like, and where alone it is met."""
    finding = outcome.findings[0]
    what = TEXTS.get(finding.kind, "")
    if finding.kind == "shape":
        what = "a wrong shape" + (" (an axis lost or added)" if "()" in finding.what or "(1" in finding.what else "")
    if finding.kind in ("raises", "warns"):
        what = (
            "overflow"
            if "overflow" in finding.what
            else "the code refuses these inputs"
            if finding.kind == "raises"
            else "a warning"
        )
    where = _only(case, space, fails)
    if finding.kind == "value":
        what = _pattern(finding, case, outcome)
    return ", ".join(filter(None, (what, where)))


def _only(case: Case, space: Space, fails: Fails) -> str:
    """Where alone it is met: not with usual sizes, values or layouts."""
    if case.layout != "C" and not fails(case.plain()):
        return f"only on {case.layout} arrays"
    if case.same and not fails(case.plain()):
        return "only when one array is passed twice"
    usual = space.usual()
    if not fails(space.case(case.sizes, case.dtype, spread(2.0))):
        return f"only at {_values(case)}"
    if dict(case.sizes) == usual or fails(space.case(usual, case.dtype, spread(2.0))):
        return ""
    needed = [d for d, n in case.sizes.items() if n != usual[d] and not _fails_but(case, space, fails, d, usual[d])]
    return f"only at {', '.join(f'{d} = {case.sizes[d]}' for d in needed) or shown(case.sizes)}"


def _fails_but(case: Case, space: Space, fails: Fails, dim: str, size: int) -> bool:
    """Whether the case fails with another size of one dimension and usual numbers."""
    return fails(space.case({**case.sizes, dim: size}, case.dtype, spread(2.0)))


def _values(case: Case) -> str:
    """What is particular about the numbers of a case."""
    numbers = [np.abs(a.astype(np.float64)) for a in case.arrays.values() if a.dtype.kind not in "iu" and a.size]
    if any(a.dtype.kind in "iu" and a.dtype != np.int64 for a in case.arrays.values()):
        return "labels of a short integer type"
    largest = _largest(case)
    smallest = min((float(x[x > 0].min()) for x in numbers if (x > 0).any()), default=1.0)
    if largest >= 4:
        return f"large values (up to {largest:.3g})"
    if smallest <= 1e-3:
        return f"small values (down to {smallest:.1g})"
    if any(len(np.unique(x)) < x.size for x in numbers):
        return "ties or zeros"
    return "some values"


def _largest(case: Case) -> float:
    numbers = (np.abs(a.astype(np.float64)) for a in case.arrays.values() if a.dtype.kind not in "iu" and a.size)
    return max((float(x.max()) for x in numbers), default=0.0)


def _pattern(finding: Finding, case: Case, outcome: Outcome) -> str:
    """How the wrong numbers relate to the right ones."""
    wanted = outcome.expected[finding.result]
    got = np.asarray(outcome.results[finding.result], dtype=np.float64)
    right = (wanted.low + wanted.high) / 2
    if not np.isfinite(finding.got):
        overflow = any("overflow" in other.what for other in outcome.findings) or _largest(case) > LARGE
        return ("overflow: " if overflow else "") + "NaN or infinity where the formula has a value"

    def matches(other: Any) -> bool:
        near = np.abs(got - other) <= 0.05 * wanted.allowed + 1e-3 * np.abs(other)
        return bool(np.all(near | ~wanted.judged))

    for text, other in _wrongs(right, case):
        if other.shape == got.shape and matches(other):
            return text
    if finding.got == 0:
        return "0 where the formula has a value: lost, dropped or rounded away"
    off = np.abs(got - right) / np.maximum(np.abs(right), 1e-300)
    if case.dtype == "float64" and float(np.max(np.where(wanted.judged, off, 0.0))) < 2e-7:
        return "as inexact as float32"
    known = (right != 0) & wanted.judged
    factors = got[known] / right[known]
    if factors.size > 1 and np.ptp(factors) <= 1e-4 * abs(factors[0]):
        return f"wrong by the factor {factors[0]:.4g}"
    return "wrong values"


def _wrongs(right: Any, case: Case) -> Iterator[tuple[str, Any]]:
    """Known ways to be wrong."""
    yield "the wrong sign", -right
    for dim, n in case.sizes.items():
        if n > 1:
            yield f"a factor of {dim} too much (a missing 1/{dim})", right * n
            yield f"a factor of {dim} too little", right / n
    for text, factor in (("twice too large", 2.0), ("half of what is right", 0.5)):
        yield text, right * factor
    if right.ndim >= 2:
        yield "transposed", np.swapaxes(right, -1, -2)
    for axis in range(right.ndim):
        if right.shape[axis] > 1:
            yield "in reversed order", np.flip(right, axis)
    if right.any():
        yield "0 where the formula has a value: lost, dropped or rounded away", np.zeros_like(right)
