"""Networks and genomes for the tests, and a reference that runs a network value by value in plain Python."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import strategies as st

from numeric.wann import ACTIVATIONS, Genome, Node, Rates, Topology, genome

EVERY = tuple(range(len(ACTIVATIONS)))
SCALAR = {
    "linear": lambda x: x,
    "step": lambda x: 1.0 if x > 0 else 0.0,
    "sin": lambda x: math.sin(math.pi * x),
    "gaussian": lambda x: math.exp(-x * x / 2),
    "tanh": math.tanh,
    "sigmoid": lambda x: (1 + math.tanh(x / 2)) / 2,
    "inverse": lambda x: -x,
    "abs": abs,
    "relu": lambda x: max(x, 0.0),
    "cos": lambda x: math.cos(math.pi * x),
    "square": lambda x: x * x,
}


def reference(topology: Topology, weights: list[float], x: list[float]) -> list[float]:
    """The outputs for one input, each edge with its weight, summed in the order of the sources."""
    values = [1.0, *x]
    edge = iter(weights)
    for activation, sources in topology.nodes:
        values.append(SCALAR[activation](sum(next(edge) * values[source] for source in sources)))
    return [values[output] for output in topology.outputs]


@st.composite
def topologies(draw: st.DrawFn, inputs: int | None = None, outputs: int | None = None) -> Topology:
    """Networks of up to 8 nodes, dead ones and nodes without a source among them."""
    n = inputs if inputs is not None else draw(st.integers(1, 4))
    nodes = []
    for number in range(n + 1, n + 1 + draw(st.integers(1, 8))):
        sources = draw(st.sets(st.integers(0, number - 1), max_size=4))
        nodes.append(Node(draw(st.sampled_from(ACTIVATIONS)), tuple(sorted(sources))))
    count = outputs if outputs is not None else draw(st.integers(1, 3))
    places = st.integers(n + 1, n + len(nodes))
    return Topology(n, tuple(nodes), tuple(draw(st.lists(places, min_size=count, max_size=count))))


def is_like(one: Genome, other: Genome) -> bool:
    """Whether both have the same genes in the same order."""
    same = (one.inputs, one.outputs) == (other.inputs, other.outputs)
    return same and all(np.array_equal(getattr(one, name), getattr(other, name)) for name in genome.GENE_ARRAYS)


def evolved(
    seed: int, *, inputs: int = 3, outputs: int = 2, size: int = 6, generations: int = 12
) -> list[list[Genome]]:
    """Generations of genomes, each the mutated children of the one before."""
    draw = np.random.default_rng(seed)
    numbers = genome.first_innovations(inputs, outputs)
    found = [[genome.minimal(inputs, outputs, 0.5, draw) for _ in range(size)]]
    for _ in range(generations):
        numbers = genome.Innovations(numbers.next_connection, numbers.next_node)
        parents = [found[-1][k] for k in draw.integers(size, size=size)]
        found.append([genome.mutate(parent, Rates(), EVERY, numbers, draw) for parent in parents])
    return found
