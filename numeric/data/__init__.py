"""Data to learn from: two sets of real handwritten digits and iris, embedded; IDX folders of full MNIST and its kin."""

from numeric.data.idx import DataError, read_idx
from numeric.data.images import Images, Split, digits_8x8, idx_files, idx_folder, mnist_5k, split
from numeric.data.table import Table, iris

__all__ = [
    "DataError",
    "Images",
    "Split",
    "Table",
    "digits_8x8",
    "idx_files",
    "idx_folder",
    "iris",
    "mnist_5k",
    "read_idx",
    "split",
]
