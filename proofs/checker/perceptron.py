"""6. Perceptron: a run of the perceptron rule in exact arithmetic, repeated."""

from collections.abc import Sequence
from typing import Any

from proofs.checker.reading import ENTRIES, POINTS, Fuel, Rational, Refuted, dot, expect, read, table

RULE = POINTS | {"rate": "number", "sign": "any", "start": ["number"], "outcome": "any"}
RUN = {"order": [range(ENTRIES)], "visits": range(1_000_001), "final": ["number"]}
FORMS = {
    "reaches": RUN,
    "converges": RUN,
    "cycles": RUN | {"period": range(1, 1_000_001)},
    "stays": {"states": [["number"]]},
}
State = tuple[Rational, ...]


def check(data: Any, fuel: Fuel) -> str:
    outcome = data.get("outcome")
    expect(isinstance(outcome, str) and outcome in FORMS, "outcome", f"one of {', '.join(FORMS)}", outcome)
    fields = read(data, RULE | FORMS[outcome], "perceptron", fuel)
    rows, labels = table(fields)
    rate, sign, width = fields["rate"], fields["sign"], len(rows[0]) + 1
    expect(type(sign) is int and sign in (1, -1), "sign", "1 or -1", sign)
    for state in (fields["start"], *fields.get("states", [fields.get("final")])):
        expect(len(state) == width, "state", f"{width - 1} weights and a bias", state)

    def visit(state: State, number: int) -> State:
        row = [*rows[number], 1]
        error = labels[number] - int(dot(state, row, fuel) >= 0)
        return tuple(s + sign * rate * error * x for s, x in zip(state, row, strict=True)) if error else state

    start: State = tuple(fields["start"])
    if outcome == "stays":
        listed = {tuple(state) for state in fields["states"]}
        if any(entry.denominator != 1 for state in listed for entry in state):
            raise Refuted("a listed state has an entry that is not an integer")
        if not listed.issuperset([start, *(visit(s, i) for s in listed for i in range(len(rows)))]):
            raise Refuted("the start or an update leads out of the listed states")
        return f"no order of visits ever leaves the {len(listed)} listed states, all of integers"
    order, visits, final, period = fields["order"], fields["visits"], tuple(fields["final"]), fields.get("period", 0)
    expect(order != [] and max(order) < len(rows), "order", f"rows from 0 to {len(rows) - 1}", order)
    expect(visits % len(order) == 0 or not period, "visits", f"a multiple of {len(order)}", visits)
    expect(period * len(order) <= visits, "period", f"at most {visits // len(order)} passes", period)
    state, updates, mark = start, 0, (start, 0)
    for number in range(visits):
        mark = (state, updates) if number == visits - period * len(order) else mark
        after = visit(state, order[number % len(order)])
        state, updates = after, updates + (after != state)
    if state != final:
        raise Refuted(f"the state after {visits} visits is {[str(s) for s in state]}")
    if outcome == "converges" and (set(order) != {*range(len(rows))} or any(visit(state, i) != state for i in order)):
        raise Refuted("a row is not visited, or is still misclassified by the final state")
    if outcome == "cycles" and (mark[0] != state or mark[1] == updates):
        raise Refuted(f"the state {period} passes earlier was another one, or nothing was updated since")
    return {
        "reaches": f"the state after {visits} visits is the one given",
        "converges": f"after {visits} visits every row is classified as labelled: no update ever follows",
        "cycles": f"the state after {visits} visits returns every {period} passes with updates between: it never stops",
    }[outcome]
