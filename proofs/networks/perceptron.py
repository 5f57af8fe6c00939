"""The perceptron rule run in exact arithmetic.

At a row x with label t the output is a = 1 where w.x + b >= 0, else 0, and the update is
w <- w + sign * rate * (t - a) * x, b <- b + sign * rate * (t - a). Source: Rosenblatt 1958; Novikoff 1962.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from operator import add, mul, sub
from typing import Literal

from proofs.separation import DataSet, Number, SeparationError, Separator, data_set, exact
from proofs.separation.data import MAX_SHOWN, Row, exact_row

State = tuple[Fraction, ...]
"""The weights, then the bias."""

MOST_VISITS = 20_000
MOST_WORK = 2_000_000
"""Most work in one run, in the units of `work`: many features end it before `MOST_VISITS`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Data, rate > 0, sign 1 or -1 and starting state: all but the order of visits. Build it with `read_rule`."""

    data: DataSet
    rate: Fraction
    sign: int
    start: State

    def output(self, state: State, row: int) -> int:
        """1 where w.x + b >= 0, else 0."""
        point = self.data.points[row]
        return Separator(state[:-1], state[-1]).output(point)

    def step(self, state: State, row: int) -> State:
        """The state after a visit of `row`."""
        error = self.data.labels[row] - self.output(state, row)
        if error == 0:
            return state
        change = self.sign * self.rate * error
        return tuple(w + change * x for w, x in zip(state, (*self.data.points[row], Fraction(1)), strict=True))

    def right(self, state: State) -> bool:
        """Whether every row is classified as labelled, so that no visit changes the state."""
        return all(self.output(state, row) == label for row, label in enumerate(self.data.labels))


@dataclass(frozen=True, slots=True)
class Integers:
    """A rule in integers: `start` and `steps` times a common `scale`, the rows (x, 1) times a scale of their own."""

    labels: tuple[int, ...]
    rows: tuple[tuple[int, ...], ...]
    steps: tuple[tuple[int, ...], ...]
    start: tuple[int, ...]
    scale: int

    @staticmethod
    def of(rule: Rule) -> Integers:
        points = [(*point, Fraction(1)) for point in rule.data.points]
        steps = [[rule.sign * rule.rate * x for x in point] for point in points]
        common = lcm(*(x.denominator for point in points for x in point))
        scale = lcm(*(x.denominator for step in (rule.start, *steps) for x in step))
        rows, changes = _scaled(points, common), _scaled(steps, scale)
        return Integers(rule.data.labels, rows, changes, _scaled([rule.start], scale)[0], scale)

    def step(self, state: tuple[int, ...], row: int) -> tuple[int, ...]:
        """The scaled state after a visit of `row`: itself if nothing changes."""
        error = self.labels[row] - (sum(map(mul, state, self.rows[row])) >= 0)
        return tuple(map(add if error > 0 else sub, state, self.steps[row])) if error else state

    def state(self, scaled: tuple[int, ...]) -> State:
        return tuple(Fraction(value, self.scale) for value in scaled)


def _scaled(rows: Iterable[Sequence[Fraction]], scale: int) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(x.numerator * (scale // x.denominator) for x in row) for row in rows)


def work(state: State) -> int:
    """What a visit that leads to `state` costs: its length, and more than there is where no certificate can hold it."""
    longest = max(max(abs(value.numerator), value.denominator) for value in state)
    return len(state) if longest < 10**MAX_SHOWN else MOST_WORK + 1


@dataclass(frozen=True, slots=True)
class Run:
    """What happened: `states[v]` is the state after v visits.

    outcome ``converges``: `final` was reached at visit `visits`, and classifies every row right.
    outcome ``cycles``: the state `final` after `visits` visits was also the state `period` passes earlier.
    outcome ``unfinished``: neither, in `visits` visits, the most allowed or all that `MOST_WORK` is enough for.
    """

    rule: Rule
    order: tuple[int, ...]
    outcome: Literal["converges", "cycles", "unfinished"]
    visits: int
    updates: int
    states: tuple[State, ...]
    period: int = 0

    @property
    def final(self) -> State:
        return self.states[self.visits]


def read_rule(
    points: Sequence[Sequence[Number]],
    labels: Sequence[int],
    rate: Number = 1,
    sign: int = 1,
    start: Sequence[Number] | None = None,
) -> Rule:
    """The rule with its numbers read exactly; `start` is the weights then the bias, zero when None.

    Raises SeparationError as `data_set` does, when the rate is not positive, the sign not 1 or -1, or `start` has not
    one number a feature and one for the bias.
    """
    data = data_set(points, labels)
    step = exact(rate, "rate")
    if step <= 0:
        raise SeparationError(f"rate: expected a positive number, got {step}")
    if isinstance(sign, bool) or sign not in (1, -1):
        raise SeparationError(f"sign: expected 1 (w + ...) or -1 (w - ...), got {sign!r}")
    return Rule(data, step, sign, read_state(data, [0] * (data.dimension + 1) if start is None else start, "start"))


def read_state(data: DataSet, values: Sequence[Number], what: str) -> State:
    """Weights, then bias, read exactly."""
    state: Row = exact_row(values, what)
    if len(state) != data.dimension + 1:
        raise SeparationError(f"{what}: expected {data.dimension} weights, then the bias, got {len(state)} numbers")
    return state


def read_order(data: DataSet, order: Sequence[int] | None) -> tuple[int, ...]:
    """The order of visits: row numbers from 0, every row at least once; as listed when None."""
    rows = range(len(data.points))
    if order is None:
        return tuple(rows)
    for row in order:
        if isinstance(row, bool) or not isinstance(row, int) or row not in rows:
            raise SeparationError(f"order: expected row numbers 0 to {len(rows) - 1}, got {row!r}")
    if missing := set(rows) - set(order):
        raise SeparationError(f"order: expected every row at least once, row {min(missing)} is missing; add it")
    return tuple(order)


def run(
    points: Sequence[Sequence[Number]],
    labels: Sequence[int],
    *,
    order: Sequence[int] | None = None,
    rate: Number = 1,
    sign: int = 1,
    start: Sequence[Number] | None = None,
    most_visits: int = MOST_VISITS,
) -> Run:
    """Visit the rows in `order` again and again until nothing changes any more or a state returns.

    points: rows x features; labels: rows, 0 or 1. A state that is the same at the beginning of two passes, with an
    update in between, repeats for ever. Raises SeparationError as `read_rule` and `read_order` do.
    """
    rule = read_rule(points, labels, rate, sign, start)
    visit_order = read_order(rule.data, order)
    integers = Integers.of(rule)
    scaled, states, updates, last_update, done, each = integers.start, [rule.start], 0, 0, 0, work(rule.start)
    pass_of = {rule.start: 0}
    for visit in range(1, most_visits + 1):
        after = integers.step(scaled, visit_order[(visit - 1) % len(visit_order)])
        state = states[-1]
        if after is not scaled:
            scaled, state, updates, last_update = after, integers.state(after), updates + 1, visit
            each = work(state)
        states.append(state)
        done += each
        if done > MOST_WORK:
            return Run(rule, visit_order, "unfinished", visit, updates, tuple(states))
        passes, inside = divmod(visit, len(visit_order))
        if inside:
            continue
        if last_update <= visit - len(visit_order):
            return Run(rule, visit_order, "converges", last_update, updates, tuple(states))
        if state in pass_of:
            return Run(rule, visit_order, "cycles", visit, updates, tuple(states), passes - pass_of[state])
        pass_of[state] = passes
    return Run(rule, visit_order, "unfinished", most_visits, updates, tuple(states))


def reachable_states(
    points: Sequence[Sequence[Number]],
    labels: Sequence[int],
    *,
    rate: Number = 1,
    sign: int = 1,
    start: Sequence[Number] | None = None,
    most: int = 10_000,
) -> dict[State, tuple[int, ...]] | None:
    """Every state that some order of visits reaches from `start`, with the rows of a shortest such order of updates.

    None when there are more than `most`, or it takes more than `MOST_WORK`. Raises SeparationError as `read_rule` does.
    """
    rule = read_rule(points, labels, rate, sign, start)
    paths: dict[State, tuple[int, ...]] = {rule.start: ()}
    frontier, done = [rule.start], 0
    while frontier:
        following = []
        for state in frontier:
            for row in range(len(rule.data.points)):
                after = rule.step(state, row)
                done += work(after)
                if after not in paths:
                    paths[after] = (*paths[state], row)
                    following.append(after)
                if done > MOST_WORK:
                    return None
        if len(paths) > most:
            return None
        frontier = following
    return paths
