"""A Boolean function read from whatever people have: digits, a list, a number, an expression, the name of a family."""

from __future__ import annotations

from collections.abc import Sequence

from proofs.separation.boolean.expressions import expression_table
from proofs.separation.boolean.families import family_table
from proofs.separation.data import MAX_INPUTS, SeparationError, TruthTable

Source = TruthTable | str | int | Sequence[int]


def truth_table(source: Source, inputs: int | None = None) -> TruthTable:
    """The truth table of a Boolean function of 1 to 16 inputs; its `.points` and `.labels` are the data set.

    ``"0110"``, ``[0, 1, 1, 0]`` and ``6, inputs=2`` are XOR: the k-th digit, from 0, is the value at the inputs that
    are the binary digits of k, most significant first, and a number is its digits read as binary. Other texts are a
    family (``majority 5``, ``parity 4``, ``2-of-3``, ``comparator 3``) or an expression (``a & (b | ~c)``). Raises
    SeparationError for anything else, and when `inputs` is given and is not the number of inputs.
    """
    table = _read(source, inputs)
    if inputs is not None and table.inputs != inputs:
        raise SeparationError(f"inputs: the function has {table.inputs}, and {inputs!r} were asked for")
    return table


def _read(source: Source, inputs: int | None) -> TruthTable:
    if isinstance(source, TruthTable):
        return TruthTable.parse(str(source))
    if isinstance(source, int) and not isinstance(source, bool):
        if not isinstance(inputs, int) or isinstance(inputs, bool) or not 1 <= inputs <= MAX_INPUTS:
            raise SeparationError(f"inputs: a table given as a number needs 1 to {MAX_INPUTS}, got {inputs!r}")
        if not 0 <= source < 2**2**inputs:
            raise SeparationError(f"truth table: expected a number from 0 to 2^(2^{inputs}) - 1, got another")
        return TruthTable.parse(f"{source:0{2**inputs}b}")
    if isinstance(source, str):
        digits = "".join(source.split())
        if set(digits) <= {"0", "1"}:
            return TruthTable.parse(digits)
        return family_table(source) or expression_table(source)
    if not isinstance(source, Sequence) or any(value not in (0, 1) for value in source):
        raise SeparationError(f"truth table: expected values 0 and 1, an expression or a family, got {source!r:.80}")
    return TruthTable.parse("".join(str(int(value)) for value in source))
