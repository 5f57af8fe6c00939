"""Alethe proofs of cvc5 read: no holes, nothing assumed but the rows, and the Farkas step added up again in rationals.

The multipliers in a `la_generic` step are those of Farkas' lemma. They are carried over to the rows of the fact and
make a certificate of kind farkas, so that it is the checker that says whether they refute. The steps around them are
looked at for holes here; `alethe_steps` goes through them all.

Source: Schurr, Fleury, Barbosa and Fontaine, Alethe: towards a generic SMT proof format, 2021.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from proofs.claim import Json
from proofs.kernels.facts import Fact

Tree = str | list["Tree"]
Linear = dict[str, Fraction]
_TOKEN = re.compile(r'\s+|(?P<token>"[^"]*"|\|[^|]*\||[()]|[^\s()"|]+)')
_NUMBER = re.compile(r"(-?[0-9]+)(?:/([0-9]+)|\.0)?")
_HOLES = frozenset({"hole", "trust", "lia_generic", "undefined"})
MOST_TOKENS = 3_000_000
_CONSTANT = ""


class ProofError(ValueError):
    """The proof has a hole, assumes something else than the rows, or its Farkas step does not add up."""


def trees(text: str) -> list[Tree]:
    """The S-expressions of a text. Raises ProofError."""
    stack: list[list[Tree]] = [[]]
    place = count = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        count += 1
        if match is None or count > MOST_TOKENS:
            raise ProofError(f"not an S-expression at {text[place : place + 20]!r}, or too long")
        place, token = match.end(), match["token"]
        if token == "(":
            stack.append([])
        elif token == ")":
            if len(stack) == 1:
                raise ProofError("a parenthesis closes nothing")
            group = stack.pop()
            stack[-1].append(group)
        elif token:
            stack[-1].append(token)
    if len(stack) != 1:
        raise ProofError("a parenthesis is not closed")
    return stack[0]


@dataclass(frozen=True, slots=True)
class Step:
    """One assumption (rule ``assume``) or step, names of terms written out."""

    name: str
    clause: tuple[Tree, ...]
    rule: str
    premises: tuple[str, ...]
    arguments: tuple[Tree, ...]


def steps(proof: str) -> list[Step]:
    """The commands of a proof in order, anchors left out. Raises ProofError."""
    commands = trees(proof)
    if len(commands) == 1 and isinstance(commands[0], list):
        commands = commands[0]
    named: dict[str, Tree] = {}
    return [
        _step(command, named) for command in commands if not (isinstance(command, list) and command[:1] == ["anchor"])
    ]


def _step(command: Tree, named: dict[str, Tree]) -> Step:
    match _written_out(command, named):
        case ["assume", str(name), term]:
            return Step(name, (term,), "assume", (), ())
        case ["step", str(name), ["cl", *clause], ":rule", str(rule), *rest]:
            fields = dict(zip(map(str, rest[::2]), rest[1::2], strict=True))
            given = [fields.get(key, []) for key in (":premises", ":args", ":discharge")]
            if not all(isinstance(part, list) for part in given) or not fields.keys() <= {
                ":premises",
                ":args",
                ":discharge",
            }:
                raise ProofError(f"step {name} has a form that is not known")
            premises, arguments, _ = (part if isinstance(part, list) else [] for part in given)
            return Step(name, tuple(clause), rule, tuple(map(str, premises)), tuple(arguments))
    raise ProofError(f"not a step: {str(command)[:80]}")


def _written_out(tree: Tree, named: dict[str, Tree]) -> Tree:
    """The tree with ``(! term :named n)`` read as the term, and the names used later as what they stand for."""
    if isinstance(tree, str):
        return named.get(tree, tree)
    if len(tree) == 4 and tree[0] == "!" and tree[2] == ":named":
        term = _written_out(tree[1], named)
        named[str(tree[3])] = term
        return term
    return [_written_out(part, named) for part in tree]


def farkas_certificate(fact: Fact, proof: str) -> Json:
    """The certificate of kind farkas that the proof's Farkas steps make, not yet checked.

    Raises ProofError for a proof with holes, with other assumptions, without an empty clause at its end, or without
    multipliers for the rows.
    """
    listed = steps(proof)
    _refuse_holes(fact, listed)
    for step in listed:
        if step.rule == "la_generic":
            multipliers = _multipliers(fact, step)
            if multipliers is not None:
                points = [[str(x) for x in point] for point in fact.points]
                fields = {"points": points, "labels": [*fact.labels], "multipliers": [str(m) for m in multipliers]}
                return {"gradproof": 1, "kind": "farkas", **fields}
    raise ProofError("no la_generic step of the proof is about the rows")


def _refuse_holes(fact: Fact, listed: Sequence[Step]) -> None:
    known: set[str] = set()
    rows = {f"row{number}": row_inequality(fact, number) for number in range(len(fact.points))}
    for step in listed:
        if step.rule in _HOLES:
            raise ProofError(f"step {step.name} is a hole ({step.rule})")
        if step.name in known or not known.issuperset(step.premises):
            raise ProofError(f"step {step.name} comes twice, or uses a step that is not before it")
        if step.rule == "assume" and "." not in step.name and inequality(step.clause[0]) != rows.get(step.name):
            raise ProofError(f"the assumption {step.name} is not a row of the fact")
        known.add(step.name)
    if not listed or listed[-1].clause or listed[-1].rule == "assume":
        raise ProofError("the proof does not end with the empty clause")


def row_inequality(fact: Fact, number: int) -> tuple[Linear, bool]:
    """The row's inequality as ``linear >= 0``, or ``linear > 0`` if strict."""
    sign = 1 if fact.labels[number] else -1
    values = zip(fact.unknowns, (*fact.points[number], Fraction(1)), strict=True)
    return {name: sign * value for name, value in values if value}, not fact.labels[number]


def inequality(tree: Tree) -> tuple[Linear, bool] | None:
    """``a >= b``, ``a < b``, ... or a negation as ``linear >= 0`` or, strict, ``linear > 0``; None for another form."""
    match tree:
        case ["not", inner]:
            found = inequality(inner)
            return None if found is None else ({name: -value for name, value in found[0].items()}, not found[1])
        case [("<" | "<=" | ">" | ">=") as relation, left, right]:
            first, second = linear(left), linear(right)
            if first is None or second is None:
                return None
            sign = 1 if relation in (">", ">=") else -1
            return _combined([(Fraction(sign), first), (Fraction(-sign), second)]), relation in ("<", ">")
    return None


def number(token: str) -> Fraction | None:
    """``-3/4`` or ``2.0`` as a fraction, None for anything else."""
    found = _NUMBER.fullmatch(token)
    return Fraction(int(found[1]), int(found[2] or 1)) if found and int(found[2] or 1) else None


def linear(tree: Tree) -> Linear | None:
    """A linear term as its coefficients, the constant under the empty name; None for another form."""
    match tree:
        case str():
            value = number(tree)
            return {tree: Fraction(1)} if value is None else {_CONSTANT: value} if value else {}
        case ["+", *parts]:
            found = [linear(part) for part in parts]
            return None if None in found else _combined([(Fraction(1), one) for one in found if one is not None])
        case ["-", only]:
            one = linear(only)
            return None if one is None else _combined([(Fraction(-1), one)])
        case ["-", first, second]:
            pair = linear(first), linear(second)
            if pair[0] is None or pair[1] is None:
                return None
            return _combined([(Fraction(1), pair[0]), (Fraction(-1), pair[1])])
        case [("*" | "/") as sign, first, second]:
            pair = linear(first), linear(second)
            if pair[0] is None or pair[1] is None:
                return None
            return _product(pair[0], pair[1], sign)
    return None


def _product(left: Linear, right: Linear, sign: str) -> Linear | None:
    if sign == "/" or right.keys() <= {_CONSTANT}:
        factor = right.get(_CONSTANT, Fraction(0)) if right.keys() <= {_CONSTANT} else None
        if factor is None or (sign == "/" and not factor):
            return None
        return _combined([(1 / factor if sign == "/" else factor, left)])
    return _product(right, left, sign) if left.keys() <= {_CONSTANT} else None


def _combined(parts: Sequence[tuple[Fraction, Mapping[str, Fraction]]]) -> Linear:
    total: Linear = {}
    for factor, part in parts:
        for name, value in part.items():
            total[name] = total.get(name, Fraction(0)) + factor * value
    return {name: value for name, value in total.items() if value}


def _multipliers(fact: Fact, step: Step) -> list[Fraction] | None:
    """The step's multipliers carried over to the rows, None if one of its inequalities is no row and not void."""
    if len(step.arguments) != len(step.clause):
        raise ProofError(f"step {step.name}: as many multipliers as inequalities were expected")
    rows = [row_inequality(fact, number) for number in range(len(fact.points))]
    found = [Fraction(0)] * len(rows)
    for literal, argument in zip(step.clause, step.arguments, strict=True):
        value = linear(argument)
        denied = inequality(["not", literal])
        if value is None or not value.keys() <= {_CONSTANT} or denied is None:
            raise ProofError(f"step {step.name}: not an inequality with a rational multiplier")
        if denied[0]:
            place = next(_places(rows, denied), None)
            if place is None:
                return None
            found[place[0]] += abs(value.get(_CONSTANT, Fraction(0))) * place[1]
    return found


def _places(rows: Sequence[tuple[Linear, bool]], wanted: tuple[Linear, bool]) -> Iterator[tuple[int, Fraction]]:
    """The rows that are a positive multiple of the wanted inequality, each with that inequality divided by the row."""
    for place, (row, strict) in enumerate(rows):
        if row.keys() == wanted[0].keys() and strict == wanted[1]:
            ratio = {wanted[0][name] / value for name, value in row.items()}
            if len(ratio) == 1 and min(ratio) > 0:
                yield place, min(ratio)
