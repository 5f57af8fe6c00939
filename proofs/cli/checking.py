"""`gradproof check`: the gradients of a user's own NumPy code, registered in it or named on the command line."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from proofs.cli.targets import TargetError, entries, function_in, importing, split_target
from proofs.cli.terminal import (
    CertificatesOption,
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

if TYPE_CHECKING:
    from proofs.claim import Status
    from proofs.gradients import Proof

NOTHING = (
    "{source} registers no gradient; write @vjp_of(forward, shapes={{...}}) above a backward function (from proofs "
    "import vjp_of), or name one: gradproof check {module}:backward --forward {module}:forward --shapes 'x: N D'"
)


@dataclass(frozen=True)
class Job:
    """One gradient to settle."""

    name: str
    place: str
    prove: Callable[[], Proof]


def complete_target(incomplete: str) -> list[str]:
    """The folders and Python files whose paths begin so."""
    folder, _, start = incomplete.rpartition("/")
    base = Path(folder or ("/" if incomplete.startswith("/") else "."))
    prefix = incomplete.removesuffix(start)
    found = sorted(path for path in base.glob("*") if path.name.startswith(start or tuple("abcdefghijklmnopqrstuvwxyz")))
    return [f"{prefix}{path.name}/" if path.is_dir() else f"{prefix}{path.name}" for path in found if _offered(path)]


def _offered(path: Path) -> bool:
    return path.is_dir() or path.suffix == ".py"


def check(
    targets: Annotated[
        list[str],
        typer.Argument(metavar="TARGET...", help="FILE.py or pkg.module, or :function in it.", autocompletion=complete_target),
    ],
    forward: Annotated[
        str, typer.Option(metavar="TARGET", help="The function whose derivative TARGET is; :function in the same file.")
    ] = "",
    gradient: Annotated[
        str, typer.Option(metavar="NAMES", help="TARGET is a loss returning (loss, gradient by these parameters).")
    ] = "",
    shapes: Annotated[str, typer.Option(help="Parameters and their shapes, '' a number: 'x: N D, y: N -> C, c:'.")] = "",
    domains: Annotated[str, typer.Option(help="'x: positive', nonzero or simplex; the others are real.")] = "",
    certificates: CertificatesOption = None,
    as_json: JsonOption = False,
) -> None:
    """\b
    Examples:
      gradproof check layers.py
      gradproof check pkg.module:backward --forward pkg.module:forward --shapes "x: N D, w: D M"
      gradproof check losses.py:loss --gradient W --shapes "W: D C, X: N D, y: N -> C"

    Prove or refute the gradients of NumPy code, for all real inputs and all sizes. Naming a file or module runs it,
    as importing it does, and then its functions, on symbolic arrays: name code you would run yourself. Settled is
    what it registers with @vjp_of(forward, shapes={...}), or the function named, which needs no change then.
    """
    refuse_file(certificates, as_json)
    try:
        with redirect_stdout(sys.stderr), importing() as load:
            jobs = _jobs(load, targets, forward, gradient, shapes, domains)
            with progress_bar("proving") as progress:
                found = [_settled(number, job, len(jobs), progress) for number, job in enumerate(jobs)]
            progress
    except TargetError as error:
        fail(str(error), as_json)
    _answer(jobs, found, certificates, as_json)
