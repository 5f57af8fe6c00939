"""The finite certificate kinds re-read from FORMAT.md plainly, to hold the rooms and the checker against."""

from collections.abc import Sequence
from fractions import Fraction
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


def holds(data: dict[str, Any]) -> bool:
    """Whether a certificate of kind separator, farkas, perceptron or census is well formed and true."""
    kinds = {"separator": _separator, "farkas": _farkas, "perceptron": _perceptron, "census": _census}
    labels = data.get("labels", [])
    if data["gradproof"] != 1 or not set(labels) <= {0, 1}:
        return False
    if data["kind"] == "perceptron" and (data["sign"] not in (1, -1) or Fraction(data["rate"]) <= 0):
        return False
    return kinds[data["kind"]](data)
