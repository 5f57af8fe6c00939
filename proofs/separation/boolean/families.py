"""Families of Boolean functions by name: majority, parity, k-of-n, comparator."""

from __future__ import annotations

import re
from collections.abc import Callable

from proofs.separation.data import MAX_INPUTS, SeparationError, TruthTable

_NAMED = re.compile(r"\s*([a-z]+)\s*[ (]\s*([0-9]{1,3})\s*\)?\s*", re.ASCII)
_SOME = re.compile(r"\s*([0-9]{1,3})\s*-\s*of\s*-\s*([0-9]{1,3})\s*", re.ASCII)


def _by_count(inputs: int, wanted: Callable[[int], bool]) -> TruthTable:
    return TruthTable(tuple(int(wanted(k.bit_count())) for k in range(2 ** _inputs(inputs))))


def _inputs(value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_INPUTS:
        raise SeparationError(f"inputs: expected 1 to {MAX_INPUTS}, got {value!r}")
    return value


def majority(inputs: int) -> TruthTable:
    """1 where more than half of the inputs are 1. Raises SeparationError unless there are 1 to 16 inputs."""
    return _by_count(inputs, lambda ones: 2 * ones > inputs)


def parity(inputs: int) -> TruthTable:
    """1 where an odd number of inputs is 1. Raises SeparationError unless there are 1 to 16 inputs."""
    return _by_count(inputs, lambda ones: ones % 2 == 1)


def at_least(ones: int, inputs: int) -> TruthTable:
    """k-of-n: 1 where at least `ones` inputs are 1. Raises SeparationError unless 0 <= k <= n + 1 and 1 <= n <= 16."""
    if isinstance(ones, bool) or not isinstance(ones, int) or not 0 <= ones <= _inputs(inputs) + 1:
        raise SeparationError(f"ones: expected 0 to {inputs + 1}, got {ones!r}")
    return _by_count(inputs, lambda count: count >= ones)


def comparator(bits: int) -> TruthTable:
    """a >= b for numbers of k = `bits` binary digits: inputs a_(k-1) ... a_0 b_(k-1) ... b_0, weights 2^i and -2^i.

    Raises SeparationError unless 1 <= k <= 8.
    """
    _inputs(2 * bits)
    size = 2**bits
    return TruthTable(tuple(int(a >= b) for a in range(size) for b in range(size)))


FAMILIES: dict[str, Callable[[int], TruthTable]] = {"majority": majority, "parity": parity, "comparator": comparator}


def family_table(text: str) -> TruthTable | None:
    """The table of ``majority 5``, ``parity(4)``, ``2-of-3`` or ``comparator 3``; None if the text is no such name.

    Raises SeparationError for a size that the family does not have.
    """
    if some := _SOME.fullmatch(text):
        return at_least(int(some[1]), int(some[2]))
    named = _NAMED.fullmatch(text)
    return FAMILIES[named[1]](int(named[2])) if named and named[1] in FAMILIES else None
