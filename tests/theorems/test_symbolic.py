"""Every symbolic theorem is proved line by line, and its wrong variants are refuted."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
import sympy

from proofs.calculus import settle_statement
from proofs.calculus.sympy_bridge import array, index
from proofs.calculus.terms import Array, Num, Statement
from proofs.claim import Status
from proofs.theorems import load, premises
from proofs.theorems.cross_entropy_gradient import PROBABILITIES, L
from proofs.theorems.derivation import Abbreviation, DerivationError, Setting, derive, result
from proofs.theorems.rules import contract, differentiate, total
from proofs.theorems.sigmoid_derivative import SETTING as SCALAR
from proofs.theorems.sigmoid_derivative import sigma, x
from proofs.theorems.softmax_jacobian import SETTING, SOFTMAX, i, j, k, s, z
from proofs.theorems.theorem import Step, Theorem, settle_step
from proofs.theorems.two_layer_network import (
    FROM_A,
    FROM_O,
    NETWORK,
    W1,
    W2,
    E,
    X,
    a,
    c,
    g,
    h,
    lam,
    m,
    n,
    o,
    p,
    q,
    u,
    v,
    y,
)
from proofs.theorems.two_layer_network import L as NETWORK_LOSS

NAMES = (
    "softmax_jacobian",
    "softmax_sum",
    "softmax_symmetry",
    "softmax_row_sums",
    "softmax_psd",
    "softmax_shift",
    "softmax_hessian",
    "logsumexp_gradient",
    "logsumexp_hessian",
    "log_softmax_gradient",
    "cross_entropy_gradient",
    "cross_entropy_hessian",
    "sigmoid_derivative",
    "tanh_derivative",
    "softplus_derivative",
    "affine_gradients",
    "squared_error_gradient",
    "l2_gradient",
    "two_layer_output",
    "two_layer_hidden",
    "two_layer_w1",
    "two_layer_b1",
    "two_layer_w2",
    "two_layer_b2",
    "two_layer_x",
)
theorem = cache(load)


def equation(step: Step) -> Statement:
    assert isinstance(step.subject, Statement)
    return step.subject


def derivations(found: Theorem) -> list[list[Step]]:
    """The steps of a theorem, one list for each chain: a chain ends where the next line does not continue it."""
    chains: list[list[Step]] = []
    for step in found.steps:
        previous = chains[-1][-1] if chains else None
        goes_on = previous is not None and previous.rule != "hence"
        if previous is not None and goes_on and (step.rule == "hence" or equation(previous).rhs == equation(step).lhs):
            chains[-1].append(step)
        else:
            chains.append([step])
    return chains


@pytest.mark.parametrize("name", NAMES)
def test_lines_follow_each_other_and_end_in_the_whole(name: str) -> None:
    for chain in derivations(theorem(name)):
        assert (chain[-1].rule == "hence") == (len(chain) > 1)
        assert equation(chain[-1]).lhs == equation(chain[0]).lhs
        assert len(chain) == 1 or equation(chain[-1]).rhs == equation(chain[-2]).rhs
        assert {(st.definitions, st.arrays, st.where) for st in map(equation, chain)} == {
            (equation(chain[0]).definitions, equation(chain[0]).arrays, equation(chain[0]).where)
        }


@pytest.mark.parametrize("name", NAMES)
def test_building_twice_gives_the_same(name: str) -> None:
    assert load(name) == theorem(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_headline_with_another_sign_is_refuted(name: str) -> None:
    for chain in derivations(theorem(name)):
        statement = equation(chain[-1])
        wrong = 1 + statement.rhs if statement.rhs == Num(Fraction(0)) else -statement.rhs
        assert settle_statement(replace(statement, rhs=wrong), name=name).status is Status.REFUTED


SQUARE = Setting((Array("G", ("N", "D")), Array("X", ("N", "D")), Array("W", ("D", "D"))))
G, W = array("G"), array("W")
d, e, f = (index(name, "D") for name in "def")
delta = sympy.KroneckerDelta
Derivative = sympy.Derivative


def with_domain(statement: Statement, name: str, domain: str) -> Statement:
    changed = tuple(replace(x, domain=domain) if x.name == name else x for x in statement.arrays)
    return replace(statement, arrays=changed)


WRONG: dict[str, Callable[[], Statement]] = {
    "Jacobian with the other sign": lambda: SETTING.statement(Derivative(s[i], z[j]), s[i] * (delta(i, j) + s[j])),
    "Jacobian without delta": lambda: SETTING.statement(Derivative(s[i], z[j]), s[i] * (1 - s[j])),
    "Jacobian with swapped factor": lambda: SETTING.statement(Derivative(s[i], z[j]), s[i] * (delta(i, j) - s[i])),
    "rows sum to one": lambda: SETTING.statement(total(Derivative(s[i], z[j]), j), sympy.S.One),
    "sum of squares is one": lambda: SETTING.statement(total(s[i] ** 2, i), sympy.S.One),
    "SymPy's captured index": lambda: SETTING.statement(
        Derivative(total(sympy.exp(z[k]), k), z[i]), total(sympy.exp(z[k]), k).diff(z[k])
    ),
    "cross-entropy Hessian 0": lambda: PROBABILITIES.statement(Derivative(L, z[i], z[j]), sympy.S.Zero),
    "cross-entropy Hessian diagonal only": lambda: PROBABILITIES.statement(
        Derivative(L, z[i], z[j]), s[i] * (1 - s[i]) * delta(i, j)
    ),
    "cross-entropy gradient y - s": lambda: PROBABILITIES.statement(Derivative(L, z[j]), array("y")[j] - s[j]),
    "targets that do not sum to one": lambda: with_domain(
        PROBABILITIES.statement(Derivative(L, z[j]), s[j] - array("y")[j]), "y", "positive"
    ),
    "sigma (1 + sigma)": lambda: SCALAR.statement(Derivative(sigma, x), sigma * (1 + sigma)),
    "sigma without 1 - sigma": lambda: SCALAR.statement(Derivative(sigma, x), sigma),
    "1 - tanh": lambda: SCALAR.statement(Derivative(sympy.tanh(x), x), 1 - sympy.tanh(x)),
    "G W for G W^T": lambda: SQUARE.statement(
        Derivative(total(G[m, e] * X[m, d] * W[d, e], m, d, e), X[n, f]), total(G[n, d] * W[d, f], d)
    ),
    "output error without 1/N": lambda: FROM_O.statement(Derivative(E, o[n, c]), p[n, c] - y[n, c]),
    "output error with 1/C": lambda: FROM_O.statement(
        Derivative(E, o[n, c]), (p[n, c] - y[n, c]) / sympy.Symbol("C", integer=True, positive=True)
    ),
    "network targets that do not sum to one": lambda: with_domain(
        FROM_O.statement(Derivative(E, o[n, c]), u[n, c]), "y", "positive"
    ),
    "hidden error without the sigmoid's slope": lambda: FROM_A.statement(
        Derivative(E, a[n, g]), total(u[n, c] * W2[g, c], c)
    ),
    "dW1 without the penalty": lambda: NETWORK.statement(
        Derivative(NETWORK_LOSS, W1[q, g]), total(X[m, q] * v[m, g], m)
    ),
    "dW1 with half the penalty": lambda: NETWORK.statement(
        Derivative(NETWORK_LOSS, W1[q, g]), total(X[m, q] * v[m, g], m) + lam * W1[q, g] / 2
    ),
    "dX without the weights": lambda: NETWORK.statement(Derivative(NETWORK_LOSS, X[n, q]), total(v[n, h], h)),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_variants_are_refuted(what: str) -> None:
    verdict = settle_statement(WRONG[what](), name=what)
    assert verdict.status is Status.REFUTED, verdict


def test_a_wrong_rule_turns_its_own_step_and_the_headline_red() -> None:
    def loses_the_other_term(expr: sympy.Expr) -> sympy.Expr:
        return sympy.Add(*(x for x in contract(expr).args if x.has(delta)))

    steps = derive(
        SETTING,
        Derivative(s[i], z[j]),
        ("definition of s", SOFTMAX.unfold),
        ("quotient rule", differentiate),
        ("a wrong contraction", loses_the_other_term),
    )
    statuses = [settle_step(step, name="wrong").status for step in steps]
    assert statuses == [Status.PROVED, Status.PROVED, Status.REFUTED, Status.REFUTED]


def test_a_rule_that_changes_nothing_is_no_step() -> None:
    with pytest.raises(DerivationError, match="changes nothing"):
        derive(SETTING, s[i], ("contract", contract))


def test_an_expression_is_no_name() -> None:
    with pytest.raises(DerivationError, match="on the left"):
        Abbreviation(s[i] + 1, z[i]).definition()


def test_one_move_is_its_own_headline() -> None:
    (step,) = derive(SETTING, s[i], ("definition of s", SOFTMAX.unfold))
    assert step.rule == "definition of s"
    assert result("x", "t", "w", (step,)).scope.text == "all n >= 1"


def test_theorems_rest_on_what_they_use() -> None:
    rests = premises()
    assert rests["softmax_jacobian"] == ()
    assert "softmax_jacobian" in rests["softmax_psd"]
    assert "log_softmax_gradient" in rests["cross_entropy_gradient"]
    assert "log_softmax_gradient" in rests["two_layer_output"]
    assert {"sigmoid_derivative", "two_layer_output"} <= set(rests["two_layer_hidden"])
    assert rests["two_layer_w1"] == ("two_layer_hidden",)
