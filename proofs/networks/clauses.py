"""A small clause-learning solver whose every clause carries its reason, so that a refutation can be re-checked.

Unit propagation over watched literals, learning at the first unique implication point. A clause is a tuple of literals;
a literal is v + 1 (variable v is true) or -(v + 1). What is learned is found by unit propagation from the steps named
with it, in their order: negate the clause, and each named clause forces one more literal, the last one none.
Source: Marques-Silva and Sakallah 1999; Cruz-Filipe et al. 2017 (LRAT). Untrusted: the checker repeats every step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from proofs.separation import EffortExceeded
from proofs.separation.found import NO_DEADLINE, Deadline

Clause = tuple[int, ...]

RESOLVE = "resolve"
DECAY = 0.95
VARIABLES_A_CONFLICT = 5
"""What is told against an assignment of so many variables is taken to cost as much as a conflict."""


class Step(NamedTuple):
    """A clause, the rule that gives it, and that rule's data: for `RESOLVE` the numbers of earlier steps."""

    clause: Clause
    rule: str
    data: tuple[int, ...]


class Solver:
    """Clauses over `variables` Booleans, and a search that ends in an assignment or in the empty clause."""

    def __init__(self, variables: int, most_conflicts: int, deadline: Deadline = NO_DEADLINE) -> None:
        self.steps: list[Step] = []
        self.left, self.deadline = most_conflicts, deadline
        self._variables = variables
        self._truth = [0] * (2 * variables + 1)  # of a literal, negative ones from the end: 1, -1 or 0 where open
        self._saved = [-1] * (variables + 1)
        self._level = [0] * (variables + 1)
        self._reason = [0] * (variables + 1)
        self._activity = [0.0] * (variables + 1)
        self._bump = 1.0
        self._watching: dict[int, list[int]] = {lit: [] for v in range(1, variables + 1) for lit in (v, -v)}
        self._watched: dict[int, tuple[int, int]] = {}
        self._trail: list[int] = []
        self._starts: list[int] = []
        self._done = 0

    def add(self, clause: Iterable[int], rule: str, data: Sequence[int]) -> None:
        """Take a clause as given, by a rule of the checker's; what has been decided so far is taken back."""
        self._back(0)
        self._insert(Step(tuple(dict.fromkeys(clause)), rule, tuple(data)))

    def search(self, contradictions: Callable[[tuple[int, ...]], Sequence[Step]]) -> tuple[int, ...] | None:
        """Truth values (0 or 1) of all variables that satisfy the clauses and that `contradictions` has nothing
        against, or None once the empty clause is the last step. Raises EffortExceeded after too many conflicts, or
        past the deadline."""
        while not (self.steps and not self.steps[-1].clause):
            conflict = self._propagate()
            if conflict is not None:
                self._spend()
                self._learn(conflict)
            elif len(self._trail) < self._variables:
                self._decide()
            else:
                values = tuple(int(value > 0) for value in self._truth[1 : self._variables + 1])
                against = contradictions(values)
                if not against:
                    return values
                self._spend(1 + self._variables // VARIABLES_A_CONFLICT)
                for step in against:
                    self.add(*step)
                    if not self.steps[-1].clause:
                        break
        return None

    def refutation(self) -> list[Step]:
        """The steps that the empty clause rests on, renumbered."""
        needed, pending = set[int](), [len(self.steps) - 1]
        while pending:
            number = pending.pop()
            if number not in needed:
                needed.add(number)
                pending += self.steps[number].data if self.steps[number].rule == RESOLVE else ()
        place = {number: new for new, number in enumerate(sorted(needed))}
        kept = (self.steps[number] for number in place)
        return [s._replace(data=tuple(place[k] for k in s.data)) if s.rule == RESOLVE else s for s in kept]

    def _spend(self, conflicts: int = 1) -> None:
        self.left -= conflicts
        self.deadline.check()
        if self.left < 0:
            raise EffortExceeded("the cases are too many to go through; allow more with `effort`")

    def _set(self, literal: int, reason: int) -> None:
        """Make an open literal true, at the present level."""
        self._truth[literal], self._truth[-literal] = 1, -1
        variable = abs(literal)
        self._saved[variable] = 1 if literal > 0 else -1
        self._level[variable], self._reason[variable] = len(self._starts), reason
        self._trail.append(literal)

    def _insert(self, step: Step) -> None:
        """A new clause; at level 0, or with its first literal the only one that is not false."""
        number = len(self.steps)
        self.steps.append(step)
        if not step.clause:
            return
        order = sorted(step.clause, key=lambda lit: (self._truth[lit] < 0, -self._level[abs(lit)]))
        self._watched[number] = (order[0], order[min(1, len(order) - 1)])
        for literal in order[:2]:
            self._watching[literal].append(number)
        if self._truth[order[0]] < 0:
            self._learn(number)
        elif self._truth[order[0]] == 0 and all(self._truth[lit] < 0 for lit in order[1:]):
            self._assign(order[0], number)

    def _assign(self, literal: int, reason: int) -> None:
        """A literal forced by a clause; what holds without any decision gets a clause of its own."""
        self._set(literal, reason)
        if not self._starts and len(self.steps[reason].clause) > 1:
            known = [self._reason[abs(lit)] for lit in self.steps[reason].clause if lit != literal]
            self.steps.append(Step((literal,), RESOLVE, (*known, reason)))
            self._reason[abs(literal)] = len(self.steps) - 1

    def _decide(self) -> None:
        free = [v for v in range(1, self._variables + 1) if not self._truth[v]]
        variable = max(free, key=self._activity.__getitem__)
        self._starts.append(len(self._trail))
        self._set(variable * self._saved[variable], -1)

    def _back(self, level: int) -> None:
        if level < len(self._starts):
            for literal in self._trail[self._starts[level] :]:
                self._truth[literal] = self._truth[-literal] = 0
            del self._trail[self._starts[level] :]
            del self._starts[level:]
            self._done = min(self._done, len(self._trail))

    def _propagate(self) -> int | None:
        """Assign what the clauses force; the number of a clause that became false, if any."""
        truth, steps, watched, watching = self._truth, self.steps, self._watched, self._watching
        while self._done < len(self._trail):
            false = -self._trail[self._done]
            self._done += 1
            waiting, watching[false] = watching[false], []
            for place, number in enumerate(waiting):
                first, last = watched[number]
                other = last if first == false else first
                clause = () if truth[other] > 0 else steps[number].clause
                for literal in clause:
                    if truth[literal] >= 0 and literal != other:
                        watched[number] = (other, literal)
                        watching[literal].append(number)
                        break
                else:
                    watching[false].append(number)
                    if truth[other] == 0:
                        self._assign(other, number)
                    elif truth[other] < 0:
                        watching[false] += waiting[place + 1 :]
                        return number
        return None

    def _learn(self, conflict: int) -> None:
        """The clause of the first unique implication point, and its literal assigned; at level 0 the empty clause."""
        level, used, facts = len(self._starts), [conflict], dict[int, None]()
        learnt, seen, open_ = list[int](), set[int](), 0
        place, reason = len(self._trail), conflict
        while True:
            for literal in self.steps[reason].clause:
                variable = abs(literal)
                if variable in seen or self._truth[literal] > 0:
                    continue
                seen.add(variable)
                self._activity[variable] += self._bump
                if self._level[variable] == 0:
                    facts[self._reason[variable]] = None
                elif self._level[variable] == level:
                    open_ += 1
                else:
                    learnt.append(literal)
            if not level:
                break
            place = next(k for k in range(place - 1, -1, -1) if abs(self._trail[k]) in seen)
            open_ -= 1
            if not open_:
                learnt.insert(0, -self._trail[place])
                break
            reason = self._reason[abs(self._trail[place])]
            used.append(reason)
        self._bump /= DECAY
        self._back(max((self._level[abs(lit)] for lit in learnt[1:]), default=0))
        self._insert(Step(tuple(learnt), RESOLVE, (*facts, *reversed(used))))
