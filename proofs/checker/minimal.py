"""8. Minimal: integer weights that separate, and a tree of cases in each of which smaller ones are impossible."""

from typing import Any

from proofs.checker import separator
from proofs.checker.reading import TABLE, Reader, Rejected, need

FORMS = (TABLE | separator.UNIT | {"measure": ("sum", "max"), "count_bias": (False, True), "tree": "any"},)
Inequality = tuple[list[Any], Any]  # coefficients and a bound: coefficients . (weights, bias) >= bound


def check(fields: dict[str, Any], reader: Reader) -> str:
    said = separator.check({key: fields[key] for key in (*TABLE, *separator.UNIT)}, reader)
    vector = [*fields["weights"], fields["bias"]]
    need(all(entry.denominator == 1 for entry in vector), "weights, bias: expected integers")
    counted = len(vector) if fields["count_bias"] else len(vector) - 1
    size, dual = (sum, max) if fields["measure"] == "sum" else (max, sum)
    limit = size([abs(entry) for entry in vector[:counted]]) - 1
    branch = {"place": range(len(vector)), "below": "number", "low": "any", "high": "any"}
    system = [inequality(row, label, reader) for row, label in zip(*reader.table(fields), strict=True)]
    pending = [(fields["tree"], system)] if limit >= 0 else []
    while pending:
        tree, system = pending.pop()
        reader.burn(len(system))
        if isinstance(tree, dict):
            place, below, low, high = reader.read(tree, branch, "tree").values()
            need(below.denominator == 1, "below: expected an integer")
            axis = [int(other == place) for other in range(len(vector))]
            pending.append((low, [*system, ([-entry for entry in axis], 1 - below)]))
            pending.append((high, [*system, (axis, below)]))
            continue
        leaf = reader.read(tree, [[range(len(system)), "number"]], "tree")
        used, multipliers = [system[number] for number, _ in leaf], [multiplier for _, multiplier in leaf]
        need(all(multiplier >= 0 for multiplier in multipliers), "a multiplier is negative", Rejected)
        sums = [reader.dot(multipliers, [row[place] for row, _ in used]) for place in range(len(vector))]
        least = reader.dot(multipliers, [bound for _, bound in used])
        closed = not any(sums[counted:]) and least > dual([abs(total) for total in sums[:counted]]) * limit
        need(closed, "a case is open: the sum of its inequalities allows smaller weights", Rejected)
    what = {"sum": "sum of the absolute values", "max": "largest absolute value"}[fields["measure"]]
    return f"{said}; the {what} of the weights{' and bias' * fields['count_bias']}, {limit + 1}, is least in integers"


def inequality(row: list[Any], label: int, reader: Reader) -> Inequality:
    """What integer weights satisfy at a row, multiplied by its denominators: score >= 0, or < 0, which is <= -1."""
    scale = reader.common(row) * (1 if label else -1)
    return [scale * entry for entry in row], 1 - label
