"""What it takes for a NumPy function to conform to a proved formula; one reusable check a function.

A `Specification` pairs each output with a statement ``algorithm = formula`` (or derivative of a formula). A call
conforms when every number it returns lies in the enclosure derived from the algorithm (tolerance.py), shape and dtype
are right, inputs are unchanged and not aliased, nothing warns, and a second call gives the same answer.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from proofs.calculus.terms import Index, Statement
from tests.strategies import DTYPES, LAYOUTS, Case, arrays, extremes, labels, laid_out, numbers, probabilities
from tests.tolerance import Allowed, enclosures

Array = NDArray[Any]
SEED = 20261122
EXAMPLES = 25


class Nonconforming(AssertionError):
    """The function under test is wrong on the case shown."""


@dataclass(frozen=True)
class Input:
    """An argument: its name, dimensions, and kind (real, moderate, probabilities, rate, or labels below `classes`)."""

    name: str
    dims: tuple[str, ...]
    kind: str = "real"
    classes: str = ""


@dataclass(frozen=True)
class Output:
    """A result: ``statement.lhs`` at every value of `free` is the algorithm, ``statement.rhs`` the specification.

    `empty` is the statement for an empty batch, where a mean is undefined and a convention takes its place.
    """

    statement: Statement
    free: tuple[Index, ...] = ()
    empty: Statement | None = None


@dataclass(frozen=True)
class Specification:
    """Arguments in order, results in order, and `extra`: exact arrays of the statements made from the arguments.

    `batch` is the dimension that may be empty; `extreme` allows the largest floats; `usual` sizes are for most corner
    cases (by default all different), `largest` bounds the sizes drawn, `wide` is beyond the length of vector registers.
    """

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    extra: Callable[[Mapping[str, Array]], dict[str, Array]] = lambda _: {}
    batch: str = "N"
    extreme: bool = False
    usual: Mapping[str, int] = field(default_factory=dict)
    largest: int = 4
    wide: int = 0

    @property
    def dims(self) -> tuple[str, ...]:
        """All dimensions, in order of first mention."""
        return tuple(dict.fromkeys(dim for x in self.inputs for dim in x.dims))


def conform(f: Callable[..., Any], spec: Specification, case: Case) -> None:
    """Raise Nonconforming unless ``f`` called on the case's arrays does what `spec` says."""
    arguments = [case.arrays[x.name] for x in spec.inputs]
    before = [a.tobytes() for a in arguments]
    got = _call(f, arguments, case)
    again = _call(f, arguments, case)
    _require([a.tobytes() for a in arguments] == before, "an input was modified", case)
    _require(len(got) == len(spec.outputs), f"{len(got)} results instead of {len(spec.outputs)}", case)
    for number, (output, x, second) in enumerate(zip(spec.outputs, got, again, strict=True)):
        shape = tuple(case.sizes[index.dim] for index in output.free)
        _require(isinstance(x, (np.ndarray, np.generic)), f"result {number} is a {type(x).__name__}", case)
        _require(x.dtype == case.dtype, f"result {number} has dtype {x.dtype} instead of {case.dtype}", case)
        _require(x.shape == shape, f"result {number} has shape {x.shape} instead of {shape}", case)
        _require(x.tobytes() == second.tobytes(), f"result {number} changes on a second call", case)
        aliased = isinstance(x, np.ndarray) and any(np.shares_memory(x, a) for a in arguments)
        _require(not aliased, f"result {number} shares memory with an input", case)
        for at, value, allowed in zip(np.ndindex(shape), x.ravel().tolist(), _allowed(spec, number, case), strict=True):
            _require(allowed.holds(value), f"result {number} at {at} is {value!r}, allowed: {allowed.ball}", case)


def _call(f: Callable[..., Any], arguments: list[Array], case: Case) -> tuple[Any, ...]:
    scalars = [float(a) if a.ndim == 0 else a for a in arguments]
    with warnings.catch_warnings(), np.errstate(over="warn", divide="warn", invalid="warn", under="ignore"):
        warnings.simplefilter("error")
        try:
            result = f(*scalars)
        except Exception as error:
            raise Nonconforming(f"raised {type(error).__name__}: {error}; called on {case}") from error
    return result if isinstance(result, tuple) else (result,)


def _allowed(spec: Specification, number: int, case: Case) -> list[Allowed]:
    output = spec.outputs[number]
    empty = output.empty is not None and 0 in case.sizes.values()
    statement = output.empty if output.empty is not None and empty else output.statement
    values = {**case.arrays, **spec.extra(case.arrays)}
    flat = {name: array.ravel().tolist() for name, array in values.items()}
    return enclosures(statement, output.free, case.sizes, flat, case.dtype)


def _require(condition: bool, message: str, case: Case) -> None:
    if not condition:
        raise Nonconforming(f"{message}; called on {case}")


def check(f: Callable[..., Any], spec: Specification, *, examples: int = EXAMPLES, shrink: bool = True) -> None:
    """Corner cases first, then `examples` drawn by Hypothesis from the fixed seed `SEED`."""
    for case in corners(spec):
        conform(f, spec, case)
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    quiet = list(HealthCheck)

    @seed(SEED)
    @settings(max_examples=examples, phases=phases, database=None, deadline=None, suppress_health_check=quiet,
              report_multiple_bugs=False)  # fmt: skip
    @given(cases(spec))
    def search(case: Case) -> None:
        conform(f, spec, case)

    print(f"Hypothesis seed {SEED}")
    search()


def cases(spec: Specification) -> st.SearchStrategy[Case]:
    """Any sizes, dtype, numbers and layouts that `spec` allows."""
    sizes = st.fixed_dictionaries({dim: st.integers(0 if dim == spec.batch else 1, spec.largest) for dim in spec.dims})

    @st.composite
    def draw_case(draw: st.DrawFn) -> Case:
        chosen, dtype = draw(sizes), draw(st.sampled_from(DTYPES))
        extreme = spec.extreme and draw(st.integers(0, 4)) == 0
        found = {x.name: draw(_argument(x, chosen, dtype, extreme)) for x in spec.inputs}
        return Case(chosen, dtype, found)

    return draw_case()


def _argument(x: Input, sizes: dict[str, int], dtype: np.dtype[Any], extreme: bool) -> st.SearchStrategy[Array]:
    shape = tuple(sizes[dim] for dim in x.dims)
    match x.kind:
        case "labels":
            return labels((shape[0],), sizes[x.classes])
        case "probabilities":
            return probabilities(*shape, dtype=dtype)  # type: ignore[misc]
        case "rate":
            return st.sampled_from([0.0, 0.125, 1.0]).map(np.array)
        case "moderate":
            return arrays(shape, dtype, numbers(dtype, special=False))
        case _:
            return arrays(shape, dtype, extremes(dtype) if extreme else numbers(dtype))


def corners(spec: Specification) -> Iterator[Case]:
    """Fixed cases: every layout, batch 0 and 1, every size 1, unequal sizes, ties, zeros, saturation, every class."""
    usual = {**{dim: 2 + k for k, dim in enumerate(spec.dims)}, **spec.usual}
    one = dict.fromkeys(spec.dims, 1)
    yield from (_corner(spec, usual, dtype, layout, scale=2.0) for dtype in DTYPES for layout in LAYOUTS)
    batches = [{**usual, **({spec.batch: n} if spec.batch in usual else {})} for n in (0, 1, 2)]
    narrow = [{**usual, dim: 1} for dim in spec.dims]
    for sizes, dtype in itertools.product([*batches, *narrow, one], DTYPES):
        yield _corner(spec, sizes, dtype, "C", scale=1.0)
    saturating = (40.0, 120.0, 800.0, 1e4) if any(x.kind == "real" for x in spec.inputs) else ()
    for scale, dtype in itertools.product((0.0, 1e-4, 8.0, *saturating), DTYPES):
        yield _corner(spec, usual, dtype, "C", scale=scale)
    if spec.extreme:
        yield from (_corner(spec, usual, dtype, "C", scale=float(np.finfo(dtype).max)) for dtype in DTYPES)
    if spec.wide:
        wide = {dim: 2 if dim == spec.batch else spec.wide for dim in spec.dims}
        yield from (_corner(spec, wide, dtype, layout, scale=3.0) for dtype in DTYPES for layout in ("C", "strided"))


def _corner(spec: Specification, sizes: dict[str, int], dtype: np.dtype[Any], layout: str, scale: float) -> Case:
    found = {}
    for number, x in enumerate(spec.inputs):
        shape = tuple(sizes[dim] for dim in x.dims)
        count = int(np.prod(shape))
        # A low-discrepancy sequence in [-1, 1]: different numbers, no symmetry, and no random state.
        spread = (2 * ((np.arange(1, count + 1) * 0.618033988749895 + 0.3 * number) % 1) - 1).reshape(shape)
        match x.kind:
            case "labels":
                array = (sizes[x.classes] - 1 - np.arange(count) % sizes[x.classes]).astype(np.int64)
            case "probabilities":
                array = np.abs(spread).astype(dtype)
                array[:, : shape[1] - 1 : 2] = 0
                array = array / array.sum(axis=-1, keepdims=True)
            case "rate":
                array = np.array(0.125)
            case "moderate":
                array = (min(scale, 4.0) * spread).astype(dtype)
            case _ if scale == np.finfo(dtype).max:
                array = np.resize(np.array([-scale, scale, 0], dtype), shape)
            case _:
                array = (scale * spread).astype(dtype)
        found[x.name] = laid_out(array, layout)
    return Case(sizes, dtype, found)
