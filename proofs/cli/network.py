"""`gradproof network`: the fewest hidden threshold units that compute a truth table, and that fewer cannot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from proofs.cli.terminal import (
    JsonOption,
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
    from proofs.claim import Verdict

MOST = 16
EFFORT = 30_000_000
STYLE = (
    "circle{r:5px}.one{fill:#cfdff5}.line{stroke:#1d4f91;stroke-width:1.8}"
    ".on{fill:#000;stroke:#000;stroke-width:1.8}.off{fill:#fff;stroke:#000;stroke-width:1.8}"
)


def network(
    truth_table: Annotated[str, typer.Option(metavar="TABLE", help="Digits such as 0110, 'a & ~b', 'parity 3'.")],
    skip: Annotated[bool, typer.Option("--skip", help="Let the output unit also read the inputs.")] = False,
    most: Annotated[int, typer.Option(metavar="N", min=0, max=MOST, help="Try at most so many hidden units.")] = MOST,
    effort: Annotated[
        int, typer.Option(metavar="N", min=1, help="How long to look before a number of units is undecided.")
    ] = EFFORT,
    seconds: Annotated[
        float | None, typer.Option(metavar="S", help="Give up after so long: undecided. No limit, if none.")
    ] = None,
    certificates: Annotated[
        Path | None, typer.Option("--certificate", metavar="DIR", help="Write each certificate into this folder.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE.svg", help="Draw the lines of a network of two inputs.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """\b
    Examples:
      gradproof network --truth-table 0110
      gradproof network --truth-table 'parity 3' --skip
      gradproof network --truth-table 0110 --certificate certificates --plot xor.svg

    Find the network with one hidden layer of threshold units that computes a Boolean function with the fewest of them,
    its integer weights, and for every smaller number of units the proof that it is not enough.

    Exit codes: 0 the network is proved smallest, 2 wrong usage or input, 3 something undecided.
    """
    refuse_file(certificates, as_json)
    refuse_folder(plot, as_json)
    check_seconds(seconds, as_json)
    from proofs.networks import smallest_network
    from proofs.separation import SeparationError
    from proofs.separation.boolean import truth_table as read_table

    try:
        table = read_table(truth_table)
        if plot is not None and (table.inputs != 2 or plot.suffix.lower() != ".svg"):
            fail("plot: expected a function of two inputs and a file ending in .svg; leave --plot out", as_json)
        with progress_bar("trying") as progress:
            found = smallest_network(
                table.points,
                table.labels,
                skip=skip,
                most=most,
                repeat=repeat_command("network"),
                effort=effort,
                seconds=seconds,
                progress=lambda units: progress(units, most, f"{units} hidden units"),
            )
    except SeparationError as error:
        fail(str(error), as_json)
    named = {f"{units}.units": verdict for units, verdict in enumerate(found.verdicts)}
    files = {} if certificates is None else certificate_files(certificates, named)
    if plot is not None and found.enough is not None:
        files[plot] = _picture(found.enough)
    write_files(files, as_json)
    if as_json:
        print_json(found.to_dict())
    else:
        new_console().print(*found.verdicts, sep="\n")
    exit_with(found.status)


def _picture(enough: Verdict) -> bytes:
    """The network drawn as in the report, as a file of its own."""
    from proofs.report.planes import panels

    assert enough.certificate is not None
    (panel,) = panels(enough.certificate.data)
    opening, inside = panel.svg.split(">", 1)
    alone = f'{opening} xmlns="http://www.w3.org/2000/svg" width="400" height="400"><style>{STYLE}</style>{inside}'
    return f"{alone}\n".encode()
