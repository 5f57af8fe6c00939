"""`gradproof export`: theorems, claims and certificates written for a prover that is not ours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from proofs.cli.terminal import JsonOption, counted, fail, print_json, refuse_file, say, write_files

NO_FACTS = "{names}: nothing there says that points can or cannot be separated; name xor, and_or_weights or the like"
HELP = """\b
Examples:
  gradproof export coq softmax_jacobian --output coq
  gradproof export smtlib xor

Write theorems, claims and certificates for a prover that is not ours.
"""
app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=HELP)


def complete(incomplete: str) -> list[str]:
    """The names of theorems and claims that begin so."""
    from proofs.report.subjects import every_name

    return [name for name in every_name() if name.startswith(incomplete)]


NamesArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="NAME", help="Theorems, claims or CERT.json files; all, if none.", autocompletion=complete),
]
OutputOption = Annotated[Path, typer.Option(metavar="DIR", help="Write the files into DIR.")]


@app.command(short_help="Write theorems as Coq files.")
def coq(names: NamesArgument = None, output: OutputOption = Path("coq"), as_json: JsonOption = False) -> None:
    """\b
    Examples:
      gradproof export coq --output coq
      gradproof export coq softmax_jacobian xor
      gradproof export coq certificates/xor.1.json

    Write theorems as Coq files with their proofs, and the two libraries they need. Each statement is read back from
    the text and compared with the claim.
    """
    from proofs.kernels.files import libraries, part, whole
    from proofs.report.subjects import SubjectError, named

    refuse_file(output, as_json)
    try:
        parts = [part(name, subjects) for name, subjects in named(names)]
    except SubjectError as error:
        fail(str(error), as_json)
    written = {output / f"{one.name}.v": whole([one]).encode() for one in parts if one.statements}
    written |= {output / name: text.encode() for name, text in libraries().items()}
    write_files(written, as_json)
    left_out = [f"{one.name}: {reason}" for one in parts for reason in one.left_out]
    if as_json:
        print_json({"schema": "gradproof-export-1", "written": [str(path) for path in written], "left_out": left_out})
        return
    for line in left_out:
        say(f"left out: {line}", error=True)
    statements = counted(sum(one.statements for one in parts), "statement")
    say(f"{statements} in {counted(len(written), 'file')} in {output}")


@app.command(short_help="Write separability facts as SMT-LIB files.")
def smtlib(names: NamesArgument = None, output: OutputOption = Path("smtlib"), as_json: JsonOption = False) -> None:
    """\b
    Examples:
      gradproof export smtlib --output smtlib
      gradproof export smtlib xor and_or_weights

    Write the facts that points can be separated, or cannot, as SMT-LIB files: satisfiable if and only if they can.
    """
    from proofs.kernels.facts import smtlib as text
    from proofs.report.subjects import SubjectError, separability_facts

    refuse_file(output, as_json)
    try:
        found = separability_facts(names)
    except SubjectError as error:
        fail(str(error), as_json)
    if not found:
        fail(NO_FACTS.format(names=", ".join(names or ())), as_json)
    written = {output / f"{fact.name}.smt2": text(fact).encode() for fact in found}
    write_files(written, as_json)
    if as_json:
        print_json({"schema": "gradproof-export-1", "written": [str(path) for path in written], "left_out": []})
        return
    say(f"{counted(len(written), 'fact')} in {output}")
