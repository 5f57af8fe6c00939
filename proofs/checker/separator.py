"""4. Separator: a threshold unit, or a network of them, whose output is the label on every row."""

from typing import Any

from proofs.checker.reading import BYTES, PACKED, TABLE, Reader, Refuted, Rejected, need

UNIT = {"weights": ["number"], "bias": "number"}
NETWORK = TABLE | UNIT | {"hidden": [UNIT]}
FORMS = (TABLE | UNIT, NETWORK, NETWORK | {"skip": (False, True)}, PACKED | UNIT)


def check(fields: dict[str, Any], reader: Reader) -> str:
    if "columns" in fields:
        return check_packed(fields, reader)
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


def check_packed(fields: dict[str, Any], reader: Reader) -> str:
    """All scores in one integer, `wide` bytes a row, which no score overflows: half their range is added to each, so
    that a row's highest bit says whether its score is >= 0."""
    labels, columns = reader.packed(fields)
    scales, offsets = ([column[name] for column in fields["columns"]] for name in ("scale", "offset"))
    bias = reader.dot([*fields["weights"], fields["bias"]], [*offsets, 1])
    weights = [w * scale for w, scale in zip(fields["weights"], scales, strict=True)]
    common = reader.common([*weights, bias])
    *weights, bias = [int(w * common) for w in (*weights, bias)]
    largest = abs(bias) + sum((abs(w) or 1) << 8 * k for w, (_, k) in zip(weights, columns, strict=True))
    rows, wide = len(labels), largest.bit_length() // 8 + 1
    need(rows * wide <= BYTES, "weights: too long for so many rows", Rejected)
    reader.burn(rows * wide * sum(4 + w.bit_length() // 8 for w in weights) >> 13)
    total = (bias + (1 << 8 * wide - 1)) * int.from_bytes((bytes(wide - 1) + b"\1") * rows)
    for weight, (digits, k) in zip(weights, columns, strict=True):
        spread = bytearray(rows * wide)
        for place in range(k if weight else 0):
            spread[wide - k + place :: wide] = digits[place::k]
        total += weight * int.from_bytes(spread)
    outputs = total.to_bytes(rows * wide)[::wide].translate(bytes(128) + b"\1" * 128)
    need(outputs == labels, "a row has the other label than it gets", Refuted)
    return f"the output is 1 exactly where the label is 1, on all {rows} rows"
