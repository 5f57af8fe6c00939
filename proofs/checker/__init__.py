"""The trusted core: re-checks certificates (FORMAT.md) with the standard library alone, and believes nobody.

`check` takes plain data, `check_file` a path, `load` reads text or a Path. What is not accepted raises Malformed (not a
certificate), Rejected (not established) or its subclass Refuted (shown to be false), all of them CertificateErrors.
"""

from pathlib import Path
from typing import Any, NamedTuple

from proofs.checker.kinds import KINDS
from proofs.checker.reading import CertificateError, Malformed, Reader, Refuted, Rejected, load

__all__ = ["Accepted", "CertificateError", "Malformed", "Refuted", "Rejected", "check", "check_file", "load"]


class Accepted(NamedTuple):
    """The checker's word: the kind of certificate, and one sentence saying what was established."""

    kind: str
    says: str


def check(data: Any) -> Accepted:
    """Re-check a certificate given as plain JSON data. Raises Malformed or Rejected."""
    reader = Reader()
    try:
        reader.walk(data)
        return Accepted(*reader.settle(data, KINDS))
    except CertificateError:
        raise
    except ArithmeticError as error:
        raise Rejected(f"{error or type(error).__name__}") from None
    except RecursionError:
        raise Malformed("nested too deeply, or a definition that leads back to itself") from None
    except (AttributeError, LookupError, MemoryError, TypeError, ValueError) as error:
        raise Malformed(f"not a certificate of this format: {type(error).__name__}: {error}") from None


def check_file(path: str | Path) -> Accepted:
    """`check` for a file. Raises Malformed or Rejected."""
    return check(load(Path(path)))
