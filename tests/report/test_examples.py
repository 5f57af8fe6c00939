"""Theorems tried at random examples: the true ones hold, and what is false is contradicted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from proofs.calculus import Statement
from proofs.claim import Certificate
from proofs.report.examples import Contradicted, tried
from proofs.report.subjects import subjects
from tests.kernels.certificates import ALL, AND, BOUND, CYCLE, ONE_INPUT, OR_ABOVE, SHARED, SKIP, TOPOLOGIES, XOR, table

TRIED = [data for data in ALL if data not in SHARED[1:]]
FALSE = [
    {**AND, "labels": [0, 1, 0, 1]},
    {**SKIP, "labels": [1, 1, 1, 0]},
    {**XOR, "labels": [0, 0, 0, 0]},
    {**table("0001"), "kind": "resolution", "units": 1, "skip": True, "steps": []},
    {
        **table("1111"),
        "kind": "minimal",
        "weights": [3, 3],
        "bias": 4,
        "measure": "max",
        "count_bias": True,
        "tree": [],
    },
    {**CYCLE, "final": [7, 7, 7]},
    {**BOUND, "updates": 1},
    {**ONE_INPUT, "functions": {**ONE_INPUT["functions"], "11": {"multipliers": [1, 1]}}},
    {**TOPOLOGIES, "topologies": [{**one, "shared": []} for one in TOPOLOGIES["topologies"]]},
    {**OR_ABOVE, "labels": [0, 1, 0, 1]},
]


@pytest.mark.parametrize("data", TRIED, ids=lambda data: str(data["kind"]))
def test_true_certificates_hold_at_every_example(data: Mapping[str, Any]) -> None:
    assert tried([Certificate(data)]) == tried([Certificate(data)]) > 0


@pytest.mark.parametrize("data", FALSE, ids=lambda data: str(data["kind"]))
def test_false_certificates_are_contradicted(data: Mapping[str, Any]) -> None:
    with pytest.raises(Contradicted):
        tried([Certificate(data)])


@pytest.mark.parametrize("name", ["softmax_jacobian", "cross_entropy_gradient", "rms_norm_jacobian", "softmax_psd"])
def test_equations_hold_and_a_wrong_one_is_contradicted(name: str) -> None:
    found = subjects(name)
    assert tried(found, 20) >= 10 * len(found)
    for statement in found:
        assert isinstance(statement, Statement)
        wrong = replace(statement, rhs=statement.rhs + 1)
        with pytest.raises(Contradicted):
            tried([wrong])
