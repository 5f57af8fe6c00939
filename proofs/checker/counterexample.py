"""4. Counterexample: the sides of a statement do not meet at the point given, or the certificate inside is false."""

from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from proofs.checker import census, farkas, perceptron, separator
from proofs.checker.reading import Fuel, Refuted, Rejected, expect, read
from proofs.checker.terms import Point, Statement

INSIDE = {"separator": separator, "farkas": farkas, "perceptron": perceptron, "census": census}


def check(data: Any, fuel: Fuel) -> str:
    if "of" in data:
        inside = read(data, {"of": "any"}, "counterexample", fuel)["of"]
        expect(isinstance(inside, dict), "of", "a certificate", inside)
        version, kind = inside.get("gradproof"), inside.get("kind")
        read(version, range(1, 2), "gradproof", fuel)
        expect(isinstance(kind, str) and kind in INSIDE, "of", f"a certificate of kind {', '.join(INSIDE)}", kind)
        try:
            INSIDE[kind].check({key: inside[key] for key in inside if key not in ("gradproof", "kind")}, fuel)
        except Refuted as error:
            return f"the {kind} certificate inside is false: {error}"
        raise Rejected(f"the {kind} certificate inside holds")
    form = {"statement": "any", "sizes": "any", "indices": "any", "values": "any"}
    fields = read(data, form, "counterexample", fuel)
    statement = Statement(fields["statement"], fuel)
    sizes = read(fields["sizes"], {dim: range(low, 1001) for dim, low in statement.least.items()}, "sizes", fuel)
    entry = read(fields["indices"], {i: range(sizes[d]) for i, d in statement.indices.items()}, "indices", fuel)
    values = {}
    given = read(fields["values"], {name: ["number"] for name in statement.arrays}, "values", fuel)
    for name, (dims, domain) in statement.arrays.items():
        row = [Fraction(x) for x in given[name]]
        expect(len(row) == prod(sizes[dim] for dim in dims), name, "one number an element", len(row))
        values.update(zip(((name, w) for w in product(*(range(sizes[d]) for d in dims))), row, strict=True))
        n = sizes[dims[-1]] if domain == "simplex" else 1
        whole = domain != "simplex" or all(sum(row[i : i + n]) == 1 for i in range(0, len(row), n))
        positive = domain in ("real", "nonzero") or min(row) > 0
        if not whole or not positive or (domain == "nonzero" and 0 in row):
            raise Rejected(f"{name} is not in its domain, {domain}")
    if not all((entry[left] == entry[right]) == (how == "==") for how, left, right in statement.where):
        raise Rejected("the indices do not satisfy the conditions")
    for factor in (1, 2, 4):
        try:
            left, right, different = Point(statement, sizes, values, factor * (80 + statement.bits // 3)).sides(entry)
        except ArithmeticError as error:
            reason = f"a side is not defined there: {error or type(error).__name__}"
            continue
        if different:
            return f"lhs and rhs differ at sizes {sizes}, indices {entry}"
        reason = "the enclosures of lhs and rhs meet"
    raise Rejected(reason)
