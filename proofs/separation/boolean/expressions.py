"""Boolean expressions such as ``a & (b | ~c)``, read by a small grammar of their own into truth tables.

    either  = differ ("|" differ)*          differ = both ("^" both)*          both = not ("&" not)*
    not     = ("~" | "!") not | "(" either ")" | "0" | "1" | NAME

NAME is a letter or ``_`` followed by letters, digits and ``_``. A subexpression is kept as the set of inputs where it
is 1, a whole number of 2^n bits. Nothing is ever evaluated as code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from proofs.separation.data import MAX_INPUTS, SeparationError, TruthTable

LONGEST = 10_000
DEEPEST = 100
_TOKEN = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*|[01](?![A-Za-z0-9_])|[()&|^~!])", re.ASCII)
_PARTS = re.compile("([0-9]+)")


def expression_table(text: str, variables: Sequence[str] | None = None) -> TruthTable:
    """The truth table of an expression; the first variable is the most significant digit of the input.

    The variables are those in it, in alphabetical order with numbers counted (x2 before x10), or `variables`.
    Raises SeparationError, with the place, for what the grammar does not allow, beyond 10,000 characters, 100 levels or
    16 variables, and for a name that is not among `variables`.
    """
    tokens = _tokens(text)
    used = {token for token, _ in tokens if token[0] not in "()&|^~!01"}
    names = sorted(used, key=_natural) if variables is None else list(variables)
    if not 1 <= len(names) <= MAX_INPUTS or len(set(names)) < len(names):
        raise SeparationError(f"expression: expected 1 to {MAX_INPUTS} different variables, got {len(names)}")
    if unknown := sorted(used - set(names)):
        raise SeparationError(f"expression: {unknown[0]} is not among the variables {', '.join(names)}")
    reader = _Reader(text, tokens, names)
    bits = reader.either(0)
    reader.end()
    return TruthTable(tuple(bits >> k & 1 for k in range(2 ** len(names))))


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in _PARTS.split(name)]


def _tokens(text: str) -> list[tuple[str, int]]:
    if len(text) > LONGEST:
        raise SeparationError(f"expression: expected at most {LONGEST} characters, got {len(text)}")
    found, place, end = [], 0, len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            raise _unexpected(text, place)
        found.append((match[1], match.start(1)))
        place = match.end()
    return found


def _unexpected(text: str, place: int) -> SeparationError:
    what = "the end" if place >= len(text.rstrip()) else repr(text[place : place + 20])
    return SeparationError(
        f"expression: at character {place + 1}, expected names, 0, 1 and & | ^ ~ ( ) as in 'a & (b | ~c)', got {what}"
    )


class _Reader:
    """Goes through the tokens once; each method reads one rule of the grammar."""

    def __init__(self, text: str, tokens: list[tuple[str, int]], names: list[str]) -> None:
        self.text, self.tokens, self.place = text, tokens, 0
        rows = 2 ** len(names)
        self.all: int = (1 << rows) - 1
        self.sets: dict[str, int] = {"0": 0, "1": self.all}
        for position, name in enumerate(names):
            block = rows >> position + 1
            high = ((1 << block) - 1) << block
            self.sets[name] = sum(high << start for start in range(0, rows, 2 * block))

    def next(self) -> str:
        return self.tokens[self.place][0] if self.place < len(self.tokens) else ""

    def refuse(self) -> SeparationError:
        return _unexpected(self.text, self.tokens[self.place][1] if self.next() else len(self.text))

    def end(self) -> None:
        if self.next():
            raise self.refuse()

    def either(self, depth: int) -> int:
        bits = self.differ(depth)
        while self.next() == "|":
            self.place += 1
            bits |= self.differ(depth)
        return bits

    def differ(self, depth: int) -> int:
        bits = self.both(depth)
        while self.next() == "^":
            self.place += 1
            bits ^= self.both(depth)
        return bits

    def both(self, depth: int) -> int:
        bits = self.negated(depth)
        while self.next() == "&":
            self.place += 1
            bits &= self.negated(depth)
        return bits

    def negated(self, depth: int) -> int:
        if depth > DEEPEST:
            raise SeparationError(
                f"expression: expected at most {DEEPEST} levels of parentheses and negations, got more"
            )
        token = self.next()
        if token not in self.sets and token not in ("~", "!", "("):
            raise self.refuse()
        self.place += 1
        if token in self.sets:
            return self.sets[token]
        if token != "(":
            return self.all ^ self.negated(depth + 1)
        bits = self.either(depth + 1)
        if self.next() != ")":
            raise self.refuse()
        self.place += 1
        return bits
