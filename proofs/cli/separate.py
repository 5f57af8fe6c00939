"""`gradproof separate`: are the classes of a data file, or the two values of a truth table, linearly separable?"""

from __future__ import annotations

import io
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from proofs.cli.terminal import (
    JsonOption,
    exit_with,
    fail,
    new_console,
    print_json,
    progress_bar,
    write_files,
)

if TYPE_CHECKING:
    from proofs.claim import Verdict
    from proofs.separation import Separation, Separations

PICTURES = (".png", ".svg", ".pdf")


def separate(
    data: Annotated[
        Path | None,
        typer.Argument(metavar="DATA", help="CSV, TSV (.gz too) or Parquet; the first line may hold names."),
    ] = None,
    label: Annotated[
        str, typer.Option(metavar="COLUMN", help="The column of labels, by name or number from 0; the last, if none.")
    ] = "",
    positive: Annotated[
        str | None, typer.Option(metavar="CLASS", help="The class that wants w.x + b >= 0, against all others.")
    ] = None,
    columns: Annotated[
        str, typer.Option(metavar="A,B,...", help="The features to take; all but the label, if none.")
    ] = "",
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Of more than two classes, also each against each other.")
    ] = False,
    truth_table: Annotated[
        str, typer.Option(metavar="TABLE", help="Ask about a Boolean function instead: 0110, 'a & ~b', 'majority 5'.")
    ] = "",
    likelihood: Annotated[
        bool, typer.Option("--likelihood", help="Also which coefficients of logistic regression diverge.")
    ] = False,
    margin: Annotated[bool, typer.Option("--margin", help="Also exact bounds on the largest margin.")] = False,
    seconds: Annotated[
        float | None, typer.Option(metavar="S", min=0.001, help="Give up on a question after so long: undecided.")
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Write the certificate; of several questions, into this folder.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw two features: .png, .svg or .pdf.")] = None,
    as_json: JsonOption = False,
) -> None:
    """\b
    Examples:
      gradproof separate examples/iris.csv --label species --positive setosa
      gradproof separate examples/iris.csv --label species --pairs
      gradproof separate examples/iris.csv --positive setosa --columns petal_length,petal_width --plot iris.png
      gradproof separate --truth-table 0110 --certificate xor.json

    Is there a hyperplane with w.x + b >= 0 on one class and < 0 on the other? Integer weights prove it, rows and
    multipliers that show where the hulls meet refute it, exactly: numbers are read as they are written. Of two classes
    the larger label is the positive one; of more, each is asked about against the rest.

    Exit codes: 0 every question asked is separable, 1 one is not, 2 wrong usage or input, 3 undecided after --seconds.
    """
    if (data is None) == (not truth_table):
        fail("name a data file or give --truth-table, and not both", as_json)
    if plot is not None and plot.suffix.lower() not in PICTURES:
        fail(f"plot: expected a file ending in {', '.join(PICTURES)}, got {plot.name}", as_json)
    from proofs.separation import SeparationError

    repeat = shlex.join(["gradproof", *sys.argv[1:]]) if sys.argv[1:2] == ["separate"] else ""
    try:
        if data is None:
            if plot is not None:
                fail("plot: a truth table is drawn by gradproof report; leave --plot out", as_json)
            _tell_table(truth_table, repeat, certificate, as_json)
        chosen = tuple(name for name in columns.split(",") if name)
        found = _settled(data, label, positive, chosen, pairs, seconds, repeat)  # type: ignore[arg-type]
        more = _more(found, {"likelihood": likelihood, "margin": margin}, as_json)
        _tell(found, certificate, plot, more, as_json)
    except SeparationError as error:
        fail(str(error), as_json)


def _tell_table(source: str, repeat: str, certificate: Path | None, as_json: bool) -> None:
    from proofs.separation.boolean import settle_threshold

    verdict = settle_threshold(source, name="threshold", repeat=repeat)
    _write({certificate: verdict} if certificate is not None else {}, as_json)
    if as_json:
        print_json(verdict.to_dict())
    else:
        new_console().print(verdict)
    exit_with(verdict.status)


def _settled(
    path: Path,
    label: str,
    positive: str | None,
    columns: tuple[str, ...],
    pairs: bool,
    seconds: float | None,
    repeat: str,
) -> Separation | Separations:
    from proofs.separation import Separation, settle_table
    from proofs.separation.files import read_file

    with progress_bar("separating") as progress:
        progress(0, 1, f"reading {path.name}")
        table, labels, _ = read_file(path, label, columns)
        found = settle_table(
            table, labels, positive=positive, seconds=seconds, repeat=repeat, progress=lambda what: progress(0, 1, what)
        )
        if not isinstance(found, Separation):
            _ = found.one_vs_rest
            if pairs:
                _ = found.pairs
    return found


def _more(found: Separation | Separations, wanted: dict[str, bool], as_json: bool) -> dict[str, Any]:
    """What else was asked for about one question: the properties of `Separation` by name; none where undecided."""
    from proofs.separation import Separation

    names = [name for name, asked in wanted.items() if asked]
    if names and not isinstance(found, Separation):
        fail(f"{names[0]}: expected one question, got several; name one class with --positive", as_json)
    if not isinstance(found, Separation) or found.separable is None:
        return {}
    with progress_bar("working out") as progress:
        progress(0, 1, " and ".join(names))
        answers = {name: getattr(found, name) for name in names}
    return {name: answer for name, answer in answers.items() if answer is not None}


def _tell(
    found: Separation | Separations, certificate: Path | None, plot: Path | None, more: dict[str, Any], as_json: bool
) -> None:
    from proofs.separation import Separation

    questions = {found.verdict.claim.name: found} if isinstance(found, Separation) else found.settled()
    verdicts = {name: asked.verdict for name, asked in questions.items()}
    picture = b""
    if plot is not None:
        if not isinstance(found, Separation):
            fail("plot: expected one question, got several; name one class with --positive", as_json)
        if len(found.table.names) != 2:
            fail(f"plot: expected two features, got {len(found.table.names)}; choose them with --columns A,B", as_json)
        picture = _picture(found, plot.suffix[1:].lower())
    if certificate is not None:
        several = not isinstance(found, Separation)
        if several and certificate.is_file():
            fail(f"certificate: {certificate} is a file; of several questions, name a folder", as_json)
        places = {certificate / f"{name}.json" if several else certificate: v for name, v in verdicts.items()}
        _write(places, as_json)
    if plot is not None:
        write_files({plot: picture}, as_json)
    status = found.verdict.status if isinstance(found, Separation) else found.status
    if as_json:
        data = found.to_dict()
        if more:
            data["details"] |= {name: answer.to_dict() for name, answer in more.items()}
        print_json(data)
    else:
        _show(found)
        for answer in more.values():
            new_console().print(str(answer), markup=False)
    exit_with(status)


def _show(found: Separation | Separations) -> None:
    from rich.table import Table
    from rich.text import Text

    from proofs.separation import Separation

    console = new_console()
    if isinstance(found, Separation):
        console.print(found.verdict)
        console.print(found.explain(), markup=False)
        return
    table = Table("class", "from the rest", "not from", box=None, pad_edge=False)
    for row in found.rows():
        table.add_row(*map(Text, row))
    console.print(table)


def _picture(found: Separation, form: str) -> bytes:
    figure: Any = found.plot().figure
    buffer = io.BytesIO()
    figure.savefig(buffer, format=form, dpi=150)
    return buffer.getvalue()


def _write(verdicts: dict[Path, Verdict], as_json: bool) -> None:
    """The accepted certificates; an undecided question has none."""
    files = {
        path: verdict.certificate.to_text().encode()
        for path, verdict in verdicts.items()
        if verdict.certificate is not None and verdict.status.value != "UNDECIDED"
    }
    write_files(files, as_json)
