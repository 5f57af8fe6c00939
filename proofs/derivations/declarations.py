"""What a derivation talks about: indices, arrays, definitions and domains, checked once and read into terms.

Definitions may use one another in any order and are sorted so that each comes after what it uses. An index in a
definition's head has the dimension declared for it, or else the one its use in the body shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from proofs.calculus.syntax import RESERVED, InputError, parse_chain
from proofs.calculus.terms import (
    DOMAINS,
    Array,
    Definition,
    Element,
    Index,
    Size,
    Statement,
    Sum,
    Term,
    Where,
    children,
)
from proofs.calculus.text import Names, elements, expression, head, index_uses, nearest
from proofs.derivations.shown import shown

MAX_NAMES = 200
MAX_AXES = 8
MAX_EXPANDED = 20_000
MAX_LEAST = 8
_LEAST = re.compile(r"\s*integer\s*(?:>=\s*([0-9]{1,6})\s*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Declarations:
    """The names of a derivation with their meaning; build it with `declare`."""

    names: Names
    arrays: tuple[Array, ...]
    definitions: tuple[Definition, ...]
    least: Mapping[str, int]


def declare(
    indices: Mapping[str, str],
    arrays: Mapping[str, Sequence[str]],
    definitions: Mapping[str, str],
    domains: Mapping[str, str],
) -> Declarations:
    """Check and read the declarations; `proofs.settle` says what they look like.

    Raises InputError for whatever cannot be read; its `about` holds the table and the key at fault.
    """
    for table, entries in (
        ("indices", indices),
        ("arrays", arrays),
        ("definitions", definitions),
        ("domains", domains),
    ):
        _check_table(table, entries)
    free = {_name(i, "indices", i): _name(dim, "indices", i) for i, dim in indices.items()}
    axes = {_name(a, "arrays", a): _axes(a, dims) for a, dims in arrays.items()}
    least = {key: _least(key, text) for key, text in domains.items() if key not in axes and _LEAST.fullmatch(text)}
    dims = frozenset((*free.values(), *(dim for each in axes.values() for dim in each), *least))
    names = Names(free, axes, {}, dims)
    _refuse_clashes(names)
    for key, text in domains.items():
        if key not in axes and key not in least:
            raise InputError(_wrong_domain(key, text, names, definitions), ("domains", key))
    read_arrays = tuple(_array(a, dims_, domains.get(a, "real")) for a, dims_ in axes.items())
    read = _definitions(definitions, names)
    heads = {d.name: tuple(index.dim for index in d.indices) for d in read}
    return Declarations(replace(names, definitions=heads), read_arrays, read, least)


@contextmanager
def said_of(*about: str) -> Iterator[None]:
    """Puts the table and the key in front of an InputError raised inside."""
    try:
        yield
    except InputError as error:
        if error.about:
            raise
        raise InputError(
            f"{' '.join(repr(part) if place else part for place, part in enumerate(about))}: {error}", about
        ) from None


def _check_table(table: str, entries: object) -> None:
    if not isinstance(entries, Mapping):
        raise InputError(f"{table}: expected a table of names, got {shown(entries)}", (table,))
    if len(entries) > MAX_NAMES:
        raise InputError(f"{table}: {len(entries)} names; at most {MAX_NAMES} are read", (table,))
    kind: tuple[type, ...] = (list, tuple) if table == "arrays" else (str,)
    example = 'a list of dimensions such as ["n"]' if table == "arrays" else "text"
    for key, value in entries.items():
        if not isinstance(key, str) or not isinstance(value, kind):
            raise InputError(f"{table} {key!r:.60}: expected {example}, got {shown(value)}", (table, str(key)))


def _name(text: object, *about: str) -> str:
    if not isinstance(text, str):
        raise InputError(f"{about[0]} {about[1]!r:.60}: expected a name, got {shown(text)}", about)
    with said_of(*about):
        name, indices = head(text)
        if indices:
            raise InputError(f"expected a name without indices, got {text!r:.60}")
    return name


def _axes(array: str, dims: Sequence[str]) -> tuple[str, ...]:
    if len(dims) > MAX_AXES:
        raise InputError(f"arrays {array!r}: {len(dims)} axes; at most {MAX_AXES} are read", ("arrays", array))
    return tuple(_name(dim, "arrays", array) for dim in dims)


def _least(dim: str, text: str) -> int:
    match = _LEAST.fullmatch(text)
    least = int(match.group(1) or 1) if match else 0
    if not 1 <= least <= MAX_LEAST:
        message = f"domains {dim!r}: sizes are 'integer >= 1' up to 'integer >= {MAX_LEAST}', got {text!r:.60}"
        raise InputError(message, ("domains", dim))
    return least


def _refuse_clashes(names: Names) -> None:
    """One name, one meaning."""
    for name in names.arrays:
        if name in names.dims or name in names.indices:
            other = "a dimension" if name in names.dims else "an index"
            raise InputError(f"arrays {name!r}: it is also the name of {other}; rename one of them", ("arrays", name))
    for name in names.indices:
        if name in names.dims:
            message = f"indices {name!r}: it is also the name of a dimension; rename one of them"
            raise InputError(message, ("indices", name))
    for name in names.dims & RESERVED:
        raise InputError(f"a dimension cannot be called {name!r}: the grammar uses that name")


def _wrong_domain(key: str, text: str, names: Names, definitions: Mapping[str, str]) -> str:
    if key in names.dims:
        return f"domains {key!r}: a size is 'integer >= 1' (or a larger number), got {text!r:.60}"
    if any(re.split(r"\W", written.strip(), maxsplit=1)[0] == key for written in definitions):
        return f"domains {key!r}: it is a definition; a domain is declared for arrays and dimensions"
    return f"domains {key!r:.60}: unknown name{nearest(key, [*names.arrays, *sorted(names.dims)])}"


def _array(name: str, dims: tuple[str, ...], domain: str) -> Array:
    if domain not in DOMAINS:
        message = f"domains {name!r}: there is no domain {domain!r:.60}{nearest(domain, list(DOMAINS))}"
        raise InputError(message, ("domains", name))
    if domain == "simplex" and not dims:
        raise InputError(
            f"domains {name!r}: a simplex needs an axis to sum over; {name} is a scalar", ("domains", name)
        )
    return Array(name, dims, domain)


def _definitions(written: Mapping[str, str], names: Names) -> tuple[Definition, ...]:
    """The definitions in an order in which each uses only those before it."""
    heads: dict[str, tuple[str, tuple[str, ...]]] = {}
    parsed: dict[str, Term] = {}
    for key, text in written.items():
        with said_of("definitions", key):
            name, indices = head(key)
            if name in heads or name in names.arrays or name in names.dims or name in names.indices:
                raise InputError(f"{name} already has a meaning; choose another name")
            heads[name] = key, indices
            sides = parse_chain(text)
            if len(sides) > 1:
                raise InputError("a definition is one formula, without '='")
            parsed[name] = sides[0]
    order = _order({name: {other for other in elements(t) if other in heads} for name, t in parsed.items()}, heads)
    read: list[Definition] = []
    sizes: dict[str, int] = {}
    for name in order:
        key, indices = heads[name]
        with said_of("definitions", key):
            dims = {index: _dimension_of(index, parsed[name], names) for index in indices}
            if missing := [i for i, _ in index_uses(parsed[name], names) if i in names.indices and i not in dims]:
                raise InputError(
                    f"index {missing[0]} is not in the head; write {name}[{', '.join([*indices, missing[0]])}]"
                )
            body = expression(written[key], replace(names, indices=dims))
            sizes[name] = expanded_size(body, sizes)
            if sizes[name] > MAX_EXPANDED:
                raise InputError(f"written out it has over {MAX_EXPANDED} parts; define less in terms of the rest")
        read.append(Definition(name, tuple(Index(i, dim) for i, dim in dims.items()), body))
        names = replace(names, definitions={**names.definitions, name: tuple(dims.values())})
    return tuple(read)


def _order(uses: Mapping[str, set[str]], heads: Mapping[str, tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
    try:
        return tuple(TopologicalSorter({name: sorted(others) for name, others in uses.items()}).static_order())
    except CycleError as error:
        cycle = [str(name) for name in error.args[1]]
        message = f"definitions {' -> '.join(reversed(cycle))}: they are defined by one another; break the circle"
        raise InputError(message, ("definitions", heads[cycle[0]][0])) from None


def _dimension_of(index: str, body: Term, names: Names) -> str:
    """The dimension of an index in a definition's head: declared, or what its use shows."""
    if index in names.indices:
        return names.indices[index]
    shown = dict.fromkeys(dim for used, dim in index_uses(body, names) if used == index and dim is not None)
    if not shown:
        raise InputError(f'the dimension of index {index} does not show; declare it: indices = {{{index} = "n"}}')
    if len(shown) > 1:
        raise InputError(f"index {index} runs over {' and '.join(shown)}: use two indices")
    return next(iter(shown))


def expanded_size(t: Term, sizes: Mapping[str, int]) -> int:
    """How many parts a term has once definitions (whose sizes are given) are written out."""
    own = sizes.get(t.name, 1) if isinstance(t, Element) else 1
    return own + sum(expanded_size(child, sizes) for child in children(t))


def statement(lhs: Term, rhs: Term, where: tuple[Where, ...], declared: Declarations) -> Statement:
    """``lhs = rhs`` with those declarations that it speaks of, and no others.

    Raises InputError when it is too large once definitions are written out.
    """
    sizes: dict[str, int] = {}
    for definition in declared.definitions:
        sizes[definition.name] = expanded_size(definition.body, sizes)
    if expanded_size(lhs, sizes) + expanded_size(rhs, sizes) > MAX_EXPANDED:
        raise InputError(f"written out it has over {MAX_EXPANDED} parts; settle it in smaller steps")
    bodies = [lhs, rhs]
    definitions: list[Definition] = []
    for definition in reversed(declared.definitions):
        if any(definition.name in elements(body) for body in bodies):
            definitions.insert(0, definition)
            bodies.append(definition.body)
    used = {name for body in bodies for name in elements(body)}
    arrays = tuple(array for array in declared.arrays if array.name in used)
    free = {index for body in (lhs, rhs) for index, _ in index_uses(body, declared.names)}
    free |= {side for condition in where for side in (condition.left, condition.right)}
    indices = tuple(Index(i, dim) for i, dim in declared.names.indices.items() if i in free)
    dims = dict.fromkeys(
        (
            *(index.dim for index in indices),
            *(dim for array in arrays for dim in array.dims),
            *(index.dim for definition in definitions for index in definition.indices),
            *(dim for body in bodies for dim in _dims(body)),
        )
    )
    least = tuple((dim, declared.least.get(dim, 1)) for dim in dims)
    return Statement(lhs, rhs, indices, arrays, tuple(definitions), where, least)


def _dims(t: Term) -> Iterator[str]:
    """The dimensions a term sums over or uses as numbers."""
    match t:
        case Sum(index, _):
            yield index.dim
        case Size(dim):
            yield dim
        case _:
            pass
    for child in children(t):
        yield from _dims(child)
