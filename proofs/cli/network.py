"""`gradproof network`: the fewest hidden threshold units that compute a truth table, and that fewer cannot."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from proofs.cli.terminal import (
    JsonOption,
    certificate_files,
    exit_with,
    fail,
    new_console,
    print_json,
    progress_bar,
    refuse_file,
    write_files,
)

MOST = 16
EFFORT = 30_000_000


def network(
    truth_table: Annotated[str, typer.Option(metavar="TABLE", help="Digits such as 0110, 'a & ~b', 'parity 3'.")],
    skip: Annotated[bool, typer.Option("--skip", help="Let the output unit also read the inputs.")] = False,
    most: Annotated[int, typer.Option(metavar="N", min=0, max=MOST, help="Try at most so many hidden units.")] = MOST,
    effort: Annotated[
        int, typer.Option(metavar="N", min=1, help="How long to look before a number of units is undecided.")
    ] = EFFORT,
    certificates: Annotated[
        Path | None, typer.Option("--certificate", metavar="DIR", help="Write each certificate into this folder.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """\b
    Examples:
      gradproof network --truth-table 0110
      gradproof network --truth-table 'parity 3' --skip
      gradproof network --truth-table 0110 --certificate certificates

    Find the network with one hidden layer of threshold units that computes a Boolean function with the fewest of them,
    its integer weights, and for every smaller number of units the proof that it is not enough.

    Exit codes: 0 the network is proved smallest, 2 wrong usage or input, 3 something undecided.
    """
    refuse_file(certificates, as_json)
    from proofs.networks import smallest_network
    from proofs.separation import SeparationError
    from proofs.separation.boolean import truth_table as read_table

    repeat = shlex.join(["gradproof", *sys.argv[1:]]) if sys.argv[1:2] == ["network"] else ""
    try:
        table = read_table(truth_table)
        with progress_bar("trying") as progress:
            found = smallest_network(
                table.points,
                table.labels,
                skip=skip,
                most=most,
                repeat=repeat,
                effort=effort,
                progress=lambda units: progress(units, most, f"{units} hidden units"),
            )
    except SeparationError as error:
        fail(str(error), as_json)
    if certificates is not None:
        named = {f"{units}.units": verdict for units, verdict in enumerate(found.verdicts)}
        write_files(certificate_files(certificates, named), as_json)
    if as_json:
        print_json(found.to_dict())
    else:
        new_console().print(*found.verdicts, sep="\n")
    exit_with(found.status)
