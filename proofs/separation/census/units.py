"""Units of work: subtrees that make up the tree, counted one by one, in any order, in any process, once each.

A unit is named by its path; its tally depends on nothing else. Units are handed out in a fixed shuffled order, so that
the share of them that is done estimates the share of the work, though some are a thousand times larger than others.
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cache
from importlib import import_module
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, NamedTuple

from threadpoolctl import ThreadpoolController

from proofs.separation.census.certificate import certificates
from proofs.separation.census.regular import below, pairs, paths
from proofs.separation.census.verifying import Tally
from proofs.separation.census.walk import walk
from proofs.separation.data import SeparationError

MOST_INPUTS = 9
DEPTH = {8: 7, 9: 12}
"""How deep the units of n = 8 and n = 9 begin: about 0.05 and 0.5 s each. Smaller trees are one unit."""

ATTEMPTS = 3
Certificates = dict[str, str]
"""Texts of certificates by their paths."""

Pool = Callable[[], AbstractContextManager[Executor]]
Finished = Callable[[str, Tally, Certificates], None]
Progress = Callable[[int, int], None]


class Unit(NamedTuple):
    """What one unit came to."""

    path: str
    tally: Tally
    certificates: Certificates


def unit_paths(inputs: int) -> list[str]:
    """The paths of the units for n = `inputs`, shuffled, always in the same way.

    Raises SeparationError unless n is 0 to 9.
    """
    if isinstance(inputs, bool) or inputs not in range(MOST_INPUTS + 1):
        raise SeparationError(f"inputs: expected 0 to {MOST_INPUTS}, got {inputs!r}")
    found = paths(pairs(inputs + 1), DEPTH.get(inputs, 0))
    random.Random(0).shuffle(found)
    return found


def count_unit(inputs: int, path: str, certify: bool = False) -> Unit:
    """One unit counted, with its certificates if `certify`; on one core, the others count other units.

    Raises Unverified.
    """
    tree = pairs(inputs + 1)
    with _threads().limit(limits=1):
        if not certify:
            return Unit(path, walk(tree, below(tree, path)), {})
        tally, found = certificates(tree, path)
    return Unit(path, tally, {part: certificate.to_text() for part, certificate in found.items()})


@cache
def _threads() -> Any:
    """Finding the BLAS libraries takes longer than a small unit, and they stay the same."""
    return ThreadpoolController()


def count_all(
    inputs: int,
    *,
    pool: Pool | None = None,
    done: Mapping[str, Tally] | None = None,
    certify: bool = False,
    finished: Finished | None = None,
    progress: Progress | None = None,
) -> Tally:
    """The tally of all units for n = `inputs`; those in `done` are not counted again.

    `pool` makes the executor that counts them (in this process if None); when its processes die, a new one goes on, at
    most `ATTEMPTS` times. `finished` is told of each unit as it ends, `progress` of how many have.
    Raises SeparationError unless n is 0 to 9, BrokenProcessPool, Unverified, and what an executor raises.
    """
    every = unit_paths(inputs)
    known = {path: done[path] for path in every if path in done} if done else {}

    def take(unit: Unit) -> None:
        if finished is not None:
            finished(*unit)
        known[unit.path] = unit.tally
        if progress is not None:
            progress(len(known), len(every))

    for attempt in range(1, ATTEMPTS + 1):
        left = [path for path in every if path not in known]
        try:
            with closing(_counted(inputs, left, pool, certify)) as counted:
                for unit in counted:
                    take(unit)
            break
        except BrokenProcessPool:
            if attempt == ATTEMPTS:
                raise
    return sum((known[path] for path in every), Tally())


def _counted(inputs: int, left: list[str], pool: Pool | None, certify: bool) -> Generator[Unit, None, None]:
    if pool is None or len(left) < 2:
        yield from (count_unit(inputs, path, certify) for path in left)
        return
    with pool() as executor:
        futures: list[Future[Unit]] = [executor.submit(count_unit, inputs, path, certify) for path in left]
        yield from (future.result() for future in as_completed(futures))


@contextmanager
def local_processes(workers: int | None = None) -> Iterator[Executor]:
    """`workers` processes on this machine, one for each core if None; they end at once when this one is interrupted."""
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_end_with_the_parent) as executor:
        try:
            yield executor
        except BaseException:
            for child in active_children():
                child.terminate()
            raise


def _end_with_the_parent() -> None:
    """Ends this process when the one that started it is gone, however it went: nothing would be told of its results.

    An interrupt from the terminal reaches every process: it is left to the parent, who ends this one.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            wait([parent.sentinel])
            os._exit(1)

    Thread(target=watch, daemon=True).start()


@contextmanager
def dask_cluster(address: str) -> Iterator[Executor]:
    """The Dask cluster whose scheduler is at `address`, such as ``tcp://host:8786``; its workers need this package.

    Raises SeparationError when `distributed` is not installed or the scheduler does not answer.
    """
    try:
        client_class: Any = import_module("distributed").Client
    except ImportError:
        raise SeparationError("scheduler: needs Dask; install it with pip install 'gradproof[cluster]'") from None
    try:
        client = client_class(address)
    except (OSError, ValueError) as error:
        raise SeparationError(f"scheduler: no answer from {address} ({error}); expected tcp://host:port") from None
    with client, client.get_executor() as executor:
        try:
            yield executor
        except BaseException:
            executor.shutdown(wait=False)  # Dask's own cancels what is waiting; leaving the block would wait for it
            raise
