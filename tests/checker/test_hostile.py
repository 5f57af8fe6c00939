"""Hostile certificates get a clear refusal: only the checker's own errors, within its budget of steps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.checker import Accepted, CertificateError, Malformed, Rejected, check, check_file, load
from proofs.checker.reading import BYTES, DEPTH, ENTRIES
from tests.checker.certificates import (
    AND,
    EXAMPLES,
    JACOBIAN,
    certificate,
    changed,
    elem,
    fn,
    identity,
    places,
    verdict,
)

X = elem("x")
SEPARATOR, FARKAS = EXAMPLES[0], EXAMPLES[4]
PACKED = next(example for example in EXAMPLES if "columns" in example)


def nested(depth: int) -> Any:
    data: Any = 0
    for _ in range(depth):
        data = [data]
    return data


def doubled(times: int) -> Any:
    """A list that holds 2^times numbers but takes the memory of `times` lists."""
    data: Any = [0]
    for _ in range(times):
        data = [data, data]
    return data


def chain(length: int, step: Any) -> Any:
    """Definitions d0, d1, ..., each made of two uses of the one before."""
    definitions = [["d0", [], X]] + [[f"d{k + 1}", [], step(elem(f"d{k}"))] for k in range(length)]
    return identity(elem(f"d{length}"), elem(f"d{length}"), definitions=definitions)


def deep_sum(count: int) -> Any:
    term: Any = elem("v", "i0")
    for k in range(count):
        term = ["sum", f"i{k}", "n", term]
    return identity(term, term, sizes={"n": 1}, arrays=[["v", ["n"], "real"]])


def nested_derivative(count: int) -> Any:
    term: Any = fn("exp", ["mul", [X, X]])
    for _ in range(count):
        term = ["diff", term, X]
    return identity(term, term)


def tower(height: int) -> Any:
    term: Any = X
    for _ in range(height):
        term = ["pow", term, 64]
    return identity(term, term)


def cyclic() -> Any:
    data: list[Any] = []
    data.append(data)
    return data


HOSTILE = {
    "huge integer": {**SEPARATOR, "bias": 10**1000},
    "huge integer as text": {**SEPARATOR, "bias": "9" * 1001},
    "huge denominator": {**SEPARATOR, "bias": "1/" + "9" * 1001},
    "zero denominator": {**SEPARATOR, "bias": "1/0"},
    "line break after a number": {**SEPARATOR, "bias": "1\n"},
    "digits of another script": {**SEPARATOR, "bias": "١"},
    "underscore": {**SEPARATOR, "bias": "1_0"},
    "float": {**SEPARATOR, "bias": -3.0},
    "nan": {**SEPARATOR, "bias": float("nan")},
    "null": {**SEPARATOR, "bias": None},
    "boolean as a number": {**SEPARATOR, "bias": True},
    "boolean as a label": {**SEPARATOR, "labels": [False, False, False, True]},
    "boolean as the version": {**SEPARATOR, "gradproof": True},
    "another version": {**SEPARATOR, "gradproof": 2},
    "number as a flag": {**EXAMPLES[3], "skip": 1},
    "text where a list belongs": {**SEPARATOR, "weights": "21"},
    "text where rows belong": {**SEPARATOR, "points": ["00", "01", "10", "11"]},
    "tuple": {**SEPARATOR, "weights": (2, 1)},
    "set": {**SEPARATOR, "weights": {2, 1}},
    "bytes": {**SEPARATOR, "weights": b"21"},
    "unknown field": {**SEPARATOR, "comment": "hello"},
    "unknown kind": {**SEPARATOR, "kind": "oracle"},
    "list as kind": {**SEPARATOR, "kind": ["separator"]},
    "object as kind": {**SEPARATOR, "kind": {}},
    "no kind": {"gradproof": 1},
    "nothing": {},
    "a list": [],
    "text": "separator",
    "ragged rows": {**SEPARATOR, "points": [[0, 0], [0], [1, 0], [1, 1]]},
    "no rows": {**SEPARATOR, "points": [], "labels": []},
    "rows without columns": {**SEPARATOR, "points": [[]] * 4},
    "too few labels": {**SEPARATOR, "labels": [0]},
    "too few multipliers": {**FARKAS, "multipliers": [1]},
    "too many weights": {**SEPARATOR, "weights": [1, 2, 3]},
    "ten million rows": {**SEPARATOR, "points": [[0, 0]] * 10_000_000, "labels": [0] * 10_000_000},
    "many wide rows": {**SEPARATOR, "points": [[0] * 100_000] * 100_000, "labels": [0] * 100_000},
    "packed, no rows": {**PACKED, "columns": [{"digits": "", "scale": 1, "offset": 0}], "labels": ""},
    "packed, no columns": {**PACKED, "columns": []},
    "packed, long weights for many rows": certificate(
        "separator", columns=[{"digits": "00" * 10_000, "scale": 1, "offset": 0}] * 1000, labels="00" * 10_000,
        weights=[10**999] * 1000, bias=0,
    ),
    "packed, scores longer than memory": certificate(
        "separator", columns=[{"digits": "00" * 4_000_000, "scale": 1, "offset": 0}], labels="00" * 4_000_000,
        weights=[10**999], bias=0,
    ),
    "packed, long multipliers and entries": certificate(
        "farkas", columns=[{"digits": "ff" * 20_000, "scale": 1, "offset": 0}] * 500, labels="0001" * 50,
        multipliers=["ff" * 20_000] * 100, rows=list(range(100)),
    ),
    "packed, long multipliers in many columns": certificate(
        "farkas", columns=[{"digits": "00" * 2, "scale": 1, "offset": 0}] * 8000, labels="0001",
        multipliers=["ff" * 275_000] * 2, rows=[0, 1],
    ),
    "packed, denominators that grow": certificate(
        "separator", columns=[{"digits": "0000", "scale": f"1/{10**998 + 2 * k + 1}", "offset": 0} for k in range(600)],
        labels="0001", weights=[1] * 600, bias=0,
    ),
    "long integers in many rows": certificate(
        "separator", points=[[10**999 - 1] * 300] * 900, labels=[1] * 900, weights=[10**999 - 1] * 300, bias=0
    ),
    "denominators that cancel": certificate(
        "separator", weights=[f"{10**998 + 1}/{10**997 + 1}"] * 1000, bias=0, labels=[1] * 500,
        points=[[f"{10**997 + 1}/{10**998 + 1}"] * 1000] * 500,
    ),
    "denominators that grow": certificate(
        "separator", points=[[f"1/{10**900 + 2 * k + 1}" for k in range(3000)]], labels=[1], weights=[1] * 3000, bias=0
    ),
    "visits without end": {**EXAMPLES[5], "visits": 10**9},
    "empty hidden layer": {**SEPARATOR, "hidden": []},
    "skip without hidden": {**SEPARATOR, "skip": True},
    "counterexample in a counterexample": certificate("counterexample", of=EXAMPLES[-2]),
    "counterexample of an identity": certificate("counterexample", of=JACOBIAN),
    "counterexample of nothing": certificate("counterexample", of=[]),
    "counterexample of what holds": certificate("counterexample", of=SEPARATOR),
    "deep list": {**SEPARATOR, "points": nested(100_000)},
    "deep term": changed(JACOBIAN, ("statement", "lhs"), lambda _: nested(DEPTH + 1)),
    "cycle": {**SEPARATOR, "points": cyclic()},
    "doubling list": {**SEPARATOR, "points": doubled(100)},
    "doubling term": changed(JACOBIAN, ("statement", "lhs"), lambda _: doubled(100)),
    "definitions squared": chain(90, lambda d: ["mul", [d, d]]),
    "definitions in powers": chain(60, lambda d: ["pow", d, 64]),
    "constants squared": identity(
        elem("d40"), elem("d40"),
        definitions=[["d0", [], ["num", 3]]] + [[f"d{k + 1}", [], ["mul", [elem(f"d{k}")] * 2]] for k in range(40)],
    ),
    "definitions of sums": identity(
        elem("d30"), elem("d30"), sizes={"n": 1}, arrays=[["v", ["n"], "real"]],
        definitions=[["d0", [], ["sum", "i", "n", elem("v", "i")]]]
        + [[f"d{k + 1}", [], ["mul", [elem(f"d{k}")] * 2]] for k in range(30)],
    ),
    "a long chain of definitions": chain(2000, lambda d: ["add", [d]]),
    "exponent bomb": tower(60),
    "huge exponent": identity(["pow", X, 10**900], X),
    "huge constant in a high power": identity(["pow", ["num", 10**900], 64], X),
    "exp of exp of exp": identity(fn("exp", fn("exp", fn("exp", ["num", 10**9]))), X),
    "sin of a huge number": identity(fn("sin", ["num", 10**900]), X),
    "sums over 40 indices": deep_sum(40),
    "derivatives of derivatives": nested_derivative(150),
    "array of 12 axes": identity(["num", 1], ["num", 1], sizes={"n": 8}, arrays=[["v", ["n"] * 12, "real"]]),
    "sixty free indices": identity(["num", 1], ["num", 1], sizes={"n": 1}, indices=[[f"i{k}", "n"] for k in range(60)]),
    "free indices in many patterns": identity(
        ["num", 1], ["num", 1], sizes={"n": 8}, indices=[[f"i{k}", "n"] for k in range(14)]
    ),
    "many dimensions": identity(
        ["num", 1], ["mul", [["sum", f"i{k}", f"n{k}", ["num", 1]] for k in range(20)]],
        sizes={f"n{k}": 1 for k in range(20)},
    ),
    "counterexample with a huge array": certificate(
        "counterexample", statement=identity(X, X, sizes={"n": 1}, arrays=[["x", ["n"] * 12, "real"]])["statement"],
        sizes={"n": 1000}, indices={}, values={"x": [1]},
    ),
    "huge counterexample": certificate(
        "counterexample", statement=identity(X, X)["statement"] | {"sizes": {"n": 1}}, sizes={"n": 10**6}, indices={},
        values={"x": [1]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_certificate_is_refused(name: str) -> None:
    with pytest.raises(CertificateError) as caught:
        check(HOSTILE[name])
    assert 10 < len(str(caught.value)) < 600


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("boolean as a number", "bias: expected number, got True"),
        ("unknown field", "separator: expected gradproof kind points labels weights bias, got"),
        ("denominators that grow", "not settled within"),
        ("huge exponent", "pow: expected an exponent"),
        ("sums over 40 indices", "more than 40"),
        ("a long chain of definitions", "nested too deeply"),
        ("deep list", f"nested deeper than {DEPTH}"),
        ("ragged rows", "rows of one length"),
    ],
)
def test_the_refusal_says_what_was_expected(name: str, message: str) -> None:
    assert message in str(verdict(HOSTILE[name]))


TEXTS = {
    "empty": b"",
    "not json": b"points = 1",
    "not utf-8": b'{"kind": "\xff\xfe"}',
    "cut off": b'{"gradproof": 1, "kind": "separator"',
    "duplicate key": b'{"gradproof": 1, "gradproof": 1}',
    "duplicate key inside": b'{"gradproof": 1, "kind": "farkas", "of": {"a": 1, "a": 2}}',
    "nan": b'{"gradproof": 1, "kind": "separator", "bias": NaN}',
    "infinity": b'{"gradproof": 1, "kind": "separator", "bias": -Infinity}',
    "float": b'{"gradproof": 1, "kind": "separator", "bias": 1e999999999}',
    "many digits": b'{"gradproof": 1, "kind": ' + b"9" * 100_000 + b"}",
    "deep": b"[" * 1_000_000,
    "deep objects": b'{"a":' * 100_000,
    "huge": b'"' + b"x" * BYTES + b'"',
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_file_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    path.write_bytes(TEXTS[name])
    with pytest.raises(Malformed):
        check_file(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="cannot be read"):
        check_file(tmp_path / "none.json")


@pytest.mark.parametrize("data", EXAMPLES, ids=lambda data: str(data["kind"]))
def test_files_and_data_get_the_same_answer(data: Any, tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(data))
    assert check_file(path) == check(load(json.dumps(data))) == check(data)


def test_as_many_entries_as_allowed_are_read() -> None:
    rows = {"points": [[1]] * ENTRIES, "labels": [1] * ENTRIES}
    assert check(certificate("separator", **rows, weights=[1], bias=0)).kind == "separator"
    rows = {"points": [[1]] * (ENTRIES + 1), "labels": [1] * (ENTRIES + 1)}
    assert isinstance(verdict(certificate("separator", **rows, weights=[1], bias=0)), Malformed)


def test_a_long_entry_that_counts_for_nothing_is_read() -> None:
    columns = [{"digits": "ff" * 40, "scale": 1, "offset": 0}, {"digits": "0001", "scale": 1, "offset": 0}]
    cert = certificate("separator", columns=columns, labels="0001", weights=[0, 1], bias=-1)
    assert check(cert).kind == "separator"


def test_the_longest_numbers_allowed_are_read() -> None:
    for bias in (10**1000 - 1, "9" * 1000 + "/" + "7" * 1000):
        assert check(certificate("separator", points=[[0]], labels=[1], weights=[0], bias=bias)).kind == "separator"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["separator", "identity", "n", "i", "add", "elem", "1/2"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(JSON)
def test_arbitrary_data_raises_nothing_but_the_checkers_errors(data: Any) -> None:
    assert isinstance(verdict(data), CertificateError)


@given(st.sampled_from(EXAMPLES), st.data())
def test_a_certificate_with_any_part_replaced_raises_nothing_else(example: Any, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(list(places(example))))
    replacement = data.draw(JSON | st.sampled_from([X, AND, JACOBIAN, ["delta", "i", "i"]]))
    assert isinstance(verdict(changed(example, path, lambda _: replacement)), (Accepted, CertificateError))


@given(st.sampled_from(EXAMPLES), st.data())
def test_a_certificate_with_any_part_missing_is_refused_or_still_true(example: Any, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([path for path in places(example) if path]))

    def without(parent: Any) -> Any:
        items = parent.items() if isinstance(parent, dict) else enumerate(parent)
        kept = [(key, value) for key, value in items if key != path[-1]]
        return dict(kept) if isinstance(parent, dict) else [value for _, value in kept]

    assert isinstance(verdict(changed(example, path[:-1], without)), (Accepted, CertificateError))


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_arbitrary_bytes_raise_nothing_but_malformed(raw: bytes) -> None:
    try:
        load(raw)
    except Malformed:
        return
    json.loads(raw)


def test_a_budget_that_runs_out_is_not_a_refutation() -> None:
    answer = verdict(HOSTILE["denominators that grow"])
    assert type(answer) is Rejected
    assert type(verdict(certificate("counterexample", of=HOSTILE["denominators that grow"]))) is Rejected
