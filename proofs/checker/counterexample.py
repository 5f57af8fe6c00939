"""4. Counterexample: a point where the sides of a statement do not meet, or a certificate that is false."""

from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from proofs.checker import census, perceptron, rounding, separator
from proofs.checker.reading import Reader, Refuted, Rejected, need
from proofs.checker.terms import DOMAINS, Place, Statement, at

INSIDE = {"separator": separator, "perceptron": perceptron, "census": census, "rounding": rounding}
FORMS = ({"statement": "any", "sizes": "any", "indices": "any", "values": "any"}, {"of": "any"})


def check(fields: dict[str, Any], reader: Reader) -> str:
    if "of" in fields:
        try:
            kind, _ = reader.settle(fields["of"], INSIDE)
        except Refuted as error:
            return f"the certificate inside is false: {error}"
        raise Rejected(f"the {kind} certificate inside holds")
    statement = Statement(fields["statement"], reader)
    sizes = reader.read(fields["sizes"], {dim: range(low, 1001) for dim, low in statement.least.items()}, "sizes")
    indices = reader.read(fields["indices"], {i: range(sizes[d]) for i, d in statement.indices.items()}, "indices")
    given = reader.read(fields["values"], {name: ["number"] for name in statement.arrays}, "values")
    values: dict[Place, Fraction] = {}
    for name, (dims, domain) in statement.arrays.items():
        row, places = given[name], product(*(range(sizes[dim]) for dim in dims))
        need(len(row) == prod(sizes[dim] for dim in dims), f"{name}: expected one number an element, got {len(row)}")
        values |= {(name, place): Fraction(x) for place, x in zip(places, row, strict=True)}
        inside = all(map(DOMAINS[domain], row))
        if domain in ("simplex", "onehot"):
            wide = sizes[dims[-1]]
            inside = inside and all(sum(row[k : k + wide]) == 1 for k in range(0, len(row), wide))
        need(inside, f"the values of {name} are not in its domain, {domain}", Rejected)
    need(statement.allows(indices), "the indices do not satisfy the conditions", Rejected)
    need(statement.differ(statement.points(sizes, values), indices, patient=True), "the sides meet", Rejected)
    return f"lhs and rhs differ {at(sizes, indices)}"
