"""5. Identity: both sides of a statement are evaluated at the sizes of the small model, at points nobody chose."""

from collections import Counter
from fractions import Fraction
from hashlib import sha256
from itertools import product
from math import ceil, prod
from typing import Any

from proofs.checker.reading import Fuel, Refuted, Rejected, read
from proofs.checker.terms import Point, Statement


def check(data: Any, fuel: Fuel) -> str:
    statement = Statement(read(data, {"statement": "any"}, "identity", fuel)["statement"], fuel)
    grid = [sizes for sizes in shapes(statement) if entries(statement, sizes)]
    if not grid:
        raise Rejected("no free indices satisfy the conditions at any size tried: nothing was checked")
    scales = [Fraction(1), Fraction(1, 8), Fraction(10)]
    if statement.opaque:
        scales += [Fraction(1, 2 ** (statement.bits + 6)), Fraction(2 ** (statement.bits + 3 + 15 * statement.kinks))]
    each = max(2, ceil((24 if statement.kinks else 5 if statement.opaque else 2) / len(grid)))
    signs: dict[int, set[int]] = {}
    for number, (sizes, _) in enumerate(product(grid, range(each))):
        scale = scales[number % len(scales)]
        values = draw(statement, sizes, f"{sizes} {number}", scale)
        try:
            agree(statement, sizes, values, signs)
        except Undecided as error:
            if scale in scales[:3]:
                raise Rejected(f"{error}") from None
    once = any(seen != {1, -1} for seen in signs.values())
    return (
        f"lhs = rhs {'to 50 digits' if statement.opaque else 'exactly'} at {len(grid)} combinations of sizes up to "
        f"{', '.join(f'{dim} = {max(s[dim] for s in grid)}' for dim in statement.least) or 'none'}, {each} points each"
        + (", where an argument of relu or abs never changed its sign" if once else "")
    )


class Undecided(ArithmeticError):
    """Not defined, or not enclosed narrowly enough."""


def agree(statement: Statement, sizes: dict[str, int], values: Any, signs: dict[int, set[int]]) -> None:
    pending, reason = entries(statement, sizes), "enclosures stayed too wide"
    for factor in (1, 2, 4):
        point, wide = Point(statement, sizes, values, factor * (80 + statement.bits // 3)), []
        for entry in pending:
            try:
                left, right, different = point.sides(entry)
            except ArithmeticError as error:
                different, reason = None, f"{error or type(error).__name__}"
            if different:
                raise Refuted(f"lhs and rhs differ at sizes {sizes}, indices {entry}")
            if different is None:
                wide.append(entry)
        pending = wide
        for key, seen in point.signs.items():
            signs.setdefault(key, set()).update(seen)
        if not pending:
            return
    raise Undecided(f"at sizes {sizes}, indices {pending[0]} the statement could not be evaluated: {reason}")


def shapes(statement: Statement) -> list[dict[str, int]]:
    """The sizes of section 5.1."""
    free, ranges, held = Counter(statement.indices.values()), {}, {}
    for dim, least in statement.least.items():
        inside = statement.counts["index", dim]
        top = max(least + inside, free[dim] + inside) + statement.counts["size", dim]
        ranges[dim] = range(least, top + 1)
        held[dim] = [min(top, max(least, free[dim]) + more) for more in (0, 1)]
    if not statement.opaque:
        statement.fuel.burn(100 * prod(map(len, ranges.values())))
        return [dict(zip(ranges, sizes, strict=True)) for sizes in product(*ranges.values())]
    star = [{d: held[d][h] for d in ranges} | {dim: n} for h in (0, 1) for dim in ranges for n in ranges[dim]]
    unique = {tuple(sizes.items()): sizes for sizes in [dict(statement.least), *star]}
    return [*unique.values()]


def entries(statement: Statement, sizes: dict[str, int]) -> list[dict[str, int]]:
    """One assignment of the free indices for every pattern of equal and different ones (section 5.2)."""
    found: list[dict[str, int]] = [{}]
    for name, dim in statement.indices.items():
        used = [o for o in statement.indices if statement.indices[o] == dim]
        found = [
            {**entry, name: value}
            for entry in found
            for value in range(min(sizes[dim], 2 + max([entry[o] for o in used if o in entry], default=-1)))
        ]
        statement.fuel.burn(len(found))
    return [e for e in found if all((e[left] == e[right]) == (how == "==") for how, left, right in statement.where)]


def draw(statement: Statement, sizes: dict[str, int], label: str, scale: Fraction) -> dict[Any, Fraction]:
    """Values in the arrays' domains, about as large as `scale`, from SHA-256 of the statement (section 5.3)."""

    def pick(name: Any) -> int:
        text = f"{statement.digest} {label} {name}"
        return int.from_bytes(sha256(text.encode()).digest()[:12], "big")

    values, below = {}, pick("denominator") | 2**95
    for name, (dims, domain) in statement.arrays.items():
        for where in product(*(range(sizes[dim]) for dim in dims)):
            statement.fuel.burn(1)
            bits = pick((name, where))
            turn = -1 if bits & 1 and domain in ("real", "nonzero") else 1
            values[name, where] = turn * scale * Fraction((bits >> 1) + 1, below)
        if domain == "simplex":
            for row in product(*(range(sizes[dim]) for dim in dims[:-1])):
                cells = [(name, (*row, last)) for last in range(sizes[dims[-1]])]
                total = sum(values[cell] for cell in cells)
                values.update({cell: values[cell] / total for cell in cells})
    return values
