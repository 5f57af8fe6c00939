"""Files are written whole or not at all; devices and pipes are written through."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from pathlib import Path
from stat import S_IMODE, S_ISBLK, S_ISCHR, S_ISDIR, S_ISFIFO, S_ISREG


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path` so that a reader sees the old file or the whole new one, whatever interrupts.

    Folders on the way are made. A file that is there keeps its permissions, and a link to it stays a link; a character
    device (/dev/null), a named pipe, and what stdout or stderr go to (/dev/stdout) are written through.
    Raises OSError as the system words it, also for a file that may not be written, a folder, a socket, a block device.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        mode = _umasked()
    else:
        if refused := refusal(found.st_mode):
            raise OSError(errno.EINVAL, refused, str(path))
        for stream, number in ((sys.stdout, 1), (sys.stderr, 2)):
            if _goes_to(number, found):
                stream.flush()
                _through(number, content)
                return
        if not S_ISREG(found.st_mode):
            _through(path, content)
            return
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        mode = S_IMODE(found.st_mode)
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".gradproof-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def refusal(mode: int) -> str:
    """Why what has this mode is never written as a file, in words; empty if it may be."""
    if S_ISDIR(mode):
        return "it is a folder"
    if S_ISBLK(mode):
        return "it is a block device"
    return "" if S_ISREG(mode) or S_ISCHR(mode) or S_ISFIFO(mode) else "it is a socket"


def _goes_to(number: int, found: os.stat_result) -> bool:
    """Whether the process's stream of that number goes to the file found: it must not be replaced while it does."""
    try:
        return os.path.samestat(os.fstat(number), found)
    except OSError:
        return False


def _through(place: Path | int, content: bytes) -> None:
    with open(place, "wb", closefd=not isinstance(place, int)) as file:
        file.write(content)


def _umasked() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
