"""A limit on time: endless code is interrupted, what was replaced is put back, and no timer is left running."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic
from typing import Any

import numpy as np
import pytest

from proofs import prove_equal, prove_gradient, prove_vjp, settle
from proofs.claim import Status
from proofs.deadline import OutOfTime, limited, stopping
from proofs.networks.threshold import find_network
from proofs.separation import solver
from proofs.separation.boolean import truth_table

SHORT = 0.1
pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no interval timers here")


def idle() -> bool:
    return signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0) and signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


def endless() -> None:
    while True:
        pass


def test_an_endless_loop_is_interrupted() -> None:
    with pytest.raises(OutOfTime), limited(SHORT):
        endless()
    assert idle()


def test_who_catches_the_interruption_is_interrupted_again() -> None:
    with limited(SHORT):
        for _ in range(3):
            with pytest.raises(OutOfTime):
                endless()
    assert idle()


def test_what_must_be_put_back_is_put_back_first() -> None:
    """The interruption waits while a context manager is left, and while garbage is collected."""
    left: list[str] = []

    @contextmanager
    def slow_to_leave() -> Iterator[None]:
        yield
        with limited_elsewhere():
            left.append("whole")

    @contextmanager
    def limited_elsewhere() -> Iterator[None]:
        until = monotonic() + 2 * SHORT
        while monotonic() < until:
            pass
        yield

    with limited(SHORT):
        with slow_to_leave():
            pass
        with pytest.raises(OutOfTime):
            endless()
    assert left == ["whole"]
    collected: list[str] = []

    def callback(phase: str, _: dict[str, int]) -> None:
        until = monotonic() + 2 * SHORT
        while phase == "start" and monotonic() < until:
            pass
        collected.append(phase)

    gc.callbacks.append(callback)
    try:
        with limited(SHORT):
            gc.collect()
            with pytest.raises(OutOfTime):
                endless()
    finally:
        gc.callbacks.remove(callback)
    assert collected[:2] == ["start", "stop"]


def test_what_is_done_in_time_is_left_alone() -> None:
    with limited(60):
        assert not idle()
    assert idle()


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_no_time_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="seconds: expected a number > 0"), limited(seconds):
        pass


def test_the_timer_is_left_to_who_uses_it_already() -> None:
    with limited(60), limited(SHORT):
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 10
    assert idle()


def test_a_timer_of_somebody_else_goes_on() -> None:
    before = signal.signal(signal.SIGALRM, signal.SIG_IGN)
    try:
        signal.setitimer(signal.ITIMER_REAL, 100)
        with pytest.raises(OutOfTime), limited(SHORT):
            endless()
        assert signal.setitimer(signal.ITIMER_REAL, 0)[0] > 10
    finally:
        signal.signal(signal.SIGALRM, before)


def elsewhere(work: Callable[[], object]) -> None:
    """Run on another thread what would otherwise interrupt the main one."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  handed on
            raised.append(error)

    thread = Thread(target=run)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]


@pytest.mark.parametrize(
    "what",
    [
        test_an_endless_loop_is_interrupted,
        test_who_catches_the_interruption_is_interrupted_again,
    ],
)
def test_another_thread_is_interrupted_as_the_main_one(what: Callable[[], None]) -> None:
    elsewhere(what)
    assert idle()


def test_a_thread_is_left_alone_when_it_is_done() -> None:
    def work() -> None:
        for _ in range(200):
            with suppress(OutOfTime), limited(1e-4):
                sum(range(100))
        sum(range(1_000_000))

    elsewhere(work)


def test_a_call_into_a_library_is_stopped() -> None:
    stopped = Event()

    def work() -> None:
        with limited(SHORT), stopping(stopped.set):
            stopped.wait(30)

    with pytest.raises(OutOfTime):
        elsewhere(work)
    assert stopped.is_set()
    with stopping(stopped.clear):
        pass
    with limited(60), stopping(stopped.clear):
        pass
    assert stopped.is_set()


@pytest.mark.parametrize("run", [elsewhere, lambda work: work()])
def test_z3_is_stopped(run: Callable[[Callable[[], object]], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "SECONDS", 100_000)
    table = truth_table("parity 5")

    def work() -> None:
        with limited(5 * SHORT):
            find_network(table.points, table.labels, units=4, effort=2**32 - 1)

    with pytest.raises(OutOfTime):
        run(work)


def tanh(x: Any) -> Any:
    return np.tanh(x)


def backward(dout: Any, x: Any) -> Any:
    while True:
        dout = np.zeros_like(dout) + dout * x


def loss(x: Any) -> Any:
    while True:
        x = x * 2.0 - x


def test_captured_code_that_never_returns_is_undecided_and_numpy_is_as_it_was() -> None:
    before = {name: getattr(np, name) for name in dir(np)}
    for proof in (
        prove_vjp(tanh, backward, {"x": "N"}, seconds=SHORT),
        prove_gradient(loss, {"x": ""}, ["x"], seconds=SHORT),
        prove_equal(tanh, loss, {"x": "N"}, seconds=SHORT),
    ):
        assert proof.status is Status.UNDECIDED
        assert "the time allowed has passed" in proof.reason
    assert {name: getattr(np, name) for name in dir(np)} == before
    assert idle()
    assert prove_vjp(tanh, lambda dout, x: dout / np.cosh(x) ** 2, {"x": "N"})


def test_an_equation_too_large_for_the_time_is_undecided() -> None:
    product = "*".join(f"sum(x[i{k}]*y[i{k}]*x[i{k}] for i{k} in n)" for k in range(7))
    verdict = settle(f"({product} + c)**12", "0", arrays={"x": ["n"], "y": ["n"], "c": []}, seconds=SHORT)
    assert verdict.status is Status.UNDECIDED
    assert idle()
