"""The rules of the derivations, each a function from one SymPy expression to the next.

They rewrite and promise nothing: whether the two expressions are equal is settled elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy
from sympy.concrete.delta import deltasummation
from sympy.simplify.simplify import factor_sum

Rule = Callable[[sympy.Expr], sympy.Expr]


def total(body: sympy.Expr, *indices: sympy.Idx) -> sympy.Sum:
    """The sum of `body` over the whole range of each index."""
    return sympy.Sum(body, *((i, i.lower, i.upper) for i in indices))


def differentiate(expr: sympy.Expr) -> sympy.Expr:
    """Every derivative in `expr` taken by SymPy, which knows abbreviations only when they are written out."""
    return expr.replace(sympy.Derivative, lambda body, *by: body.diff(*by))


def linear(*varying: sympy.Basic) -> Rule:
    """The rule that takes derivatives into sums and past constant factors: those without any of `varying`."""

    def inwards(body: sympy.Expr, by: sympy.Tuple) -> sympy.Expr:
        if not body.has(*varying):
            return sympy.S.Zero
        match body:
            case sympy.Add():
                return sympy.Add(*(inwards(x, by) for x in body.args))
            case sympy.Sum():
                return sympy.Sum(inwards(body.function, by), *body.limits)
            case sympy.Mul():
                moving = sympy.Mul(*(x for x in body.args if x.has(*varying)))
                still = sympy.Mul(*(x for x in body.args if not x.has(*varying)))
                return sympy.Derivative(body, by) if still == 1 else still * inwards(moving, by)
            case _:
                return sympy.Derivative(body, by)

    return lambda expr: expr.replace(sympy.Derivative, inwards)


def chain_rule(via: sympy.Indexed) -> Rule:
    """The rule d f(s) / d z = sum_m (d f / d s[m]) (d s[m] / d z) for ``via = s[m]``, m used nowhere else."""

    def outer_times_inner(body: sympy.Expr, by: sympy.Tuple) -> sympy.Expr:
        return total(body.diff(via) * sympy.Derivative(via, by), *via.indices)

    return lambda expr: expr.replace(sympy.Derivative, outer_times_inner)


def contract(expr: sympy.Expr) -> sympy.Expr:
    """Every sum over a Kronecker delta replaced by the one summand that is left; innermost sums first."""
    return expr.replace(sympy.Sum, _contract_sum)


def _contract_sum(body: sympy.Expr, *limits: sympy.Tuple) -> sympy.Expr:
    for limit in limits:
        picks = [x for x in sympy.Add.make_args(body) if _has_delta(x, limit[0])]
        if picks:
            picked = constants_out(deltasummation(sympy.Add(*picks), limit, no_piecewise=True))
            left = [other for other in limits if other != limit]
            rest = body - sympy.Add(*picks)
            others = constants_out(sympy.Sum(rest, *limits)) if rest != 0 else sympy.S.Zero
            return (_contract_sum(picked, *left) if left else picked) + others
    return sympy.Sum(body, *limits)


def constants_out(expr: sympy.Expr) -> sympy.Expr:
    """Constant factors in front of every sum."""
    return expr.replace(sympy.Sum, lambda *parts: factor_sum(sympy.Sum(*parts)))


def _has_delta(expr: sympy.Expr, i: sympy.Idx) -> bool:
    return any(i in delta.args for delta in expr.atoms(sympy.KroneckerDelta))


def distribute(expr: sympy.Expr) -> sympy.Expr:
    """Products multiplied out and sums taken term by term, with constant factors in front."""
    return constants_out(sympy.expand(expr))


def gather(expr: sympy.Expr) -> sympy.Expr:
    """Sums over the same indices, with their coefficients, as one sum with a factored summand."""
    groups: dict[tuple[sympy.Tuple, ...], sympy.Expr] = {}
    rest = sympy.S.Zero
    for summand in sympy.Add.make_args(expr):
        coefficient, sums = summand.as_independent(sympy.Sum, as_Add=False)
        if isinstance(sums, sympy.Sum):
            groups[sums.limits] = groups.get(sums.limits, sympy.S.Zero) + coefficient * sums.function
        else:
            rest += summand
    return rest + sympy.Add(*(sympy.Sum(sympy.factor(body), *limits) for limits, body in groups.items()))


def replacing(*pairs: tuple[sympy.Expr, sympy.Expr]) -> Rule:
    """The rule that replaces each left side by its right side, in order; a Wild in it stands for any expression."""

    def rewrite(expr: sympy.Expr) -> sympy.Expr:
        for old, new in pairs:
            expr = expr.replace(old, new) if old.has(sympy.Wild) else expr.subs(old, new)
        return expr

    return rewrite
