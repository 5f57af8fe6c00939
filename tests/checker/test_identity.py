"""Identities that hold are accepted, those that fail are not, however well the failure hides."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.checker import Accepted, Malformed, Refuted, Rejected, check
from tests.checker.certificates import (
    JACOBIAN,
    SOFTMAX,
    changed,
    elem,
    fn,
    identity,
    minus,
    over,
    places,
    refuted,
    statement,
    total,
    verdict,
)

X = elem("x")
SQUARE = ["pow", X, 2]
VECTOR: dict[str, Any] = {"sizes": {"n": 1}, "arrays": [["v", ["n"], "real"]]}
PAIR: dict[str, Any] = {"sizes": {"n": 1}, "arrays": [["v", ["n"], "real"], ["w", ["n"], "real"]]}
ONES = total("i", "n", ["num", 1])


def sum_of(body: Any, index: str = "i") -> Any:
    return total(index, "n", body)


def times(*factors: Any) -> Any:
    return ["mul", list(factors)]


def derivative(f: str) -> Any:
    return ["diff", fn(f, X), X]


def number(value: int | str) -> Any:
    return ["num", value]


TRUE = {
    "exp": identity(derivative("exp"), fn("exp", X)),
    "log": identity(derivative("log"), ["pow", X, -1], arrays=[["x", [], "positive"]]),
    "sqrt": identity(derivative("sqrt"), over(number("1/2"), fn("sqrt", X)), arrays=[["x", [], "positive"]]),
    "tanh": identity(derivative("tanh"), minus(number(1), ["pow", fn("tanh", X), 2])),
    "sigmoid": identity(derivative("sigmoid"), times(fn("sigmoid", X), minus(number(1), fn("sigmoid", X)))),
    "softplus": identity(derivative("softplus"), fn("sigmoid", X)),
    "relu": identity(derivative("relu"), over(fn("relu", X), X)),
    "abs": identity(derivative("abs"), over(X, fn("abs", X))),
    "sin": identity(derivative("sin"), fn("cos", X)),
    "cos": identity(derivative("cos"), times(number(-1), fn("sin", X))),
    "erf": identity(
        derivative("erf"), times(number(2), fn("exp", times(number(-1), SQUARE)), ["pow", ["pi"], "-1/2"])
    ),
    "tanh by sigmoid": identity(fn("tanh", X), minus(times(number(2), fn("sigmoid", times(number(2), X))), number(1))),
    "second derivative": identity(["diff", derivative("sin"), X], times(number(-1), fn("sin", X))),
    "mixed derivative": identity(
        ["diff", ["diff", fn("exp", times(X, elem("y"))), X], elem("y")],
        times(fn("exp", times(X, elem("y"))), ["add", [number(1), times(X, elem("y"))]]),
        arrays=[["x", [], "real"], ["y", [], "real"]],
    ),
    "no perturbation confusion": identity(
        ["diff", times(X, ["diff", ["add", [X, elem("y")]], elem("y")]), X],
        number(1),
        arrays=[["x", [], "real"], ["y", [], "real"]],
    ),
    "fourth derivative": identity(["diff", ["diff", ["diff", ["diff", ["pow", X, 4], X], X], X], X], number(24)),
    "roots": identity(["pow", X, "2/3"], ["pow", ["pow", X, "1/3"], 2], arrays=[["x", [], "positive"]]),
    "square of a sum": identity(
        ["pow", sum_of(elem("v", "i")), 2], sum_of(sum_of(times(elem("v", "i"), elem("v", "j")), "j")), **VECTOR
    ),
    "sum of ones": identity(times(ONES, ONES), ["pow", ["size", "n"], 2], **VECTOR),
    "shadowed index": identity(
        sum_of(times(elem("v", "i"), sum_of(elem("v", "i")))), ["pow", sum_of(elem("v", "i")), 2], **VECTOR
    ),
    "delta contracts": identity(
        sum_of(times(["delta", "i", "j"], elem("v", "i"))), elem("v", "j"), indices=[["j", "n"]], **VECTOR
    ),
    "simplex": identity(sum_of(elem("v", "i")), number(1), sizes={"n": 1}, arrays=[["v", ["n"], "simplex"]]),
    "one-hot": identity(
        sum_of(["pow", elem("v", "i"), 2]), number(1), sizes={"n": 1}, arrays=[["v", ["n"], "onehot"]]
    ),
    "step": identity(derivative("relu"), fn("step", X)),
    "second derivative of relu": identity(["diff", derivative("relu"), X], number(0)),
    "kink": identity(fn("abs", X), ["add", [fn("relu", X), fn("relu", times(number(-1), X))]]),
    "where": identity(
        times(["delta", "i", "j"], elem("v", "i")), number(0),
        indices=[["i", "n"], ["j", "n"]], where=[["!=", "i", "j"]], sizes={"n": 2}, arrays=[["v", ["n"], "real"]],
    ),
}  # fmt: skip

FALSE = {
    "off by a constant": identity(SQUARE, ["add", [SQUARE, number("1/1" + "0" * 40)]]),
    "off by 10^-300": identity(fn("exp", X), ["add", [fn("exp", X), number("1/1" + "0" * 300)]]),
    "off by a power of a small number": identity(
        X, ["add", [X, times(["pow", number("1/100000"), 60], SQUARE)]]
    ),
    "hidden by cancellation": identity(
        minus(["add", [X, fn("exp", number(300))]], fn("exp", number(300))), ["add", [X, number("1/1" + "0" * 30)]]
    ),
    "saturated tanh": identity(fn("tanh", times(number(10**12), fn("abs", X))), number(1)),
    "saturated sigmoid": identity(fn("sigmoid", ["add", [X, number(10**4)]]), number(1)),
    "far step": identity(fn("step", minus(X, number(10**6))), number(0)),
    "one-hot taken for simplex": identity(
        sum_of(["pow", elem("v", "i"), 2]), number(1), sizes={"n": 1}, arrays=[["v", ["n"], "simplex"]]
    ),
    "far kink": identity(fn("relu", minus(X, number(10**6))), number(0)),
    "near kink": identity(fn("relu", minus(number("-1/1000"), X)), minus(fn("relu", times(number(-1), X)), number(0))),
    "only without sign": identity(fn("sqrt", SQUARE), X),
    "zero at multiples": identity(fn("sin", times(["pi"], number(4), X)), number(0)),
    "only at n = 1": identity(
        sum_of(elem("v", "i")), ["pow", sum_of(["pow", elem("v", "i"), 2]), "1/2"], sizes={"n": 1},
        arrays=[["v", ["n"], "positive"]],
    ),
    "only up to n = 2": identity(times(ONES, ONES), minus(times(number(3), ONES), number(2)), **VECTOR),
    "only up to n = 3": identity(
        ["pow", ["size", "n"], 3],
        ["add", [times(number(6), ["pow", ["size", "n"], 2]), times(number(-11), ["size", "n"]), number(6)]], **VECTOR,
    ),
    "elementary symmetric of degree 3, zero for n <= 2": identity(
        ["add", [["pow", sum_of(elem("v", "i")), 3],
                 times(number(-3), sum_of(elem("v", "i")), sum_of(["pow", elem("v", "i"), 2])),
                 times(number(2), sum_of(["pow", elem("v", "i"), 3]))]],
        number(0), **VECTOR,
    ),
    "swapped sizes": identity(
        ["size", "n"], ["size", "m"], sizes={"n": 1, "m": 1}, arrays=[["v", ["n", "m"], "real"]]
    ),
    "index captured": identity(
        sum_of(times(elem("v", "i"), sum_of(elem("w", "i")))), sum_of(times(elem("v", "i"), elem("w", "i"))), **PAIR
    ),
    "diagonal taken for all": identity(
        ["diff", elem("s", "i"), elem("z", "j")], times(elem("s", "i"), minus(number(1), elem("s", "j"))), **SOFTMAX
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUE)
def test_true_identities_are_accepted(name: str) -> None:
    assert "lhs = rhs to 50 digits" in check(TRUE[name]).says


@pytest.mark.parametrize("name", FALSE)
def test_false_identities_are_refuted(name: str) -> None:
    assert refuted(FALSE[name]), verdict(FALSE[name])


@pytest.mark.parametrize("name", TRUE)
def test_a_true_identity_plus_a_little_is_refuted(name: str) -> None:
    wrong = changed(TRUE[name], ("statement", "rhs"), lambda rhs: ["add", [rhs, number("1/1000000007")]])
    assert refuted(wrong)


def test_the_sentence_names_points_and_sizes() -> None:
    assert check(JACOBIAN).says == "lhs = rhs to 50 digits at 8 points, at 4 combinations of sizes up to n = 4"
    kinks = check(identity(fn("abs", X), fn("abs", times(number(-1), X)))).says
    assert kinks == "lhs = rhs to 50 digits at 60 points"


@pytest.mark.parametrize(
    "data",
    [
        identity(fn("log", X), fn("log", X)),
        identity(fn("sqrt", X), fn("sqrt", X)),
        identity(over(X, minus(X, X)), over(X, minus(X, X))),
        identity(["pow", minus(X, X), 0], over(minus(X, X), minus(X, X))),
        identity(["diff", fn("abs", minus(X, X)), X], number(0)),
        identity(["diff", fn("log", times(number(-1), ["pow", elem("y"), 2])), X], number(0),
                 arrays=[["x", [], "real"], ["y", [], "real"]]),
        identity(fn("sin", times(["pi"], number(2**60), X)), number(0)),
        identity(fn("tanh", times(number(10**30), fn("abs", X))), number(1)),
        identity(fn("exp", fn("exp", fn("exp", times(number(100), SQUARE)))), number(0)),
        identity(elem("v", "i"), elem("v", "i"), indices=[["i", "n"]], where=[["!=", "i", "i"]], **VECTOR),
        identity(["pow", sum_of(elem("v", "i")), 50], ["pow", sum_of(elem("v", "i")), 50], **VECTOR),
    ],
)  # fmt: skip
def test_what_is_not_defined_or_not_affordable_is_rejected_but_not_called_false(data: Any) -> None:
    answer = verdict(data)
    assert isinstance(answer, Rejected)
    assert not isinstance(answer, Refuted)


@pytest.mark.parametrize(
    ("lhs", "fields"),
    [
        (elem("y"), {}),
        (elem("x", "i"), {}),
        (elem("v"), VECTOR),
        (elem("v", "i"), VECTOR),
        (elem("v", "i"), {**VECTOR, "indices": [["i", "m"]], "sizes": {"n": 1, "m": 1}}),
        (["size", "m"], VECTOR),
        (total("i", "m", elem("v", "i")), VECTOR),
        (["delta", "i", "j"], {**VECTOR, "sizes": {"n": 1, "m": 1}, "indices": [["i", "n"], ["j", "m"]]}),
        (["diff", X, elem("d")], {"definitions": [["d", [], X]]}),
        (["diff", X, elem("y")], {}),
        (["diff", X, X, X], {}),
        (fn("gamma", X), {}),
        (fn("__class__", X), {}),
        (["eval", "1"], {}),
        (["pow", X, 65], {}),
        (["pow", X, "1/65"], {}),
        (["pow", X, X], {}),
        (["num", "1.5"], {}),
        (["num", True], {}),
        (["add", []], {}),
        (["add", X], {}),
        (elem("d"), {"definitions": [["d", [], elem("d")]]}),
        (elem("d"), {"definitions": [["d", [], elem("e")], ["e", [], elem("d")]]}),
        (elem("d"), {"definitions": [["d", [["i", "n"]], X]]}),
        (X, {"arrays": [["x", [], "real"], ["x", [], "real"]]}),
        (X, {"definitions": [["x", [], number(1)]]}),
        (X, {"arrays": [["x", [], "complex"]]}),
        (X, {"arrays": [["x", [], "simplex"]]}),
        (X, {"arrays": [["x", ["n"], "real"]]}),
        (X, {"sizes": {"n": 0}}),
        (X, {"sizes": {"n": 9}}),
        (X, {"sizes": ["n"]}),
        (X, {"sizes": {"n!": 1}}),
        (X, {"indices": [["i", "n"]]}),
        (X, {"sizes": {"n": 1}, "indices": [["i", "n"], ["i", "n"]]}),
        (X, {"sizes": {"n": 1}, "indices": [["i", "n"]], "where": [["==", "i", "k"]]}),
        (X, {"sizes": {"n": 1}, "indices": [["i", "n"]], "where": [["<", "i", "i"]]}),
        (X, {"sizes": {"n": 1, "m": 1}, "indices": [["i", "n"], ["j", "m"]], "where": [["==", "i", "j"]]}),
        (X, {"sizes": {f"n{k}": 1 for k in range(21)}}),
        (X, {"comment": "hello"}),
    ],
)
def test_statements_that_cannot_be_read_are_malformed(lhs: Any, fields: Any) -> None:
    assert isinstance(verdict(identity(lhs, lhs, **fields)), Malformed)


def test_the_least_size_is_respected() -> None:
    lhs, rhs = minus(["size", "n"], number(1)), fn("abs", minus(["size", "n"], number(1)))
    inverse = {"lhs": over(number(1), lhs), "rhs": over(number(1), rhs), "arrays": []}
    assert isinstance(verdict(identity(**inverse, sizes={"n": 1})), Rejected)
    assert isinstance(verdict(identity(**inverse, sizes={"n": 2})), Accepted)


def terms() -> st.SearchStrategy[Any]:
    leaves = st.sampled_from([X, elem("y"), number(2), number("-1/3")])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: ["add", parts]),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: ["mul", parts]),
            st.tuples(inner, st.integers(0, 3)).map(lambda pair: ["pow", *pair]),
            st.tuples(st.sampled_from(("sin", "tanh", "sigmoid", "erf")), inner).map(lambda pair: fn(*pair)),
        ),
        max_leaves=6,
    )


@given(terms(), terms())
def test_the_product_rule_holds_for_any_two_terms(f: Any, g: Any) -> None:
    two = [["x", [], "real"], ["y", [], "real"]]
    rule = ["add", [times(["diff", f, X], g), times(f, ["diff", g, X])]]
    assert not isinstance(verdict(identity(["diff", times(f, g), X], rule, arrays=two)), (Refuted, Malformed))
    both = ["diff", ["diff", f, X], elem("y")], ["diff", ["diff", f, elem("y")], X]
    assert not isinstance(verdict(identity(*both, arrays=two)), (Refuted, Malformed))


@given(st.data())
def test_a_changed_number_or_name_in_the_jacobian_is_not_accepted_unless_nothing_changed(data: st.DataObject) -> None:
    sides = [path for path in places(JACOBIAN["statement"]) if path and path[0] in ("lhs", "rhs")]
    leaves = [("statement", *path) for path in sides if not isinstance(_at(JACOBIAN["statement"], path), list)]
    path = data.draw(st.sampled_from(leaves))
    swap = {"i": "j", "j": "i", "s": "z", "z": "s", "add": "mul", "mul": "add", -1: 1, 1: -1}
    distorted = changed(JACOBIAN, path, lambda value: swap.get(value, "k"))
    assert not isinstance(verdict(distorted), Accepted)


def _at(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        data = data[key]
    return data


def test_points_depend_on_the_statement_alone() -> None:
    assert check(JACOBIAN) == check(JACOBIAN)
    assert verdict(identity(X, SQUARE)).args == verdict(identity(X, SQUARE)).args
    assert statement(X, X) == statement(X, X)


@st.composite
def chains(draw: st.DrawFn) -> Any:
    """A statement whose definitions build on one another and on shifted elements; both sides are derivatives of the
    last one, on the right with every use of a definition written out."""
    bodies: list[Any] = []
    for k in range(draw(st.integers(1, 3))):
        index = draw(st.sampled_from("ai"))
        leaf = draw(st.sampled_from([elem("x", "a"), *(elem(f"t{j}", "a") for j in range(k))]))
        inner = draw(st.sampled_from([elem("x", "i"), elem("y", "i"), *(elem(f"t{j}", "i") for j in range(k))]))
        part = ["sum", "i", "n", times(inner, leaf)] if index == "i" else fn("tanh", times(leaf, leaf))
        bodies.append(["add", [part, draw(st.sampled_from([leaf, elem("y", "a"), ["delta", "a", "a"]]))]])
    return bodies


def written_out(term: Any, bodies: list[Any], index: str | None = None, depth: int = 0) -> Any:
    """The term with definitions t0, t1, ... replaced by their bodies, and index a by `index`."""
    if isinstance(term, list) and term[:1] == ["elem"] and term[1].startswith("t"):
        at = index if term[2] == ["a"] and index else term[2][0]
        return written_out(bodies[int(term[1][1:])], bodies, at, depth + 1)
    if isinstance(term, list) and term[:1] == ["sum"]:
        fresh = f"{term[1]}{depth}_{index or ''}"
        return ["sum", fresh, term[2], written_out(_renamed(term[3], term[1], fresh), bodies, index, depth + 1)]
    if isinstance(term, list):
        return [written_out(part, bodies, index, depth) for part in term]
    return index if term == "a" and index else term


def _renamed(term: Any, old: str, new: str) -> Any:
    if isinstance(term, list):
        return [_renamed(part, old, new) for part in term]
    return new if term == old else term


@given(chains())
def test_a_definition_means_the_same_as_its_body_also_where_it_is_differentiated(bodies: list[Any]) -> None:
    last = elem(f"t{len(bodies) - 1}", "k")
    data = identity(
        ["diff", last, elem("x", "m")],
        ["diff", written_out(last, bodies), elem("x", "m")],
        sizes={"n": 1},
        indices=[["k", "n"], ["m", "n"]],
        arrays=[["x", ["n"], "real"], ["y", ["n"], "real"]],
        definitions=[[f"t{k}", [["a", "n"]], body] for k, body in enumerate(bodies)],
    )
    assert check(data).kind == "identity"
