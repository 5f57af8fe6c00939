"""How a command of ours meets its terminal and ends: no accident has an exit code that means a verdict."""

from __future__ import annotations

import codecs
import errno
import os
import signal
import sys
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

_ASCII = {
    "✓": "+", "✗": "x", "≥": ">=", "≤": "<=", "≠": "!=", "≈": "~", "−": "-", "–": "-", "—": "-", "·": "*", "×": "x",
    "→": "->", "←": "<-", "∂": "d", "∑": "sum", "∞": "infinity", "∈": "in", "α": "alpha", "δ": "delta", "λ": "lambda",
    "‘": "'", "’": "'", "“": '"', "”": '"',
}  # fmt: skip
_UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
_ACCENTS = dict.fromkeys(range(0x300, 0x330))  # not the stroke through a sign, which turns it into its opposite


def in_ascii(character: str) -> str:
    """A character as ASCII that says the same (``≥`` as ``>=``, ``x₂`` as ``x2``, ``é`` as ``e``), else its escape."""
    if found := _ASCII.get(character):
        return found
    raised = "^" if unicodedata.decomposition(character).startswith("<super>") else ""
    base = unicodedata.normalize("NFKD", character).translate(_ACCENTS)
    return raised + base if base.isascii() and base else character.encode("ascii", "backslashreplace").decode()


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(in_ascii, error.object[error.start : error.end])), error.end


def run(command: Callable[[], object]) -> None:
    """Run a command so that only its own exit codes mean a verdict.

    An error of ours shows its traceback and exits 70, an interrupt exits 130, output that cannot be written (a full
    disk) exits 2. When the reader of its output is gone it ends by SIGPIPE (141 in a shell), as other tools do. What
    the terminal's encoding lacks is written in ASCII.
    """
    codecs.register_error("gradproof", _replaced)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="gradproof")
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        try:
            command()
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001  the exit code 1 that Python would use means REFUTED here
        if isinstance(error, OSError) and error.errno in _UNWRITABLE and error.filename is None:
            _give_up(error)
        sys.excepthook(*sys.exc_info())
        sys.exit(70)


def run_alone(command: Callable[[], object], lost: Callable[[], NoReturn]) -> None:
    """`run` in a process of its own, for a command that calls code of others: code that ends the process (`os._exit`)
    passes for no answer, and `lost` is called. Where processes cannot be forked it is `run`."""
    if not hasattr(os, "fork"):
        run(command)
        return
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receive)
        code: object = 0
        try:
            run(command)
        except SystemExit as end:
            code = end.code or 0
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        ended = code if isinstance(code, int) else 70
        os.write(send, b"done")
        os._exit(ended)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.close(send)
    with os.fdopen(receive, "rb") as told:
        done = told.read() == b"done"
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    if not done:
        run(lost)
    sys.exit(os.waitstatus_to_exitcode(status))


def _give_up(error: OSError) -> NoReturn:
    """Say that output is lost and exit 2; what Python still holds back of it goes nowhere."""
    with suppress(OSError):
        print(f"error: cannot write the answer: {error.strerror}", file=sys.stderr, flush=True)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nowhere, number)
    sys.exit(2)
