"""The search example in quick mode: the same bytes every time, also when cut and resumed; and the stored networks."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import sys
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.patches import FancyArrowPatch

from numeric.wann import PIECEWISE_POLYNOMIAL, TASKS, Node, Topology, read, tuning
from numeric.wann.search import WEIGHTS, Record
from proofs.separation.files import read_file

EXAMPLES = Path(__file__).parents[2] / "examples"
WRITTEN = ("topology.json", "table.md", "network.png", "weights.png", "progress.png", "test.csv")
PROGRESS = [(-1.1, -1.5, -1.1, 6), (-1.0, -1.2, -1.0, 7), (-0.9, -1.1, -0.8, 5), (-0.8, -1.0, -0.7, 5)]
slow = pytest.mark.skipif(not os.environ.get("GRADPROOF_SLOW"), reason="seconds to minutes each; GRADPROOF_SLOW=1")


def run(*options: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(EXAMPLES)
        patch.setattr(sys, "argv", ["weight_agnostic.py", *options])
        runpy.run_path(str(EXAMPLES / "weight_agnostic.py"), run_name="__main__")


@pytest.fixture(scope="module")
def examples() -> SimpleNamespace:
    """What the example is made of."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(EXAMPLES)
        return SimpleNamespace(**runpy.run_path(str(EXAMPLES / "weight_agnostic.py"), run_name="examples"))


def refused(message: str, capsys: pytest.CaptureFixture[str], *options: str) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*options)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def written(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in WRITTEN}


def test_a_run_cut_and_gone_on_with_writes_the_same_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    quick = ("--task", "xor", "--quick", "--every", "1", "--output")
    run(*quick, str(tmp_path / "whole"))
    said = capsys.readouterr().out
    assert "tuned shared weight" in said
    assert "--label class" in said
    text = (tmp_path / "whole" / "table.md").read_text(encoding="utf-8")
    assert "the best of 4 generations of 24" in text
    assert re.search(r"weights of the search right on \d+\.\d % (to \d+\.\d % )?of the rows", text)
    assert "| weights | all rows |" in text
    (tmp_path / "cut").mkdir()
    shutil.copy(tmp_path / "whole" / "generation-0000003.npz", tmp_path / "cut")
    run(*quick, str(tmp_path / "cut"), "--resume")
    assert written(tmp_path / "cut") == written(tmp_path / "whole")
    refused("belongs to another search", capsys, *quick, str(tmp_path / "cut"), "--resume", "--seed", "1")
    refused("holds the checkpoints of a search; add --resume", capsys, *quick, str(tmp_path / "cut"))


def small(name: str) -> Topology:
    """One hidden node, and outputs that read it."""
    task = TASKS[name]()
    nodes = [Node("relu", (1, 2)), *[Node("linear", (0, task.inputs + 1))] * task.outputs]
    return Topology(task.inputs, tuple(nodes), tuple(range(task.inputs + 2, task.inputs + 2 + task.outputs)))


def test_the_rows_of_the_test_are_written_exactly(tmp_path: Path, examples: SimpleNamespace) -> None:
    task = TASKS["iris"]()
    (tmp_path / "test.csv").write_text(examples.rows_csv(task))
    table, labels, _ = read_file(tmp_path / "test.csv", "class")
    columns = [[float(column.value(row)) for row in range(len(labels))] for column in table.columns]
    assert np.array_equal(np.array(columns, np.float32), task.test[0])
    assert [*map(int, labels)] == task.test[1].tolist()
    assert all(
        column.value(0) == Fraction(float(x)) for column, x in zip(table.columns, task.test[0][:, 0], strict=True)
    )


def test_arrows_end_at_the_nodes_and_outputs_have_names(examples: SimpleNamespace) -> None:
    axes = examples.draw_network(small("iris"), TASKS["iris"]()).axes[0]
    arrows = [patch for patch in axes.patches if isinstance(patch, FancyArrowPatch)]
    assert len(arrows) == 8
    assert all(arrow.patchA is not None and arrow.patchB is not None for arrow in arrows)
    texts = [text.get_text() for text in axes.texts]
    assert {"setosa", "versicolor", "virginica"} <= {*texts}


def test_no_dot_is_cut_off_and_generations_are_whole(examples: SimpleNamespace) -> None:
    weights = (-2.0, 2.0)
    axes = examples.draw_weights(TASKS["xor"](), small("xor"), np.linspace(-2, 2, 5), weights).axes[0]
    assert [line.get_clip_on() for line in axes.lines if line.get_marker() == "o"] == [False]
    above, below = examples.draw_progress(TASKS["xor"](), [Record(*row) for row in PROGRESS]).axes
    assert above.get_ylim()[0] <= min(min(row[:2]) for row in PROGRESS)
    low, high = below.get_xlim()
    assert all(tick == round(tick) for tick in below.get_xticks() if low <= tick <= high)


@slow
@pytest.mark.parametrize("task", ["parity3", "iris", "digits", "mnist", "swingup"])
def test_every_task_runs(task: str, tmp_path: Path) -> None:
    run("--task", task, "--quick", "--processes", "2", "--output", str(tmp_path))
    assert all((tmp_path / name).read_bytes() for name in WRITTEN if (task, name) != ("swingup", "test.csv"))


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
def test_bad_options_are_named(
    options: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(said, capsys, "--quick", "--output", str(tmp_path), *options)


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
