"""The census: counts known from elsewhere, evidence that cannot be changed unseen, runs that stop and go on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from importlib import import_module
from itertools import accumulate, product
from multiprocessing import active_children
from operator import ge
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from proofs.checker import check
from proofs.cli import app
from proofs.cli.census import records
from proofs.separation import SeparationError, census
from proofs.separation.boolean.oriented import Oriented, lift
from proofs.separation.census import (
    Tally,
    Unverified,
    certificate,
    count_all,
    count_unit,
    dask_cluster,
    local_processes,
    settle_census,
    simplex,
    unit_paths,
    units,
)
from proofs.separation.census.certificate import certificates
from proofs.separation.census.regular import Ints, Pairs, Signs, below, children, open_states, pairs, paths
from proofs.separation.census.simplex import Bases, one, solve
from proofs.separation.census.verifying import check_refutations, check_weights
from proofs.separation.census.walk import walk
from tests.separation.rechecking import holds

SLOW = pytest.mark.skipif(not os.environ.get("GRADPROOF_SLOW"), reason="needs GRADPROOF_SLOW=1")
FUNCTIONS = (2, 4, 14, 104, 1882, 94572, 15028134, 8378070864, 17561539552946)
"""OEIS A000609, n = 0, 1, ..."""
NP_CLASSES = (2, 3, 5, 10, 27, 119, 1113, 29375, 2730166)
"""OEIS A000617, n = 0, 1, ..."""
SELF_DUAL_CLASSES = (1, 1, 2, 3, 7, 21, 135, 2470, 175428)
"""OEIS A001532, n + 1 = 1, 2, ..."""


@pytest.mark.parametrize(("inputs", "threshold"), [(1, 4), (2, 14), (3, 104)])
def test_number_of_threshold_functions(inputs: int, threshold: int) -> None:
    certificate = census(inputs)
    assert certificate.data["threshold"] == threshold
    assert holds(dict(certificate.data))
    assert check(certificate.data).kind == "census"


@pytest.mark.parametrize("inputs", [0, 4, -1, "2"])
def test_other_sizes_are_refused(inputs: int) -> None:
    with pytest.raises(SeparationError, match="expected 1 to 3"):
        census(inputs)


@pytest.mark.parametrize("inputs", [*range(7), *(pytest.param(n, marks=SLOW) for n in (7, 8))])
def test_the_counts_are_those_of_the_encyclopedia(inputs: int) -> None:
    tally = count_all(inputs)
    assert tally.threshold == FUNCTIONS[inputs]
    assert tally.np_classes == NP_CLASSES[inputs]
    assert tally.classes == SELF_DUAL_CLASSES[inputs]


@pytest.mark.parametrize("inputs", [-1, 10, True, "3"])
def test_what_is_not_a_census_is_refused(inputs: Any) -> None:
    with pytest.raises(SeparationError, match="0 to 9"):
        count_all(inputs)


@given(st.integers(0, 5), st.integers(0, 5))
def test_subtrees_add_up(inputs: int, depth: int) -> None:
    tree = pairs(inputs + 1)
    total = sum((walk(tree, below(tree, path)) for path in paths(tree, depth)), Tally())
    assert (total.threshold, total.np_classes) == (FUNCTIONS[inputs], NP_CLASSES[inputs])


@pytest.mark.parametrize("path", ["2", "0" * 99, "x"])
def test_a_path_that_is_not_in_the_tree_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="a node of the tree"):
        below(pairs(4), path)


def test_each_regular_function_is_one_leaf() -> None:
    """All self-dual functions of 5 variables, and which of them are regular, by going through them."""
    tree = pairs(5)
    cube = list(product((1, -1), repeat=5))
    ends = {x: tuple(accumulate(x)) for x in cube}
    regular = []
    for signs in product((1, -1), repeat=len(tree.points) - 1):
        chosen = {tuple(sign * x for x in point) for sign, point in zip(signs, tree.points.tolist(), strict=False)}
        true = chosen | {x for x in cube if min(ends[x]) >= 0}
        if all(y in true for x in true for y in cube if all(map(ge, ends[y], ends[x]))):
            regular.append(list(signs))
    states = tree.root
    while open_states(states).any():
        going = open_states(states)
        states = np.concatenate([states[~going], children(tree, states[going])])
    assert len(regular) == 7
    assert sorted(states[:, :-1].tolist()) == sorted(regular)


@cache
def hard_part() -> tuple[Pairs, str]:
    """A subtree for n = 8 with a few classes and a few refutations."""
    tree = pairs(9)
    for path in paths(tree, 12):
        tally = walk(tree, below(tree, path))
        if 3 <= tally.classes <= 60 and tally.refuted >= 5:
            return tree, path
    raise AssertionError("no such subtree")


@cache
def evidence() -> tuple[Pairs, Signs, Ints, Signs, Ints, Ints]:
    tree, path = hard_part()
    parts: list[tuple[Signs, Ints, Signs, Ints, Ints]] = []
    walk(tree, below(tree, path), lambda *part: parts.append(part))
    leaves, weights, refuted, places, multipliers = (np.concatenate(part) for part in zip(*parts, strict=True))
    return tree, leaves, weights, refuted, places, multipliers


def refuted_leaf(number: int, choices: tuple[int, ...] = ()) -> tuple[Pairs, Signs, Ints, Ints]:
    """A regular function below a refuted state, and the refutation of that state."""
    tree, _, _, refuted, places, multipliers = evidence()
    state = refuted[number % len(refuted)][None]
    turns = iter(choices)
    while open_states(state)[0]:
        state = children(tree, state)[next(turns, 0)][None]
    return tree, state[0], places[number % len(refuted)], multipliers[number % len(refuted)]


@given(st.integers(0, 50), st.lists(st.integers(0, 1), max_size=40))
def test_a_refutation_lifts_to_a_plain_multiset(number: int, choices: list[int]) -> None:
    """True points whose plain sum is 0: no weights at all, sorted or not, are positive on each of them."""
    tree, leaf, places, multipliers = refuted_leaf(number, tuple(choices))
    size = len(tree.points)
    points = tree.points[places % size] * np.where(places < size, 1, -1)[:, None]
    true = {tuple(x) for x in (tree.points * leaf[:, None]).tolist()}
    cube = np.empty((2,) * tree.variables, np.int8)
    for place in np.ndindex(cube.shape):
        point = tuple(2 * index - 1 for index in place)
        cube[place] = 1 if (np.cumsum(point) >= 0).all() or point in true else -1
    function = Oriented(cube, tuple(range(tree.variables)), (1,) * tree.variables)
    used = multipliers > 0
    found = lift(function, points[used], multipliers[used].tolist())
    assert all(cube[place] == 1 and count > 0 for place, count in found.items())
    total = sum(count * (2 * np.array(place, object) - 1) for place, count in found.items())
    assert list(total) == [0] * tree.variables
    assert found


@given(st.data())
def test_changed_weights_are_seen(data: st.DataObject) -> None:
    tree, leaves, weights, *_ = evidence()
    row, column = data.draw(st.integers(0, len(weights) - 1)), data.draw(st.integers(0, tree.variables - 1))
    changed = weights.copy()
    changed[row, column] = data.draw(st.sampled_from((-1, 10**6, 1 << 41)))
    check_weights(tree, leaves, weights)
    with pytest.raises(Unverified):
        check_weights(tree, leaves, changed)
    other = leaves.copy()
    other[row, data.draw(st.integers(0, len(tree.points) - 1))] *= -1
    with pytest.raises(Unverified):
        check_weights(tree, other, weights)


@given(st.data())
def test_changed_refutations_are_seen(data: st.DataObject) -> None:
    tree, _, _, refuted, places, multipliers = evidence()
    row = data.draw(st.integers(0, len(places) - 1))
    column = int(np.flatnonzero(multipliers[row])[0])
    check_refutations(tree, refuted, places, multipliers)
    for change in (lambda m: -m, lambda m: m + (1 << 41), lambda m: m * 0):
        changed = multipliers.copy()
        changed[row] = change(changed[row])
        with pytest.raises(Unverified):
            check_refutations(tree, refuted, places, changed)
    turned, size = places.copy(), len(tree.points)
    turned[row, column] = (turned[row, column] + size) % (2 * size)
    with pytest.raises(Unverified):
        check_refutations(tree, refuted, turned, multipliers)
    missing = refuted.copy()
    missing[row, places[row, column] % size] = 0
    with pytest.raises(Unverified):
        check_refutations(tree, missing, places, multipliers)


@given(st.lists(st.lists(st.integers(-4, 4), min_size=3, max_size=3), min_size=1, max_size=6))
def test_the_whole_tableau_answers_with_weights_or_a_ray(rows: list[list[int]]) -> None:
    found, optimal = one(rows)
    assert min(found) >= 0 < max([*found, 1 if optimal else 0])
    if optimal:
        assert all(sum(a * x for a, x in zip(found, row, strict=True)) > 0 for row in rows)
    else:
        assert max(found) > 0
        assert all(sum(m * x for m, x in zip(found, column, strict=True)) <= 0 for column in zip(*rows, strict=True))


@pytest.mark.parametrize(("name", "value"), [("LARGEST", 3.0), ("STEPS", 2)])
def test_what_the_fast_simplex_leaves_is_solved_exactly(monkeypatch: pytest.MonkeyPatch, name: str, value: Any) -> None:
    monkeypatch.setattr(simplex, name, value)
    assert count_all(6).threshold == FUNCTIONS[6]
    tree, path = hard_part()
    hard = walk(tree, below(tree, path))
    monkeypatch.undo()
    assert hard == walk(tree, below(tree, path))


def test_the_two_simplexes_agree() -> None:
    tree, leaves, _, refuted, *_ = evidence()
    states = np.concatenate([leaves[:10], refuted[:10]])
    start = Bases.together([Bases.start(tree.variables)] * len(states))
    found = solve(tree, states, start)
    for state, dead in zip(states, found.refuted, strict=True):
        true = np.flatnonzero(state)
        assert one((tree.prefix[true] * state[true][:, None]).tolist())[1] != dead


class Here(Executor):
    """Runs each call at once, in this process, and breaks down at the calls numbered in `breaks`."""

    calls = 0

    def __init__(self, breaks: set[int]) -> None:
        self.breaks = breaks

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        Here.calls += 1
        if Here.calls in self.breaks:
            future.set_exception(BrokenProcessPool("a worker died"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def breaking(*calls: int) -> Callable[[], AbstractContextManager[Executor]]:
    @contextmanager
    def pool() -> Iterator[Executor]:
        yield Here(set(calls))

    Here.calls = 0
    return pool


@pytest.fixture
def seven(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """n = 6 in small units."""
    monkeypatch.setitem(units.DEPTH, 6, 5)
    return unit_paths(6)


def test_a_pool_that_dies_goes_on_where_it_was(seven: list[str]) -> None:
    ended: list[str] = []
    tally = count_all(6, pool=breaking(3, 20), finished=lambda path, *_: ended.append(path))
    assert tally.threshold == FUNCTIONS[6]
    assert sorted(ended) == sorted(seven)
    with pytest.raises(BrokenProcessPool):
        count_all(6, pool=breaking(*range(1, 500)))


def test_a_process_that_is_killed_is_replaced(seven: list[str]) -> None:
    ended: list[str] = []
    pools: list[Any] = []

    @contextmanager
    def pool() -> Iterator[Executor]:
        with local_processes(1) as executor:
            pools.append(executor)
            yield executor

    def keep(path: str, *_: Any) -> None:
        ended.append(path)
        if len(ended) == 3:
            os.kill(next(iter(pools[0]._processes)), signal.SIGKILL)

    assert count_all(6, pool=pool, finished=keep).threshold == FUNCTIONS[6]
    assert sorted(ended) == sorted(seven)


@given(st.integers(0, 20))
def test_a_run_that_is_stopped_anywhere_counts_nothing_twice(after: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(units.DEPTH, 5, 4)
        done: dict[str, Tally] = {}

        def keep(path: str, tally: Tally, _: Any) -> None:
            if len(done) == after:
                raise KeyboardInterrupt
            assert path not in done
            done[path] = tally

        for _ in range(2):
            try:
                total = count_all(5, done=dict(done), finished=keep)
            except KeyboardInterrupt:
                after = 10_000
        assert total.threshold == FUNCTIONS[5]
        assert sorted(done) == sorted(unit_paths(5))


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    count_all(4, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 1)]


@pytest.mark.parametrize("inputs", range(7))
def test_a_small_census_is_proved(inputs: int) -> None:
    unit = count_unit(inputs, "", certify=True)
    verdict = settle_census(inputs, unit.tally, unit.certificates)
    assert verdict.status.value == "PROVED"
    assert str(FUNCTIONS[inputs]) in verdict.claim.text


def test_without_a_certificate_nothing_is_proved() -> None:
    verdict = settle_census(8, Tally(1, 1, 1, 1), {})
    assert verdict.status.value == "UNDECIDED"
    assert "not by the checker" in verdict.reason


def test_certificates_are_cut_into_parts_that_are_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    tree, path = hard_part()
    monkeypatch.setattr(certificate, "MOST_STEPS", 10_000)
    tally, parts = certificates(tree, path)
    assert len(parts) > 1
    assert all(check(part.data).kind == "census" and part.data["path"] == name for name, part in parts.items())
    assert sum(part.data["threshold"] for part in parts.values()) == tally.threshold
    assert sum(2.0 ** -len(name) for name in parts) == 2.0 ** -len(path)


def gradproof(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def test_the_command_proves_and_its_certificate_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "census.json"
    code, out, _ = gradproof("census", 5, "--certificate", path, "--json")
    found = json.loads(out)
    assert (code, found["verdict"], found["threshold"], found["np_classes"]) == (0, "PROVED", 94572, 119)
    code, out, _ = gradproof("verify", path)
    assert code == 0
    assert "94572" in out


def test_a_folder_of_parts_must_be_the_whole(tmp_path: Path) -> None:
    tree = pairs(6)
    for path in ("00", "01", "1"):
        (_, parts) = certificates(tree, path)
        (tmp_path / f"census-{path}.json").write_text(parts[path].to_text())
    code, out, _ = gradproof("verify", tmp_path)
    assert code == 0
    assert "94572" in out
    assert "3 parts" in out
    (tmp_path / "again.json").write_text((tmp_path / "census-01.json").read_text())
    assert gradproof("verify", tmp_path)[0] == 1
    (tmp_path / "again.json").unlink()
    (tmp_path / "census-01.json").unlink()
    assert gradproof("verify", tmp_path)[0] == 1
    wrong = json.loads((tmp_path / "census-1.json").read_text())
    (tmp_path / "census-1.json").write_text(json.dumps({**wrong, "threshold": wrong["threshold"] + 1}))
    code, out, _ = gradproof("verify", tmp_path)
    assert code == 1
    assert "census-1.json" in out


def test_processes_end_at_once_when_their_work_is_interrupted() -> None:
    def interrupted() -> None:
        with units.local_processes(1) as executor:
            running.append(executor.submit(signal.pause))
            raise KeyboardInterrupt

    running: list[Future[Any]] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert isinstance(running[0].exception(), BrokenProcessPool)
    assert not active_children()


def test_a_run_goes_on_from_its_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(units.DEPTH, 8, 2)
    counted: list[str] = []

    def quick(_: int, path: str, __: bool) -> units.Unit:
        counted.append(path)
        if len(counted) == 3:
            raise RuntimeError("stopped")
        return units.Unit(path, Tally(10 ** len(path), 1, 1, 0), {})

    monkeypatch.setattr(units, "count_unit", quick)
    monkeypatch.setattr(import_module("proofs.separation.census"), "local_processes", lambda _: breaking()())
    with pytest.raises(RuntimeError, match="stopped"):
        gradproof("census", 8, "--resume", tmp_path)
    code, out, _ = gradproof("census", 8, "--resume", tmp_path, "--json")
    assert (code, json.loads(out)["verdict"], json.loads(out)["classes"]) == (3, "UNDECIDED", 4)
    assert len(list(tmp_path.iterdir())) == 4
    assert len(records(tmp_path, 8)) == 4
    record = next(tmp_path.iterdir())
    record.write_text(record.read_text().replace('"classes": 1', '"classes": 2'))
    code, _, err = gradproof("census", 8, "--resume", tmp_path)
    assert code == 2
    assert record.name in err
    assert "remove the file" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("9", "--certificate", "folder"), "10 GB"),
        (("10",), "9"),
        pytest.param(("8", "--scheduler", "nonsense"), "scheduler", marks=SLOW),
    ],
)
def test_wrong_usage_says_what_to_change(arguments: tuple[str, ...], message: str) -> None:
    code, _, err = gradproof("census", *arguments)
    assert code == 2
    assert message in err


@SLOW
def test_a_command_that_is_killed_goes_on(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "proofs.cli", "census", "8", "--resume", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as first:
        while len(list(tmp_path.iterdir())) < 5:
            assert first.poll() is None
        first.kill()
    before = records(tmp_path, 8)
    assert 5 <= len(before) < len(unit_paths(8))
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 3
    assert str(FUNCTIONS[8]) in again.stdout
    after = records(tmp_path, 8)
    assert sorted(after) == sorted(unit_paths(8))
    assert {path: after[path] for path in before} == before


@SLOW
@pytest.mark.filterwarnings("ignore")  # the cluster's own, when one of its processes is killed
def test_a_cluster_that_loses_a_worker_counts_everything_once() -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        ended: list[str] = []
        killed: list[int] = []

        def keep(path: str, *_: Any) -> None:
            ended.append(path)
            if len(ended) == 10:
                pid = next(iter(cluster.workers.values())).process.pid
                os.kill(pid, 9)
                killed.append(pid)

        tally = count_all(8, pool=lambda: dask_cluster(cluster.scheduler_address), finished=keep)
    assert len(killed) == 1
    assert tally.threshold == FUNCTIONS[8]
    assert sorted(ended) == sorted(unit_paths(8))
