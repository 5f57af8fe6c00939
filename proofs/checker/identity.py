"""5. Identity: both sides of a statement at the sizes of its small model, at points that nobody chose."""

from collections import Counter
from fractions import Fraction
from hashlib import sha256
from itertools import product
from json import dumps
from math import ceil, prod
from typing import Any

from proofs.checker.reading import Reader, Refuted, Rejected, need
from proofs.checker.terms import Point, Statement

Sizes = dict[str, int]


def check(data: Any, reader: Reader) -> str:
    statement = Statement(reader.read(data, {"statement": "any"}, "identity")["statement"], reader)
    digest = sha256(dumps(data, sort_keys=True).encode()).hexdigest()
    grid = [sizes for sizes in shapes(statement) if entries(statement, sizes)]
    need(grid, "no free indices satisfy the conditions at any size tried: nothing was checked", Rejected)
    bits, kinks, signs = statement.bits, statement.counts["abs"] + statement.counts["sign"] > 0, dict[int, set[int]]()
    scales = [1, Fraction(1, 8), 10, Fraction(1, 2 ** (bits + 6)), 2 ** (bits + 18 if kinks else bits + 3)]
    points = [sizes for sizes in grid for _ in range(ceil((60 if kinks else 5) / len(grid)))]
    for number, sizes in enumerate(points):
        try:
            compare(statement, sizes, f"{digest} {number}", scales[number % 5], signs)
        except ArithmeticError:
            if number % 5 < 3:  # the two extreme scales may be out of reach where functions are steep or cancel
                raise
            compare(statement, sizes, f"{digest} {number} again", 1, signs)
    largest = ", ".join(f"{dim} = {max(sizes[dim] for sizes in grid)}" for dim in statement.least)
    where = f", at {len(grid)} combinations of sizes up to {largest}" if largest else ""
    kept = (
        ", where an argument of relu, abs or step never changed its sign"
        if any(len(s) < 2 for s in signs.values())
        else ""
    )
    return f"lhs = rhs to 50 digits at {len(points)} points{where}{kept}"


def compare(statement: Statement, sizes: Sizes, label: str, scale: int | Fraction, signs: dict[int, set[int]]) -> None:
    point = Point(statement, sizes, draw(statement, sizes, label, scale))
    for entry in entries(statement, sizes):
        need(not point.differ(entry), f"lhs and rhs differ at sizes {sizes}, indices {entry}", Refuted)
    for argument, seen in point.signs.items():
        signs.setdefault(argument, set()).update(seen)


def shapes(statement: Statement) -> list[Sizes]:
    """The sizes of section 5.1."""
    ranges, held = {}, {}
    for dim, least in statement.least.items():
        free, inside = Counter(statement.indices.values())[dim], statement.counts[f"sum {dim}"]
        top = max(least + inside, free + inside) + statement.counts[f"size {dim}"]
        need(top <= 40, f"sizes of {dim} up to {top} would be needed, more than 40", Rejected)
        ranges[dim] = range(least, top + 1)
        held[dim] = [min(top, max(least, free) + more) for more in (0, 1)]
    if not statement.counts["function"]:
        statement.reader.burn(10 * prod(map(len, ranges.values())))
        return [dict(zip(ranges, sizes, strict=True)) for sizes in product(*ranges.values())]
    star = [{d: held[d][n % 2] for d in ranges} | {dim: n} for dim in ranges for n in ranges[dim]]
    return [dict(sizes) for sizes in dict.fromkeys(tuple(sizes.items()) for sizes in [statement.least, *star])]


def entries(statement: Statement, sizes: Sizes) -> list[Sizes]:
    """One assignment of the free indices for every pattern of equal and different ones (section 5.2)."""
    found: list[Sizes] = [{}]
    for name, dim in statement.indices.items():
        alike = [other for other, its in statement.indices.items() if its == dim]
        new = [max([entry[other] + 1 for other in alike if other in entry], default=0) for entry in found]
        statement.reader.burn((10 + len(statement.where)) * sum(new))
        found = [e | {name: v} for e, n in zip(found, new, strict=True) for v in range(min(sizes[dim], n + 1))]
    return [entry for entry in found if statement.allows(entry)]


def draw(statement: Statement, sizes: Sizes, label: str, scale: int | Fraction) -> dict[Any, Fraction]:
    """Values in the arrays' domains, about as large as `scale`, from SHA-256 of the statement (section 5.3)."""

    def bits(name: Any) -> int:
        return int.from_bytes(sha256(f"{label} {name}".encode()).digest()[:12], "big") + 1

    values, unit = {}, bits("unit") | 2**95
    for name, (dims, domain) in statement.arrays.items():
        for place in product(*(range(sizes[dim]) for dim in dims)):
            statement.reader.burn(40)
            values[name, place] = scale * Fraction(bits((name, place)), unit)
            if domain in ("real", "nonzero") and bits((place, name)) % 2:
                values[name, place] *= -1
        if domain in ("simplex", "onehot"):
            for row in product(*(range(sizes[dim]) for dim in dims[:-1])):
                cells = [(name, (*row, last)) for last in range(sizes[dims[-1]])]
                whole, largest = sum(values[cell] for cell in cells), max(cells, key=values.__getitem__)
                hot = {cell: Fraction(cell == largest) for cell in cells}
                values |= hot if domain == "onehot" else {cell: values[cell] / whole for cell in cells}
    return values
