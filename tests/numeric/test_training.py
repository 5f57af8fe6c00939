"""The fast step computes what `loss_and_gradients` says; start, rows and settings decide a run, killed or not."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from numeric import network, regression
from numeric.checkpoint import CheckpointError, load, save
from numeric.data import digits_8x8, split
from numeric.settings import Point, Run, Settings, TrainingError
from numeric.softmax import softmax
from numeric.step import Model, gradients_into, laid_out, seen_as
from numeric.training import evaluate, train

TRAINING, HELD_OUT = split(digits_8x8(), 0.2)
SINGLE = np.finfo(np.float32)
START = network.initialize(64, 12, 10, scale=0.1, seed=1)


class Rows(NamedTuple):
    x: Any
    labels: Any


def bits(run: Run) -> Any:
    return [p.tobytes() for p in (*run.parameters, *run.best)], run.curve, run.stopped


def reference(model: Model, x: Any, labels: Any, reg: float, hidden: str) -> tuple[Any, Model]:
    if isinstance(model, network.Parameters):
        return network.loss_and_gradients(model, x, labels, reg, hidden)[:2]
    return regression.loss_and_gradients(model, x, labels, reg)[:2]


def drawn(seed: int, hidden: str, dtype: Any) -> tuple[Model, Rows]:
    draw = np.random.default_rng(seed)
    n, d, h, c = draw.integers(1, 9, 4) * [1, 6, 5, 1] + 1
    scale = 10.0 ** draw.uniform(-3, 0.5)
    if hidden == "none":
        model: Model = regression.initialize(d, c, scale=scale, seed=seed, dtype=dtype)
    else:
        model = network.initialize(d, h, c, scale=scale, seed=seed, dtype=dtype)
    return model, Rows(draw.standard_normal((n, d)).astype(dtype), draw.integers(0, c, n))


@given(st.integers(0, 2**32), st.sampled_from(["sigmoid", "relu", "none"]))
def test_the_step_computes_the_gradients_to_float32_rounding(seed: int, hidden: str) -> None:
    model, rows = drawn(seed, hidden, np.float32)
    rate = 0.7
    memory = laid_out(model)
    found = seen_as(model, np.empty_like(memory.flat))
    step = gradients_into(memory, found, rows.x, rows.labels, len(rows.x), rate, hidden)
    memory.flat[: memory.weights] *= 2
    loss = step(np.arange(len(rows.x)), 0.5, 0.25)
    found.flat[: memory.weights] *= 0.25
    wide, x = type(model)(*(p.astype(np.float64) for p in model)), rows.x.astype(np.float64)
    expected_loss, expected = reference(wide, x, rows.labels, 0.0, hidden)
    assert loss == pytest.approx(expected_loss, rel=1e-5, abs=1e-6)
    for p, q, terms in zip(found.model, expected, summed_terms(wide, x, rows.labels, hidden), strict=True):
        assert (np.abs(p / rate - q) <= 16 * SINGLE.eps * terms + SINGLE.tiny).all()


def summed_terms(model: Any, x: Any, labels: Any, hidden: str) -> list[Any]:
    """What the gradients would be if nothing in their sums cancelled: roundings are relative to this.

    The slope of the sigmoid, h (1 - h), is as uncertain as h; an activation as its sum.
    """
    if hidden == "none":
        return _terms(x, model.W, model.b, x, labels)[0]
    values = network.forward(model, x, hidden)[1]
    sums = 1 + np.abs(x) @ np.abs(model.W1)
    (_, db2), dlogits = _terms(values, model.W2, model.b2, sums, labels)
    dhidden = dlogits @ np.abs(model.W2).T * (values > 0) * sums
    return [np.abs(x).T @ dhidden, dhidden.sum(axis=0), sums.T @ dlogits, db2]


def _terms(below: Any, w: Any, b: Any, sums: Any, labels: Any) -> tuple[list[Any], Any]:
    p = softmax(below @ w + b)
    uncertain = 1 + (np.abs(sums) @ np.abs(w)).max(axis=1, keepdims=True)
    dlogits = (p * uncertain + np.eye(len(b))[labels]) / len(labels)
    return [np.abs(below).T @ dlogits, dlogits.sum(axis=0)], dlogits


@example(seed=1, hidden="sigmoid", batch=3, momentum=0.0, reg=5.0)
@given(
    seed=st.integers(0, 2**32),
    hidden=st.sampled_from(["sigmoid", "relu", "none"]),
    batch=st.integers(1, 12),
    momentum=st.sampled_from([0.0, 0.9]),
    reg=st.sampled_from([0.0, 0.3, 2.0, 4.0, 6.0]),
)
def test_training_is_the_written_iteration(seed: int, hidden: str, batch: int, momentum: float, reg: float) -> None:
    model, rows = drawn(seed, hidden, np.float64)
    kind = "sigmoid" if hidden == "none" else hidden
    settings = Settings(rate=0.2, reg=reg, momentum=momentum, batch=batch, steps=7, seed=seed, hidden=kind)
    found = train(model, rows, settings).parameters
    draw, order = np.random.default_rng(seed), np.empty(0, int)
    velocity = [np.zeros_like(p) for p in model]
    for _ in range(7):
        order = order if len(order) else draw.permutation(len(rows.x))
        chosen, order = order[:batch], order[batch:]
        _, gradients = reference(model, rows.x[chosen], rows.labels[chosen], reg, kind)
        velocity = [momentum * v + 0.2 * g for v, g in zip(velocity, gradients, strict=True)]
        model = type(model)(*(p - v for p, v in zip(model, velocity, strict=True)))
    for p, q in zip(found, model, strict=True):
        np.testing.assert_allclose(p, q, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("start", [START, regression.initialize(64, 10)], ids=["network", "regression"])
def test_real_digits_are_learned(start: Model) -> None:
    before = [p.copy() for p in start]
    told: list[Point] = []
    run = train(start, TRAINING, Settings(rate=0.5, steps=400, every=100, momentum=0.5), HELD_OUT, progress=told.append)
    assert [point.step for point in run.curve] == [0, 100, 200, 300, 400]
    assert told == list(run.curve)
    assert run.curve[-1].loss < run.curve[0].loss
    assert run.curve[-1].validation_accuracy is not None
    assert run.curve[-1].validation_accuracy > 0.9
    assert (run.curve[-1].loss, run.curve[-1].accuracy) == evaluate(run.parameters, TRAINING)
    assert {p.dtype for p in run.parameters} == {np.dtype(np.float32)}
    assert all(np.array_equal(p, q) for p, q in zip(start, before, strict=True))


def test_a_run_is_decided_by_its_seed() -> None:
    first, second, other = (train(START, TRAINING, Settings(rate=0.5, steps=30, seed=k), HELD_OUT) for k in (1, 1, 2))
    assert bits(first) == bits(second) != bits(other)


def test_without_every_an_epoch_is_measured() -> None:
    run = train(START, TRAINING, Settings(rate=0.1, steps=60))
    assert [point.step for point in run.curve] == [0, 23, 46, 60]
    assert run.curve[0].validation_loss is None


def test_early_stop_keeps_the_best() -> None:
    few = TRAINING.rows(np.arange(20))
    run = train(START, few, Settings(rate=1.0, momentum=0.9, steps=4000, every=20, patience=3), HELD_OUT)
    losses = [point.validation_loss for point in run.curve if point.validation_loss is not None]
    assert run.stopped
    assert run.curve[-1].step < 4000
    assert losses.index(min(losses)) == len(losses) - 4
    assert evaluate(run.best, HELD_OUT)[0] == min(losses)


class Killed(Exception):
    pass


@pytest.mark.parametrize(("momentum", "steps", "at"), [(0.0, 40, 0), (0.0, 300, 274), (0.9, 2000, 959)])
def test_a_killed_run_goes_on_to_the_same_bits(tmp_path: Path, momentum: float, steps: int, at: int) -> None:
    settings = Settings(rate=0.3, reg=1e-3, momentum=momentum, steps=steps, every=137, seed=4)
    whole = train(START, TRAINING, settings, HELD_OUT)
    path = tmp_path / "run.npz"

    def kill(point: Point) -> None:
        if point.step > at:
            raise Killed

    with pytest.raises(Killed):
        train(START, TRAINING, settings, HELD_OUT, checkpoint=path, progress=kill)
    assert path.exists() == (at > 0)
    told: list[Point] = []
    again = train(START, TRAINING, settings, HELD_OUT, checkpoint=path, progress=told.append)
    assert [point.step for point in told] == [point.step for point in whole.curve if point.step > at or not at]
    assert bits(again) == bits(whole)
    assert bits(train(START, TRAINING, settings, HELD_OUT, checkpoint=path)) == bits(whole)
    assert list(tmp_path.iterdir()) == [path]


def test_a_checkpoint_of_another_run_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    train(START, TRAINING, Settings(rate=0.1, steps=5), checkpoint=path)
    kept = path.read_bytes()
    others: list[tuple[str, Any]] = [
        ("rate", lambda: train(START, TRAINING, Settings(rate=0.2, steps=5), checkpoint=path)),
        ("start and rows", lambda: train(START, HELD_OUT, Settings(rate=0.1, steps=5), checkpoint=path)),
        ("model", lambda: train(regression.initialize(64, 10), TRAINING, Settings(rate=0.1, steps=5), checkpoint=path)),
    ]
    for name, run in others:
        with pytest.raises(CheckpointError, match=rf"of another run \(other .*{name}"):
            run()
    assert path.read_bytes() == kept


def test_a_damaged_checkpoint_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    settings = Settings(rate=0.1, steps=5)
    train(START, TRAINING, settings, checkpoint=path)
    record, arrays = load(path, "training")
    damaged = [
        (record | {"at": -1}, arrays),
        (record | {"epoch": {"bit_generator": "MT19937"}}, arrays),
        (record | {"curve": [[1, 2, 3, 4, 5, 6]]}, arrays),
        ({k: v for k, v in record.items() if k != "lowest"}, arrays),
        (record, arrays | {"parameters": arrays["parameters"][:-1]}),
        (record, {"parameters": arrays["parameters"]}),
    ]
    for bad_record, bad_arrays in damaged:
        save(path, "training", bad_record, bad_arrays)
        kept = path.read_bytes()
        with pytest.raises(CheckpointError, match="not the state of a run"):
            train(START, TRAINING, settings, checkpoint=path)
        assert path.read_bytes() == kept


@pytest.mark.parametrize("hidden", ["sigmoid", "relu"])
def test_a_loss_that_is_not_finite_stops_with_step_and_rate(tmp_path: Path, hidden: str) -> None:
    path = tmp_path / "run.npz"
    settings = Settings(rate=1e30, steps=50, hidden=hidden)  # measured after 23 steps, too late to name the step
    with pytest.raises(TrainingError, match=r"the loss is (nan|inf) at step [1-9] with learning rate 1e\+30"):
        train(START, TRAINING, settings, checkpoint=path)
    assert not path.exists()
    bad = Rows(np.full((3, 64), math.nan, np.float32), np.zeros(3, int))
    with pytest.raises(TrainingError, match="the loss is nan at step 0"):
        train(START, bad, Settings(rate=0.1))


def test_large_logits_do_not_overflow() -> None:
    model = regression.Regression(np.float32([[1000, 0, -1000]]), np.zeros(3, np.float32))
    rows = Rows(np.ones((2, 1), np.float32), np.array([0, 1]))
    run = train(model, rows, Settings(rate=1.0, steps=1))
    assert run.curve[0].loss == 500
    assert run.parameters.b.tolist() == [-0.5, 0.5, 0]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ({"rate": -1.0}, "rate must be a number from 0"),
        ({"rate": math.nan}, "rate must be a number from 0"),
        ({"reg": math.inf}, "reg must be a number from 0"),
        ({"momentum": 1.0}, "momentum must be a number from 0 up, below 1, got 1.0"),
        ({"batch": 0}, "batch must be at least 1, a whole number, got 0"),
        ({"steps": 1.5}, "steps must be at least 0, a whole number, got 1.5"),
        ({"seed": True}, "seed must be at least 0, a whole number, got True"),
        ({"hidden": "tanh"}, "hidden must be one of sigmoid, relu, got 'tanh'"),
    ],
)
def test_a_wrong_setting_is_named(setting: dict[str, Any], expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        Settings(**{"rate": 0.1} | setting)


@pytest.mark.parametrize(
    ("x", "labels", "expected"),
    [
        (np.zeros((0, 64)), np.zeros(0, int), "with at least one row"),
        (np.zeros((2, 63)), np.zeros(2, int), r"rows: expected x \(N, 64\)"),
        (np.zeros((2, 64)), np.zeros(3, int), "rows: expected 2 whole numbers as labels"),
        (np.zeros((2, 64)), np.zeros(2), "rows: expected 2 whole numbers as labels, got float64"),
        (np.zeros((2, 64)), np.array([0, 10]), r"rows: labels must lie in 0\.\.9, got 0\.\.10"),
    ],
)
def test_rows_that_do_not_fit_are_named(x: Any, labels: Any, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        train(START, Rows(x, labels), Settings(rate=0.1))
