"""Terms as plain text that the grammar reads back to the same term, and as LaTeX.

`to_text` is exact: `proofs.calculus.text` reads its output as an equal term (as long as no sum or product in it has
fewer than two parts). `to_latex` is for people: it multiplies the numbers of a product and sets negative powers below
a bar, and changes nothing else.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeGuard

from proofs.calculus.terms import (
    Add,
    Delta,
    Diff,
    Element,
    Fn,
    Mul,
    Num,
    Pi,
    Pow,
    Size,
    Statement,
    Sum,
    Term,
)

SUM, PRODUCT, POWER, ATOM = range(4)
_MINUS_ONE = Num(Fraction(-1))
LONGEST_NUMBER = 1_000
_GREEK = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "mu", "nu", "xi"),
    *("rho", "sigma", "tau", "phi", "chi", "psi", "omega"),
)
_FUNCTIONS = {"sigmoid": r"\sigma", **{f: rf"\{f}" for f in ("exp", "log", "tanh", "sin", "cos")}}


def to_text(t: Term) -> str:
    """`t` in the grammar of `proofs.calculus.syntax`."""
    return _text(t)[0]


def _text(t: Term) -> tuple[str, int]:
    """The text of a term and how tightly its outermost operator binds."""
    match t:
        case Num(value):
            return str(value), ATOM if value >= 0 and value.denominator == 1 else PRODUCT if value >= 0 else SUM
        case Pi():
            return "pi", ATOM
        case Size(dim):
            return dim, ATOM
        case Element(name, indices):
            return f"{name}[{', '.join(indices)}]" if indices else name, ATOM
        case Delta(left, right):
            return f"delta({left}, {right})", ATOM
        case Sum():
            return _sum_text(t), ATOM
        case Fn(name, argument):
            return f"{name}({to_text(argument)})", ATOM
        case Diff():
            body, by = _derivatives(t)
            return f"diff({', '.join(to_text(x) for x in (body, *by))})", ATOM
        case Pow(base, exponent):
            shown = str(exponent) if exponent >= 0 and exponent.denominator == 1 else f"({exponent})"
            if exponent == -1 and not isinstance(base, Num):
                return f"1/{_within(base, POWER)}", PRODUCT
            return f"{_within(base, ATOM)}**{shown}", POWER
        case Add(terms):
            first, *rest = [_signed_text(x) for x in terms] or [("", "0")]
            return first[0] + first[1] + "".join(f" {sign or '+'} {text}" for sign, text in rest), SUM
        case Mul():
            sign, text = _signed_text(t)
            return sign + text, SUM if sign else PRODUCT


def _within(t: Term, level: int) -> str:
    text, binds = _text(t)
    return text if binds >= level else f"({text})"


def _sum_text(t: Sum) -> str:
    loops = []
    body: Term = t
    while isinstance(body, Sum):
        loops.append(f" for {body.index.name} in {body.index.dim}")
        body = body.body
    return f"sum({to_text(body)}{''.join(loops)})"


def _derivatives(t: Diff) -> tuple[Term, tuple[Element, ...]]:
    """The innermost body and the elements it is differentiated by, the first one first."""
    by: list[Element] = []
    body: Term = t
    while isinstance(body, Diff):
        by.insert(0, body.by)
        body = body.body
    return body, tuple(by)


def _signed_text(t: Term) -> tuple[str, str]:
    """A summand as its sign ("-" or "") and the product after it."""
    match t:
        case Num(value) if value < 0:
            return "-", str(-value)
        case Mul(factors) if len(factors) > 1:
            return _product_text(factors)
        case Mul(factors):
            return _signed_text(factors[0]) if factors else ("", "1")
        case _:
            return "", _within(t, PRODUCT)


def _product_text(factors: tuple[Term, ...]) -> tuple[str, str]:
    head, *rest = factors
    sign = ""
    if head == _MINUS_ONE and not isinstance(rest[0], Num) and not _reciprocal(rest[0]):
        sign, (head, *rest) = "-", rest
    elif isinstance(head, Num) and head.value < 0:
        sign, head = "-", Num(-head.value)
    shown = str(head.value) if isinstance(head, Num) else _within(head, PRODUCT if _reciprocal(head) else POWER)
    for place, factor in enumerate(rest):
        if not _reciprocal(factor):
            shown += f"*{_within(factor, POWER)}"
            continue
        folds = (
            place == 0 and isinstance(head, Num) and (isinstance(factor.base, Num) or (head.value == 1 and not sign))
        )
        shown += f"*{_within(factor.base, ATOM)}**(-1)" if folds else f"/{_within(factor.base, POWER)}"
    return sign, shown


def _reciprocal(t: Term) -> TypeGuard[Pow]:
    """Whether the term is a division."""
    return isinstance(t, Pow) and t.exponent == -1


def to_latex(t: Term) -> str:
    """`t` in LaTeX (mathematics mode, no packages beyond amsmath)."""
    return _latex(t)[0]


def _latex(t: Term) -> tuple[str, int]:
    match t:
        case Num() | Mul() | Pow():
            return _latex_product(t)
        case Pi():
            return r"\pi", ATOM
        case Size(dim):
            return latex_name(dim), ATOM
        case Element(name, indices):
            return latex_name(name) + (f"_{{{', '.join(latex_name(i) for i in indices)}}}" if indices else ""), ATOM
        case Delta(left, right):
            return rf"\delta_{{{latex_name(left)}, {latex_name(right)}}}", ATOM
        case Sum(index, body):
            limits = rf"\sum_{{{latex_name(index.name)}=1}}^{{{latex_name(index.dim)}}}"
            return f"{limits} {_latex_within(body, PRODUCT)}", PRODUCT
        case Add(terms):
            parts = [_latex_within(x, PRODUCT, signed=True) for x in terms]
            return "".join(_joined(place, part) for place, part in enumerate(parts)) or "0", SUM
        case Fn(name, argument):
            return _latex_function(name, argument), ATOM
        case Diff():
            return _latex_derivative(t)


def _joined(place: int, part: str) -> str:
    if place == 0:
        return part
    return f" - {part[1:].lstrip()}" if part.startswith("-") else f" + {part}"


def _latex_within(t: Term, level: int, *, signed: bool = False) -> str:
    text, binds = _latex(t)
    if binds >= level or (signed and not isinstance(t, Add)):
        return text
    return rf"\left({text}\right)"


def latex_name(name: str) -> str:
    """A name as mathematicians set it: ``W1`` as W with (1) above, Greek letters as such, words upright."""
    letters = name.rstrip("0123456789")
    if not letters or letters.endswith("_"):
        letters = name
    digits = name[len(letters) :]
    if letters == "lam":
        shown = r"\lambda"
    elif letters in _GREEK:
        shown = rf"\{letters}"
    elif len(letters) == 1:
        shown = letters
    else:
        shown = rf"\mathrm{{{letters.replace('_', chr(92) + '_')}}}"
    return f"{shown}^{{({digits})}}" if digits else shown


def _latex_function(name: str, argument: Term) -> str:
    inside = to_latex(argument)
    if name == "abs":
        return rf"\left|{inside}\right|"
    if name == "sqrt":
        return rf"\sqrt{{{inside}}}"
    if name == "exp" and "frac" not in inside and "sum" not in inside:
        return f"e^{{{inside}}}"
    function = _FUNCTIONS.get(name) or rf"\operatorname{{{name}}}"
    return rf"{function}\left({inside}\right)"


def _latex_derivative(t: Diff) -> tuple[str, int]:
    body, by = _derivatives(t)
    order = f"^{{{len(by)}}}" if len(by) > 1 else ""
    under = r" ".join(rf"\partial {to_latex(x)}" for x in by)
    if isinstance(body, Element):
        return rf"\frac{{\partial{order} {to_latex(body)}}}{{{under}}}", ATOM
    return rf"\frac{{\partial{order}}}{{{under}}} {_latex_within(body, PRODUCT)}", PRODUCT


def _latex_product(t: Num | Mul | Pow) -> tuple[str, int]:
    """Products as one fraction: what has a negative exponent goes below the bar."""
    coefficient, above, below = Fraction(1), list[Term](), list[Term]()
    for factor in t.factors if isinstance(t, Mul) else (t,):
        if isinstance(factor, Num) and len(str(coefficient)) < LONGEST_NUMBER:
            coefficient *= factor.value
        elif isinstance(factor, Pow) and factor.exponent < 0:
            below.append(factor.base if factor.exponent == -1 else Pow(factor.base, -factor.exponent))
        else:
            above.append(factor)
    sign = "-" if coefficient < 0 else ""
    if sign and coefficient == -1 and len(above) == 1 and not below and not isinstance(above[0], Pow):
        return sign + _latex_within(above[0], PRODUCT), SUM
    top = _juxtaposed(abs(coefficient.numerator), above)
    if coefficient.denominator == 1 and not below:
        return sign + top, SUM if sign else _binding(above, coefficient)
    bottom = _juxtaposed(coefficient.denominator, below)
    return rf"{sign}\frac{{{top}}}{{{bottom}}}", SUM if sign else PRODUCT


def _binding(above: list[Term], coefficient: Fraction) -> int:
    if not above:
        return ATOM
    return POWER if len(above) == 1 and coefficient == 1 and isinstance(above[0], Pow) else PRODUCT


def _juxtaposed(coefficient: int, factors: list[Term]) -> str:
    if not factors:
        return str(coefficient)
    alone = len(factors) == 1 and coefficient == 1
    shown = [str(coefficient)] if coefficient != 1 else []
    for place, factor in enumerate(factors):
        if isinstance(factor, Pow):
            shown.append(_latex_power(factor))
        elif alone:
            shown.append(to_latex(factor))
        else:
            last = place == len(factors) - 1
            shown.append(_latex_within(factor, PRODUCT if last and not isinstance(factor, Mul) else POWER))
    return r" \cdot ".join(shown) if any(part[0].isdigit() for part in shown[1:]) else r" \, ".join(shown)


def _latex_power(t: Pow) -> str:
    if t.exponent == Fraction(1, 2):
        return rf"\sqrt{{{to_latex(t.base)}}}"
    base = t.base
    plain = isinstance(base, (Num, Size, Pi)) or (isinstance(base, Element) and not base.name[-1].isdigit())
    shown = _latex_within(base, ATOM) if plain else rf"\left({to_latex(base)}\right)"
    return f"{shown}^{{{t.exponent}}}"


def statement_text(statement: Statement) -> str:
    """``lhs = rhs  where i == j`` as one line."""
    condition = " and ".join(str(w) for w in statement.where)
    return f"{to_text(statement.lhs)} = {to_text(statement.rhs)}" + (f"  where {condition}" if condition else "")


def statement_latex(statement: Statement) -> str:
    """The equation in LaTeX, with its side condition."""
    relation = {True: "=", False: r"\neq"}
    signs = [f"{latex_name(w.left)} {relation[w.equal]} {latex_name(w.right)}" for w in statement.where]
    condition = rf" \quad ({', '.join(signs)})" if signs else ""
    return f"{to_latex(statement.lhs)} = {to_latex(statement.rhs)}{condition}"
