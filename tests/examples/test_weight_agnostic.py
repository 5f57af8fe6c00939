"""The search example in quick mode: the same bytes every time, also when cut and resumed; and the stored networks."""

from __future__ import annotations

import os
import runpy
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from numeric.wann import PIECEWISE_POLYNOMIAL, TASKS, read, tuning
from numeric.wann.search import WEIGHTS

EXAMPLES = Path(__file__).parents[2] / "examples"
WRITTEN = ("topology.json", "table.md", "network.png", "weights.png", "progress.png")
slow = pytest.mark.skipif(not os.environ.get("GRADPROOF_SLOW"), reason="seconds to minutes each; GRADPROOF_SLOW=1")


def run(*options: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(EXAMPLES)
        patch.setattr(sys, "argv", ["weight_agnostic.py", *options])
        runpy.run_path(str(EXAMPLES / "weight_agnostic.py"), run_name="__main__")


def written(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in WRITTEN}


def test_a_run_cut_and_gone_on_with_writes_the_same_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    quick = ("--task", "xor", "--quick", "--every", "1", "--output")
    run(*quick, str(tmp_path / "whole"))
    assert "tuned shared weight" in capsys.readouterr().out
    (tmp_path / "cut").mkdir()
    shutil.copy(tmp_path / "whole" / "generation-0000003.npz", tmp_path / "cut")
    run(*quick, str(tmp_path / "cut"), "--resume")
    assert written(tmp_path / "cut") == written(tmp_path / "whole")
    with pytest.raises(SystemExit, match="belongs to another search"):
        run(*quick, str(tmp_path / "cut"), "--resume", "--seed", "1")
    with pytest.raises(SystemExit, match="holds the checkpoints of a search; add --resume"):
        run(*quick, str(tmp_path / "cut"))


@slow
@pytest.mark.parametrize("task", ["parity3", "iris", "digits", "mnist", "swingup"])
def test_every_task_runs(task: str, tmp_path: Path) -> None:
    run("--task", task, "--quick", "--processes", "2", "--output", str(tmp_path))
    assert all(content for content in written(tmp_path).values())


@slow
def test_a_dask_cluster_finds_the_same(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    quick = ("--task", "iris", "--quick", "--output")
    run(*quick, str(tmp_path / "here"))
    with distributed.LocalCluster(n_workers=1, processes=False, dashboard_address=None) as cluster:
        run(*quick, str(tmp_path / "there"), "--scheduler", cluster.scheduler_address)
    assert written(tmp_path / "here") == written(tmp_path / "there")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--population", "0"), "empty population"),
        (("--generations", "0"), "generations must be at least 1"),
        (("--activations", "linear,softplus"), "softplus"),
    ],
)
def test_bad_options_are_named(options: tuple[str, ...], said: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=said):
        run("--quick", "--output", str(tmp_path), *options)


@pytest.mark.parametrize(("name", "low"), [("xor", -2.0), ("parity3", 0.1)])
def test_a_stored_network_is_right_at_every_weight_tried(name: str, low: float) -> None:
    topology, task = read(EXAMPLES / "topologies" / f"{name}.json"), TASKS[name]()
    weights = [w for w in np.linspace(low, 2, 201) if abs(w) > 0.09]
    assert set(tuning.at_shared(task, topology, weights, task.train)) == {1.0}
    assert {node.activation for node in topology.nodes} <= set(PIECEWISE_POLYNOMIAL)


def test_the_stored_digits_network_reads_digits_at_every_weight_of_the_search() -> None:
    topology, task = read(EXAMPLES / "topologies" / "digits.json"), TASKS["digits"]()
    found = tuning.at_shared(task, topology, WEIGHTS, task.test)
    assert found.min() > 0.7
    assert found.max() > 0.8


@slow
@pytest.mark.parametrize("name", ["xor", "parity3"])
def test_a_stored_network_comes_from_its_command(name: str, tmp_path: Path) -> None:
    run("--task", name, "--output", str(tmp_path))
    assert (tmp_path / "topology.json").read_bytes() == (EXAMPLES / "topologies" / f"{name}.json").read_bytes()
