"""A checkpoint is read back as it was written; a file that is cut, changed or hostile is refused, by its name."""

from __future__ import annotations

import tempfile
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from numeric import checkpoint
from numeric.checkpoint import CheckpointError, load, save, write_whole

RECORD = {"step": 3, "state": {"big": 2**127}, "curve": [[0, 0.1, None]]}
ARRAYS = {"a": np.arange(6.0).reshape(2, 3), "b": np.ones(3, np.float32)}


@given(arrays(st.sampled_from([np.float32, np.int64]), array_shapes(min_dims=0, min_side=0)))
def test_what_is_saved_is_loaded(array: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new" / "c.npz"
        save(path, "test", RECORD, {"array": array})
        record, found = load(path, "test")
    assert record == RECORD
    assert (found["array"].tobytes(), found["array"].dtype, found["array"].shape) == (
        array.tobytes(),
        array.dtype,
        array.shape,
    )


@given(st.data())
def test_a_file_cut_or_changed_anywhere_is_refused_or_the_same(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "c.npz"
        save(path, "test", RECORD, ARRAYS)
        whole = path.read_bytes()
        at = data.draw(st.integers(0, len(whole) - 1))
        cut = data.draw(st.booleans())
        changed = bytes([whole[at] ^ data.draw(st.integers(1, 255))])
        bad = whole[:at] if cut else whole[:at] + changed + whole[at + 1 :]
        path.write_bytes(bad)
        try:
            record, found = load(path, "test")
        except CheckpointError:
            assert path.read_bytes() == bad
            return
    assert not cut
    assert record == RECORD
    assert all(np.array_equal(found[name], ARRAYS[name]) for name in ARRAYS if name in found)


def test_another_version_and_another_kind_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.npz"
    save(path, "test", RECORD, ARRAYS)
    with pytest.raises(
        CheckpointError, match=f"{path}: expected a checkpoint of other, version 1, got test, version 1"
    ):
        load(path, "other")
    monkeypatch.setattr(checkpoint, "VERSION", 2)
    with pytest.raises(CheckpointError, match="version 2, got test, version 1"):
        load(path, "test")


def hostile(**entries: bytes) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED if "packed" in entries else zipfile.ZIP_STORED) as file:
        for name, entry in entries.items():
            file.writestr(f"{name}.npy", entry)
    return content.getvalue()


def npy(array: Any, **options: Any) -> bytes:
    content = BytesIO()
    np.save(content, array, **options)
    return content.getvalue()


def declared(shape: str) -> bytes:
    content = BytesIO()
    np.lib.format.write_array_header_1_0(content, {"descr": "<f8", "fortran_order": False, "shape": (7,)})
    return content.getvalue().replace(b"(7,), }" + b" " * (len(shape) - 4), f"{shape}, }}".encode())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "not a whole checkpoint"),
        (b"not a zip", "not a whole checkpoint"),
        (hostile(packed=npy(np.zeros(10**6))), "is compressed"),
        (hostile(record=npy(np.array([None, {}], object), allow_pickle=True)), "not a whole checkpoint"),
        (hostile(record=declared("(9999999999999,)")), "does not hold"),
        (hostile(record=npy(np.frombuffer(b'{"version": 1}', np.uint8))), "not a whole checkpoint"),
        (hostile(record=npy(np.frombuffer(b"[" * 100_000, np.uint8))), "not a whole checkpoint"),
        (
            hostile(record=npy(np.frombuffer(b'{"version": 1, "kind": "test", "record": []}', np.uint8))),
            "expected a record with names, got list",
        ),
    ],
    ids=["empty", "no zip", "compressed", "objects", "longer than it is", "no kind", "deep", "a list"],
)
def test_a_hostile_file_is_refused_without_its_memory(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "c.npz"
    path.write_bytes(content)
    tracemalloc.start()
    with pytest.raises(CheckpointError, match=expected):
        load(path, "test")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.npz"
    save(path, "test", RECORD, ARRAYS)
    kept = path.read_bytes()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint.os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"half")
    assert path.read_bytes() == kept
    assert list(tmp_path.iterdir()) == [path]
