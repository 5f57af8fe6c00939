"""`gradproof check --float`: the same gradients as floating-point code, tested at the inputs people forget.

Nothing is proved here, and the words say so: CONFORMS, FAILS, UNDECIDED. Exit codes are those of verdicts: 0, 1, 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import typer

from proofs.cli.targets import TargetError, importing
from proofs.cli.terminal import counted, fail, new_console, print_json, progress_bar

if TYPE_CHECKING:
    from proofs.cli.jobs import Job
    from proofs.conformance import Report

EXIT = {"CONFORMS": 0, "FAILS": 1, "UNDECIDED": 3}


def check_floats(targets: Sequence[str], single: tuple[str, str, str, str], seconds: float, as_json: bool) -> NoReturn:
    """Test what the targets register, or the one function that `single` describes, and end the command."""
    from proofs.capture import ShapeError
    from proofs.cli.jobs import By, named_job, registered_jobs
    from proofs.conformance import check_gradient, check_vjp

    by = By(check_vjp, check_gradient)
    reports: list[Report] = []
    try:
        with importing() as load, progress_bar("testing") as progress:
            jobs = [named_job(load, targets[0], *single, by)] if any(single) else registered_jobs(load, targets, by)
            for number, job in enumerate(jobs):
                progress(number, len(jobs), job.name)
                reports.append(job.prove(seconds))
    except (TargetError, ShapeError) as error:
        fail(str(error), as_json)
    _answer(jobs, reports, as_json)


def _answer(jobs: Sequence[Job], reports: Sequence[Report], as_json: bool) -> NoReturn:
    worst = max((report.status.value for report in reports), key=["CONFORMS", "UNDECIDED", "FAILS"].index)
    if as_json:
        rows = [{"name": j.name, "place": j.place, **r.to_dict()} for j, r in zip(jobs, reports, strict=True)]
        print_json({"schema": "gradproof-float-1", "verdict": worst, "gradients": rows})
        raise typer.Exit(EXIT[worst])
    console = new_console()
    for job, report in zip(jobs, reports, strict=True):
        console.print(f"{job.place}", markup=False, style="dim")
        console.print(str(report), markup=False, style=report.status.colour if not report else None)
    right = sum(map(bool, reports))
    console.print(f"\n{right} of {counted(len(reports), 'gradient')} conform in floats: tested, not proved")
    raise typer.Exit(EXIT[worst])
