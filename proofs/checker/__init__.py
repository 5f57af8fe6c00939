"""The trusted core: re-checks certificates (FORMAT.md) with nothing but the standard library, and believes nobody.

`check` takes plain data, `check_file` a path, `load` reads text or a Path. What is not accepted raises CertificateError:
Malformed (not a certificate), Rejected (not established) or its subclass Refuted (shown to be false).
"""

from pathlib import Path
from typing import Any, NamedTuple

from proofs.checker import census, counterexample, farkas, identity, perceptron, separator
from proofs.checker.reading import CertificateError, Fuel, Malformed, Refuted, Rejected, expect, load, read

__all__ = ["Accepted", "CertificateError", "Malformed", "Refuted", "Rejected", "check", "check_file", "load"]

STEPS = 5_000_000
KINDS = {
    "separator": separator,
    "farkas": farkas,
    "identity": identity,
    "counterexample": counterexample,
    "perceptron": perceptron,
    "census": census,
}


class Accepted(NamedTuple):
    """The checker's word: the kind of certificate, and one sentence saying what was established."""

    kind: str
    says: str


def check(data: Any) -> Accepted:
    """Re-check a certificate given as plain JSON data. Raises Malformed or Rejected."""
    expect(isinstance(data, dict), "certificate", "an object", data)
    fuel, kind = Fuel(STEPS), data.get("kind")
    try:
        read(data.get("gradproof"), range(1, 2), "gradproof", fuel)
        expect(isinstance(kind, str) and kind in KINDS, "kind", f"one of {', '.join(KINDS)}", kind)
        return Accepted(kind, KINDS[kind].check({k: data[k] for k in data if k not in ("gradproof", "kind")}, fuel))
    except CertificateError:
        raise
    except (ArithmeticError, MemoryError, RecursionError, ValueError) as error:
        raise Malformed(f"beyond what can be checked: {error or type(error).__name__}") from None


def check_file(path: str | Path) -> Accepted:
    """`check` for a file. Raises Malformed or Rejected."""
    return check(load(Path(path)))
