"""Right code conforms, wrong code fails with a text that says why, and nothing the code does breaks the tool."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from proofs.capture import ShapeError
from proofs.conformance import Conformance, Report, check_forward, check_gradient, check_vjp, conforms_to, laid_out
from proofs.conformance.checking import check
from proofs.conformance.subjects import vjp_subject
from tests.conformance import planted
from tests.conformance.planted import RIGHT

X = {"x": "N D"}
SLOW = os.environ.get("GRADPROOF_SLOW") == "1"
QUICK = {"examples": 100, "seconds": 60.0} if SLOW else {"examples": 1, "seconds": 0.15}


@pytest.mark.parametrize("name", RIGHT)
def test_right_code_conforms(name: str) -> None:
    report = planted.check(RIGHT[name], **QUICK)
    assert report, report
    assert report.compared > 50
    assert report.confirmed > 0
    assert report.ratio < 1


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision(dtype: str) -> None:
    if dtype == "bfloat16":
        pytest.importorskip("ml_dtypes", reason="bfloat16 is that of the extra gradproof[bfloat16]")
    right = check_vjp(planted.relu, planted.relu_backward, X, dtypes=[dtype], **QUICK)
    wrong = check_vjp(planted.relu, lambda dout, x: dout * (x > 1), X, dtypes=[dtype], **QUICK)
    assert (right.status, wrong.status) == (Conformance.CONFORMS, Conformance.FAILS)


def test_a_forward_pass_is_held_to_a_formula() -> None:
    def unshifted(x: Any) -> Any:
        return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)

    assert check_forward(planted.softmax, unshifted, {"x": "N C"}, **QUICK)
    wrong = check_forward(unshifted, planted.softmax, {"x": "N C"}, **QUICK)
    assert wrong.failure is not None
    assert "overflow" in wrong.failure.diagnosis


TEXTS = {
    planted.squared_error_without_the_mean: """\
✗ FAILS  squared_error_without_the_mean returns its gradient
    looks like: a factor of N too much (a missing 1/N)
    met at:     float32, D = 1, N = 2
    wrong:      w[0]
    got:        -2.0
    right:      -1.0 +/- 4.1e-06  (off by 2.47e+05 times that)
    paste:      w = np.array([0.0], "float32")
                x = np.array([[0.0], [1.0]], "float32")
                t = np.array([0.0, 1.0], "float32")
                squared_error_without_the_mean(w, x, t)""",
    planted.tanh_with_the_wrong_sign: """\
✗ FAILS  tanh_with_the_wrong_sign is the vjp of tanh
    looks like: the wrong sign
    met at:     float32, N = 1, D = 1
    wrong:      x[0, 0]
    got:        -1.0
    right:      1.0 +/- 7.2e-07  (off by 2.8e+06 times that)
    paste:      x = np.array([[0.0]], "float32")
                dout = np.array([[1.0]], "float32")
                tanh_with_the_wrong_sign(dout, x)""",
    planted.affine_squeezes_a_batch_of_one: """\
✗ FAILS  affine_squeezes_a_batch_of_one is the vjp of affine
    looks like: a wrong shape (an axis lost or added), only at N = 1
    met at:     float32, N = 1, D = 1, M = 1
    wrong:      x has shape (1,), not (1, 1)
    paste:      x = np.array([[0.0]], "float32")
                w = np.array([[0.0]], "float32")
                b = np.array([0.0], "float32")
                dout = np.array([[0.0]], "float32")
                affine_squeezes_a_batch_of_one(dout, x, w, b)""",
    planted.row_max_gives_every_tie_all: """\
✗ FAILS  row_max_gives_every_tie_all is the vjp of row_max
    looks like: outside the Clarke subdifferential: a tie's gradient is given several times, only at ties or zeros
    met at:     float32, N = 1, D = 2
    wrong:      x lies between the sides of the kink, but its sum over axis 1 does not
    paste:      x = np.array([[0.0, 0.0]], "float32")
                dout = np.array([1.0], "float32")
                row_max_gives_every_tie_all(dout, x)""",
}


@pytest.mark.parametrize("function", TEXTS, ids=lambda f: f.__name__)
def test_a_failure_reads_in_fifteen_lines(function: Callable[..., Any]) -> None:
    layer = next(p.layer for p in planted.PLANTS if p.name == function.__name__)
    report = planted.check(layer)
    assert str(report).splitlines() == TEXTS[function].splitlines()
    assert len(str(report).splitlines()) <= 15
    assert not report


@pytest.mark.parametrize("plant", planted.PLANTS[:22], ids=lambda p: p.name)
def test_what_other_checkers_miss_is_caught(plant: planted.Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proofs.conformance.checking.SHRINK_SECONDS", 0.0)
    assert planted.check(plant.layer).status is Conformance.FAILS


def test_the_lines_to_paste_fail_again() -> None:
    report = planted.check(next(p.layer for p in planted.PLANTS if p.name == "softmax_forgets_the_sum"))
    assert report.failure is not None
    names: dict[str, Any] = {"np": np, "laid_out": laid_out, **vars(planted)}
    exec("\n".join(report.failure.lines[:-1]), names)
    wrong = eval(report.failure.lines[-1], names)
    assert abs(wrong - planted.softmax_backward(names["dout"], names["x"])).max() > 0.01


def test_a_report_is_json_and_says_the_layout() -> None:
    report = planted.check(planted.gradients(RIGHT["affine"], planted.CHANGES["fortran"][2]))
    data = json.loads(json.dumps(report.to_dict()))
    assert (data["verdict"], data["failure"]["layout"]) == ("FAILS", "F")
    assert "only on F arrays" in str(report)
    assert "laid_out(np.array([[" in str(report)


def hangs(*_: Any) -> Any:
    time.sleep(100)


def leaves(*_: Any) -> Any:
    raise SystemExit(0)


def refuses(*_: Any) -> Any:
    raise KeyError("no")


BAD: dict[str, tuple[Callable[..., Any], str]] = {
    "hangs": (hangs, "does not return"),
    "exits": (leaves, "raises SystemExit"),
    "raises": (refuses, "raises KeyError"),
    "too many": (lambda dout, x: (dout * x, dout, dout), "3 gradients came back"),
    "none": (lambda dout, x: None, "did not come back"),  # noqa: ARG005
    "objects": (lambda dout, x: (dout * (1 - np.tanh(x) ** 2)).astype(object), "has dtype object"),
    "masked": (lambda dout, x: np.ma.masked_array(dout * (1 - np.tanh(x) ** 2)), "is a MaskedArray"),
    "generator": (lambda dout, x: (d for d in dout * x), "is a generator"),
    "list": (lambda dout, x: [[0.0]], "is a list"),  # noqa: ARG005
    "text": (lambda dout, x: "gradient", "is a str"),  # noqa: ARG005
    "no arguments": (lambda: 0, "raises TypeError"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_code_is_a_finding(name: str) -> None:
    function, said = BAD[name]
    subject = replace(vjp_subject(planted.tanh, function, X, None, planted.tanh, ("float64",)), call_seconds=0.2)
    report = check(subject, 1, 2.0, 0)
    assert report.status is Conformance.FAILS
    assert said in str(report)


def test_code_that_is_not_followed_is_undecided() -> None:
    def branches(x: Any) -> Any:
        return x if float(x.sum()) > 0 else -x

    report = check_vjp(branches, lambda dout, x: dout * np.sign(x.sum()), X)
    assert report.status is Conformance.UNDECIDED
    assert not report
    assert "the formula is not known" in str(report)


def test_nothing_compared_is_undecided() -> None:
    report = check_vjp(lambda x: np.log(x * 0), lambda dout, x: dout / x, X, examples=0, seconds=0.5)
    assert report.status is Conformance.UNDECIDED


@pytest.mark.parametrize("wrt", [[], ["y"], ["x", "x"]])
def test_what_the_gradient_is_by_must_be_a_parameter(wrt: list[str]) -> None:
    with pytest.raises(ShapeError, match="wrt: expected some of"):
        check_gradient(planted.squared_error, planted.SQUARED.shapes, wrt)


@conforms_to(planted.tanh, shapes=X, dtypes=["float64"])
def test_a_decorated_backward_pass_is_a_test(dout: Any, x: Any) -> Any:
    return dout * (1 - np.tanh(x) ** 2)


def test_a_decorated_wrong_one_fails_with_the_report() -> None:
    @conforms_to(planted.tanh, shapes=X)
    def backward(dout: Any, x: Any) -> Any:
        return dout * np.tanh(x)

    with pytest.raises(AssertionError, match="FAILS  backward is the vjp of tanh"):
        backward()


def test_a_decorated_loss() -> None:
    @conforms_to(shapes=planted.SQUARED.shapes, wrt=["w"])
    def wrong(w: Any, x: Any, t: Any) -> Any:
        loss, dw = planted.squared_error(w, x, t)
        return loss, -dw

    with pytest.raises(AssertionError, match="looks like: the wrong sign"):
        wrong()


def test_a_report_is_true_only_when_it_conforms() -> None:
    assert [bool(Report("", status)) for status in Conformance] == [True, False, False]
