"""6. Perceptron: a run of the perceptron rule, repeated in exact arithmetic."""

from typing import Any

from proofs.checker.reading import ENTRIES, TABLE, Reader, Refuted, need

RULE = TABLE | {"rate": "number", "sign": (1, -1), "start": ["number"], "outcome": "any"}
RUN = RULE | {"order": [range(ENTRIES)], "visits": range(1_000_001), "final": ["number"]}
CYCLE, STAYS = RUN | {"period": range(1, 1_000_001)}, RULE | {"states": [["number"]]}
FORMS = {"reaches": RUN, "converges": RUN, "cycles": CYCLE, "stays": STAYS}


def check(data: Any, reader: Reader) -> str:
    outcome = reader.read(data.get("outcome"), tuple(FORMS), "outcome")
    fields = reader.read(data, FORMS[outcome], "perceptron")
    rows, labels = reader.table(fields)
    start, rate = tuple(fields["start"]), fields["sign"] * fields["rate"]

    def error(state: tuple[Any, ...], row: int) -> int:
        return labels[row] - int(reader.dot(rows[row], state) >= 0)

    def visit(state: tuple[Any, ...], row: int) -> tuple[Any, ...]:
        change = rate * error(state, row)
        return tuple([s + change * x for s, x in zip(state, rows[row], strict=True)]) if change else state

    if outcome == "stays":
        states = {tuple(state) for state in fields["states"]}
        reached = {start, *(visit(state, row) for state in states for row in range(len(rows)))}
        need(reached <= states, "the start is not listed, or an update leads out of the listed states", Refuted)
        need(all(x.denominator == 1 for state in states for x in state), "a listed entry is not an integer", Refuted)
        return f"no order of visits ever leaves the {len(states)} listed states, all of them integers"
    order, visits, loop = fields["order"], fields["visits"], fields.get("period", 0) * len(fields["order"])
    need(order and max(order) < len(rows), f"order: expected rows from 0 to {len(rows) - 1}")
    need(len(start) == len(rows[0]) and loop <= visits, "expected a bias in start, and a period within the visits")
    state, earlier, moved = start, start, False
    for number in range(visits):
        earlier, moved = (state, False) if number == visits - loop else (earlier, moved)
        after = visit(state, order[number % len(order)])
        state, moved = after, moved or after != state
    shown = f"the state after {visits} visits is ({', '.join(map(str, state))})"
    need(state == tuple(fields["final"]), shown, Refuted)
    if outcome == "converges":
        settled = all(row in order and error(state, row) == 0 for row in range(len(rows)))
        need(settled, "a row is never visited, or is not classified as labelled by the final state", Refuted)
    if outcome == "cycles":
        need(visits % len(order) == 0, f"visits: expected a multiple of {len(order)}")
        again = earlier == state and moved
        need(again, f"the state was another one {fields['period']} passes earlier, or never changed since", Refuted)
    return shown + {"converges": ", and never changes again", "cycles": ", and comes back for ever"}.get(outcome, "")
