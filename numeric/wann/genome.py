"""Genomes as in NEAT, without weights: node and connection genes with innovation numbers, and the four mutations.

Stanley and Miikkulainen 2002 (Evolving Neural Networks through Augmenting Topologies, section 3); the mutations and
their probabilities are those of Gaier and Ha 2019 (arXiv 1906.04358, section 3). There is no crossover. Numbers: 0 is
the bias, 1..n the inputs, n + 1..n + m the outputs, whatever is larger a hidden node. Outputs are linear and are never
sources.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from numeric.wann.activations import ACTIVATIONS
from numeric.wann.topology import Node, Topology

Integers = NDArray[np.int32]
Draw = np.random.Generator

GENE_ARRAYS = ("nodes", "activations", "innovation", "source", "target", "enabled")


class GenomeError(ValueError):
    """Genes that make no network: a cycle, or arrays that do not fit each other."""


@dataclass(frozen=True, eq=False)
class Genome:
    """Node genes (H,) of the hidden nodes in rising order, `activations` being places in ACTIVATIONS, and connection
    genes (C,).

    Arrays are shared between a parent and its child and never written to.
    """

    inputs: int
    outputs: int
    nodes: Integers
    activations: Integers
    innovation: Integers
    source: Integers
    target: Integers
    enabled: NDArray[np.bool_]

    @cached_property
    def connections(self) -> int:
        """The number of enabled connections, also of those that lead nowhere."""
        return int(np.count_nonzero(self.enabled))

    @cached_property
    def topology(self) -> Topology:
        """The network of the enabled connections that lead to an output. Raises GenomeError at a cycle."""
        return express(self)


@dataclass(frozen=True)
class Rates:
    """The probabilities of the mutations; exactly one is tried on a child. They are scaled to the sum 1."""

    activation: float = 0.50
    node: float = 0.25
    connection: float = 0.20
    enable: float = 0.05


@dataclass
class Innovations:
    """The next free numbers, and the innovations of this generation: the same change gets the same number."""

    next_connection: int
    next_node: int
    _connections: dict[tuple[int, int], int] = field(default_factory=dict)
    _nodes: dict[int, int] = field(default_factory=dict)

    def connection(self, source: int, target: int) -> int:
        """The number of the connection from source to target."""
        found = self._connections.setdefault((source, target), self.next_connection)
        self.next_connection += found == self.next_connection
        return found

    def node(self, split: int) -> int:
        """The number of the node that splits the connection with the innovation number `split`."""
        found = self._nodes.setdefault(split, self.next_node)
        self.next_node += found == self.next_node
        return found


def minimal(inputs: int, outputs: int, enabled: float, draw: Draw) -> Genome:
    """No hidden node; every connection from the bias and the inputs to the outputs, enabled with probability `enabled`.

    Connection ``source + (inputs + 1) output`` has that innovation number.
    """
    count = (inputs + 1) * outputs
    none = np.empty(0, np.int32)
    return Genome(
        inputs,
        outputs,
        none,
        none,
        np.arange(count, dtype=np.int32),
        np.tile(np.arange(inputs + 1, dtype=np.int32), outputs),
        np.repeat(np.arange(inputs + 1, inputs + 1 + outputs, dtype=np.int32), inputs + 1),
        draw.random(count) < enabled,
    )


def first_innovations(inputs: int, outputs: int) -> Innovations:
    """The numbers free after the minimal genomes."""
    return Innovations((inputs + 1) * outputs, inputs + 1 + outputs)


def change_activation(genome: Genome, allowed: tuple[int, ...], draw: Draw) -> Genome:
    """Another of the allowed activations at one hidden node; without hidden nodes the genome as it is."""
    if not len(genome.nodes):
        return genome
    node = int(draw.integers(len(genome.nodes)))
    others = [activation for activation in allowed if activation != genome.activations[node]]
    if not others:
        return genome
    activations = genome.activations.copy()
    activations[node] = others[draw.integers(len(others))]
    return replace(genome, activations=activations)


def add_node(genome: Genome, allowed: tuple[int, ...], innovations: Innovations, draw: Draw) -> Genome:
    """Split one enabled connection by a new node with a drawn activation, and disable it."""
    enabled = np.flatnonzero(genome.enabled)
    if not len(enabled):
        return genome
    split = enabled[draw.integers(len(enabled))]
    source, target = int(genome.source[split]), int(genome.target[split])
    node = innovations.node(int(genome.innovation[split]))
    flags = np.append(genome.enabled, (True, True))
    flags[split] = False
    return replace(
        genome,
        nodes=_joined(genome.nodes, node),
        activations=_joined(genome.activations, allowed[draw.integers(len(allowed))]),
        innovation=_joined(
            genome.innovation, innovations.connection(source, node), innovations.connection(node, target)
        ),
        source=_joined(genome.source, source, node),
        target=_joined(genome.target, node, target),
        enabled=flags,
    )


def add_connection(genome: Genome, innovations: Innovations, draw: Draw) -> Genome:
    """Connect one node to a node of a later layer to which it has no gene yet; a saturated genome stays as it is."""
    first = genome.inputs + 1
    level = layers(genome)
    hidden = len(genome.nodes)
    last = 1 + int(level.max(initial=0))
    sources = np.concatenate([np.zeros(first, np.int64), level])
    free = sources[:, None] < np.concatenate([level, np.full(genome.outputs, last)])[None, :]
    inner, outer = genome.source >= first, genome.target < first + genome.outputs
    rows = np.where(inner, first + np.searchsorted(genome.nodes, genome.source), genome.source)
    columns = np.where(outer, genome.target - first + hidden, np.searchsorted(genome.nodes, genome.target))
    free[rows, columns] = False
    starts = np.flatnonzero(free.any(axis=1))
    if not len(starts):
        return genome
    start = int(starts[draw.integers(len(starts))])
    ends = np.flatnonzero(free[start])
    end = int(ends[draw.integers(len(ends))])
    source = start if start < first else int(genome.nodes[start - first])
    target = int(genome.nodes[end]) if end < hidden else first + end - hidden
    return replace(
        genome,
        innovation=_joined(genome.innovation, innovations.connection(source, target)),
        source=_joined(genome.source, source),
        target=_joined(genome.target, target),
        enabled=np.append(genome.enabled, True),
    )


def enable(genome: Genome, draw: Draw) -> Genome:
    """One disabled connection enabled; without any the genome as it is."""
    disabled = np.flatnonzero(~genome.enabled)
    if not len(disabled):
        return genome
    flags = genome.enabled.copy()
    flags[disabled[draw.integers(len(disabled))]] = True
    return replace(genome, enabled=flags)


def mutate(genome: Genome, rates: Rates, allowed: tuple[int, ...], innovations: Innovations, draw: Draw) -> Genome:
    """One of the four mutations, drawn by `rates`; `allowed` are places in ACTIVATIONS."""
    choices: tuple[tuple[float, Callable[[], Genome]], ...] = (
        (rates.connection, lambda: add_connection(genome, innovations, draw)),
        (rates.node, lambda: add_node(genome, allowed, innovations, draw)),
        (rates.enable, lambda: enable(genome, draw)),
        (rates.activation, lambda: change_activation(genome, allowed, draw)),
    )
    spin = draw.random() * sum(rate for rate, _ in choices)
    for rate, mutation in choices:
        if spin < rate:
            return mutation()
        spin -= rate
    return genome


def layers(genome: Genome) -> NDArray[np.int64]:
    """The longest path (H,) to each hidden node over all genes, enabled or not. Raises GenomeError at a cycle."""
    column = {number: place for place, number in enumerate(genome.nodes.tolist())}
    level = [1] * len(column)
    waiting = [0] * len(column)
    onward: list[list[int]] = [[] for _ in column]
    inner = (genome.source > genome.inputs) & (genome.target > genome.inputs + genome.outputs)
    for source, target in zip(genome.source[inner].tolist(), genome.target[inner].tolist(), strict=True):
        onward[column[source]].append(column[target])
        waiting[column[target]] += 1
    ready = [place for place, count in enumerate(waiting) if not count]
    for place in ready:
        for after in onward[place]:
            level[after] = max(level[after], level[place] + 1)
            waiting[after] -= 1
            if not waiting[after]:
                ready.append(after)
    if len(ready) < len(column):
        stuck = sorted(number for number, place in column.items() if waiting[place])
        raise GenomeError(
            f"the genome is cyclic: hidden nodes {stuck[:20]} lie on or behind a cycle; remove a connection"
        )
    return np.array(level, np.int64)


def express(genome: Genome) -> Topology:
    """The network of the enabled connections that lead to an output, nodes in an order that only depends on the genes.

    Raises GenomeError at a cycle among them.
    """
    first = genome.inputs + 1
    incoming: dict[int, list[int]] = defaultdict(list)
    sources, targets = genome.source[genome.enabled].tolist(), genome.target[genome.enabled].tolist()
    for source, target in zip(sources, targets, strict=True):
        incoming[target].append(source)
    kinds = dict(zip(genome.nodes.tolist(), genome.activations.tolist(), strict=True))
    number_of: dict[int, int] = {}
    opened: set[int] = set()
    nodes: list[Node] = []
    stack = list(range(first + genome.outputs - 1, first - 1, -1))
    while stack:
        node = stack[-1]
        if node in number_of:
            stack.pop()
            continue
        missing = [source for source in incoming[node] if source >= first and source not in number_of]
        if missing:
            if node in opened:
                raise GenomeError(f"the genome is cyclic: hidden node {node} feeds itself; disable a connection")
            opened.add(node)
            stack += sorted(missing, reverse=True)
            continue
        activation = ACTIVATIONS[kinds[node]] if node in kinds else "linear"
        nodes.append(Node(activation, tuple(sorted([number_of.get(source, source) for source in incoming[node]]))))
        number_of[node] = genome.inputs + len(nodes)
        stack.pop()
    return Topology(genome.inputs, tuple(nodes), tuple([number_of[first + k] for k in range(genome.outputs)]))


def _joined(array: Integers, *values: int) -> Integers:
    return np.concatenate([array, np.array(values, np.int32)])
