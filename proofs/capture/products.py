"""Products of arrays: matmul, dot, einsum, tensordot, outer, each a contraction of named axes."""

# ruff: noqa: ARG001  (the parameters are those of NumPy)
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from proofs.capture import values as v
from proofs.capture.array import Run, SymbolicArray, value_of
from proofs.capture.refusal import NotCaptured
from proofs.capture.reshaping import reshape
from proofs.capture.values import Value

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def matmul(run: Run, left: Any, right: Any) -> SymbolicArray:
    """``@``: the last axis of `left` with the last but one of `right`, leading axes broadcast."""
    a, b = value_of(run, left), value_of(run, right)
    rows, columns = len(a.shape), len(b.shape)
    if not rows or not columns:
        raise NotCaptured("matmul of a scalar, which NumPy refuses")
    lead = v.broadcast(a.shape[:-2], b.shape[:-2])
    letters = LETTERS[: len(lead)]

    def named(value: Value, last: str) -> tuple[str, Value]:
        own = max(len(value.shape) - 2, 0)
        full = (*lead[len(lead) - own :], *value.shape[own:])
        return letters[len(lead) - own :] + last, Value(full, v.stretched(value, full))

    first, second = "ik" if rows > 1 else "k", "kj" if columns > 1 else "k"
    output = letters + first[:-1] + second[1:]
    return run.array(v.contract(run.tape, [named(a, first), named(b, second)], output))


def dot(run: Run, left: Any, right: Any, out: Any = None) -> Any:
    """``np.dot``: as matmul up to two axes, else the last axis with the last but one."""
    if out is not None:
        raise NotCaptured("np.dot with out=")
    a, b = value_of(run, left), value_of(run, right)
    if not a.shape or not b.shape:
        return run.array(a) * run.array(b)
    if len(b.shape) == 1:
        return tensordot(run, left, right, axes=(-1, 0))
    return tensordot(run, left, right, axes=(-1, len(b.shape) - 2))


def inner(run: Run, left: Any, right: Any) -> Any:
    """``np.inner``: the last axes summed over."""
    a, b = value_of(run, left), value_of(run, right)
    return tensordot(run, left, right, axes=(-1, -1)) if a.shape and b.shape else run.array(a) * run.array(b)


def vdot(run: Run, left: Any, right: Any) -> SymbolicArray:
    """``np.vdot``: the sum of the products of all elements."""
    a, b = (value_of(run, x) for x in (left, right))
    flat = [Value(x.shape, x.entries) if len(x.shape) == 1 else reshape(run, x, (-1,)) for x in (a, b)]
    return run.array(v.contract(run.tape, [("k", flat[0]), ("k", flat[1])], ""))


def outer(run: Run, left: Any, right: Any, out: Any = None) -> SymbolicArray:
    """``np.outer`` of the flattened arrays."""
    if out is not None:
        raise NotCaptured("np.outer with out=")
    flat = [reshape(run, value_of(run, x), (-1,)) for x in (left, right)]
    return run.array(v.contract(run.tape, [("i", flat[0]), ("j", flat[1])], "ij"))


def tensordot(run: Run, left: Any, right: Any, axes: Any = 2) -> SymbolicArray:
    """``np.tensordot``: the axes of `left` with those of `right`."""
    a, b = value_of(run, left), value_of(run, right)
    rows, columns = len(a.shape), len(b.shape)
    pair = (list(range(rows - axes, rows)), list(range(axes))) if isinstance(axes, int) else axes
    first, second = ([x] if isinstance(x, int) else list(x) for x in pair)
    names, others = list(LETTERS[:rows]), list(LETTERS[rows : rows + columns])
    shared = {names[p] for p in first}
    for p, q in zip(first, second, strict=True):
        others[q] = names[p]
    output = "".join(n for n in (*names, *others) if n not in shared)
    return run.array(v.contract(run.tape, [("".join(names), a), ("".join(others), b)], output))


def einsum(run: Run, text: Any, *operands: Any, optimize: Any = False, out: Any = None) -> SymbolicArray:
    """``np.einsum`` with letters and an ellipsis; a letter twice in one array takes a diagonal."""
    if not isinstance(text, str) or out is not None:
        raise NotCaptured("np.einsum in a form other than 'ij,jk->ik'")
    values = [value_of(run, x) for x in operands]
    names, output = _subscripts(text, [len(value.shape) for value in values])
    for place, letters in enumerate(names):
        names[place], values[place] = _diagonal(run, letters, values[place])
    return run.array(v.contract(run.tape, list(zip(names, values, strict=True)), output))


def _subscripts(text: str, ranks: Sequence[int]) -> tuple[list[str], str]:
    """The letters of every operand and of the result, an ellipsis written out."""
    inputs, arrow, output = text.replace(" ", "").partition("->")
    names = inputs.split(",")
    if len(names) != len(ranks):
        raise NotCaptured(f"np.einsum({text!r}) with {len(ranks)} arrays")
    free = [letter for letter in LETTERS if letter not in text]
    longest = max((r - len(n) + 3 for n, r in zip(names, ranks, strict=True) if "..." in n), default=0)
    dots = "".join(free[:longest])
    full = [
        n.replace("...", dots[longest - (r - len(n) + 3) :]) if "..." in n else n
        for n, r in zip(names, ranks, strict=True)
    ]
    if not arrow:
        output = dots + "".join(sorted(c for c in set(inputs) if c.isalpha() and inputs.count(c) == 1))
    output = output.replace("...", dots)
    if any(len(n) != r for n, r in zip(full, ranks, strict=True)) or not "".join([*full, output]).isalpha() | (
        not output and not any(full)
    ):
        raise NotCaptured(f"np.einsum({text!r}) with arrays of {list(ranks)} axes")
    if len(set(output)) < len(output) or set(output) - set("".join(full)):
        raise NotCaptured(f"np.einsum({text!r}), which NumPy refuses")
    return full, output


def _diagonal(run: Run, letters: str, value: Value) -> tuple[str, Value]:
    """An array with the axes of a repeated letter made one, the elements off the diagonal left out."""
    for letter in letters:
        if letters.count(letter) > 1:
            first = letters.index(letter)
            second = letters.index(letter, first + 1)
            other = next(c for c in LETTERS + LETTERS.lower() if c not in letters)
            if value.shape[first] != value.shape[second]:
                raise NotCaptured(f"np.einsum with the diagonal of {v.describe(value.shape)}")
            apart = letters[:second] + other + letters[second + 1 :]
            kept = letters[:second] + letters[second + 1 :]
            unit = v.identity(run.tape, value.shape[first])
            return _diagonal(run, kept, v.contract(run.tape, [(apart, value), (letter + other, unit)], kept))
    return letters, value
