"""5. Identity: both sides of a statement at the sizes of its small model, at points that nobody chose."""

from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from fractions import Fraction
from hashlib import sha256
from itertools import product
from json import dumps
from typing import Any

from proofs.checker.reading import Reader, Refuted, Rejected, need
from proofs.checker.terms import Env, Place, Statement, at

FORMS = ({"statement": "any"},)
Sizes = dict[str, int]


def check(fields: dict[str, Any], reader: Reader) -> str:
    statement = Statement(fields["statement"], reader)
    digest = sha256(dumps(fields["statement"], sort_keys=True).encode()).hexdigest()
    grid = [(sizes, found) for sizes in shapes(statement) if (found := entries(statement, sizes))]
    need(grid, "no free indices satisfy the conditions at any size tried: nothing was checked", Rejected)
    tiny, large = Fraction(1, 2 ** (statement.bits + 6)), 2 ** (statement.bits + 18)
    usual, extreme = (max(len(grid), 40), 20) if statement.degree["kink"] else (max(len(grid), 4), 4)
    for number in range(usual + extreme):
        sizes, found = grid[number % len(grid)]
        label, scale = f"{digest} {number}", (1, Fraction(1, 8), 10)[number % 3]
        if number >= usual:
            label, scale = f"{digest} {number // 4}", (tiny, -tiny, large, -large)[number % 4]
        points = statement.points(sizes, draw(statement, sizes, label, scale))
        for entry in found:
            with nullcontext() if number < usual else suppress(ArithmeticError):
                same = not statement.differ(points, entry)
                need(same, f"lhs and rhs differ {at(sizes, entry)}", Refuted)
    largest = ", ".join(f"{dim} = {max(sizes[dim] for sizes, _ in grid)}" for dim in statement.least)
    where = f", at {len(grid)} combination{'s' * (len(grid) > 1)} of sizes up to {largest}" if largest else ""
    return f"lhs = rhs to 50 digits at {usual + extreme} points{where}"


def shapes(statement: Statement) -> Iterator[Sizes]:
    """The sizes of section 5.1."""
    ranges, held, some, free = {}, {}, {}, Counter(statement.indices.values())
    for dim, least in statement.least.items():
        inside, degree = statement.degree[f"sum {dim}"], statement.degree[f"size {dim}"]
        top = max(least, free[dim]) + inside + degree
        need(top <= 40, f"sizes of {dim} up to {top} would be needed, more than 40", Rejected)
        ranges[dim], held[dim] = range(least, top + 1), min(top, max(least, free[dim]) + 1)
        some[dim] = [size for size in ranges[dim] if size <= held[dim] + degree or size == top]
    if not statement.degree["function"]:
        return (dict(zip(ranges, sizes, strict=True)) for sizes in product(*ranges.values()))
    star = [statement.least, *(held | {dim: size} for dim in some for size in some[dim])]
    return iter({tuple(sizes.items()): sizes for sizes in star}.values())


def entries(statement: Statement, sizes: Sizes) -> list[Env]:
    """One assignment of the free indices for every pattern of equal and different ones (section 5.2)."""
    found, dims = dict[Any, Env](), statement.indices.values()
    free = Counter(dims)
    for values in product(*(range(min(sizes[dim], free[dim])) for dim in dims)):
        statement.reader.burn(50 + 10 * (len(sizes) + len(dims) + len(statement.where)))
        pairs = [*zip(dims, values, strict=True)]
        found.setdefault(tuple(map(pairs.index, pairs)), dict(zip(statement.indices, values, strict=True)))
    return [entry for entry in found.values() if statement.allows(entry)]


def draw(statement: Statement, sizes: Sizes, label: str, scale: int | Fraction) -> dict[Place, Fraction]:
    """Values about as large as `scale` (mirrored if it is negative), from SHA-256 of the statement (section 5.3)."""
    values, whole = {}, 3**60 * scale.denominator
    for name, (dims, domain) in statement.arrays.items():
        for place in product(*(range(sizes[dim]) for dim in dims)):
            statement.reader.burn(40)
            digest = sha256(f"{label} {name} {place}".encode()).digest()
            minus = domain in ("real", "nonzero") and digest[12] % 2 == (scale > 0)
            size = (int.from_bytes(digest[:12], "big") + 1) * abs(scale.numerator)
            values[name, place] = Fraction(-size if minus else size, whole)
        for row in product(*(range(sizes[dim]) for dim in dims[:-1])) if domain in ("simplex", "onehot") else ():
            cells = [(name, (*row, last)) for last in range(sizes[dims[-1]])]
            total, largest = sum(values[cell] for cell in cells), max(cells, key=values.__getitem__)
            hot = {cell: Fraction(cell == largest) for cell in cells}
            values |= hot if domain == "onehot" else {cell: values[cell] / total for cell in cells}
    return values
