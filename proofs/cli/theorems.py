"""`gradproof list` and `gradproof prove`: the theorems, and their proofs made again from nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from proofs.cli.terminal import (
    CertificatesOption,
    JsonOption,
    certificate_files,
    counted,
    exit_with,
    fail,
    new_console,
    print_json,
    progress_bar,
    refuse_file,
    write_files,
)


def list_(as_json: JsonOption = False) -> None:
    """\b
    Examples:
      gradproof list
      gradproof list --json

    List every theorem with what it rests on, in reading order.
    """
    from proofs.theorems import layer_names, names, premises, summary

    rows = [{"name": name, "summary": summary(name), "rests_on": list(premises()[name])} for name in names()]
    if as_json:
        print_json({"schema": "gradproof-list-1", "theorems": rows, "layers": list(layer_names())})
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False)
    for row in rows:
        table.add_row(Text(str(row["name"]), "bold", no_wrap=True), Text(str(row["summary"])))
    console = new_console()
    console.print(table)
    console.print(
        f"\nlayers and losses of numeric/, proved from their source: {', '.join(layer_names())}", highlight=False
    )


def complete_name(incomplete: str) -> list[str]:
    """The theorems and layers whose names begin so."""
    from proofs.theorems import layer_names, names

    return [name for name in (*names(), *layer_names()) if name.startswith(incomplete)]


def _kinds(chosen: Sequence[str]) -> str:
    """What the names are names of: ``theorem``, ``layers and losses``."""
    from proofs.theorems import layer_names

    layers = sum(name in layer_names() for name in chosen)
    theorems = [f"theorem{'s' * (len(chosen) != 1)}"] if layers < len(chosen) else []
    return ", ".join([*theorems, *(["layer or loss" if len(chosen) == 1 else "layers and losses"] if layers else [])])


def prove(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="All, if none.", autocompletion=complete_name)
    ] = None,
    layers: Annotated[bool, typer.Option("--layers", help="All layers and losses of numeric/.")] = False,
    certificates: CertificatesOption = None,
    as_json: JsonOption = False,
) -> None:
    """\b
    Examples:
      gradproof prove
      gradproof prove xor softmax_jacobian
      gradproof prove xor --certificates certificates
      gradproof prove layer_norm
      gradproof prove --layers

    Settle theorems: derive every step again and have the checker accept its certificate. A layer or loss of numeric/
    is named likewise: its gradients are proved from its code. What is named is shown step by step, all others in one
    line each.
    """
    from proofs.theorems import layer_names, unknown
    from proofs.theorems import names as all_names

    chosen = tuple(dict.fromkeys([*(names or ()), *(layer_names() if layers else ())] or all_names()))
    for name in chosen:
        if message := unknown(name):
            fail(message, as_json)
    refuse_file(certificates, as_json)
    from proofs.claim import together
    from proofs.theorems.running import settle_all
    from proofs.theorems.theorem import show

    with progress_bar("proving") as progress:
        results = settle_all(chosen, progress)
    steps = {verdict.claim.name: verdict for result in results for verdict in result.verdicts}
    written = {} if certificates is None else certificate_files(certificates, steps)
    write_files(written, as_json)
    status = together([result.status for result in results])
    if as_json:
        data = {"schema": "gradproof-results-1", "verdict": status.value, "theorems": [r.to_dict() for r in results]}
        print_json({**data, "written": [str(path) for path in written]})
        exit_with(status)
    console = new_console()
    for result in results:
        if result.theorem.name in (names or ()):
            show(result, console)
        else:
            mark = f"[bold {result.status.colour}]{result.status.mark} {result.status:9}[/]"
            console.print(f"{mark} [bold]{result.theorem.name}[/]  [dim]{counted(len(result.verdicts), 'step')}[/]")
    proved = sum(result.status.value == "PROVED" for result in results)
    console.print(f"[{status.colour}]{proved} of {len(results)} {_kinds(chosen)} proved[/]")
    if certificates is not None:
        console.print(f"{counted(len(written), 'certificate')} in {certificates}", markup=False)
    exit_with(status)
