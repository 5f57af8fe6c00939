"""Theorems tried out: what each concludes is put to the test at random examples, in plain floating-point numbers.

This shares nothing with the certificates' checks but the statements. It is a test, never a proof: equations are
compared at random sizes and values; where no weights exist, random ones are tried; runs are made again; functions that
random weights give are among those that are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import isfinite, prod
from random import Random
from typing import Any

from proofs.calculus import Statement
from proofs.calculus.dual import EvaluationError
from proofs.calculus.evaluate import evaluate_float
from proofs.calculus.terms import Array
from proofs.kernels.conclusions import Subject
from proofs.kernels.tables import written_out

EXAMPLES = 100
CLOSE = 1e-6
Fields = Mapping[str, Any]
Rows = list[tuple[list[float], int]]


class Contradicted(AssertionError):
    """An example speaks against a conclusion; the message is the example."""


def tried(subjects: Sequence[Subject], examples: int = EXAMPLES) -> int:
    """At how many examples, at most `examples` a conclusion, the conclusions were tried and held. The same each time.

    Raises Contradicted.
    """
    return sum(_tried(subject, Random(number), examples) for number, subject in enumerate(subjects))


def _tried(subject: Subject, random: Random, examples: int) -> int:
    if isinstance(subject, Statement):
        return sum(_holds(subject, random) for _ in range(examples))
    data = written_out(subject.data)
    test = _TESTS.get(str(data["kind"]))
    if test is None or not ("points" in data or data["kind"] in ("census", "representation")):
        return 0
    count = 0
    for held, example in test(data, random, examples):
        if not held:
            raise Contradicted(f"{data['kind']}: {example}")
        count += 1
    return count


def _holds(statement: Statement, random: Random) -> bool:
    """Whether the sides were comparable at a random point. Raises Contradicted where they differ."""
    sizes = {dim: statement.least_size(dim) + random.randint(0, 2) for dim in statement.dims}
    values = {array.name: _drawn(array, sizes, random) for array in statement.arrays}
    places = [
        dict(zip([index.name for index in statement.indices], place, strict=True))
        for place in product(*(range(sizes[index.dim]) for index in statement.indices))
    ]
    allowed = [p for p in places if all((p[w.left] == p[w.right]) == w.equal for w in statement.where)]
    if not allowed:
        return False
    indices = random.choice(allowed)
    try:
        left, right = (
            evaluate_float(statement, side, sizes, values, indices) for side in (statement.lhs, statement.rhs)
        )
    except (EvaluationError, ArithmeticError):
        return False
    if not (isfinite(left) and isfinite(right)):
        return False
    if abs(left - right) > CLOSE * max(1.0, abs(left), abs(right)):
        raise Contradicted(f"at {sizes}, {indices}, {values} the sides are {left} and {right}")
    return True


def _drawn(array: Array, sizes: Mapping[str, int], random: Random) -> list[Fraction]:
    """Random values in the array's domain, row-major."""
    count = prod(sizes[dim] for dim in array.dims)
    drawn = [Fraction(random.randint(-200, 200), 100) for _ in range(count)]
    if array.domain == "real":
        return drawn
    width = sizes[array.dims[-1]] if array.dims else 1
    if array.domain == "onehot":
        chosen = [random.randrange(width) for _ in range(count // width)]
        return [Fraction(int(chosen[k // width] == k % width)) for k in range(count)]
    positive = [abs(x) + Fraction(1, 100) for x in drawn]
    if array.domain == "simplex":
        return [x / sum(positive[k // width * width : k // width * width + width]) for k, x in enumerate(positive)]
    return positive if array.domain == "positive" else [x or Fraction(1) for x in drawn]


def _rows(data: Fields) -> Rows:
    return [([float(Fraction(x)) for x in p], label) for p, label in zip(data["points"], data["labels"], strict=True)]


def _fires(weights: Sequence[float], bias: float, point: Sequence[float]) -> int:
    """Sums that rounding cannot tell from 0 count as 0."""
    total = sum(w * x for w, x in zip(weights, point, strict=True)) + bias
    return int(total >= -1e-9)


Test = Iterator[tuple[bool, str]]


def _separator(data: Fields, _: Random, examples: int) -> Test:
    """Each row is an example."""
    units = [(*(float(Fraction(w)) for w in u["weights"]), float(Fraction(u["bias"]))) for u in data.get("hidden", ())]
    output = [float(Fraction(w)) for w in data["weights"]]
    for point, label in _rows(data)[:examples]:
        inputs = [float(_fires(unit[:-1], unit[-1], point)) for unit in units]
        inputs += point if data.get("skip", not units) else []
        yield _fires(output, float(Fraction(data["bias"])), inputs) == label, f"{point}"


def _weights(random: Random, count: int) -> list[float]:
    return [random.choice((random.gauss(0, 1), float(random.randint(-3, 3)))) for _ in range(count)]


def _farkas(data: Fields, random: Random, examples: int) -> Test:
    """Random weights are wrong on some row."""
    rows = _rows(data)
    for _ in range(examples):
        *weights, bias = _weights(random, len(rows[0][0]) + 1)
        yield any(_fires(weights, bias, point) != label for point, label in rows), f"{weights}, {bias}"


def _resolution(data: Fields, random: Random, examples: int) -> Test:
    """Random networks are wrong on some row."""
    rows = _rows(data)
    for _ in range(examples):
        hidden = [_weights(random, len(rows[0][0]) + 1) for _ in range(data["units"])]
        seen = [
            ([*(float(_fires(u[:-1], u[-1], x)) for u in hidden), *(x if data["skip"] else ())], label)
            for x, label in rows
        ]
        *weights, bias = _weights(random, len(seen[0][0]) + 1)
        yield any(_fires(weights, bias, x) != label for x, label in seen), f"{hidden}, {weights}, {bias}"


def _minimal(data: Fields, random: Random, examples: int) -> Test:
    """Random integer weights of a smaller size are wrong on some row."""
    rows, vector = _rows(data), [int(Fraction(x)) for x in (*data["weights"], data["bias"])]
    counted = len(vector) if data["count_bias"] else len(vector) - 1
    size: Callable[[list[int]], int] = (
        (lambda v: sum(map(abs, v[:counted]))) if data["measure"] == "sum" else lambda v: max(map(abs, v[:counted]))
    )
    most = size(vector)
    for _ in range(examples):
        tried = [random.randint(-most, most) for _ in vector]
        wrong = any(_fires(tried[:-1], tried[-1], point) != label for point, label in rows)
        yield size(tried) >= most or wrong, f"{tried}"


def _perceptron(data: Fields, random: Random, examples: int) -> Test:
    """The run once more, in floats; where all orders are meant, random ones never leave the states."""
    rows, rate = _rows(data), float(Fraction(data["rate"])) * data["sign"]

    def run(order: Sequence[int]) -> list[float]:
        state = [float(Fraction(x)) for x in data["start"]]
        for row in order:
            point, label = rows[row]
            change = rate * (label - _fires(state[:-1], state[-1], point))
            state = [w + change * x for w, x in zip(state, [*point, 1.0], strict=True)]
        return state

    if data["outcome"] == "stays":
        states = [[float(Fraction(x)) for x in state] for state in data["states"]]
        for _ in range(examples):
            order = [random.randrange(len(rows)) for _ in range(random.randint(0, 40))]
            yield run(order) in states, f"order {order}"
    else:
        order = [data["order"][visit % len(data["order"])] for visit in range(data["visits"])]
        final = [float(Fraction(x)) for x in data["final"]]
        yield all(abs(a - b) < 1e-9 for a, b in zip(run(order), final, strict=True)), f"{run(order)}"


def _novikoff(data: Fields, random: Random, examples: int) -> Test:
    """Random orders and rates, from zero, make no more updates than the bound."""
    rows, most = _rows(data), Fraction(data["updates"])
    for _ in range(examples):
        rate, updates = random.choice((0.5, 1.0, 2.0)), 0
        state = [0.0] * (len(rows[0][0]) + 1)
        for _ in range(200):
            point, label = random.choice(rows)
            change = label - _fires(state[:-1], state[-1], point)
            updates += abs(change)
            state = [w + rate * change * x for w, x in zip(state, [*point, 1.0], strict=True)]
        yield updates <= most, f"{updates} updates at rate {rate}"


def _census(data: Fields, random: Random, examples: int) -> Test:
    """Random weights give functions that are counted."""
    if "functions" in data:
        points = [[float(x) for x in point] for point in product((0, 1), repeat=data["inputs"])]
        for _ in range(examples):
            *weights, bias = _weights(random, data["inputs"] + 1)
            table = "".join(str(_fires(weights, bias, point)) for point in points)
            yield "weights" in data["functions"][table], table


def _representation(data: Fields, random: Random, examples: int) -> Test:
    """Random weights of their own, and a random shared one, give functions that are counted."""
    points = [[1.0, *map(float, point)] for point in product((0, 1), repeat=data["inputs"])]
    for _ in range(examples):
        told = random.choice(data["topologies"])
        w = random.gauss(0, 1)
        for name in ("free", "shared"):
            weights = [_weights(random, len(u)) if name == "free" else [w] * len(u) for u in told["units"]]
            table = ""
            for point in points:
                values = [*point]
                for unit, own in zip(told["units"], weights, strict=True):
                    values.append(float(_fires(own, 0.0, [values[source] for source in unit])))
                table += str(int(values[-1]))
            yield table in told[name], f"{told['units']}, {weights}"


def _shared_weight(data: Fields, random: Random, examples: int) -> Test:
    """At random weights of the interval every row is right, where that is what is said."""
    functions: dict[str, Callable[[float], float]] = {
        "linear": lambda z: z,
        "inverse": lambda z: -z,
        "abs": abs,
        "relu": lambda z: max(0.0, z),
        "step": lambda z: float(z > 0),
        "square": lambda z: z * z,
    }
    topology = data["topology"]
    known = len(topology["outputs"]) == 1 and all(f in functions for f, _ in topology["nodes"])
    if data.get("every") and known:
        low, high = (float(Fraction(x)) for x in data["interval"])
        for _ in range(examples):
            w = random.uniform(low, high)
            for point, label in _rows(data):
                values = [1.0, *point]
                for f, sources in topology["nodes"]:
                    values.append(functions[f](w * sum(values[source] for source in sources)))
                yield (values[topology["outputs"][0]] > 1e-12) == (label == 1), f"w = {w}, {point}"


_TESTS: dict[str, Callable[[Fields, Random, int], Test]] = {
    "separator": _separator,
    "farkas": _farkas,
    "resolution": _resolution,
    "minimal": _minimal,
    "perceptron": _perceptron,
    "novikoff": _novikoff,
    "census": _census,
    "representation": _representation,
    "shared_weight": _shared_weight,
}
