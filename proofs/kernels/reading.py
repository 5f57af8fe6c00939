"""Exported Coq text read back as the statement it makes: the printer's opposite, and no code of the printer's.

Grammar, with every compound in parentheses (words carry their kind: ``d_`` size, ``a_`` array, ``i_`` index, ``f_``
definition, ``t1`` the variable of a derivative):

    definition = "Definition" f {"(" word ":" type ")"} ":" "R" ":=" term "."
    theorem    = "Theorem" name ":" ["forall" {"(" word ":" type ")"} ","] {hypothesis "->"} conclusion "."
    hypothesis = "(" number "<=" d ")" "%nat" | "(" i "<" d ")" "%nat" | "(" i ("=" | "<>") i ")" | "(" domain {d} a ")"
    conclusion = main | "(" exists {"/\\" exists} "/\\" main ")"
    exists     = "(" "forall" "(" i ":" "nat" ")" "," "(" i "<" d ")" "%nat" "->" exists ")"
               | "(" "forall" "(" t ":" "R" ")" "," exists ")" | "(" "ex_derive" function element ")"
    main       = "(" "is_derive" function element term ")" | "(" term "=" term ")"
    function   = "(" "fun" t "=>" term ")"

What an array is updated to is kept beside the text and compared with it at every use. Coq arrays are functions on all
numbers, so that the dimensions of an array's axes are not in the text, only how many there are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from proofs.calculus.terms import Add, Delta, Diff, Element, Fn, Index, Mul, Num, Pi, Pow, Size, Sum, Term, Where

Tree = str | list["Tree"]
_TOKEN = re.compile(r"\s+|(?P<word>[A-Za-z_][A-Za-z0-9_]*|[0-9]+|/\\|->|=>|:=|<=|<>|%nat|[-()+*/^=<:,.\[\];])")
_DOMAIN = re.compile("(positive|nonzero|simplex|onehot)[0-3]")
_CALLS = {"exp": "exp", "ln": "log", "tanh": "tanh", "sigmoid": "sigmoid", "softplus": "softplus"}
_CALLS |= {"sin": "sin", "cos": "cos", "Rabs": "abs"}
_TYPES = {"R": 0, **{" -> ".join(["nat"] * axes + ["R"]): axes for axes in (1, 2, 3)}}


class Unreadable(ValueError):
    """The text is not one that an export writes."""


def need(holds: object, message: str) -> None:
    if not holds:
        raise Unreadable(message)


def trees(text: str) -> list[Tree]:
    """The words of one sentence, grouped by parentheses and brackets; a bracket's group begins with ``[``."""
    stack: list[list[Tree]] = [[]]
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise Unreadable(f"unexpected {text[place : place + 20]!r}")
        place, word = match.end(), match["word"]
        if word in ("(", "["):
            stack.append([] if word == "(" else ["["])
        elif word in (")", "]"):
            need(len(stack) > 1, f"{word!r} closes nothing")
            group = stack.pop()
            need((group[:1] == ["["]) == (word == "]"), f"{word!r} closes another bracket")
            stack[-1].append(group)
        elif word:
            stack[-1].append(word)
    need(len(stack) == 1, "a bracket is not closed")
    return stack[0]


@dataclass(frozen=True)
class Read:
    """A statement as read: free indices with their dimension, arrays as (axes, domain with its dimensions)."""

    lhs: Term
    rhs: Term
    indices: tuple[Index, ...]
    arrays: Mapping[str, tuple[int, tuple[str, ...]]]
    definitions: tuple[tuple[str, tuple[str, ...], Term], ...]
    where: tuple[Where, ...]
    least: Mapping[str, int]


@dataclass(frozen=True)
class Scope:
    """What words mean at one place: indices, what each array is there, and the definitions' parameters."""

    indices: frozenset[str]
    arrays: Mapping[str, Tree]
    definitions: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], int]]
    variables: tuple[str, ...] = ()
    around: tuple[tuple[str, ...], ...] = field(default=())

    def index(self, tree: Tree) -> str:
        name = _word(tree, "i_")
        need(name in self.indices, f"the index {name} is not bound here")
        return name

    def element(self, tree: Tree) -> Element:
        """An array element, or the use of a definition on the arrays as they are here."""
        head, rest = (tree, []) if isinstance(tree, str) else (tree[0], tree[1:])
        for name, here in self.arrays.items():
            if head == here and isinstance(tree, str) == (not rest):
                return Element(name, tuple(self.index(x) for x in rest))
        name = _word(head, "f_")
        need(name in self.definitions, f"{name} is neither an array nor a definition here")
        sizes, arrays, axes = self.definitions[name]
        given: list[Tree] = [*(f"d_{size}" for size in sizes), *(self.arrays[array] for array in arrays)]
        need(rest[: len(given)] == given, f"{name} is used on other sizes or arrays than the ones here")
        need(len(rest) == len(given) + axes, f"{name} is used with a wrong number of indices")
        return Element(name, tuple(self.index(x) for x in rest[len(given) :]))

    def summed(self, name: str, dim: str) -> Scope:
        """The scope inside a sum."""
        need(not any(_contains(array, f"i_{name}") for array in self.arrays.values()), f"{name} is captured")
        around = (*self.around, ("index", name, dim))
        return Scope(self.indices | {name}, self.arrays, self.definitions, self.variables, around)

    def varied(self, variable: Tree, by: Element) -> Scope:
        """The scope in which the element `by` is `variable`."""
        need(isinstance(variable, str) and re.fullmatch("t[0-9]+", variable), "expected a variable such as t1")
        need(variable not in self.variables, f"the variable {variable} is used twice")
        indices: list[Tree] = [f"i_{index}" for index in by.indices]
        new: Tree = [f"upd{len(indices)}", self.arrays[by.name], *indices, variable] if indices else variable
        around = (*self.around, ("variable", by.name, *by.indices))
        variables = (*self.variables, str(variable))
        return Scope(self.indices, {**self.arrays, by.name: new}, self.definitions, variables, around)

    def derivative(self, function: Tree, point: Tree) -> tuple[Diff, Scope]:
        """The derivative of ``(fun t => body)`` at an element, and the scope of its body."""
        by = self.element(point)
        need(by.name in self.arrays, "a derivative is by an array element")
        need(isinstance(function, list) and len(function) == 4, "expected (fun t => body)")
        assert isinstance(function, list)
        need(function[0] == "fun" and function[2] == "=>", "expected (fun t => body)")
        inside = self.varied(function[1], by)
        return Diff(inside.term(function[3]), by), inside

    def term(self, tree: Tree) -> Term:
        match tree:
            case "PI":
                return Pi()
            case str() if tree.isdigit():
                return Num(Fraction(int(tree)))
            case ["-", ([str(), "/", str()] | str()) as number]:
                value = self.term(number)
                need(isinstance(value, Num), "expected a number after -")
                assert isinstance(value, Num)
                return Num(-value.value)
            case [str(above), "/", str(below)] if above.isdigit() and below.isdigit() and int(below):
                return Num(Fraction(int(above), int(below)))
            case ["/", base]:
                return Pow(self.term(base), Fraction(-1))
            case ["sqrt", base]:
                return Pow(self.term(base), Fraction(1, 2))
            case ["inv_sqrt", base]:
                return Pow(self.term(base), Fraction(-1, 2))
            case ["inv_pow", base, str(exponent)] if exponent.isdigit():
                return Pow(self.term(base), Fraction(-int(exponent)))
            case [base, "^", str(exponent)] if exponent.isdigit():
                return Pow(self.term(base), Fraction(int(exponent)))
            case ["INR", dim]:
                return Size(_word(dim, "d_"))
            case ["delta", left, right]:
                return Delta(self.index(left), self.index(right))
            case ["sum", dim, ["fun", index, "=>", body]]:
                bound = Index(_word(index, "i_"), _word(dim, "d_"))
                return Sum(bound, self.summed(bound.name, bound.dim).term(body))
            case ["Derive", function, point]:
                return self.derivative(function, point)[0]
            case [str(name), argument] if name in _CALLS:
                return Fn(_CALLS[name], self.term(argument))
            case [first, ("+" | "*") as sign, *_] if set(map(str, tree[1::2])) == {sign} and len(tree) % 2:
                parts = tuple(self.term(part) for part in (first, *tree[2::2]))
                return Add(parts) if sign == "+" else Mul(parts)
            case _:
                return self.element(tree)

    def derivatives(self, t: Term) -> list[tuple[Diff, Scope]]:
        """Every derivative in a term that was read here, the outer one first, with the scope in which it stands."""
        match t:
            case Diff(body, by):
                inside = self.varied(f"t{len(self.variables) + 1}", by)
                return [(t, self), *inside.derivatives(body)]
            case Sum(index, body):
                return self.summed(index.name, index.dim).derivatives(body)
            case Add(parts) | Mul(parts):
                return [found for part in parts for found in self.derivatives(part)]
            case Pow(base, _) | Fn(_, base):
                return self.derivatives(base)
            case _:
                return []


def _word(tree: Tree, kind: str) -> str:
    if not (isinstance(tree, str) and tree.startswith(kind) and len(tree) > len(kind)):
        raise Unreadable(f"expected a word that begins with {kind}, got {str(tree)[:60]}")
    return tree.removeprefix(kind)


def _contains(tree: Tree, word: str) -> bool:
    return tree == word if isinstance(tree, str) else any(_contains(part, word) for part in tree)


def _binders(parts: Sequence[Tree]) -> tuple[list[str], dict[str, int], list[str]]:
    """Sizes, arrays with their number of axes, and indices, in this order."""
    sizes: list[str] = []
    arrays: dict[str, int] = {}
    indices: list[str] = []
    for part in parts:
        need(isinstance(part, list) and len(part) > 2 and part[1] == ":", "expected (word : type)")
        assert isinstance(part, list)
        kind = " ".join(map(str, part[2:]))
        if kind == "nat" and str(part[0]).startswith("d_"):
            need(not arrays and not indices, "sizes come first")
            sizes.append(_word(part[0], "d_"))
        elif kind == "nat":
            indices.append(_word(part[0], "i_"))
        else:
            need(kind in _TYPES and not indices, f"{kind} is not the type of an array, or comes after an index")
            arrays[_word(part[0], "a_")] = _TYPES[kind]
    names = [*(f"d_{x}" for x in sizes), *(f"a_{x}" for x in arrays), *(f"i_{x}" for x in indices)]
    need(len({*names}) == len(names) == len(parts), "a word is bound twice")
    return sizes, arrays, indices


def read(definitions: Sequence[str], theorem: str) -> Read:
    """The statement of a theorem and the definitions before it, as text. Raises Unreadable."""
    known: dict[str, tuple[tuple[str, ...], tuple[str, ...], int]] = {}
    bodies: list[tuple[str, tuple[str, ...], Term]] = []
    kinds: dict[str, int] = {}
    for text in definitions:
        words = trees(text)
        need(len(words) > 6 and words[0] == "Definition" and words[-1] == ".", "expected one Definition")
        need(words[-5:-2] == [":", "R", ":="], "expected : R := before a definition's body")
        sizes, arrays, indices = _binders(words[2:-5])
        name = _word(words[1], "f_")
        need(name not in known, f"{name} is defined twice")
        need(all(kinds.setdefault(a, axes) == axes for a, axes in arrays.items()), f"{name}: an array of two types")
        scope = Scope(frozenset(indices), {a: f"a_{a}" for a in arrays}, dict(known))
        bodies.append((name, tuple(indices), scope.term(words[-2])))
        known[name] = tuple(sizes), tuple(arrays), len(indices)
    words = trees(theorem)
    need(len(words) > 4 and words[0] == "Theorem" and words[2] == ":" and words[-1] == ".", "expected one Theorem")
    body = words[3:-1]
    bound: tuple[list[str], dict[str, int], list[str]] = ([], {}, [])
    if body[0] == "forall":
        need("," in body, "expected a comma after the words that are bound")
        comma = body.index(",")
        bound, body = _binders(body[1:comma]), body[comma + 1 :]
    return _theorem(bound, body, known, bodies, kinds)


def _theorem(
    bound: tuple[list[str], dict[str, int], list[str]],
    body: list[Tree],
    known: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], int]],
    bodies: list[tuple[str, tuple[str, ...], Term]],
    kinds: Mapping[str, int],
) -> Read:
    sizes, arrays, indices = bound
    need(all(arrays.get(a) == axes for a, axes in kinds.items()), "a definition's array is not one of the theorem's")
    least: dict[str, int] = {}
    ranges: dict[str, str] = {}
    domains: dict[str, tuple[str, ...]] = {}
    where: list[Where] = []
    while "->" in body:
        arrow = body.index("->")
        hypothesis, body = body[:arrow], body[arrow + 1 :]
        match hypothesis:
            case [[str(number), "<=", dim], "%nat"] if number.isdigit() and _word(dim, "d_") not in least:
                least[_word(dim, "d_")] = int(number)
            case [[index, "<", dim], "%nat"] if _word(index, "i_") not in ranges:
                ranges[_word(index, "i_")] = _word(dim, "d_")
            case [[left, ("=" | "<>") as sign, right]]:
                where.append(Where(_word(left, "i_"), _word(right, "i_"), sign == "="))
            case [[str(domain), *dims, array]] if _DOMAIN.fullmatch(domain) and _word(array, "a_") not in domains:
                need(
                    len(dims) == int(domain[-1]) == arrays.get(_word(array, "a_")), f"{domain}: another number of axes"
                )
                domains[_word(array, "a_")] = (domain[:-1], *(_word(dim, "d_") for dim in dims))
            case _:
                raise Unreadable(f"not a hypothesis: {str(hypothesis)[:80]}")
    need([*least] == sizes, "a size without its least value, or out of order")
    need([*ranges] == indices and {*ranges.values()} <= {*sizes}, "an index without its range, or out of order")
    scope = Scope(frozenset(indices), {a: f"a_{a}" for a in arrays}, known)
    need(len(body) == 1 and isinstance(body[0], list), "expected one conclusion")
    conclusion = body[0]
    assert isinstance(conclusion, list)
    joined = "/\\" in conclusion
    need(not joined or {*map(str, conclusion[1::2])} == {"/\\"}, "expected propositions joined by /\\")
    *existing, main = conclusion[::2] if joined else [conclusion]
    lhs, rhs, expected = _main(scope, main)
    need(len(existing) == len(expected), f"{len(expected)} derivatives to exist, {len(existing)} are said to")
    for tree, (derivative, place) in zip(existing, expected, strict=True):
        need(_exists(tree, place.around, scope) == derivative, "another derivative is said to exist")
    listed = tuple(Index(i, ranges[i]) for i in indices)
    shown = {a: (axes, domains.get(a, ("real",))) for a, axes in arrays.items()}
    return Read(lhs, rhs, listed, shown, tuple(bodies), tuple(where), least)


def _main(scope: Scope, main: Tree) -> tuple[Term, Term, list[tuple[Diff, Scope]]]:
    """Both sides, and the derivatives in them that have to exist besides that on the left."""
    match main:
        case ["is_derive", function, point, right]:
            lhs, inside = scope.derivative(function, point)
            rhs = scope.term(right)
            return lhs, rhs, [*inside.derivatives(lhs.body), *scope.derivatives(rhs)]
        case [left, "=", right]:
            sides = scope.term(left), scope.term(right)
            need(not isinstance(sides[0], Diff), "a derivative on the left is stated with is_derive")
            return *sides, [found for side in sides for found in scope.derivatives(side)]
    raise Unreadable("expected (is_derive ...) or (... = ...)")


def _exists(tree: Tree, around: Sequence[tuple[str, ...]], scope: Scope) -> Diff:
    """The derivative that is said to exist, for all indices and variables `around` it."""
    for kind, name, *rest in around:
        match tree:
            case ["forall", [index, ":", "nat"], ",", [again, "<", dim], "%nat", "->", inner] if kind == "index":
                need(index == again == f"i_{name}" and dim == f"d_{rest[0]}", "another index than in the conclusion")
                scope, tree = scope.summed(name, rest[0]), inner
            case ["forall", [variable, ":", "R"], ",", inner] if kind == "variable":
                scope, tree = scope.varied(variable, Element(name, tuple(rest))), inner
            case _:
                raise Unreadable("expected existence for all indices and variables around a derivative")
    match tree:
        case ["ex_derive", function, point]:
            return scope.derivative(function, point)[0]
    raise Unreadable("expected (ex_derive ...)")
