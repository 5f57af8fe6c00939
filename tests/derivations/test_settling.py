from typing import Any

import pytest

from proofs import settle
from proofs.calculus import DomainError
from proofs.calculus.terms import Definition, Element, Index
from proofs.calculus.text import expression
from proofs.claim import Status
from proofs.derivations import InputError
from proofs.derivations.declarations import declare, statement

SOFTMAX: dict[str, Any] = {
    "indices": {"i": "n", "j": "n"},
    "arrays": {"z": ["n"]},
    "definitions": {"s[i]": "exp(z[i]) / sum(exp(z[k]) for k in n)"},
}


@pytest.mark.parametrize(
    ("lhs", "rhs", "where", "status"),
    [
        ("diff(s[i], z[j])", "s[i]*(delta(i, j) - s[j])", "", Status.PROVED),
        ("diff(s[i], z[j])", "s[i]*(1 - s[j])", "i == j", Status.PROVED),
        ("diff(s[i], z[j])", "-s[i]*s[j]", "i != j", Status.PROVED),
        ("diff(s[i], z[j])", "-s[i]*s[j]", "", Status.REFUTED),
        ("diff(s[i], z[j])", "s[i]*(1 - s[j])", "", Status.REFUTED),
        ("sum(s[k] for k in n)", "1", "", Status.PROVED),
        ("sum(s[i] for i in n)", "1", "", Status.PROVED),
        ("sum(1 for i in n)", "n", "", Status.PROVED),
        ("sum(1 for k in n for k in n)", "n**2", "", Status.PROVED),
        ("sum(delta(i, k)*s[k] for k in n)", "s[i]", "", Status.PROVED),
        ("sum(s[i] for k in n)", "n*s[i]", "", Status.PROVED),
        ("0.1 + 0.2", "0.3", "", Status.PROVED),
        ("sqrt(2)**2", "2", "", Status.PROVED),
    ],
)
def test_equations_are_settled(lhs: str, rhs: str, where: str, status: Status) -> None:
    assert settle(lhs, rhs, **SOFTMAX, where=where).status is status


def test_definitions_may_use_one_another_in_any_order_and_under_any_index_names() -> None:
    definitions = {"L": "log(S)", "g[k]": "s[k]", "s[a]": "exp(z[a]) / S", "S": "sum(exp(z[i]) for i in n)"}
    assert settle("diff(L, z[i])", "g[i]", indices={"i": "n"}, arrays={"z": ["n"]}, definitions=definitions)


def test_a_definition_is_substituted_without_capture() -> None:
    definitions = {"r[i]": "sum(z[k]*delta(i, k) for k in n)"}
    arguments: dict[str, Any] = {"arrays": {"z": ["n"]}, "definitions": definitions}
    assert settle("sum(r[k] for k in n)", "sum(z[i] for i in n)", **arguments)
    assert settle("r[k]", "z[k]", indices={"k": "n"}, **arguments)


def test_domains_and_scalars_are_read() -> None:
    assert settle("exp(log(c))", "c", arrays={"c": []}, domains={"c": "positive"})
    assert settle("sum(y[k] for k in n)", "1", arrays={"y": ["n"]}, domains={"y": "simplex"})
    assert settle("c/c", "1", arrays={"c": []}, domains={"c": "nonzero"})
    mean = ("sum(1 for k in n)/n", "1")
    assert settle(*mean, arrays={"x": ["n"]}, domains={"n": "integer >= 2"}).scope.text == "all n >= 2"


def test_a_claim_that_fails_at_one_allowed_size_is_refuted() -> None:
    arguments: dict[str, Any] = {"arrays": {"z": ["n"]}}
    only_at_one = ("(n - 1)*(n - 2)", "0")
    assert settle(*only_at_one, **arguments).status is Status.REFUTED
    assert settle("(n - 1)/(n - 1)", "1", **arguments, domains={"n": "integer >= 2"})
    with pytest.raises(DomainError):
        settle("1/c", "1/c", arrays={"c": []})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"indices": {"i": "n", "j": "m"}}, "s has axis n here, but index j runs over m"),
        ({"indices": []}, "indices: expected a table"),
        ({"indices": {"i": 1}}, "indices 'i': expected text"),
        ({"indices": {"i j": "n"}}, "indices 'i j': column 3"),
        ({"indices": {"i[k]": "n"}}, "without indices"),
        ({"indices": {"n": "n"}}, "also the name of a dimension"),
        ({"indices": {"exp": "n"}}, "expected a name"),
        ({"arrays": {"z": "n"}}, r"expected a list of dimensions such as \[\"n\"\]"),
        ({"arrays": {"z": [2]}}, "expected a name"),
        ({"arrays": {"z": ["n"], "n": []}}, "also the name of a dimension"),
        ({"arrays": {"z": ["n"], "i": []}}, "also the name of an index"),
        ({"arrays": {"z": ["n"] * 9}}, "9 axes"),
        ({"arrays": {"z": ["pi"]}}, "expected a name"),
        ({"definitions": {"s[i]": "s[i]"}}, "s -> s: they are defined by one another"),
        ({"definitions": {"s[i]": "t[i]", "t[i]": "u[i]", "u[i]": "t[i]"}}, "defined by one another"),
        ({"definitions": {"s[i]": "1"}}, None),
        ({"definitions": {"s[a]": "1"}}, "dimension of index a does not show"),
        ({"definitions": {"s[i]": "z[j]"}}, r"index j is not in the head; write s\[i, j\]"),
        ({"definitions": {"s[i]": "z[i"}}, r"definitions 's\[i\]': column 4"),
        ({"definitions": {"s[i]": "a = b"}}, "one formula"),
        ({"definitions": {"s(i)": "exp(z[i])"}}, r"'s\(i\)': indices stand in \[ \]; a definition takes no arguments"),
        ({"definitions": {"s[i, i]": "z[i]"}}, "different names"),
        ({"definitions": {"z[i]": "1"}}, "z already has a meaning"),
        ({"definitions": {"s[i]": "1", "s[j]": "1"}}, "s already has a meaning"),
        ({"definitions": {"s": 1}}, "expected text"),
        ({"domains": {"z": "positve"}}, "did you mean 'positive'"),
        ({"domains": {"zz": "positive"}}, "unknown name; did you mean 'z'"),
        ({"domains": {"n": "positive"}}, "a size is 'integer >= 1'"),
        ({"domains": {"n": "integer >= 0"}}, "sizes are 'integer >= 1'"),
        ({"domains": {"n": "integer >= 9"}}, "up to 'integer >= 8'"),
        ({"domains": {"s": "positive"}}, "it is a definition"),
        ({"where": "i == q"}, "unknown index"),
        ({"where": None}, "where: expected text"),
        ({"lhs": 3}, "lhs: expected text"),
        ({"lhs": "z[q]"}, "lhs: column 3: index 'q'"),
        ({"rhs": "s[i] = s[i]"}, "rhs: one side"),
    ],
)
def test_wrong_declarations_name_the_entry_and_the_fix(change: dict[str, Any], said: str | None) -> None:
    arguments: dict[str, Any] = {"lhs": "s[i] + 0*s[j]", "rhs": "s[i]", **SOFTMAX, **change}
    if said is None:
        assert settle(**arguments)
        return
    with pytest.raises(InputError, match=said):
        settle(**arguments)


def test_definitions_that_grow_beyond_measure_are_refused() -> None:
    definitions = {f"d{k + 1}": f"d{k}*d{k}" for k in range(60)} | {"d0": "sum(z[k] for k in n)"}
    with pytest.raises(InputError, match="written out"):
        settle("d1", "d1", arrays={"z": ["n"]}, definitions=definitions)


def test_a_statement_speaks_only_of_what_it_uses() -> None:
    declared = declare(
        {"i": "n", "d": "D"},
        {"z": ["n"], "W": ["D", "H"]},
        {"a[i]": "z[i]", "b[i]": "2*a[i]", "c[d]": "sum(W[d, h] for h in H)"},
        {},
    )
    made = statement(expression("b[i]", declared.names), expression("2*z[i]", declared.names), (), declared)
    n = Index("i", "n")
    assert made.indices == (n,)
    assert [array.name for array in made.arrays] == ["z"]
    assert made.definitions[0] == Definition("a", (n,), Element("z", ("i",)))
    assert [definition.name for definition in made.definitions] == ["a", "b"]
    assert made.dims == ("n",)


def test_definitions_nested_deeper_than_can_be_followed_are_undecided() -> None:
    definitions = {"d0": "c", **{f"d{k}": "sin(" * 80 + f"d{k - 1}" + ")" * 80 for k in range(1, 60)}}
    verdict = settle("d59", "2", arrays={"c": []}, definitions=definitions)
    assert verdict.status is Status.UNDECIDED
    assert "nested too deeply" in verdict.reason


@pytest.mark.parametrize(
    "side",
    ["*".join(["1e100"] * 60), "+".join(f"1/{10**98 + 3 * k}" for k in range(80)), "1" + "/1e100" * 1000],
)
def test_long_numbers_are_settled_or_not_but_shown(side: str) -> None:
    assert settle(side, "1").status is not Status.PROVED


LOGISTIC = {"z[n]": "sum(x[n, d]*w[d] for d in D)"}


@pytest.mark.parametrize("p", ["sigmoid(z[n])", "1/(1 + exp(-z[n]))", "exp(z[n])/(1 + exp(z[n]))"])
def test_the_loss_of_logistic_regression_as_it_is_written_by_hand(p: str) -> None:
    verdict = settle(
        "diff(-sum(y[n]*log(p[n]) + (1 - y[n])*log(1 - p[n]) for n in N), w[d])",
        "sum((p[n] - y[n])*x[n, d] for n in N)",
        indices={"d": "D"},
        arrays={"x": ["N", "D"], "w": ["D"], "y": ["N"]},
        definitions={**LOGISTIC, "p[n]": p},
    )
    assert verdict, str(verdict)


@pytest.mark.parametrize("argument", ["1/2 - sigmoid(u)", "sigmoid(u) - sigmoid(v)", "1 - 2*sigmoid(u)", "tanh(u)**2"])
def test_a_logarithm_of_what_can_be_negative_or_zero_is_refused(argument: str) -> None:
    with pytest.raises(ValueError, match="not shown to be positive"):
        settle(f"log({argument})", f"log({argument})", arrays={"u": [], "v": []})
