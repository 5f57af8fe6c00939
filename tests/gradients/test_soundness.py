"""Code that is more than a function of its arguments, or another function at other sizes, is never proved."""

# ruff: noqa: ARG001, ARG005, RUF012, SIM105, SIM107, SIM300, RUF034  (code as nobody should write it)
from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from typing import Any

import numpy as np
import pytest

from proofs import prove_equal, prove_gradient, prove_vjp
from proofs.capture import ShapeError
from proofs.claim import Status
from proofs.gradients import Proof

SHAPES = {"x": "N D"}
SCALE = 2.0
SETTINGS = {"scale": 2.0}
WEIGHTS = np.array([1.0, 2.0])
CALLS: list[int] = []
STEP = 1.0
GENERATOR = np.random.default_rng(0)


class Config:
    scale = 2.0
    table = (1.0, 2.0)
    mutable = [2.0]


def set_step(value: float) -> None:
    global STEP
    STEP = value


def double(x: Any) -> Any:
    return 2 * x


def reads_a_dict(d: Any, x: Any) -> Any:
    return d * SETTINGS["scale"]


def reads_an_array(d: Any, x: Any) -> Any:
    return d * WEIGHTS[1]


def reads_a_global_that_is_written(d: Any, x: Any) -> Any:
    return d * 2 * STEP


def reads_a_mutable_attribute(d: Any, x: Any) -> Any:
    return d * Config.mutable[0]


def counts_calls(d: Any, x: Any) -> Any:
    CALLS.append(1)
    return 2 * d if len(CALLS) < 1000 else d


def keeps_state_in_a_default(d: Any, x: Any, seen: list[int] = []) -> Any:  # noqa: B006  (the point of the test)
    seen.append(1)
    return 2 * d


def keeps_state_in_an_attribute(d: Any, x: Any) -> Any:
    keeps_state_in_an_attribute.last = x  # type: ignore[attr-defined]
    return 2 * d


def keeps_state_in_a_global(d: Any, x: Any) -> Any:
    global STEP
    STEP = STEP * 1.0
    return 2 * d


def uses_random(d: Any, x: Any) -> Any:
    return d * (2 + random.random() * 0)


def uses_numpy_random(d: Any, x: Any) -> Any:
    return d * (2 + 0 * np.random.rand())


def uses_a_generator(d: Any, x: Any) -> Any:
    return d * (2 + 0 * GENERATOR.normal())


def uses_time(d: Any, x: Any) -> Any:
    return 2 * d if time.time() > 0 else d


def depends_on_identity(d: Any, x: Any) -> Any:
    return 2 * d if id(x) else d


def depends_on_hash_order(d: Any, x: Any) -> Any:
    for name in {"first", "second"}:
        return 2 * d if name == "first" else d + d
    return d


def builds_a_set(d: Any, x: Any) -> Any:
    return d * sum(set([1.0, 1.0, d.ndim - 1.0]))  # noqa: C405  (the point of the test)


def looks_at_the_type(d: Any, x: Any) -> Any:
    return 2 * d if type(x) is np.ndarray else d


def looks_at_attributes(d: Any, x: Any) -> Any:
    return 2 * d if hasattr(x, "tobytes") else d


def reads_globals(d: Any, x: Any) -> Any:
    return d * globals()["SCALE"]


def evaluates_text(d: Any, x: Any) -> Any:
    return eval("2 * d", {"d": d})


@contextmanager
def forgiving() -> Iterator[None]:
    try:
        yield
    except Exception:  # noqa: BLE001  (the point of the test)
        pass


def catches_what_is_refused(d: Any, x: Any) -> Any:
    try:
        return 2 * d if x.sum() > 0 else d
    except Exception:  # noqa: BLE001  (the point of the test)
        return 2 * d


def catches_everything(d: Any, x: Any) -> Any:
    try:
        return np.linalg.solve(x, d) * 0
    except:  # noqa: E722  (the point of the test)
        return 2 * d


def swallows_in_finally(d: Any, x: Any) -> Any:
    try:
        return d if x.max() > 0 else d
    finally:
        return 2 * d  # noqa: B012  (the point of the test)


def swallows_in_a_context(d: Any, x: Any) -> Any:
    with forgiving():
        return d if float(x.sum()) > 0 else 2 * d
    return 2 * d


def swallows_with_suppress(d: Any, x: Any) -> Any:
    with suppress(Exception):
        return d.no_such_thing * x
    return 2 * d


def helper_that_catches(x: Any) -> bool:
    try:
        return bool(x.sum() > 0)
    except Exception:  # noqa: BLE001  (the point of the test)
        return True


def catches_in_a_helper(d: Any, x: Any) -> Any:
    return 2 * d if helper_that_catches(x) else d


@lru_cache
def cached(n: int) -> int:
    return 2


def uses_a_cache(d: Any, x: Any) -> Any:
    return d * cached(3)


IMPURE = [
    reads_a_dict,
    reads_an_array,
    reads_a_global_that_is_written,
    reads_a_mutable_attribute,
    counts_calls,
    keeps_state_in_a_default,
    keeps_state_in_an_attribute,
    keeps_state_in_a_global,
    uses_random,
    uses_numpy_random,
    uses_a_generator,
    uses_time,
    depends_on_identity,
    depends_on_hash_order,
    builds_a_set,
    looks_at_the_type,
    looks_at_attributes,
    reads_globals,
    evaluates_text,
    catches_what_is_refused,
    catches_everything,
    swallows_in_finally,
    swallows_in_a_context,
    swallows_with_suppress,
    catches_in_a_helper,
    uses_a_cache,
]


@pytest.mark.parametrize("backward", IMPURE)
def test_impure_code_is_undecided_with_its_line(backward: Callable[..., Any]) -> None:
    proof = prove_vjp(double, backward, SHAPES)
    assert proof.status is Status.UNDECIDED, proof
    assert "test_soundness.py:" in proof.reason


def test_a_closure_over_an_array_or_a_counter() -> None:
    weights = np.array([2.0])
    count = 0

    def counting(d: Any, x: Any) -> Any:
        nonlocal count
        count += 1
        return 2 * d

    assert prove_vjp(double, lambda d, x: d * weights, SHAPES).status is Status.UNDECIDED
    assert prove_vjp(double, counting, SHAPES).status is Status.UNDECIDED
    assert prove_vjp(double, partial(lambda w, d, x: d * w, weights), SHAPES).status is Status.UNDECIDED


def test_constants_are_named_as_assumptions() -> None:
    half = 0.5

    def reads_constants(d: Any, x: Any) -> Any:
        return d * SCALE * half * Config.scale

    proof = prove_vjp(double, reads_constants, SHAPES)
    assert proof, proof
    read = " ".join(proof.assumptions)
    assert "SCALE = 2.0" in read
    assert "half = 0.5" in read
    assert "Config.scale = 2.0" in read


# Sizes --------------------------------------------------------------------------------------------------------------


def at_one(d: Any, x: Any) -> Any:
    return d if x.shape[0] == 1 else 2 * d


def beyond_64(d: Any, x: Any) -> Any:
    return d if len(x) > 64 else 2 * d


def beyond_a_million(d: Any, x: Any) -> Any:
    return d if x.size >= 1_000_000 else 2 * d


def at_six(d: Any, x: Any) -> Any:
    return d if x.shape[1] == 6 else 2 * d


def through_float(d: Any, x: Any) -> Any:
    return d if float(x.shape[0]) > 1e5 else 2 * d


def through_int(d: Any, x: Any) -> Any:
    return d if int(x.shape[0]) > 100_000 else 2 * d


def from_the_left(d: Any, x: Any) -> Any:
    return d if 100_000.0 < x.shape[0] else 2 * d


def through_the_mean(d: Any, x: Any) -> Any:
    return d if 1.0 / x.shape[0] < 1e-6 else 2 * d


def by_parity(d: Any, x: Any) -> Any:
    return d if x.shape[1] % 4 == 3 else 2 * d


def by_bits(d: Any, x: Any) -> Any:
    return d if x.shape[1] & 4 else 2 * d


def by_a_range(d: Any, x: Any) -> Any:
    for _ in range(x.shape[0] - 300):
        return d
    return 2 * d


def by_a_quotient(d: Any, x: Any) -> Any:
    for _ in range(x.shape[0] // 1000):
        return d
    return 2 * d


def by_a_list(d: Any, x: Any) -> Any:
    return d if len([0] * x.shape[0]) > 500 else 2 * d


def by_a_look_up(d: Any, x: Any) -> Any:
    return {7: d, 9: d}.get(x.shape[1], 2 * d)


def by_membership(d: Any, x: Any) -> Any:
    return d if x.shape[1] in {7, 9} else 2 * d


def by_text(d: Any, x: Any) -> Any:
    return d if str(x.shape[1]) == "7" else 2 * d


def by_format(d: Any, x: Any) -> Any:
    return d if f"{x.shape[1]}" == "7" else 2 * d


def by_numpy(d: Any, x: Any) -> Any:
    return d if np.log(x.shape[0]) > 12 else 2 * d


def by_product(d: Any, x: Any) -> Any:
    return d if np.prod(x.shape) > 1_000_000 else 2 * d


def by_array(d: Any, x: Any) -> Any:
    return d if np.array(x.shape).max() > 1_000_000 else 2 * d


def by_bit_length(d: Any, x: Any) -> Any:
    return d if x.shape[0].bit_length() > 30 else 2 * d


def by_minimum(d: Any, x: Any) -> Any:
    return d * min(x.shape[0], 2)


def by_attribute(d: Any, x: Any) -> Any:
    return d if x.nbytes > 1_000_000 else 2 * d


def by_rows(d: Any, x: Any) -> Any:
    return d if sum(1 for _ in x) > 1000 else 2 * d


def by_slicing(d: Any, x: Any) -> Any:
    return np.concatenate([2 * d[:1000], d[1000:]])


OTHER_AT_SOME_SIZES = [
    at_one,
    beyond_64,
    beyond_a_million,
    at_six,
    through_float,
    through_int,
    from_the_left,
    through_the_mean,
    by_parity,
    by_bits,
    by_a_range,
    by_a_quotient,
    by_a_list,
    by_a_look_up,
    by_membership,
    by_text,
    by_format,
    by_numpy,
    by_product,
    by_array,
    by_bit_length,
    by_minimum,
    by_attribute,
    by_rows,
    by_slicing,
]


def is_for_all_sizes(proof: Proof) -> bool:
    return bool(proof) and proof.scope.text.startswith("all")


@pytest.mark.parametrize("backward", OTHER_AT_SOME_SIZES)
def test_code_that_is_another_function_at_some_sizes(backward: Callable[..., Any]) -> None:
    assert not is_for_all_sizes(prove_vjp(double, backward, SHAPES))


def test_a_special_case_at_size_one_is_refuted_there() -> None:
    proof = prove_vjp(double, at_one, SHAPES)
    assert proof.status is Status.REFUTED
    assert proof.scope.text == "the sizes N = 1, D = 1"


def test_comparisons_that_hold_for_all_sizes_are_no_branch() -> None:
    def checked(x: Any) -> Any:
        n, d = x.shape
        if n < 1 or d == 0 or n + d <= 1:
            raise ValueError("empty")
        assert x.ndim == 2
        return 2 * x

    assert is_for_all_sizes(prove_equal(checked, double, SHAPES))


def test_sizes_as_numbers_stay_exact() -> None:
    def mean(x: Any) -> Any:
        n = float(x.shape[0])
        return x.sum(axis=0) / n * np.sqrt(int(x.shape[1])) * x.shape[1] ** -0.5

    def backward(d: Any, x: Any) -> Any:
        return np.ones_like(x) * d * (1.0 / len(x))

    assert is_for_all_sizes(prove_vjp(mean, backward, SHAPES))


# Values, types and aliases ------------------------------------------------------------------------------------------


def by_value(d: Any, x: Any) -> Any:
    return d if x.sum() > 1000 else 2 * d


def by_any(d: Any, x: Any) -> Any:
    return d if np.any(np.abs(x) > 1000) else 2 * d


def by_float(d: Any, x: Any) -> Any:
    return d if float(np.max(x)) > 1000 else 2 * d


def by_item(d: Any, x: Any) -> Any:
    return d if x[0, 0].item() > 1000 else 2 * d


def by_list_of_values(d: Any, x: Any) -> Any:
    return d if max(x.tolist()) > [1000] else 2 * d


def by_allclose(d: Any, x: Any) -> Any:
    return d if np.allclose(x, 0) else 2 * d


def by_text_of_values(d: Any, x: Any) -> Any:
    return d if "9999" in str(x) else 2 * d


def by_dtype(d: Any, x: Any) -> Any:
    return d if x.dtype == np.float32 else 2 * d


def by_dtype_reversed(d: Any, x: Any) -> Any:
    return d if np.dtype("float32") == x.dtype else 2 * d


def by_kind(d: Any, x: Any) -> Any:
    return d if x.dtype.itemsize < 8 else 2 * d


def by_subdtype(d: Any, x: Any) -> Any:
    return d if np.issubdtype(x.dtype, np.float32) else 2 * d


def by_precision(d: Any, x: Any) -> Any:
    return d * (2 + np.finfo(x.dtype).eps)


def by_order(d: Any, x: Any) -> Any:
    return d if x.flags["F_CONTIGUOUS"] else 2 * d


def as_integers(d: Any, x: Any) -> Any:
    return 2 * d.astype(int)


def as_truth(d: Any, x: Any) -> Any:
    return 2 * d * x.astype(bool)


ON_VALUES = [
    by_value,
    by_any,
    by_float,
    by_item,
    by_list_of_values,
    by_allclose,
    by_text_of_values,
    by_dtype,
    by_dtype_reversed,
    by_kind,
    by_subdtype,
    by_precision,
    by_order,
    as_integers,
    as_truth,
]


@pytest.mark.parametrize("backward", ON_VALUES)
def test_a_branch_on_values_or_types_is_not_proved(backward: Callable[..., Any]) -> None:
    assert not prove_vjp(double, backward, SHAPES)


def test_a_check_for_arrays_is_followed() -> None:
    def checked(x: Any) -> Any:
        if not isinstance(x, np.ndarray):
            return np.asarray(x) * 3
        return np.asarray(x) * 2

    assert prove_equal(checked, double, SHAPES)


def overwrites_dout(d: Any, x: Any) -> Any:
    d *= 2
    return d


def overwrites_dout_after_use(d: Any, x: Any) -> Any:
    dx = 2 * d
    d[:] = 0
    return dx


def overwrites_a_row(d: Any, x: Any) -> Any:
    row = d.reshape(-1)
    row *= 2
    return d


def overwrites_the_input(d: Any, x: Any) -> Any:
    x -= x
    return 2 * d


def returns_dout_and_zeroes_it(d: Any, x: Any) -> Any:
    dx = d
    np.multiply(d, 2, out=d)
    return dx


@pytest.mark.parametrize(
    "backward",
    [
        overwrites_dout,
        overwrites_dout_after_use,
        overwrites_a_row,
        overwrites_the_input,
        returns_dout_and_zeroes_it,
    ],
)
def test_arguments_are_not_changed(backward: Callable[..., Any]) -> None:
    proof = prove_vjp(double, backward, SHAPES)
    assert proof.status is Status.UNDECIDED, proof


def test_a_forward_that_changes_its_input() -> None:
    def centred(x: Any) -> Any:
        x -= x.mean(axis=0)
        return x

    assert prove_vjp(centred, lambda d, x: d - d.mean(axis=0), SHAPES).status is Status.UNDECIDED


def test_an_output_that_backward_erases_through_the_cache() -> None:
    """The output is read when forward returns it: erased later, it does not make the zero gradient right."""

    def forward(x: Any) -> Any:
        out = 3 * x
        return out, out

    def backward(d: Any, cache: Any) -> Any:
        cache *= 0
        return 0 * d

    assert not prove_vjp(forward, backward, SHAPES)
    assert not prove_vjp(forward, lambda d, cache: 0 * d, SHAPES)
    assert prove_vjp(forward, lambda d, cache: 3 * d, SHAPES)


def test_a_cache_that_backward_takes_apart() -> None:
    def forward(x: Any) -> Any:
        return 2 * x, {"x": x}

    def backward(d: Any, cache: Any) -> Any:
        cache.pop("x")
        return 2 * d

    assert prove_vjp(forward, backward, SHAPES).status is Status.UNDECIDED


def test_a_backward_that_ignores_dout() -> None:
    assert prove_vjp(double, lambda d, x: 2 * np.ones_like(x), SHAPES).status is Status.REFUTED


def test_work_on_a_copy_is_fine() -> None:
    def backward(d: Any, x: Any) -> Any:
        dx = d.copy()
        dx *= 2
        return dx

    assert prove_vjp(double, backward, SHAPES)


# Time ---------------------------------------------------------------------------------------------------------------


def test_no_time_is_undecided_with_what_was_reached() -> None:
    proof = prove_vjp(double, lambda d, x: 2 * d, SHAPES, seconds=1e-6)
    assert proof.status is Status.UNDECIDED
    assert "time allowed" in proof.reason


def test_an_expression_that_explodes_is_undecided() -> None:
    def steep(x: Any, w: Any) -> Any:
        for _ in range(6):
            x = (x @ w + x) ** 3
        return x

    proof = prove_vjp(steep, lambda d, x, w: (d, w), {"x": "N D", "w": "D D"}, seconds=2.0)
    assert proof.status is not Status.PROVED


# Losses -------------------------------------------------------------------------------------------------------------


def test_a_loss_with_state_or_without_a_number() -> None:
    def counted(w: Any) -> Any:
        CALLS.append(1)
        return (w**2).sum(), 2 * w

    assert prove_gradient(counted, {"w": "D"}, ["w"]).status is Status.UNDECIDED
    assert prove_gradient(lambda w: (w**2, 2 * w), {"w": "D"}, ["w"]).status is Status.UNDECIDED
    assert prove_gradient(lambda w: (w**2).sum(), {"w": "D"}, ["w"]).status is Status.UNDECIDED


# Names --------------------------------------------------------------------------------------------------------------


def test_parameters_may_be_called_as_intermediate_results_are() -> None:
    def product_of_exponentials(t1: Any, t2: Any, max1: Any) -> Any:
        return np.exp(t1) * np.exp(t2) * np.tanh(max1)

    def backward(d: Any, t1: Any, t2: Any, max1: Any, factor: int = 1) -> Any:
        y = product_of_exponentials(t1, t2, max1)
        return d * y, d * y * factor, d * np.exp(t1) * np.exp(t2) * (1 - np.tanh(max1) ** 2)

    shapes = {"t1": "N", "t2": "N", "max1": "N"}
    assert prove_vjp(product_of_exponentials, backward, shapes)
    twice = prove_vjp(product_of_exponentials, lambda d, x, y, z: backward(d, x, y, z, 2), shapes)
    assert twice.status is Status.REFUTED


@pytest.mark.parametrize("name", ["out", "dout", "out0", "dout_1", "objective", "x_1"])
def test_a_name_that_is_taken_is_refused(name: str) -> None:
    with pytest.raises(ShapeError, match="is taken"):
        prove_vjp(lambda x, y: 2 * x + y, lambda d, x, y: (2 * d, d), {"x": "2 2", name: "2"})


@pytest.mark.parametrize(
    "least",
    [
        lambda m: m.max() == 0,
        lambda m: (m.max() != 0) is False,
        lambda m: not m.max(),
        lambda m: m.max() in (0, 7),
        lambda m: str(m.max()) == "0",
        lambda m: f"{m.max()}" == "0",
    ],
)
def test_what_depends_on_the_largest_label_is_not_guessed(least: Any) -> None:
    def forward(x: Any, m: Any) -> Any:
        return np.where(least(m), x.sum(), (x * m).sum())

    proof = prove_vjp(forward, lambda d, x, m: d * m, {"x": "N", "m": "N -> 2"})
    assert proof.status is Status.UNDECIDED


@pytest.mark.parametrize("ufunc", [np.add, np.logaddexp])
def test_axis_none_is_all_axes(ufunc: Any) -> None:
    def forward(x: Any) -> Any:
        return ufunc.reduce(x, axis=None)

    weight = np.ones_like if ufunc is np.add else lambda x: np.exp(x) / np.exp(x).sum()
    right = prove_vjp(forward, lambda d, x: d * weight(x), {"x": "N D"})
    wrong = prove_vjp(forward, lambda d, x: 2 * d * weight(x), {"x": "N D"})
    assert (right.status, wrong.status) == (Status.PROVED, Status.REFUTED)


@pytest.mark.parametrize("factor", [1, 2])
def test_a_backward_pass_wrong_at_one_smooth_point_that_it_tests_is_refuted_there(factor: int) -> None:
    def backward(dout: Any, x: Any) -> Any:
        return 2 * dout * x * np.where(x == 1, factor, 1)

    proof = prove_vjp(lambda x: x**2, backward, {"x": "N"})
    assert proof.status is (Status.PROVED if factor == 1 else Status.REFUTED)


def centred(x: Any) -> Any:
    return (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)


def centred_backward(dout: Any, x: Any) -> Any:
    h = centred(x)
    return (dout - dout.mean(axis=0) - h * (dout * h).sum(axis=0) / (len(x) - 1)) / x.std(axis=0, ddof=1)


@pytest.mark.filterwarnings("ignore:Degrees of freedom", "ignore:invalid value", "ignore:divide by zero")
@pytest.mark.parametrize("domains", [{}, {"N": "integer >= 2"}])
def test_what_is_not_defined_for_one_row_is_proved_for_more(domains: dict[str, str]) -> None:
    proof = prove_vjp(centred, centred_backward, {"x": "N D"}, domains)
    assert (proof.status, proof.scope.text) == (Status.PROVED, "all D >= 1, N >= 2")
    assert ("for N = 1 nothing is shown" in proof.note) == (not domains)
    for verdict in proof.parts.values():
        assert verdict.certificate is not None
        assert verdict.certificate.data["statement"]["sizes"]["N"] == 2
    wrong = prove_vjp(centred, lambda d, x: 2 * centred_backward(d, x), {"x": "N D"}, {"N": "integer >= 2"})
    assert wrong.status is Status.REFUTED


def test_a_least_size_leaves_out_the_sizes_below_it() -> None:
    def backward(dout: Any, x: Any) -> Any:
        return dout * np.where(len(x) == 1, 3, 1) if len(x) < 2 else dout

    proof = prove_vjp(lambda x: x + 0.0, backward, {"x": "N"}, {"N": "integer >= 2"})
    assert proof.status is not Status.REFUTED
    assert prove_vjp(lambda x: x + 0.0, lambda d, x: 2 * d, {"x": "N"}, {"N": "integer >= 2"}).status is Status.REFUTED


@pytest.mark.parametrize(
    "domains",
    [{"N": "positive"}, {"N": "integer >= 9"}, {"N": "integer >= 0"}, {"M": "integer >= 2"}, {"x": "integer >= 2"}],
)
def test_a_least_size_is_that_of_a_dimension(domains: dict[str, str]) -> None:
    with pytest.raises(ShapeError, match="domains"):
        prove_vjp(lambda x: x, lambda d, x: d, {"x": "N"}, domains)


def test_the_sum_of_a_mask_is_a_number() -> None:
    def masked(x: Any, m: Any) -> Any:
        return (x**2 * m).sum() / m.sum(), 2 * x * m / m.sum()

    shapes = {"x": "N", "m": "N -> 2"}
    assert prove_gradient(masked, shapes, ["x"]).status is Status.PROVED
    wrong = prove_gradient(lambda x, m: (masked(x, m)[0], 2 * x * m / len(x)), shapes, ["x"])
    assert wrong.status is Status.REFUTED
