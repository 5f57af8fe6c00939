"""The trusted core: re-checks certificates (FORMAT.md) with the standard library alone, and believes nobody.

`check` takes plain data, `check_file` a path, `load` reads text or a Path. What is not accepted raises Malformed (not a
certificate), Rejected (not established) or its subclass Refuted (shown to be false), all of them CertificateErrors.
"""

from pathlib import Path
from typing import Any, NamedTuple

from proofs.checker import counterexample, identity
from proofs.checker.reading import CertificateError, Malformed, Reader, Refuted, Rejected, load, need

__all__ = ["Accepted", "CertificateError", "Malformed", "Refuted", "Rejected", "check", "check_file", "load"]

KINDS = {"identity": identity, "counterexample": counterexample, **counterexample.INSIDE}


class Accepted(NamedTuple):
    """The checker's word: the kind of certificate, and one sentence saying what was established."""

    kind: str
    says: str


def check(data: Any) -> Accepted:
    """Re-check a certificate given as plain JSON data. Raises Malformed or Rejected."""
    reader = Reader()
    try:
        need(isinstance(data, dict), "certificate: expected an object")
        reader.walk(data)
        reader.read(data["gradproof"], (1,), "gradproof")
        kind = reader.read(data["kind"], tuple(KINDS), "kind")
        return Accepted(kind, KINDS[kind].check({k: data[k] for k in data if k not in ("gradproof", "kind")}, reader))
    except ArithmeticError as error:
        raise Rejected(f"{error or type(error).__name__}") from None
    except LookupError as error:
        raise Malformed(f"{error} is missing or not declared") from None
    except RecursionError:
        raise Malformed("nested too deeply, or a definition that leads back to itself") from None
    except (AttributeError, MemoryError, TypeError) as error:
        raise Malformed(f"not a certificate of this format: {error or type(error).__name__}") from None


def check_file(path: str | Path) -> Accepted:
    """`check` for a file. Raises Malformed or Rejected."""
    return check(load(Path(path)))
