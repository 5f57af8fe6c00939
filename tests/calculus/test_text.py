from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.calculus.syntax import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_DIGITS,
    constant,
    parse_chain,
    parse_conditions,
    parse_element,
)
from proofs.calculus.terms import (
    FUNCTIONS,
    Add,
    Delta,
    Diff,
    Element,
    Fn,
    Index,
    Mul,
    Num,
    Pi,
    Pow,
    Size,
    Sum,
    Term,
    Where,
)
from proofs.calculus.text import InputError, Names, expression, read_chain, read_where
from tests.calculus.term_strategies import NAMES

C, Z, ZJ = Element("c"), Element("z", ("i",)), Element("z", ("j",))
K = Index("k", "n")
ZK = Element("z", ("k",))


def num(value: str) -> Num:
    return Num(Fraction(value))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("2", num("2")),
        ("0.1", num("1/10")),
        ("1e-3", num("1/1000")),
        (".5", num("1/2")),
        ("1/2", num("1/2")),
        ("-1/2", num("-1/2")),
        ("pi", Pi()),
        ("c", C),
        ("n", Size("n")),
        ("z[i]", Z),
        ("W1[ i ,d ]", Element("W1", ("i", "d"))),
        ("c + 1 - z[i]", Add((C, num("1"), Mul((num("-1"), Z))))),
        ("c*z[i]/2", Mul((C, Z, Pow(num("2"), Fraction(-1))))),
        ("1/c", Pow(C, Fraction(-1))),
        ("c/z[i]/z[j]", Mul((C, Pow(Z, Fraction(-1)), Pow(ZJ, Fraction(-1))))),
        ("c - z[i] - z[j]", Add((C, Mul((num("-1"), Z)), Mul((num("-1"), ZJ))))),
        ("-c**2", Mul((num("-1"), Pow(C, Fraction(2))))),
        ("(-c)**2", Pow(Mul((num("-1"), C)), Fraction(2))),
        ("c**-1", Pow(C, Fraction(-1))),
        ("c**2**3", Pow(C, Fraction(8))),
        ("c**(1/2)", Pow(C, Fraction(1, 2))),
        ("c**0.5", Pow(C, Fraction(1, 2))),
        ("2*-c", Mul((num("2"), Mul((num("-1"), C))))),
        ("+c", C),
        ("delta(i, j)", Delta("i", "j")),
        ("sum(z[k] for k in n)", Sum(K, ZK)),
        ("sum(z[k]*c for k in n for d in D)", Sum(K, Sum(Index("d", "D"), Mul((ZK, C))))),
        ("sum(1 for k in n)/n", Mul((Sum(K, num("1")), Pow(Size("n"), Fraction(-1))))),
        ("diff(s[i], z[j])", Diff(Element("s", ("i",)), ZJ)),
        ("diff(L, c, z[j])", Diff(Diff(Element("L"), C), ZJ)),
        ("sum(z[i] for i in n)", Sum(Index("i", "n"), Z)),
        ("sum(z[n] for n in n)", Sum(Index("n", "n"), Element("z", ("n",)))),
        ("(\n c\n)", C),
        *((f"{f}(c)", Fn(f, C)) for f in FUNCTIONS),
    ],
)
def test_formulas_mean_what_they_mean_in_python(text: str, term: Term) -> None:
    assert expression(text, NAMES) == term


@given(
    st.recursive(
        st.integers(1, 9).map(str),
        lambda inner: (
            st.builds("{}{}{}".format, inner, st.sampled_from("+-*/"), inner)
            | inner.map("-{}".format)
            | inner.map("({})".format)
            | st.builds("{}**{}".format, st.integers(1, 9).map(str), st.integers(0, 3))
        ),
        max_leaves=12,
    )
)
def test_precedence_and_grouping_agree_with_a_precedence_climber_on_numbers(text: str) -> None:
    expected = _climb(text)
    if expected is None:
        with pytest.raises(InputError, match="division by zero"):
            constant_value(text)
    else:
        assert constant_value(text) == expected


def constant_value(text: str) -> Fraction:
    (term,) = parse_chain(text)
    return _value(term, text)


def _value(t: Term, text: str) -> Fraction:
    match t:
        case Num(value):
            return value
        case Add(terms):
            return sum((_value(x, text) for x in terms), Fraction(0))
        case Mul(factors):
            product = Fraction(1)
            for factor in factors:
                product *= _value(factor, text)
            return product
        case Pow(base, exponent):
            value = _value(base, text)
            if value == 0 and exponent < 0:
                raise InputError("division by zero")
            return value**exponent.numerator
        case _:
            raise AssertionError(f"not a number: {text}")


def _climb(text: str) -> Fraction | None:
    """The value of an arithmetic text by the shunting-yard method; None where it divides by zero."""
    output: list[Fraction] = []
    waiting: list[str] = []
    binds = {"+": 1, "-": 1, "*": 2, "/": 2, "~": 3, "**": 4}

    def apply(sign: str) -> bool:
        right = output.pop()
        if sign == "~":
            output.append(-right)
            return True
        left = output.pop()
        if sign == "/" and right == 0:
            return False
        values = {"+": left + right, "-": left - right, "*": left * right}
        output.append(values[sign] if sign in values else left / right if sign == "/" else left**right.numerator)
        return True

    at, operand = 0, True
    while at < len(text):
        sign = "**" if text[at : at + 2] == "**" else text[at]
        at += len(sign)
        if sign.isdigit():
            output.append(Fraction(int(sign)))
            operand = False
        elif sign == "(":
            waiting.append(sign)
        elif sign == ")":
            while waiting[-1] != "(":
                if not apply(waiting.pop()):
                    return None
            waiting.pop()
        elif operand:
            waiting.append("~")
        else:
            while waiting and waiting[-1] != "(" and binds[waiting[-1]] >= binds[sign]:
                if not apply(waiting.pop()):
                    return None
            waiting.append(sign)
            operand = True
    while waiting:
        if not apply(waiting.pop()):
            return None
    return output[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the formula ends"),
        ("z[i", r"expected '\]'"),
        ("(c", r"expected '\)'"),
        ("c)", "nothing is open"),
        ("c +", "the formula ends"),
        ("c c", "an operator is missing"),
        ("2c", r"write 2\*c"),
        ("z", r"z has 1 axis \(n\): write z\[i\]"),
        ("c[i]", "c has no axes, found 1 indices"),
        ("z[i, j]", r"z has 1 axis \(n\), found 2"),
        ("z[i][j]", "one pair of brackets"),
        ("z[0]", "expected an index"),
        ("z(i)", "not a function"),
        ("foo(c)", "not a function"),
        ("softmax", "unknown name 'softmax'"),
        ("zz[i]", "unknown array 'zz'; did you mean 'z'"),
        ("i", "i is an index and cannot be used as a number"),
        ("i + 1", "i is an index and cannot be used as a number"),
        ("n[i]", "n is a dimension and takes no indices"),
        ("i[j]", "i is an index and takes no indices"),
        ("z[q]", "index 'q' is not known"),
        ("z[n]", "n is a dimension, an index was expected"),
        ("z[d]", "z has axis n here, but index d runs over D"),
        ("W1[d, i]", "W1 has axis n here, but index d runs over D"),
        ("delta(i, d)", "delta compares i over n with d over D"),
        ("sum(z[k] for k in n) + z[k]", "index 'k' is not known here"),
        ("sum(k for k in n)", "k is an index and cannot be used as a number"),
        ("sum(n for n in n)", "n is an index and cannot be used as a number"),
        ("sum(z[k] for k in n for d in k)", "k is an index here, not a dimension"),
        ("sum(z[i] for i in D)", "z has axis n here, but index i runs over D"),
        ("sum(z[k] for k in m)", "unknown dimension 'm'"),
        ("sum(z[k] for k in range(n))", "a sum runs over a whole dimension"),
        ("sum(c)", "a sum names its index"),
        ("sum(c for in n)", "expected an index after 'for'"),
        ("c for k in n", r"'for' belongs inside sum"),
        ("diff(c)", "the element to differentiate by"),
        ("diff(c, s[i])", "s is a definition"),
        ("diff(c, 2)", "expected an array element"),
        ("diff(c, c, c, c, c, c)", "derivatives of order 5"),
        ("exp(c, c)", "exp takes one argument"),
        ("exp c", r"expected '\(' after 'exp'"),
        ("exp", r"expected '\('"),
        ("c**c", r"use exp\(y\*log\(x\)\)"),
        ("2**n", r"use exp\(y\*log\(x\)\)"),
        ("c**1000", "up to 64"),
        ("c**(1/65)", "up to 64"),
        ("9**9**9**9", "exponent"),
        ("1/0", "division by zero"),
        ("c/0", "division by zero"),
        ("0**-1", "division by zero"),
        ("c = c", "an equation"),
        ("c == c", "conditions on indices belong in `where`"),
        ("c < 1", "comparisons"),
        ("c.real", "attributes"),
        ("'c'", "text in quotes"),
        ('"c"', "text in quotes"),
        ("c^2", r"powers are written \*\*"),
        ("c − 1", "minus sign of the keyboard"),
        ("c·c", r"products are written \*"),
        ("c²", "unexpected"),
        ("ζ", "unexpected"),
        ("١", "unexpected"),
        ("c; c", "unexpected ';'"),
        ("c\x00", "unexpected"),
        ("{c}", "unexpected"),
        ("c := 1", "unexpected ':'"),
        ("c @ c", "unexpected '@'"),
        ("c // c", "expected a number"),
        ("__import__('os')", "two underscores"),
        ("c.__class__", "attributes"),
        ("lambda x: x", "'lambda' is not part"),
        ("c if c else c", "'if' is not part"),
        ("not c", "'not' is not part"),
        ("[z[k] for k in n]", "expected a number"),
        ("c and c", "comparisons"),
        ("a" * 41, "41 letters"),
        ("9" * (MAX_DIGITS + 1), "too long"),
        ("1e101", "too long"),
        ("1e99999999999", "too long"),
    ],
)
def test_what_is_not_in_the_language_is_refused_with_the_fix(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        expression(text, NAMES)


def test_messages_point_at_the_place() -> None:
    with pytest.raises(InputError) as error:
        expression("c +\n  z[q]", NAMES)
    assert str(error.value).startswith("line 2, column 5: ")
    assert str(error.value).endswith("\n      z[q]\n        ^")


@pytest.mark.parametrize("opening", ["(", "exp(", "-(", "c**(", "sum(", "diff(", "z[", "-", "c*(c+"])
def test_nesting_and_length_are_bounded(opening: str) -> None:
    with pytest.raises(InputError):
        expression(opening * 3000, NAMES)
    with pytest.raises(InputError, match="characters"):
        expression(opening * (MAX_CHARACTERS + 1), NAMES)


def test_long_flat_formulas_and_allowed_depth_are_read() -> None:
    flat = expression("c" + "+c" * 4000, NAMES)
    assert isinstance(flat, Add)
    assert len(flat.terms) == 4001
    assert expression("(" * (MAX_DEPTH - 1) + "c" + ")" * (MAX_DEPTH - 1), NAMES) == C


ALPHABET = [*"ijknczsWL0129.+-*/()[],= \n", "**", "sum(", " for k in n", "diff(", "delta(", "exp(", "z[i]", "é", "__"]


@given(st.lists(st.sampled_from(ALPHABET), max_size=40).map("".join) | st.text(max_size=60))
def test_random_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    for read in (lambda t: read_chain(t, NAMES), parse_element, lambda t: read_where(t, NAMES.indices)):
        try:
            read(text)
        except InputError as error:
            assert str(error)  # noqa: PT017


def test_chains_have_as_many_sides_as_written() -> None:
    assert read_chain("c = z[i] = 1", NAMES) == (C, Z, num("1"))
    assert read_chain("= c", NAMES) == (C,)


def test_an_index_hides_a_scalar_of_its_name_inside_its_sum() -> None:
    names = Names(arrays={"z": ("n",), "k": ()}, dims=frozenset({"n"}))
    assert expression("k*sum(z[k] for k in n)", names) == Mul((Element("k"), Sum(K, ZK)))
    with pytest.raises(InputError, match="k is an index"):
        expression("sum(k*z[k] for k in n)", names)


def test_conditions_are_read() -> None:
    assert read_where("i == j", NAMES.indices) == (Where("i", "j", True),)
    assert read_where("  ", NAMES.indices) == ()
    assert parse_conditions("i==j and i!=k") == (("i", True, "j"), ("i", False, "k"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("i == q", "unknown index 'q'"),
        ("i == d", "only indices of one dimension"),
        ("i = j", "expected == or !="),
        ("i == j or i == i", "'or' is not part"),
        ("i == j i == i", "joined by 'and'"),
        ("i == 1", "expected an index"),
        ("i == j and i != j", "no indices satisfy"),
        ("i != i", "no indices satisfy"),
        ("i", "expected == or !="),
    ],
)
def test_wrong_conditions_are_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_where(text, NAMES.indices)


def test_constants_are_folded_exactly_and_only_when_small() -> None:
    assert constant(parse_chain("1/3 + 2**-1")[0]) == Fraction(5, 6)
    assert constant(Element("c")) is None
    assert constant(Pow(num("100"), Fraction(64))) is None
