"""NumPy functions on symbolic arrays: one entry a function, each in terms of a few operations on values."""

# ruff: noqa: ARG005  (tables of rules: every entry has the same parameters)
from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from proofs.calculus.terms import Array, Element, Fn, Num, Pow, Term
from proofs.capture import values as v
from proofs.capture.arithmetic import UNIT, ZERO, heaviside, minus, over, plus, power, root, times
from proofs.capture.array import Run, SymbolicArray, element, value_of
from proofs.capture.labels import SymbolicLabels, SymbolicRange, gather, is_label_index, one_hot, scatter
from proofs.capture.reshaping import reshape
from proofs.capture.shapes import ONE, NotCaptured
from proofs.capture.values import Value

Rule = Callable[..., Term]


def _exp(t: Term) -> Term:
    return UNIT if t == ZERO else Fn("exp", t)


def _maximum(a: Term, b: Term) -> Term:
    return plus(b, Fn("relu", minus(a, b)))


def _minimum(a: Term, b: Term) -> Term:
    return minus(b, Fn("relu", minus(b, a)))


def _not(t: Term) -> Term:
    return minus(UNIT, t)


REAL: dict[Any, Rule] = {
    np.add: plus,
    np.subtract: minus,
    np.multiply: times,
    np.true_divide: over,
    np.negative: lambda t: minus(ZERO, t),
    np.positive: lambda t: t,
    np.exp: _exp,
    np.log: lambda t: Fn("log", t),
    np.log1p: lambda t: Fn("log", plus(UNIT, t)),
    np.expm1: lambda t: minus(_exp(t), UNIT),
    np.sqrt: root,
    np.square: lambda t: Pow(t, Fraction(2)),
    np.reciprocal: lambda t: over(UNIT, t),
    np.power: power,
    np.float_power: power,
    np.tanh: lambda t: Fn("tanh", t),
    np.sin: lambda t: Fn("sin", t),
    np.cos: lambda t: Fn("cos", t),
    np.absolute: lambda t: Fn("abs", t),
    np.fabs: lambda t: Fn("abs", t),
    np.sign: lambda t: minus(times(Num(Fraction(2)), heaviside(t)), UNIT),
    np.maximum: _maximum,
    np.minimum: _minimum,
    np.fmax: _maximum,
    np.fmin: _minimum,
    np.logaddexp: lambda a, b: Fn("log", plus(_exp(a), _exp(b))),
}

BOOLEAN: dict[Any, Rule] = {
    np.greater: lambda a, b: heaviside(minus(a, b)),
    np.greater_equal: lambda a, b: heaviside(minus(a, b)),
    np.less: lambda a, b: heaviside(minus(b, a)),
    np.less_equal: lambda a, b: heaviside(minus(b, a)),
    np.logical_not: _not,
    np.logical_and: times,
    np.logical_or: lambda a, b: minus(plus(a, b), times(a, b)),
    np.logical_xor: lambda a, b: minus(plus(a, b), times(Num(Fraction(2)), times(a, b))),
    np.bitwise_and: times,
    np.bitwise_or: lambda a, b: minus(plus(a, b), times(a, b)),
    np.invert: _not,
}


def call_ufunc(run: Run, ufunc: Any, method: str, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """A ufunc on symbolic arrays. Raises NotCaptured for what is not followed, naming it."""
    out, where = options.pop("out", None), options.pop("where", True)
    options.pop("dtype", None)
    options.pop("casting", None)
    if method == "reduce" and ufunc is np.add:
        return sum_of(inputs[0], axis=options.get("axis", 0), keepdims=options.get("keepdims", False))
    if method == "at" and ufunc in (np.add, np.subtract):
        array, key, new = inputs
        return scatter(run, array, key, new, plus if ufunc is np.add else minus)
    if method != "__call__" or options:
        raise NotCaptured(f"np.{ufunc.__name__}.{method} with {', '.join(options) or 'these arguments'}")
    labelled = [x for x in inputs if isinstance(x, (SymbolicLabels, SymbolicRange))]
    if labelled and ufunc in (np.equal, np.not_equal):
        made = run.array(one_hot(run, *inputs), boolean=True)
        made = made if ufunc is np.equal else ~made
    elif ufunc in (np.matmul, np.dot):
        made = matmul(run, *inputs)
    else:
        rule = REAL.get(ufunc) or BOOLEAN.get(ufunc)
        if rule is None:
            raise NotCaptured(f"np.{ufunc.__name__}")
        if ufunc in (np.invert, np.bitwise_and, np.bitwise_or) and not all(getattr(x, "boolean", True) for x in inputs):
            raise NotCaptured(f"np.{ufunc.__name__} of numbers that are not true or false")
        made = run.array(v.elementwise(run.tape, rule, *(value_of(run, x) for x in inputs)), boolean=ufunc in BOOLEAN)
    if where is not True:
        if out is None:
            raise NotCaptured(f"np.{ufunc.__name__} with where= and no out=")
        made = where_of(run, where, made, out[0])
    if out is not None:
        if not isinstance(out[0], SymbolicArray):
            raise NotCaptured(f"np.{ufunc.__name__} with out= a plain array")
        out[0].store(made.value)
        return out[0]
    return made


def call_function(run: Run, function: Any, args: Sequence[Any], options: dict[str, Any]) -> Any:
    """A NumPy function that is no ufunc. Raises NotCaptured for what is not followed, naming it."""
    rule = FUNCTIONS.get(function)
    if rule is None:
        raise NotCaptured(f"np.{getattr(function, '__name__', function)}")
    options = {k: x for k, x in options.items() if k not in ("dtype", "order") and x is not np._NoValue}
    if options.get("out", True) is None:
        del options["out"]
    try:
        return rule(run, *args, **options)
    except TypeError as error:
        raise NotCaptured(f"np.{function.__name__} with these arguments ({error})") from None


def where_of(run: Run, condition: Any, yes: Any, no: Any) -> SymbolicArray:
    """``np.where``: m * yes + (1 - m) * no for a mask m of zeros and ones."""

    def choose(m: Term, a: Term, b: Term) -> Term:
        if isinstance(m, Num):
            return a if m.value else b
        return plus(times(m, a), times(minus(UNIT, m), b))

    return run.array(v.elementwise(run.tape, choose, *(value_of(run, x) for x in (condition, yes, no))))


def axes_of(value: Value, axis: Any) -> list[int]:
    """The axes a reduction runs over."""
    rank = len(value.shape)
    if axis is None:
        return list(range(rank))
    wanted = [axis] if isinstance(axis, int) else list(axis)
    if any(not -rank <= a < rank for a in wanted):
        raise NotCaptured(f"axis {axis} of an array with {rank} axes")
    return sorted({a % rank for a in wanted})


def sum_of(array: Any, axis: Any = None, keepdims: bool = False) -> SymbolicArray:
    run = array.run
    return run.array(v.total(run.tape, array.value, axes_of(array.value, axis), keepdims))


def count_of(array: SymbolicArray, axis: Any) -> Any:
    """How many elements a reduction runs over."""
    total: Any = 1
    for a in axes_of(array.value, axis):
        total = array.shape[a] * total
    return total


def mean_of(run: Run, array: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return sum_of(array, axis, keepdims) / count_of(array, axis)


def var_of(run: Run, array: Any, axis: Any = None, keepdims: bool = False, ddof: int = 0) -> Any:
    centred = array - mean_of(run, array, axis, True)
    return sum_of(centred * centred, axis, keepdims) / (count_of(array, axis) - ddof)


def extreme(run: Run, array: Any, axis: Any, keepdims: bool, sign: int) -> Any:
    """max (sign 1) or min (sign -1): of concrete axes by comparisons, of symbolic ones an opaque shift that must cancel."""
    value = array.value
    axes = axes_of(value, axis)
    if any(block for a in axes for block in value.shape[a]):
        return opaque_extreme(run, array, axes, keepdims, sign)
    pick = _maximum if sign == 1 else _minimum
    kept = tuple(ONE if a in axes else value.shape[a] for a in range(len(value.shape)))
    groups: dict[v.Key, list[Term]] = {key: [] for key in v.keys_of(kept)}
    for key, term in sorted(value.entries.items()):
        groups[tuple(0 if a in axes else k for a, k in enumerate(key))].append(term)
    entries = {}
    for key, terms in groups.items():
        best = Value(kept, {key: terms[0]})
        for term in terms[1:]:
            best = run.tape.define(kept, {key: pick(best.entries[key], term)})
        entries[key] = best.entries[key]
    made = run.array(Value(kept, entries))
    return made if keepdims else squeezed(made, axes)


def opaque_extreme(run: Run, array: SymbolicArray, axes: list[int], keepdims: bool, sign: int) -> Any:
    value = array.value
    what = f"{sign} {axes} {sorted((k, repr(t)) for k, t in value.entries.items())}"
    kept = tuple(ONE if a in axes else value.shape[a] for a in range(len(value.shape)))
    if what not in run.opaque:
        name = run.tape.name("max")
        entries = {key: element(name, kept, key, pieces=True) for key in v.keys_of(kept)}
        arrays = [
            Array(term.name, tuple(i.dim for i in v.indices_of(kept, key)))
            for key, term in entries.items()
            if isinstance(term, Element)
        ]
        run.opaque[what] = (tuple(arrays), Value(kept, entries))
    made = run.array(run.opaque[what][1])
    return made if keepdims else squeezed(made, axes)


def squeezed(array: SymbolicArray, axes: Sequence[int]) -> SymbolicArray:
    """The array without some axes of size 1, as a view."""
    return array[tuple(0 if a in axes else slice(None) for a in range(array.ndim))]  # type: ignore[no-any-return]


def matmul(run: Run, left: Any, right: Any) -> Any:
    """``@``: the last axis of `left` with the last but one of `right`, leading axes broadcast."""
    a, b = value_of(run, left), value_of(run, right)
    rows, columns = len(a.shape), len(b.shape)
    if not rows or not columns:
        raise NotCaptured("matmul of a scalar")
    if rows <= 2 and columns <= 2:
        first, second = "ik"[2 - rows :] if rows == 2 else "k", "kj" if columns == 2 else "k"
        output = ("i" if rows == 2 else "") + ("j" if columns == 2 else "")
        return run.array(v.contract(run.tape, [(first, a), (second, b)], output))
    lead = v.broadcast(a.shape[:-2], b.shape[:-2])
    letters = "abcdefgh"[: len(lead)]

    def named(value: Value, last: str) -> tuple[str, Value]:
        own = len(value.shape) - 2
        full = (*lead[len(lead) - own :], *value.shape[-2:])
        return letters[len(lead) - own :] + last, Value(full, v.stretched(value, full))

    if rows == 1 or columns == 1:
        raise NotCaptured("matmul of a vector with a stack of matrices")
    return run.array(v.contract(run.tape, [named(a, "ik"), named(b, "kj")], letters + "ij"))


def dot(run: Run, left: Any, right: Any) -> Any:
    a, b = value_of(run, left), value_of(run, right)
    if not a.shape or not b.shape:
        return left * right
    if len(a.shape) > 2 or len(b.shape) > 2:
        raise NotCaptured("np.dot of arrays with more than two axes")
    return matmul(run, left, right)


def einsum(run: Run, text: Any, *operands: Any, optimize: Any = None) -> Any:
    if not isinstance(text, str) or "." in text:
        raise NotCaptured("np.einsum in a form other than 'ij,jk->ik'")
    inputs, arrow, output = text.replace(" ", "").partition("->")
    names = inputs.split(",")
    if not arrow:
        output = "".join(sorted(c for c in set(inputs) if c.isalpha() and inputs.count(c) == 1))
    if any(len(set(n)) < len(n) for n in names) or len(names) != len(operands):
        raise NotCaptured(f"np.einsum({text!r}) with a repeated index in one array, or another number of arrays")
    return run.array(
        v.contract(run.tape, [(n, value_of(run, x)) for n, x in zip(names, operands, strict=True)], output)
    )


def outer(run: Run, left: Any, right: Any) -> Any:
    return einsum(run, "i,j->ij", reshaped(run, left, (-1,)), reshaped(run, right, (-1,)))


def tensordot(run: Run, left: Any, right: Any, axes: Any = 2) -> Any:
    a, b = value_of(run, left), value_of(run, right)
    rows, columns = len(a.shape), len(b.shape)
    pair = (list(range(rows - axes, rows)), list(range(axes))) if isinstance(axes, int) else axes
    first, second = ([x] if isinstance(x, int) else list(x) for x in pair)
    names, others = list("abcdefgh"[:rows]), list("ijklmnop"[:columns])
    for p, q in zip(first, second, strict=True):
        others[q % columns] = names[p % rows]
    shared = {names[p % rows] for p in first}
    output = "".join([*(n for n in names if n not in shared), *(n for n in others if n not in shared)])
    return run.array(v.contract(run.tape, [("".join(names), a), ("".join(others), b)], output))


def transposed(run: Run, array: Any, axes: Any = None) -> Any:
    order = list(reversed(range(array.ndim))) if axes is None else [a % array.ndim for a in axes]
    return run.array(v.transpose(run.tape, array.value, order), boolean=array.boolean)


def swapped(run: Run, array: Any, first: int, second: int) -> Any:
    order = list(range(array.ndim))
    order[first], order[second] = order[second], order[first]
    return transposed(run, array, order)


def moved(run: Run, array: Any, source: int, destination: int) -> Any:
    order = [a for a in range(array.ndim) if a != source % array.ndim]
    order.insert(destination % array.ndim, source % array.ndim)
    return transposed(run, array, order)


def reshaped(run: Run, array: Any, shape: Any, **_: Any) -> Any:
    wanted = (shape,) if isinstance(shape, int) else tuple(shape)
    return run.array(reshape(run, array.value, wanted), boolean=array.boolean)


def expanded(run: Run, array: Any, axis: Any) -> Any:
    axes = sorted(a % (array.ndim + 1) for a in ([axis] if isinstance(axis, int) else axis))
    key: list[Any] = [slice(None)] * array.ndim
    for a in axes:
        key.insert(a, None)
    return array[tuple(key)]


def squeeze(run: Run, array: Any, axis: Any = None) -> Any:
    axes = axes_of(array.value, axis) if axis is not None else [a for a, x in enumerate(array.value.shape) if x == ONE]
    if axis is None and any(any(x) for x in array.value.shape):
        raise NotCaptured("np.squeeze without axis, which drops symbolic axes when their size is 1")
    if any(array.value.shape[a] != ONE for a in axes):
        raise NotCaptured("np.squeeze of an axis whose size is not 1")
    return squeezed(array, axes)


def concatenate(run: Run, arrays: Any, axis: int = 0) -> Any:
    parts = [value_of(run, x) for x in arrays]
    return run.array(v.join(run.tape, parts, axis % len(parts[0].shape)))


def stack(run: Run, arrays: Any, axis: int = 0) -> Any:
    parts = [x if isinstance(x, SymbolicArray) else run.array(value_of(run, x)) for x in arrays]
    place = axis % (parts[0].ndim + 1)
    return concatenate(run, [expanded(run, x, place) for x in parts], place)


def split(run: Run, array: Any, sections: Any, axis: int = 0) -> Any:
    place = axis % array.ndim
    blocks = len(array.value.shape[place])
    if not isinstance(sections, int) or blocks % sections:
        raise NotCaptured("np.split into parts that are not whole blocks of the axis")
    each = blocks // sections
    shape = array.value.shape
    made = []
    for part in range(sections):
        picked = tuple(range(part * each, (part + 1) * each))
        chosen = v_selection(array.ndim, place, picked, shape)
        made.append(SymbolicArray(run, None, base=array, chosen=chosen))
    return made


def v_selection(rank: int, place: int, picked: tuple[int, ...], shape: v.Shape) -> Any:
    from proofs.capture.indexing import Selection

    return Selection(tuple((a, picked if a == place else tuple(range(len(shape[a])))) for a in range(rank)), {})


def product_of(run: Run, array: Any, axis: Any = None, keepdims: bool = False) -> Any:
    axes = axes_of(array.value, axis)
    if any(block for a in axes for block in array.value.shape[a]):
        raise NotCaptured("np.prod along an axis of symbolic size")
    total: Any = 1.0
    parts = [array]
    for a in reversed(axes):
        parts = [x[(*([slice(None)] * a), slice(k, k + 1))] for x in parts for k in range(len(array.value.shape[a]))]
    for x in parts:
        total = total * x
    return total if keepdims else squeezed(total, axes)


def norm(run: Run, array: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    if ord not in (None, 2, "fro") or (ord == 2 and axis is None and array.ndim == 2):
        raise NotCaptured(f"np.linalg.norm with ord={ord!r}")
    return np.sqrt(sum_of(array * array, axis, keepdims))


def clipped(run: Run, array: Any, low: Any = None, high: Any = None, **_: Any) -> Any:
    made = array
    if low is not None:
        made = np.maximum(made, low)
    return made if high is None else np.minimum(made, high)


def like(number: int) -> Callable[..., SymbolicArray]:
    """zeros_like and ones_like."""

    def make(run: Run, array: Any, *_: Any, **__: Any) -> SymbolicArray:
        return run.array(v.filled(array.value.shape, Num(Fraction(number))))

    return make


def broadcast_to(run: Run, array: Any, shape: Any, **_: Any) -> Any:
    wanted = (shape,) if isinstance(shape, int) else tuple(shape)
    target = tuple(run.axis(n) for n in wanted)
    return run.array(Value(target, v.stretched(array.value, target)))


def repeated_copy(run: Run, array: Any, *_: Any, **__: Any) -> Any:
    return array.copy()


def diagonal(run: Run, array: Any) -> Any:
    if array.ndim != 1:
        raise NotCaptured("np.diag of a matrix")
    return array[:, None] * run.array(v.identity(run.tape, array.value.shape[0]))


def trace(run: Run, array: Any) -> Any:
    return sum_of(array * run.array(v.identity(run.tape, array.value.shape[0])))


FUNCTIONS: dict[Any, Callable[..., Any]] = {
    np.sum: lambda run, a, axis=None, keepdims=False: sum_of(a, axis, keepdims),
    np.mean: mean_of,
    np.average: mean_of,
    np.var: var_of,
    np.std: lambda run, *a, **k: np.sqrt(var_of(run, *a, **k)),
    np.max: lambda run, a, axis=None, keepdims=False: extreme(run, a, axis, keepdims, 1),
    np.min: lambda run, a, axis=None, keepdims=False: extreme(run, a, axis, keepdims, -1),
    np.prod: product_of,
    np.where: where_of,
    np.dot: dot,
    np.vdot: lambda run, a, b: sum_of(a * b),
    np.inner: lambda run, a, b: dot(run, a, b.T),
    np.einsum: einsum,
    np.outer: outer,
    np.tensordot: tensordot,
    np.transpose: transposed,
    np.swapaxes: swapped,
    np.moveaxis: moved,
    np.reshape: reshaped,
    np.ravel: lambda run, a: reshaped(run, a, (-1,)),
    np.expand_dims: expanded,
    np.squeeze: squeeze,
    np.concatenate: concatenate,
    np.hstack: lambda run, arrays: concatenate(run, arrays, 0 if arrays[0].ndim == 1 else 1),
    np.vstack: lambda run, arrays: concatenate(run, arrays, 0),
    np.stack: stack,
    np.split: split,
    np.clip: clipped,
    np.zeros_like: like(0),
    np.ones_like: like(1),
    np.empty_like: like(0),
    np.full_like: lambda run, a, fill, **_: run.array(v.filled(a.value.shape, value_of(run, fill).entries[()])),
    np.broadcast_to: broadcast_to,
    np.copy: repeated_copy,
    np.diag: diagonal,
    np.trace: trace,
    np.linalg.norm: norm,
    np.shape: lambda run, a: a.shape,
    np.ndim: lambda run, a: a.ndim,
}
FUNCTIONS[np.amax], FUNCTIONS[np.amin] = FUNCTIONS[np.max], FUNCTIONS[np.min]


def advanced_get(array: SymbolicArray, key: Any) -> Any:
    """Indexing with labels or a mask, or None for a basic index."""
    if isinstance(key, SymbolicArray) and key.boolean:
        raise NotCaptured("a boolean mask read as a shorter array")
    return gather(array.run, array, key) if is_label_index(key) else None


def advanced_set(array: SymbolicArray, key: Any, new: Any) -> bool:
    """Writing through labels or a mask; False for a basic index."""
    run = array.run
    if isinstance(key, SymbolicArray) and key.boolean:
        array.store(where_of(run, key, new, array).value)
        return True
    if is_label_index(key):
        scatter(run, array, key, new, lambda old, added: added)
        return True
    return False
