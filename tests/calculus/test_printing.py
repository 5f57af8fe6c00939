from fractions import Fraction

import pytest
from hypothesis import given
from latex2mathml.converter import convert

from proofs.calculus.printing import statement_latex, statement_text, to_latex, to_text
from proofs.calculus.terms import Add, Element, Fn, Index, Mul, Num, Pow, Statement, Sum, Term, Where
from proofs.calculus.text import expression
from tests.calculus.term_strategies import NAMES, TERMS

Z, C = Element("z", ("i",)), Element("c")
HALF, ONE, TWO = Num(Fraction(1, 2)), Num(Fraction(1)), Num(Fraction(2))


@given(TERMS)
def test_plain_text_is_read_back_to_the_same_term(t: Term) -> None:
    assert expression(to_text(t), NAMES) == t


@given(TERMS)
def test_latex_is_accepted_by_the_mathml_converter(t: Term) -> None:
    latex = to_latex(t)
    assert latex.count("{") == latex.count("}")
    assert latex.count(r"\left") == latex.count(r"\right")
    assert convert(latex).startswith("<math")


@pytest.mark.parametrize(
    ("t", "text"),
    [
        (C - Z, "c - z[i]"),
        (-C, "-c"),
        (C / Z, "c/z[i]"),
        (Pow(Z, Fraction(-1)), "1/z[i]"),
        (Mul((HALF, Z)), "1/2*z[i]"),
        (Mul((Z, HALF)), "z[i]*(1/2)"),
        (Mul((Z, Pow(TWO, Fraction(-1)))), "z[i]/2"),
        (Mul((ONE, Pow(Z, Fraction(-1)))), "1*z[i]**(-1)"),
        (Mul((ONE, Pow(TWO, Fraction(-1)))), "1*2**(-1)"),
        (Pow(C, Fraction(1, 2)), "c**(1/2)"),
        (Pow(Add((C, Z)), Fraction(2)), "(c + z[i])**2"),
        (Sum(Index("k", "n"), Sum(Index("d", "D"), ONE)), "sum(1 for k in n for d in D)"),
    ],
)
def test_plain_text_is_written_as_people_write(t: Term, text: str) -> None:
    assert to_text(t) == text


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("1/2*z[i]", r"\frac{z_{i}}{2}"),
        ("-c/z[i]", r"-\frac{c}{z_{i}}"),
        ("exp(-z[i])", "e^{-z_{i}}"),
        ("(c - 1)*c", r"\left(c - 1\right) \, c"),
        ("c - (c - 1)", r"c - \left(c - 1\right)"),
        ("sum(z[i] + c for i in n)", r"\sum_{i=1}^{n} \left(z_{i} + c\right)"),
        ("sum(z[i] for i in n)*c", r"\left(\sum_{i=1}^{n} z_{i}\right) \, c"),
        ("diff(s[i], z[j], z[i])", r"\frac{\partial^{2} s_{i}}{\partial z_{j} \partial z_{i}}"),
        ("W1[i, d]**2", r"\left(W^{(1)}_{i, d}\right)^{2}"),
        ("sqrt(c) + c**(1/2)", r"\sqrt{c} + \sqrt{c}"),
        ("(-2)**2", r"\left(-2\right)^{2}"),
        ("2*3", "6"),
        ("c*2", r"2 \, c"),
    ],
)
def test_latex_keeps_the_meaning(text: str, latex: str) -> None:
    assert to_latex(expression(text, NAMES)) == latex


def test_statements_show_their_condition() -> None:
    indices = (Index("i", "n"), Index("j", "n"))
    statement = Statement(Fn("exp", Z), Num(Fraction(0)), indices, where=(Where("i", "j", False),))
    assert statement_text(statement) == "exp(z[i]) = 0  where i != j"
    assert statement_latex(statement) == r"e^{z_{i}} = 0 \quad (i \neq j)"
