"""Formulas as people type them, read as index terms: every name looked up, every index held to its dimension.

The grammar is in `proofs.calculus.syntax`. What a name means is decided here, as Python would: an index bound by a sum
hides outer names, exists only inside that sum, and its dimension is looked up outside of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from proofs.calculus.syntax import (
    RESERVED,
    InputError,
    Word,
    fault,
    parse_chain,
    parse_conditions,
    parse_element,
)
from proofs.calculus.terms import (
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
    children,
)

__all__ = [
    "InputError",
    "Names",
    "elements",
    "expression",
    "head",
    "index_uses",
    "nearest",
    "read_chain",
    "read_where",
    "resolve",
]

MAX_DERIVATIVES = 4


@dataclass(frozen=True, slots=True)
class Names:
    """What the names of a formula stand for: free indices with their dimension, arrays and definitions with the
    dimension of each axis, and the dimensions themselves."""

    indices: Mapping[str, str] = field(default_factory=dict)
    arrays: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    definitions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dims: frozenset[str] = frozenset()

    def axes(self, name: str) -> tuple[str, ...] | None:
        """The dimensions of an array or a definition, None for any other name."""
        return self.arrays.get(name, self.definitions.get(name))

    def every(self) -> list[str]:
        """Every name that a formula may use, for suggestions."""
        return [*self.arrays, *self.definitions, *self.indices, *sorted(self.dims), *sorted(RESERVED)]


def expression(text: str, names: Names) -> Term:
    """One formula. Raises InputError, also when it is an equation."""
    sides = read_chain(text, names)
    if len(sides) > 1:
        raise InputError(f"one side of an equation was expected, found an equation: {text.strip()[:80]}")
    return sides[0]


def read_chain(text: str, names: Names) -> tuple[Term, ...]:
    """The sides of ``a = b = c``, one side if there is no ``=``. Raises InputError."""
    return tuple(resolve(side, text, names, names.indices) for side in parse_chain(text))


def read_where(text: str, indices: Mapping[str, str]) -> tuple[Where, ...]:
    """``i == j and i != k`` between the free `indices`; the empty text is no condition.

    Raises InputError for unknown indices, indices over different dimensions, and conditions nothing satisfies.
    """
    if not text.strip():
        return ()
    found = []
    for left, equal, right in parse_conditions(text):
        for word in (left, right):
            if word not in indices:
                raise fault(text, word.at, f"unknown index {str(word)!r} in a condition{nearest(word, list(indices))}")
        if indices[left] != indices[right]:
            raise fault(
                text,
                left.at,
                f"{left} runs over {indices[left]} and {right} over {indices[right]}: only indices of one dimension"
                " can be compared",
            )
        found.append(Where(str(left), str(right), equal))
    _refuse_contradiction(text, tuple(found))
    return tuple(found)


def _refuse_contradiction(text: str, conditions: tuple[Where, ...]) -> None:
    same = {name: name for c in conditions for name in (c.left, c.right)}

    def root(name: str) -> str:
        while same[name] != name:
            name = same[name]
        return name

    for condition in conditions:
        if condition.equal:
            same[root(condition.left)] = root(condition.right)
    for condition in conditions:
        if not condition.equal and root(condition.left) == root(condition.right):
            raise InputError(f"no indices satisfy {text.strip()!r}: {condition} contradicts the rest")


def resolve(t: Term, text: str, names: Names, scope: Mapping[str, str]) -> Term:
    """A parsed term with its names looked up; `scope` gives the dimension of every index that may be used."""
    match t:
        case Element(Word() as word, ()):
            return _bare(word, text, names, scope)
        case Element(Word() as word, _):
            return _element(t, word, text, names, scope)
        case Delta(left, right):
            dims = [_dimension(index, text, names, scope) for index in (left, right)]
            if dims[0] != dims[1]:
                message = f"delta compares {left} over {dims[0]} with {right} over {dims[1]}; use one dimension"
                raise fault(text, _at(left), message)
            return Delta(str(left), str(right))
        case Sum(index, body):
            if index.dim in scope:
                raise fault(text, _at(index.dim), f"{index.dim} is an index here, not a dimension to sum over")
            if index.dim not in names.dims:
                hint = nearest(index.dim, sorted(names.dims))
                raise fault(text, _at(index.dim), f"unknown dimension {str(index.dim)!r}{hint}")
            inner = resolve(body, text, names, {**scope, str(index.name): str(index.dim)})
            return Sum(Index(str(index.name), str(index.dim)), inner)
        case Add(terms):
            return Add(tuple(resolve(x, text, names, scope) for x in terms))
        case Mul(factors):
            return Mul(tuple(resolve(x, text, names, scope) for x in factors))
        case Pow(base, exponent):
            return Pow(resolve(base, text, names, scope), exponent)
        case Fn(name, argument):
            return Fn(name, resolve(argument, text, names, scope))
        case Diff(body, by):
            return _derivative(body, by, text, names, scope)
        case Num() | Pi() | Size() | Element():
            return t


def _bare(word: Word, text: str, names: Names, scope: Mapping[str, str]) -> Term:
    """A name without indices: a scalar, or a dimension used as a number."""
    if word in scope:
        raise fault(text, word.at, f"{word} is an index and cannot be used as a number; write delta or z[{word}]")
    axes = names.axes(word)
    if axes == ():
        return Element(str(word))
    if axes is not None:
        raise fault(text, word.at, f"{word} has {_axes(axes)}: write {word}[{', '.join(_letters(axes))}]")
    if word in names.dims:
        return Size(str(word))
    if word in names.indices:
        raise fault(text, word.at, f"{word} is an index and cannot be used as a number here")
    raise fault(text, word.at, f"unknown name {str(word)!r}{nearest(word, names.every())}")


def _element(t: Element, word: Word, text: str, names: Names, scope: Mapping[str, str]) -> Element:
    axes = names.axes(word)
    if axes is None:
        what = "a dimension" if word in names.dims else "an index" if word in scope else ""
        if what:
            raise fault(text, word.at, f"{word} is {what} and takes no indices")
        hint = nearest(word, [*names.arrays, *names.definitions])
        raise fault(text, word.at, f"unknown array {str(word)!r}{hint}")
    if len(axes) != len(t.indices):
        raise fault(text, word.at, f"{word} has {_axes(axes)}, found {len(t.indices)} indices")
    for index, axis in zip(t.indices, axes, strict=True):
        dim = _dimension(index, text, names, scope)
        if dim != axis:
            message = f"{word} has axis {axis} here, but index {index} runs over {dim}; use an index over {axis}"
            raise fault(text, _at(index), message)
    return Element(str(word), tuple(str(index) for index in t.indices))


def _derivative(body: Term, by: Element, text: str, names: Names, scope: Mapping[str, str]) -> Term:
    if by.name not in names.arrays:
        what = "a definition" if by.name in names.definitions else "not an array"
        hint = nearest(by.name, list(names.arrays))
        raise fault(text, _at(by.name), f"{by.name} is {what}; diff differentiates by an element of an array{hint}")
    element = resolve(by, text, names, scope)
    inner = resolve(body, text, names, scope)
    order, nested = 1, inner
    while isinstance(nested, Diff):
        order, nested = order + 1, nested.body
    if order > MAX_DERIVATIVES:
        raise fault(text, _at(by.name), f"derivatives of order {order}; at most {MAX_DERIVATIVES} are settled")
    assert isinstance(element, Element)
    return Diff(inner, element)


def _dimension(index: str, text: str, names: Names, scope: Mapping[str, str]) -> str:
    if index in scope:
        return scope[index]
    kind = "a dimension" if index in names.dims else "an array" if index in names.arrays else ""
    if index in names.indices or not kind:
        where = "is not known here; an index is declared under indices, or bound by sum(... for k in n)"
        raise fault(text, _at(index), f"index {str(index)!r} {where}{nearest(index, list(scope))}")
    raise fault(text, _at(index), f"{index} is {kind}, an index was expected")


def index_uses(t: Term, names: Names, bound: Mapping[str, str] | None = None) -> Iterator[tuple[str, str | None]]:
    """Every use of an unbound index in a term, with the dimension that the use shows, None if it shows none."""
    inside = bound or {}
    match t:
        case Element(name, indices):
            axes = names.axes(name) or ()
            for place, index in enumerate(indices):
                if index not in inside:
                    yield str(index), axes[place] if place < len(axes) else None
        case Delta(left, right):
            for index, other in ((left, right), (right, left)):
                if index not in inside:
                    yield str(index), inside.get(other, names.indices.get(other))
        case Sum(index_, body):
            yield from index_uses(body, names, {**inside, str(index_.name): str(index_.dim)})
        case _:
            for child in children(t):
                yield from index_uses(child, names, inside)


def elements(t: Term) -> Iterator[str]:
    """The name of every element in a term, resolved or only parsed (there, sizes too are elements without indices)."""
    if isinstance(t, Element):
        yield str(t.name)
    for child in children(t):
        yield from elements(child)


def head(text: str) -> tuple[str, tuple[str, ...]]:
    """The name and indices of a definition's head such as ``s[i]``. Raises InputError."""
    if "(" in text:
        raise InputError(f"{text.strip()!r:.60}: indices stand in [ ]; a definition takes no arguments, leave them out")
    found = parse_element(text)
    if len(set(found.indices)) < len(found.indices):
        raise InputError(f"the indices of {text.strip()!r} must have different names")
    return str(found.name), tuple(str(index) for index in found.indices)


def _at(name: str) -> int:
    return name.at if isinstance(name, Word) else 0


def _axes(axes: tuple[str, ...]) -> str:
    if not axes:
        return "no axes"
    return f"{len(axes)} {'axis' if len(axes) == 1 else 'axes'} ({', '.join(axes)})"


def _letters(axes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("ijkl"[place % 4] for place in range(len(axes)))


def nearest(name: str, known: list[str]) -> str:
    """A hint naming what was probably meant."""
    close = get_close_matches(str(name), [*known], n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known: {', '.join(known[:12])}" if 0 < len(known) <= 12 else ""
