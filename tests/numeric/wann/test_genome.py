from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric.wann import GenomeError, express, genome
from numeric.wann.genome import GENE_ARRAYS, Innovations, Rates
from tests.numeric.wann.drawn import EVERY, evolved, is_like

SEEDS = st.integers(0, 2**32)


@given(SEEDS)
def test_mutations_keep_a_genome_acyclic_even_with_every_gene_enabled(seed):
    for made in evolved(seed)[-1]:
        everything = replace(made, enabled=np.ones_like(made.enabled))
        topology = express(everything)
        level = dict(zip(made.nodes.tolist(), genome.layers(made).tolist(), strict=True))
        for source, target in zip(made.source.tolist(), made.target.tolist(), strict=True):
            assert level.get(source, 0) < level.get(target, 10**6)
        assert topology.inputs == made.inputs


@given(SEEDS)
def test_an_innovation_number_means_one_connection(seed):
    meaning = {}
    for made in (made for generation in evolved(seed) for made in generation):
        genes = list(zip(made.source.tolist(), made.target.tolist(), strict=True))
        assert len(set(genes)) == len(genes)
        assert (np.diff(made.nodes) > 0).all()
        for number, gene in zip(made.innovation.tolist(), genes, strict=True):
            assert meaning.setdefault(number, gene) == gene


@given(SEEDS)
def test_a_child_differs_by_one_mutation_and_its_parent_not_at_all(seed):
    parent = evolved(seed)[-1][0]
    before = {name: getattr(parent, name).copy() for name in GENE_ARRAYS}
    child = genome.mutate(parent, Rates(), EVERY, Innovations(10**6, 10**6), np.random.default_rng(seed))
    assert all(np.array_equal(getattr(parent, name), before[name]) for name in GENE_ARRAYS)
    nodes, connections = len(child.nodes) - len(parent.nodes), len(child.source) - len(parent.source)
    flags = np.count_nonzero(child.enabled[: len(parent.enabled)] != parent.enabled)
    kinds = np.count_nonzero(child.activations[: len(parent.nodes)] != parent.activations)
    assert (nodes, connections, flags, kinds) in {(0, 0, 0, 0), (0, 0, 0, 1), (0, 0, 1, 0), (0, 1, 0, 0), (1, 2, 1, 0)}


def test_the_same_change_in_one_generation_gets_the_same_numbers():
    parent = genome.minimal(1, 1, 1.0, np.random.default_rng(0))
    numbers = genome.first_innovations(1, 1)
    pair = [genome.add_node(parent, EVERY, numbers, np.random.default_rng(3)) for _ in range(2)]
    assert is_like(*pair)
    later = genome.add_node(
        parent, EVERY, Innovations(numbers.next_connection, numbers.next_node), np.random.default_rng(3)
    )
    assert set(later.innovation[-2:]) & set(pair[0].innovation[-2:]) == set()


def test_add_node_splits_an_enabled_connection():
    parent = genome.minimal(2, 1, 1.0, np.random.default_rng(0))
    child = genome.add_node(parent, (4,), genome.first_innovations(2, 1), np.random.default_rng(1))
    (split,) = np.flatnonzero(~child.enabled)
    assert child.source[-2:].tolist() == [parent.source[split], 4]
    assert child.target[-2:].tolist() == [4, parent.target[split]]
    assert express(child).nodes[0] == ("tanh", (int(parent.source[split]),))


def test_a_saturated_genome_and_one_without_choices_stay_as_they_are():
    full = genome.minimal(2, 2, 1.0, np.random.default_rng(0))
    draw = np.random.default_rng(0)
    numbers = genome.first_innovations(2, 2)
    assert genome.add_connection(full, numbers, draw) is full
    assert genome.enable(full, draw) is full
    assert genome.change_activation(full, EVERY, draw) is full
    empty = genome.minimal(2, 2, 0.0, draw)
    assert genome.add_node(empty, EVERY, numbers, draw) is empty


def cyclic():
    made = genome.minimal(1, 1, 1.0, np.random.default_rng(0))
    added = {"source": [3, 4, 4], "target": [4, 3, 2], "innovation": [2, 3, 4]}
    arrays = {name: np.append(getattr(made, name), values).astype(np.int32) for name, values in added.items()}
    nodes = np.array([3, 4], np.int32)
    return replace(made, nodes=nodes, activations=nodes, enabled=np.ones(5, dtype=bool), **arrays)


@pytest.mark.parametrize("f", [express, genome.layers])
def test_a_cycle_is_refused(f):
    with pytest.raises(GenomeError, match="cyclic"):
        f(cyclic())


def test_what_leads_to_no_output_is_left_out():
    made = genome.add_node(
        genome.minimal(2, 1, 1.0, np.random.default_rng(0)),
        (0,),
        genome.first_innovations(2, 1),
        np.random.default_rng(0),
    )
    flags = made.enabled.copy()
    flags[-1] = False
    assert len(express(replace(made, enabled=flags)).nodes) == 1
    assert replace(made, enabled=flags).connections == 3
