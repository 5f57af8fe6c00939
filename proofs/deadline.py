"""A limit on time that holds for whatever runs: capture, calculus, search, the checker, and code of the user's own.

On the main thread an interval timer's signal interrupts it with `OutOfTime`, also in an endless loop and also again
and again where somebody catches that. On other threads, on systems without interval timers (Windows) and where
somebody else uses the timer, a thread that watches the clock does the same. One call into a C library is not cut short,
unless `stopping` says how.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import signal
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import monotonic
from types import FrameType

AGAIN = 0.05
POSTPONED = 20
"""How many times in a row the interruption waits for what must not be cut short."""

_until: ContextVar[float] = ContextVar("until", default=inf)


class OutOfTime(BaseException):
    """The time allowed has passed. No Exception, so that nothing that handles errors takes it for one."""


@contextmanager
def limited(seconds: float) -> Iterator[float]:
    """Raise OutOfTime in the block after `seconds`; the value is when that will be, by `time.monotonic`.

    Inside of another such block of the same thread the outer one alone interrupts.
    Raises ValueError when `seconds` is not a number > 0.
    """
    if not seconds > 0:
        raise ValueError(f"seconds: expected a number > 0, got {seconds!r}")
    until, outer = monotonic() + seconds, _until.get()
    inside = _until.set(min(until, outer))
    try:
        if outer < inf:
            yield until
        else:
            with _alarm(seconds) if _has_timer() else _watch(seconds):
                yield until
    finally:
        _until.reset(inside)


@contextmanager
def stopping(stop: Callable[[], object]) -> Iterator[None]:
    """Call `stop`, which ends the block's call into a C library, when the time of `limited` is over; OutOfTime then."""
    left = _until.get() - monotonic()
    if left == inf:
        yield
        return
    with _meanwhile(left, stop):
        yield
    if monotonic() >= _until.get():
        raise OutOfTime


class _Patience:
    """Whether to interrupt now: not what must not be cut short, but that only so often."""

    waited = 0

    def is_over(self, frame: FrameType | None) -> bool:
        self.waited += 1
        if self.waited <= POSTPONED and _must_not_be_cut(frame):
            return False
        self.waited = 0
        return True


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    patience = _Patience()

    def interrupt(_: int, frame: FrameType | None) -> None:
        if patience.is_over(frame):
            raise OutOfTime

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, min(seconds, 1e6), AGAIN)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _watch(seconds: float) -> Iterator[None]:
    """The alarm by another thread; leaving this block is something that must not be cut short, too."""
    thread = ctypes.c_ulong(threading.get_ident())
    patience = _Patience()

    def interrupt() -> None:
        if patience.is_over(sys._current_frames().get(thread.value)):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(OutOfTime))

    try:
        with _meanwhile(seconds, interrupt):
            yield
    finally:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, None)


@contextmanager
def _meanwhile(seconds: float, act: Callable[[], object]) -> Iterator[None]:
    """Another thread calls `act` after `seconds`, and again and again until the block ends."""
    over = threading.Event()

    def watch() -> None:
        wait = min(max(seconds, 0), 1e6)
        while not over.wait(wait):
            act()
            wait = AGAIN

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()


def _has_timer() -> bool:
    """Whether this is the main thread of a system with interval timers, and nobody's timer runs."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return False
    return signal.getitimer(signal.ITIMER_REAL)[0] == 0


def _must_not_be_cut(frame: FrameType | None) -> bool:
    """Whether a context manager is just being entered or left, which must put things back whole, or garbage collected.

    What Python calls while it collects garbage cannot raise: the interruption would be lost, with a warning.
    """
    collecting = {id(getattr(callback, "__code__", None)) for callback in gc.callbacks}
    while frame is not None:
        code = frame.f_code
        if code.co_filename == contextlib.__file__ and code.co_name in ("__enter__", "__exit__"):
            return True
        if code.co_name == "__del__" or code.co_filename == weakref.__file__ or id(code) in collecting:
            return True
        frame = frame.f_back
    return False
