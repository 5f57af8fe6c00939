"""7. Resolution: no layer of so many hidden threshold units computes the labels; clauses, down to the empty one."""

from typing import Any

from proofs.checker import farkas
from proofs.checker.reading import TABLE, Reader, Rejected, need

RULES = ("first", "order", "unit", "output", "resolve")
FORMS = (TABLE | {"units": range(1, 17), "skip": (False, True), "steps": "any"},)


def check(fields: dict[str, Any], reader: Reader) -> str:
    reader.table(fields)
    points, labels, units = fields["points"], fields["labels"], fields["units"]
    most = units * len(points)
    steps = reader.read(fields["steps"], [[[range(-most, most + 1)], RULES, ["number"]]], "steps")
    clauses: dict[int, list[int]] = {}
    for number, (clause, rule, data) in enumerate(steps):
        need(0 not in clause and (clause or rule == "resolve"), "steps: expected literals that are not 0")
        reader.burn(len(clause) + len(data))
        denied = {divmod(abs(literal) - 1, len(points)): int(literal < 0) for literal in clause}
        rows = [*dict.fromkeys(row for _, row in denied)]
        if rule == "resolve":
            follows = resolves(clause, [clauses[earlier] for earlier in data], reader)
        elif rule == "first":
            follows = rows == [0] and [*denied.values()] == [1]
        elif rule == "order":
            above = min(unit for unit, _ in denied)
            steps_down = [denied[above, row] - denied[above + 1, row] for row in range(1, max(rows) + 1)]
            follows = steps_down[-1] == 1 and not any(steps_down[:-1])
        elif rule == "unit":
            table = {"points": [points[row] for _, row in denied], "labels": [*denied.values()]}
            follows = len({unit for unit, _ in denied}) == 1 and refuted(table, data, reader)
        else:
            seen = [[*(denied[unit, row] for unit in range(units)), *(points[row] * fields["skip"])] for row in rows]
            follows = refuted({"points": seen, "labels": [labels[row] for row in rows]}, data, reader)
        need(follows, f"step {number} does not follow by the rule {rule}", Rejected)
        clauses[number] = clause
    need(clauses and not clauses[len(clauses) - 1], "the last clause is not empty", Rejected)
    network = f"network of {units} hidden threshold unit{'s' * (units > 1)}"
    return f"no {network}{', with a skip connection,' * fields['skip']} computes the {len(labels)} labels"


def refuted(table: dict[str, Any], multipliers: list[Any], reader: Reader) -> bool:
    """Whether the multipliers show that no threshold unit has these outputs."""
    try:
        return bool(farkas.check({**table, "multipliers": multipliers}, reader))
    except Rejected:
        return False


def resolves(clause: list[int], earlier: list[list[int]], reader: Reader) -> bool:
    """Whether denying the clause makes each earlier one force a literal, until one of them has none left."""
    false = set(clause)
    for other in earlier:
        reader.burn(len(other))
        left = [literal for literal in other if literal not in false]
        if not left:
            return True
        if len(left) > 1:
            return False
        false.add(-left[0])
    return False
