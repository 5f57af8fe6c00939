"""The finite certificate kinds re-read from FORMAT.md plainly, to hold the rooms and the checker against."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any


def _output(weights: Sequence[Any], bias: Any, inputs: Sequence[Any]) -> int:
    assert len(weights) == len(inputs)
    return int(sum(Fraction(w) * Fraction(x) for w, x in zip(weights, inputs, strict=True)) + Fraction(bias) >= 0)


def _separator(data: dict[str, Any]) -> bool:
    for point, label in zip(data["points"], data["labels"], strict=True):
        inputs: list[Any] = list(point)
        if "hidden" in data:
            inputs = [_output(unit["weights"], unit["bias"], point) for unit in data["hidden"]]
            inputs += point if data.get("skip") else []
        if _output(data["weights"], data["bias"], inputs) != label:
            return False
    return True


def _farkas(data: dict[str, Any]) -> bool:
    multipliers = [Fraction(value) for value in data["multipliers"]]
    rows = list(zip(data["points"], data["labels"], multipliers, strict=True))
    if min(multipliers) < 0 or not any(multipliers):
        return False
    columns = len(data["points"][0])
    signed = [(1 if label else -1) * m for _, label, m in rows]
    balanced = all(
        sum(m * Fraction(point[column]) for m, (point, _, _) in zip(signed, rows, strict=True)) == 0
        for column in range(columns)
    )
    return balanced and sum(signed) == 0


def _perceptron(data: dict[str, Any]) -> bool:
    points = [[Fraction(x) for x in point] + [Fraction(1)] for point in data["points"]]
    step = data["sign"] * Fraction(data["rate"])

    def after(state: tuple[Fraction, ...], row: int) -> tuple[Fraction, ...]:
        output = int(sum(w * x for w, x in zip(state, points[row], strict=True)) >= 0)
        change = step * (data["labels"][row] - output)
        return tuple(w + change * x for w, x in zip(state, points[row], strict=True))

    start = tuple(map(Fraction, data["start"]))
    if data["outcome"] == "stays":
        listed = {tuple(map(Fraction, state)) for state in data["states"]}
        closed = all(after(state, row) in listed for state in listed for row in range(len(points)))
        return start in listed and closed and all(x.denominator == 1 for state in listed for x in state)
    order, visits = data["order"], data["visits"]
    if not all(0 <= row < len(points) for row in order):
        return False
    states = [start]
    for visit in range(visits):
        states.append(after(states[-1], order[visit % len(order)]))
    final = tuple(map(Fraction, data["final"]))
    if states[-1] != final:
        return False
    if data["outcome"] == "converges":
        return set(order) == set(range(len(points))) and all(after(final, row) == final for row in order)
    if data["outcome"] == "cycles":
        back = data["period"] * len(order)
        window = states[visits - back :] if 0 < back <= visits else []
        return visits % len(order) == 0 and len(set(window)) > 1 and window[0] == final
    return bool(data["outcome"] == "reaches")


def _census(data: dict[str, Any]) -> bool:
    n, functions = data["inputs"], data["functions"]
    if n not in (1, 2, 3) or {int(table, 2) for table in functions} != set(range(2 ** (2**n))):
        return False
    points = [[k >> (n - 1 - place) & 1 for place in range(n)] for k in range(2**n)]
    for table, entry in functions.items():
        case = {"points": points, "labels": [int(digit) for digit in table], **entry}
        if not (_separator(case) if "weights" in entry else _farkas(case)):
            return False
    return bool(data["threshold"] == sum("weights" in entry for entry in functions.values()))


def _refutes(points: Sequence[Sequence[Any]], labels: Sequence[int], multipliers: Sequence[Any]) -> bool:
    assert len(points) == len(labels) == len(multipliers)
    return _farkas({"points": points, "labels": labels, "multipliers": multipliers})


def _index(number: Any, end: int) -> int:
    assert Fraction(number) in range(end)
    return int(number)


def _propagates(false: set[int], clauses: list[list[int]]) -> bool:
    for clause in clauses:
        rest = [literal for literal in clause if literal not in false]
        if len(rest) != 1:
            return not rest
        false.add(-rest[0])
    return False


def _resolution(data: dict[str, Any]) -> bool:
    points, labels, units, known = data["points"], data["labels"], data["units"], []
    if not 1 <= units <= 16:
        return False
    for clause, rule, numbers in data["steps"]:
        assert all(type(literal) is int and 1 <= abs(literal) <= units * len(points) for literal in clause)
        opposite = {((abs(k) - 1) // len(points), (abs(k) - 1) % len(points)): int(k < 0) for k in clause}
        rows = list(dict.fromkeys(row for _, row in opposite))
        if rule == "resolve":
            good = _propagates(set(clause), [known[_index(number, len(known))] for number in numbers])
        elif rule == "unit":
            good = len({j for j, _ in opposite}) == 1
            good = good and _refutes([points[row] for _, row in opposite], list(opposite.values()), numbers)
        elif rule == "output":
            seen = [[opposite[j, r] for j in range(units)] + points[r] * data["skip"] for r in rows]
            good = _refutes(seen, [labels[row] for row in rows], numbers)
        elif rule == "first":
            good = list(opposite.items()) in [[((j, 0), 1)] for j in range(units)]
        else:
            j, last = min(j for j, _ in opposite), max(rows)
            equal = all(opposite[j, row] == opposite[j + 1, row] for row in range(1, last))
            good = last > 0 and equal and (opposite[j, last], opposite[j + 1, last]) == (1, 0)
        if not good:
            return False
        known.append(clause)
    return bool(known) and known[-1] == []


def _minimal(data: dict[str, Any]) -> bool:
    vector = [*map(Fraction, data["weights"]), Fraction(data["bias"])]
    if not _separator({key: data[key] for key in ("points", "labels", "weights", "bias")}):
        return False
    counted = len(vector) - (not data["count_bias"])
    total = {"sum": sum, "max": max}
    limit = total[data["measure"]](abs(v) for v in vector[:counted]) - 1
    system = []
    for point, label in zip(data["points"], data["labels"], strict=True):
        row = [Fraction(x) for x in point] + [Fraction(1)]
        common = lcm(*(x.denominator for x in row))
        system.append(([x * common * (1 if label else -1) for x in row], 1 - label))

    def closed(tree: Any, known: list[Any]) -> bool:
        if isinstance(tree, dict):
            place, below = tree["place"], Fraction(tree["below"])
            assert type(place) is int
            assert 0 <= place < len(vector)
            axis = [Fraction(other == place) for other in range(len(vector))]
            low = closed(tree["low"], [*known, ([-x for x in axis], 1 - below)])
            return low and closed(tree["high"], [*known, (axis, below)]) and below.denominator == 1
        assert all(type(k) is int and k >= 0 for k, _ in tree)
        used = [(known[k], Fraction(m)) for k, m in tree]
        sums = [sum((row[place] * m for (row, _), m in used), Fraction(0)) for place in range(len(vector))]
        least = sum((bound * m for (_, bound), m in used), Fraction(0))
        norm = total["max" if data["measure"] == "sum" else "sum"](abs(x) for x in sums[:counted])
        return all(m >= 0 for _, m in used) and not any(sums[counted:]) and least > limit * norm

    return all(v.denominator == 1 for v in vector) and (limit < 0 or closed(data["tree"], system))


def _novikoff(data: dict[str, Any]) -> bool:
    unit = [*map(Fraction, data["weights"]), Fraction(data["bias"])]
    rows = [[Fraction(x) for x in point] + [Fraction(1)] for point in data["points"]]
    assert all(len(row) == len(unit) for row in rows)
    scores = [sum(u * x for u, x in zip(unit, row, strict=True)) for row in rows]
    margin = min(score if label else -score for score, label in zip(scores, data["labels"], strict=True))
    updates = Fraction(data["updates"])
    if margin <= 0 or updates.denominator != 1:
        return False
    return updates + 1 > max(sum(x * x for x in row) for row in rows) * sum(u * u for u in unit) / margin**2


def _unit_tables(entry: dict[str, Any], every: list[str]) -> set[str]:
    """The tables that the weights give, after each other one was seen to be excluded."""
    reads = entry["tables"]
    assert reads
    assert all(isinstance(read, str) and read in every for read in reads)
    rows = [[int(read[row]) for read in reads] for row in range(len(reads[0]))]
    some = set()
    for weights in entry["weights"]:
        some.add("".join(str(_output(weights, 0, row)) for row in rows))
    signs = []
    for multipliers in entry["multipliers"]:
        numbers = [Fraction(m) for m in multipliers]
        assert len(numbers) == len(rows)
        assert any(m < 0 for m in numbers)
        assert all(sum(m * row[k] for m, row in zip(numbers, rows, strict=True)) == 0 for k in range(len(reads)))
        signs.append({k: "01"[m > 0] for k, m in enumerate(numbers) if m})
    for table in every:
        assert table in some or any(all(table[k] == digit for k, digit in sign.items()) for sign in signs)
    return some


def _representation(data: dict[str, Any]) -> bool:
    n = data["inputs"]
    assert type(n) is int
    assert 1 <= n <= 3
    assert "hidden" not in data
    every = [f"{k:0{2**n}b}" for k in range(2 ** (2**n))]
    given = [every[-1], *("".join(str(k >> (n - 1 - place) & 1) for k in range(2**n)) for place in range(n))]
    known = {frozenset(e["tables"]) - {every[0]}: _unit_tables(e, every) for e in data["reading"]}
    known[frozenset()] = {every[-1]}
    seen = []
    for told in data["topologies"]:
        units = told["units"]
        if not units or units in seen:
            return False
        seen.append(units)
        if any(type(s) is not int or not 0 <= s <= n + k for k, unit in enumerate(units) for s in unit):
            return False
        if any(list(unit) != sorted(set(unit)) for unit in units):
            return False

        def end(outputs: list[str], left: list[list[int]]) -> set[str]:
            if not left:
                return {outputs[-1]}
            choices = known[frozenset((given + outputs)[s] for s in left[0]) - {every[0]}]
            return set().union(*(end([*outputs, table], left[1:]) for table in choices))

        shared = set()
        for w in (Fraction(-7, 3), Fraction(0), Fraction(2, 5)):
            values = [[int(digit) for digit in table] for table in given]
            for unit in units:
                values.append([int(w * sum(values[s][row] for s in unit) >= 0) for row in range(2**n)])
            shared.add("".join(map(str, values[-1])))
        if (told["free"], told["shared"]) != (sorted(end([], units)), sorted(shared)):
            return False
    return bool(seen)


def unpacked(data: dict[str, Any]) -> dict[str, Any]:
    """A packed table written out."""
    labels = [int(data["labels"][at : at + 2], 16) for at in range(0, len(data["labels"]), 2)]
    columns = []
    for column in data["columns"]:
        wide = len(column["digits"]) // len(labels)
        digits = [int(column["digits"][at * wide : at * wide + wide] or "0", 16) for at in range(len(labels))]
        columns.append([Fraction(column["offset"]) + Fraction(column["scale"]) * digit for digit in digits])
    plain = {**data, "points": [list(row) for row in zip(*columns, strict=True)], "labels": labels}
    if data["kind"] == "farkas":
        plain["multipliers"] = [int(multiplier, 16) for multiplier in data["multipliers"]]
    return plain


def holds(data: dict[str, Any]) -> bool:
    """Whether a certificate of one of these kinds is well formed and true."""
    data = unpacked(data) if "columns" in data else data
    kinds = {"separator": _separator, "farkas": _farkas, "perceptron": _perceptron, "census": _census}
    kinds |= {"resolution": _resolution, "minimal": _minimal, "novikoff": _novikoff, "representation": _representation}
    labels = data.get("labels", [])
    if data["gradproof"] != 1 or not set(labels) <= {0, 1}:
        return False
    if data["kind"] == "perceptron" and (data["sign"] not in (1, -1) or Fraction(data["rate"]) <= 0):
        return False
    return kinds[data["kind"]](data)
