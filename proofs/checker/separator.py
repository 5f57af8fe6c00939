"""4. Separator: a threshold unit, or a network of them, whose output is the label on every row."""

from typing import Any

from proofs.checker.reading import POINTS, Fuel, Refuted, dot, expect, read, table

UNIT = {"weights": ["number"], "bias": "number"}


def check(data: Any, fuel: Fuel) -> str:
    fields = read(data, POINTS | UNIT | {"hidden?": [UNIT], "skip?": "flag"}, "separator", fuel)
    rows, labels = table(fields)
    hidden, skip = fields.get("hidden", []), fields.get("skip", False)
    expect(bool(hidden) or not ({"hidden", "skip"} & fields.keys()), "hidden", "at least one unit", hidden)
    for number, (row, label) in enumerate(zip(rows, labels, strict=True)):
        inputs = [int(fires(unit, row, fuel)) for unit in hidden] + (row if skip or not hidden else [])
        if fires(fields, inputs, fuel) != (label == 1):
            raise Refuted(f"row {number} has label {label} and gets output {1 - label}")
    network = f", read through {len(hidden)} hidden units" if hidden else ""
    return f"the output is 1 exactly where the label is 1, on all {len(rows)} rows{network}"


def fires(unit: Any, inputs: Any, fuel: Fuel) -> bool:
    expect(len(unit["weights"]) == len(inputs), "weights", f"{len(inputs)} numbers", unit["weights"])
    return dot(unit["weights"], inputs, fuel) + unit["bias"] >= 0
