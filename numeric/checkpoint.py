"""Checkpoints: a record (JSON) and arrays in one npz file without pickle, written whole or not at all.

A file is read as the data of a stranger: every array's declared size is held against the bytes that are there before
memory is taken for it, and anything unexpected is a CheckpointError that names the file. The file itself is never
changed by reading.
"""

import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

VERSION = 1
LARGEST = 2**31
"""The most bytes a checkpoint may have."""
MOST_ARRAYS = 100_000
RECORD = "record"


class CheckpointError(ValueError):
    """A checkpoint that cannot be read, or that is of another run: names the file and what was expected."""


def write_whole(path: Path, content: bytes) -> None:
    """Write so that a reader sees the old file or the whole new one, whatever interrupts; makes missing folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def save(path: Path, kind: str, record: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write the record and the arrays (of numbers); `kind` says what they are of and is asked for by `load`."""
    text = json.dumps({"version": VERSION, "kind": kind, "record": record}).encode()
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as folder:
        for name, array in {RECORD: np.frombuffer(text, np.uint8), **arrays}.items():
            with folder.open(zipfile.ZipInfo(f"{name}.npy"), "w") as file:
                np.lib.format.write_array(file, np.asanyarray(array), allow_pickle=False)
    write_whole(path, content.getvalue())


def load(path: Path, kind: str) -> tuple[dict[str, Any], dict[str, Array]]:
    """What `save` wrote. Raises CheckpointError for anything else, and FileNotFoundError where there is no file."""
    try:
        arrays = _arrays(path)
        data = json.loads(arrays.pop(RECORD).tobytes())
        version, found, record = data["version"], data["kind"], data["record"]
    except FileNotFoundError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        LookupError,
        TypeError,
        NotImplementedError,
        RecursionError,
        RuntimeError,
        AttributeError,
    ) as error:
        raise CheckpointError(
            f"{path}: not a whole checkpoint ({str(error) or type(error).__name__}); remove it to begin again"
        ) from None
    if version != VERSION or found != kind:
        raise CheckpointError(
            f"{path}: expected a checkpoint of {kind}, version {VERSION}, got {found!s:.40}, version {version!s:.20}; "
            "name another file"
        )
    if not isinstance(record, dict):
        raise CheckpointError(f"{path}: expected a record with names, got {type(record).__name__}; remove it")
    return record, arrays


def _arrays(path: Path) -> dict[str, Array]:
    if path.stat().st_size > LARGEST:
        raise ValueError(f"larger than {LARGEST:,} bytes")
    with zipfile.ZipFile(path) as file:
        entries = file.infolist()
        if len(entries) > MOST_ARRAYS or sum(entry.file_size for entry in entries) > LARGEST:
            raise ValueError("more arrays than a checkpoint has")
        return {entry.filename.removesuffix(".npy"): _array(file, entry) for entry in entries}


def _array(file: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Array:
    if entry.compress_type != zipfile.ZIP_STORED:
        raise ValueError(f"{entry.filename} is compressed")
    content = BytesIO(file.read(entry))
    if np.lib.format.read_magic(content) != (1, 0):
        raise ValueError(f"{entry.filename} is not in version 1 of the npy format")
    shape, by_column, dtype = np.lib.format.read_array_header_1_0(content)
    values = content.read()
    if dtype.hasobject or by_column or prod(shape) * dtype.itemsize != len(values):
        raise ValueError(f"{entry.filename} does not hold {shape} values of type {dtype}")
    return np.frombuffer(values, dtype).reshape(shape).copy()
