"""4. Census: every Boolean function of 1 to 3 inputs, each with a separator or a Farkas refutation that holds."""

from itertools import product
from typing import Any

from proofs.checker import farkas, separator
from proofs.checker.reading import Fuel, Refuted, expect, read


def check(data: Any, fuel: Fuel) -> str:
    form = {"inputs": range(1, 4), "threshold": range(257), "functions": "any"}
    fields = read(data, form, "census", fuel)
    points = [list(row) for row in product((0, 1), repeat=fields["inputs"])]
    tables = ["".join(digits) for digits in product("01", repeat=len(points))]
    functions = read(fields["functions"], dict.fromkeys(tables, "any"), "functions", fuel)
    separable = 0
    for table in tables:
        found = functions[table]
        expect(isinstance(found, dict), table, "weights and bias, or multipliers", found)
        kind = farkas if "multipliers" in found else separator
        read(found, dict.fromkeys(["multipliers"] if kind is farkas else ["weights", "bias"], "any"), table, fuel)
        try:
            kind.check({"points": points, "labels": [int(digit) for digit in table], **found}, fuel)
        except Refuted as error:
            raise Refuted(f"function {table}: {error}") from None
        separable += kind is separator
    if separable != fields["threshold"]:
        raise Refuted(f"{separable} functions are separable, not {fields['threshold']}")
    return f"{separable} of the {len(tables)} functions of {fields['inputs']} inputs are threshold functions"
