"""Training by minibatch gradient descent: softmax regression and the two-layer network, one way for both.

The same start, rows and settings give the same bits, also when a run was killed in between and went on from its
checkpoint. BLAS runs on one thread unless more are asked for: on a busy machine two can be ten times slower.
"""

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from numeric import network, regression
from numeric.losses import cross_entropy
from numeric.network import Parameters
from numeric.settings import Point, Rows, Run, Settings, TrainingError
from numeric.state import State, identity_of
from numeric.step import Model, gradients_into, laid_out, seen_as, update_from

Array = NDArray[Any]
ROWS_AT_ONCE = 1024


def evaluate(parameters: Model, rows: Rows, hidden: str = "sigmoid") -> tuple[float, float]:
    """Mean cross-entropy and the share of rows whose label is the (first) largest logit; some rows at a time."""
    loss, right = 0.0, 0
    for start in range(0, len(rows.x), ROWS_AT_ONCE):
        x, labels = rows.x[start : start + ROWS_AT_ONCE], rows.labels[start : start + ROWS_AT_ONCE]
        if isinstance(parameters, Parameters):
            logits, _ = network.forward(parameters, x, hidden)
        else:
            logits = regression.forward(parameters, x)
        loss += float(cross_entropy(logits, labels)[0]) * len(x)
        right += int((np.argmax(logits, axis=1) == labels).sum())
    return loss / len(rows.x), right / len(rows.x)


def train(
    start: Model,
    rows: Rows,
    settings: Settings,
    validation: Rows | None = None,
    *,
    checkpoint: Path | None = None,
    progress: Callable[[Point], None] | None = None,
) -> Run:
    """Minibatch gradient descent from `start`, which is left as it is; in its dtype, into which the rows are converted.

    `progress` is told of every measure. With `checkpoint` the state is written there at every measure, and a run that
    finds its own checkpoint there goes on from it.
    Raises ValueError for rows that do not fit, TrainingError when the loss is not finite any more, and CheckpointError
    for a file that is damaged or of another run.
    """
    rows = _checked("rows", start, rows)
    validation = None if validation is None else _checked("validation", start, validation)
    state = State.begin(laid_out(start), settings.seed, with_velocity=settings.momentum > 0)
    identity = {} if checkpoint is None else identity_of(start, rows, validation, settings)
    with _threads().limit(limits=settings.threads, user_api="blas"), np.errstate(all="ignore"):
        if checkpoint is None or not state.restore(checkpoint, identity, len(rows.x)):
            _measure(state, rows, validation, settings, progress)
        advance = stepper(state, rows, settings)
        every = settings.every or _steps_an_epoch(rows, settings)
        while state.step < settings.steps and not state.stopped:
            advance(min(state.step - state.step % every + every, settings.steps))
            _measure(state, rows, validation, settings, progress)
            if checkpoint is not None:
                state.write(checkpoint, identity)
    last = seen_as(start, state.memory.flat.copy()).model
    best = last if validation is None else seen_as(start, state.best).model
    return Run(last, best, tuple(state.curve), state.stopped)


def stepper(state: State, rows: Rows, settings: Settings) -> Callable[[int], None]:
    """The function that steps until the given step is done; rows in the dtype of the state, unchecked.

    The weights are a number times what lies in memory while it runs, where that is possible: without a velocity, and
    unless a step takes more than half of them. It raises TrainingError where the loss is not finite.
    """
    count, batch, rate = len(rows.x), min(settings.batch, len(rows.x)), settings.rate
    gradient = seen_as(state.memory.model, np.empty_like(state.memory.flat))
    gradients = {
        size: gradients_into(state.memory, gradient, rows.x, rows.labels, size, rate, settings.hidden)
        for size in {batch, count % batch or batch}
    }
    keep = 1 - rate * settings.reg
    aside = state.velocity is None and keep >= 0.5
    update = update_from(
        state.memory, gradient, state.velocity, rate=rate, reg=0 if aside else settings.reg, momentum=settings.momentum
    )
    weights = state.memory.flat[: state.memory.weights]

    def advance(until: int) -> None:
        scale = 1.0
        while state.step < until:
            chosen = state.next_rows(count, batch)
            shrunk = scale * keep if aside else scale
            loss = gradients[len(chosen)](chosen, scale, shrunk)
            state.step += 1
            if not loss < math.inf:
                raise _diverged(loss, state.step, rate)
            update()
            scale = shrunk
            if scale < 0.5 or state.step == until:
                np.multiply(weights, weights.dtype.type(scale), out=weights)
                scale = 1.0

    return advance


def _measure(
    state: State, rows: Rows, validation: Rows | None, settings: Settings, progress: Callable[[Point], None] | None
) -> None:
    point = Point(state.step, *evaluate(state.memory.model, rows, settings.hidden))
    if not point.loss < math.inf:
        raise _diverged(point.loss, state.step, settings.rate)
    if validation is not None:
        point = Point(*point[:3], *evaluate(state.memory.model, validation, settings.hidden))
    state.take(point, settings.patience)
    if progress is not None:
        progress(point)


def _diverged(loss: float, step: int, rate: float) -> TrainingError:
    return TrainingError(
        f"the loss is {loss} at step {step} with learning rate {rate:g}; give a lower rate, or look for "
        "inputs that are not finite"
    )


def _steps_an_epoch(rows: Rows, settings: Settings) -> int:
    return -(-len(rows.x) // settings.batch)


@cache
def _threads() -> Any:
    """Finding the BLAS libraries takes longer than some hundred steps, and they stay the same."""
    return ThreadpoolController()


class _Checked(NamedTuple):
    x: Array
    labels: Array


def _checked(name: str, start: Model, rows: Rows) -> _Checked:
    """The rows in the dtype of the parameters. Raises ValueError where they do not fit them."""
    inputs, classes, dtype = start[0].shape[0], start[-1].size, start[0].dtype
    x, labels = np.asarray(rows.x), np.asarray(rows.labels)
    if x.ndim != 2 or x.shape[1] != inputs or not len(x):
        raise ValueError(f"{name}: expected x (N, {inputs}) with at least one row, got {x.shape}")
    if labels.shape != (len(x),) or labels.dtype.kind not in "iu":
        raise ValueError(f"{name}: expected {len(x)} whole numbers as labels, got {labels.dtype} of {labels.shape}")
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(f"{name}: labels must lie in 0..{classes - 1}, got {labels.min()}..{labels.max()}")
    return _Checked(np.ascontiguousarray(x, dtype), labels)
