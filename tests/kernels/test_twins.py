"""The mutated twins of statements are false: the calculus finds an input where they fail."""

from __future__ import annotations

import os

import pytest

from proofs.calculus import Statement, settle_statement
from proofs.claim import Status
from proofs.kernels.claims import CLAIMS
from proofs.kernels.twins import twins
from proofs.report.subjects import every_name, subjects

SLOW = bool(os.environ.get("GRADPROOF_SLOW"))
NAMES = every_name() if SLOW else ("silu_derivative", "rms_norm_jacobian", "l2_gradient")


@pytest.mark.parametrize("name", NAMES)
def test_a_twin_is_refuted(name: str) -> None:
    for statement in subjects(name):
        if isinstance(statement, Statement):
            changed = twins(statement)
            assert changed
            for twin in changed:
                assert settle_statement(twin).status is Status.REFUTED, twin


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_is_proved(name: str) -> None:
    for statement in subjects(name):
        assert isinstance(statement, Statement)
        assert settle_statement(statement).status is Status.PROVED
