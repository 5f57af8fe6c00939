"""`gradproof check`: the gradients of a user's own NumPy code, registered in it or named on the command line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from glob import escape, glob
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from proofs.cli.targets import TargetError, importing
from proofs.cli.terminal import (
    CertificatesOption,
    JsonOption,
    certificate_files,
    check_seconds,
    counted,
    exit_with,
    fail,
    new_console,
    print_json,
    progress_bar,
    refuse_file,
    write_files,
)

MOST_LETTERS = 60
"""Of a function's name in the name of a file."""

if TYPE_CHECKING:
    from proofs.claim import Verdict
    from proofs.cli.jobs import Job
    from proofs.gradients import Proof


def complete_target(incomplete: str) -> list[str]:
    """The folders and Python files whose paths begin so."""
    paths = sorted(glob(f"{escape(incomplete)}*"))
    return [
        f"{path}/" if Path(path).is_dir() else path for path in paths if Path(path).is_dir() or path.endswith(".py")
    ]


def check(
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="TARGET", help="FILE.py or pkg.module, or :function in it.", autocompletion=complete_target
        ),
    ],
    forward: Annotated[
        str, typer.Option(metavar="FUNCTION", help="The function that TARGET is the backward pass of.")
    ] = "",
    gradient: Annotated[
        str, typer.Option(metavar="NAMES", help="TARGET is a loss; it returns (loss, gradient by these parameters).")
    ] = "",
    shapes: Annotated[
        str, typer.Option(metavar="SHAPES", help="Each parameter's shape: 'x: N D, w: D 4*H, y: N -> C, scalar:'.")
    ] = "",
    domains: Annotated[
        str, typer.Option(metavar="DOMAINS", help="'x: positive', nonzero or simplex, else real; 'N: integer >= 2'.")
    ] = "",
    seconds: Annotated[float, typer.Option(metavar="S", help="The most time for one gradient, UNDECIDED then.")] = 20.0,
    floats: Annotated[
        bool, typer.Option("--float", help="Test what floats return, float32 and float64, instead of proving.")
    ] = False,
    certificates: CertificatesOption = None,
    as_json: JsonOption = False,
) -> None:
    """\b
    Examples:
      gradproof check layers.py
      gradproof check pkg.module:backward --forward pkg.module:forward --shapes "x: N D, w: D M"
      gradproof check losses.py:loss --gradient W --shapes "W: D C, X: N D, y: N -> C"

    Prove or refute the gradients of NumPy code, for all real inputs and all sizes. Settled is every backward function
    that a file or module registers with @vjp_of(forward, shapes={...}), every loss that it registers with
    @gradient_of(shapes={...}, wrt=[...]), or the one function named, which needs no change for that. Naming a file or
    module RUNS it, as importing it does, and then runs its functions on symbolic arrays and on small plain ones: name
    code that you would run yourself.
    """
    refuse_file(certificates, as_json)
    check_seconds(seconds, as_json)
    single = (forward, gradient, shapes, domains)
    if any(single) and len(targets) != 1:
        fail("--forward, --gradient, --shapes and --domains are for one TARGET:function", as_json)
    if floats and certificates is not None:
        fail("--certificates is for proofs; --float tests, and has none", as_json)
    if floats:
        from proofs.cli.floating import check_floats

        check_floats(targets, single, seconds, as_json)
    from proofs.cli.jobs import named_job, registered_jobs, settled

    try:
        with importing() as load:
            jobs = [named_job(load, targets[0], *single)] if any(single) else registered_jobs(load, targets)
            with progress_bar("proving") as progress:
                proofs = settled(jobs, seconds, progress)
    except TargetError as error:
        fail(str(error), as_json)
    _answer(jobs, proofs, certificates, as_json)


def _answer(jobs: Sequence[Job], proofs: Sequence[Proof], certificates: Path | None, as_json: bool) -> None:
    from proofs.claim import together

    written = {} if certificates is None else certificate_files(certificates, _parts(jobs, proofs))
    write_files(written, as_json)
    status = together([proof.status for proof in proofs])
    if as_json:
        rows = [
            {"name": job.name, "place": job.place, **proof.to_dict()} for job, proof in zip(jobs, proofs, strict=True)
        ]
        data = {"schema": "gradproof-check-1", "verdict": status.value, "gradients": rows}
        print_json({**data, "written": [str(path) for path in written]})
        exit_with(status)
    console = new_console()
    _print_table(jobs, proofs)
    for job, proof in zip(jobs, proofs, strict=True):
        if not proof:
            console.print(f"\n{job.place or job.name}", markup=False, style="dim")
            console.print(proof)
    proved = sum(map(bool, proofs))
    console.print(f"\n[{status.colour}]{proved} of {counted(len(proofs), 'gradient')} proved[/]")
    if certificates is not None:
        console.print(f"{counted(len(written), 'certificate')} in {certificates}", markup=False)
    exit_with(status)


def _parts(jobs: Sequence[Job], proofs: Sequence[Proof]) -> dict[str, Verdict]:
    """The verdicts of all parts, numbered by function, under names that are files' names everywhere."""
    count: Counter[str] = Counter()
    found = {}
    for job, proof in zip(jobs, proofs, strict=True):
        name = re.sub(r"[^\w.-]", "_", job.name)[:MOST_LETTERS].lstrip(".")
        for verdict in proof.parts.values():
            count[name] += 1
            found[f"{name}.{count[name]}"] = verdict
    return found


def _print_table(jobs: Sequence[Job], proofs: Sequence[Proof]) -> None:
    from rich.table import Table
    from rich.text import Text

    assuming = ["; ".join(proof.assumptions) for proof in proofs]
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for head in ("verdict", "gradient", "scope", *(["assuming"] if any(assuming) else [])):
        table.add_column(head, overflow="fold")
    for job, proof, assumed in zip(jobs, proofs, assuming, strict=True):
        word = Text(f"{proof.status.mark} {proof.status}", f"bold {proof.status.colour}", no_wrap=True)
        cells = (Text(job.name, "bold"), Text(proof.scope.text), Text(assumed))
        table.add_row(word, *cells[: len(table.columns) - 1])
    new_console(wrap=True).print(table)
