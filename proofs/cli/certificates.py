"""`gradproof verify`: a certificate re-checked by the checker and nothing else."""

from __future__ import annotations

from pathlib import Path
from stat import S_ISDIR
from typing import TYPE_CHECKING, Annotated

import typer

from proofs.cli.terminal import JsonOption, fail, print_json, progress_bar, say

if TYPE_CHECKING:
    from proofs.checker import Accepted


def verify(
    certificate: Annotated[Path, typer.Argument(metavar="CERT.json", help="A certificate, or the folder of a census.")],
    as_json: JsonOption = False,
) -> None:
    """\b
    Examples:
      gradproof prove xor --certificates certificates
      gradproof verify certificates/xor.1.json

    Re-check a certificate with the trusted checker and nothing else. Exit 0 accepted, 1 rejected, 2 not a certificate.
    In a folder (`gradproof census 8 --certificate DIR`) every file must be accepted, and all together be the whole.
    """
    from proofs.checker import Malformed, Rejected, check_file

    try:
        is_folder = S_ISDIR(certificate.stat().st_mode)
    except (OSError, ValueError) as error:
        fail(f"cannot read {certificate}: {getattr(error, 'strerror', None) or error}", as_json)
    try:
        accepted = check_folder(certificate) if is_folder else check_file(certificate)
    except Malformed as error:
        fail(f"{certificate}: {error}", as_json)
    except Rejected as error:
        if as_json:
            print_json({"schema": "gradproof-verify-1", "accepted": False, "says": str(error)})
        else:
            say(f"rejected: {error}")
        raise typer.Exit(1) from None
    if as_json:
        print_json({"schema": "gradproof-verify-1", "accepted": True, "kind": accepted.kind, "says": accepted.says})
    else:
        say(f"accepted ({accepted.kind}): {accepted.says}")


def check_folder(folder: Path) -> Accepted:
    """The certificates of one census, each re-checked, and whether their paths cover the tree; their counts added up.

    Raises Malformed and Rejected as the checker does, naming the file.
    """
    from proofs.checker import Accepted, CertificateError, Malformed, Rejected, check, load
    from proofs.checker.census import covers

    paths, inputs, threshold, np_classes = [], set(), 0, 0
    files = sorted(folder.glob("*.json"))
    if not files:
        raise Malformed("there is no .json file in this folder")
    with progress_bar("checking") as progress:
        for done, file in enumerate(files):
            progress(done, len(files), file.name)
            try:
                data = load(file)
                if check(data).kind != "census" or "path" not in data:
                    raise Malformed("not a part of a census by classes")
            except CertificateError as error:
                raise type(error)(f"{file.name}: {error}") from None
            paths.append(data["path"])
            inputs.add(data["inputs"])
            threshold += data["threshold"]
            np_classes += data["np_classes"]
    if len(inputs) != 1 or not covers(paths):
        raise Rejected(f"the {len(files)} files are not the parts of one census, each once")
    what = f"inputs: {inputs.pop()}, threshold functions: {threshold}, NP classes: {np_classes}"
    return Accepted("census", f"{what}, in {len(files)} parts that cover the whole")
