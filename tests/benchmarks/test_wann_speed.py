"""The weight-agnostic search: seconds for a population on MNIST, and for a whole search on XOR.

Asked for: 960 networks on 1,000 images of 16 x 16 pixels at six weights in at most 4 s on two cores, both as the search
begins with them and as mutations have made them; 256 generations of 192 networks on XOR in less than 10 s.
"""

from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from numeric.wann import Rates, Settings, Topology, genome, parity, rewards, search, tasks
from numeric.wann.search import WEIGHTS, data_of


def population(mutations: int) -> list[Topology]:
    """960 networks from minimal ones, each after so many mutations of its own."""
    task, draw = tasks.mnist(), np.random.default_rng(0)
    made = [genome.minimal(task.inputs, task.outputs, 0.05, draw) for _ in range(960)]
    numbers = genome.first_innovations(task.inputs, task.outputs)
    for _ in range(mutations):
        numbers = genome.Innovations(numbers.next_connection, numbers.next_node)
        made = [genome.mutate(one, Rates(), tuple(range(11)), numbers, draw) for one in made]
    return [one.topology for one in made]


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("mutations", [0, 100])
def test_a_population_on_mnist(benchmark: Any, mutations: int, processes: int) -> None:
    task, networks = tasks.mnist(), population(mutations)
    data = data_of(task, Settings(), 0)

    def run(executor: ProcessPoolExecutor | None) -> None:
        rewards(task, networks, WEIGHTS, data, executor)

    with threadpool_limits(1), ProcessPoolExecutor(2) as executor:
        run(executor)
        benchmark.pedantic(run, (executor if processes == 2 else None,), rounds=5)
    nodes = np.mean([len(network.nodes) for network in networks])
    connections = np.mean([network.connections for network in networks])
    seconds = benchmark.stats.stats.median
    print(
        f"\n960 networks, {nodes:.0f} nodes and {connections:.0f} connections on average, "
        f"{processes} process(es): {seconds:.2f} s"
    )
    if processes == 2:
        assert seconds <= 4


def test_a_search_on_xor(benchmark: Any) -> None:
    state = benchmark.pedantic(search, (parity(2), Settings(population=192), 256), rounds=3)
    print(f"\n256 generations of 192 networks on XOR: {benchmark.stats.stats.median:.2f} s")
    assert state.champion_reward == pytest.approx(1.25)
    assert benchmark.stats.stats.median < 10
