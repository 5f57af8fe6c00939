"""A call of the code under test, watched: what it returned, and what it did to what it was given.

The code runs twice on the same arrays. Whatever it does (raise, exit, hang, warn, write into its inputs, return
something else the second time, hand out memory that others hold) is a `Finding`, never a crash of the tool.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from proofs.capture import NotCaptured
from proofs.conformance.cases import Case
from proofs.deadline import OutOfTime, limited
from proofs.gradients.stage import Program

Array = Any
CALL_SECONDS = 20.0
FLOATS = "fV"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: its kind, the result it is about, and a sentence.

    Of a wrong number also where it is, what came back, what is right, and the error over the error allowed.
    """

    kind: str
    result: str
    what: str
    position: tuple[int, ...] = ()
    got: float = 0.0
    right: str = ""
    ratio: float = float("inf")

    @property
    def entry(self) -> str:
        return f"{self.result}[{', '.join(map(str, self.position))}]" if self.position else self.result


class _Wrong(Exception):
    """Leaves the code under test with a finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.what)
        self.finding = finding


class FloatStage:
    """Calls the code as it is; upstream gradients are those of the case."""

    def __init__(self, upstream: Mapping[str, Array]) -> None:
        self.given = upstream
        self.returned: list[tuple[str, Any]] = []

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        return function(*args)

    def upstream(self, name: str, out: Any) -> Any:
        if name not in self.given:
            raise _Wrong(Finding("results", name[1:], "another number of results than the formula has"))
        if np.shape(out) != self.given[name].shape:
            what = f"has shape {np.shape(out)} where the formula has {self.given[name].shape}"
            raise _Wrong(Finding("shape", name[1:], what))
        return self.given[name]

    def kept(self, result: Any) -> Any:
        """The result as it is now; the array itself is watched."""
        self.returned.append(("out", result))
        return np.array(result) if isinstance(result, np.ndarray) else result


@dataclass(frozen=True)
class Ran:
    """What came back, and what was found on the way; `soft` findings are excused where the formula has no value."""

    results: Mapping[str, Any]
    hard: tuple[Finding, ...] = ()
    soft: tuple[Finding, ...] = ()


def run(program: Program, case: Case, inputs: tuple[str, ...], seconds: float) -> Ran:
    """The program twice on the arrays of a case."""
    arrays = case.laid_out()
    before = {name: array.tobytes() for name, array in arrays.items()}
    first, soft = _once(program, arrays, inputs, seconds)
    if soft and not first:
        return Ran({}, (), tuple(soft))
    snapshot = {name: _bytes(x) for name, x in first.items()}
    values = {name: np.array(x) if type(x) is np.ndarray else x for name, x in first.items()}
    hard = _touched(arrays, before) or _shared(first, arrays)
    second, again = _once(program, arrays, inputs, seconds)
    _once(program, {name: np.flip(array) for name, array in case.laid_out().items()}, inputs, seconds)
    for name, mark in snapshot.items():
        if _bytes(first[name]) != mark:
            hard.append(Finding("stale state", name, "is changed by the next call: the buffer is used again"))
        elif name not in second or _bytes(second[name]) != mark:
            hard.append(Finding("stale state", name, "is another one when the code runs again on the same arrays"))
    if again and not soft:
        hard += again
    return Ran(values, tuple(hard), tuple(soft))


def _once(
    program: Program, arrays: Mapping[str, Array], inputs: tuple[str, ...], seconds: float
) -> tuple[dict[str, Any], list[Finding]]:
    given = {name: arrays[name][()] if arrays[name].ndim == 0 else arrays[name] for name in inputs}
    stage = FloatStage({name: array for name, array in arrays.items() if name not in inputs})
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        try:
            with limited(seconds):
                results = dict(program(stage, given))
        except _Wrong as error:
            return {}, [error.finding]
        except OutOfTime:
            return {}, [Finding("hangs", "the call", f"does not return within {seconds:g} s")]
        except NotCaptured as error:
            return {}, [Finding("results", "the call", str(error))]
        except (Exception, SystemExit) as error:  # noqa: BLE001  (user code may raise anything)
            kind = "input changed" if "read-only" in str(error) else "raises"
            return {}, [Finding(kind, "the call", f"raises {type(error).__name__}: {str(error)[:120]}")]
    for warning in caught[:1]:
        text = f"warns: {warning.category.__name__}: {str(warning.message)[:120]}"
        return results, [Finding("warns", "the call", text)]
    return results, []


def wrong_type(name: str, given: Any, dtype: str) -> Finding | None:
    """Why a result is no array of floats of `dtype`."""
    if isinstance(given, (int, float)) and not isinstance(given, (bool, np.generic)):
        return None
    if isinstance(given, np.ma.MaskedArray) or not isinstance(given, (np.ndarray, np.generic)):
        return Finding("results", name, f"is a {type(given).__name__}; expected an array of {dtype}")
    if given.dtype.kind == "O" or given.dtype != np.dtype(dtype):
        return Finding("dtype", name, f"has dtype {given.dtype} for inputs of {dtype}")
    return None


def _touched(arrays: Mapping[str, Array], before: Mapping[str, bytes]) -> list[Finding]:
    return [
        Finding("input changed", name, "is overwritten by the call: let it work on a copy")
        for name, array in arrays.items()
        if array.tobytes() != before[name]
    ]


def _shared(results: Mapping[str, Any], arrays: Mapping[str, Array]) -> list[Finding]:
    """Memory handed out that somebody else may write to."""
    own = [(n, x) for n, x in results.items() if isinstance(x, np.ndarray) and x.size and x.flags.writeable]
    found = []
    for place, (name, x) in enumerate(own):
        for other, array in [*arrays.items(), *own[:place]]:
            if array.size and np.shares_memory(x, array):
                found.append(Finding("aliasing", name, f"shares memory with {other}: writing to one changes the other"))
    return found


def _bytes(x: Any) -> Any:
    return (x.dtype.str, x.shape, x.tobytes()) if isinstance(x, (np.ndarray, np.generic)) else repr(x)[:200]
