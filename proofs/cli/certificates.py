"""`gradproof verify`: a certificate re-checked by the checker and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from proofs.cli.terminal import JsonOption, fail, print_json


def verify(
    certificate: Annotated[Path, typer.Argument(metavar="CERT.json", help="A certificate.")],
    as_json: JsonOption = False,
) -> None:
    """\b
    Examples:
      gradproof prove xor --certificates certificates
      gradproof verify certificates/xor.1.json

    Re-check a certificate with the trusted checker and nothing else. Exit 0 accepted, 1 rejected, 2 not a certificate.
    """
    from proofs.checker import Malformed, Rejected, check_file

    try:
        accepted = check_file(certificate)
    except Malformed as error:
        fail(f"{certificate}: {error}", as_json)
    except OSError as error:
        fail(f"cannot read {certificate}: {error.strerror}", as_json)
    except Rejected as error:
        if as_json:
            print_json({"schema": "gradproof-verify-1", "accepted": False, "says": str(error)})
        else:
            typer.echo(f"rejected: {error}")
        raise typer.Exit(1) from None
    if as_json:
        print_json({"schema": "gradproof-verify-1", "accepted": True, "kind": accepted.kind, "says": accepted.says})
    else:
        typer.echo(f"accepted ({accepted.kind}): {accepted.says}")
