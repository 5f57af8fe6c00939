"""4. Census: every Boolean function of 1 to 3 inputs, each with a separator or a Farkas refutation that holds."""

from itertools import product
from typing import Any

from proofs.checker import farkas, separator
from proofs.checker.reading import Reader, Refuted, need

FORMS = ({"inputs": range(1, 4), "threshold": range(257), "functions": "any"},)


def check(fields: dict[str, Any], reader: Reader) -> str:
    points = [list(row) for row in product((0, 1), repeat=fields["inputs"])]
    tables = ["".join(digits) for digits in product("01", repeat=len(points))]
    functions, separable = reader.read(fields["functions"], dict.fromkeys(tables, "any"), "functions"), 0
    for table in tables:
        kind = farkas if "multipliers" in functions[table] else separator
        form = farkas.PROOF if kind is farkas else separator.UNIT
        labels = [int(digit) for digit in table]
        try:
            kind.check({"points": points, "labels": labels, **reader.read(functions[table], form, table)}, reader)
        except Refuted as error:
            raise Refuted(f"function {table}: {error}") from None
        separable += kind is separator
    need(separable == fields["threshold"], f"{separable} functions are separable", Refuted)
    return f"{separable} of the {len(tables)} functions of {fields['inputs']} inputs are threshold functions"
