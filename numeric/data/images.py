"""Labelled images as float32 rows, embedded or read from a user's folder of IDX files."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from numeric.data.idx import DataError, read_idx

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Images:
    """x (N, D) float32 in [0, 1], labels (N,) int64 in range(classes), shape the (height, width) of a row, D = h w.

    The arrays are read-only: a change would reach everybody who was given them.
    """

    name: str
    x: NDArray[np.float32]
    labels: NDArray[np.int64]
    shape: tuple[int, int]
    classes: int

    def __len__(self) -> int:
        return len(self.labels)

    def rows(self, chosen: NDArray[Any]) -> Self:
        """These rows, in this order."""
        return type(self)(self.name, _fixed(self.x[chosen]), _fixed(self.labels[chosen]), self.shape, self.classes)


class Split(NamedTuple):
    """The rows to learn from and those held out, both in their order in the data."""

    training: Images
    held_out: Images


def split(images: Images, share: float, seed: int = 0) -> Split:
    """Hold out this share of every class, rounded to whole rows, drawn by the seed. Raises ValueError for 0 or 1."""
    if not 0 < share < 1:
        raise ValueError(f"share must be above 0 and below 1, got {share}")
    draw = np.random.default_rng(seed)
    held = np.zeros(len(images), dtype=bool)
    for label in range(images.classes):
        of_class = np.flatnonzero(images.labels == label)
        held[draw.permutation(of_class)[: round(share * len(of_class))]] = True
    return Split(images.rows(np.flatnonzero(~held)), images.rows(np.flatnonzero(held)))


@cache
def mnist_5k() -> Images:
    """5,000 of the 60,000 training images of MNIST, 28 x 28, 500 of each digit, ordered by digit (see SOURCES.md)."""
    return _embedded("mnist-5k", levels=255)


@cache
def digits_8x8() -> Images:
    """1,797 handwritten digits of 8 x 8 pixels with 17 grey levels, 174 to 183 of each digit (see SOURCES.md)."""
    return _embedded("digits-8x8", levels=16)


def idx_folder(folder: str | Path) -> tuple[Images, Images]:
    """Training and test images from a folder with the four files of MNIST or Fashion-MNIST, plain or gzipped.

    The names are ``train-images-idx3-ubyte``, ``train-labels-idx1-ubyte``, ``t10k-images-idx3-ubyte`` and
    ``t10k-labels-idx1-ubyte``, each with or without ``.gz``. Raises DataError for a file that is missing or not whole,
    for labels that do not match their images, and for test images of another size than the training images.
    """
    folder = Path(folder)
    files = idx_files(folder)
    training, test = (_images(str(folder), files[k], files[k + 1]) for k in (0, 2))
    if training.shape != test.shape:
        raise DataError(f"{folder}: expected training and test images of one size, got {training.shape}, {test.shape}")
    classes = max(training.classes, test.classes)
    return replace(training, classes=classes), replace(test, classes=classes)


def idx_files(folder: Path) -> list[Path]:
    """The four files `idx_folder` reads: images and labels to learn from, then those to test on. Raises DataError."""
    return [
        _found(folder, f"{part}-{kind}-ubyte") for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")
    ]


def _embedded(name: str, levels: int) -> Images:
    return _images(name, HERE / f"{name}-images-idx3-ubyte.gz", HERE / f"{name}-labels-idx1-ubyte.gz", levels)


def _found(folder: Path, name: str) -> Path:
    plain, packed = folder / name, folder / f"{name}.gz"
    if plain.is_file():
        return plain
    if packed.is_file():
        return packed
    raise DataError(f"{folder}: expected the file {name} or {name}.gz, found neither; put the IDX files there")


def _images(name: str, images: Path, labels: Path, levels: int = 255) -> Images:
    pixels, classes = read_idx(images, 3), read_idx(labels, 1).astype(np.int64)
    if len(pixels) != len(classes):
        raise DataError(f"{labels}: expected a label for each of {len(pixels)} images, got {len(classes)}")
    x = pixels.reshape(len(pixels), -1).astype(np.float32)
    x /= levels
    return Images(name, _fixed(x), _fixed(classes), (pixels.shape[1], pixels.shape[2]), 1 + int(classes.max()))


def _fixed(array: Any) -> Any:
    array.flags.writeable = False
    return array
