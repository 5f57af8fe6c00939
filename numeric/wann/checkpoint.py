"""A search kept on disk: a file for a generation, of which the last two are kept.

The connections every minimal genome begins with are implied; only their flags are stored.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numeric import checkpoint
from numeric.checkpoint import CheckpointError
from numeric.wann.activations import ACTIVATIONS
from numeric.wann.genome import GENE_ARRAYS, Genome, GenomeError, layers, minimal
from numeric.wann.search import Record, Settings, State
from numeric.wann.tasks import Task

Array = NDArray[Any]

KIND = "a weight-agnostic search"


def save(folder: Path, task: Task, settings: Settings, state: State) -> Path:
    """Write a state whole or not at all, and remove the files before it but one. Raises OSError."""
    genomes = [*state.population, *([] if state.champion is None else [state.champion])]
    first = (task.inputs + 1) * task.outputs
    record = {
        "about": _about(task, settings),
        "generation": state.generation,
        "next": [state.next_connection, state.next_node],
        "champion_reward": None if state.champion is None else state.champion_reward,
        "history": state.history,
    }
    arrays = {
        "known": state.known,
        "hidden": np.array([len(genome.nodes) for genome in genomes], np.int32),
        "added": np.array([len(genome.source) - first for genome in genomes], np.int32),
        "nodes": np.concatenate([genome.nodes for genome in genomes]),
        "activations": np.concatenate([genome.activations for genome in genomes]),
        "first": np.packbits(np.array([genome.enabled[:first] for genome in genomes]), axis=1),
        "innovation": np.concatenate([genome.innovation[first:] for genome in genomes]),
        "source": np.concatenate([genome.source[first:] for genome in genomes]),
        "target": np.concatenate([genome.target[first:] for genome in genomes]),
        "enabled": np.packbits(np.concatenate([genome.enabled[first:] for genome in genomes])),
    }
    path = folder / f"generation-{state.generation:07d}.npz"
    checkpoint.save(path, KIND, record, arrays)
    for old in files(folder)[: files(folder).index(path)][:-1]:
        old.unlink(missing_ok=True)
    return path


def files(folder: Path) -> list[Path]:
    """The checkpoints in a folder, the oldest first."""
    return sorted(folder.glob("generation-*.npz"))


def load(folder: Path, task: Task, settings: Settings) -> State:
    """The state in the newest checkpoint of a folder.

    Raises CheckpointError where there is none, where it is cut short or damaged (naming it, and the one before if that
    is whole), was written by another version, or belongs to another task or other settings. No file is changed.
    """
    found = files(folder)
    if not found:
        raise CheckpointError(f"no checkpoint in {folder}; start without resuming")
    try:
        return read(found[-1], task, settings)
    except CheckpointError as error:
        for older in reversed(found[:-1]):
            try:
                read(older, task, settings)
            except CheckpointError:
                continue
            raise CheckpointError(
                f"{error}. {older.name} is whole: remove {found[-1].name} to go on from it"
            ) from error
        raise


def read(path: Path, task: Task, settings: Settings) -> State:
    """The state in one file; raises CheckpointError as `load` does."""
    record, arrays = checkpoint.load(path, KIND)
    about = record.get("about")
    was = about if isinstance(about, dict) else {}
    differing = {key: was.get(key) for key, value in _about(task, settings).items() if was.get(key) != value}
    if differing:
        raise CheckpointError(f"{path} belongs to another search, with {differing}; give the same, or another folder")
    try:
        return _state(arrays, record, task, settings)
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise CheckpointError(f"{path}: not a whole checkpoint ({error}); remove it to begin again") from error


def _about(task: Task, settings: Settings) -> dict[str, Any]:
    said = {"task": task.name, "inputs": task.inputs, "outputs": task.outputs, **asdict(settings)}
    plain: dict[str, Any] = json.loads(json.dumps(said))
    return plain


def _state(arrays: dict[str, Array], record: dict[str, Any], task: Task, settings: Settings) -> State:
    first = (task.inputs + 1) * task.outputs
    start = minimal(task.inputs, task.outputs, 1.0, np.random.default_rng(0))
    hidden, added = arrays["hidden"], arrays["added"]
    champions = 0 if record["champion_reward"] is None else 1
    if len(hidden) != len(added) or len(hidden) != settings.population + champions:
        raise ValueError(f"{len(hidden)} genomes where {settings.population + champions} were expected")
    flags = np.unpackbits(arrays["first"], axis=1, count=first).astype(bool)
    enabled = np.unpackbits(arrays["enabled"], count=int(added.sum())).astype(bool)
    node_cuts, gene_cuts = np.cumsum(hidden)[:-1], np.cumsum(added)[:-1]
    parts = zip(
        np.split(arrays["nodes"], node_cuts),
        np.split(arrays["activations"], node_cuts),
        np.split(arrays["innovation"], gene_cuts),
        np.split(arrays["source"], gene_cuts),
        np.split(arrays["target"], gene_cuts),
        np.split(enabled, gene_cuts),
        flags,
        strict=True,
    )
    genomes = [
        _checked(
            Genome(
                task.inputs,
                task.outputs,
                nodes,
                activations,
                np.concatenate([start.innovation, innovation]),
                np.concatenate([start.source, source]),
                np.concatenate([start.target, target]),
                np.concatenate([flag, on]),
            )
        )
        for nodes, activations, innovation, source, target, on, flag in parts
    ]
    known = arrays["known"]
    if known.ndim != 2 or known.shape[1] != len(settings.weights) or not np.isfinite(known).all():
        raise ValueError(f"rewards of shape {known.shape}")
    return State(
        int(record["generation"]),
        tuple(genomes[: settings.population]),
        known,
        int(record["next"][0]),
        int(record["next"][1]),
        genomes[-1] if champions else None,
        float(record["champion_reward"]) if champions else -np.inf,
        tuple(Record(*row) for row in record["history"]),
    )


def _checked(genome: Genome) -> Genome:
    """The genome, if its genes fit each other; raises GenomeError."""
    terminals = genome.inputs + 1 + genome.outputs
    known = np.concatenate([np.arange(terminals), genome.nodes])
    sound = (
        all(getattr(genome, name).dtype == np.int32 for name in GENE_ARRAYS[:-1])
        and (np.diff(genome.nodes) > 0).all()
        and (genome.nodes >= terminals).all()
        and ((genome.activations >= 0) & (genome.activations < len(ACTIVATIONS))).all()
        and np.isin(genome.source, np.setdiff1d(known, np.arange(genome.inputs + 1, terminals))).all()
        and np.isin(genome.target, known[genome.inputs + 1 :]).all()
    )
    if not sound:
        raise GenomeError("its genes do not fit each other")
    layers(genome)
    return genome
