"""6. Perceptron: a run of the perceptron rule, repeated in exact arithmetic."""

from typing import Any

from proofs.checker.reading import ENTRIES, LARGEST, TABLE, Reader, Refuted, need

RULE = TABLE | {"rate": "number", "sign": (1, -1), "start": ["number"], "outcome": ("stays",)}
RUN = {"outcome": ("reaches", "converges"), "order": [range(ENTRIES)], "visits": range(1_000_001), "final": ["number"]}
CYCLE = {"outcome": ("cycles",), "period": range(1, 1_000_001)}
FORMS = (RULE | RUN, RULE | RUN | CYCLE, RULE | {"states": [["number"]]})


def check(fields: dict[str, Any], reader: Reader) -> str:
    rows, labels = reader.table(fields)
    start, rate, outcome = tuple(fields["start"]), fields["sign"] * fields["rate"], fields["outcome"]
    listed = {start, *map(tuple, fields.get("states", (fields.get("final"),)))}
    need({*map(len, listed)} == {len(rows[0])}, "start, final, states: expected the weights and the bias in each")

    def visit(state: tuple[Any, ...], row: int) -> tuple[Any, ...]:
        error = labels[row] - int(reader.dot(rows[row], state) >= 0)
        return tuple([s + rate * error * x for s, x in zip(state, rows[row], strict=True)]) if error else state

    if outcome == "stays":
        states = {*map(tuple, fields["states"])}
        reached = {start, *(visit(state, row) for state in states for row in range(len(rows)))}
        need(reached <= states, "the start is not listed, or an update leads out of the listed states", Refuted)
        need(all(x.denominator == 1 for state in states for x in state), "a listed entry is not an integer", Refuted)
        return f"no order of visits ever leaves the listed states ({len(states)} in number), all of them integers"
    order, visits, loop = fields["order"], fields["visits"], fields.get("period", 0) * len(fields["order"])
    need(order and max(order) < len(rows), f"order: expected rows from 0 to {len(rows) - 1}")
    need(loop <= visits, "period: expected to end within the visits")
    state = earlier = start
    for number in range(visits):
        earlier = state if number == visits - loop else earlier
        state = visit(state, order[number % len(order)])
    entries = [str(x) if max(abs(x.numerator), x.denominator) < LARGEST else "a longer number" for x in state]
    shown = f"the state after {visits} visit{'s' * (visits != 1)} is ({', '.join(entries)})"
    need(state == tuple(fields["final"]), shown, Refuted)
    if outcome == "converges":
        settled = {*order} == {*range(len(rows))} and all(visit(state, row) is state for row in order)
        need(settled, "a row is never visited, or is not classified as labelled by the final state", Refuted)
    if outcome == "cycles":
        need(visits % len(order) == 0, f"visits: expected a multiple of {len(order)}")
        again = state == earlier and any(visit(state, row) != state for row in order)
        need(again, "the state was another one `period` passes earlier, or never changed since", Refuted)
    return shown + {"converges": ", and never changes again", "cycles": ", and comes back for ever"}.get(outcome, "")
