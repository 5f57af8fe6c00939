"""The only door to a PROVED or REFUTED verdict: the checker looks at the certificate first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from proofs.checker import CertificateError, check
from proofs.claim import Assumption, Certificate, Claim, Evidence, Scope, Status, Verdict


def conclude(
    claim: Claim,
    status: Status,
    certificate: Certificate,
    *,
    scope: Scope,
    assumptions: tuple[Assumption, ...] = (),
    evidence: tuple[Evidence, ...] = (),
    reason: str = "",
    counterexample: str = "",
    repeat: str = "",
    details: Mapping[str, Any] | None = None,
) -> Verdict:
    """The verdict `status` if the checker accepts `certificate`, otherwise UNDECIDED with the checker's reason."""
    try:
        accepted = check(certificate.data)
    except CertificateError as error:
        return Verdict(
            claim,
            Status.UNDECIDED,
            scope,
            assumptions,
            evidence,
            certificate,
            reason=f"the checker did not accept the certificate: {error}",
            repeat=repeat,
            details=details or {},
        )
    return Verdict(
        claim,
        status,
        scope,
        assumptions,
        (*evidence, Evidence("checker", accepted.says)),
        certificate,
        reason,
        counterexample,
        repeat,
        details or {},
    )
