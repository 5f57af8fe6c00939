"""4. Separator: a threshold unit, or a network of them, whose output is the label on every row."""

from typing import Any

from proofs.checker.reading import TABLE, Reader, Refuted, need

UNIT = {"weights": ["number"], "bias": "number"}
NETWORK = TABLE | UNIT | {"hidden": [UNIT]}
FORMS = (TABLE | UNIT, NETWORK, NETWORK | {"skip": (False, True)})


def check(fields: dict[str, Any], reader: Reader) -> str:
    rows, labels = reader.table(fields)
    *hidden, output = [[*unit["weights"], unit["bias"]] for unit in (*fields.get("hidden", ()), fields)]
    need(hidden or "hidden" not in fields, "hidden: expected at least one unit")
    for number, (row, label) in enumerate(zip(rows, labels, strict=True)):
        inputs = [int(reader.dot(unit, row) >= 0) for unit in hidden]
        inputs += row if fields.get("skip", not hidden) else [1]
        right = int(reader.dot(output, inputs) >= 0) == label
        need(right, f"row {number} has label {label} and gets {1 - label}", Refuted)
    through = f" of the network of {len(hidden)} hidden units" if hidden else ""
    return f"the output{through} is 1 exactly where the label is 1, on all {len(rows)} rows"
