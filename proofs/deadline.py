"""A limit on time that holds for whatever runs: capture, calculus, search, the checker, and code of the user's own.

On the main thread an interval timer's signal interrupts it with `OutOfTime`, also in an endless loop and also again
and again where somebody catches that; only one call into a C library is not cut short. It is not used off the main
thread, on systems without interval timers (Windows), and where somebody else uses the timer: there stops what looks
at the clock itself, as capture and the calculus do, and the checker has its limit on steps, but code of the user's
that never returns is waited for.
"""

from __future__ import annotations

import contextlib
import gc
import signal
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from types import FrameType

AGAIN = 0.05
POSTPONED = 20
"""How many times in a row the interruption waits for what must not be cut short."""


class OutOfTime(BaseException):
    """The time allowed has passed. No Exception, so that nothing that handles errors takes it for one."""


@contextmanager
def limited(seconds: float) -> Iterator[float]:
    """Raise OutOfTime in the block after `seconds`; the value is when that will be, by `time.monotonic`.

    Raises ValueError when `seconds` is not a number > 0.
    """
    if not seconds > 0:
        raise ValueError(f"seconds: expected a number > 0, got {seconds!r}")
    until = monotonic() + seconds
    if not _can_interrupt():
        yield until
        return
    waited = 0

    def interrupt(_: int, frame: FrameType | None) -> None:
        nonlocal waited
        waited += 1
        if waited > POSTPONED or not _must_not_be_cut(frame):
            waited = 0
            raise OutOfTime

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, min(seconds, 1e6), AGAIN)
        yield until
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _can_interrupt() -> bool:
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
