"""The `gradproof` command: check, list, prove, audit, report, verify.

Exit codes: 0 all proved, 1 something refuted, 2 wrong usage or input or an answer that cannot be written, 3 something
undecided, 70 an error of ours, 130 interrupted, 141 (SIGPIPE) when the reader of the answer is gone. Answers go to
stdout (pure JSON with ``--json``), progress and messages to stderr. What a command needs is imported when it runs, so
that ``--help`` is quick and `verify` loads the checker and nothing else.
"""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer

from proofs.cli.census import census
from proofs.cli.certificates import verify
from proofs.cli.checking import check
from proofs.cli.documents import audit, report
from proofs.cli.export import app as export
from proofs.cli.kernel import app as kernel
from proofs.cli.network import network
from proofs.cli.separate import separate
from proofs.cli.shared import shared
from proofs.cli.terminal import error_json, fail, print_json, say
from proofs.cli.theorems import list_, prove
from proofs.program import run, run_alone

__all__ = ["app", "main"]

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            say(f"gradproof {version('gradproof')}")
        except PackageNotFoundError:
            say("gradproof, run from its source without being installed")
        raise typer.Exit(0)


@app.callback(
    help="""\b
    Examples:
      gradproof check layers.py
      gradproof prove softmax_jacobian
      gradproof audit examples/problem_set.toml
      gradproof report

    Settle claims about neural-network mathematics and the NumPy code of it: PROVED, REFUTED or UNDECIDED, each
    with a certificate that a small separate checker accepted.

    Exit codes: 0 all proved, 1 something refuted, 2 wrong usage or input, 3 something undecided.
    """
)
def _options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


app.command(short_help="Prove or refute the gradients of your NumPy code.")(check)
app.command(short_help="Prove that classes of data are linearly separable, or that they are not.")(separate)
app.command(short_help="Find the smallest network of threshold units, and prove it smallest.")(network)
app.command(short_help="Find the shared weights for which a weight-agnostic network works.")(shared)
app.command("list", short_help="List the theorems.")(list_)
app.command(short_help="Prove theorems again, from nothing.")(prove)
app.command(short_help="Settle a written document, line by line.")(audit)
app.command(short_help="Count the threshold functions of N inputs, with evidence.")(census)
app.command(short_help="Write the report.")(report)
app.command(short_help="Re-check a certificate with the checker alone.")(verify)
app.add_typer(export, name="export", short_help="Write theorems for Coq, or for SMT solvers.")
app.add_typer(kernel, name="kernel", short_help="Have Coq or cvc5 accept theorems once more.")


def main() -> None:
    """Run the command line; what runs the user's code does so in a process of its own."""
    if sys.argv[1:2] == ["check"]:
        run_alone(_command, _lost)
    else:
        run(_command)


def _lost() -> NoReturn:
    try:
        fail("the code that was run ended the process; nothing is settled", "--json" in sys.argv)
    except typer.Exit as end:
        sys.exit(end.exit_code)


def _command() -> None:
    try:
        sys.exit(app(prog_name="gradproof", standalone_mode=False))
    except Exception as error:
        # What Typer raises for wrong usage has no public name in all of its releases.
        if not (hasattr(error, "format_message") and hasattr(error, "show")):
            raise
        if "--json" in sys.argv:
            print_json(error_json(error.format_message()))
        error.show()
        sys.exit(2)
