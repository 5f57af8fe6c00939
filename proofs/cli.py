"""The `gradproof` command: list, prove, audit, report, verify.

Exit codes: 0 all proved, 1 something refuted, 2 wrong usage or input, 3 something undecided, 70 an error of ours,
130 interrupted. Answers go to stdout (pure JSON with ``--json``), progress and messages to stderr. What a command
needs is imported when it runs, so that ``--help`` is quick and `verify` loads the checker and nothing else.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from proofs.claim import Status
    from proofs.theorems.theorem import Result

Progress = Callable[[int, int, str], None]

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(StrEnum):
    """What `report` can write."""

    html = "html"
    latex = "latex"
    json = "json"
    md = "md"


JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout and nothing else.")]
DOCUMENT = Path("examples/problem_set.toml")


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)


def _print_json(data: dict[str, Any]) -> None:
    plain = "utf" not in (sys.stdout.encoding or "").lower()
    typer.echo(json.dumps(data, indent=1, ensure_ascii=plain))


def _fail(message: str, as_json: bool) -> NoReturn:
    """Say what is wrong with the input and exit 2."""
    if as_json:
        _print_json({"schema": "gradproof-error-1", "error": message})
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(2)


def _exit(status: Status) -> NoReturn:
    raise typer.Exit({"PROVED": 0, "REFUTED": 1, "UNDECIDED": 3}[status.value])


def _silent(done: int, total: int, name: str) -> None:
    pass


@contextmanager
def _progress(what: str) -> Iterator[Progress]:
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


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"gradproof {version('gradproof')}")
        raise typer.Exit(0)


@app.callback(
    help="""\b
    Examples:
      gradproof prove softmax_jacobian
      gradproof audit examples/problem_set.toml
      gradproof report

    Settle claims about neural-network mathematics: PROVED, REFUTED or UNDECIDED, each with a certificate that
    a small separate checker accepted.

    Exit codes: 0 all proved, 1 something refuted, 2 wrong usage or input, 3 something undecided.
    """
)
def _options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


@app.command("list", short_help="List the theorems.")
def list_(as_json: JsonOption = False) -> None:
    """\b
    Examples:
      gradproof list
      gradproof list --json

    List every theorem with what it rests on, in reading order.
    """
    from proofs.theorems import names, premises, summary

    rows = [{"name": name, "summary": summary(name), "rests_on": list(premises()[name])} for name in names()]
    if as_json:
        _print_json({"schema": "gradproof-list-1", "theorems": rows})
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False)
    for row in rows:
        table.add_row(Text(str(row["name"]), "bold", no_wrap=True), Text(str(row["summary"])))
    _console().print(table)


def _complete_name(incomplete: str) -> list[str]:
    from proofs.theorems import names

    return [name for name in names() if name.startswith(incomplete)]


@app.command(short_help="Prove theorems again, from nothing.")
def prove(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="All, if none.", autocompletion=_complete_name)
    ] = None,
    certificates: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write every step's certificate into DIR, a JSON file each.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """\b
    Examples:
      gradproof prove
      gradproof prove xor softmax_jacobian
      gradproof prove xor --certificates certificates

    Settle theorems: derive every step again and have the checker accept its certificate. Named theorems are shown
    step by step, all of them in one line each.
    """
    from proofs.theorems import names as all_names
    from proofs.theorems import unknown

    chosen = tuple(dict.fromkeys(names or all_names()))
    for name in chosen:
        if message := unknown(name):
            _fail(message, as_json)
    _refuse_file(certificates, as_json)
    from proofs.claim import together
    from proofs.theorems.running import settle_all
    from proofs.theorems.theorem import show

    with _progress("proving") as progress:
        results = settle_all(chosen, progress)
    written = {} if certificates is None else _certificates(results, certificates)
    _write(written, as_json)
    status = together([result.status for result in results])
    if as_json:
        data = {"schema": "gradproof-results-1", "verdict": status.value, "theorems": [r.to_dict() for r in results]}
        _print_json({**data, "written": [str(path) for path in written]})
        _exit(status)
    console = _console()
    for result in results:
        if names:
            show(result, console)
        else:
            mark = f"[bold {result.status.colour}]{result.status.mark} {result.status:9}[/]"
            console.print(f"{mark} [bold]{result.theorem.name}[/]  [dim]{len(result.verdicts)} steps[/]")
    proved = sum(result.status.value == "PROVED" for result in results)
    console.print(f"[{status.colour}]{proved} of {len(results)} theorems proved[/]")
    if certificates is not None:
        console.print(f"{len(written)} certificates in {certificates}", markup=False)
    _exit(status)


def _certificates(results: tuple[Result, ...], folder: Path) -> dict[Path, bytes]:
    """The accepted certificates of every step, as files named by theorem and step."""
    return {
        folder / f"{verdict.claim.name}.json": verdict.certificate.to_text().encode()
        for result in results
        for verdict in result.verdicts
        if verdict.certificate is not None and verdict.status.value != "UNDECIDED"
    }


def _refuse_file(folder: Path | None, as_json: bool) -> None:
    if folder is not None and folder.exists() and not folder.is_dir():
        _fail(f"{folder} is a file; name a folder to write into", as_json)


def _write(files: dict[Path, bytes], as_json: bool) -> None:
    from proofs.report.writing import write_whole

    try:
        for path, content in files.items():
            write_whole(path, content)
    except OSError as error:
        _fail(f"cannot write {error.filename}: {error.strerror}; choose another folder", as_json)


@app.command(short_help="Settle a written document, line by line.")
def audit(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The document's claims.")],
    as_json: JsonOption = False,
) -> None:
    """\b
    Examples:
      gradproof audit examples/problem_set.toml
      gradproof audit homework.toml --json

    Settle the claims of a written document line by line. A wrong line is named with an input where it fails, also
    when the conclusion after it is right.
    """
    from proofs.derivations import InputError
    from proofs.derivations import audit as settle_document

    try:
        with _progress("auditing") as progress:
            found = settle_document(file, lambda done, total: progress(done, total, ""))
    except InputError as error:
        _fail(str(error), as_json)
    if as_json:
        _print_json(found.to_dict())
    else:
        _console().print(found)
    _exit(found.status)


@app.command(short_help="Write the report.")
def report(
    output: Annotated[Path, typer.Option(metavar="DIR", help="The folder to write into.")] = Path("report"),
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.html,
    document: Annotated[
        Path | None, typer.Option("--audit", metavar="FILE.toml", help="The document to audit in the report.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """\b
    Examples:
      gradproof report
      gradproof report --output site --format md
      gradproof report --audit homework.toml

    Prove everything again and write one page with every statement, step, verdict and figure. The document audited
    in it is examples/problem_set.toml if it is there. Wrong lines of the document are its content: the exit code is
    0 when every theorem is proved.
    """
    _refuse_file(output, as_json)
    if document is None and DOCUMENT.exists():
        document = DOCUMENT
    from proofs.derivations import InputError
    from proofs.report import FILES, gather, render

    try:
        with _progress("proving") as progress:
            gathered = gather(documents=() if document is None else (document,), progress=progress)
    except InputError as error:
        _fail(str(error), as_json)
    path = output / FILES[form.value]
    _write({path: render(gathered, form.value)}, as_json)
    status = gathered.status
    proved = sum(result.status.value == "PROVED" for result in gathered.results)
    if as_json:
        counts = {"theorems": len(gathered.results), "proved": proved}
        _print_json({"schema": "gradproof-report-written-1", "verdict": status.value, **counts, "written": [str(path)]})
        _exit(status)
    console = _console()
    console.print(f"[{status.colour}]{proved} of {len(gathered.results)} theorems proved[/]")
    for found in gathered.audits:
        console.print(f"audited: {found.title}", markup=False)
    if not gathered.audits:
        console.print(f"no document audited: {DOCUMENT} is not here; name one with --audit FILE.toml", markup=False)
    console.print(f"report: {path}", markup=False)
    _exit(status)


@app.command(short_help="Re-check a certificate with the checker alone.")
def verify(
    certificate: Annotated[Path, typer.Argument(metavar="CERT.json", help="A certificate.")],
    as_json: JsonOption = False,
) -> None:
    """\b
    Examples:
      gradproof prove xor --certificates certificates
      gradproof verify certificates/xor.1.json

    Re-check a certificate with the trusted checker and nothing else. Exit 0 accepted, 1 rejected, 2 not a certificate.
    """
    from proofs.checker import Malformed, Rejected, check_file

    try:
        accepted = check_file(certificate)
    except Malformed as error:
        _fail(f"{certificate}: {error}", as_json)
    except OSError as error:
        _fail(f"cannot read {certificate}: {error.strerror}", as_json)
    except Rejected as error:
        if as_json:
            _print_json({"schema": "gradproof-verify-1", "accepted": False, "says": str(error)})
        else:
            typer.echo(f"rejected: {error}")
        raise typer.Exit(1) from None
    if as_json:
        _print_json({"schema": "gradproof-verify-1", "accepted": True, "kind": accepted.kind, "says": accepted.says})
    else:
        typer.echo(f"accepted ({accepted.kind}): {accepted.says}")


def main() -> None:
    """Run the command line; an error of ours shows its traceback and exits 70, never a code that means a verdict."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="gradproof")
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception:  # noqa: BLE001  the exit code 1 that Python would use means REFUTED here
        sys.excepthook(*sys.exc_info())
        sys.exit(70)


if __name__ == "__main__":
    main()
