"""Reading IDX files of unsigned bytes, plain or gzipped: what they declare is held against what they hold.

The format (LeCun, Cortes and Burges, The MNIST database): two zero bytes, the type (8: unsigned bytes), the number of
dimensions, each dimension as a big-endian unsigned 32-bit integer, then the values row by row. Anything else is
refused with the file's name and what was expected; nothing is returned from a file that is not whole.
"""

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

UNSIGNED_BYTES = 8
LARGEST = 2**30
"""The most values a file may declare: 1 GiB, twenty times the training images of MNIST."""


class DataError(ValueError):
    """Data that cannot be used: names the file or argument, what was expected and what came."""


def read_idx(path: Path, dimensions: int) -> NDArray[np.uint8]:
    """The array of unsigned bytes in an IDX file with this many dimensions; gzipped where its name ends in .gz.

    At most the declared size and one byte are unpacked, so that no file makes more memory than it declares.
    Raises DataError for a file that is missing, cut short, corrupted, longer than declared, of another type or number
    of dimensions, empty in a dimension, or larger than LARGEST.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with cast(BinaryIO, opened(path, "rb")) as file:
            shape = _shape(path, file, dimensions)
            size = math.prod(shape)
            content = file.read(size + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(
            f"{path}: expected a whole gzip file, got one that is cut short or corrupted: {error}"
        ) from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from None
    if len(content) != size:
        came = "more" if len(content) > size else f"{len(content):,}"
        raise DataError(f"{path}: expected {size:,} values for the declared shape {shape}, got {came}")
    return np.frombuffer(content, np.uint8).reshape(shape)


def _shape(path: Path, file: BinaryIO, dimensions: int) -> tuple[int, ...]:
    magic = bytes([0, 0, UNSIGNED_BYTES, dimensions])
    header = file.read(4 + 4 * dimensions)
    if header[:4] != magic:
        raise DataError(
            f"{path}: expected an IDX file of unsigned bytes with {dimensions} dimensions, which begins with the bytes "
            f"{magic.hex(' ')}; got {header[:4].hex(' ') or 'an empty file'}"
        )
    if len(header) < 4 + 4 * dimensions:
        raise DataError(f"{path}: expected {dimensions} dimensions after the first 4 bytes, got a file that ends there")
    shape = struct.unpack(f">{dimensions}I", header[4:])
    if not 1 <= math.prod(shape) <= LARGEST:
        raise DataError(f"{path}: expected between 1 and {LARGEST:,} values, got the declared shape {shape}")
    return shape
