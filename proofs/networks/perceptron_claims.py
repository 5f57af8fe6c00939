"""Claims about perceptron runs settled by certificates of kind perceptron (checker/FORMAT.md, section 6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from proofs.calculus import Statement, settle_statement
from proofs.calculus.terms import Array, Element, Index, Sum, Term
from proofs.claim import Certificate, Claim, Json, Status, Verdict
from proofs.conclude import conclude
from proofs.networks.perceptron import (
    MOST_VISITS,
    MOST_WORK,
    Rule,
    Run,
    State,
    reachable_states,
    read_order,
    read_rule,
    read_state,
    run,
    work,
)
from proofs.separation import Number, SeparationError, settle_separable, show, show_vector
from proofs.separation.certificates import counterexample, number, numbers, table_fields
from proofs.separation.settle import scope_of

Outcome = Literal["reaches", "converges", "cycles"]


def show_state(state: State) -> str:
    """``w = (2, 1), b = -3``"""
    return f"w = {show_vector(state[:-1])}, b = {show(state[-1])}"


def _certificate(rule: Rule, outcome: str, **fields: object) -> Certificate:
    table: Json = table_fields(rule.data.points, rule.data.labels)
    settings: Json = {"rate": number(rule.rate), "sign": rule.sign, "start": numbers(rule.start)}
    return Certificate({"gradproof": 1, "kind": "perceptron", **table, **settings, "outcome": outcome, **fields})


def reaches_certificate(rule: Rule, order: Sequence[int], visits: int, final: State) -> Certificate:
    """After exactly `visits` visits through `order` the state is `final`."""
    return _certificate(rule, "reaches", order=list(order), visits=visits, final=numbers(final))


def converges_certificate(found: Run) -> Certificate:
    """The run reaches its final state, which is right on every row: no update ever follows."""
    fields = {"order": list(found.order), "visits": found.visits, "final": numbers(found.final)}
    return _certificate(found.rule, "converges", **fields)


def cycles_certificate(found: Run) -> Certificate:
    """The state at the end of the run was the state `period` passes earlier: it never stops."""
    fields = {"order": list(found.order), "visits": found.visits, "final": numbers(found.final)}
    return _certificate(found.rule, "cycles", **fields, period=found.period)


def stays_certificate(rule: Rule, states: Iterable[State]) -> Certificate:
    """No order of visits leaves these states, all of whose entries are integers."""
    return _certificate(rule, "stays", states=[numbers(state) for state in sorted(states)])


def settle_run(
    points: Sequence[Sequence[Number]],
    labels: Sequence[int],
    *,
    outcome: Outcome,
    name: str,
    order: Sequence[int] | None = None,
    rate: Number = 1,
    sign: int = 1,
    start: Sequence[Number] | None = None,
    visits: int | None = None,
    final: Sequence[Number] | None = None,
    most_visits: int = MOST_VISITS,
    text: str = "",
    repeat: str = "",
) -> Verdict:
    """What the perceptron does when it visits the rows in `order` again and again (as listed when None).

    ``reaches``: the state after exactly `visits` visits is `final`. ``converges``: it stops changing, at `final` if
    given. ``cycles``: a state repeats, so that it never stops. `final` and `start` are the weights, then the bias.
    REFUTED carries what the run really does. Raises SeparationError as `run` does, and when ``reaches`` lacks `visits`
    or `final` or ``cycles`` has `final`.
    """
    rule = read_rule(points, labels, rate, sign, start)
    wanted = None if final is None else read_state(rule.data, final, "final")
    if outcome == "reaches":
        if wanted is None or visits is None:
            raise SeparationError("outcome 'reaches': expected both `visits` and `final`; give the state and its time")
        claim = Claim(name, text or f"after {_visits(visits)} the perceptron is at {show_state(wanted)}")
        return _settle_reaches(claim, rule, read_order(rule.data, order), visits, wanted, repeat)
    if outcome not in ("converges", "cycles"):
        raise SeparationError(f"outcome: expected 'reaches', 'converges' or 'cycles', got {outcome!r}")
    if outcome == "cycles" and wanted is not None:
        raise SeparationError("final: a run that cycles has none; leave `final` out")
    found = run(points, labels, order=order, rate=rate, sign=sign, start=start, most_visits=most_visits)
    goal = "" if wanted is None else f" to {show_state(wanted)}"
    claim = Claim(name, text or f"the perceptron {outcome}{goal}")
    scope = scope_of(rule.data)
    if found.outcome == "unfinished":
        return _settle_unfinished(claim, found, outcome, repeat)
    certificate = converges_certificate(found) if found.outcome == "converges" else cycles_certificate(found)
    holds = found.outcome == outcome and wanted in (None, found.final)
    status = Status.PROVED if holds else Status.REFUTED
    return conclude(claim, status, certificate, scope=scope, reason=describe(found), repeat=repeat)


def describe(found: Run) -> str:
    """What the run does, in one line."""
    after = f"after {_times(found.updates, 'update')} in {_visits(found.visits)}"
    if found.outcome == "converges":
        return f"it reaches {show_state(found.final)} {after} and every row is then right"
    if found.outcome == "cycles":
        passes = "one pass earlier" if found.period == 1 else f"{found.period} passes earlier"
        return f"it is at {show_state(found.final)} {after}, as it was {passes}: it never stops"
    return f"it is at {show_state(found.final)} {after}, neither at rest nor at an earlier state"


def _times(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _visits(count: int) -> str:
    return _times(count, "visit")


def _settle_reaches(
    claim: Claim, rule: Rule, order: tuple[int, ...], visits: int, wanted: State, repeat: str
) -> Verdict:
    if isinstance(visits, bool) or not isinstance(visits, int) or not 0 <= visits <= MOST_VISITS:
        raise SeparationError(f"visits: expected an integer from 0 to {MOST_VISITS}, got {visits!r}")
    scope = scope_of(rule.data)
    state, done = rule.start, 0
    for visit in range(visits):
        state = rule.step(state, order[visit % len(order)])
        done += work(state)
        if done > MOST_WORK:
            reason = f"the numbers are too many or too long to go further than {_visits(visit + 1)}"
            return Verdict(claim, Status.UNDECIDED, scope, reason=reason, repeat=repeat)
    certificate = reaches_certificate(rule, order, visits, wanted)
    if state == wanted:
        return conclude(claim, Status.PROVED, certificate, scope=scope, repeat=repeat)
    truth = f"after {_visits(visits)} it is at {show_state(state)}, not at {show_state(wanted)}"
    against = counterexample(certificate)
    return conclude(claim, Status.REFUTED, against, scope=scope, reason=truth, counterexample=truth, repeat=repeat)


def _settle_unfinished(claim: Claim, found: Run, outcome: Outcome, repeat: str) -> Verdict:
    """Without a repeated state, only inseparable rows refute that the run converges: no state suits them all."""
    data = found.rule.data
    if outcome == "converges":
        verdict = settle_separable(data.points, data.labels, name=claim.name, text=claim.text, repeat=repeat)
        if verdict.status is Status.REFUTED:
            return verdict
    return Verdict(claim, Status.UNDECIDED, scope_of(data), reason=describe(found), repeat=repeat)


def settle_reachable(
    points: Sequence[Sequence[Number]],
    labels: Sequence[int],
    target: Sequence[Number],
    *,
    name: str,
    reachable: bool = True,
    rate: Number = 1,
    sign: int = 1,
    start: Sequence[Number] | None = None,
    text: str = "",
    repeat: str = "",
) -> Verdict:
    """Can some order of visits lead from `start` to `target` (weights, then bias), or, with ``reachable=False``, none?

    Decided by a shortest order that does, or by the list of all reachable states, which must be integers.
    UNDECIDED when that list is longer than 10,000 or takes too much work. Raises SeparationError as `read_rule` does.
    """
    rule = read_rule(points, labels, rate, sign, start)
    wanted = read_state(rule.data, target, "target")
    some = "some order of visits leads" if reachable else "no order of visits leads"
    claim = Claim(name, text or f"{some} the perceptron to {show_state(wanted)}")
    scope = scope_of(rule.data)
    states = reachable_states(points, labels, rate=rate, sign=sign, start=start)
    if states is None:
        reason = "too many states can be reached; give the order of visits and ask about that run"
        return Verdict(claim, Status.UNDECIDED, scope, reason=reason, repeat=repeat)
    found = wanted in states
    path = states.get(wanted, ())
    certificate = (
        reaches_certificate(rule, path or (0,), len(path), wanted) if found else stays_certificate(rule, states)
    )
    reason = f"visiting the rows {list(path)} leads there" if found else _why_not(wanted, len(states))
    status = Status.PROVED if found == reachable else Status.REFUTED
    return conclude(claim, status, certificate, scope=scope, reason=reason, repeat=repeat)


def _why_not(wanted: State, count: int) -> str:
    broken = [show(value) for value in wanted if value.denominator != 1]
    where = f"whatever the order, only {count} states can be reached, all of them integers"
    return f"{where}, and {broken[0]} is not an integer" if broken else f"{where}, and this is not one of them"


def update_statement(sign: int, claimed: int = 1) -> Statement:
    """(w + u x).x + (b + u) - (w.x + b) = claimed * alpha (t - a) (x.x + 1) with u = sign * alpha (t - a), all sizes D.

    By how much an update changes the score of its own example; with `claimed` 1 it moves towards the target t.
    """
    t, a, b, alpha = Element("t"), Element("a"), Element("b"), Element("alpha")
    d = Index("d", "D")
    w, x = Element("w", ("d",)), Element("x", ("d",))
    change: Term = alpha * (t - a)
    after: Term = (
        Sum(d, (w + change * x) * x) + (b + change) if sign == 1 else Sum(d, (w - change * x) * x) + (b - change)
    )
    before: Term = Sum(d, w * x) + b
    arrays = (
        Array("w", ("D",)),
        Array("x", ("D",)),
        Array("b", ()),
        Array("t", ()),
        Array("a", ()),
        Array("alpha", (), "positive"),
    )
    gain: Term = change * (Sum(d, x * x) + 1)
    return Statement(after - before, gain if claimed == 1 else -gain, arrays=arrays)


def settle_update_rule(sign: int, *, name: str, text: str = "", repeat: str = "") -> Verdict:
    """Does w <- w + sign * alpha (t - a) x, b <- b + sign * alpha (t - a) move the score w.x + b towards the target?

    By alpha (t - a) (x.x + 1), for all sizes of x; with sign -1 it moves the other way.
    Raises SeparationError when the sign is not 1 or -1.
    """
    if isinstance(sign, bool) or sign not in (1, -1):
        raise SeparationError(f"sign: expected 1 (w + ...) or -1 (w - ...), got {sign!r}")
    verdict = settle_statement(update_statement(sign), name=name, repeat=repeat)
    said = text or f"the update w {'+' if sign == 1 else '-'} alpha (t - a) x moves the score of x towards its target t"
    return replace(verdict, claim=replace(verdict.claim, text=said))
