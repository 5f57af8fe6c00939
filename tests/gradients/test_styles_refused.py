"""What is not followed is UNDECIDED and names the file, the line and the call; what keeps state is never proved."""

# ruff: noqa: ARG001, ARG002, ARG004, RUF012, RUF059  (code as nobody should write it)
from __future__ import annotations

import enum
import itertools
import logging
import re
from collections.abc import Callable
from functools import cached_property, lru_cache, wraps
from typing import Any

import numpy as np
import pytest

from proofs.claim import Status
from proofs.gradients import prove_vjp
from tests.gradients.styles import TRIED

X = {"x": "N D"}
COUNT = 0
LOG = logging.getLogger("layers")


def double(x: Any) -> Any:
    return 2 * x


def twice(d: Any, x: Any) -> Any:
    return 2 * d


# Calls that are not followed.


def sorts(d: Any, x: Any) -> Any:
    return 2 * d + 0 * np.sort(x, axis=1)


def ranks(d: Any, x: Any) -> Any:
    return 2 * d + 0 * x.argsort(axis=0)


def along_an_axis(d: Any, x: Any) -> Any:
    return np.apply_along_axis(lambda row: 2 * row, 1, d)


def vectorised(d: Any, x: Any) -> Any:
    return np.vectorize(lambda t: 2 * t)(d)


def singular_values(d: Any, x: Any) -> Any:
    return 2 * d + 0 * np.linalg.svd(x)[0].sum()


def inverse(d: Any, x: Any) -> Any:
    return 2 * d + 0 * np.linalg.inv(x.T @ x).sum()


def transformed(d: Any, x: Any) -> Any:
    return 2 * d + 0 * np.real(np.fft.fft(x))


def middle(d: Any, x: Any) -> Any:
    return 2 * d + 0 * np.median(x)


def clipped_at_a_quantile(d: Any, x: Any) -> Any:
    return 2 * np.minimum(d, np.quantile(d, 1.0))


def where_positive(d: Any, x: Any) -> Any:
    rows, columns = np.nonzero(x > 0)
    return 2 * d


def as_lists(d: Any, x: Any) -> Any:
    return np.array(d.tolist()) * 2


def one_number(d: Any, x: Any) -> Any:
    return 2 * d if float(x.sum()) > 0 else d + d


def stops_early(d: Any, x: Any) -> Any:
    if np.allclose(d, 0):
        return np.zeros_like(d)
    return 2 * d


def any_of(d: Any, x: Any) -> Any:
    assert (d < 9).any()
    return 2 * d


def logs(d: Any, x: Any) -> Any:
    LOG.info("backward")
    return 2 * d


def topological(d: Any, x: Any) -> Any:
    visited = set()
    visited.add("x")
    return 2 * d


def drops_out(d: Any, x: Any) -> Any:
    return 2 * d * (np.random.rand(*x.shape) < 1.5)


NOT_FOLLOWED = {
    sorts: "np.sort",
    ranks: "ndarray.argsort",
    along_an_axis: "np.apply_along_axis",
    vectorised: "vectorize",
    singular_values: "np.svd",
    inverse: "np.inv",
    transformed: "np.fft",
    middle: "np.median",
    clipped_at_a_quantile: "np.quantile",
    where_positive: "np.nonzero",
    as_lists: "ndarray.tolist",
    one_number: "plain number",
    stops_early: "np.allclose",
    any_of: "np.any",
    logs: "LOG",
    topological: "set()",
    drops_out: "randomness",
}


@pytest.mark.parametrize("backward", NOT_FOLLOWED, ids=lambda f: f.__name__)
def test_what_is_not_followed_is_named_with_its_line(backward: Callable[..., Any]) -> None:
    proof = prove_vjp(double, backward, X)
    assert proof.status is Status.UNDECIDED, str(proof)
    assert re.search(r"test_styles_refused\.py:\d+: ", proof.reason), str(proof)
    assert NOT_FOLLOWED[backward] in proof.reason


# State that outlives a call, kept where nobody looks. Each of these once answers 3 d, when it has been called often.


def late(calls: int, d: Any) -> Any:
    return 2 * d if calls < 1_000 else 3 * d


class SharedList:
    seen: list[int] = []

    def backward(self, d: Any, x: Any) -> Any:
        self.seen.append(1)
        return late(len(self.seen), d)


def through_a_new_object(d: Any, x: Any) -> Any:
    return SharedList().backward(d, x)


class Counts:
    def count(self, d: Any) -> Any:
        global COUNT
        COUNT += 1
        return late(COUNT, d)


class Inherits(Counts):
    pass


def through_a_base_class(d: Any, x: Any) -> Any:
    return Inherits().count(d)


def impure(d: Any) -> Any:
    global COUNT
    COUNT += 1
    return late(COUNT, d)


TABLE = (impure,)


def through_a_tuple(d: Any, x: Any) -> Any:
    return TABLE[0](d)


def through_its_dict(d: Any, x: Any) -> Any:
    kept = through_its_dict.__dict__
    kept["calls"] = kept.get("calls", 0) + 1
    return late(kept["calls"], d)


class Mode(enum.Enum):
    FIRST = 1

    def scale(self, d: Any) -> Any:
        return impure(d)


MODE = Mode.FIRST


def through_an_enum(d: Any, x: Any) -> Any:
    return MODE.scale(d)


class Number(int):
    def scale(self, d: Any) -> Any:
        return impure(d)


NUMBER = Number(1)


def through_a_number(d: Any, x: Any) -> Any:
    return NUMBER.scale(d)


def siblings() -> tuple[Callable[..., Any], Callable[..., Any]]:
    factor = 2

    def set_factor(value: int) -> None:
        nonlocal factor
        factor = value

    def backward(d: Any, x: Any) -> Any:
        return factor * d

    return set_factor, backward


class ClassCounter:
    calls = 0

    def __init__(self) -> None:
        kind = self.__class__
        kind.calls += 1

    def scale(self, d: Any) -> Any:
        return late(self.calls, d)


def through_the_class(d: Any, x: Any) -> Any:
    return ClassCounter().scale(d)


class Metered:
    def __init__(self) -> None:
        self.calls = 0

    def backward(self, d: Any, x: Any) -> Any:
        self.calls += 1
        return late(self.calls, d)


class Slotted:
    __slots__ = ("calls",)

    def __init__(self) -> None:
        self.calls = 0

    def backward(self, d: Any, x: Any) -> Any:
        self.calls += 1
        return late(self.calls, d)


def plain_scale(d: Any) -> Any:
    return 2 * d


SCALE = plain_scale


def choose(scale: Callable[..., Any]) -> None:
    global SCALE
    SCALE = scale


def calls_what_others_choose(d: Any, x: Any) -> Any:
    return SCALE(d)


class Stateful:
    """Its forward pass is another one when it is called again."""

    def __init__(self) -> None:
        self.mean = None

    def forward(self, x: Any) -> Any:
        self.mean = x if self.mean is None else 0.9 * self.mean + 0.1 * x * x
        return 2 * self.mean

    def backward(self, d: Any) -> Any:
        return 2 * d


class Steps:
    def __init__(self) -> None:
        self.calls = 0

    def forward(self, x: Any) -> Any:
        self.calls += 1
        return 2 * x

    def backward(self, d: Any) -> Any:
        return late(self.calls, d)


class Weighted:
    def __init__(self) -> None:
        self.w = np.full(1, 2.0)

    def __call__(self, x: Any) -> Any:
        return self.w * x

    def backward(self, d: Any) -> Any:
        return self.w * d


class Ids:
    ids = itertools.count()

    def scale(self, d: Any) -> Any:
        for number in self.ids:
            return late(number, d)
        return d


def through_an_iterator(d: Any, x: Any) -> Any:
    return Ids().scale(d)


class Lazy:
    @cached_property
    def factor(self) -> int:
        global COUNT
        COUNT += 1
        return 2 if COUNT < 1_000 else 3


def through_a_property(d: Any, x: Any) -> Any:
    return Lazy().factor * d


class Remembers:
    @staticmethod
    @lru_cache
    def factor(n: int) -> int:
        return 2


def through_a_cached_method(d: Any, x: Any) -> Any:
    return Remembers.factor(1) * d


def through_a_cached_method_of_an_object(d: Any, x: Any) -> Any:
    return Remembers().factor(1) * d


@wraps(np.sum)
def disguised(d: Any) -> Any:
    global COUNT
    COUNT += 1
    return late(COUNT, d)


def through_a_disguise(d: Any, x: Any) -> Any:
    return disguised(d)


def reads_settings(d: Any, x: Any) -> Any:
    return 2 * d if np.get_printoptions()["precision"] < 100 else 3 * d


def sets_a_module(d: Any, x: Any) -> Any:
    place = np.linalg
    place.calls = 1
    return 2 * d


def changes_the_cached_input(d: Any, cache: Any) -> Any:
    cache.x *= 2
    return 2 * d


STATEFUL = [
    SharedList().backward,
    through_a_new_object,
    through_a_base_class,
    through_a_tuple,
    through_its_dict,
    through_an_enum,
    through_a_number,
    siblings()[1],
    through_the_class,
    Metered().backward,
    Slotted().backward,
    calls_what_others_choose,
    through_an_iterator,
    through_a_property,
    through_a_cached_method,
    through_a_cached_method_of_an_object,
    through_a_disguise,
    reads_settings,
    sets_a_module,
]


@pytest.mark.parametrize("backward", STATEFUL, ids=lambda f: f.__qualname__)
def test_state_is_found_wherever_it_is_kept(backward: Callable[..., Any]) -> None:
    for _ in range(2):
        proof = prove_vjp(double, backward, X)
        assert proof.status is Status.UNDECIDED, str(proof)


@pytest.mark.parametrize("layer", [Stateful(), Steps(), Weighted()], ids=lambda layer: type(layer).__name__)
def test_an_object_that_keeps_state_from_call_to_call(layer: Any) -> None:
    proof = prove_vjp(getattr(layer, "forward", layer), layer.backward, X)
    assert proof.status is Status.UNDECIDED, str(proof)


def test_state_is_set_back() -> None:
    prove_vjp(double, sets_a_module, X)
    assert not hasattr(np.linalg, "calls")
    prove_vjp(double, through_the_class, X)
    assert ClassCounter.calls == 0


class Kept:
    def __init__(self, x: Any) -> None:
        self.x = x


def test_an_object_may_not_lend_out_the_input() -> None:
    proof = prove_vjp(lambda x: (2 * x, Kept(x)), changes_the_cached_input, X)
    assert proof.status is Status.UNDECIDED
    assert "in place" in proof.reason
    assert prove_vjp(lambda x: (2 * x, Kept(x.copy())), changes_the_cached_input, X)


# Branches on what is not the same for all inputs, or not the same for symbolic arrays as for plain ones.


def by_text_of_shape(d: Any, x: Any) -> Any:
    return 3 * d if str(d.shape) == "(7, 7)" else 2 * d


def by_format_of_shape(d: Any, x: Any) -> Any:
    return 3 * d if f"{d.shape}" == "(7, 7)" else 2 * d


def by_square(d: Any, x: Any) -> Any:
    return 3 * d if x.shape == x.T.shape else 2 * d


def by_index(d: Any, x: Any) -> Any:
    return 3 * d if sum(1 for _ in np.ndindex(x.shape)) > 6 else 2 * d


def by_class_of_an_element(d: Any, x: Any) -> Any:
    return 3 * d if isinstance(d.sum(), float) else 2 * d


def by_part(d: Any, x: Any) -> Any:
    return 2 * d if isinstance(x[x > 0], np.ndarray) else 3 * d


def by_reversed(d: Any, x: Any) -> Any:
    return 2 * d if isinstance(x[::-1], np.ndarray) else 3 * d


def reversed_in_place(d: Any, x: Any) -> Any:
    out = 2 * d
    back = out[::-1]
    back += 1
    return out


def reversed_and_straight(d: Any, x: Any) -> Any:
    return d + d[::-1]


@pytest.mark.parametrize(
    "backward", [by_text_of_shape, by_format_of_shape, by_square, by_index, by_class_of_an_element]
)
def test_no_branch_is_guessed(backward: Callable[..., Any]) -> None:
    proof = prove_vjp(double, backward, X)
    assert not proof or proof.scope.text.startswith(TRIED), str(proof)


@pytest.mark.parametrize("backward", [by_part, by_reversed])
def test_a_part_of_an_array_is_an_array(backward: Callable[..., Any]) -> None:
    assert prove_vjp(double, backward, X)


@pytest.mark.parametrize("backward", [reversed_in_place, reversed_and_straight])
def test_a_reversed_array_is_a_view_in_another_order(backward: Callable[..., Any]) -> None:
    assert prove_vjp(double, backward, X).status is Status.REFUTED
