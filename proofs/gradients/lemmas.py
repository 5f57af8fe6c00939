"""Lemmas: an intermediate result that is a named function in disguise is proved to be it, once, and then called so.

A numerically stable sigmoid branches on the sign of its argument, and every comparison makes the equations about the
code that uses it harder. Where a definition depends on one number u alone and compares it, and its values are those of
a function in `named`, two equations are settled, each with its own certificate: that the two are the same for u != 0,
and at u = 0, where a step counts as 0 as it does in the code (a > b and not b > a are how comparisons are captured).
Together they cover every real u. Only if both are PROVED the definition is written as that function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from proofs.calculus import DomainError, settle_statement
from proofs.calculus.dual import EvaluationError, Floats
from proofs.calculus.evaluate import Evaluator
from proofs.calculus.normalise import Normaliser
from proofs.calculus.printing import to_text
from proofs.calculus.terms import (
    Add,
    Array,
    Definition,
    Element,
    Fn,
    Mul,
    Num,
    Pi,
    Pow,
    Statement,
    Term,
    children,
    rename,
    without_unused,
)
from proofs.claim import Claim, Evidence, Verdict
from proofs.gradients.recording import Recording

KINKED = ("relu", "abs", "step")
LARGEST = 200
"""Most subterms of a definition written out."""
ARGUMENTS = tuple(map(Fraction, ("1/3", "-1/3", "7/4", "-7/4", "5", "-5")))
CLOSE = 1e-9
ZERO, UNIT = Num(Fraction(0)), Num(Fraction(1))
U = Element("u")


@dataclass(frozen=True, eq=False)
class Lemma:
    """``before = after`` for every real u, and the verdicts that show it, each by what it says."""

    before: Term
    after: Term
    verdicts: Mapping[str, Verdict]

    @property
    def evidence(self) -> Evidence:
        """What a verdict about a statement that the lemma was used in says."""
        text = f"{to_text(self.before)} = {to_text(self.after)}"
        return Evidence("lemma", f"{text} for all real u, with certificates of its own")


@dataclass(frozen=True)
class Simplified:
    """A recording with definitions rewritten by lemmas: which lemma holds for which definition."""

    recording: Recording
    lemmas: Mapping[str, Lemma]

    def used_in(self, statement: Statement) -> dict[str, Lemma]:
        """The lemmas that a statement about the recording rests on, by definition."""
        if not self.lemmas:
            return {}
        return {d.name: self.lemmas[d.name] for d in without_unused(statement).definitions if d.name in self.lemmas}


def simplified(recording: Recording) -> Simplified:
    """The recording with every definition that a lemma is about written as the named function."""
    bodies: dict[str, Definition] = {}
    lemmas: dict[str, Lemma] = {}
    kinked: set[str] = set()
    for definition in recording.definitions:
        bodies[definition.name] = definition
        if not any(_is_kink(t) or (isinstance(t, Element) and t.name in kinked) for t in parts_of(definition.body)):
            continue
        kinked.add(definition.name)
        found = _of_one_number(definition, bodies)
        lemma = None if found is None else lemma_about(found[1])
        if found is not None and lemma is not None:
            kinked.discard(definition.name)
            bodies[definition.name] = replace(definition, body=_replaced(lemma.after, {U: found[0]}))
            lemmas[definition.name] = lemma
    return Simplified(replace(recording, definitions=tuple(bodies.values())), lemmas)


def named(u: Term) -> Iterator[Term]:
    """The functions that definitions are compared with."""
    below, curved = Mul((Num(Fraction(-1)), u)), Fn("tanh", u)
    for v in (u, below):
        yield Fn("sigmoid", v)
        yield Fn("softplus", v)
        yield Mul((Num(Fraction(-1)), Fn("softplus", v)))
    yield curved
    yield Mul((Fn("sigmoid", u), Fn("sigmoid", below)))
    yield Add((UNIT, Mul((Num(Fraction(-1)), Pow(curved, Fraction(2))))))
    yield Mul((u, Fn("sigmoid", u)))


def _of_one_number(definition: Definition, bodies: Mapping[str, Definition]) -> tuple[Element, Term] | None:
    """The one element that `definition` depends on through comparisons, and its body as a function of it, called u."""
    body, order = definition.body, {name: place for place, name in enumerate(bodies)}
    while True:
        inside = list(parts_of(body))
        if len(inside) > LARGEST or not all(isinstance(t, (Num, Pi, Element, Add, Mul, Pow, Fn)) for t in inside):
            return None
        elements = {t for t in inside if isinstance(t, Element)}
        if len(elements) == 1 and any(map(_is_kink, inside)):
            (root,) = elements
            return root, _replaced(body, {root: U})
        latest = max(elements, key=lambda e: order.get(e.name, -1), default=None)
        if latest is None or latest.name not in bodies:
            return None
        made = bodies[latest.name]
        names = {index.name: actual for index, actual in zip(made.indices, latest.indices, strict=True)}
        body = _replaced(body, {latest: rename(made.body, names)})


def parts_of(t: Term) -> Iterator[Term]:
    """`t` and everything in it."""
    yield t
    for child in children(t):
        yield from parts_of(child)


def _is_kink(t: Term) -> bool:
    return isinstance(t, Fn) and t.name in KINKED


def _replaced(t: Term, new: Mapping[Element, Term]) -> Term:
    """`t`, which binds no index, with some elements replaced."""
    return rebuilt(t, lambda x: new.get(x, x) if isinstance(x, Element) else x)


def rebuilt(t: Term, change: Callable[[Term], Term]) -> Term:
    """`t`, which binds no index, with `change` made to all its subterms, the innermost first."""
    match t:
        case Add(terms):
            return change(Add(tuple(rebuilt(x, change) for x in terms)))
        case Mul(factors):
            return change(Mul(tuple(rebuilt(x, change) for x in factors)))
        case Pow(base, exponent):
            return change(Pow(rebuilt(base, change), exponent))
        case Fn(name, argument):
            return change(Fn(name, rebuilt(argument, change)))
        case _:
            return change(t)


@lru_cache(maxsize=256)
def lemma_about(before: Term) -> Lemma | None:
    """That `before` is a named function of u, if its values say so and both equations are PROVED."""
    values = _values(before)
    if values is None:
        return None
    for after in named(U):
        if all(abs(a - b) <= CLOSE * (1 + abs(b)) for a, b in zip(values, _values(after) or (), strict=True)):
            verdicts = _verdicts(before, after)
            return Lemma(before, after, verdicts) if verdicts else None
    return None


def _values(t: Term) -> tuple[float, ...] | None:
    statement = Statement(t, ZERO, (), (Array("u", ()),))
    try:
        return tuple(float(Evaluator(statement, {}, {"u": [x]}, Floats()).value(t, {})) for x in ARGUMENTS)
    except (EvaluationError, ArithmeticError):
        return None


def _verdicts(before: Term, after: Term) -> dict[str, Verdict]:
    """The verdicts for u != 0 and u = 0; none where one of them is not PROVED for all such u."""
    nonzero = Statement(before, after, (), (Array("u", (), "nonzero"),))
    at_zero = Statement(rebuilt(_replaced(before, {U: ZERO}), _step_of_zero), _replaced(after, {U: ZERO}))
    found = {}
    for case, statement in (("u != 0", nonzero), ("u = 0", at_zero)):
        try:
            verdict = settle_statement(statement)
        except DomainError:
            return {}
        if not verdict or any(a.origin == "kink" for a in verdict.assumptions):
            return {}
        text = f"{to_text(before)} = {to_text(after)} for {case}"
        taken = tuple(a for a in verdict.assumptions if a.origin == "postulate")
        found[f"lemma {text}"] = replace(verdict, claim=Claim(text, text), assumptions=taken)
    return found


def _step_of_zero(t: Term) -> Term:
    """0 for the step of a term that is 0, which holds numbers only; `t` itself otherwise."""
    if isinstance(t, Fn) and t.name == "step" and not Normaliser(Statement(t.argument, ZERO))(t.argument).terms:
        return ZERO
    return t
