"""Settle many theorems at once, in two processes, with results in the order asked for."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from functools import partial
from typing import Any

from proofs.theorems import load, names
from proofs.theorems.theorem import Result, settle

Progress = Callable[[int, int, str], None]
Job = tuple[str, Callable[[], Any]]

PROCESSES = 2
_ENDS_QUIETLY = (signal.SIGINT, signal.SIG_DFL)


def silent(done: int, total: int, name: str) -> None:
    """A progress callback that shows nothing."""


def settle_named(name: str) -> Result:
    """Load one theorem, or a layer of numeric/, and settle every step of it."""
    if name in names():
        return settle(load(name))
    from proofs.theorems.layers import settle_layer

    return settle_layer(name)


def settle_all(chosen: Sequence[str], progress: Progress = silent) -> tuple[Result, ...]:
    """Settle the named theorems and layers; the results come in the order chosen whatever finishes first."""
    return tuple(run([(name, partial(settle_named, name)) for name in chosen], progress))


def run(jobs: Sequence[Job], progress: Progress = silent) -> list[Any]:
    """The answers of named jobs, in order; `progress` gets (jobs done, jobs in all, name of the last one done).

    One job runs here; several run in two new processes, which end at once when this one is interrupted.
    """
    if len(jobs) < 2:
        answers = [job() for _, job in jobs]
        for name, _ in jobs:
            progress(1, 1, name)
        return answers
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(PROCESSES, mp_context=context, initializer=signal.signal, initargs=_ENDS_QUIETLY)
    try:
        waiting: dict[Future[Any], str] = {pool.submit(job): name for name, job in jobs}
        for done, future in enumerate(as_completed(waiting), 1):
            future.result()
            progress(done, len(jobs), waiting[future])
        return [future.result() for future in waiting]
    except BaseException:
        for child in multiprocessing.active_children():
            child.terminate()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
