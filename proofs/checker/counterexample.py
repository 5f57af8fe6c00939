"""4. Counterexample: a point where the sides of a statement do not meet, or a certificate that is false."""

from fractions import Fraction
from itertools import product
from typing import Any

from proofs.checker import census, farkas, perceptron, separator
from proofs.checker.reading import Reader, Refuted, Rejected, need
from proofs.checker.terms import Point, Statement

INSIDE = {"separator": separator, "farkas": farkas, "perceptron": perceptron, "census": census}


def check(data: Any, reader: Reader) -> str:
    if "of" in data:
        inside = reader.read(data, {"of": "any"}, "counterexample")["of"]
        reader.read(inside["gradproof"], (1,), "gradproof")
        kind = reader.read(inside["kind"], tuple(INSIDE), "of")
        try:
            INSIDE[kind].check({key: inside[key] for key in inside if key not in ("gradproof", "kind")}, reader)
        except Refuted as error:
            return f"the {kind} certificate inside is false: {error}"
        raise Rejected(f"the {kind} certificate inside holds")
    form = {"statement": "any", "sizes": "any", "indices": "any", "values": "any"}
    fields = reader.read(data, form, "counterexample")
    statement = Statement(fields["statement"], reader)
    sizes = reader.read(fields["sizes"], {dim: range(low, 1001) for dim, low in statement.least.items()}, "sizes")
    indices = reader.read(fields["indices"], {i: range(sizes[d]) for i, d in statement.indices.items()}, "indices")
    given = reader.read(fields["values"], {name: ["number"] for name in statement.arrays}, "values")
    values: dict[Any, Fraction] = {}
    for name, (dims, domain) in statement.arrays.items():
        places = list(product(*(range(sizes[dim]) for dim in dims)))
        need(len(places) == len(given[name]), f"{name}: expected {len(places)} numbers, got {len(given[name])}")
        values |= {(name, place): Fraction(x) for place, x in zip(places, given[name], strict=True)}
        wide = sizes[dims[-1]] if domain == "simplex" else len(places)
        whole = domain != "simplex" or all(sum(given[name][k : k + wide]) == 1 for k in range(0, len(places), wide))
        inside = whole and all(x > 0 or domain == "real" or (domain == "nonzero" and x < 0) for x in given[name])
        need(inside, f"the values of {name} are not in its domain, {domain}", Rejected)
    need(statement.allows(indices), "the indices do not satisfy the conditions", Rejected)
    need(Point(statement, sizes, values).differ(indices), "lhs and rhs agree to 50 digits there", Rejected)
    return f"lhs and rhs differ at sizes {sizes}, indices {indices}"
