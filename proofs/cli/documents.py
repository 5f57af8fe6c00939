"""`gradproof audit` and `gradproof report`: a written document settled line by line, and the page with everything."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from proofs.cli.terminal import (
    JsonOption,
    exit_with,
    fail,
    new_console,
    print_json,
    progress_bar,
    refuse_file,
    write_files,
)


class Format(StrEnum):
    """What `report` can write."""

    html = "html"
    latex = "latex"
    json = "json"
    md = "md"


DOCUMENT = Path("examples/problem_set.toml")


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
        with progress_bar("auditing") as progress:
            found = settle_document(file, lambda done, total: progress(done, total, ""))
    except InputError as error:
        fail(str(error), as_json)
    if as_json:
        print_json(found.to_dict())
    else:
        new_console().print(found)
    exit_with(found.status)


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
    refuse_file(output, as_json)
    if document is None and DOCUMENT.exists():
        document = DOCUMENT
    from proofs.derivations import InputError
    from proofs.report import FILES, gather, render

    try:
        with progress_bar("proving") as progress:
            gathered = gather(documents=() if document is None else (document,), progress=progress)
    except InputError as error:
        fail(str(error), as_json)
    path = output / FILES[form.value]
    write_files({path: render(gathered, form.value)}, as_json)
    status = gathered.status
    proved = sum(result.status.value == "PROVED" for result in gathered.results)
    if as_json:
        counts = {"theorems": len(gathered.results), "proved": proved}
        print_json({"schema": "gradproof-report-written-1", "verdict": status.value, **counts, "written": [str(path)]})
        exit_with(status)
    console = new_console()
    console.print(f"[{status.colour}]{proved} of {len(gathered.results)} theorems proved[/]")
    for found in gathered.audits:
        console.print(f"audited: {found.title}", markup=False)
    if not gathered.audits:
        console.print(f"no document audited: {DOCUMENT} is not here; name one with --audit FILE.toml", markup=False)
    console.print(f"report: {path}", markup=False)
    exit_with(status)
