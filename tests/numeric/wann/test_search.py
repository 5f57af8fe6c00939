import os
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numeric.checkpoint import CheckpointError
from numeric.wann import RewardError, Settings, parity, rewards, search, tasks
from numeric.wann.checkpoint import files, load, read, save
from numeric.wann.genome import minimal
from numeric.wann.search import start, step
from tests.numeric.wann.drawn import is_like

SMALL = Settings(population=12, seed=3, tournament=3)
BLOBS = tasks.classification("blobs", np.random.default_rng(0).normal(size=(30, 3)), np.arange(30) % 3, batch=10)
TASKS = (parity(2), BLOBS)
SLOW = bool(os.environ.get("GRADPROOF_SLOW"))


def same(one, other):
    """Whether two states are equal to the last bit."""
    return (
        all(is_like(a, b) for a, b in zip(one.population, other.population, strict=True))
        and np.array_equal(one.known, other.known)
        and (one.next_connection, one.next_node) == (other.next_connection, other.next_node)
        and one.champion_reward == other.champion_reward
        and (one.champion is other.champion or is_like(one.champion, other.champion))
        and one.history == other.history
    )


class Backwards(Executor):
    """Runs jobs last in, first out, when a result is asked for."""

    def __init__(self):
        self.waiting = []

    def submit(self, f, *args):
        executor = self

        class Late(Future):
            def result(self, timeout=None):
                for job, g, values in reversed(executor.waiting):
                    if not job.done():
                        job.set_result(g(*values))
                return super().result(timeout)

        self.waiting.append((job := Late(), f, args))
        return job


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_who_computes_does_not_matter(task, monkeypatch):
    monkeypatch.setattr("numeric.wann.evaluate.BATCH", 5)
    assert same(search(task, SMALL, 4), search(task, SMALL, 4, executor=Backwards()))


@pytest.mark.skipif(not SLOW, reason="processes take a second to start; GRADPROOF_SLOW=1")
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_processes_do_not_matter(task):
    with ProcessPoolExecutor(2) as executor:
        assert same(search(task, SMALL, 6), search(task, SMALL, 6, executor=executor))


def test_the_seed_matters():
    one, other = (search(parity(2), replace(SMALL, seed=seed), 2) for seed in (0, 1))
    assert not same(one, other)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
@settings(max_examples=4)
@given(cut=st.integers(0, 5))
def test_a_run_cut_anywhere_goes_on_the_same(tmp_path_factory, task, cut):
    folder = tmp_path_factory.mktemp("cut")
    save(folder, task, SMALL, search(task, SMALL, cut))
    assert same(search(task, SMALL, 6, state=load(folder, task, SMALL)), search(task, SMALL, 6))


def test_the_elite_lives_on_with_its_rewards():
    task, settings = parity(2), replace(SMALL, population=50)
    state = start(task, settings)
    for _ in range(5):
        state = step(task, settings, state)
        assert len(state.known) == 8
        elite = [genome.topology for genome in state.population[: len(state.known)]]
        assert np.array_equal(rewards(task, elite, settings.weights, task.train), state.known)
        assert state.known.mean(axis=1).max() == state.history[-1].best
    best = [record.best for record in state.history]
    assert best == sorted(best)
    assert state.champion_reward == max(best)


def test_xor_is_found():
    settings = Settings(
        population=60, activations=("linear", "inverse", "abs", "square"), tournament=4, size=0.5, seed=1
    )
    state = search(parity(2), settings, 40)
    assert state.champion_reward == pytest.approx(1.25)
    assert {node.activation for node in state.champion.topology.nodes} <= set(settings.activations)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"population": 0}, "empty population"),
        ({"tournament": 0}, "tournament"),
        ({"weights": ()}, "weights"),
        ({"weights": (np.nan,)}, "weights"),
        ({"activations": ("softplus",)}, "softplus"),
        ({"activations": ()}, "activations"),
        ({"cull": 1.5}, "cull"),
        ({"initial": np.nan}, "initial"),
    ],
)
def test_settings_are_checked(change, said):
    with pytest.raises(ValueError, match=said):
        Settings(**change)


def network():
    return minimal(2, 1, 1.0, np.random.default_rng(0)).topology


def with_reward(value, shape=None):
    return replace(parity(2), name="broken", reward=lambda networks, _: np.full(shape or networks.shape, value))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_reward_that_is_no_number_names_task_and_network(value):
    with pytest.raises(RewardError, match=r"(?s)'broken' gave network 0 the reward .* weight -2.*gradproof_topology"):
        search(with_reward(value), SMALL, 1)


def test_a_reward_of_another_shape_is_refused():
    with pytest.raises(RewardError, match=r"shape \(3,\) for 1 networks and 2 weights"):
        rewards(with_reward(1.0, (3,)), [network()], (1.0, 2.0), parity(2).train)


def test_nothing_to_evaluate_is_refused():
    with pytest.raises(ValueError, match="empty population"):
        rewards(parity(2), [], (1.0,), parity(2).train)
    with pytest.raises(ValueError, match="no shared weights"):
        rewards(parity(2), [network()], (), parity(2).train)


@pytest.fixture
def folder(tmp_path):
    for state in (search(parity(2), SMALL, 2), search(parity(2), SMALL, 3)):
        save(tmp_path, parity(2), SMALL, state)
    return tmp_path


def test_the_last_two_checkpoints_are_kept(folder):
    save(folder, parity(2), SMALL, search(parity(2), SMALL, 4))
    assert [path.name for path in files(folder)] == ["generation-0000003.npz", "generation-0000004.npz"]


@pytest.mark.parametrize("part", [0.0, 0.3, 0.6, 0.99])
def test_a_checkpoint_cut_short_is_named_and_the_one_before_kept(folder, part):
    older, newest = files(folder)
    before, content = older.read_bytes(), newest.read_bytes()
    newest.write_bytes(content[: int(part * len(content))])
    with pytest.raises(CheckpointError, match=r"0000003\.npz.*0000002\.npz is whole: remove"):
        load(folder, parity(2), SMALL)
    assert older.read_bytes() == before
    newest.unlink()
    assert same(load(folder, parity(2), SMALL), search(parity(2), SMALL, 2))


def test_a_write_that_fails_leaves_the_checkpoints_before(folder, monkeypatch):
    before = {path: path.read_bytes() for path in files(folder)}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space"):
        save(folder, parity(2), SMALL, search(parity(2), SMALL, 4))
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_other_versions_tasks_and_settings_are_refused(folder, monkeypatch):
    newest = files(folder)[-1]
    with pytest.raises(CheckpointError, match="'task': 'xor'"):
        read(newest, replace(parity(2), name="and"), SMALL)
    with pytest.raises(CheckpointError, match="'seed': 3"):
        read(newest, parity(2), replace(SMALL, seed=4))
    monkeypatch.setattr("numeric.checkpoint.VERSION", 99)
    with pytest.raises(CheckpointError, match="version 99, got"):
        read(newest, parity(2), SMALL)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("nodes", lambda a: a - 100),
        ("activations", lambda a: a + 11),
        ("source", lambda a: a + 1000),
        ("target", lambda a: a * 0),
        ("source", lambda a: a.astype(np.float64)),
        ("hidden", lambda a: a[:-1]),
        ("known", lambda a: a * np.nan),
    ],
)
def test_genes_that_fit_nothing_are_refused(tmp_path, name, change):
    from numeric import checkpoint

    state = search(parity(2), replace(SMALL, seed=5), 12)
    path = save(tmp_path, parity(2), replace(SMALL, seed=5), state)
    record, arrays = checkpoint.load(path, "a weight-agnostic search")
    assert arrays[name].size
    checkpoint.save(path, "a weight-agnostic search", record, arrays | {name: change(arrays[name])})
    with pytest.raises(CheckpointError, match="not a whole checkpoint"):
        read(path, parity(2), replace(SMALL, seed=5))


def test_no_checkpoint_is_said(tmp_path):
    with pytest.raises(CheckpointError, match="no checkpoint in"):
        load(tmp_path, parity(2), SMALL)
