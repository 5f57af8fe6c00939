"""`gradproof census`: the number of threshold functions of N inputs, counted again, every class with its evidence."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from hashlib import sha256
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
    refuse_file,
    refuse_folder,
    write_files,
)

if TYPE_CHECKING:
    from proofs.claim import Verdict
    from proofs.separation.census import Tally

SCHEMA = "gradproof-census-unit-1"
LARGEST_RECORD = 100_000
COUNTS = ("threshold", "np_classes", "classes", "refuted")


def census(
    inputs: Annotated[int, typer.Argument(metavar="N", min=0, max=9, help="The number of inputs, 0 to 9.")],
    certificate: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Write the certificate: a file up to N = 7, a folder for N = 8.")
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep finished units of work in DIR and go on from those there (N = 8, 9)."),
    ] = None,
    workers: Annotated[
        int, typer.Option(metavar="K", min=0, max=256, help="Processes; 0 means one for each core.")
    ] = 0,
    scheduler: Annotated[
        str, typer.Option(metavar="tcp://HOST:PORT", help="Count on the Dask cluster with this scheduler.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """\b
    Examples:
      gradproof census 7 --certificate census7.json
      gradproof census 8 --certificate census8; gradproof verify census8
      gradproof census 9 --resume census9
      gradproof census 9 --resume census9 --scheduler tcp://localhost:8786

    Count the threshold functions of N inputs: every class with integer weights, all others refuted. Up to N = 7 the
    checker settles the whole as one certificate. For N = 8 and 9 the code that counts verifies every class itself, in
    64-bit integers, and the answer is UNDECIDED (exit 3): what settles N = 8 is `gradproof verify` on the folder of
    certificates, which takes minutes; N = 9 would need more than 10 GB of them and has none. Killed at any moment, a
    run with --resume goes on from its finished units.
    """
    from proofs.separation import SeparationError
    from proofs.separation.census import count_all, dask_cluster, local_processes, settle_census

    whole = inputs <= 7
    if inputs == 9 and certificate is not None:
        fail("certificate: N = 9 would take more than 10 GB; leave the option out", as_json)
    refuse_file(resume, as_json)
    (refuse_folder if whole else refuse_file)(certificate, as_json)
    texts: dict[str, str] = {}
    written: dict[str, list[str]] = {}

    def keep(path: str, tally: Tally, found: dict[str, str]) -> None:
        if whole:
            texts.update(found)
        elif certificate is not None:
            files = {certificate / f"census-{part or 'root'}.json": text.encode() for part, text in found.items()}
            write_files(files, as_json)
            written[path] = [file.name for file in files]
        if resume is not None and not whole:
            write_files({_record(resume, path): _as_record(inputs, path, tally, written.get(path, []))}, as_json)

    try:
        done = {} if resume is None or whole else records(resume, inputs, certificate)
        with progress_bar("counting") as show:
            tally = count_all(
                inputs,
                pool=(lambda: dask_cluster(scheduler)) if scheduler else (lambda: local_processes(workers or None)),
                done=done,
                certify=whole or certificate is not None,
                finished=keep,
                progress=_estimate(show, len(done)),
            )
    except SeparationError as error:
        fail(str(error), as_json)
    verdict = settle_census(inputs, tally, texts)
    if whole and certificate is not None:
        write_files({certificate: texts[""].encode()}, as_json)
    _answer(inputs, verdict, tally, certificate, as_json)


def _answer(inputs: int, verdict: Verdict, tally: Tally, certificate: Path | None, as_json: bool) -> None:
    if as_json:
        counts = {name: getattr(tally, name) for name in COUNTS}
        data = {"schema": "gradproof-census-1", "verdict": verdict.status.value, "inputs": inputs, **counts}
        evidence = [{"layer": e.layer, "word": e.word, "detail": e.detail} for e in verdict.evidence]
        print_json(
            {
                **data,
                "reason": verdict.reason,
                "evidence": evidence,
                "written": [] if certificate is None else [str(certificate)],
            }
        )
        exit_with(verdict.status)
    console = new_console()
    console.print(verdict)
    console.print(f"    self-dual classes, one input more: {tally.classes}", markup=False)
    if certificate is not None:
        console.print(f"    certificate: {certificate} (re-check with: gradproof verify {certificate})", markup=False)
    exit_with(verdict.status)


def _estimate(show: Callable[[int, int, str], None], before: int) -> Callable[[int, int], None]:
    """Progress with the time left, judged by the units that this run has finished."""
    start = time.monotonic()

    def progress(done: int, total: int) -> None:
        left = (time.monotonic() - start) / max(done - before, 1) * (total - done)
        show(done, total, f"about {left / 60:.0f} min left" if left >= 90 else f"about {left:.0f} s left")

    return progress


def _record(folder: Path, path: str) -> Path:
    return folder / f"unit-{path or 'root'}.json"


def _as_record(inputs: int, path: str, tally: Tally, certificates: list[str]) -> bytes:
    data = {"schema": SCHEMA, "inputs": inputs, "path": path, "certificates": certificates}
    return _sealed(data | {name: getattr(tally, name) for name in COUNTS})


def _sealed(data: dict[str, Any]) -> bytes:
    seal = sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
    return (json.dumps(data | {"sha256": seal}, sort_keys=True) + "\n").encode()


def records(folder: Path, inputs: int, certificate: Path | None = None) -> dict[str, Tally]:
    """The finished units kept in `folder`, by path; those whose certificates are wanted and missing are left out.

    Raises SeparationError for a record that is damaged or of another census: it is not guessed at.
    """
    from proofs.separation import SeparationError
    from proofs.separation.census import Tally, unit_paths

    found = {}
    for path in unit_paths(inputs):
        file = _record(folder, path)
        try:
            content = file.read_bytes() if file.stat().st_size <= LARGEST_RECORD else b""
            data = json.loads(content)
            data.pop("sha256")
            sound = content == _sealed(data)
        except FileNotFoundError:
            continue
        except (AttributeError, KeyError, OSError, ValueError):
            sound = False
        if not sound or (data["schema"], data["inputs"], data["path"]) != (SCHEMA, inputs, path):
            raise SeparationError(f"{file}: not the record of a unit of the census of {inputs} inputs; remove the file")
        names = data["certificates"]
        if certificate is None or (names and all((certificate / name).is_file() for name in names)):
            found[path] = Tally(*(data[name] for name in COUNTS))
    return found
