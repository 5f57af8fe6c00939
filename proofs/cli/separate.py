"""`gradproof separate`: are the classes of a data file, or the two values of a truth table, linearly separable?"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from proofs.cli.pictures import picture, refuse_picture
from proofs.cli.terminal import (
    JsonOption,
    accepted,
    certificate_files,
    check_seconds,
    exit_with,
    fail,
    new_console,
    print_json,
    progress_bar,
    refuse_file,
    refuse_folder,
    repeat_command,
    write_files,
)

if TYPE_CHECKING:
    from proofs.separation import Separation, Separations


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
        str | None, typer.Option(metavar="A,B,...", help="The features to take, names or numbers; all, if none.")
    ] = None,
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
        float | None, typer.Option(metavar="S", help="Give up on a question after so long: undecided.")
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
    refuse_picture(plot, as_json)
    check_seconds(seconds, as_json)
    from proofs.separation import SeparationError

    try:
        extras = {"plot": plot is not None, "likelihood": likelihood, "margin": margin}
        if data is None:
            chosen = {"label": label, "positive": positive, "columns": columns, "pairs": pairs, **extras}
            if others := [name for name, value in chosen.items() if value]:
                fail(f"{others[0]}: a truth table has no such thing; leave --{others[0]} out", as_json)
            refuse_folder(certificate, as_json)
            _tell_table(truth_table, certificate, as_json)
        asked = [name for name, wanted in extras.items() if wanted]
        found = _settled(
            data,  # type: ignore[arg-type]
            label,
            positive,
            _names(columns),
            pairs,
            seconds,
            lambda found: _refuse_several(found, asked, certificate, as_json),
        )
        more = _more(found, [name for name in asked if name != "plot"])
        _tell(found, certificate, plot, more, as_json)
    except SeparationError as error:
        fail(str(error), as_json)


def _names(columns: str | None) -> tuple[str, ...]:
    """``a, "b,c"`` as the names a and ``b,c``. Raises SeparationError."""
    from proofs.separation import SeparationError

    if columns is None:
        return ()
    names = [name.strip() for row in csv.reader([columns], skipinitialspace=True) for name in row]
    if not names or not all(names):
        raise SeparationError(f"columns: expected A,B,... with no name empty, got {columns!r}; leave it out for all")
    return tuple(names)


def _tell_table(source: str, certificate: Path | None, as_json: bool) -> None:
    from proofs.separation.boolean import settle_threshold

    verdict = settle_threshold(source, name="threshold", repeat=repeat_command("separate"))
    write_files({} if certificate is None else accepted({certificate: verdict}), as_json)
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
    look_at: Callable[[Separation | Separations], None],
) -> Separation | Separations:
    """The answers; `look_at` is called when it is known whether there is one question or several, which take longer."""
    from proofs.separation import Separation, settle_table
    from proofs.separation.files import read_file

    with progress_bar("separating") as progress:
        progress(0, 1, f"reading {path.name}")
        table, labels, _ = read_file(path, label, columns)
        found = settle_table(
            table,
            labels,
            positive=positive,
            seconds=seconds,
            repeat=repeat_command("separate"),
            progress=lambda what: progress(0, 1, what),
        )
        look_at(found)
        if not isinstance(found, Separation):
            _ = found.one_vs_rest
            if pairs:
                _ = found.pairs
    return found


def _refuse_several(
    found: Separation | Separations, extras: list[str], certificate: Path | None, as_json: bool
) -> None:
    """Exit 2 where something is asked of one question and there are several, or where there is no room for answers."""
    from proofs.separation import Separation

    if isinstance(found, Separation):
        refuse_folder(certificate, as_json)
        return
    if extras:
        fail(f"{extras[0]}: expected one question, got several; name one class with --positive", as_json)
    refuse_file(certificate, as_json)


def _more(found: Separation | Separations, names: list[str]) -> dict[str, Any]:
    """What else was asked for about one question: the properties of `Separation` by name; none where undecided."""
    from proofs.separation import Separation

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

    files: dict[Path, bytes] = {}
    if isinstance(found, Separation):
        status = found.verdict.status
        files |= {} if certificate is None else accepted({certificate: found.verdict})
        if plot is not None:
            if (count := len(found.table.names)) != 2:
                fail(f"plot: expected two features, got {count}; choose them with --columns A,B", as_json)
            files[plot] = picture(found.plot, plot)
    else:
        status = found.status
        verdicts = {name: asked.verdict for name, asked in found.settled().items()}
        files |= {} if certificate is None else certificate_files(certificate, verdicts)
    write_files(files, as_json)
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
    from rich.table import Column, Table
    from rich.text import Text

    from proofs.separation import Separation

    console = new_console()
    if isinstance(found, Separation):
        console.print(found.verdict)
        console.print(found.explain(), markup=False)
        console.print("Rows are counted from 0, without the line of names.", style="dim")
        return
    heads = (Column(head, overflow="fold") for head in ("class", "from the rest", "not from"))
    table = Table(*heads, box=None, pad_edge=False)
    for row in found.rows():
        table.add_row(*map(Text, row))
    console.print(table)
