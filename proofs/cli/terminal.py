"""What the commands share: answers on stdout, messages and progress on stderr, exit codes, files written whole."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from proofs.claim import Status, Verdict

NARROWEST = 60
"""Tables are never laid out for less than this, whatever the terminal says: no word of a verdict is cut off."""
Progress = Callable[[int, int, str], None]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout and nothing else.")]
CertificatesOption = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Write every step's certificate into DIR, a JSON file each.")
]


# What a terminal obeys or hides: control characters, marks of direction, characters of no width, half characters.
_UNSEEN = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\xad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff"
    "\\ufff9-\\ufffb\\ud800-\\udfff\\U000e0000-\\U000e007f]"
)


def visible(text: str) -> str:
    """`text` with what a terminal would obey or hide as Python writes it, ``\\x1b``, ``\\u202e``; lines stay lines."""
    return _UNSEEN.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def say(text: str, *, error: bool = False) -> None:
    """A line on stdout, or on stderr."""
    typer.echo(visible(text), err=error)


def new_console(*, error: bool = False, wrap: bool = False) -> Console:
    """Rich on stdout or stderr that shows texts as they are: no guess at what a word may be, no obeyed characters."""
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class Literal(Console):
        def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
            for text, style, control in super().render(renderable, options):
                yield Segment(text if control else visible(text), style, control)

    console = Literal(stderr=error, highlight=False, emoji=False, soft_wrap=not wrap)
    console.width = max(console.width, NARROWEST)
    return console


def print_json(data: dict[str, Any]) -> None:
    """JSON on stdout, in ASCII where the terminal is not known to show more."""
    plain = "utf" not in (sys.stdout.encoding or "").lower()
    text = json.dumps(data, indent=1, ensure_ascii=plain)
    typer.echo(_UNSEEN.sub(lambda found: json.dumps(found.group())[1:-1], text))


def counted(count: int, noun: str) -> str:
    """``1 step``, ``2 steps``."""
    return f"{count} {noun}{'s' * (count != 1)}"


def error_json(message: str) -> dict[str, Any]:
    """What `--json` prints where there is no answer."""
    return {"schema": "gradproof-error-1", "error": message}


def fail(message: str, as_json: bool) -> NoReturn:
    """Say what is wrong with the input and exit 2."""
    if as_json:
        print_json(error_json(message))
    say(f"error: {message}", error=True)
    raise typer.Exit(2)


def check_seconds(seconds: float | None, as_json: bool) -> None:
    """Exit 2 unless a time is a number > 0, where one is given."""
    if seconds is not None and not 0 < seconds < inf:
        fail(f"--seconds: expected a number > 0, got {seconds:g}", as_json)


def exit_with(status: Status) -> NoReturn:
    """End with the exit code of a verdict."""
    raise typer.Exit({"PROVED": 0, "REFUTED": 1, "UNDECIDED": 3}[status.value])


def _silent(done: int, total: int, name: str) -> None:
    pass


@contextmanager
def progress_bar(what: str) -> Iterator[Progress]:
    """A progress callback: a bar on stderr if that is a terminal, nothing otherwise."""
    if not sys.stderr.isatty():
        yield _silent
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    name = TextColumn("{task.description}", style="dim", markup=False)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), name)
    with Progress(*columns, console=new_console(error=True, wrap=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=name)

        yield show


def accepted(verdicts: Mapping[Path, Verdict]) -> dict[Path, bytes]:
    """The certificates that the checker accepted, as files; what is undecided has none."""
    return {
        path: verdict.certificate.to_text().encode()
        for path, verdict in verdicts.items()
        if verdict.certificate is not None and verdict.status.value != "UNDECIDED"
    }


def certificate_files(folder: Path, verdicts: Mapping[str, Verdict]) -> dict[Path, bytes]:
    """The accepted certificates of verdicts, as files called by the verdicts' keys."""
    return accepted({folder / f"{name}.json": verdict for name, verdict in verdicts.items()})


def repeat_command(name: str) -> str:
    """The command line that asks again what the command `name` is asked now; empty where another program asks."""
    return shlex.join(["gradproof", *sys.argv[1:]]) if sys.argv[1:2] == [name] else ""


def refuse_file(folder: Path | None, as_json: bool) -> None:
    """Exit 2, before any work, where a folder to write into is something else or cannot be made."""
    _refuse(folder, as_json, as_folder=True)


def refuse_folder(file: Path | None, as_json: bool) -> None:
    """Exit 2, before any work, where a file to write cannot be one."""
    _refuse(file, as_json, as_folder=False)


def _refuse(path: Path | None, as_json: bool, *, as_folder: bool) -> None:
    if path is None:
        return
    from proofs.report.writing import refusal

    try:
        found = next((place for place in (path, *path.absolute().parents) if place.exists()), path)
        if found.is_dir():
            if found == path and not as_folder:
                fail(f"{path} is a folder; name a file to write", as_json)
            if not os.access(found, os.W_OK | os.X_OK):
                fail(f"cannot write into {found}: permission denied; choose another folder", as_json)
        elif found != path:
            fail(f"cannot write {path}: {found} is not a folder; choose another folder", as_json)
        elif as_folder:
            fail(f"{path} is a file; name a folder to write into", as_json)
        elif refused := refusal(found.stat().st_mode):
            fail(f"cannot write {path}: {refused}; name a file", as_json)
    except (OSError, ValueError) as error:
        fail(_cannot_write(path, error), as_json)


def write_files(files: Mapping[Path, bytes], as_json: bool) -> None:
    """Write each file whole, or exit 2 with the system's reason."""
    from proofs.report.writing import write_whole

    for path, content in files.items():
        try:
            write_whole(path, content)
        except (OSError, ValueError) as error:
            fail(_cannot_write(path, error), as_json)


def _cannot_write(path: Path, error: OSError | ValueError) -> str:
    reason = error.strerror if isinstance(error, OSError) else error
    return f"cannot write {path}: {reason}; choose another place"
