"""The strategies draw what they say, in the dtype and layout they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from proofs.conformance import strategies as s
from proofs.conformance.subjects import vjp_subject
from tests.conformance import planted

DTYPES = ("float16", "float32", "float64")


@given(st.sampled_from(s.LAYOUTS), st.sampled_from(DTYPES))
def test_a_layout_keeps_the_numbers(layout: str, dtype: str) -> None:
    array = np.arange(6, dtype=dtype).reshape(2, 3)
    found = s.laid_out(array, layout)
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, np.resize(array[0], (2, 3)) if layout == "broadcast" else array)


@pytest.mark.parametrize(
    ("layout", "seen"),
    [
        ("F", lambda a: a.flags.f_contiguous),
        ("reversed", lambda a: a.strides[0] < 0),
        ("strided", lambda a: not a.flags.contiguous),
        ("broadcast", lambda a: a.strides[0] == 0),
        ("readonly", lambda a: not a.flags.writeable),
    ],
)
def test_a_layout_is_what_it_is_called(layout: str, seen: Any) -> None:
    assert seen(s.laid_out(np.zeros((2, 3)), layout))


@given(st.data(), st.sampled_from(DTYPES))
def test_arrays_are_finite_and_of_their_dtype(data: Any, dtype: str) -> None:
    for strategy in (s.arrays((2, 3), dtype), s.ties((2, 3), dtype), s.arrays((2, 3), dtype, s.extremes(dtype))):
        found = data.draw(strategy)
        assert (found.shape, found.dtype.name) == ((2, 3), dtype)
        assert np.isfinite(found).all()


@given(st.data(), st.integers(1, 9))
def test_labels_are_in_range(data: Any, classes: int) -> None:
    found = data.draw(s.labels((3,), classes))
    assert found.dtype.name in s.LABEL_TYPES
    assert found.min() >= 0
    assert found.max() < classes


def test_probabilities_and_one_hot_rows_add_up_to_one() -> None:
    assert find(s.one_hot(2, 3), lambda p: p[1, 2] == 1).sum() == 2
    assert abs(find(s.probabilities(1, 3), lambda p: p[0, 0] == 0).sum() - 1) < 1e-12


def test_the_corners_hold_what_people_forget() -> None:
    subject = vjp_subject(planted.affine, planted.affine_backward, planted.AFFINE.shapes, None, None, ("float32",))
    cases = list(subject.space.corners())
    sizes = [set(case.sizes.values()) for case in cases]
    numbers = [np.abs(case.arrays["x"].astype(float)) for case in cases]
    assert {case.layout for case in cases} == set(s.LAYOUTS)
    assert any(case.sizes["N"] == 0 for case in cases)
    assert set(s.EDGES) <= set().union(*sizes)
    assert any(case.same for case in cases)
    assert max(x.max(initial=0) for x in numbers) == float(np.finfo(np.float32).max)
    assert min(x[x > 0].min(initial=1) for x in numbers) < float(np.finfo(np.float32).tiny)
    assert any(np.signbit(case.arrays["x"][case.arrays["x"] == 0]).any() for case in cases)


def test_no_size_is_below_its_least_one() -> None:
    domains = {"N": "integer >= 3"}
    subject = vjp_subject(planted.affine, planted.affine_backward, planted.AFFINE.shapes, domains, None, ("float32",))
    assert min(case.sizes["N"] for case in subject.space.corners()) == 3
