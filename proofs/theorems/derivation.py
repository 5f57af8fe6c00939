"""Derivations written in SymPy: a chain of equal expressions, each made from the one before by a named rule.

SymPy makes every line, and nothing here trusts it: each line becomes a step of its own, an equation between index
terms that the calculus and the checker settle. An index that is differentiated by never carries the name of a bound
one: SymPy 1.14 confuses the two without saying so.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy

from proofs.calculus.printing import statement_latex, statement_text, to_latex
from proofs.calculus.sympy_bridge import from_sympy
from proofs.calculus.terms import Array, Definition, Element, Index, Statement, Term, Where, children
from proofs.claim import Evidence, Scope
from proofs.theorems.rules import Rule
from proofs.theorems.theorem import Step, Theorem

Move = tuple[str, Rule]


class DerivationError(ValueError):
    """A derivation that is not one: a rule that changes nothing, or a definition that is not ``name[indices]``."""


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """``left = body``, where left is ``name[i, j]`` or a plain symbol."""

    left: sympy.Expr
    body: sympy.Expr

    def unfold(self, expr: sympy.Expr) -> sympy.Expr:
        """`expr` with every use of the abbreviation written out."""
        if not isinstance(self.left, sympy.Indexed):
            return expr.xreplace({self.left: self.body})

        def written_out(*slots: sympy.Expr) -> sympy.Expr:
            return self.body.xreplace(dict(zip(self.left.indices, slots[1:], strict=True)))

        return expr.replace(
            lambda e: isinstance(e, sympy.Indexed) and e.base == self.left.base, lambda e: written_out(*e.args)
        )

    def definition(self) -> Definition:
        """The same for index terms. Raises DerivationError when `left` is no name."""
        left = from_sympy(self.left)
        if not isinstance(left, Element):
            raise DerivationError(f"{self.left}: expected name[indices] on the left of a definition")
        own = self.left.indices if left.indices else ()
        return Definition(left.name, tuple(_index(i) for i in own), from_sympy(self.body))


@dataclass(frozen=True, slots=True)
class Setting:
    """What the lines of a derivation speak about: arrays, definitions, and conditions on indices."""

    arrays: tuple[Array, ...]
    definitions: tuple[Abbreviation, ...] = ()
    where: tuple[Where, ...] = ()

    def statement(self, lhs: sympy.Expr, rhs: sympy.Expr) -> Statement:
        """The equation ``lhs = rhs`` for all values of its free indices: those that no sum in it binds."""
        sides = sympy.Tuple(lhs, rhs)
        bound = {limit[0] for summation in sides.atoms(sympy.Sum) for limit in summation.limits}
        free = sorted(sides.atoms(sympy.Idx) - bound, key=str)
        return Statement(
            from_sympy(lhs),
            from_sympy(rhs),
            tuple(_index(i) for i in free),
            self.arrays,
            tuple(d.definition() for d in self.definitions),
            self.where,
        )


def _index(i: sympy.Idx) -> Index:
    return Index(str(i.label), str(i.upper))


def derive(setting: Setting, start: sympy.Expr, *moves: Move) -> tuple[Step, ...]:
    """The steps ``start = line 1``, ``line 1 = line 2``, ..., and, of two or more, ``start = last line``.

    Raises DerivationError when a rule leaves its line as it is.
    """
    steps: list[Step] = []
    line = start
    for rule, make in moves:
        following = make(line)
        if following == line:
            raise DerivationError(f"{rule!r} changes nothing in {line}")
        steps.append(_step(setting, rule, line, following))
        line = following
    if len(moves) > 1:
        steps.append(_step(setting, "hence", start, line))
    return tuple(steps)


def _step(setting: Setting, rule: str, lhs: sympy.Expr, rhs: sympy.Expr) -> Step:
    statement = setting.statement(lhs, rhs)
    by_sympy = Evidence("sympy", f"line produced with SymPy {sympy.__version__}; nothing rests on that", "assumed")
    return Step(rule, statement_text(statement), statement, () if rule == "hence" else (by_sympy,))


def result(name: str, title: str, text: str, *derivations: tuple[Step, ...], source: str = "") -> Theorem:
    """The theorem that rests on the steps of all derivations and states the last step of each, definitions included."""
    statements = [x for x in (derivation[-1].subject for derivation in derivations) if isinstance(x, Statement)]
    dims = sorted({dim for statement in statements for dim in statement.dims})
    rows = [statement_latex(statement) for statement in statements]
    used = dict.fromkeys(d for statement in statements for d in definitions_used(statement))
    for place, d in enumerate(used):
        left = to_latex(Element(d.name, tuple(i.name for i in d.indices)))
        rows.append((r"\text{with } " if place == 0 else "") + f"{left} = {to_latex(d.body)}")
    return Theorem(
        name,
        title,
        text,
        r"\begin{matrix} " + r" \\ ".join(rows) + r" \end{matrix}",
        Scope(f"all {', '.join(dims)} >= 1" if dims else "all real x"),
        tuple(step for derivation in derivations for step in derivation),
        source,
    )


def definitions_used(statement: Statement) -> tuple[Definition, ...]:
    """The definitions that either side needs, in the order in which they are made."""
    names = names_in(statement.lhs) | names_in(statement.rhs)
    used: list[Definition] = []
    for definition in reversed(statement.definitions):
        if definition.name in names:
            names |= names_in(definition.body)
            used.insert(0, definition)
    return tuple(used)


def names_in(t: Term) -> set[str]:
    """The arrays and definitions that a term names."""
    own = {t.name} if isinstance(t, Element) else set[str]()
    return own.union(*(names_in(child) for child in children(t)))
