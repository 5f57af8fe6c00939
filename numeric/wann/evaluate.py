"""The rewards of a population: equal networks once, in batches that do not depend on who computes them.

BLAS runs on one thread: the processes share the cores.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from numeric.wann.circuit import Ask, Networks, circuit
from numeric.wann.tasks import Data, Task
from numeric.wann.topology import Topology

Array = NDArray[Any]

BATCH = 96
"""The most networks in one circuit."""
VALUES = 4_000_000
"""The most values (nodes x weights x samples) of the networks in one circuit, unless a single one has more."""
JOBS = 16
"""The jobs a generation is cut into for an executor, so that the data travel that often."""


class RewardError(ValueError):
    """A task gave rewards that are no numbers, or in another shape."""


def rewards(
    task: Task,
    topologies: Sequence[Topology],
    weights: Sequence[float],
    data: Data,
    executor: Executor | None = None,
) -> Array:
    """The rewards (P, W) of P networks at W shared weights on the data, on this process or on the executor's.

    The numbers are the same bit by bit whatever the executor. Raises RewardError where the task gives NaN or an
    infinity, with the network and the task, and ValueError for an empty population or no weights.
    """
    if not topologies:
        raise ValueError("an empty population: there is nothing to evaluate")
    if not len(weights):
        raise ValueError("no shared weights to evaluate at; give at least one, such as -1 and 1")
    unique = list(dict.fromkeys(topologies))
    batches = _batches(unique, len(weights) * data[0].shape[-1])
    play = (task.reward, data, tuple(weights), task.own, task.floor)
    if executor is None:
        parts = [_play(batch, *play) for batch in batches]
    else:
        count = min(JOBS, len(batches))
        jobs = [batches[len(batches) * k // count : len(batches) * (k + 1) // count] for k in range(count)]
        parts = [part for future in [executor.submit(_job, job, *play) for job in jobs] for part in future.result()]
    found = np.concatenate(parts)
    place = {topology: k for k, topology in enumerate(unique)}
    spread: Array = found[[place[topology] for topology in topologies]]
    if not np.isfinite(spread).all():
        row, column = np.argwhere(~np.isfinite(spread))[0]
        raise RewardError(
            f"task {task.name!r} gave network {row} the reward {spread[row, column]} at the shared weight "
            f"{weights[column]}; a reward is a finite number. The network: {topologies[row].to_text()[:500].strip()}"
        )
    return spread


@cache
def _threads() -> Any:
    """Finding the BLAS libraries takes longer than a small generation, and they stay the same."""
    return ThreadpoolController()


def _batches(topologies: Sequence[Topology], values: int) -> list[list[Topology]]:
    """The networks in order, as many together as the limits allow; each node has this many values."""
    batches: list[list[Topology]] = []
    total = 0
    for topology in topologies:
        own = len(topology.nodes) * values
        if not batches or len(batches[-1]) == BATCH or total + own > VALUES:
            batches.append([])
            total = 0
        batches[-1].append(topology)
        total += own
    return batches


def _job(
    batches: list[list[Topology]],
    reward: Callable[[Ask, Data], Array],
    data: Data,
    weights: tuple[float, ...],
    own: bool,
    floor: float,
) -> list[Array]:
    return [_play(batch, reward, data, weights, own, floor) for batch in batches]


def _play(
    batch: list[Topology],
    reward: Callable[[Ask, Data], Array],
    data: Data,
    weights: tuple[float, ...],
    own: bool,
    floor: float,
) -> Array:
    networks = Networks(circuit(batch, own), np.array(weights))
    with np.errstate(all="ignore"), _threads().limit(limits=1):
        found = np.asarray(reward(networks, data), np.float64)
    if found.shape != networks.shape:
        raise RewardError(
            f"the reward function gave the shape {found.shape} for {len(batch)} networks and {len(weights)} weights; "
            f"it must give {networks.shape}"
        )
    found = np.where(networks.overflowed, floor, found)
    return np.where(found < floor, floor, found)
