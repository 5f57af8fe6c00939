"""Every step of an Alethe proof gone through again, whatever rule it names: it follows, or the proof is refused.

Terms are brought to a normal form: linear atoms as one side compared with 0, divided by a positive number, so that most
rewriting steps say that a formula equals itself. A step then follows when the truth of its premises makes its clause
true for every truth of the atoms; when its clause denies inequalities that, times the step's multipliers, add up to a
contradiction (la_generic); or, for a subproof, when its last line follows from what it assumes. What is assumed outside
of subproofs has to be among the assertions given.

What cvc5 does not show in this way is refused, never believed; nothing here is trusted by the checker of certificates.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

from proofs.kernels.alethe import ProofError, Step, Tree, number

Terms = dict[Any, Fraction]
"""Coefficients by variable; the constant is under the empty name."""

Formula = tuple[Any, ...]
"""("lit", atom, sign), ("and", ...) or ("or", ...); ("and",) is true and ("or",) is false."""

TRUE: Formula = ("and",)
FALSE: Formula = ("or",)
MOST_SPLITS = 20_000
MOST_EQUALITIES = 6
_RELATIONS = {">=": (1, "ge"), ">": (1, "gt"), "<=": (-1, "ge"), "<": (-1, "gt")}


def negated(formula: Formula) -> Formula:
    """The negation, pushed down to the atoms."""
    if formula[0] == "lit":
        return ("lit", formula[1], not formula[2])
    return ("or" if formula[0] == "and" else "and", *map(negated, formula[1:]))


def _choice(condition: Formula, left: Formula, right: Formula) -> Formula:
    return ("and", ("or", negated(condition), left), ("or", condition, right))


def compared(terms: Terms, kind: str) -> Formula:
    """The atom that a linear form is >= 0 (``ge``), > 0 (``gt``) or = 0 (``eq``): its first coefficient made 1."""
    left = sorted(((name, value) for name, value in terms.items() if value), key=repr)
    variables = [(name, value) for name, value in left if name != ""]
    if not variables:
        value = sum((value for _, value in left), Fraction(0))
        return TRUE if {"ge": value >= 0, "gt": value > 0, "eq": value == 0}[kind] else FALSE
    first = variables[0][1]
    form = tuple((name, value / first) for name, value in left)
    if first > 0 or kind == "eq":
        return ("lit", (kind, form), True)
    return ("lit", ("gt" if kind == "ge" else "ge", form), False)


@dataclass
class Reading:
    """Terms of one proof in normal form; `booleans` are the Boolean unknowns."""

    booleans: Collection[str]
    choices: dict[Any, tuple[Formula, Terms, Terms]] = field(default_factory=dict)
    _known: dict[int, tuple[Tree, Any]] = field(default_factory=dict)

    def formula(self, tree: Tree) -> Formula:
        """A Boolean term. Raises ProofError for what is none."""
        found = self._known.get(id(tree))
        if found is None or found[0] is not tree:
            found = self._known[id(tree)] = (tree, self._formula(tree))
        made: Formula = found[1]
        return made

    def _formula(self, tree: Tree) -> Formula:
        match tree:
            case "true" | "false":
                return TRUE if tree == "true" else FALSE
            case str() if tree in self.booleans:
                return ("lit", tree, True)
            case ["not", inner]:
                return negated(self.formula(inner))
            case [("and" | "or") as word, *parts]:
                return (word, *map(self.formula, parts))
            case ["=>", *parts, last]:
                return ("or", *(negated(self.formula(part)) for part in parts), self.formula(last))
            case ["ite", condition, left, right]:
                return _choice(self.formula(condition), self.formula(left), self.formula(right))
            case ["=", left, right]:
                first, second = self.linear(left), self.linear(right)
                if first is None or second is None:
                    return self.same(self.formula(left), self.formula(right))
                return compared(_sum([(1, first), (-1, second)]), "eq")
            case [(">=" | ">" | "<=" | "<") as word, left, right]:
                first, second = self.linear(left), self.linear(right)
                if first is not None and second is not None:
                    sign, kind = _RELATIONS[word]
                    return compared(_sum([(sign, first), (-sign, second)]), kind)
        raise ProofError(f"not a formula that is read: {str(tree)[:80]}")

    @staticmethod
    def same(left: Formula, right: Formula) -> Formula:
        """That two formulas are both true or both false."""
        return TRUE if left == right else ("or", ("and", left, right), ("and", negated(left), negated(right)))

    def denied(self, tree: Tree) -> tuple[Terms, str]:
        """What denying an inequality, or asserting an equality that is denied, says: a linear form and its kind."""
        holds = False
        while isinstance(tree, list) and len(tree) == 2 and tree[0] == "not":
            tree, holds = tree[1], not holds
        match tree:
            case [("=" | ">=" | ">" | "<=" | "<") as word, left, right]:
                first, second = self.linear(left), self.linear(right)
                if first is not None and second is not None and (word != "=" or holds):
                    sign, kind = _RELATIONS.get(word, (1, "eq"))
                    terms = _sum([(sign, first), (-sign, second)])
                    if holds:
                        return terms, kind
                    return _sum([(-1, terms)]), "gt" if kind == "ge" else "ge"
        raise ProofError(f"not an inequality: {str(tree)[:80]}")

    def value(self, tree: Tree) -> Any:
        """The normal form of any term."""
        found = self.linear(tree)
        return self.formula(tree) if found is None else found

    def linear(self, tree: Tree) -> Terms | None:
        """A linear term, None for any other; a choice between two is a variable, noted in `choices`."""
        match tree:
            case str():
                value = number(tree)
                if value is not None:
                    return {"": value} if value else {}
                return None if tree in self.booleans or tree in ("true", "false") else {tree: Fraction(1)}
            case ["+", *parts]:
                return self._total([(1, part) for part in parts])
            case ["-", only]:
                return self._total([(-1, only)])
            case ["-", first, *parts]:
                return self._total([(1, first), *((-1, part) for part in parts)])
            case [("*" | "/") as sign, left, right]:
                return self._product(self.linear(left), self.linear(right), sign)
            case ["ite", condition, left, right]:
                one, other = self.linear(left), self.linear(right)
                return None if one is None or other is None else self.chosen(self.formula(condition), one, other)
        return None

    @staticmethod
    def _product(left: Terms | None, right: Terms | None, sign: str) -> Terms | None:
        if left is None or right is None:
            return None
        if sign == "*" and left.keys() <= {""}:
            left, right = right, left
        factor = right.get("", Fraction(0))
        if not right.keys() <= {""} or (sign == "/" and not factor):
            return None
        return _sum([(1 / factor if sign == "/" else factor, left)])

    def _total(self, parts: Sequence[tuple[int, Tree]]) -> Terms | None:
        found = [(factor, self.linear(part)) for factor, part in parts]
        known = [(factor, part) for factor, part in found if part is not None]
        return _sum(known) if len(known) == len(found) else None

    def chosen(self, condition: Formula, left: Terms, right: Terms) -> Terms:
        """The linear term that is `left` where the condition holds, else `right`."""
        if condition in (TRUE, FALSE) or left == right:
            return left if condition == TRUE else right
        name = ("ite", condition, _ordered(left), _ordered(right))
        self.choices[name] = condition, left, right
        return {name: Fraction(1)}

    def defining(self, formulas: Sequence[Formula]) -> Iterator[Formula]:
        """For each choice in these formulas: which of the two it equals."""
        names = {
            name
            for formula in formulas
            for atom in _atoms(formula)
            if isinstance(atom, tuple)
            for name, _ in atom[1]
            if isinstance(name, tuple)
        }
        for name in sorted(names, key=repr):
            condition, left, right = self.choices[name]
            yield _choice(
                condition,
                compared(_sum([(1, {name: Fraction(1)}), (-1, left)]), "eq"),
                compared(_sum([(1, {name: Fraction(1)}), (-1, right)]), "eq"),
            )


def _ordered(terms: Terms) -> tuple[tuple[Any, Fraction], ...]:
    return tuple(sorted(terms.items(), key=repr))


def _sum(parts: Sequence[tuple[int | Fraction, Terms]]) -> Terms:
    total: Terms = {}
    for factor, part in parts:
        for name, value in part.items():
            total[name] = total.get(name, Fraction(0)) + factor * value
    return {name: value for name, value in total.items() if value}


def _atoms(formula: Formula) -> Iterator[Any]:
    if formula[0] == "lit":
        yield formula[1]
    else:
        for part in formula[1:]:
            yield from _atoms(part)


def contradictory(formulas: Sequence[Formula]) -> bool:
    """Whether no truth of the atoms makes all the formulas true. Raises ProofError after 20,000 splits."""
    pending: list[tuple[list[Formula], dict[Any, bool]]] = [([*formulas], {})]
    for _ in range(MOST_SPLITS):
        if not pending:
            return True
        left, values = pending.pop()
        simpler = _simplified(left, values)
        if simpler is None:
            continue
        if not simpler:
            return False
        atom = next(_atoms(simpler[0]))
        pending += [(simpler, {**values, atom: value}) for value in (True, False)]
    raise ProofError("a step has too many cases to go through")


def _simplified(formulas: list[Formula], values: dict[Any, bool]) -> list[Formula] | None:
    """What is left of the formulas, literals taken to hold; None when one of them is false."""
    while True:
        left: list[Formula] = []
        before = len(values)
        for formula in formulas:
            match _evaluated(formula, values):
                case ("or",):
                    return None
                case ("and", *parts):
                    left += parts
                case other:
                    left.append(other)
        for formula in left:
            if formula[0] == "lit" and values.setdefault(formula[1], formula[2]) != formula[2]:
                return None
        formulas = [formula for formula in left if formula[0] != "lit"]
        if len(values) == before and not any(formula[0] == "and" for formula in formulas):
            return formulas


def _evaluated(formula: Formula, values: Mapping[Any, bool]) -> Formula:
    if formula[0] == "lit":
        if formula[1] not in values:
            return formula
        return TRUE if values[formula[1]] == formula[2] else FALSE
    neutral, absorbing = (TRUE, FALSE) if formula[0] == "and" else (FALSE, TRUE)
    parts = []
    for part in formula[1:]:
        found = _evaluated(part, values)
        if found == absorbing:
            return absorbing
        if found != neutral:
            parts.append(found)
    return parts[0] if len(parts) == 1 else (formula[0], *parts)


def adds_up(denied: Sequence[tuple[Terms, str]], multipliers: Sequence[Fraction]) -> bool:
    """Whether these inequalities, times the sizes of their multipliers, add up to 0 > 0 or the like.

    An equality may be turned round, so that both signs of its multiplier are tried.
    """
    rows = [(abs(m), terms, kind) for m, (terms, kind) in zip(multipliers, denied, strict=True)]
    equalities = sum(kind == "eq" for *_, kind in rows)
    if equalities > MOST_EQUALITIES:
        raise ProofError("a step has too many equalities")
    for signs in product((1, -1), repeat=equalities):
        turn = iter(signs)
        total = _sum([(m * (next(turn) if kind == "eq" else 1), terms) for m, terms, kind in rows])
        value = total.pop("", Fraction(0))
        if not total and (value < 0 or (value == 0 and any(kind == "gt" and m for m, _, kind in rows))):
            return True
    return False


def recheck_steps(listed: Sequence[Step], booleans: Collection[str], assertions: Collection[Formula]) -> int:
    """How many steps were gone through, the last of which is the empty clause. Raises ProofError at one that does not
    follow, and for an assumption that is not among the assertions."""
    reading = Reading(booleans)
    known: dict[str, tuple[Formula, ...]] = {}
    raw: dict[str, tuple[Tree, ...]] = {}
    assumed: dict[str, list[Formula]] = {}
    last: dict[str, tuple[Formula, ...]] = {}
    for step in listed:
        scope = step.name.rpartition(".")[0]
        clause = tuple(map(reading.formula, step.clause))
        if step.name in known:
            raise ProofError(f"step {step.name} comes twice")
        if step.rule == "assume":
            if not scope and clause[0] not in assertions:
                raise ProofError(f"the assumption {step.name} is not an assertion")
            assumed.setdefault(scope, []).extend(clause)
        elif step.rule == "subproof":
            if step.name not in last:
                raise ProofError(f"step {step.name} ends a subproof without lines")
            shown = ("or", *map(negated, assumed.get(step.name, ())), *last[step.name])
            _need(reading, [shown], clause, step)
        elif step.rule == "la_generic":
            values = [reading.linear(argument) for argument in step.arguments]
            if len(values) != len(clause) or any(value is None or not value.keys() <= {""} for value in values):
                raise ProofError(f"step {step.name}: expected a number for each inequality")
            numbers = [(value or {}).get("", Fraction(0)) for value in values]
            if not adds_up([*map(reading.denied, step.clause)], numbers):
                raise ProofError(f"step {step.name} does not add up")
        else:
            given = [("or", *known[name]) for name in step.premises if _within(name, scope) and name in known]
            if len(given) != len(step.premises):
                raise ProofError(f"step {step.name} uses a step that is not before it")
            equal = [raw[name][0] for name in step.premises if len(raw[name]) == 1]
            if not (step.rule == "cong" and congruent(reading, step.clause, equal)):
                _need(reading, given, clause, step)
        raw[step.name] = step.clause
        known[step.name] = last[scope] = clause
    if not listed or "." in listed[-1].name or ("or", *known[listed[-1].name]) not in (FALSE, ("or", FALSE)):
        raise ProofError("the proof does not end with the empty clause")
    return len(listed)


def congruent(reading: Reading, clause: Sequence[Tree], equal: Sequence[Tree]) -> bool:
    """Whether the clause says that f(a, b, ...) = f(c, d, ...), a and c, b and d, ... being the same or said to be."""
    match clause:
        case [["=", [str(left), *ours], [str(right), *theirs]]] if left == right and len(ours) == len(theirs):
            said = [pair[1:] for pair in equal if isinstance(pair, list) and pair[:1] == ["="]]
            said += [pair[::-1] for pair in said]
            return all(
                one == other or [one, other] in said or reading.value(one) == reading.value(other)
                for one, other in zip(ours, theirs, strict=True)
            )
    return False


def _within(name: str, scope: str) -> bool:
    """Whether a step stands where a step of this scope may use it."""
    outer = name.rpartition(".")[0]
    return not outer or outer == scope or scope.startswith(f"{outer}.")


def _need(reading: Reading, given: Sequence[Formula], clause: Sequence[Formula], step: Step) -> None:
    facts = [*given, *map(negated, clause)]
    if not contradictory(facts) and not contradictory([*facts, *reading.defining(facts)]):
        raise ProofError(f"step {step.name} ({step.rule}) does not follow")
