"""The oracle is the captured formula and its derivative; a wrong rule is seen by the second oracle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from proofs.calculus import dual
from proofs.conformance import OracleError, check_gradient, check_vjp
from proofs.conformance.judging import Outcome, judge
from proofs.conformance.subjects import vjp_subject
from tests.conformance import planted


def judged(layer: planted.Layer, dtype: str = "float64", **arrays: Any) -> Outcome:
    assert layer.backward is not None
    subject = vjp_subject(layer.forward, layer.backward, layer.shapes, None, None, (dtype,))
    sizes = {"N": len(arrays["x"]), "D": arrays["x"].shape[1]}
    case = subject.space.case(sizes, dtype, lambda shape, _: np.resize(arrays["x"], shape), lambda s, _: np.ones(s))
    return judge(subject, case)


def test_the_expected_gradient_is_the_derivative() -> None:
    x = np.array([[0.3, -1.2]])
    wanted = judged(planted.TANH, x=x).expected["x"]
    np.testing.assert_allclose(wanted.low, 1 - np.tanh(x) ** 2, rtol=1e-14)
    assert np.all(wanted.allowed <= 100 * np.finfo(float).eps)


@pytest.mark.parametrize(("function", "returned"), [(planted.row_max_backward, True), (None, False)])
def test_at_a_tie_shares_add_up_to_one(function: Callable[..., Any] | None, returned: bool) -> None:
    every = lambda dout, x: (x == x.max(axis=1, keepdims=True)) * dout[:, None]  # noqa: E731
    layer = planted.MAX._replace(backward=function or every)
    assert (not judged(layer, x=np.array([[1.0, 1.0]])).findings) is returned


def test_half_of_a_tie_is_right() -> None:
    def shared(dout: Any, x: Any) -> Any:
        top = x == x.max(axis=1, keepdims=True)
        return top / top.sum(axis=1, keepdims=True) * dout[:, None]

    assert not judged(planted.MAX._replace(backward=shared), x=np.array([[1.0, 1.0, 0.0]])).findings


def test_every_slope_between_the_sides_of_relu_is_right() -> None:
    for slope in (0.0, 0.5, 1.0):
        layer = planted.RELU._replace(backward=lambda dout, x, s=slope: dout * np.where(x == 0, s, x > 0))
        assert not judged(layer, x=np.array([[0.0, 1.0]])).findings


def test_a_wrong_differentiation_rule_is_an_oracle_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(dual._SLOPES, "tanh", lambda *terms: terms[-1])
    with pytest.raises(OracleError):
        check_vjp(planted.tanh, planted.tanh_backward, {"x": "N D"})


def test_a_name_that_begins_like_a_parameter_is_an_array_of_its_own() -> None:
    def loss(x: Any, x_y: Any) -> Any:
        rows = np.arange(len(x_y))
        gradient = np.zeros_like(x)
        gradient[rows, x_y] = 2 * x[rows, x_y]
        return (x[rows, x_y] ** 2).sum(), gradient

    report = check_gradient(loss, {"x": "N C", "x_y": "N -> C"}, ["x"], examples=2, seconds=0.3)
    assert report, report


def test_code_followed_at_some_sizes_only_is_tested_at_those() -> None:
    def running_sum(x: Any) -> Any:
        out = np.zeros_like(x)
        total = np.zeros_like(x[0])
        for k in range(x.shape[0]):
            total = total + x[k]
            out[k] = total
        return out

    right = check_vjp(running_sum, lambda dout, x: np.cumsum(dout[::-1])[::-1].copy(), {"x": "N"}, seconds=0.5)  # noqa: ARG005
    wrong = check_vjp(running_sum, lambda dout, x: np.cumsum(dout), {"x": "N"}, seconds=0.5)  # noqa: ARG005
    assert (right.status.value, wrong.status.value) == ("CONFORMS", "FAILS"), right


def test_a_maximum_that_is_not_followed_is_no_formula() -> None:
    def largest_positive(x: Any) -> Any:
        return np.where(x > 0, x, -np.inf).max(axis=1)

    report = check_vjp(largest_positive, lambda dout, x: dout[:, None] * x, {"x": "N D"}, seconds=0.5)
    assert "depends on a largest element that is not followed" in report.reason


def test_forward_and_backward_may_be_methods_of_one_object() -> None:
    class Tanh:
        def forward(self, x: Any) -> Any:
            self.y = np.tanh(x)
            return self.y

        def backward(self, dout: Any) -> Any:
            return dout * (1 - self.y**2)

    layer = Tanh()
    report = check_vjp(layer.forward, layer.backward, {"x": "N D"}, seconds=0.3)
    assert report, report
