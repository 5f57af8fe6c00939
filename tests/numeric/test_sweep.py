"""A grid is computed once, on any executor, and goes on from what is there."""

from __future__ import annotations

import os
import struct
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from numeric import sweep
from numeric.data import DataError
from numeric.settings import Point, Settings
from numeric.sweep import Cell, SweepError, digest, kept_outcome, parts, run_cell, run_grid

SLOW = pytest.mark.skipif("GRADPROOF_SLOW" not in os.environ, reason="starts processes; GRADPROOF_SLOW=1 runs it")
CELLS = [
    Cell("digits-8x8", Settings(rate=rate, steps=30, every=10, seed=seed), units, 0.1)
    for rate in (0.1, 0.5)
    for seed, units in ((0, 8), (1, 0))
]


class Here(Executor):
    """Runs a job as it is asked for."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def test_a_grid_is_the_same_on_every_executor(tmp_path: Path) -> None:
    told: list[tuple[Cell, Point]] = []
    alone = run_grid(CELLS, progress=lambda cell, point: told.append((cell, point)))
    assert [point.step for cell, point in told if cell == CELLS[0]] == [0, 10, 20, 30]
    assert run_grid(CELLS, executor=Here(), folder=tmp_path) == alone
    with ThreadPoolExecutor(2) as threads:
        assert run_grid(reversed(CELLS), executor=threads) == alone
    assert list(alone) == CELLS
    assert len({cell.key for cell in CELLS}) == len(CELLS) == len(list(tmp_path.iterdir()))


@SLOW
def test_processes_and_a_cluster_compute_the_same() -> None:
    from proofs.separation.census import dask_cluster, local_processes

    alone = run_grid(CELLS)
    with local_processes(2) as processes:
        assert run_grid(CELLS, executor=processes) == alone
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None) as cluster,
        dask_cluster(cluster.scheduler_address) as executor,
    ):
        assert run_grid(CELLS, executor=executor) == alone


class Killed(Exception):
    pass


def test_a_killed_grid_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run_grid(CELLS)

    def kill(cell: Cell, point: Point) -> None:
        if (cell, point.step) == (CELLS[1], 20):
            raise Killed

    with pytest.raises(Killed):
        run_grid(CELLS, folder=tmp_path, progress=kill)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([f"{CELLS[0].key}.json", f"{CELLS[1].key}.npz"])
    ran: list[Cell] = []
    monkeypatch.setattr(sweep, "run_cell", lambda cell, *rest: ran.append(cell) or run_cell(cell, *rest))
    told: list[int] = []
    again = run_grid(CELLS, folder=tmp_path, progress=lambda _, point: told.append(point.step))
    assert again == whole
    assert ran == CELLS[1:]
    assert told[:2] == [20, 30]
    assert {path.suffix for path in tmp_path.iterdir()} == {".json"}
    assert run_grid(CELLS, folder=tmp_path) == whole
    assert ran == CELLS[1:]


def test_a_damaged_result_is_named(tmp_path: Path) -> None:
    cell = Cell("digits-8x8", Settings(rate=0.1, steps=0), 0)
    assert kept_outcome(tmp_path, cell) is None
    outcome = run_grid([cell], folder=tmp_path)[cell]
    assert kept_outcome(tmp_path, cell) == outcome
    path = tmp_path / f"{cell.key}.json"
    whole = path.read_bytes()
    for bad in (b"", whole[:-9], whole.replace(b'"units": 0', b'"units": 1'), b"[" * 100_000, b'{"outcome": 3}'):
        path.write_bytes(bad)
        with pytest.raises(SweepError, match=f"{path}: not the whole result of its cell"):
            kept_outcome(tmp_path, cell)
        assert path.read_bytes() == bad


def test_a_run_that_diverges_is_a_result(tmp_path: Path) -> None:
    cell = Cell("digits-8x8", Settings(rate=1e38, steps=20, every=20, hidden="relu"), 8, 1.0)
    found = run_grid([cell], folder=tmp_path)[cell]
    assert found.curve == ()
    assert "with learning rate 1e+38" in found.diverged
    assert run_grid([cell], folder=tmp_path)[cell] == found


def test_parts_have_no_row_in_common() -> None:
    found = parts("digits-8x8", 3)
    assert [len(part) for part in found] == [1438, 180, 179]
    rows = np.concatenate([part.x for part in found])
    assert len(np.unique(rows, axis=0)) == len(rows)


def test_an_idx_folder_keeps_its_test_images(tmp_path: Path) -> None:
    for part, count in (("train", 60), ("t10k", 10)):
        head = struct.pack(">4I", 0x803, count, 2, 2), struct.pack(">2I", 0x801, count)
        (tmp_path / f"{part}-images-idx3-ubyte").write_bytes(head[0] + bytes(range(4)) * count)
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(head[1] + bytes([0, 1] * (count // 2)))
    assert [len(part) for part in parts(str(tmp_path), 0)] == [50, 10, 10]
    cell = Cell(str(tmp_path), Settings(rate=0.1, steps=2), 3, content=digest(str(tmp_path)))
    assert len(run_cell(cell).curve) == 3
    path = tmp_path / "t10k-labels-idx1-ubyte"
    path.write_bytes(path.read_bytes()[:-1] + b"\2")
    assert digest(str(tmp_path)) != cell.content
    with pytest.raises(DataError, match="the files are not those the run was planned with"):
        run_cell(cell)
    with pytest.raises(DataError, match="data: expected mnist-5k, digits-8x8 or a folder of IDX files, got nowhere"):
        digest("nowhere")
