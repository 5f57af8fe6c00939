"""The grammar of formulas: text to index terms whose names have not been looked up yet.

Guarantee: the text is only ever compared with the grammar below, never evaluated; its length, nesting, names and
numbers are bounded; whatever is wrong with it raises `InputError`, which shows the place and the fix.

    chain   = ["="] sum {"=" sum}
    sum     = product {("+" | "-") product}
    product = unary {("*" | "/") unary}
    unary   = ("-" | "+") unary | power
    power   = atom ["**" unary]                 the exponent is a rational constant
    atom    = number | "pi" | "(" sum ")" | name ["[" name {"," name} "]"] | function "(" sum ")"
            | "sum" "(" sum "for" name "in" name {"for" name "in" name} ")"
            | "diff" "(" sum {"," name ["[" ... "]"]} ")" | "delta" "(" name "," name ")"
    where   = name ("==" | "!=") name {"and" name ("==" | "!=") name}

A quotient of two numbers is one number, so that ``1/2`` is an exact half; other quotients are powers ``x**(-1)``.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from fractions import Fraction

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
    Sum,
    Term,
    children,
)

MAX_CHARACTERS = 10_000
MAX_DEPTH = 100
MAX_DIGITS = 100
MAX_TEN = 100
MAX_QUOTIENT = 1_000  # characters of a quotient of numbers that is still folded into one number
MAX_EXPONENT = 64
MAX_NAME = 40
RESERVED = frozenset((*FUNCTIONS, "sum", "diff", "delta", "pi", *keyword.kwlist))

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|==|!=|[-+*/(),=\[\]])"
)
_HINTS = {
    "^": "powers are written **",
    ".": "attributes are not part of this language",
    "'": "text in quotes is not part of this language",
    '"': "text in quotes is not part of this language",
    "<": "comparisons are not part of this language",
    ">": "comparisons are not part of this language",
    "−": "use the minus sign of the keyboard, -",
    "·": "products are written *",
    "×": "products are written *",
    "∂": "derivatives are written diff(f, z[j])",
    "∑": "sums are written sum(x[k] for k in n)",
}


class InputError(ValueError):
    """Something a user wrote cannot be read; the message names the place, what was expected and the fix.

    `about` is the path of the declaration or entry at fault, if the text came with one.
    """

    def __init__(self, message: str, about: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.about = about


class Word(str):
    """A name that remembers where in the text it was written."""

    __slots__ = ("at",)
    at: int

    def __new__(cls, name: str, at: int) -> Word:
        word = super().__new__(cls, name)
        word.at = at
        return word


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sign, and where it begins; the last token of a text is empty."""

    kind: str
    text: str
    at: int


def fault(text: str, at: int, message: str) -> InputError:
    """An error that shows the line and column of `at`, with a mark under the place."""
    start = text.rfind("\n", 0, at) + 1
    line = text[start:].split("\n", 1)[0]
    column, row = at - start, text.count("\n", 0, at) + 1
    left = max(0, column - 40)
    shown = line[left : left + 80].replace("\t", " ")
    place = f"column {column + 1}" if "\n" not in text.strip() else f"line {row}, column {column + 1}"
    return InputError(f"{place}: {message}\n    {shown}\n    {' ' * (column - left)}^")


def tokens(text: str) -> list[Token]:
    """The tokens of `text`, ending with an empty one."""
    if len(text) > MAX_CHARACTERS:
        raise InputError(f"the formula has {len(text)} characters; at most {MAX_CHARACTERS} are read: split it up")
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            hint = _HINTS.get(text[at], "formulas consist of names, numbers and + - * / ** ( ) [ ] ,")
            raise fault(text, at, f"unexpected {text[at]!a}: {hint}")
        if match.lastgroup == "name":
            _check_name(text, match.group(), at)
        if match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match.group(), at))
        at = match.end()
    return [*found, Token("end", "", len(text))]


def _check_name(text: str, name: str, at: int) -> None:
    if len(name) > MAX_NAME:
        raise fault(text, at, f"a name of {len(name)} letters; at most {MAX_NAME} are read")
    if name.startswith("__"):
        raise fault(text, at, f"{name!r}: names do not begin with two underscores")
    if keyword.iskeyword(name) and name not in ("for", "in", "and"):
        raise fault(text, at, f"{name!r} is not part of this language; choose another name")


def number(text: str, literal: str, at: int) -> Fraction:
    """The exact value of a decimal literal."""
    mantissa, _, ten = literal.lower().partition("e")
    if len(mantissa) > MAX_DIGITS or len(ten) > 4 or abs(int(ten or 0)) > MAX_TEN:
        raise fault(text, at, f"this number is too long; at most {MAX_DIGITS} digits and exponents up to {MAX_TEN}")
    return Fraction(literal)


class Parser:
    """Recursive descent over one text; the one thing that changes is the place reached."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.place = 0
        self.depth = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def fail(self, message: str, token: Token | None = None) -> InputError:
        return fault(self.text, (token or self.next).at, message)

    def take(self) -> Token:
        token = self.next
        self.place += 1
        return token

    def accept(self, *texts: str) -> Token | None:
        return self.take() if self.next.text in texts and self.next.kind != "end" else None

    def expect(self, text: str, where: str) -> Token:
        token = self.accept(text)
        if token is None:
            got = f"{self.next.text!r}" if self.next.text else "the end"
            raise self.fail(f"expected {text!r} {where}, found {got}")
        return token

    def name(self, wanted: str) -> Word:
        token = self.next
        if token.kind != "name" or token.text in RESERVED:
            got = f"{token.text!r}" if token.text else "the end"
            raise self.fail(f"expected {wanted}, found {got}")
        self.take()
        return Word(token.text, token.at)

    def finish(self) -> None:
        token = self.next
        if token.kind == "end":
            return
        if token.text == "=":
            raise self.fail("one side of an equation was expected here, not an equation")
        if token.text in ("==", "!=", "and"):
            raise self.fail("comparisons are not part of a formula; conditions on indices belong in `where`")
        if token.text == "for":
            raise self.fail("'for' belongs inside sum( ... for k in n)")
        if token.text in (")", "]", ","):
            raise self.fail(f"unexpected {token.text!r}: nothing is open here")
        raise self.fail(f"an operator is missing before {token.text!r}; products are written with *")

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(f"nested more than {MAX_DEPTH} deep: name parts of it with definitions")

    def sum(self) -> Term:
        self.deeper()
        terms = [self.product(negative=False)]
        while sign := self.accept("+", "-"):
            terms.append(self.product(negative=sign.text == "-"))
        self.depth -= 1
        return terms[0] if len(terms) == 1 else Add(tuple(terms))

    def product(self, *, negative: bool) -> Term:
        if not negative and self.accept("-"):
            negative = True
        factors = [self.unary()]
        if negative:
            factors = [Num(-factors[0].value)] if isinstance(factors[0], Num) else [Num(Fraction(-1)), *factors]
        while sign := self.accept("*", "/"):
            factor = self.unary()
            if sign.text == "*":
                factors.append(factor)
                continue
            head = factors[0]
            if factor == Num(Fraction(0)):
                raise self.fail("division by zero", sign)
            short = isinstance(head, Num) and len(str(head.value)) < MAX_QUOTIENT
            if len(factors) == 1 and short and isinstance(head, Num) and isinstance(factor, Num):
                factors = [Num(head.value / factor.value)]
            elif len(factors) == 1 and head == Num(Fraction(1)):
                factors = [Pow(factor, Fraction(-1))]
            else:
                factors.append(Pow(factor, Fraction(-1)))
        return factors[0] if len(factors) == 1 else Mul(tuple(factors))

    def unary(self) -> Term:
        sign = self.accept("-", "+")
        if sign is None:
            return self.power()
        self.deeper()
        operand = self.unary()
        self.depth -= 1
        if sign.text == "+":
            return operand
        return Num(-operand.value) if isinstance(operand, Num) else Mul((Num(Fraction(-1)), operand))

    def power(self) -> Term:
        base = self.atom()
        sign = self.accept("**")
        if sign is None:
            return base
        self.deeper()
        exponent = constant(self.unary())
        self.depth -= 1
        if exponent is None:
            raise self.fail("an exponent must be a rational number such as 2, -1 or (1/2); use exp(y*log(x))", sign)
        if max(abs(exponent.numerator), exponent.denominator) > MAX_EXPONENT:
            raise self.fail(f"exponents have numerator and denominator up to {MAX_EXPONENT}", sign)
        if base == Num(Fraction(0)) and exponent < 0:
            raise self.fail("division by zero", sign)
        return Pow(base, exponent)

    def atom(self) -> Term:
        token = self.take()
        if token.kind == "number":
            if self.next.kind == "name" and self.next.at == token.at + len(token.text):
                raise self.fail(f"write {token.text}*{self.next.text} for a product")
            return Num(number(self.text, token.text, token.at))
        if token.text == "(":
            inner = self.sum()
            self.expect(")", "to close the parenthesis")
            return inner
        if token.text == "pi":
            return Pi()
        if token.text in ("sum", "diff", "delta", *FUNCTIONS):
            self.expect("(", f"after {token.text!r}")
            return self.call(token)
        if token.kind == "name" and token.text not in RESERVED:
            return self.element(Word(token.text, token.at))
        if token.kind == "end":
            raise self.fail("the formula ends where a number, a name or '(' was expected", token)
        raise self.fail(f"expected a number, a name or '(', found {token.text!r}", token)

    def element(self, name: Word) -> Element:
        if self.next.text == "(":
            known = ", ".join(FUNCTIONS)
            raise self.fail(f"{str(name)!r} is not a function; functions are {known}; array elements are written z[i]")
        if not self.accept("["):
            return Element(name)
        indices = [self.name("an index, as in z[i]")]
        while self.accept(","):
            indices.append(self.name("an index, as in W[d, h]"))
        self.expect("]", f"after the indices of {name}")
        if self.next.text == "[":
            raise self.fail(f"write {name}[{', '.join(indices)}, ...] with one pair of brackets")
        return Element(name, tuple(indices))

    def call(self, function: Token) -> Term:
        if function.text == "delta":
            left = self.name("an index, as in delta(i, j)")
            self.expect(",", "between the two indices of delta")
            right = self.name("an index, as in delta(i, j)")
            self.expect(")", "to close delta(")
            return Delta(left, right)
        body = self.sum()
        if function.text == "sum":
            body = self.loops(body, function)
        elif function.text == "diff":
            while self.next.text == "," or not isinstance(body, Diff):
                self.expect(",", "and the element to differentiate by: diff(f, z[j])")
                body = Diff(body, self.element(self.name("an array element, as in diff(f, z[j])")))
        else:
            if self.next.text == ",":
                raise self.fail(f"{function.text} takes one argument")
            body = Fn(function.text, body)
        self.expect(")", f"to close {function.text}(")
        return body

    def loops(self, body: Term, opened: Token) -> Term:
        if self.next.text != "for":
            raise self.fail("a sum names its index: sum(x[k] for k in n)", opened)
        found: list[Index] = []
        while self.accept("for"):
            index = self.name("an index after 'for'")
            self.expect("in", "after the index: for k in n")
            dim = self.name("a dimension after 'in', as in for k in n")
            if self.next.text == "(":
                raise self.fail("a sum runs over a whole dimension: write for k in n")
            found.append(Index(index, dim))
        for index_ in reversed(found):
            body = Sum(index_, body)
        return body


def constant(t: Term) -> Fraction | None:
    """The rational value of a small constant expression, None for anything else."""
    match t:
        case Num(value):
            return value
        case Pow(Num(value), exponent) if exponent.denominator == 1 and (value or exponent > 0):
            return value**exponent.numerator if max(abs(value.numerator), value.denominator) < 100 else None
        case Add(terms) | Mul(terms):
            total = Fraction(int(isinstance(t, Mul)))
            for part in terms:
                value_ = constant(part)
                if value_ is None or max(abs(total.numerator), total.denominator) > 10**MAX_DIGITS:
                    return None
                total = total * value_ if isinstance(t, Mul) else total + value_
            return total
        case _:
            return None


def depth(t: Term) -> int:
    """How many terms are nested inside one another."""
    return 1 + max((depth(child) for child in children(t)), default=0)


def parse_chain(text: str) -> tuple[Term, ...]:
    """The sides of an equation or chain of equations (one side if there is no ``=``); names are `Word`s.

    Raises InputError.
    """
    parser = Parser(text)
    parser.accept("=")
    sides = [parser.sum()]
    while parser.accept("="):
        sides.append(parser.sum())
    parser.finish()
    if max(depth(side) for side in sides) > MAX_DEPTH:
        raise InputError(f"nested more than {MAX_DEPTH} deep: name parts of it with definitions")
    return tuple(sides)


def parse_element(text: str) -> Element:
    """One name with its indices, as at the head of a definition; names are `Word`s. Raises InputError."""
    parser = Parser(text)
    found = parser.element(parser.name("a name, as in s[i]"))
    parser.finish()
    return found


def parse_conditions(text: str) -> tuple[tuple[Word, bool, Word], ...]:
    """``i == j and i != k`` as (left, equal, right); names are `Word`s. Raises InputError."""
    parser = Parser(text)
    found: list[tuple[Word, bool, Word]] = []
    while not found or parser.accept("and"):
        left = parser.name("an index, as in i == j")
        sign = parser.accept("==", "!=")
        if sign is None:
            raise parser.fail("expected == or != between two indices")
        found.append((left, sign.text == "==", parser.name("an index, as in i == j")))
    if parser.next.kind != "end":
        raise parser.fail("conditions are joined by 'and', as in i == j and i != k")
    return tuple(found)
