"""What the commands share: answers on stdout, messages and progress on stderr, exit codes, files written whole."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from proofs.claim import Status, Verdict

Progress = Callable[[int, int, str], None]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout and nothing else.")]
CertificatesOption = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Write every step's certificate into DIR, a JSON file each.")
]


def new_console() -> Console:
    """Rich on stdout, without guessing what a word may be."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)


def print_json(data: dict[str, Any]) -> None:
    """JSON on stdout, in ASCII where the terminal is not known to show more."""
    plain = "utf" not in (sys.stdout.encoding or "").lower()
    typer.echo(json.dumps(data, indent=1, ensure_ascii=plain))


def counted(count: int, noun: str) -> str:
    """``1 step``, ``2 steps``."""
    return f"{count} {noun}{'s' * (count != 1)}"


def fail(message: str, as_json: bool) -> NoReturn:
    """Say what is wrong with the input and exit 2."""
    if as_json:
        print_json({"schema": "gradproof-error-1", "error": message})
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(2)


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
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn("[dim]{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=name)

        yield show


def certificate_files(folder: Path, verdicts: Mapping[str, Verdict]) -> dict[Path, bytes]:
    """The accepted certificates of verdicts, as files called by the verdicts' keys."""
    return {
        folder / f"{name}.json": verdict.certificate.to_text().encode()
        for name, verdict in verdicts.items()
        if verdict.certificate is not None and verdict.status.value != "UNDECIDED"
    }


def refuse_file(folder: Path | None, as_json: bool) -> None:
    """Exit 2 where a folder to write into is a file."""
    if folder is not None and folder.exists() and not folder.is_dir():
        fail(f"{folder} is a file; name a folder to write into", as_json)


def write_files(files: dict[Path, bytes], as_json: bool) -> None:
    """Write each file whole, or exit 2 with the system's reason."""
    from proofs.report.writing import write_whole

    try:
        for path, content in files.items():
            write_whole(path, content)
    except OSError as error:
        fail(f"cannot write {error.filename}: {error.strerror}; choose another folder", as_json)
