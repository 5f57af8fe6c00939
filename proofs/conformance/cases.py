"""The points a function is tried at: sizes, dtype, values and memory layouts; first the corners, then drawn ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any

import numpy as np
from hypothesis import strategies as st

from proofs.capture import Parameter
from proofs.capture.shapes import plain
from proofs.conformance.strategies import (
    EDGES,
    LABEL_TYPES,
    LAYOUTS,
    SPECIAL,
    Array,
    cast,
    laid_out,
    limits,
    normalised,
)
from proofs.gradients.plain import concrete
from proofs.gradients.recording import dimensions
from proofs.gradients.statements import raised

Upstream = Callable[[Mapping[str, int]], Mapping[str, tuple[int, ...]]]
"""The shapes of the upstream gradients at given sizes."""


@dataclass(frozen=True)
class Case:
    """Sizes, dtype, the inputs and upstream gradients by name in their layouts, and what is particular about it.

    With `same`, inputs of one shape are one and the same array.
    """

    sizes: Mapping[str, int]
    dtype: str
    arrays: Mapping[str, Array]
    layout: str = "C"
    about: str = "usual values"
    same: bool = False

    def laid_out(self) -> dict[str, Array]:
        """The arrays to call with."""
        found: dict[str, Array] = {}
        for name, array in self.arrays.items():
            twin = next(
                (x for x in found.values() if self.same and x.shape == array.shape and x.dtype == array.dtype), None
            )
            found[name] = laid_out(array, self.layout) if twin is None else twin
        return found

    def plain(self) -> Case:
        """The same numbers in arrays of their own, in C order."""
        arrays = {name: np.array(array, order="C") for name, array in self.laid_out().items()}
        return replace(self, layout="C", same=False, arrays=arrays)

    def numbers(self) -> dict[str, Any]:
        """The same numbers as plain float64 arrays, labels as they are."""
        return {n: a if a.dtype.kind in "iu" else np.array(a, dtype=np.float64) for n, a in self.laid_out().items()}


@dataclass(frozen=True)
class Space:
    """What cases are drawn from: parameters with their domains, the shapes of upstream gradients, the dtypes."""

    parameters: Sequence[Parameter]
    domains: Mapping[str, str]
    upstream: Upstream
    dtypes: Sequence[str]
    mixed: Callable[[], frozenset[str]] = frozenset

    @property
    def dims(self) -> list[str]:
        return dimensions(self.parameters)

    @property
    def batch(self) -> str:
        """The dimension that may be empty: it leads arrays of several axes, is found nowhere else, and not mixed."""
        leading = {b for p in self.parameters if len(p.shape) > 1 for block in p.shape[0] for b in block}
        elsewhere = {b for p in self.parameters for axis in p.shape[1:] for block in axis for b in block}
        elsewhere |= {b for p in self.parameters for block in p.classes or () for b in block}
        return next((d for d in self.dims if d in leading - elsewhere - self.mixed()), "")

    def usual(self) -> dict[str, int]:
        return {d: 2 + k % 4 for k, d in enumerate(self.dims)}

    def case(
        self,
        sizes: Mapping[str, int],
        dtype: str,
        fill: Callable[[tuple[int, ...], int], Array],
        upstream: Callable[[tuple[int, ...], int], Array] | None = None,
        layout: str = "C",
        about: str = "",
        same: bool = False,
        label: Callable[[tuple[int, ...], int], Array] | None = None,
    ) -> Case:
        """The case whose arrays `fill` makes from shapes and the number of the array, no size below its least one."""
        sizes = raised(sizes, self.domains)
        arrays: dict[str, Array] = {}
        for place, p in enumerate(self.parameters):
            shape = concrete(p.shape, sizes)
            if p.classes is not None:
                arrays[p.name] = (label or last_first)(shape, plain(p.classes, sizes))
            else:
                arrays[p.name] = in_domain(fill(shape, place), self.domains.get(p.name, "real"), dtype)
        for place, (name, shape) in enumerate(self.upstream(sizes).items()):
            arrays[name] = cast((upstream or spread(1.0))(shape, place + len(self.parameters)), dtype)
        return Case(dict(sizes), dtype, arrays, layout, about, same)

    def corners(self) -> Iterator[Case]:
        """Fixed cases, the likeliest to fail and the cheapest first."""
        dtypes = cycle(self.dtypes)
        usual, batch = self.usual(), self.batch
        ones = dict.fromkeys(self.dims, 1)
        for dtype in self.dtypes:
            yield self.case(usual, dtype, spread(2.0), about="usual values")
        narrow = [{**usual, d: 1} for d in self.dims]
        square = [dict.fromkeys(self.dims, n) for n in (2, 3)]
        wanted = [ones, *narrow, *square, *([{**usual, batch: 0}, {**ones, batch: 3}] if batch else [])]
        for sizes in (raised(some, self.domains) for some in wanted):
            yield self.case(sizes, next(dtypes), spread(2.0), about=f"sizes {shown(sizes)}")
        for layout in LAYOUTS[1:]:
            yield self.case(usual, next(dtypes), spread(2.0), layout=layout, about=f"{layout} arrays")
        yield self.case(
            dict.fromkeys(self.dims, 3), next(dtypes), spread(2.0), same=True, about="one array passed twice"
        )
        for dtype in self.dtypes:
            for about, fill in values(dtype):
                yield self.case(usual, dtype, fill, about=about)
            for about, fill in upstreams(dtype):
                yield self.case(usual, dtype, spread(2.0), fill, about=about)
        if any(p.classes is not None for p in self.parameters):
            for kind, label in ((k, f) for k in LABEL_TYPES for f in (last_first, zeros, last)):
                made = _typed(label, kind)
                yield self.case(
                    usual, next(dtypes), spread(2.0), label=made, about=f"{label.__name__} labels of {kind}"
                )
        for dim in self.dims:
            for size in EDGES[:3]:
                yield self.case({**usual, dim: size}, next(dtypes), spread(3.0), about=f"{dim} = {size}")
        for size in EDGES[3:]:
            for dim in self.dims:
                yield self.case(
                    {**dict.fromkeys(self.dims, 2), dim: size}, next(dtypes), spread(3.0), about=f"{dim} = {size}"
                )

    def drawn(self) -> st.SearchStrategy[Case]:
        """Any sizes up to 5, dtypes, layouts and values."""

        batch = self.batch

        @st.composite
        def draw_case(draw: st.DrawFn) -> Case:
            sizes = {d: draw(st.integers(0 if d == batch else 1, 5)) for d in self.dims}
            dtype, layout = draw(st.sampled_from(list(self.dtypes))), draw(st.sampled_from(LAYOUTS))
            kind = draw(st.integers(0, 4))
            seed = draw(st.integers(0, 2**16))
            scale = draw(st.sampled_from((1.0, 2.0, 8.0, 0.01, 40.0)))
            fills = {0: whole, 1: sprinkled(seed), 2: spread(scale), 3: normal(seed, scale), 4: normal(seed, 1.0)}
            same = draw(st.integers(0, 7)) == 7
            label = _random_labels(seed)
            return self.case(sizes, dtype, fills[kind], normal(seed + 1, 1.0), layout, "drawn", same, label)

        return draw_case()


def values(dtype: str) -> Iterator[tuple[str, Callable[[tuple[int, ...], int], Array]]]:
    """What inputs are filled with."""
    info = limits(dtype)
    yield "zeros", zeros
    yield "zeros of both signs", lambda shape, _: np.resize([0.0, -0.0], shape)
    yield "ties", lambda shape, _: np.resize([1.0, 1.0, 0.0, 1.0], shape)
    yield "all equal", lambda shape, _: np.full(shape, 0.7)
    yield "whole numbers", whole
    for scale in (1e-4, 8.0, 25.0, 60.0, 120.0, 800.0, 1e4):
        if scale < float(info.max):
            yield f"values up to {scale:g}", spread(scale)
    yield "values near 100", lambda shape, k: 100 + spread(0.5)(shape, k)
    yield "one value of 1e4", lambda shape, k: _peak(spread(1.0)(shape, k), min(1e4, float(info.max)))
    yield "subnormal values", lambda shape, k: np.sign(spread(1.0)(shape, k)) * 3 * float(info.smallest_subnormal)
    yield "the largest floats", lambda shape, _: np.resize([-float(info.max), float(info.max), 0.0], shape)


def upstreams(dtype: str) -> Iterator[tuple[str, Callable[[tuple[int, ...], int], Array]]]:
    """What upstream gradients are filled with."""
    yield "upstream gradients of ones", lambda shape, _: np.ones(shape)
    yield "upstream gradients of zeros", zeros
    yield "upstream gradients of one entry", lambda shape, _: _unit(shape)
    small = 1e-10 if float(limits(dtype).smallest_subnormal) < 1e-20 else 1e-3
    yield "small upstream gradients", lambda shape, k: small * spread(1.0)(shape, k)
    yield "large upstream gradients", lambda shape, k: 1e3 * spread(1.0)(shape, k)


def spread(scale: float) -> Callable[[tuple[int, ...], int], Array]:
    """Different numbers in [-scale, scale], without symmetry and without a random state."""

    def fill(shape: tuple[int, ...], place: int) -> Array:
        count = int(np.prod(shape))
        found: Array = scale * (2 * ((np.arange(1, count + 1) * 0.618033988749895 + 0.37 * (place + 1)) % 1) - 1)
        return found.reshape(shape)

    return fill


def normal(seed: int, scale: float) -> Callable[[tuple[int, ...], int], Array]:
    """Normal numbers."""
    return lambda shape, place: scale * np.random.default_rng((seed, place)).normal(size=shape)


def sprinkled(seed: int) -> Callable[[tuple[int, ...], int], Array]:
    """Normal numbers with special ones among them."""

    def fill(shape: tuple[int, ...], place: int) -> Array:
        random = np.random.default_rng((seed, place))
        return np.where(random.random(shape) < 0.4, random.choice(SPECIAL, shape), random.normal(size=shape))

    return fill


def whole(shape: tuple[int, ...], place: int) -> Array:
    """Whole numbers from -2 to 2, ties and zeros among them."""
    return np.round(spread(2.0)(shape, place))


def zeros(shape: tuple[int, ...], _: int = 0) -> Array:
    return np.zeros(shape)


def last(shape: tuple[int, ...], classes: int) -> Array:
    return np.full(shape, classes - 1)


def last_first(shape: tuple[int, ...], classes: int) -> Array:
    """Every class, the last one first."""
    return (classes - 1 - np.arange(int(np.prod(shape))) % classes).reshape(shape)


def in_domain(array: Array, domain: str, dtype: str) -> Array:
    """The numbers moved into a domain."""
    match domain:
        case "positive":
            return cast(np.abs(array) + 0.125, dtype)
        case "nonzero":
            return cast(np.where(array == 0, 0.5, array), dtype)
        case "simplex":
            return normalised(np.minimum(np.abs(array), 1e4), dtype)
    return cast(array, dtype)


def shown(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{d} = {n}" for d, n in sizes.items()) or "none"


def _typed(label: Callable[[tuple[int, ...], int], Array], kind: str) -> Callable[[tuple[int, ...], int], Array]:
    return lambda shape, classes: label(shape, classes).astype(kind)


def _random_labels(seed: int) -> Callable[[tuple[int, ...], int], Array]:
    return lambda shape, classes: np.random.default_rng(seed).integers(0, classes, shape)


def _peak(array: Array, value: float) -> Array:
    array = np.array(array)
    if array.size:
        array.flat[0] = value
    return array


def _unit(shape: tuple[int, ...]) -> Array:
    return _peak(np.zeros(shape), 1.0)
